"""A new epoch: a compartment gets a new key, and only those who are entitled now are given it.

Its own file changes in one transaction: patients' keys and references wrapped anew, the new epoch, a grant for each
holder, the old grants gone. Then `shared` is told, in one transaction: the epoch's row, and `KeyEpoch` with the ends of
all logs under the older keys, so that `verify` names what somebody with an old key adds afterwards. Killed between the
two, the next sign-in of a holder tells `shared`. Of `shared` itself both are one transaction.

Nobody has to remember that a new epoch is owed: it is, as long as the current one was begun by, or is granted to, one
who is not entitled any more, or who was a member by the roster that it names. (A grant can be taken out of a file, the
signed roster cannot.) So what was cut short is taken up at the next sign-in of a holder.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence, Set

from kapnotes.domain.custody import KeyEpoch
from kapnotes.domain.errors import InputOutput
from kapnotes.domain.members import SHARED, Compartment
from kapnotes.vault import grants
from kapnotes.vault.chain import all_logs, newest_heads
from kapnotes.vault.compartment_file import Change, CompartmentFile, Row, Write
from kapnotes.vault.entropy import Entropy
from kapnotes.vault.keyring import CompartmentKeys, Keyring, WrappedKey
from kapnotes.vault.keys_log import Journals, KeysBody
from kapnotes.vault.layout import Place, comp_bytes
from kapnotes.vault.open_vault import OpenVault
from kapnotes.vault.patients import COPIES, every_key


def heads_sha256(file: CompartmentFile, place: Place, epoch: int) -> tuple[int, str]:
    """Return how many logs were begun under keys older than *epoch*, and a hash of where all of them end."""
    digest, count = hashlib.sha256(place.bound("key-epoch")), 0
    for log, seq, h in newest_heads(file, born_before=epoch):
        digest.update(log + seq.to_bytes(8, "big") + h)
        count += 1
    return count, digest.hexdigest()


class Rotation:
    """Begins new epochs in one open vault."""

    def __init__(self, vault: OpenVault, journals: Journals, entropy: Entropy) -> None:
        self._vault = vault
        self._journals = journals
        self._entropy = entropy

    def is_owed(self, compartment: Compartment) -> bool:
        """Tell whether somebody has had the current key who is not entitled to it any more."""
        file, place, directory = self._vault.file(compartment), self._vault.place(compartment), self._vault.directory
        current = grants.current_epoch(file, place, directory)
        signed = grants.epoch_rows(file)[place.comp, current.epoch]
        given = grants.grant_rows(file)
        return (
            not directory.may_hold(signed.by, place.comp)
            or directory.has_somebody_left(place.comp, current.roster_version)
            or any(number != current.epoch or not directory.may_hold(to, place.comp) for number, to in given)
        )

    def rotate(
        self,
        by: Keyring,
        compartment: Compartment,
        keyrings: Sequence[Keyring],
        *,
        events: Sequence[KeysBody] = (),
        also: Sequence[Write] = (),
        gone: Set[bytes] = frozenset(),
    ) -> None:
        """Begin a new epoch; of `shared` with *events* and *also* in the same transaction.

        The keys of the patients who are *gone* are not carried over: they become tombstones.

        *keyrings* are those that are unlocked: they hold the new key afterwards.

        Raises:
            VaultError: the disk holds the state before, or the one after.
        """
        vault, old = self._vault, by.keys_of(compartment)
        file, place = vault.file(compartment), vault.place(compartment)
        self._see_that_all_is_saved(compartment)
        cek = self._entropy(grants.CEK_LENGTH)
        new = CompartmentKeys(place, old.epoch + 1, bytearray(cek))
        epoch = grants.epoch_row(cek, place, new.epoch, vault.directory.roster.version, by.signing)
        count, sha256 = heads_sha256(file, place, new.epoch)
        told = KeyEpoch(compartment, new.epoch, count, sha256)
        changes = [*also, *self._rewrapped(file, old, new, gone), epoch, *self._grants(new, by)]
        if compartment == SHARED:
            self._journals.tell(by.holding(SHARED, new), [*events, told], also=changes)
        else:
            vault.write(compartment, changes)
            self._journals.tell(by, [told], also=[epoch])
        vault.is_header_changed = True
        for keyring in keyrings:
            if compartment in keyring.compartments:
                keyring.take(compartment, CompartmentKeys(place, new.epoch, bytearray(cek)))

    def tell_of_epochs(self, by: Keyring, compartment: Compartment) -> None:
        """Tell `shared` of an epoch that the compartment's file has and `shared` does not know."""
        if compartment == SHARED:
            return
        file, place = self._vault.file(compartment), self._vault.place(compartment)
        known = grants.epoch_rows(self._vault.shared)
        for (comp, number), signed in sorted(grants.epoch_rows(file).items()):
            if comp == place.comp and (comp, number) not in known:
                grants.read_epoch(signed, comp, number, self._vault.directory, file.name)
                count, sha256 = heads_sha256(file, place, number)
                row = Row("epoch", (comp, number, signed.body, signed.by, signed.sig))
                self._journals.tell(by, [KeyEpoch(compartment, number, count, sha256)], also=[row])

    # ------------------------------------------------------------------------------------------- inside

    def _rewrapped(
        self, file: CompartmentFile, old: CompartmentKeys, new: CompartmentKeys, gone: Set[bytes]
    ) -> Iterator[Write]:
        """Give the changes that wrap everything anew; what opens in neither copy stays as it is."""
        every = every_key(file)
        yield from _destroyed(every, gone, old.epoch, new)
        for (patient, born), copies in every.items():
            if patient in gone:
                continue
            key = next((key for copy in copies if (key := old.patient_key(copy)) is not None), None)
            if key is None:
                continue
            wrapped = new.wrap_patient_key(key, patient, self._entropy(12), born)
            for table, row in zip(COPIES, wrapped.rows(), strict=True):
                yield Change(f"INSERT OR REPLACE INTO {table} VALUES(?,?,?,?,?)", row.values)
        for log in list(all_logs(file)):
            patient_id = old.unwrap_ref(log)
            if patient_id is not None:
                nonce = self._entropy(12)
                ref = new.wrap_ref(patient_id, log.id, nonce)
                yield Change("UPDATE log SET epoch=?, nonce=?, ref=? WHERE id=?", (new.epoch, nonce, ref, log.id))

    def _grants(self, new: CompartmentKeys, by: Keyring) -> Iterator[Write]:
        yield Change("DELETE FROM grants WHERE epoch<?", (new.epoch,))
        for holder in self._vault.directory.holders(new.place.comp):
            yield new.grant(holder, by.signing)

    def _see_that_all_is_saved(self, compartment: Compartment) -> None:
        for one in (compartment, SHARED):
            if not self._journals.of(one).is_settled:
                raise InputOutput("An entry is not saved yet; the keys are changed once it is.")


def _destroyed(
    every: Mapping[tuple[bytes, int], Sequence[WrappedKey]], gone: Set[bytes], last: int, new: CompartmentKeys
) -> Iterator[Write]:
    """Give the changes that make tombstones of patients' keys; `shared` has one of each, that the others see it."""
    for patient in sorted(gone):
        births = {born for known, born in every if known == patient}
        if not births and new.place.comp == comp_bytes(SHARED):
            births = {last}
        for table in COPIES:
            yield Change(f"DELETE FROM {table} WHERE patient=?", (patient,))  # noqa: S608 - one of our two tables
        for born in sorted(births):
            yield from WrappedKey.destroyed(patient, born, new.epoch).rows()
