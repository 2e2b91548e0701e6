"""Reading logs back: what can be read, what is refused because its author may not write there, and what is wrong.

One damaged entry costs that entry, not its session. A refused entry never reaches a record: one in another's log, in a
log whose member may not write there, of a kind that may not stand there, or a second one under an id that its author
has used. Roles are those of the newest roster; who has left keeps the roles held last.
"""

import hashlib
import heapq
from collections.abc import Iterable, Set
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kapnotes.domain.custody import LogHead
from kapnotes.domain.entries import Entry, Newer, SessionOpened, stands_after_sign_off
from kapnotes.domain.errors import VaultError
from kapnotes.domain.members import Compartment
from kapnotes.vault import codec
from kapnotes.vault.chain import Event, Link, Log, event_hashes, signature_finding, walk
from kapnotes.vault.compartment_file import CompartmentFile
from kapnotes.vault.directory import Directory
from kapnotes.vault.faults import damaged
from kapnotes.vault.findings import Finding
from kapnotes.vault.keyring import CompartmentKeys
from kapnotes.vault.layout import AMENDMENT, SUITE, Place, compartment_of, event_hash, short
from kapnotes.vault.patients import find_cipher


@dataclass(frozen=True, slots=True)
class ReadBack:
    """A scope as one member can read it: entries in the order they were entered, each log in its own order."""

    entries: tuple[Entry, ...]
    refused: tuple[Finding, ...]
    findings: tuple[Finding, ...]
    heads: tuple[LogHead, ...] = ()
    """Where each log that was read ends, as its file shows it."""

    def __repr__(self) -> str:
        return f"<{len(self.entries)} entries, {len(self.refused)} refused, {len(self.findings)} findings>"


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry and where it stands; `sha` is the hash of all that was sealed."""

    entry: Entry
    seq: int
    compartment: Compartment
    file: str
    where: str
    author: str
    sha: bytes


@dataclass(slots=True)
class LogRead:
    """One log. `findings` need no key to be seen, `content_findings` do."""

    log: bytes = b""
    entries: list[Placed] = field(default_factory=list)
    refused: list[Finding] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    content_findings: list[Finding] = field(default_factory=list)


class Ids:
    """Which entry has which id. An id used twice hides nothing: each author's first stands."""

    def __init__(self) -> None:
        self._first: dict[tuple[str, str, str], _Use] = {}
        self._authors: dict[tuple[str, str], str] = {}
        self.refused: list[Finding] = []
        self.clashes: list[Finding] = []

    def is_first(self, placed: Placed) -> bool:
        """Tell whether *placed* is the first of its author under its id; what is wrong is noted.

        The very same entry once more is left by a write that was tried again, and is no fault.
        """
        entry, file = placed.entry, placed.file
        use = _Use(placed.where, placed.compartment, placed.sha)
        first = self._first.setdefault((entry.scope_id, entry.entry_id, entry.author_id), use)
        if first is not use:
            if (first.compartment, first.sha) != (use.compartment, use.sha):
                line = f"{use.where} bears the id of {first.where} and is another entry; it is refused."
                self.refused.append(Finding(file, 2, line))
            return False
        named = f"{use.where} by {placed.author}"
        other = self._authors.setdefault((entry.scope_id, entry.entry_id), named)
        if other is not named:
            self.clashes.append(Finding(file, 2, f"{other} and {named} bear the same id."))
        return True


@dataclass(frozen=True, slots=True)
class _Use:
    where: str
    compartment: Compartment
    sha: bytes


def merged(logs: Iterable[LogRead]) -> ReadBack:
    """Return several logs of one scope as one; where an id is used twice, the order of *logs* decides what is first."""
    logs, ids = list(logs), Ids()
    firsts = [[placed.entry for placed in log.entries if ids.is_first(placed)] for log in logs]
    return ReadBack(
        (*_opening(firsts), *heapq.merge(*firsts, key=lambda entry: entry.entered.utc_ns)),
        (*(finding for log in logs for finding in log.refused), *ids.refused),
        (*(finding for log in logs for finding in (*log.findings, *log.content_findings)), *ids.clashes),
    )


def _opening(firsts: list[list[Entry]]) -> list[Entry]:
    """Take the opening out of the log that began the session: no stamp of a later one comes before it."""
    if firsts and firsts[0] and isinstance(firsts[0][0].body, SessionOpened):
        return [firsts[0].pop(0)]
    return []


def damage_finding(name: str, link: Link) -> Finding:
    """Return what to say of a link that is not whole."""
    return Finding(name, 1, f"{name} is damaged at entry {link.event.seq} of log {short(link.event.log)}.")


def log_finding(name: str, log: Log, place: Place) -> Finding | None:
    """Return what is wrong with a log's own row, if its id is not the hash of what it says."""
    if log.digest(place)[:16] == log.id:
        return None
    return Finding(name, 2, f"{name}: log {short(log.id)} is not what its id says; it was changed or moved here.")


