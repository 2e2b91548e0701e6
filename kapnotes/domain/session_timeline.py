"""The session on one line of time: phases, doses, the body's answer, states and marks, as plain geometry."""

from decimal import Decimal

from kapnotes.domain.clock import Stamp
from kapnotes.domain.dose_row import draw_doses
from kapnotes.domain.entries import CheckIn, Entry, Intention, Mark, MarkChange, Note, Vitals
from kapnotes.domain.figure import MINUS, Anchor, Figure, Glyph, Polyline, Rect, Role, Shape, Sketch, text_width
from kapnotes.domain.phase_row import draw_phase_blocks
from kapnotes.domain.record import Record
from kapnotes.domain.series import HEART_RATE, SYSTOLIC, Scale, Series
from kapnotes.domain.thinning import Point, runs_of, signs_of, thinned
from kapnotes.domain.time_axis import draw_grid, draw_time_labels, end_of, time_axis
from kapnotes.domain.vitals_chart import SMALLEST, left_margin, text_size
from kapnotes.domain.words import Translate

MOST_STATES = 6
"""States with a row of their own; further ones share the last row."""

SMALLEST_RANGE_PERCENT = 20.0


def session_timeline(
    record: Record,
    width: float,
    height: float,
    now: Stamp,
    translate: Translate,
    shown: frozenset[str] = frozenset(),
) -> Figure:
    """Return the timeline of *record* up to *now*.

    Of process notes it holds only those entries whose ids are in *shown*: a state whose stop is not shown is a tick at
    its start, and what is not shown leaves no trace.
    """
    sketch = Sketch(width, height)
    if width < SMALLEST[0] or height < SMALLEST[1]:
        return sketch.figure()
    _Timeline(record, sketch, now, translate, shown).draw()
    return sketch.figure()


