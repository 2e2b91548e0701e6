"""One open vault keeps the ends of its logs: in `shared`, and in what a laptop remembers of it.

Which sessions were written to is kept in memory, so recording their ends costs nothing that grows with the vault.
"""

import contextlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kapnotes.domain.custody import Heads, LogHead
from kapnotes.domain.entries import Entry
from kapnotes.domain.errors import VaultError
from kapnotes.domain.members import SHARED, Compartment
from kapnotes.vault.chain import logs_of
from kapnotes.vault.compartment_file import CompartmentFile
from kapnotes.vault.findings import Finding
from kapnotes.vault.heads import (
    HeadsOnRecord,
    Standing,
    behind,
    heads_of,
    newest_epochs,
    newest_heads,
    newest_sessions,
)
from kapnotes.vault.keyring import Keyring
from kapnotes.vault.keys_log import Journals
from kapnotes.vault.layout import NO_ID, compartment_of, id_bytes
from kapnotes.vault.open_vault import OpenVault

AFTER_A_KILL = 8
"""Logs of each file whose ends are recorded once more where the vault was not closed: who was killed could not."""


@dataclass(frozen=True, slots=True)
class DueHeads:
    """What is to be written into `shared`, and about which session or patient."""

    scope_id: str
    patient_id: str
    body: Heads


class HeadKeeper:
    """Knows which ends of logs `shared` does not tell of yet, and which ones a laptop has not been told."""

    def __init__(self, vault: OpenVault, journals: Journals) -> None:
        self._vault = vault
        self._journals = journals
        self._touched: set[bytes] = set()
        self._recorded: dict[tuple[Compartment, str], LogHead] = {}
        self._told: dict[tuple[Compartment, str], LogHead] = {}
        self._is_after_kill = vault.closed_before is None

    def wrote(self, compartment: Compartment, entries: Sequence[Entry]) -> None:
        """Note what was written: a session has new ends, or `shared` tells of them now."""
        for entry in entries:
            if isinstance(entry.body, Heads):
                self._recorded |= {(head.compartment, head.log_id): head for head in entry.body.logs}
            elif compartment != SHARED:
                self._touched.add(id_bytes(entry.scope_id))

    def due(self, keyring: Keyring) -> list[DueHeads]:
        """Return the ends that changed since they were recorded, also those of other members as the files show them."""
        if self._is_after_kill:
            self._touched |= self._newest()
            self._is_after_kill = False
        due = []
        for session in sorted(self._touched):
            heads = tuple(h for h in self._heads(session) if self._recorded.get((h.compartment, h.log_id)) != h)
            patient = self._patient(keyring, session) if heads else None
            if patient is None:
                self._touched.discard(session)
            else:
                due.append(DueHeads(session.hex(), patient, Heads(heads)))
        return due

    def lost(self, entries: Iterable[Entry]) -> list[Finding]:
        """Return what the files no longer hold of the ends that *entries* tell of."""
        record = HeadsOnRecord()
        for entry in entries:
            record.add(entry)
        return record.findings(self._file)

    # ------------------------------------------------------------------------------------ as last seen

    def standing(self, newest: int | None = None) -> Standing:
        """Return how far the vault has come: what was written since this was last asked, or the *newest* logs of all.

        Nothing was written where it has no heads.
        """
        if newest is not None:
            heads = [head for file, c in self._every() for head in newest_heads(file, c, newest)]
        else:
            heads = [h for h in self._journals.heads() if self._told.get((h.compartment, h.log_id)) != h]
        self._told |= {(head.compartment, head.log_id): head for head in heads}
        return Standing(
            self._vault.vault.hex(),
            tuple(heads),
            self._vault.directory.roster.version,
            tuple(newest_epochs(self._vault.shared)) if heads else (),
            tuple(sorted(patient.hex() for patient in self._vault.deleted)),
        )

    def behind(self, seen: Standing) -> list[Finding]:
        """Return where the vault is older than it was last *seen*."""
        return behind(seen, self._file, self._vault.directory)

    # ------------------------------------------------------------------------------------------ inside

    def _file(self, compartment: Compartment) -> CompartmentFile | None:
        with contextlib.suppress(VaultError):
            return self._vault.file(compartment)
        return None

    def _every(self) -> list[tuple[CompartmentFile, Compartment]]:
        return [(file, compartment_of(file.place().comp)) for file in self._vault.every_file()]

    def _newest(self) -> set[bytes]:
        others = [file for file, compartment in self._every() if compartment != SHARED]
        return {session for file in others for session in newest_sessions(file, AFTER_A_KILL)}

    def _heads(self, session: bytes) -> list[LogHead]:
        others = [(file, compartment) for file, compartment in self._every() if compartment != SHARED]
        return [head for file, compartment in others for head in heads_of(file, compartment, session)]

    def _patient(self, keyring: Keyring, session: bytes) -> str | None:
        """Return whom a session is about, as `shared` knows it; None if it does not, or the patient is deleted."""
        if session == NO_ID:
            return None
        keys = keyring.keys_of(SHARED)
        patients = (keys.unwrap_ref(log) for log in logs_of(self._vault.shared, session))
        known = next((patient for patient in patients if patient is not None), None)
        return None if known is None or self._vault.is_deleted(known) else known.hex()
