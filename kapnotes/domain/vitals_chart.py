"""The vitals chart: blood pressure, heart rate, SpO₂ and doses over one time axis, as plain geometry."""

from decimal import Decimal
from typing import NamedTuple

from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import Dose, NotTaken, Vitals
from kapnotes.domain.figure import Anchor, Figure, Glyph, Polyline, Rect, Role, Shape, Sketch, text_width
from kapnotes.domain.monitor_row import draw_monitor, is_from_monitor
from kapnotes.domain.record import Record
from kapnotes.domain.schedule import missed_slots_s
from kapnotes.domain.thinning import Point, runs_of, signs_of, thinned
from kapnotes.domain.time_axis import TimeAxis, draw_grid, draw_time_labels, end_of, time_axis
from kapnotes.domain.words import Translate

SMALLEST = (160.0, 100.0)
"""A rectangle smaller than this stays empty."""

USUAL_RANGE = (40.0, 180.0)
USUAL_SPO2 = (90.0, 100.0)


class Series(NamedTuple):
    """One measure of the chart: its field in `Vitals`, its sign and its meaning."""

    field: str
    shape: Shape
    role: Role


SYSTOLIC = Series("systolic_mmhg", Shape.CHEVRON_DOWN, Role.SYSTOLIC)
DIASTOLIC = Series("diastolic_mmhg", Shape.CHEVRON_UP, Role.DIASTOLIC)
HEART_RATE = Series("heart_rate_bpm", Shape.DOT, Role.HEART_RATE)
SPO2 = Series("spo2_percent", Shape.RING, Role.SPO2)


class Scale(NamedTuple):
    """Values onto y: `low` stands at `bottom`, `high` at `top`."""

    low: float
    high: float
    top: float
    bottom: float

    def y(self, value: float) -> float:
        """Return the place of that value, kept within."""
        share = (value - self.low) / (self.high - self.low)
        return self.bottom - min(1.0, max(0.0, share)) * (self.bottom - self.top)


def text_size(width: float, height: float) -> float:
    """Return the font size that suits a figure of that size."""
    return max(6.5, min(width / 64, height / 22, 12.0))


def left_margin(titles: list[str], width: float, size: float) -> float:
    """Return the room that the titles need left of the axis, a fifth of the width at most."""
    return min(width * 0.2, max(text_width(title, size) for title in titles) + size * 1.8)


def vitals_chart(record: Record, width: float, height: float, now: Stamp, translate: Translate) -> Figure:
    """Return the chart of *record* up to *now*.

    A symbol stands at every reading, or at the lowest and highest of each column where they are too dense. Readings
    outside the protocol stand in a square; sets that were not taken are crosses, slots without any entry are dashes.
    """
    sketch = Sketch(width, height)
    if width < SMALLEST[0] or height < SMALLEST[1]:
        return sketch.figure()
    _Chart(record, sketch, now, translate).draw()
    return sketch.figure()