class _Timeline:
    """The rows of one timeline, from the top down."""

    def __init__(self, record: Record, sketch: Sketch, now: Stamp, translate: Translate, shown: frozenset[str]) -> None:
        self._record = record
        self._sketch = sketch
        self._until = end_of(record, now)
        self.translate = translate
        self._size = text_size(sketch.width, sketch.height)
        self._spans, self._lone = _states(record, self._until, shown)
        self._marks = [entry for entry in record.standing() if entry.entry_id in shown and _is_point(entry)]
        self._codes = list(dict.fromkeys(code for code, _, _ in self._spans))
        self._titles = self._row_titles()
        left = left_margin(self._titles, sketch.width, self._size)
        self._axis = time_axis(record, now, left, sketch.width - self._size, self._size)

    def _row_titles(self) -> list[str]:
        return [
            self.translate("Figure", "phase"),
            self.translate("Figure", "dose"),
            self.translate("Figure", "heart rate"),
            self.translate("Figure", "notes"),
            self.translate("Figure", "T+ h:mm"),
            *self._codes[:MOST_STATES],
        ]

    def draw(self) -> None:
        size = self._size
        row = 1.95 * size
        axis_y = self._sketch.height - 1.8 * size
        ribbon = row * 1.3
        draw_grid(self._sketch, self._axis, ribbon, axis_y)
        y = self._draw_phases(0.0, ribbon)
        self._title(y + row - size * 0.6, self.translate("Figure", "dose"))
        draw_doses(self._sketch, self._axis, self._record, self._until, False, y, row, size, self.translate)
        y = self._draw_states(y + row, row, axis_y)
        y = self._draw_marks(y, row)
        if axis_y - y > 3 * size:
            self._draw_body(y + 1.2 * size, axis_y - size * 0.5)
        draw_time_labels(self._sketch, self._axis, axis_y, size, self.translate("Figure", "T+ h:mm"))

    def _title(self, y: float, text: str) -> None:
        self._sketch.label(self._axis.left - self._size * 0.9, y, text, self._size, Anchor.END, Role.TEXT_DIM)

    # ------------------------------------------------------------------------------------------------- rows

    def _draw_phases(self, top: float, height: float) -> float:
        """Draw the route's ribbon: the higher the block, the nearer the peak."""
        bottom = top + height
        self._title(bottom - self._size * 0.6, self.translate("Figure", "phase"))
        draw_phase_blocks(self._sketch, self._axis, top, height, self._size, self.translate)
        return bottom

    def _draw_states(self, top: float, height: float, bottom: float) -> float:
        """Draw a bar for each stretch of a state, a row for each state as long as there is room."""
        size = self._size
        room = max(1, int((bottom - top - height - 5 * size) // height))
        rows = min(len(self._codes), MOST_STATES, room)
        for index, code in enumerate(self._codes):
            y = top + min(index, rows - 1) * height
            if index < rows:
                self._title(y + height - size * 0.6, code)
            bars: dict[int, Rect] = {}
            for one, start, stop in self._spans:
                if one == code:
                    x1, x2 = self._axis.x_of(start), self._axis.x_of(stop)
                    before = bars.get(int(x1))
                    wide = max(1.0, x2 - x1, before.w if before is not None else 0.0)
                    bars[int(x1)] = Rect(x1, y + height - size * 1.1, wide, size * 0.6, Role.STATE)
            for bar in bars.values():
                self._sketch.add(bar)
                if index >= rows:
                    self._sketch.label(bar.x, bar.y - size * 0.15, code, size * 0.9)
        return top + rows * height

    def _draw_marks(self, top: float, height: float) -> float:
        """Draw a tick for each shown line, a diamond where it is the patient's words."""
        places = [(self._axis.x_of(entry.happened), entry) for entry in (*self._marks, *self._lone)]
        if not places:
            return top
        size = self._size
        middle, base = top + height * 0.5, top + height - size * 0.6
        self._title(base, self.translate("Figure", "notes"))
        for is_words, shape, role in ((False, Shape.TICK, Role.MARK), (True, Shape.DIAMOND, Role.QUOTE)):
            points = [(x, 0.0) for x, entry in places if _is_words(entry) is is_words]
            for x, _ in signs_of(points, size * 0.5):
                self._sketch.add(Glyph(x, middle, shape, size * 0.9, role))
                self._sketch.keep_free(x - size * 0.3, top, x + size * 0.3, top + height)
        for x, entry in sorted(places, key=lambda place: place[0])[:80]:
            self._sketch.label(x + size * 0.55, base, self._name_of(entry), size * 0.9)
        return top + height

    def _name_of(self, entry: Entry) -> str:
        match entry.body:
            case Intention():
                return self.translate("Figure", "intention")
            case CheckIn():
                return self.translate("Figure", "check-in")
            case Mark(code) | Note(_, code):
                return code
            case _:
                return ""

    # ------------------------------------------------------------------------------------------ body's answer

    def _draw_body(self, top: float, bottom: float) -> None:
        """Draw systolic and heart rate as percent from this session's baseline."""
        size, axis = self._size, self._axis
        baseline = self._record.baseline
        measures = [
            (series, name, zero)
            for series, name in (
                (SYSTOLIC, self.translate("Figure", "systolic")),
                (HEART_RATE, self.translate("Figure", "heart rate")),
            )
            if (zero := _value(baseline, series)) is not None and zero > 0
        ]
        if not measures:
            text = self.translate("Figure", "no baseline, so no change to show")
            self._sketch.label(axis.left + size, (top + bottom) / 2, text, size, Anchor.START, Role.TEXT_DIM)
            return
        found = {series.field: self._changes(series, float(zero)) for series, _, zero in measures}
        values = [percent for points in found.values() for _, percent in points]
        high = -(-max([SMALLEST_RANGE_PERCENT, *values]) // 10) * 10
        low = min([-SMALLEST_RANGE_PERCENT / 2, *values]) // 10 * 10
        scale = Scale(low, high, top, bottom)
        self._sketch.line(axis.left, scale.y(0), axis.right, scale.y(0), Role.BASELINE)
        self._title(scale.y(0) + size * 0.35, "0")
        self._title(scale.y(high) + size * 0.35, f"+{high:.0f} %")
        self._title(scale.y(low) + size * 0.35, f"{MINUS}{-low:.0f} %")
        x = axis.left
        for series, name, _ in measures:
            self._sketch.add(Glyph(x + size * 0.5, top - size * 0.6, series.shape, size * 0.75, series.role))
            self._sketch.label(x + size * 1.3, top - size * 0.3, name, size, Anchor.START, Role.TEXT_DIM)
            x += text_width(name, size) + size * 2.2
            self._draw_change(series, [(at, scale.y(percent)) for at, percent in found[series.field]])
        words = self.translate("Figure", "from baseline")
        self._sketch.label(x, top - size * 0.3, words, size, Anchor.START, Role.TEXT_DIM)
        self._draw_legend(x + text_width(words, size) + 3 * size, top - size * 0.3)

    def _draw_legend(self, x: float, y: float) -> None:
        """Say what the signs in the row of notes mean, where there are any."""
        size = self._size
        shown = [*self._marks, *self._lone]
        for is_words, shape, role, name in (
            (True, Shape.DIAMOND, Role.QUOTE, self.translate("Figure", "the patient's words")),
            (False, Shape.TICK, Role.MARK, self.translate("Figure", "note")),
        ):
            is_there = any(_is_words(entry) is is_words for entry in shown)
            if is_there and self._sketch.label(x + size, y, name, size, Anchor.START, Role.TEXT_DIM):
                self._sketch.add(Glyph(x + size * 0.4, y - size * 0.3, shape, size * 0.75, role))
                x += text_width(name, size) + size * 2.2

    def _changes(self, series: Series, zero: float) -> list[Point]:
        return [
            (self._axis.x_of(entry.happened), (float(value) - zero) * 100 / zero)
            for entry, vitals in self._record.of(Vitals)
            if (value := _value(vitals, series)) is not None
        ]

    def _draw_change(self, series: Series, points: list[Point]) -> None:
        second = (self._axis.right - self._axis.left) / (self._axis.end_s - self._axis.start_s)
        for run in runs_of(thinned(points, 1.0), second, 1.0):
            self._sketch.add(Polyline(tuple(run), series.role))
        for x, y in signs_of(points, self._size * 0.6):
            self._sketch.add(Glyph(x, y, series.shape, self._size * 0.55, series.role))


def _value(vitals: Vitals | None, series: Series) -> Decimal | None:
    value: Decimal | None = getattr(vitals, series.field, None)
    return value


def _is_point(entry: Entry) -> bool:
    match entry.body:
        case Mark(_, change):
            return change is MarkChange.POINT
        case body:
            return isinstance(body, Note | CheckIn | Intention)


def _is_words(entry: Entry) -> bool:
    return isinstance(entry.body, Intention) or (isinstance(entry.body, Note) and entry.body.code == "quote")


def _states(record: Record, until: Stamp, shown: frozenset[str]) -> tuple[list[tuple[str, Stamp, Stamp]], list[Entry]]:
    """Return the stretches of states whose both ends are shown (or that still run), and the ends that stand alone."""
    spans: list[tuple[str, Stamp, Stamp]] = []
    lone: list[Entry] = []
    running: dict[str, Entry] = {}
    for entry, mark in record.of(Mark):
        is_shown = entry.entry_id in shown
        if mark.change is MarkChange.START:
            running.setdefault(mark.code, entry)
        elif mark.change is MarkChange.STOP:
            start = running.pop(mark.code, None)
            if start is not None and start.entry_id in shown:
                if is_shown:
                    spans.append((mark.code, start.happened, entry.happened))
                else:
                    lone.append(start)
            elif is_shown:
                lone.append(entry)
    spans.extend((code, entry.happened, until) for code, entry in running.items() if entry.entry_id in shown)
    return spans, lone
