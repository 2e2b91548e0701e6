"""The row below the chart that tells through which times readings came from a monitor."""

from itertools import pairwise

from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import TakenBy, Vitals
from kapnotes.domain.figure import Rect, Role, Sketch
from kapnotes.domain.record import Record
from kapnotes.domain.time_axis import TimeAxis

GAP_S = 600.0
"""Readings of a monitor further apart than this are two stretches."""


def is_from_monitor(record: Record) -> bool:
    """Tell whether any standing reading came from a monitor."""
    return any(vitals.taken_by is TakenBy.MONITOR for _, vitals in record.of(Vitals))


def draw_monitor(sketch: Sketch, axis: TimeAxis, record: Record, y: float, size: float) -> None:
    """Draw a bar at *y* through each stretch of time in which readings came from a monitor."""
    for begin, end in monitor_stretches(record):
        x1, x2 = axis.x_of(begin), axis.x_of(end)
        sketch.add(Rect(x1 - size * 0.15, y - size * 0.06, x2 - x1 + size * 0.3, size * 0.12, Role.TEXT_DIM))


def monitor_stretches(record: Record) -> list[tuple[Stamp, Stamp]]:
    """Return from when to when a monitor was read without a gap, in the order of time."""
    entries = [entry for entry, vitals in record.of(Vitals) if vitals.taken_by is TakenBy.MONITOR]
    if not entries:
        return []
    at_s = record.seconds_after(entries[0].happened, entries)
    behind = [index for index, (one, next_) in enumerate(pairwise(at_s), 1) if next_ - one > GAP_S]
    return [
        (entries[first].happened, entries[last - 1].happened) for first, last in pairwise([0, *behind, len(entries)])
    ]