class LogReader:
    """Reads the logs of one file for one member; those about *deleted* patients hold nothing to be read."""

    def __init__(
        self,
        file: CompartmentFile,
        keys: CompartmentKeys,
        directory: Directory,
        deleted: Set[bytes] = frozenset(),
    ) -> None:
        self._file = file
        self._deleted = deleted
        self._keys = keys
        self._directory = directory
        self._compartment = compartment_of(keys.place.comp)

    def read(self, log: Log) -> LogRead:
        """Read one log. Its last signature vouches for a whole chain; in a broken one each signature is checked."""
        read = LogRead(log.id)
        links = self._whole_links(log, read)
        if not self._directory.may_write(log.member, self._compartment):
            read.refused.extend(self._not_entitled(link) for link in links)
            return read
        if self._is_of_a_deleted_patient(log):
            return read
        try:
            cipher = self._cipher(log)
        except VaultError as error:
            read.content_findings.append(Finding(self._file.name, error.exit_code, str(error)))
            return read
        for link in links:
            self._read_link(log, link, cipher, read)
        return read

    def read_event(self, log: Log, event: Event) -> LogRead:
        """Read one event of a log, by itself: its own hash and signature are checked, and that it may stand there."""
        read, name = LogRead(log.id), self._file.name
        before = [log.digest(self._keys.place)] if event.seq == 1 else event_hashes(self._file, log.id, event.seq - 1)
        aad = event.aad(self._keys.place, before[0]) if before else b""
        link = Link(event, aad, is_whole=event.suite == SUITE and event_hash(aad, event.nonce, event.ct) == event.h)
        wrong = log_finding(name, log, self._keys.place) or (None if link.is_whole else damage_finding(name, link))
        wrong = wrong or signature_finding(name, link, log, self._directory)
        if wrong is not None:
            read.findings.append(wrong)
        elif not self._directory.may_write(log.member, self._compartment):
            read.refused.append(self._not_entitled(link))
        elif not self._is_of_a_deleted_patient(log):
            try:
                self._read_link(log, link, self._cipher(log), read)
            except VaultError as error:
                read.content_findings.append(Finding(name, error.exit_code, str(error)))
        return read

    def _whole_links(self, log: Log, read: LogRead) -> list[Link]:
        """Return the links that stand where they were written and are signed; what is not goes to the findings."""
        name = self._file.name
        links: list[Link] = []
        changed = log_finding(name, log, self._keys.place)
        if changed is not None:
            read.findings.append(changed)
        try:
            for step in walk(self._file, self._keys.place, log):
                if isinstance(step, Finding):
                    read.findings.append(step)
                elif step.is_whole:
                    links.append(step)
                else:
                    read.findings.append(damage_finding(name, step))
        except VaultError as error:  # a page that SQLite cannot read: what stood before it is kept
            read.findings.append(Finding(name, error.exit_code, str(error)))
        if not read.findings and self._is_vouched_for(log, links):
            return links
        signed: list[Link] = []
        for link in links:
            finding = signature_finding(name, link, log, self._directory)
            if finding is None:
                signed.append(link)
            elif link.event.author == log.member:
                read.findings.append(finding)
            else:
                read.refused.append(finding)
        return signed

    def _is_vouched_for(self, log: Log, links: list[Link]) -> bool:
        """Tell whether the last signature stands for all *links* of a whole chain.

        It does only if every link names the log's own member: of any other author it says nothing.
        """
        if not links or any(link.event.author != log.member for link in links):
            return False
        return signature_finding(self._file.name, links[-1], log, self._directory) is None

    def _is_of_a_deleted_patient(self, log: Log) -> bool:
        return bool(self._deleted) and self._keys.unwrap_ref(log) in self._deleted

    def _cipher(self, log: Log) -> AESGCM:
        patient = self._keys.unwrap_ref(log)
        cipher = None
        if patient is not None:
            cipher = find_cipher(self._file, self._keys, patient, log.born, log.session)
        if cipher is None:
            raise damaged(self._file.name, f"at the head of log {short(log.id)}")
        return cipher

    def _read_link(self, log: Log, link: Link, cipher: AESGCM, read: LogRead) -> None:
        """Put one entry where it belongs: among the entries, the refused, or the findings."""
        event, name = link.event, self._file.name
        where = f"{name} entry {event.seq} of log {short(log.id)}"
        try:
            padded = cipher.decrypt(event.nonce, event.ct, link.aad)
            entry = codec.decode(padded, event.author.hex(), log.session.hex())
        except (InvalidTag, codec.Unreadable):
            read.content_findings.append(Finding(name, 1, f"{where} is whole and signed, but cannot be read."))
            return
        author = self._directory.label_of(event.author)
        if not self._directory.may_stand(event.author, entry.body, self._compartment):
            read.refused.append(self._not_entitled(link))
        elif not isinstance(entry.body, Newer) and stands_after_sign_off(entry.body) != bool(event.flags & AMENDMENT):
            read.content_findings.append(Finding(name, 2, f"{where} is not marked as what it is."))
        else:
            sha = hashlib.sha256(padded).digest()
            read.entries.append(Placed(entry, event.seq, self._compartment, name, where, author, sha))

    def _not_entitled(self, link: Link) -> Finding:
        event, name = link.event, self._file.name
        by = self._directory.label_of(event.author)
        line = f"{name} entry {event.seq} of log {short(event.log)} is by {by}, who may not write it there."
        return Finding(name, 2, line)
