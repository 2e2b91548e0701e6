"""The ends of logs: what anybody sees of a vault's age without a key, and how a file compares with what was seen.

The hash of a log's newest entry stands for all before it. So a recorded end tells a log that was cut (it ends before)
from one that was rewritten (another entry stands there), and both from one that only grew.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kapnotes.domain.clock import Stamp, is_measured_by_wall_clock, seconds_between
from kapnotes.domain.custody import Heads, LogHead, RollbackAck
from kapnotes.domain.entries import Entry
from kapnotes.domain.members import SHARED, Compartment
from kapnotes.vault import grants
from kapnotes.vault.chain import logs_of
from kapnotes.vault.compartment_file import NUMBER, CompartmentFile
from kapnotes.vault.directory import Directory
from kapnotes.vault.findings import Finding
from kapnotes.vault.layout import compartment_of, file_name, short

FilesOf = Callable[[Compartment], CompartmentFile | None]
"""Gives the open file of a compartment, None where it does not open or is not there."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a vault had come: ends of logs, the member list's version, the newest key of each compartment.

    `shredded` are the patients whose keys were destroyed: a restored copy has them again.
    """

    vault_id: str
    heads: tuple[LogHead, ...]
    roster_version: int = 0
    epochs: tuple[tuple[Compartment, int], ...] = ()
    shredded: tuple[str, ...] = ()


def end_of(file: CompartmentFile, log: bytes) -> tuple[int, bytes] | None:
    """Return number and hash of a log's newest entry, None if it has none."""
    sql = "SELECT seq, h FROM event WHERE log=? ORDER BY seq DESC LIMIT 1"
    return next(((seq, h) for seq, h in file.rows(sql, (NUMBER, 32), (log,))), None)


def heads_of(file: CompartmentFile, compartment: Compartment, session: bytes) -> list[LogHead]:
    """Return the ends of all logs of one session in one file."""
    ends = ((log.id, end_of(file, log.id)) for log in logs_of(file, session))
    return [LogHead(compartment, log.hex(), end[0], end[1].hex()) for log, end in ends if end is not None]


def newest_heads(file: CompartmentFile, compartment: Compartment, count: int) -> list[LogHead]:
    """Return the ends of the *count* logs that were begun last, the oldest of them first."""
    rows = file.rows("SELECT id FROM log ORDER BY rowid DESC LIMIT ?", (16,), (count,))
    ends = [(log, end_of(file, log)) for (log,) in rows]
    return [LogHead(compartment, log.hex(), end[0], end[1].hex()) for log, end in reversed(ends) if end is not None]


def newest_sessions(file: CompartmentFile, count: int) -> set[bytes]:
    """Return the sessions and patients whose logs were begun last."""
    return {session for (session,) in file.rows("SELECT session FROM log ORDER BY rowid DESC LIMIT ?", (16,), (count,))}


@dataclass(frozen=True, slots=True)
class _Told:
    """Where in `shared.kapdb` an entry stands that tells something: the number of its row, and when it was entered."""

    row: int
    entered: Stamp

    def is_before(self, later: "_Told") -> bool:
        """Tell whether this was told before *later*.

        Rows are numbered as they are written; a wall clock can be set, so it says nothing. Between two starts of the
        laptop the boot clock knows as well, which nobody sets and which is sealed: a row that was moved does not help.
        """
        is_same_start = not is_measured_by_wall_clock(self.entered, later.entered)
        is_later = is_same_start and seconds_between(later.entered, self.entered) > 0
        return self.row < later.row and not is_later


_Ends = dict[tuple[int, str], list[_Told]]
"""Number and hash of an entry that a log ended with, and every time that was told."""


