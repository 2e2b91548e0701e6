"""The row of what was given: doses as ticks; the infusion as a bar, its height the rate, and a gap where it paused."""

from itertools import pairwise

from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import Dose
from kapnotes.domain.figure import Glyph, Polyline, Rect, Role, Shape, Sketch, plain, text_width
from kapnotes.domain.infusion import Segment
from kapnotes.domain.record import Record
from kapnotes.domain.thinning import signs_of
from kapnotes.domain.time_axis import TimeAxis
from kapnotes.domain.words import Translate

MOST_NAMED = 60
"""Doses, and rates, that carry their amount in figures; of more nobody could read them."""

WORDS_SHARE = 1.2
"""So many sizes of type the figures take above the bars."""


def draw_doses(
    sketch: Sketch,
    axis: TimeAxis,
    record: Record,
    until: Stamp,
    rescue: bool,
    top: float,
    height: float,
    size: float,
    translate: Translate,
) -> None:
    """Draw the doses (or the rescue drugs) as ticks and the infusion as a bar into the row below *top*."""
    bottom, base = top + height, top + size * 0.95
    role = Role.RESCUE if rescue else Role.DOSE
    segments = [] if rescue else [one for one in record.segments(until) if _is_in_sight(axis, one)]
    _draw_infusion(sketch, axis, segments, bottom - size * 0.15, height - size * WORDS_SHARE - size * 0.15)
    doses = [
        (axis.x_of(entry.happened), dose)
        for entry, dose in record.of(Dose)
        if dose.is_rescue is rescue and axis.holds(entry.happened)
    ]
    for x, _ in signs_of([(x, 0.0) for x, _ in doses], size * 0.3):
        sketch.add(Glyph(x, bottom - size * 0.55, Shape.TICK, size * 0.9, role))
    for x, dose in doses[:MOST_NAMED]:
        words = translate("Figure", "{drug} {amount} mg") if rescue else translate("Figure", "{amount} mg")
        sketch.label(x + size * 0.3, base, words.format(drug=dose.drug, amount=plain(dose.dose_mg)), size * 0.9)
    _name_rates(sketch, axis, segments[:MOST_NAMED], base, size, translate)


def _name_rates(
    sketch: Sketch, axis: TimeAxis, segments: list[Segment], base: float, size: float, translate: Translate
) -> None:
    """Write each rate above its stretch, without its unit where the next one begins too soon."""
    starts = [axis.x_of(one.start) for one in segments]
    for one, (x, next_x) in zip(segments, pairwise([*starts, sketch.width]), strict=True):
        rate = plain(one.infusion.rate_mg_per_min)
        words = translate("Figure", "{rate} mg/min").format(rate=rate)
        is_room = text_width(words, size * 0.9) < next_x - x
        sketch.label(x + size * 0.3, base, words if is_room else rate, size * 0.9)


def _is_in_sight(axis: TimeAxis, segment: Segment) -> bool:
    return axis.at_s(segment.start) <= axis.end_s and axis.at_s(segment.stop) >= axis.start_s


def _draw_infusion(sketch: Sketch, axis: TimeAxis, segments: list[Segment], bottom: float, room: float) -> None:
    """Draw a bar for each stretch at one rate, as high as the rate beside the highest, and their outline as steps."""
    highest = max((float(one.infusion.rate_mg_per_min) for one in segments), default=0.0)
    bars: dict[int, Rect] = {}
    for one in segments:
        x1, x2 = axis.x_of(one.start), axis.x_of(one.stop)
        high = room * max(0.15, float(one.infusion.rate_mg_per_min) / highest)
        before = bars.get(int(x1))
        if before is not None:  # two that begin in the same unit of width are one bar
            x1, x2, high = before.x, max(x2, before.x + before.w), max(high, before.h)
        bars[int(x1)] = Rect(x1, bottom - high, max(0.5, x2 - x1), high, Role.INFUSION)
    for bar in bars.values():
        sketch.add(bar)
    _draw_outline(sketch, list(bars.values()), bottom)


def _draw_outline(sketch: Sketch, bars: list[Rect], bottom: float) -> None:
    runs: list[list[Rect]] = [bars[:1]]
    for before, bar in pairwise(bars):
        if bar.x - before.x - before.w > 0.5:
            runs.append([])
        runs[-1].append(bar)
    for run in filter(None, runs):
        corners = [corner for bar in run for corner in ((bar.x, bar.y), (bar.x + bar.w, bar.y))]
        points = ((run[0].x, bottom), *corners, (corners[-1][0], bottom))
        sketch.add(Polyline(points, Role.RATE))
