"""Many moments of one session at once: from seconds after its opening, or from what a clock on the wall said then.

It is made where the record lives and may be asked anywhere: it keeps nothing of the record.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from kapnotes.domain.clock import NS_PER_S, Stamp
from kapnotes.domain.errors import Implausible
from kapnotes.domain.moments import stretches
from kapnotes.domain.record import Record

_Stretch = tuple[float, Stamp, float]
EVEN_NS = NS_PER_S // 1000
"""Clocks that differ by less than this ran evenly."""

_HALF_DAY_S = 43_200.0
"""A time of the day that comes later than this is not meant as one to come: the clock left it out."""

WITHIN_MINUTE_S = 60.0
"""A clock that tells no seconds may say the minute in which the session began."""


@dataclass(frozen=True, slots=True)
class ClockTime:
    """What a clock said: a time, with the day or without, of that clock or (`is_utc`) as the time of Greenwich."""

    time: time
    day: date | None = None
    is_utc: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """A moment of the session: seconds from its opening, and as the clocks of the laptop saw it."""

    position_s: float
    stamp: Stamp


class SessionTimes:
    """The moments of *record* until *now*."""

    def __init__(self, record: Record, now: Stamp) -> None:
        self._stretches = _joined([one for one in reversed(list(stretches(record, now))) if one[2] > one[0]])
        self._begins_s = [begin_s for begin_s, _, _ in self._stretches]
        self.now_s = record.position_s(now)

    def at(self, position_s: float) -> Placed:
        """Return the moment so many seconds after the opening.

        Raises:
            Implausible: it is before the session, or still to come.
        """
        self._require_within(position_s)
        begin_s, begin, _ = self._stretches[max(0, bisect_right(self._begins_s, position_s) - 1)]
        return Placed(position_s, begin.shifted(position_s - begin_s))

    def at_clock(self, said: ClockTime, after_s: float = 0.0) -> Placed:
        """Return the first moment not before *after_s* at which the clock said that.

        An hour that the end of summer time repeats is thereby the first one for what comes first, and the second one
        for what follows it.

        Raises:
            Implausible: the session had not begun, or that is still to come, or its clock never said so.
        """
        found = sorted(self._moments(said), key=lambda one: one.position_s)
        within = [one for one in found if 0 <= one.position_s <= self.now_s]
        for one in within:
            if one.position_s >= after_s:
                return one
        early = [one for one in found if -WITHIN_MINUTE_S < one.position_s < 0]
        if early and after_s <= 0 and said.time.second == 0:
            return early[0]
        if within:
            raise Implausible("this time runs backwards; sort the rows by time")
        for one in found:
            if one.position_s < self.now_s + _HALF_DAY_S or said.day is not None:
                self._require_within(one.position_s)
        raise Implausible("the clock of this session never said so")

    def _require_within(self, position_s: float) -> None:
        if position_s < 0 or not self._stretches:
            raise Implausible("before the session began")
        if position_s > self.now_s:
            raise Implausible("still to come")

    def _moments(self, said: ClockTime) -> Iterator[Placed]:
        """Give every moment at which the clock said that; outside the session as if it had gone evenly there."""
        last = len(self._stretches) - 1
        for place, (begin_s, begin, end_s) in enumerate(self._stretches):
            for since_s in _since(begin, end_s - begin_s, said):
                position_s = begin_s + since_s
                is_in = begin_s <= position_s < end_s
                if is_in or (place == 0 and position_s < begin_s) or (place == last and position_s >= end_s):
                    yield Placed(position_s, begin.shifted(since_s))


def _joined(parts: list[_Stretch]) -> list[_Stretch]:
    """Return one stretch for all through which the clocks ran on evenly, whatever was entered meanwhile."""
    joined: list[_Stretch] = []
    for begin_s, begin, end_s in parts:
        if joined:
            first_s, first, _ = joined[-1]
            expected = first.shifted(begin_s - first_s)
            is_same = (expected.boot_id, expected.offset_min) == (begin.boot_id, begin.offset_min)
            if is_same and abs(expected.utc_ns - begin.utc_ns) < EVEN_NS:
                joined[-1] = (first_s, first, end_s)
                continue
        joined.append((begin_s, begin, end_s))
    return joined


def _since(begin: Stamp, length_s: float, said: ClockTime) -> list[float]:
    """Return how long after *begin* its clock says that: on the day that is meant, else on every day of the stretch."""
    if said.day is not None:
        wanted = datetime.combine(said.day, said.time)
        if said.is_utc:
            epoch = datetime(1970, 1, 1, tzinfo=UTC)
            return [(wanted.replace(tzinfo=UTC) - epoch) / timedelta(seconds=1) - begin.utc_ns / NS_PER_S]
        return [(wanted - begin.local().replace(tzinfo=None)).total_seconds()]
    local = begin.local().replace(tzinfo=None)
    first = (datetime.combine(local.date(), said.time) - local).total_seconds()
    days = int(length_s // 86_400) + 2
    return [first + day * 86_400 for day in range(days)]
