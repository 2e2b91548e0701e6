"""The phases of the route's ribbon over a time axis: on the timeline as blocks, on the vitals chart as a thin band."""

from bisect import bisect_right
from typing import NamedTuple

from kapnotes.domain.figure import Anchor, Rect, Role, Sketch, text_width
from kapnotes.domain.record import Record
from kapnotes.domain.time_axis import TimeAxis
from kapnotes.domain.words import Translate


class PhaseSpan(NamedTuple):
    """One phase in seconds of the axis; `share` is the height of its block, the nearer the peak the higher."""

    start_s: float
    end_s: float
    name: str
    share: float


def phases_of(axis: TimeAxis, translate: Translate) -> list[PhaseSpan]:
    """Return the phases by the protocol of the session; before the first dose all of it is preparation."""
    preparation = translate("Figure", "preparation")
    protocol = axis.record.protocol
    if protocol is None or not axis.counts_from_dose:
        return [PhaseSpan(axis.start_s, axis.end_s, preparation, 0.6)]
    onset, peak, back, recovery = (minute * 60.0 for minute in protocol.phases_min)
    return [
        PhaseSpan(axis.start_s, onset, preparation, 0.6),
        PhaseSpan(onset, peak, translate("Figure", "onset"), 0.8),
        PhaseSpan(peak, back, translate("Figure", "peak"), 1.0),
        PhaseSpan(back, recovery, translate("Figure", "return"), 0.8),
        PhaseSpan(recovery, max(axis.end_s, recovery), translate("Figure", "recovery"), 0.6),
    ]


def phase_at(record: Record, at_s: float, translate: Translate) -> str:
    """Return the name of the phase in which that second after the first dose lies; nothing without a protocol."""
    protocol = record.protocol
    if protocol is None:
        return ""
    names = (
        translate("Figure", "preparation"),
        translate("Figure", "onset"),
        translate("Figure", "peak"),
        translate("Figure", "return"),
        translate("Figure", "recovery"),
    )
    return names[bisect_right([minute * 60.0 for minute in protocol.phases_min], at_s)]


def draw_phase_blocks(sketch: Sketch, axis: TimeAxis, top: float, height: float, size: float, tr: Translate) -> None:
    """Draw each phase as a block with its name in it."""
    bottom = top + height
    for phase, x1, x2 in _in_sight(axis, tr):
        high = height * phase.share
        sketch.add(Rect(x1 + 0.4, bottom - high, max(0.1, x2 - x1 - 0.8), high, Role.PHASE))
        if text_width(phase.name, size) <= x2 - x1 - size * 0.4:
            sketch.label((x1 + x2) / 2, bottom - size * 0.55, phase.name, size, Anchor.MIDDLE)


def draw_phase_band(sketch: Sketch, axis: TimeAxis, y: float, size: float, tr: Translate) -> None:
    """Draw each phase as a thin line above *y*, the nearer the peak the thicker, with its name above where it fits."""
    for phase, x1, x2 in _in_sight(axis, tr):
        high = size * 0.4 * phase.share**2
        sketch.add(Rect(x1 + 0.6, y - high, max(0.1, x2 - x1 - 1.2), high, Role.STATE))
        wide = text_width(phase.name, size * 0.9)
        if wide <= x2 - x1 - size * 0.4:
            middle, base = (x1 + x2) / 2, y - size * 0.72
            is_there = sketch.label(middle, base, phase.name, size * 0.9, Anchor.MIDDLE, Role.TEXT_DIM)
            if not is_there:  # the name of the scale stands left above the plot
                sketch.label(x2 - size * 0.3, base, phase.name, size * 0.9, Anchor.END, Role.TEXT_DIM)


def _in_sight(axis: TimeAxis, translate: Translate) -> list[tuple[PhaseSpan, float, float]]:
    placed = [(phase, axis.x(phase.start_s), axis.x(phase.end_s)) for phase in phases_of(axis, translate)]
    return [(phase, x1, x2) for phase, x1, x2 in placed if x2 - x1 >= 0.5]
