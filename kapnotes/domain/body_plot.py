"""The body's answer: systolic pressure and heart rate as percent from this session's baseline, over a time axis."""

from decimal import Decimal

from kapnotes.domain.entries import Vitals
from kapnotes.domain.figure import MINUS, Anchor, Glyph, Polyline, Role, Sketch, plain, text_width
from kapnotes.domain.record import Record
from kapnotes.domain.series import DIASTOLIC, HEART_RATE, SYSTOLIC, Scale, Series
from kapnotes.domain.thinning import Point, runs_of, signs_of, thinned
from kapnotes.domain.time_axis import TimeAxis
from kapnotes.domain.words import Translate

SMALLEST_RANGE_PERCENT = 20.0
STEP_PERCENT = 20


def draw_body(
    sketch: Sketch, axis: TimeAxis, record: Record, top: float, bottom: float, size: float, translate: Translate
) -> None:
    """Draw both measures between *top* and *bottom*, their names with their baselines above, their highest in figures.

    Where there is no baseline, the plot says so.
    """
    baseline = record.baseline
    measures = [
        (series, name, zero)
        for series, name in (
            (SYSTOLIC, translate("Figure", "systolic pressure")),
            (HEART_RATE, translate("Figure", "heart rate")),
        )
        if (zero := _value(baseline, series)) is not None and zero > 0
    ]
    if not measures or baseline is None:
        text = translate("Figure", "no baseline, so no change to show")
        sketch.label(axis.left + size, (top + bottom) / 2, text, size, Anchor.START, Role.TEXT_DIM)
        return
    found = {series.field: _changes(axis, record, series, float(zero)) for series, _, zero in measures}
    values = [percent for points in found.values() for _, percent, _ in points]
    high = -(-max([SMALLEST_RANGE_PERCENT, *values]) // 10) * 10
    low = min([-SMALLEST_RANGE_PERCENT / 2, *values]) // 10 * 10
    scale = Scale(low, high, top + size * 1.5, bottom)  # with room for a figure above the highest point
    _draw_scale(sketch, axis, scale, size, translate)
    _draw_names(sketch, axis, baseline, measures, top - size * 0.3, size, translate)
    for series, _, _ in measures:
        points = [(x, scale.y(percent)) for x, percent, _ in found[series.field]]
        _draw_change(sketch, axis, series, points, size)
    _name_highest(sketch, found, scale, size, translate)


def _draw_scale(sketch: Sketch, axis: TimeAxis, scale: Scale, size: float, translate: Translate) -> None:
    zero = scale.y(0)
    sketch.line(axis.left, zero, axis.right, zero, Role.BASELINE)
    _title(sketch, axis, zero, translate("Figure", "baseline"), size)
    step = STEP_PERCENT * max(1, round((scale.high - scale.low) / 120))
    for percent in range(int(scale.low // step) * step, int(scale.high) + 1, step):
        if scale.low <= percent <= scale.high and percent:
            sketch.line(axis.left, scale.y(percent), axis.right, scale.y(percent), Role.GRID)
            _title(sketch, axis, scale.y(percent), f"{'+' if percent > 0 else MINUS}{abs(percent)} %", size)


def _title(sketch: Sketch, axis: TimeAxis, y: float, text: str, size: float) -> None:
    sketch.label(axis.left - size * 0.9, y + size * 0.35, text, size, Anchor.END, Role.TEXT_DIM)


def _draw_names(
    sketch: Sketch,
    axis: TimeAxis,
    baseline: Vitals,
    measures: list[tuple[Series, str, Decimal]],
    y: float,
    size: float,
    translate: Translate,
) -> None:
    x = axis.left
    for series, name, zero in measures:
        words = translate("Figure", "{name}, baseline {value} per min")
        value = plain(zero)
        if series is SYSTOLIC:
            words = translate("Figure", "{name}, baseline {value} mmHg")
            lower = _value(baseline, DIASTOLIC)
            value = value if lower is None else f"{value}/{plain(lower)}"
        said = words.format(name=name, value=value)
        if sketch.label(x + size * 1.3, y, said, size, Anchor.START, Role.TEXT_DIM):
            sketch.add(Glyph(x + size * 0.5, y - size * 0.3, series.shape, size * 0.75, series.role))
        x += text_width(said, size) + size * 2.8


_Change = tuple[float, float, str]
"""Place, percent, and the reading in figures."""


def _changes(axis: TimeAxis, record: Record, series: Series, zero: float) -> list[_Change]:
    return [
        (axis.x_of(entry.happened), (float(value) - zero) * 100 / zero, _figures(vitals, series))
        for entry, vitals in record.of(Vitals)
        if (value := _value(vitals, series)) is not None
    ]


def _figures(vitals: Vitals, series: Series) -> str:
    value, lower = _value(vitals, series), _value(vitals, DIASTOLIC)
    said = plain(value) if value is not None else ""
    return f"{said}/{plain(lower)}" if series is SYSTOLIC and lower is not None else said


def _draw_change(sketch: Sketch, axis: TimeAxis, series: Series, points: list[Point], size: float) -> None:
    second = (axis.right - axis.left) / (axis.end_s - axis.start_s)
    for run in runs_of(thinned(points, 1.0), second, 1.0):
        sketch.add(Polyline(tuple(run), series.role))
    for x, y in signs_of(points, size * 0.6):
        sketch.add(Glyph(x, y, series.shape, size * 0.55, series.role))


def _name_highest(
    sketch: Sketch, found: dict[str, list[_Change]], scale: Scale, size: float, translate: Translate
) -> None:
    """Write the highest reading of each measure where it lies above baseline: the higher one above all, one below."""
    drawn = [(x, scale.y(percent)) for changes in found.values() for x, percent, _ in changes]
    highest = [
        (scale.y(change[1]), change[0], field, change[2])
        for field, changes in found.items()
        if changes and (change := max(changes, key=lambda one: one[1]))[1] > 0
    ]
    for place, (_, x, field, said) in enumerate(sorted(highest)):
        words = translate("Figure", "{value}/min").format(value=said) if field == HEART_RATE.field else said
        reach = text_width(words, size * 0.9) / 2 + size
        near = [y for at, y in drawn if abs(at - x) <= reach]
        above, below = min(near) - size * 0.55, max(near) + size * 1.2
        for y in (above, below) if place == 0 else (below, above):
            if sketch.label(x, y, words, size * 0.9, Anchor.MIDDLE):
                break


def _value(vitals: Vitals | None, series: Series) -> Decimal | None:
    value: Decimal | None = getattr(vitals, series.field, None)
    return value