class HeadsOnRecord:
    """Ends of logs that entries of the vault tell of; those that were signed are compared in `sign_off`."""

    def __init__(self) -> None:
        self._known: dict[tuple[Compartment, str], _Ends] = {}
        self._acknowledged: list[_Told] = []

    def add(self, entry: Entry, row: int = 0) -> None:
        """Take the ends from an entry, if it tells any, and note where an older vault was acknowledged.

        *row* is the number of its row in `shared.kapdb`; zero, where nothing is acknowledged, is before all rows.
        """
        body, told = entry.body, _Told(row, entry.entered)
        if isinstance(body, Heads):
            for head in body.logs:
                ends = self._known.setdefault((head.compartment, head.log_id), {})
                ends.setdefault((head.seq, head.h), []).append(told)
        elif isinstance(body, RollbackAck):
            self._acknowledged.append(told)

    def findings(self, files: FilesOf) -> list[Finding]:
        """Return what the files no longer hold; a file that does not open is told of elsewhere.

        What was told of before a member acknowledged that the vault is an older one is no fault any more.
        """
        found = []
        for (compartment, log), ends in self._known.items():
            file = files(compartment)
            if file is not None:
                found += self._against(file, bytes.fromhex(log), ends)
        return found

    def _against(self, file: CompartmentFile, log: bytes, ends: _Ends) -> list[Finding]:
        """Compare one log with all its recorded ends: one finding for a cut, one for each entry that is another."""
        found: list[Finding] = []
        end = end_of(file, log)
        last = end[0] if end is not None else 0
        newest = max(seq for seq, _ in ends)
        if last < newest:
            line = f"{file.name} is older than shared.kapdb knows: log {short(log)} ends at entry {last} of {newest}."
            cut = [told for (seq, _), every in ends.items() if seq > last for told in every]
            if self._are_acknowledged(cut):
                found.append(Finding(file.name, 0, f"{line} A member has acknowledged it."))
            else:
                found.append(Finding(file.name, 3, f"{line} Restored from a backup?"))
        for (seq, h), every in sorted(ends.items(), key=lambda known: known[0]):
            if seq <= last and _hash_at(file, log, seq) not in {None, bytes.fromhex(h)}:
                line = f"{file.name} entry {seq} of log {short(log)} is not the one that shared.kapdb knows."
                if self._are_acknowledged(every):
                    found.append(Finding(file.name, 0, f"{line} A member has acknowledged it."))
                else:
                    found.append(Finding(file.name, 2, f"{line} Someone changed it."))
        return found

    def _are_acknowledged(self, every: list[_Told]) -> bool:
        return all(any(told.is_before(ack) for ack in self._acknowledged) for told in every)


def _hash_at(file: CompartmentFile, log: bytes, seq: int) -> bytes | None:
    """Return the hash of one entry, None where it is missing: a gap in the chain is told of by itself."""
    return next((h for (h,) in file.rows("SELECT h FROM event WHERE log=? AND seq=?", (32,), (log, seq))), None)


# ------------------------------------------------------------------------------------------- as last seen


def behind(seen: Standing, files: FilesOf, directory: Directory) -> list[Finding]:
    """Return where a vault is older than it was last *seen*, or another: one line for each file."""
    found: list[Finding] = []
    by_compartment: dict[Compartment, list[LogHead]] = {}
    for head in seen.heads:
        by_compartment.setdefault(head.compartment, []).append(head)
    for compartment, heads in by_compartment.items():
        file = files(compartment)
        if file is not None:
            found += _behind(file, heads)
    shared = files(SHARED)
    name = file_name(SHARED)
    if directory.roster.version < seen.roster_version:
        versions = f"{directory.roster.version} of {seen.roster_version}"
        line = f"{name} is older than last seen (member list {versions}). Restored from a backup?"
        found.append(Finding(name, 3, line))
    newest = dict(newest_epochs(shared)) if shared is not None else {}
    for compartment, epoch in seen.epochs:
        if newest.get(compartment, epoch) < epoch:
            own = file_name(compartment)
            line = f"{own} is older than last seen (key {newest[compartment]} of {epoch}). Restored from a backup?"
            found.append(Finding(own, 3, line))
    return found


def _behind(file: CompartmentFile, heads: Sequence[LogHead]) -> list[Finding]:
    there, lagging, others = 0, "", []
    for head in heads:
        log = bytes.fromhex(head.log_id)
        end = end_of(file, log)
        last = end[0] if end is not None else 0
        there += min(last, head.seq)
        if last < head.seq:
            lagging = lagging or f"log {short(log)} ends at entry {last} of {head.seq}"
        elif _hash_at(file, log, head.seq) not in {None, bytes.fromhex(head.h)}:
            line = f"{file.name} entry {head.seq} of log {short(log)} is not the one that was last seen."
            others.append(Finding(file.name, 2, f"{line} Restored from a backup, or someone changed it?"))
    if lagging:
        total = sum(head.seq for head in heads)
        line = f"{file.name} is older than last seen ({there:,} of {total:,} entries; {lagging})."
        others.append(Finding(file.name, 3, f"{line} Restored from a backup?"))
    return others


def newest_epochs(shared: CompartmentFile) -> list[tuple[Compartment, int]]:
    """Return the newest epoch of each compartment that `shared.kapdb` knows."""
    newest: dict[Compartment, int] = {}
    for comp, number in grants.epoch_rows(shared):
        compartment = compartment_of(comp)
        newest[compartment] = max(number, newest.get(compartment, 0))
    return sorted(newest.items())
