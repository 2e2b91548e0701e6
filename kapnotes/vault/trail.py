"""The audit trail: what was done with records, the newest first, read without reading any record.

Everything of the kind stands in `shared` and bears the amendment mark, so it is found by its mark: what the sessions
themselves hold is neither read nor decrypted.
"""

from collections.abc import Set
from dataclasses import dataclass

from kapnotes.domain.entries import Entry
from kapnotes.vault.chain import Log, find_log, marked_events, newest_row
from kapnotes.vault.compartment_file import CompartmentFile
from kapnotes.vault.directory import Directory
from kapnotes.vault.findings import Finding
from kapnotes.vault.keyring import CompartmentKeys
from kapnotes.vault.reading import LogReader

LOOKED_AT = 5_000
"""Rows that are looked at for one page, so that an entry that comes meanwhile waits for no long search."""


@dataclass(frozen=True, slots=True)
class TrailPage:
    """Some entries, newest first; `before` asks for those before them and is None at the end."""

    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...]
    before: int | None


def trail_page(
    file: CompartmentFile,
    keys: CompartmentKeys,
    directory: Directory,
    before: int | None,
    limit: int,
    deleted: Set[bytes] = frozenset(),
) -> TrailPage:
    """Return the newest *limit* marked entries of `shared`, or those that stand before row *before*.

    It looks at no more than `LOOKED_AT` rows, so a page can hold fewer, or none, and not be the last.

    Of *deleted* patients nothing can be read. An entry that is damaged or that nobody may have written there is a
    finding; it costs no other.
    """
    reader = LogReader(file, keys, directory, deleted)
    logs: dict[bytes, Log | None] = {}
    entries: list[Entry] = []
    findings: list[Finding] = []
    top = newest_row(file) + 1 if before is None else before
    first = max(1, top - LOOKED_AT)
    rows = marked_events(file, first, top, limit)
    for _, event in rows:
        if event.log not in logs:
            logs[event.log] = find_log(file, event.log)
        log = logs[event.log]
        if log is not None:  # an entry without a log is for `verify`
            read = reader.read_event(log, event)
            entries += [placed.entry for placed in read.entries]
            findings += [*read.refused, *read.findings, *read.content_findings]
    reached = rows[-1][0] if len(rows) == limit else first
    return TrailPage(tuple(entries), tuple(findings), reached if reached > 1 else None)