class _Chart:
    """The parts of one chart, drawn from the back to the front."""

    def __init__(self, record: Record, sketch: Sketch, now: Stamp, translate: Translate) -> None:
        self._record = record
        self._sketch = sketch
        self._now = now
        self.translate = translate
        self._size = text_size(sketch.width, sketch.height)
        self._limits = record.protocol.limits if record.protocol is not None else {}
        self._vitals = record.of(Vitals)
        self._doses = record.of(Dose)
        self._not_taken = record.of(NotTaken)
        self._missed_s = missed_slots_s(record, end_of(record, now))
        self._rows = self._strip_rows()
        self._axis = self._make_axis()
        self._lay_out()

    def _strip_rows(self) -> list[tuple[str, str]]:
        rows = [("dose", self.translate("Figure", "dose"))]
        if any(dose.is_rescue for _, dose in self._doses):
            rows.append(("rescue", self.translate("Figure", "rescue")))
        if is_from_monitor(self._record):
            rows.append(("monitor", self.translate("Figure", "monitor")))
        if self._not_taken or self._missed_s:
            rows.append(("not taken", self.translate("Figure", "not taken")))
        return rows

    def _make_axis(self) -> TimeAxis:
        titles = [text for _, text in self._rows] + [self._axis_title()]
        left = left_margin(titles, self._sketch.width, self._size)
        right = self._sketch.width - self._size * (4.2 if self._limits else 1.2)
        return time_axis(self._record, self._now, left, right, self._size)

    def _axis_title(self) -> str:
        return self.translate("Figure", "T+ h:mm")

    def _lay_out(self) -> None:
        size, height = self._size, self._sketch.height
        top = 2.1 * size
        self._axis_y = height - 1.8 * size
        self._row_height = 1.95 * size
        self._rows_top = self._axis_y - self._row_height * len(self._rows)
        plot_bottom = self._rows_top - 0.5 * size
        strip = max(2.6 * size, 0.13 * height)
        self._spo2_scale = self._scale([SPO2], USUAL_SPO2, 5, top, top + strip)
        plot_top = top + (strip + 1.7 * size if self._has_spo2() else 0.0)
        self._scale_main = self._scale([SYSTOLIC, DIASTOLIC, HEART_RATE], USUAL_RANGE, 20, plot_top, plot_bottom)

    def _has_spo2(self) -> bool:
        protocol = self._record.protocol
        is_asked = protocol is None or "spo2" in protocol.measure
        return is_asked or any(vitals.spo2_percent is not None for _, vitals in self._vitals)

    def _scale(self, series: list[Series], usual: tuple[float, float], step: float, top: float, bottom: float) -> Scale:
        values = [
            float(value)
            for _, vitals in self._vitals
            for one in series
            if (value := getattr(vitals, one.field)) is not None
        ]
        low, high = min([usual[0], *values]), max([usual[1], *values])
        if high > usual[1]:
            high += step / 4
        return Scale(low // step * step, -(-high // step) * step, top, max(bottom, top + 1.0))

    # ---------------------------------------------------------------------------------------------- drawing

    def draw(self) -> None:
        self._draw_bands()
        if self._has_spo2():
            draw_grid(self._sketch, self._axis, self._spo2_scale.top, self._spo2_scale.bottom)
            self._draw_scale(self._spo2_scale, 5, self.translate("Figure", "SpO₂ %"))
        draw_grid(self._sketch, self._axis, self._scale_main.top, self._axis_y)
        self._draw_scale(self._scale_main, 20, self.translate("Figure", "mmHg and /min"))
        self._draw_legend()
        self._draw_brackets()
        if not self._vitals:
            self._draw_empty()
        for series, scale in (
            (HEART_RATE, self._scale_main),
            (DIASTOLIC, self._scale_main),
            (SYSTOLIC, self._scale_main),
            (SPO2, self._spo2_scale),
        ):
            self._draw_series(series, scale)
        self._draw_rows()
        draw_time_labels(self._sketch, self._axis, self._axis_y, self._size, self._axis_title())

    def _draw_bands(self) -> None:
        """Shade what is outside for the systolic above, the diastolic below, and SpO₂ below."""
        axis, scale = self._axis, self._scale_main
        wide = axis.right - axis.left
        systolic, diastolic = self._limits.get(SYSTOLIC.field), self._limits.get(DIASTOLIC.field)
        spo2 = self._limits.get(SPO2.field)
        if systolic is not None:
            y = scale.y(float(systolic.high))
            self._sketch.add(Rect(axis.left, scale.top, wide, y - scale.top, Role.LIMIT_BAND))
        if diastolic is not None:
            y = scale.y(float(diastolic.low))
            self._sketch.add(Rect(axis.left, y, wide, scale.bottom - y, Role.LIMIT_BAND))
        if spo2 is not None and self._has_spo2():
            y = self._spo2_scale.y(float(spo2.low))
            self._sketch.add(Rect(axis.left, y, wide, self._spo2_scale.bottom - y, Role.LIMIT_BAND))

    def _draw_scale(self, scale: Scale, step: float, title: str) -> None:
        size, axis = self._size, self._axis
        while (scale.bottom - scale.top) / ((scale.high - scale.low) / step) < 1.25 * size:
            step *= 2
        value = -(-scale.low // step) * step
        while value <= scale.high:
            y = scale.y(value)
            self._sketch.line(axis.left, y, axis.right, y, Role.GRID)
            self._sketch.label(axis.left - size * 0.6, y + size * 0.35, f"{value:.0f}", size, Anchor.END)
            value += step
        self._sketch.line(axis.left, scale.top, axis.left, scale.bottom, Role.AXIS)
        self._sketch.label(axis.left, scale.top - size * 0.5, title, size, Anchor.START, Role.TEXT_DIM)

    def _draw_legend(self) -> None:
        """Say what each sign means, from the left as far as the width goes."""
        size = self._size
        items: list[tuple[Series, str]] = [
            (SYSTOLIC, self.translate("Figure", "systolic")),
            (DIASTOLIC, self.translate("Figure", "diastolic")),
            (HEART_RATE, self.translate("Figure", "heart rate")),
        ]
        if self._has_spo2():
            items.append((SPO2, self.translate("Figure", "SpO₂")))
        if self._limits:
            outside = Series("", Shape.SQUARE, Role.OUT_OF_PROTOCOL)
            items.append((outside, self.translate("Figure", "outside the protocol")))
        if self._not_taken:
            items.append((Series("", Shape.CROSS, Role.NOT_TAKEN), self.translate("Figure", "not taken")))
        if self._missed_s:
            items.append((Series("", Shape.DASH, Role.GAP), self.translate("Figure", "no entry")))
        y = size * 1.1
        right = self._sketch.width - size * 0.2
        x = max(self._axis.left + size * 5, right - sum(text_width(text, size) + size * 2 for _, text in items))
        for series, text in items:
            if x + size * 1.4 + text_width(text, size) <= right:
                if self._sketch.label(x + size * 1.3, y, text, size, Anchor.START, Role.TEXT_DIM):
                    glyph = Glyph(x + size * 0.6, y - size * 0.3, series.shape, size * 0.8, series.role)
                    self._sketch.add(glyph)
                x += text_width(text, size) + size * 2

    def _draw_brackets(self) -> None:
        """Draw each measure's range of the protocol right of the plot, under its sign."""
        x = self._axis.right + self._size * 0.9
        for series in (SYSTOLIC, DIASTOLIC, HEART_RATE):
            limit = self._limits.get(series.field)
            if limit is None:
                continue
            high, low = self._scale_main.y(float(limit.high)), self._scale_main.y(float(limit.low))
            reach = self._size * 0.25
            points = ((x - reach, high), (x + reach, high), (x, high), (x, low), (x - reach, low), (x + reach, low))
            self._sketch.add(Polyline(points, series.role))
            y = max(self._size * 0.5, high - self._size * 0.7)
            self._sketch.add(Glyph(x, y, series.shape, self._size * 0.7, series.role))
            x += self._size * 1.15
        if x > self._axis.right + self._size * 0.9:
            end = self._sketch.width - self._size * 0.2
            words = self.translate("Figure", "limits")
            y = self._scale_main.top - self._size * 0.5
            self._sketch.label(end, y, words, self._size, Anchor.END, Role.TEXT_DIM)

    def _draw_empty(self) -> None:
        scale = self._scale_main
        self._sketch.label(
            (self._axis.left + self._axis.right) / 2,
            (scale.top + scale.bottom) / 2,
            self.translate("Figure", "no vital signs yet"),
            self._size * 1.2,
            Anchor.MIDDLE,
            Role.TEXT_DIM,
        )

    def _draw_series(self, series: Series, scale: Scale) -> None:
        limit = self._limits.get(series.field)
        points: list[Point] = []
        outside: set[Point] = set()
        for entry, vitals in self._vitals:
            value: Decimal | None = getattr(vitals, series.field)
            if value is not None:
                point = (self._axis.x_of(entry.happened), scale.y(float(value)))
                points.append(point)
                if limit is not None and not limit.holds(value):
                    outside.add(point)
        second = (self._axis.right - self._axis.left) / (self._axis.end_s - self._axis.start_s)
        for run in runs_of(thinned(points, 1.0), second, 1.0):
            self._sketch.add(Polyline(tuple(run), series.role))
        signed = signs_of(points, self._size * 0.6)
        columns = (self._axis.right - self._axis.left) / (self._size * 0.6)
        small = 0.55 if len(signed) > columns * 0.8 else 0.85
        for x, y in signed:
            self._sketch.add(Glyph(x, y, series.shape, self._size * small, series.role))
            if (x, y) in outside:
                self._sketch.add(Glyph(x, y, Shape.SQUARE, self._size * (small + 0.45), Role.OUT_OF_PROTOCOL))

    # ----------------------------------------------------------------------------------------- strip of rows

    def _draw_rows(self) -> None:
        for index, (kind, title) in enumerate(self._rows):
            top = self._rows_top + index * self._row_height
            base = top + self._row_height - self._size * 0.5
            self._sketch.line(self._axis.left, top, self._axis.right, top, Role.AXIS)
            self._sketch.label(self._axis.left - self._size * 0.9, base, title, self._size, Anchor.END, Role.TEXT_DIM)
            if kind == "not taken":
                self._draw_not_taken(top + self._row_height / 2, base)
            elif kind == "monitor":
                draw_monitor(self._sketch, self._axis, self._record, top + self._row_height / 2, self._size)
            else:
                draw_doses(self._sketch, self._axis, self._record, end_of(self._record, self._now), kind == "rescue",
                           top, self._row_height, self._size, self.translate)  # fmt: skip

    def _draw_not_taken(self, y: float, base: float) -> None:
        size = self._size
        crosses = [(self._axis.x_of(entry.happened), 0.0) for entry, _ in self._not_taken]
        dashes = [(self._axis.x(at_s), 0.0) for at_s in self._missed_s]
        for x, _ in signs_of(crosses, size * 0.6):
            self._sketch.add(Glyph(x, y, Shape.CROSS, size * 0.85, Role.NOT_TAKEN))
            self._sketch.keep_free(x - size * 0.5, y - size * 0.5, x + size * 0.5, y + size * 0.5)
        for x, _ in signs_of(dashes, size * 0.6):
            self._sketch.add(Glyph(x, y, Shape.DASH, size * 0.85, Role.GAP))
            self._sketch.keep_free(x - size * 0.5, y - size * 0.5, x + size * 0.5, y + size * 0.5)
        if len(self._not_taken) <= 40:
            for entry, body in self._not_taken:
                x = self._axis.x_of(entry.happened) + size * 0.7
                self._sketch.label(x, base, reason_text(body, self.translate), size * 0.9)


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
    bottom, base = top + height, top + height - size * 0.75
    role = Role.RESCUE if rescue else Role.DOSE
    if not rescue:
        for x1, x2 in _joined([(axis.x_of(one.start), axis.x_of(one.stop)) for one in record.segments(until)]):
            sketch.add(Rect(x1, bottom - size * 0.55, max(0.5, x2 - x1), size * 0.4, role))
    doses = [(axis.x_of(entry.happened), dose) for entry, dose in record.of(Dose) if dose.is_rescue is rescue]
    for x, _ in signs_of([(x, 0.0) for x, _ in doses], size * 0.3):
        sketch.add(Glyph(x, bottom - size * 0.55, Shape.TICK, size * 0.9, role))
    for x, dose in doses[:60]:
        words = translate("Figure", "{drug} {amount} mg") if rescue else translate("Figure", "{amount} mg")
        sketch.label(x + size * 0.3, base, words.format(drug=dose.drug, amount=plain(dose.dose_mg)), size * 0.9)
    if not rescue:
        for segment in record.segments(until)[:60]:
            words = translate("Figure", "{rate} mg/min").format(rate=plain(segment.infusion.rate_mg_per_min))
            sketch.label(axis.x_of(segment.start) + size * 0.3, base, words, size * 0.9)


def _joined(bars: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return one bar for all that begin in the same unit of width."""
    joined: dict[int, tuple[float, float]] = {}
    for x1, x2 in bars:
        before = joined.get(int(x1), (x1, x2))
        joined[int(x1)] = (min(before[0], x1), max(before[1], x2))
    return list(joined.values())


def plain(value: Decimal) -> str:
    """Return a decimal without trailing zeros and without an exponent."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def reason_text(body: NotTaken, translate: Translate) -> str:
    """Return why a set was not taken, in words."""
    return {
        "asleep": translate("Figure", "asleep"),
        "inward": translate("Figure", "inward"),
        "refused": translate("Figure", "refused"),
        "equipment": translate("Figure", "equipment"),
    }[body.reason]
