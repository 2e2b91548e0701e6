"""The session at a glance, on one line of time: phases, doses, the body's answer, events, states, quotes, silences."""

from typing import NamedTuple

from kapnotes.domain.body_plot import draw_body
from kapnotes.domain.clock import Stamp
from kapnotes.domain.dose_row import draw_doses
from kapnotes.domain.entries import Dose, Infusion
from kapnotes.domain.event_row import draw_events, has_events
from kapnotes.domain.figure import Anchor, Figure, Role, Sketch
from kapnotes.domain.phase_row import draw_phase_blocks
from kapnotes.domain.record import Record
from kapnotes.domain.shown_lines import ShownLines, draw_notes, draw_silences, draw_state, draw_words, shown_lines
from kapnotes.domain.time_axis import draw_grid, draw_time_labels, end_of, time_axis
from kapnotes.domain.vitals_chart import SMALLEST, left_margin, text_size
from kapnotes.domain.words import Translate

MOST_STATES = 6
"""States with a row of their own; further ones share the last row."""

MOST_LANES = 3
"""Rows over which the first words of quotes are spread."""

BODY_ROWS, LEAST_BODY_ROWS, MOST_BODY_ROWS = 10.4, 4.5, 16.0
"""Sizes of type that the body's answer takes: as it should be, at the least, and where there is room to spare."""

AXIS_ROWS = 1.8
LEAST_ROWS = 22.0
"""Sizes of type below which `text_size` would make the type smaller."""


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


def timeline_height(record: Record, width: float, now: Stamp, shown: frozenset[str] = frozenset()) -> float:
    """Return the height at which every row of the timeline has its room."""
    lines = shown_lines(record, shown, end_of(record, now))
    rows = sum(row.rows for row in _rows_of(record, lines)) + AXIS_ROWS
    return max(LEAST_ROWS, rows) * text_size(width, 1e9)


class _Row(NamedTuple):
    """One row, how many sizes of type it is high, and its rank: of too many the highest rank goes first."""

    kind: str
    rows: float
    rank: int
    codes: tuple[str, ...] = ()


def _rows_of(record: Record, lines: ShownLines) -> list[_Row]:
    """Return the rows from the top down."""
    codes = lines.codes
    own, shared = codes[: MOST_STATES - 1], tuple(codes[MOST_STATES - 1 :])
    states = [_Row("state", 1.5, 3, (code,)) for code in own]
    if shared:
        states.append(_Row("state", 1.5 if len(shared) == 1 else 2.2, 3, shared))
    lanes = min(MOST_LANES, -(-2 * len(lines.words) // 3))
    return [
        _Row("phase", 2.5, 0),
        _Row("dose", 2.6 if record.newest(Infusion) is not None else 1.9, 0),
        *([_Row("rescue", 1.7, 5)] if any(dose.is_rescue for _, dose in record.of(Dose)) else []),
        _Row("body", BODY_ROWS, 1),
        *([_Row("events", 1.7, 4)] if has_events(record) else []),
        *states,
        *(_Row("lane", 1.45, 7 if index else 2) for index in range(lanes)),
        *([_Row("notes", 1.8, 2)] if lines.notes else []),
        *([_Row("silence", 1.5, 6)] if lines.silences_s else []),
    ]


def _fitting(rows: list[_Row], height: float) -> list[_Row]:
    """Return *rows*, in sizes of type, as they fit into *height*; the body's answer takes what the others leave."""
    kept = list(rows)
    while True:
        others = sum(row.rows for row in kept if row.kind != "body")
        has_body = any(row.kind == "body" for row in kept)
        if others + (LEAST_BODY_ROWS if has_body else 0.0) <= height:
            room = min(MOST_BODY_ROWS, height - others)
            return [row._replace(rows=room) if row.kind == "body" else row for row in kept]
        last = max(range(len(kept)), key=lambda place: (kept[place].rank, place))
        if kept[last].rank == 0:
            return kept
        del kept[last]


class _Timeline:
    """The rows of one timeline, from the top down."""

    def __init__(self, record: Record, sketch: Sketch, now: Stamp, translate: Translate, shown: frozenset[str]) -> None:
        self._record = record
        self._sketch = sketch
        self._until = end_of(record, now)
        self.translate = translate
        self._size = size = text_size(sketch.width, sketch.height)
        self._lines = shown_lines(record, shown, self._until)
        self._rows = _fitting(_rows_of(record, self._lines), sketch.height / size - AXIS_ROWS)
        titles = [self._title_of(row) for row in self._rows]
        axis_title = self.translate("Figure", "T+ h:mm")
        left = left_margin([*titles, axis_title, self.translate("Figure", "baseline")], sketch.width, size)
        left += size * 0.5  # so that the title of the axis stands apart from a first time that is below zero
        self._axis = time_axis(record, now, left, sketch.width - size, size)

    def _title_of(self, row: _Row) -> str:
        if row.kind == "state":
            return row.codes[0] if len(row.codes) == 1 else self.translate("Figure", "states")
        return {
            "phase": self.translate("Figure", "phase"),
            "dose": self.translate("Figure", "dose"),
            "rescue": self.translate("Figure", "rescue"),
            "events": self.translate("Figure", "events"),
            "lane": self.translate("Figure", "quotes"),
            "notes": self.translate("Figure", "notes"),
            "silence": self.translate("Figure", "silence"),
        }.get(row.kind, "")

    def draw(self) -> None:
        size, axis = self._size, self._axis
        bottom = size * sum(row.rows for row in self._rows)
        draw_grid(self._sketch, axis, size * self._rows[0].rows, bottom)
        top, lanes_top = 0.0, None
        lanes = [row for row in self._rows if row.kind == "lane"]
        for row in self._rows:
            height = row.rows * size
            is_further_lane = row.kind == "lane" and lanes_top is not None
            if not is_further_lane:
                self._title(top + height - size * 0.55, self._title_of(row))
            if row.kind == "lane":
                lanes_top = top if lanes_top is None else lanes_top
            else:
                self._draw(row, top, height)
            top += height
        if lanes_top is not None:
            lane = lanes[0].rows * size
            draw_words(self._sketch, axis, self._lines, lanes_top, len(lanes), lane, size)
        draw_time_labels(self._sketch, axis, bottom, size, self.translate("Figure", "T+ h:mm"))

    def _draw(self, row: _Row, top: float, height: float) -> None:
        sketch, axis, size, tr = self._sketch, self._axis, self._size, self.translate
        match row.kind:
            case "phase":
                draw_phase_blocks(sketch, axis, top, height, size, tr)
            case "dose" | "rescue":
                is_rescue = row.kind == "rescue"
                draw_doses(sketch, axis, self._record, self._until, is_rescue, top, height, size, tr)
            case "body":
                draw_body(sketch, axis, self._record, top + 1.5 * size, top + height - size * 0.6, size, tr)
            case "events":
                draw_events(sketch, axis, self._record, self._until, top, height, size, tr)
            case "state":
                draw_state(sketch, axis, self._lines, list(row.codes), top + height - size * 0.4, size)
            case "notes":
                draw_notes(sketch, axis, self._lines, top, height, size, tr)
            case "silence":
                draw_silences(sketch, axis, self._lines, top + height / 2, size, tr)

    def _title(self, y: float, text: str) -> None:
        self._sketch.label(self._axis.left - self._size * 0.9, y, text, self._size, Anchor.END, Role.TEXT_DIM)
