"""The common time axis of the figures: T+ time along x, with a grid as fine as the width allows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kapnotes.domain.clock import Stamp
from kapnotes.domain.emergency_step import EmergencyStep
from kapnotes.domain.entries import Action, AdverseEvent, Dose, Infusion, NotTaken, Phase, Vitals
from kapnotes.domain.figure import MINUS, Anchor, Role, Sketch, text_width
from kapnotes.domain.record import Record

GRID_STEPS_MIN = (5, 10, 15, 30, 60, 120, 180, 360, 720, 1440)
SHORTEST_S = 3600.0
OPEN_END_S = 1800.0
"""How far the axis of a session that was not closed runs on after its last entry, at most."""

GRID_SHARE = 0.6
"""Lines of the grid stand at least so many sizes of type apart: closer ones are a wash of grey."""

LEAST_AFTER_S = 300.0
"""So much is in sight behind the moment that a part of the axis must show."""

_SHOWN = Vitals | NotTaken | Dose | Infusion | AdverseEvent | Action | EmergencyStep | Phase


class View(NamedTuple):
    """Which part of a session is looked at: its last `length_s`, or so much around a moment that is further back."""

    length_s: float
    around: Stamp | None = None


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """Seconds after `zero` onto x; the ends are whole steps of the grid."""

    record: Record
    zero: Stamp | None
    counts_from_dose: bool
    start_s: float
    end_s: float
    left: float
    right: float
    grid_s: float
    label_s: float

    def at_s(self, stamp: Stamp) -> float:
        """Return seconds from the zero of this axis to *stamp*."""
        return 0.0 if self.zero is None else self.record.between_s(self.zero, stamp)

    def x(self, at_s: float) -> float:
        """Return the place of that second, kept within the axis."""
        share = (at_s - self.start_s) / (self.end_s - self.start_s)
        return self.left + min(1.0, max(0.0, share)) * (self.right - self.left)

    def line_of(self, seconds: Sequence[float]) -> list[float]:
        """Return the places of many seconds that lie within the axis."""
        per_s = (self.right - self.left) / (self.end_s - self.start_s)
        at_zero = self.left - self.start_s * per_s
        return [at_zero + at_s * per_s for at_s in seconds]

    def holds(self, stamp: Stamp) -> bool:
        """Tell whether that moment is in sight."""
        return self.start_s <= self.at_s(stamp) <= self.end_s

    def x_of(self, stamp: Stamp) -> float:
        """Return the place of that moment, kept within the axis."""
        return self.x(self.at_s(stamp))

    def grid(self) -> Iterator[float]:
        """Give the seconds of the grid lines."""
        return _steps(self.start_s, self.end_s, self.grid_s)

    def labels(self) -> Iterator[float]:
        """Give the seconds that carry a label."""
        return _steps(self.start_s, self.end_s, self.label_s)


def end_of(record: Record, now: Stamp) -> Stamp:
    """Return when the patient left or the session was closed, else *now*."""
    return record.ended or now


def elapsed_text(at_s: float) -> str:
    """Return seconds as h:mm, with a true minus sign before the first dose; whole minutes, never rounded up."""
    hours, minutes = divmod(int(abs(at_s) // 60), 60)
    return f"{MINUS if at_s < 0 and (hours or minutes) else ''}{hours}:{minutes:02}"


def time_axis(record: Record, now: Stamp, left: float, right: float, size: float, view: View | None = None) -> TimeAxis:
    """Return the axis between *left* and *right* that holds all of *record*, or what *view* looks at.

    *size* is that of its labels.
    """
    first = record.first_dose
    zero = first or record.origin
    start_s, end_s = (0.0, SHORTEST_S) if zero is None else _ends(record, zero, now)
    if view is not None:
        start_s, end_s = _part(record, zero, start_s, min(end_s, _until_s(record, zero, now)), view)
    grid_s = _step_s(end_s - start_s, (right - left) / max(5.0, GRID_SHARE * size))
    start_s, end_s = _floor(start_s, grid_s), -_floor(-end_s, grid_s)
    wide = max(text_width(elapsed_text(start_s), size), text_width(elapsed_text(end_s), size)) * 1.5
    label_s = _step_s(end_s - start_s, max(1.0, (right - left) / wide), grid_s)
    return TimeAxis(record, zero, first is not None, start_s, end_s, left, right, grid_s, label_s)


def _ends(record: Record, zero: Stamp, now: Stamp) -> tuple[float, float]:
    """Return the seconds from which to which all of *record* is shown."""
    found = record.seconds_after(zero, record.entries_of(_SHOWN))
    start_s = min([0.0, *found])
    end_s = max([start_s + SHORTEST_S, *found])
    if record.ended is None:
        last_s = max([0.0, *found])
        end_s = max(end_s, min(record.between_s(zero, now), last_s + OPEN_END_S))
    return start_s, end_s


def _until_s(record: Record, zero: Stamp | None, now: Stamp) -> float:
    return 0.0 if zero is None else max(SHORTEST_S, record.between_s(zero, end_of(record, now)))


def _part(record: Record, zero: Stamp | None, start_s: float, end_s: float, view: View) -> tuple[float, float]:
    """Return the seconds that *view* looks at; never less than its length, nor anything before the session."""
    if zero is not None and view.around is not None:
        around_s = record.between_s(zero, view.around)
        if around_s < end_s - view.length_s + LEAST_AFTER_S:
            end_s = around_s + view.length_s / 2
    end_s = max(end_s, start_s + view.length_s)
    return end_s - view.length_s, end_s


def draw_grid(sketch: Sketch, axis: TimeAxis, top: float, bottom: float) -> None:
    """Draw the vertical grid lines; those with a label are drawn as part of the axis by `draw_time_labels`."""
    for at_s in axis.grid():
        sketch.line(axis.x(at_s), top, axis.x(at_s), bottom, Role.GRID)


def draw_time_labels(sketch: Sketch, axis: TimeAxis, y: float, size: float, title: str) -> None:
    """Draw the axis line at *y* with ticks, its title left of it, and the T+ times below."""
    sketch.line(axis.left, y, axis.right, y, Role.AXIS)
    times = [(axis.x(at_s), elapsed_text(at_s)) for at_s in axis.labels()]
    right = axis.left - size * 0.9  # as the titles of the rows above it
    if times:
        right = min(right, times[0][0] - text_width(times[0][1], size) / 2 - size)
    right = max(right, text_width(title, size))
    sketch.label(right, y + size * 1.4, title, size, Anchor.END, Role.TEXT_DIM)
    for x, text in times:
        sketch.line(x, y, x, y + size * 0.4, Role.AXIS)
        if x - text_width(text, size) / 2 > right + size * 0.3:  # else it would run into the title
            sketch.label(x, y + size * 1.4, text, size, Anchor.MIDDLE, Role.TEXT)


def _step_s(span_s: float, most: float, multiple_of_s: float = 0.0) -> float:
    """Return the smallest step of which no more than *most* fit into the span."""
    for minutes in GRID_STEPS_MIN:
        step_s = minutes * 60.0
        if span_s / step_s <= most and (not multiple_of_s or step_s % multiple_of_s == 0):
            return step_s
    step_s = max(GRID_STEPS_MIN[-1] * 60.0, multiple_of_s)
    while span_s / step_s > most:
        step_s *= 2
    return step_s


def _floor(value: float, step: float) -> float:
    return value // step * step


def _steps(start_s: float, end_s: float, step_s: float) -> Iterator[float]:
    number = int(-(-start_s // step_s))
    while number * step_s <= end_s:
        yield number * step_s
        number += 1
