"""Sessions and patients: which there are, and what is read of one, from all compartments that a member holds."""

import contextlib
from dataclasses import dataclass, replace

from kapnotes.domain.custody import Heads, LogHead
from kapnotes.domain.errors import VaultError
from kapnotes.domain.members import SHARED, Compartment
from kapnotes.vault.chain import first_logs, logs_of
from kapnotes.vault.findings import Finding
from kapnotes.vault.head_keeping import HeadKeeper
from kapnotes.vault.heads import heads_of
from kapnotes.vault.keyring import Keyring
from kapnotes.vault.layout import file_name
from kapnotes.vault.open_vault import OpenVault
from kapnotes.vault.reading import LogRead, LogReader, ReadBack, merged
from kapnotes.vault.signed import signed_in


@dataclass(frozen=True, slots=True)
class Scope:
    """A session, or a patient (then both ids are equal). `patient_id` is empty if its reference is damaged."""

    scope_id: str
    patient_id: str


class Scopes:
    """Reads the scopes of one open vault. Call it within the vault's door."""

    def __init__(self, vault: OpenVault, heads: HeadKeeper) -> None:
        self._vault = vault
        self._heads = heads

    def every(self, keyring: Keyring, *, newest_first: bool, limit: int | None) -> list[Scope]:
        """Return the scopes that `shared` knows; see `Library.scopes`."""
        keys, found = keyring.keys_of(SHARED), list[Scope]()
        at_most = None if self._vault.deleted else limit  # of the deleted ones it is known only whom they are about
        for log in first_logs(self._vault.shared, newest_first=newest_first, limit=at_most):
            patient = keys.unwrap_ref(log) or b""
            if len(found) == limit:
                break
            if not self._vault.is_deleted(patient):
                found.append(Scope(log.session.hex(), patient.hex()))
        return found

    def read(self, keyring: Keyring, session: bytes, only: Compartment | None) -> ReadBack:
        """Return what can be read of one scope; see `Library.read`."""
        logs: list[LogRead] = []
        heads: list[LogHead] = []
        keyring.see_that_it_is_unlocked()
        shared = self._read(keyring, SHARED, session)
        signed = signed_in(shared)
        for compartment in (*keyring.compartments, *keyring.unopened) if only is None else (only,):
            try:
                reads = shared if compartment == SHARED else self._read(keyring, compartment, session)
                signed.refuse(reads, self._vault.file(compartment), compartment, self._vault.directory)
                logs += reads
                with contextlib.suppress(VaultError):  # a page that cannot be read is a finding already
                    heads += heads_of(self._vault.file(compartment), compartment, session)
            except VaultError as error:
                if compartment in {SHARED, only}:
                    raise
                logs.append(LogRead(findings=[Finding(file_name(compartment), error.exit_code, str(error))]))
        back = merged(logs)
        lost = self._heads.lost(back.entries) if only is None else []
        entries = tuple(entry for entry in back.entries if not isinstance(entry.body, Heads))
        return replace(back, entries=entries, findings=(*back.findings, *lost), heads=tuple(heads))

    def _read(self, keyring: Keyring, compartment: Compartment, session: bytes) -> list[LogRead]:
        keys, file = keyring.keys_of(compartment), self._vault.file(compartment)
        reader = LogReader(file, keys, self._vault.directory, self._vault.deleted)
        return [reader.read(log) for log in logs_of(file, session)]
