"""Signing: `SignOffDesk` stands before the journal and lets nothing pass that a sign-off forbids (`signed.py`)."""

from collections.abc import Sequence

from kapnotes.domain.custody import LogHead, SignOff
from kapnotes.domain.entries import Entry, stands_after_sign_off
from kapnotes.domain.errors import Implausible, InputOutput, SavedElsewhere, SignedOff
from kapnotes.domain.members import SHARED, Compartment
from kapnotes.vault.chain import last_events, logs_of
from kapnotes.vault.keyring import Keyring
from kapnotes.vault.keys_log import Journals
from kapnotes.vault.layout import id_bytes
from kapnotes.vault.open_vault import OpenVault
from kapnotes.vault.reading import LogReader


class SignOffDesk:
    """What may still be written, asked before every entry; the sign-offs of a session are read once."""

    def __init__(self, vault: OpenVault, journals: Journals) -> None:
        self._vault = vault
        self._journals = journals
        self._signed: dict[tuple[str, str], set[Compartment]] = {}

    def append(self, keyring: Keyring, compartment: Compartment, entries: Sequence[Entry], patient_id: str) -> LogHead:
        """Write *entries* as `Journal.append` does, if what the member has signed lets them stand.

        From a sign-off on, also while it is still on its way to the disk, the rest is refused.

        Raises:
            SignedOff: the member has signed this record.
            Implausible: a sign-off that does not name the ends of the member's own logs as they are.
            VaultError, ValueError: as `Journal.append`.
        """
        journal = self._journals.of(compartment)
        if not journal.has_sealed(entries):
            try:
                self._see_that_they_may_follow(keyring, compartment, entries)
            except SavedElsewhere as error:  # said of what came before, not of these
                raise InputOutput("The entry is not saved. {error}", error=error) from None
        try:
            return journal.append(keyring, entries, patient_id)
        except BaseException:
            if not journal.has_sealed(entries):  # a sign-off among them was not written and never will be
                for entry in entries:
                    self._signed.pop((entry.author_id, entry.scope_id), None)
            raise

    def _see_that_they_may_follow(self, keyring: Keyring, compartment: Compartment, entries: Sequence[Entry]) -> None:
        for entry in entries:
            if isinstance(entry.body, SignOff):
                self._see_that_it_is_true(keyring, entry, entry.body)
                self._signed_by(keyring, entry.scope_id).add(entry.body.compartment)
            elif not stands_after_sign_off(entry.body) and compartment in self._signed_by(keyring, entry.scope_id):
                raise SignedOff(
                    "{label} has signed this record. A late entry, an addendum or a correction adds to it, each with "
                    "its reason.",
                    label=keyring.member.label,
                )

    def own_heads(self, keyring: Keyring, scope_id: str, compartment: Compartment) -> tuple[LogHead, ...]:
        """Return where the member's own logs of a session end in *compartment*, after settling what is not saved yet.

        Raises:
            InputOutput: something before it cannot be saved.
        """
        journal = self._journals.of(compartment)
        journal.settle()
        person = self._vault.directory.person(id_bytes(keyring.member.member_id))
        own = (log for log in logs_of(journal.file, id_bytes(scope_id)) if log.member in person)
        ends = ((log, last_events(journal.file, log.id)) for log in own)
        return tuple(LogHead(compartment, log.id.hex(), last[0].seq, last[0].h.hex()) for log, last in ends if last)

    def _see_that_it_is_true(self, keyring: Keyring, entry: Entry, signature: SignOff) -> None:
        if signature.compartment in self._signed_by(keyring, entry.scope_id):
            raise SignedOff("{label} has signed this record already.", label=keyring.member.label)
        heads = self.own_heads(keyring, entry.scope_id, signature.compartment)
        if len(signature.logs) != len(heads) or set(signature.logs) != set(heads):
            raise Implausible("The sign-off does not name this record as it stands on the disk. Sign again.")

    def _signed_by(self, keyring: Keyring, scope_id: str) -> set[Compartment]:
        """Return what the member has signed of a session, on whatever device and under whichever id."""
        key = keyring.member.member_id, scope_id
        if key not in self._signed:
            journal, member = self._journals.of(SHARED), id_bytes(keyring.member.member_id)
            try:
                journal.settle()  # a sign-off may be on its way, and the file is not to be trusted yet
            except SavedElsewhere:
                if journal.has_unknown_of(member):
                    raise
            file = self._vault.shared
            reader = LogReader(file, keyring.keys_of(SHARED), self._vault.directory)
            person = self._vault.directory.person(member)
            own = [reader.read(log) for log in logs_of(file, id_bytes(scope_id)) if log.member in person]
            bodies = (placed.entry.body for read in own for placed in read.entries)
            self._signed[key] = {body.compartment for body in bodies if isinstance(body, SignOff)}
        return self._signed[key]
