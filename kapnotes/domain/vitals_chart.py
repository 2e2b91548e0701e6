"""The vitals chart: blood pressure, heart rate, SpO₂ and doses over one time axis, as plain geometry."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from kapnotes.domain.chart_legend import draw_legend
from kapnotes.domain.clock import Stamp
from kapnotes.domain.dose_row import draw_doses
from kapnotes.domain.emergency_timeline import running
from kapnotes.domain.entries import Dose, Entry, Infusion, NotTaken, Vitals
from kapnotes.domain.event_row import draw_events, has_emergency, has_events
from kapnotes.domain.figure import Anchor, AnyShape, Figure, Glyph, Polyline, Rect, Role, Shape, Sketch, text_width
from kapnotes.domain.monitor_row import draw_monitor, is_from_monitor
from kapnotes.domain.phase_row import draw_phase_band
from kapnotes.domain.record import Record
from kapnotes.domain.schedule import missed_slots_s
from kapnotes.domain.series import DIASTOLIC, HEART_RATE, SPO2, SYSTOLIC, Scale, Series
from kapnotes.domain.thinning import Point, runs_of, signs_of, thinned
from kapnotes.domain.time_axis import TimeAxis, View, draw_grid, draw_time_labels, end_of, time_axis
from kapnotes.domain.trend import Trend
from kapnotes.domain.words import Translate

SMALLEST = (160.0, 100.0)
"""A rectangle smaller than this stays empty."""

USUAL_RANGE = (40.0, 180.0)
USUAL_SPO2 = (90.0, 100.0)

DENSE = 4
"""Where signs would touch each other, so many columns share two of them: a band of signs is bright and says less.
Readings outside the protocol keep theirs."""

LEAST_PLOT = 6.5
"""Sizes of type that the pressures keep; a row of events that would take of it is left out, unless it must be there."""


def text_size(width: float, height: float) -> float:
    """Return the font size that suits a figure of that size."""
    return max(6.5, min(width / 64, height / 22, 12.0))


def left_margin(titles: list[str], width: float, size: float) -> float:
    """Return the room that the titles need left of the axis, a fifth of the width at most."""
    return min(width * 0.2, max(text_width(title, size) for title in titles) + size * 1.8)


def vitals_chart(
    record: Record, width: float, height: float, now: Stamp, translate: Translate, view: View | None = None
) -> Figure:
    """Return the chart of *record* up to *now*, or of the part of it that *view* looks at; see `VitalsChart`."""
    return VitalsChart(record, width, height, now, translate, view).figure()


class _Row(NamedTuple):
    """One row of the strip below the plot, and how many sizes of type it is high."""

    kind: str
    title: str
    rows: float = 1.65


class VitalsChart:
    """One chart, and the cursor on it.

    A symbol stands at every reading, or at the lowest and highest of a few columns where they are too dense. Readings
    outside the protocol stand in a square; sets that were not taken are crosses, slots without any entry are dashes.
    """

    def __init__(
        self, record: Record, width: float, height: float, now: Stamp, translate: Translate, view: View | None = None
    ) -> None:
        self._is_empty = width < SMALLEST[0] or height < SMALLEST[1]
        self._sketch = sketch = Sketch(width, height)
        if self._is_empty:
            return
        self._record = record
        self._now = now
        self._view = view
        self.translate = translate
        self._size = text_size(sketch.width, sketch.height)
        self._limits = record.protocol.limits if record.protocol is not None else {}
        self._not_taken = record.of(NotTaken)
        self._missed_s = missed_slots_s(record, end_of(record, now))
        self._rows = self._strip_rows()
        self._axis = self._make_axis()
        self._trend = Trend(record.of(Vitals), self._axis)
        self._lay_out()

    def figure(self) -> Figure:
        """Return the whole chart."""
        shapes = tuple(shape for shape in self.shapes() if shape is not None)
        return Figure(self._sketch.width, self._sketch.height, shapes)

    def shapes(self) -> Iterator[AnyShape | None]:
        """Give the shapes from the back to the front, each part computed when it is asked for, and None behind it.

        Nobody waits for a day's readings to be laid out before the first line is drawn, and a key can come in between.
        """
        for draw in () if self._is_empty else self._parts():
            draw()
            yield from self._sketch.fresh()
            yield None

    def is_past(self, now: Stamp, step: float) -> bool:
        """Tell whether the chart would be another one at *now* although nothing was entered.

        That is so where the axis goes on, a slot was missed, or an infusion or an emergency that goes on reaches *step*
        further.
        """
        if self._is_empty:
            return False
        record, until = self._record, end_of(self._record, now)
        axis = time_axis(record, now, self._axis.left, self._axis.right, self._size, self._view)
        if axis != self._axis or missed_slots_s(record, until) != self._missed_s:
            return True
        goes_on = record.infusion_is_running or running(record) is not None
        return goes_on and axis.x_of(until) - axis.x_of(end_of(record, self._now)) >= step

    def cursor(self, entry: Entry) -> Figure:
        """Return what stands over the chart where the cursor is on the reading *entry*."""
        over = Sketch(self._sketch.width, self._sketch.height)
        if self._is_empty or not isinstance(entry.body, Vitals) or not self._axis.holds(entry.happened):
            return over.figure()
        x, size = self._axis.x_of(entry.happened), self._size
        over.line(x, size * 0.4, x, self._axis_y, Role.CURSOR)
        over.add(Rect(x - size * 0.35, self._axis_y, size * 0.7, size * 0.35, Role.CURSOR))
        for series in (SYSTOLIC, DIASTOLIC, HEART_RATE, SPO2):
            value = getattr(entry.body, series.field)
            if value is not None:
                scale = self._spo2_scale if series is SPO2 else self._scale_main
                over.add(Glyph(x, scale.y(float(value)), Shape.RING, size * 1.7, Role.CURSOR))
        return over.figure()

    # -------------------------------------------------------------------------------------------- laying out

    def _strip_rows(self) -> list[_Row]:
        record = self._record
        rows = [_Row("dose", self.translate("Figure", "dose"), 2.5 if record.newest(Infusion) is not None else 1.65)]
        if any(dose.is_rescue for _, dose in record.of(Dose)):
            rows.append(_Row("rescue", self.translate("Figure", "rescue")))
        if is_from_monitor(record):
            rows.append(_Row("monitor", self.translate("Figure", "monitor")))
        if self._not_taken or self._missed_s:
            rows.append(_Row("not taken", self.translate("Figure", "not taken")))
        if has_emergency(record) or (has_events(record) and self._has_room_beside(rows)):
            rows.append(_Row("events", self.translate("Figure", "events")))
        return rows

    def _has_room_beside(self, rows: list[_Row]) -> bool:
        """Tell whether one more row leaves the pressures enough."""
        size, height = self._size, self._sketch.height
        taken = sum(row.rows for row in rows) + 1.65 + 1.8 + 0.5 + 2.1 + 2.2
        return height - max(2.6 * size, 0.13 * height) - taken * size >= LEAST_PLOT * size

    def _make_axis(self) -> TimeAxis:
        titles = [row.title for row in self._rows] + [self._axis_title()]
        left = left_margin(titles, self._sketch.width, self._size)
        right = self._sketch.width - self._size * (4.2 if self._limits else 1.2)
        return time_axis(self._record, self._now, left, right, self._size, self._view)

    def _axis_title(self) -> str:
        translate = self.translate
        return translate("Figure", "h:mm") if self._record.first_dose is None else translate("Figure", "T+ h:mm")

    def _lay_out(self) -> None:
        size, height = self._size, self._sketch.height
        top = 2.1 * size
        self._axis_y = height - 1.8 * size
        self._rows_top = self._axis_y - size * sum(row.rows for row in self._rows)
        plot_bottom = self._rows_top - 0.5 * size
        strip = max(2.6 * size, 0.13 * height)
        self._spo2_scale = self._scale([SPO2], USUAL_SPO2, 5, top, top + strip)
        plot_top = top + (strip + 2.1 * size if self._has_spo2() else 1.3 * size)
        self._scale_main = self._scale([SYSTOLIC, DIASTOLIC, HEART_RATE], USUAL_RANGE, 20, plot_top, plot_bottom)

    def _has_spo2(self) -> bool:
        protocol = self._record.protocol
        is_asked = protocol is None or "spo2" in protocol.measure
        return is_asked or self._trend.range_of([SPO2.field]) is not None

    def _scale(self, series: list[Series], usual: tuple[float, float], step: float, top: float, bottom: float) -> Scale:
        measured = self._trend.range_of([one.field for one in series]) or usual
        low, high = min(usual[0], measured[0]), max(usual[1], measured[1])
        if high > usual[1]:
            high += step / 4
        return Scale(low // step * step, -(-high // step) * step, top, max(bottom, top + 1.0))

    # ---------------------------------------------------------------------------------------------- drawing

    def _parts(self) -> tuple[Callable[[], None], ...]:
        """Return what draws each part, from the back to the front."""
        main = self._scale_main
        drawn = ((HEART_RATE, main), (DIASTOLIC, main), (SYSTOLIC, main), (SPO2, self._spo2_scale))
        series = (partial(draw, *one) for one in drawn for draw in (self._draw_line, self._draw_signs))
        return (
            self._draw_ground,
            *series,
            self._draw_rows,
            partial(draw_time_labels, self._sketch, self._axis, self._axis_y, self._size, self._axis_title()),
        )

    def _draw_ground(self) -> None:
        self._draw_bands()
        if self._has_spo2():
            draw_grid(self._sketch, self._axis, self._spo2_scale.top, self._spo2_scale.bottom)
            self._draw_scale(self._spo2_scale, 5, self.translate("Figure", "SpO₂ %"))
        draw_grid(self._sketch, self._axis, self._scale_main.top, self._axis_y)
        self._draw_scale(self._scale_main, 20, self.translate("Figure", "mmHg and /min"))
        self._draw_brackets()
        draw_legend(self._sketch, self._axis.left, self._size, self._legend(), self.translate)
        draw_phase_band(self._sketch, self._axis, self._scale_main.top, self._size, self.translate)
        if self._trend.is_empty:
            self._draw_empty()

    def _legend(self) -> frozenset[str]:
        """Return which signs are on this chart beyond those of the pressures and the heart rate."""
        shown = {row.kind for row in self._rows}
        there = {
            "spo2": self._has_spo2(),
            "outside": bool(self._limits),
            "not taken": bool(self._not_taken),
            "missed": bool(self._missed_s),
            "events": "events" in shown,
        }
        return frozenset(name for name, is_there in there.items() if is_there)

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
        self._sketch.label(axis.left, scale.top - size * 0.72, title, size, Anchor.START, Role.TEXT_DIM)

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
            y = self._scale_main.top - self._size * 0.72
            self._sketch.label(end, y, words, self._size, Anchor.END, Role.TEXT_DIM)

    def _draw_empty(self) -> None:
        scale = self._scale_main
        is_part = self._record.newest(Vitals) is not None
        words = self.translate("Figure", "no vital signs in this hour") if is_part else ""
        self._sketch.label(
            (self._axis.left + self._axis.right) / 2,
            (scale.top + scale.bottom) / 2,
            words or self.translate("Figure", "no vital signs yet"),
            self._size * 1.2,
            Anchor.MIDDLE,
            Role.TEXT_DIM,
        )

    def _draw_line(self, series: Series, scale: Scale) -> None:
        points = _placed(self._trend.readings(series.field), scale)
        second = (self._axis.right - self._axis.left) / (self._axis.end_s - self._axis.start_s)
        for run in runs_of(thinned(points, 1.0), second, 1.0):
            self._sketch.add(Polyline(tuple(run), series.role))

    def _draw_signs(self, series: Series, scale: Scale) -> None:
        points = _placed(self._trend.readings(series.field), scale)
        outside = set(_placed(self._trend.outside(series.field, self._limits.get(series.field)), scale))
        column = self._size * 0.6
        signed, small = signs_of(points, column), 0.85
        if len(signed) > 0.8 * (self._axis.right - self._axis.left) / column:  # the line tells the course by itself
            small = 0.55
            signed = sorted({*signs_of(points, DENSE * column), *signs_of(sorted(outside), column)})
        for x, y in signed:
            self._sketch.add(Glyph(x, y, series.shape, self._size * small, series.role))
            if (x, y) in outside:
                self._sketch.add(Glyph(x, y, Shape.SQUARE, self._size * (small + 0.45), Role.OUT_OF_PROTOCOL))

    # ----------------------------------------------------------------------------------------- strip of rows

    def _draw_rows(self) -> None:
        top, until = self._rows_top, end_of(self._record, self._now)
        for row in self._rows:
            height = row.rows * self._size
            base = top + height - self._size * 0.5
            self._sketch.line(self._axis.left, top, self._axis.right, top, Role.GRID)
            x = self._axis.left - self._size * 0.9
            self._sketch.label(x, base, row.title, self._size, Anchor.END, Role.TEXT_DIM)
            if row.kind == "not taken":
                self._draw_not_taken(top + height / 2, base)
            elif row.kind == "monitor":
                draw_monitor(self._sketch, self._axis, self._record, top + height / 2, self._size)
            elif row.kind == "events":
                draw_events(self._sketch, self._axis, self._record, until, top, height, self._size, self.translate)
            else:
                draw_doses(self._sketch, self._axis, self._record, until, row.kind == "rescue",
                           top, height, self._size, self.translate)  # fmt: skip
            top += height

    def _draw_not_taken(self, y: float, base: float) -> None:
        size, axis = self._size, self._axis
        left_out = [(entry, body) for entry, body in self._not_taken if axis.holds(entry.happened)]
        crosses = [(axis.x_of(entry.happened), 0.0) for entry, _ in left_out]
        dashes = [(axis.x(at_s), 0.0) for at_s in self._missed_s if axis.start_s <= at_s <= axis.end_s]
        for x, _ in signs_of(crosses, size * 0.6):
            self._sketch.add(Glyph(x, y, Shape.CROSS, size * 0.85, Role.NOT_TAKEN))
            self._sketch.keep_free(x - size * 0.5, y - size * 0.5, x + size * 0.5, y + size * 0.5)
        for x, _ in signs_of(dashes, size * 0.6):
            self._sketch.add(Glyph(x, y, Shape.DASH, size * 0.85, Role.GAP))
            self._sketch.keep_free(x - size * 0.5, y - size * 0.5, x + size * 0.5, y + size * 0.5)
        if len(left_out) <= 40:
            for entry, body in left_out:
                x = axis.x_of(entry.happened) + size * 0.7
                self._sketch.label(x, base, reason_text(body, self.translate), size * 0.9)


def _placed(readings: list[Point], scale: Scale) -> list[Point]:
    """Return *readings* with the heights at which their values stand."""
    per_unit = (scale.bottom - scale.top) / (scale.high - scale.low)
    y_of_zero = scale.bottom + scale.low * per_unit
    return [(x, y_of_zero - per_unit * value) for x, value in readings]


def reason_text(body: NotTaken, translate: Translate) -> str:
    """Return why a set was not taken, in words."""
    return {
        "asleep": translate("Figure", "asleep"),
        "inward": translate("Figure", "inward"),
        "refused": translate("Figure", "refused"),
        "equipment": translate("Figure", "equipment"),
    }[body.reason]
