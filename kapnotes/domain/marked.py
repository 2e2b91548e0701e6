"""The readings that a new one is seen beside, and those outside the protocol that wait for a word of what was done."""

import re
from collections.abc import Mapping
from decimal import Decimal

from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import Action, Entry, Vitals
from kapnotes.domain.errors import Misread
from kapnotes.domain.limits import values_of
from kapnotes.domain.record import Record

_LOOKED_BACK = 20
"""So many sets back the last value of each field is looked for; an older one says little about this one."""

_AT = re.compile(r"@(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s+|$)", re.ASCII)


def values_before(record: Record, at: Stamp, but: str = "") -> Mapping[str, Decimal]:
    """Return the last value of each field measured up to *at*, by field, without those of the entry *but*."""
    found: dict[str, Decimal] = {}
    looked_at = 0
    for entry in reversed(record.entries_of(Vitals)):
        is_later = record.between_s(entry.happened, at) < 0
        if entry.entry_id == but or is_later or not isinstance(entry.body, Vitals):
            continue
        for field, value in values_of(entry.body).items():
            found.setdefault(field, value)
        looked_at += 1
        if looked_at == _LOOKED_BACK:
            break
    return found


def unanswered(record: Record) -> list[Entry]:
    """Return the readings outside the protocol about which nothing was done, in the order in which they happened.

    One action answers for the whole run of such readings that it names one of: nobody writes it down at each.
    """
    named = {action.about_id for _, action in record.of(Action)}
    waiting = (run for run in record.marked_runs if not any(entry.entry_id in named for entry in run))
    return [entry for run in waiting for entry in run]


def meant_by(record: Record, text: str, *, until: Stamp | None = None) -> tuple[Entry | None, str]:
    """Return the marked reading that an action's *text* is about, and the text without the time that names it.

    `@14:05 cuff repositioned` is about the newest marked reading of that minute, answered or not; `@14:05:20` of that
    second. Without a time it is the newest one that waits for an answer, and where none waits the newest of all; None
    where there is none. What was read later than *until* it cannot mean.

    Raises:
        Misread: no marked reading was at the time that it names, or nothing stands behind it; the column is of *text*.
    """
    marked = [entry for run in record.marked_runs for entry in run]
    match = _AT.match(text)
    if match is None:
        waiting = _up_to(record, until, unanswered(record)) or _up_to(record, until, marked)
        return (waiting[-1] if waiting else None), text
    named = [entry for entry in marked if _is_at(entry, match)]
    if not named:
        raise Misread("No reading outside the protocol stands at that time.", 0)
    said = text[match.end() :].strip()
    if not said:
        raise Misread("Say what was done about it.", match.end())
    return named[-1], said


def _up_to(record: Record, until: Stamp | None, entries: list[Entry]) -> list[Entry]:
    return [one for one in entries if until is None or record.between_s(one.happened, until) >= 0]


def _is_at(entry: Entry, match: re.Match[str]) -> bool:
    local = entry.happened.local()
    is_minute = (local.hour, local.minute) == (int(match[1]), int(match[2]))
    return is_minute and (match[3] is None or local.second == int(match[3]))
