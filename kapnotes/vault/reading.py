"""Reading logs back: what can be read, what is refused because its author may not write there, and what is wrong.

One damaged entry costs that entry, not its session. A refused entry never reaches a record.
"""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kapnotes.domain.entries import Correction, Entry, Newer
from kapnotes.domain.errors import VaultError
from kapnotes.domain.places import may_stand
from kapnotes.vault import codec
from kapnotes.vault.chain import Link, Log, signature_finding, walk
from kapnotes.vault.compartment_file import CompartmentFile
from kapnotes.vault.directory import Directory
from kapnotes.vault.faults import damaged
from kapnotes.vault.findings import Finding
from kapnotes.vault.keyring import CompartmentKeys
from kapnotes.vault.layout import AMENDMENT, Place, compartment_of, short
from kapnotes.vault.patients import find_cipher


@dataclass(frozen=True, slots=True)
class ReadBack:
    """A scope as one member can read it: entries in the order they were entered, each log in its own order."""

    entries: tuple[Entry, ...]
    refused: tuple[Finding, ...]
    findings: tuple[Finding, ...]

    def __repr__(self) -> str:
        return f"<{len(self.entries)} entries, {len(self.refused)} refused, {len(self.findings)} findings>"


@dataclass(slots=True)
class LogRead:
    """One log. `findings` need no key to be seen, `content_findings` do."""

    entries: list[Entry] = field(default_factory=list)
    refused: list[Finding] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    content_findings: list[Finding] = field(default_factory=list)


def merged(logs: Iterable[LogRead]) -> ReadBack:
    """Return several logs as one."""
    logs = list(logs)
    ordered = heapq.merge(*(log.entries for log in logs), key=lambda entry: entry.entered.utc_ns)
    return ReadBack(
        tuple(ordered),
        tuple(finding for log in logs for finding in log.refused),
        tuple(finding for log in logs for finding in (*log.findings, *log.content_findings)),
    )


def damage_finding(name: str, link: Link) -> Finding:
    """Return what to say of a link that is not whole."""
    return Finding(name, 1, f"{name} is damaged at entry {link.event.seq} of log {short(link.event.log)}.")


def log_finding(name: str, log: Log, place: Place) -> Finding | None:
    """Return what is wrong with a log's own row, if its id is not the hash of what it says."""
    if log.digest(place)[:16] == log.id:
        return None
    return Finding(name, 2, f"{name}: log {short(log.id)} is not what its id says; it was changed or moved here.")


class LogReader:
    """Reads the logs of one file for one member."""

    def __init__(self, file: CompartmentFile, keys: CompartmentKeys, directory: Directory) -> None:
        self._file = file
        self._keys = keys
        self._directory = directory
        self._compartment = compartment_of(keys.place.comp)

    def read(self, log: Log) -> LogRead:
        """Read one log. Its last signature vouches for a whole chain; in a broken one each signature is checked."""
        read = LogRead()
        links = self._whole_links(log, read)
        try:
            cipher = self._cipher(log)
        except VaultError as error:
            read.content_findings.append(Finding(self._file.name, error.exit_code, str(error)))
            return read
        for link in links:
            self._read_link(log, link, cipher, read)
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
        if links and not read.findings and signature_finding(name, links[-1], log, self._directory) is None:
            return links
        unsigned = {id(link): signature_finding(name, link, log, self._directory) for link in links}
        read.findings.extend(finding for finding in unsigned.values() if finding is not None)
        return [link for link in links if unsigned[id(link)] is None]

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
        try:
            padded = cipher.decrypt(event.nonce, event.ct, link.aad)
            entry = codec.decode(padded, event.author.hex(), log.session.hex())
        except (InvalidTag, codec.Unreadable):
            line = f"{name} entry {event.seq} of log {short(log.id)} is whole and signed, but cannot be read."
            read.content_findings.append(Finding(name, 1, line))
            return
        author = self._directory.member(event.author)
        if author is None or not may_stand(entry.body, author, self._compartment):
            line = (
                f"{name} entry {event.seq} of log {short(log.id)} is by {self._directory.label_of(event.author)}, "
                "who may not write it there."
            )
            read.refused.append(Finding(name, 2, line))
        elif not isinstance(entry.body, Newer) and isinstance(entry.body, Correction) != bool(event.flags & AMENDMENT):
            line = f"{name} entry {event.seq} of log {short(log.id)} is not marked as what it is."
            read.content_findings.append(Finding(name, 2, line))
        else:
            read.entries.append(entry)
