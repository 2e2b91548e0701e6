"""The line by which something is added to a signed record: `late 14:05 why: what`, or `add why: what`."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from kapnotes.domain.clock import Stamp
from kapnotes.domain.errors import Implausible, Misread
from kapnotes.domain.record import Record

HOW = "late 14:05 why: what, or add why: what"
"""The two lines, as they are shown to whoever needs one."""

_LATE = re.compile(r"\s*late\s+(?:(\d{1,2}):(\d{2})\s+)?", re.ASCII | re.IGNORECASE)
_ADD = re.compile(r"\s*add\s+", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AmendmentLine:
    """What such a line says. `at` is hour and minute of a late entry, None of an addendum; `column` is of `text`."""

    at: tuple[int, int] | None
    reason: str
    text: str
    column: int


def read_amendment(line: str) -> AmendmentLine | None:
    """Return what an amending line says, None for any other line.

    Raises:
        Misread: it begins as one, and lacks the time, the reason or what is added.
    """
    late, add = _LATE.match(line), _ADD.match(line)
    begun = late or add
    if begun is None:
        return None
    at = None
    if late is not None:
        if late[1] is None or int(late[1]) > 23 or int(late[2]) > 59:
            raise Misread("A late entry says when it happened, as in late 14:05 why: what.", late.end())
        at = int(late[1]), int(late[2])
    reason, colon, text = line[begun.end() :].partition(":")
    if not colon or not reason.strip() or not text.strip():
        raise Misread("Say why it is added, a colon, and what: late 14:05 why: what, or add why: what.", begun.end())
    column = len(line) - len(text.lstrip())
    return AmendmentLine(at, reason.strip(), text.strip(), column)


def moment_of(record: Record, hour: int, minute: int, now: Stamp) -> Stamp:
    """Return the newest moment of the session, not later than *now*, at which the clock said *hour* and *minute*.

    It is told from the last entry before it, so that it lies right also where the laptop was restarted since.

    Raises:
        Implausible: that time was not in the session yet, or is still to come.
    """
    origin = record.origin or now
    begin, today = origin.local(), now.local()
    wanted = today.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if wanted > today:
        wanted -= timedelta(days=1)
    while wanted - begin > timedelta(days=1):  # the session was days ago: its own day is meant
        wanted -= timedelta(days=1)
    if wanted < begin.replace(second=0, microsecond=0):
        raise Implausible("At {time} the session had not begun.", time=f"{hour:02}:{minute:02}")
    known = [entry.happened for entry in record.standing() if entry.happened.local() <= wanted] or [origin]
    before = max(known, key=lambda stamp: stamp.utc_ns)
    return before.shifted(_between_s(before.local(), wanted))


def _between_s(earlier: datetime, later: datetime) -> float:
    return (later - earlier).total_seconds()
