"""Sign-offs: what each clinician has signed, so that only amendments follow it.

A `SignOff` stands in `shared` and names the ends of its author's own logs of one session in one compartment. Whatever
that author wrote there after these ends must bear the amendment mark, which everybody can see without reading; see
`entries.stands_after_sign_off`. Who goes on under a new identity after a forgotten passphrase is the same author.
`Signed` knows what was signed and finds what should not be there; `SignOffDesk` stands before the journal and lets
nothing of that kind be written.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kapnotes.domain.custody import LogHead, SignOff
from kapnotes.domain.entries import Entry, stands_after_sign_off
from kapnotes.domain.errors import Implausible, InputOutput, SavedElsewhere, SignedOff
from kapnotes.domain.members import SHARED, Compartment
from kapnotes.vault.chain import event_hashes, last_events, logs_of, unmarked_after
from kapnotes.vault.compartment_file import CompartmentFile
from kapnotes.vault.directory import Directory
from kapnotes.vault.findings import Finding
from kapnotes.vault.keyring import Keyring
from kapnotes.vault.keys_log import Journals
from kapnotes.vault.layout import id_bytes, short
from kapnotes.vault.open_vault import OpenVault
from kapnotes.vault.reading import LogRead, LogReader

_Whose = tuple[str, str, Compartment]
"""Member, session, compartment."""


@dataclass(frozen=True, slots=True)
class Breach:
    """Something that contradicts a sign-off. `seq` is of an entry that must not be read; None where one is missing."""

    finding: Finding
    log: bytes
    seq: int | None = None


class Signed:
    """What was signed, by the sign-offs that could be read."""

    def __init__(self) -> None:
        self._heads: dict[_Whose, list[dict[bytes, LogHead]]] = {}

    def add(self, entry: Entry) -> None:
        """Take *entry* into account if it is a sign-off."""
        if isinstance(entry.body, SignOff):
            whose = entry.author_id, entry.scope_id, entry.body.compartment
            heads = {id_bytes(head.log_id): head for head in entry.body.logs}
            self._heads.setdefault(whose, []).append(heads)

    def covers(self, member_id: str, session_id: str, compartment: Compartment) -> bool:
        """Tell whether that member has signed the own record of that session in *compartment*."""
        return (member_id, session_id, compartment) in self._heads

    def breaches(self, file: CompartmentFile, compartment: Compartment, directory: Directory) -> Iterator[Breach]:
        """Give what in *file* contradicts a sign-off: unmarked entries after it, and signed ones that are not there."""
        for (member_id, session_id, signed_compartment), signatures in self._heads.items():
            if signed_compartment == compartment:
                member = id_bytes(member_id)
                by = directory.label_of(member)
                for heads in signatures:
                    yield from _missing(file, heads, by)
                person = directory.person(member)
                for log in logs_of(file, id_bytes(session_id)):
                    if log.member in person:
                        ends = (heads[log.id].seq if log.id in heads else 0 for heads in signatures)
                        yield from _unmarked(file, log.id, min(ends), by)

    def refuse(
        self, reads: Sequence[LogRead], file: CompartmentFile, compartment: Compartment, directory: Directory
    ) -> None:
        """Take out of *reads* of one file what stands after a sign-off and is no amendment, and say so."""
        for breach in self.breaches(file, compartment, directory):
            read = next((one for one in reads if one.log == breach.log), None)
            if breach.seq is None or read is None:
                (read or reads[0]).findings.append(breach.finding) if reads else None
            else:
                read.entries = [placed for placed in read.entries if placed.seq != breach.seq]
                read.refused.append(breach.finding)


def _unmarked(file: CompartmentFile, log: bytes, signed_seq: int, by: str) -> Iterator[Breach]:
    for seq in unmarked_after(file, log, signed_seq):
        line = f"{file.name} entry {seq} of log {short(log)} was written after {by} had signed, and is no amendment."
        yield Breach(Finding(file.name, 2, line), log, seq)


def _missing(file: CompartmentFile, heads: dict[bytes, LogHead], by: str) -> Iterator[Breach]:
    for log, head in heads.items():
        found = event_hashes(file, log, head.seq)
        signed = f"entry {head.seq} of log {short(log)}, which {by} has signed"
        if not found:
            line = f"{file.name} lacks {signed}. Restored from a backup?"
            yield Breach(Finding(file.name, 3, line), log)
        elif found != [bytes.fromhex(head.h)]:
            line = f"{file.name}: {signed}, is another one now."
            yield Breach(Finding(file.name, 2, line), log)


def signed_in(reads: Iterable[LogRead]) -> Signed:
    """Return what the sign-offs in *reads* of `shared` say."""
    signed = Signed()
    for read in reads:
        for placed in read.entries:
            signed.add(placed.entry)
    return signed


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
