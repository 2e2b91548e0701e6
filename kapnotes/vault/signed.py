"""What clinicians have signed, by the sign-offs that could be read, and what contradicts it.

A `SignOff` stands in `shared` and names the ends of its author's own logs of one session in one compartment. Whatever
that author wrote there after these ends must bear the amendment mark, which everybody can see without reading; see
`entries.stands_after_sign_off`. Who goes on under a new identity after a forgotten passphrase is the same author.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kapnotes.domain.custody import LogHead, SignOff
from kapnotes.domain.entries import Entry
from kapnotes.domain.members import Compartment
from kapnotes.vault.chain import event_hashes, logs_of, unmarked_after
from kapnotes.vault.compartment_file import CompartmentFile
from kapnotes.vault.directory import Directory
from kapnotes.vault.findings import Finding
from kapnotes.vault.layout import id_bytes, short
from kapnotes.vault.reading import LogRead

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
