"""The standing sets of vitals as columns of numbers over one time axis, so that thousands are drawn in milliseconds."""

from collections.abc import Sequence
from functools import lru_cache
from operator import attrgetter

from kapnotes.domain.entries import Entry, Vitals
from kapnotes.domain.limits import Limit
from kapnotes.domain.thinning import Point
from kapnotes.domain.time_axis import TimeAxis

_as_float = lru_cache(maxsize=4096)(float)
"""Of a day's thousands of readings only some hundred values differ, and a Decimal is slow to convert."""


class Trend:
    """The sets that lie within an axis, in the order of time; a value that was not measured is left out."""

    def __init__(self, sets: Sequence[tuple[Entry, Vitals]], axis: TimeAxis) -> None:
        at_s = axis.record.seconds_after(axis.zero, [entry for entry, _ in sets])
        low, high = axis.start_s, axis.end_s
        within = [(seconds, vitals) for seconds, (_, vitals) in zip(at_s, sets, strict=True) if low <= seconds <= high]
        self._sets = [vitals for _, vitals in within]
        self._x = axis.line_of([seconds for seconds, _ in within])
        self._columns: dict[str, list[Point]] = {}

    @property
    def is_empty(self) -> bool:
        """Tell whether no set lies within the axis."""
        return not self._sets

    def readings(self, field: str) -> list[Point]:
        """Return the place on the axis and the value of each reading of a field of `Vitals`."""
        if field not in self._columns:
            values = map(attrgetter(field), self._sets)
            placed = zip(self._x, values, strict=True)
            self._columns[field] = [(x, _as_float(value)) for x, value in placed if value is not None]
        return self._columns[field]

    def range_of(self, fields: Sequence[str]) -> tuple[float, float] | None:
        """Return the lowest and the highest value of several fields, None where nothing was measured."""
        found = [value for field in fields for _, value in self.readings(field)]
        return (min(found), max(found)) if found else None

    def outside(self, field: str, limit: Limit | None) -> list[Point]:
        """Return the readings of a field that lie outside *limit*."""
        if limit is None:
            return []
        low, high = float(limit.low), float(limit.high)
        return [reading for reading in self.readings(field) if not low <= reading[1] <= high]
