"""Deleting a patient by destroying the patient's keys: what was written stays in its chains, and nobody can read it.

In each compartment both copies of the patient's wrapped keys become tombstones, and a new epoch begins: what may be
left of the old rows, on the medium or in a copy of the file, opens to no key that is granted to anybody here. `shared`
goes first, with `PatientShredded` in the same transaction. The other compartments follow as soon as a holder is signed
in, process notes at their therapist's next sign-in.
"""

from collections.abc import Iterable, Sequence

from kapnotes.domain.custody import PatientShredded
from kapnotes.domain.errors import Implausible
from kapnotes.vault.deleted import living
from kapnotes.vault.keyring import Keyring
from kapnotes.vault.layout import KEYS_LOG, NO_ID, id_bytes
from kapnotes.vault.membership import Membership
from kapnotes.vault.open_vault import OpenVault


class Shredder:
    """Deletes patients in one open vault."""

    def __init__(self, vault: OpenVault, membership: Membership) -> None:
        self._vault = vault
        self._membership = membership

    def delete(self, by: Keyring, patient_ids: Sequence[str]) -> None:
        """Destroy the keys of patients for good; who holds other compartments destroys theirs at the next sign-in.

        Backups made before, and pages that left, are not reached.

        Raises:
            NotEntitled: *by* is no administrator.
            Implausible: one of them has no key here.
            VaultError: the disk holds the state before, or the one after; what is half-way is finished at the next
                sign-in.
        """
        with self._vault.door:
            self._vault.see_that_it_is_open()
            self._vault.see_that_it_takes_writing()
            self._membership.see_that_it_is_an_administrator(by)
            patients = frozenset(map(id_bytes, patient_ids))
            if not patients or not patients <= self._living():
                raise Implausible("There is no such patient any more.")
            events = [PatientShredded(patient.hex()) for patient in sorted(patients)]
            self._membership.destroy_keys(by, events, patients)

    def returned(self, patient_ids: Iterable[str]) -> list[str]:
        """Return which of these patients, deleted once, have keys here: an older copy brought them back."""
        wanted = frozenset(map(id_bytes, patient_ids))
        if not wanted:
            return []
        with self._vault.door:
            self._vault.see_that_it_is_open()
            return sorted(patient.hex() for patient in wanted & self._living())

    def _living(self) -> frozenset[bytes]:
        every = frozenset(patient for file in self._vault.every_file() for patient in living(file))
        return every - self._vault.deleted - {NO_ID, KEYS_LOG}
