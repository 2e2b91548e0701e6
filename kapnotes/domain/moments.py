"""When something happened, as it is typed before it: `-3` is three minutes ago, `@14:05` is when the clock said so."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import groupby, pairwise

from kapnotes.domain.clock import NS_PER_S, Stamp
from kapnotes.domain.errors import Implausible, Misread
from kapnotes.domain.record import Record

HOW = "@14:05, or -3 for three minutes ago"
"""The two forms, as they are shown to whoever needs one."""

_AGO = re.compile(r"[-\N{MINUS SIGN}](\d{1,3})(?=\s|$)\s*", re.ASCII)
_AT_BEGUN = re.compile(r"@\d", re.ASCII)
_AT = re.compile(r"@(\d{1,2}):?(\d{2})(?=\s|$)\s*", re.ASCII)
_DAY_S = 86_400.0
_HOUR_NS = 3600 * NS_PER_S


@dataclass(frozen=True, slots=True)
class When:
    """What a line begins with: minutes ago, or hour and minute. `text` is the rest of the line, from `column` on."""

    minutes_ago: int | None
    at: tuple[int, int] | None
    text: str
    column: int

    def says_as(self, other: "When") -> bool:
        """Tell whether both say the same time, whatever follows it."""
        return (self.minutes_ago, self.at) == (other.minutes_ago, other.at)

    def stamp(self, record: Record, now: Stamp) -> Stamp:
        """Return the moment that is meant, told from *now*.

        Raises:
            Implausible: the session had not begun then, or its clock never said so.
        """
        if self.minutes_ago is not None:
            return moment_ago(record, 60.0 * self.minutes_ago, now)
        hour, minute = self.at or (0, 0)
        return moment_at(record, hour, minute, now)


@dataclass(frozen=True, slots=True)
class Moment:
    """The moment a line begins with, and the rest of the line, which begins at `column`."""

    happened: Stamp
    text: str
    column: int


def read_when(line: str) -> When | None:
    """Return what *line* begins with, None for a line without a time. A space before it makes it a word like any other.

    `-3`, `-45 tears` and `@14:05 tears` (also `@1405`) are times; `-3.5`, `- 3` and `@home` are words.

    Raises:
        Misread: it begins as a time and is none.
    """
    ago = _AGO.match(line)
    if ago is not None:
        return When(int(ago[1]), None, line[ago.end() :], ago.end())
    if not _AT_BEGUN.match(line):
        return None
    at = _AT.match(line)
    if at is None or int(at[1]) > 23 or int(at[2]) > 59:
        raise Misread("A time is written {how}; a space before it makes it a word.", 1, how=HOW)
    return When(None, (int(at[1]), int(at[2])), line[at.end() :], at.end())


def read_moment(line: str, record: Record, now: Stamp) -> Moment | None:
    """Return the moment that *line* begins with, told from *now*; None for a line without one.

    Raises:
        Misread: it begins as a time and is none, or none of this session.
    """
    when = read_when(line)
    if when is None:
        return None
    try:
        return Moment(when.stamp(record, now), when.text, when.column)
    except Implausible as error:
        raise Misread(error.template, 1, **error.facts) from None


def moment_ago(record: Record, seconds: float, now: Stamp) -> Stamp:
    """Return the moment *seconds* before *now*, as the clocks of the laptop saw it then.

    Raises:
        Implausible: the session had not begun.
    """
    wanted_s = record.position_s(now) - seconds
    for begin_s, begin, end_s in stretches(record, now):
        if begin_s <= wanted_s <= end_s:
            return begin.shifted(wanted_s - begin_s)
    raise Implausible("{minutes} min ago the session had not begun.", minutes=round(seconds / 60))


def moment_at(record: Record, hour: int, minute: int, now: Stamp) -> Stamp:
    """Return the newest moment of the session, not later than *now*, at which the clock said *hour* and *minute*.

    Of a session of an earlier day its first 24 hours are meant. The minute in which it began is in it as a whole.

    Raises:
        Implausible: that time was not in the session yet, or is still to come.
    """
    origin, now_s = record.origin or now, record.position_s(now)
    for place, (begin_s, begin, end_s) in enumerate(stretches(record, now)):
        wanted_s = begin_s + _until_s(begin, hour, minute)
        is_now = place == 0 and wanted_s == now_s  # an older stretch ends where a clock was set, and said no more
        if wanted_s <= _DAY_S and (wanted_s < end_s or is_now):
            return begin.shifted(wanted_s - begin_s)
    since_s = _DAY_S - _until_s(origin, hour, minute)
    if since_s < 60:
        return origin.shifted(-since_s)
    raise Implausible("At {time} the session had not begun.", time=f"{hour:02}:{minute:02}")


def _until_s(stamp: Stamp, hour: int, minute: int) -> float:
    """Return how long after *stamp* its clock says that time for the first time."""
    said = stamp.local()
    since_midnight = timedelta(hours=said.hour, minutes=said.minute, seconds=said.second, microseconds=said.microsecond)
    return (timedelta(hours=hour, minutes=minute) - since_midnight).total_seconds() % _DAY_S


def stretches(record: Record, now: Stamp) -> Iterator[tuple[float, Stamp, float]]:
    """Give the session in stretches through which the clocks ran on evenly, the newest first.

    Each is where it begins, as position in seconds and as stamp, and the position of its end. What the clocks said is
    known from the entries; a clock that was set, a restart and a change of the zone lie between two of them.
    """
    origin, now_s = record.origin or now, record.position_s(now)
    read = [origin, *_ends_of_runs(entry.entered for entry in record.entries)]
    known = [(at_s, stamp) for stamp in read if 0 <= (at_s := record.position_s(stamp)) <= now_s]
    known.sort(key=lambda one: one[0])
    for (begin_s, begin), (end_s, end) in reversed(list(pairwise([*known, (now_s, now)]))):
        changed_s = end_s
        if begin.offset_min != end.offset_min:  # zones change at a whole hour, so at the newest one before
            changed_s = max(begin_s, end_s - (end.utc_ns % _HOUR_NS) / NS_PER_S)
            yield changed_s, replace(begin.shifted(changed_s - begin_s), offset_min=end.offset_min), end_s
        yield begin_s, begin, changed_s


def _ends_of_runs(stamps: Iterable[Stamp]) -> Iterator[Stamp]:
    """Give of each run of stamps through which nobody set a clock the first and the last; the others say no more."""
    for _, run in groupby(stamps, key=_clocks):
        ends = list(run)
        yield min(ends, key=_boot_ns)
        yield max(ends, key=_boot_ns)


def _clocks(stamp: Stamp) -> tuple[str, int, int]:
    """Return what stays the same as long as no clock is set, but for a drift of less than a second."""
    return stamp.boot_id, stamp.offset_min, round((stamp.utc_ns - stamp.boot_ns) / NS_PER_S)


def _boot_ns(stamp: Stamp) -> int:
    return stamp.boot_ns
