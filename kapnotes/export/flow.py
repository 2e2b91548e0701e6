"""What a page is made of: lines of text, grids and room between them, each of which knows how to break over pages."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import pairwise
from typing import Any

from reportlab.lib.colors import Color
from reportlab.platypus import Flowable

from kapnotes.export.fonts import Face, advances
from kapnotes.export.page_text import Line, lines_of
from kapnotes.export.tags import ARTIFACT, grouped, tagged


@dataclass(frozen=True, slots=True)
class Style:
    """How text is set; `grey` is 0 for black and 1 for white."""

    face: Face
    size: float
    leading: float
    grey: float = 0.0
    is_struck: bool = False


class Align(StrEnum):
    """Where text stands in its column."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a grid: its title and its width in points; columns that grow share what is left."""

    title: str
    width: float
    align: Align = Align.LEFT
    grows: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """Text in a grid."""

    text: str
    style: Style


@dataclass(slots=True)
class Row:
    """Cells from the left; where they are fewer than the columns, the last one takes the rest of the width."""

    cells: tuple[Cell, ...]
    lines: list[list[Line]] = field(default_factory=list)
    """The cells as set for the grid's width; empty until then."""
    widths: tuple[float, ...] | None = ()
    """The widths that they are set for; None for a part of a row that was cut, which is never set anew."""

    @property
    def height(self) -> float:
        """Return the height of the set row without the room around it."""
        return max(
            (len(lines) * cell.style.leading for cell, lines in zip(self.cells, self.lines, strict=True)), default=0.0
        )

    def cut(self, height: float) -> tuple["Row", "Row"]:
        """Return the part of the set row that fits into *height* and the rest, which has two lines at least."""
        upper, lower = [], []
        for cell, lines in zip(self.cells, self.lines, strict=True):
            fits = int(height // cell.style.leading)
            if fits == len(lines) - 1:
                fits -= 1
            upper.append(lines[:fits])
            lower.append(lines[fits:])
        return Row(self.cells, upper, None), Row(self.cells, lower, None)


GAP = 6.0
"""Points between two columns; a column set left needs twice as much from one set right."""


def gaps_of(columns: Sequence[Column], gap: float = GAP) -> list[float]:
    """Return the room between each column and the next."""
    return [
        gap * (2 if (one.align, other.align) == (Align.RIGHT, Align.LEFT) else 1) for one, other in pairwise(columns)
    ]


def room_to_grow(columns: Sequence[Column], width: float, gap: float = GAP) -> float:
    """Return the points that *columns* leave over; below zero those that grow are narrower than they ask for."""
    return width - sum(column.width for column in columns) - sum(gaps_of(columns, gap))


RULE = Color(0.75, 0.75, 0.75)


@dataclass(frozen=True, slots=True)
class Caption:
    """A heading that stands in the head of a table, over its first columns; a bookmark as well, where it has a key."""

    text: str
    style: Style
    key: str = ""


class Grid(Flowable):
    """A table whose head is repeated on every page; a row higher than a page is broken inside."""

    def __init__(
        self,
        columns: Sequence[Column],
        rows: Sequence[Row],
        head: Style | None = None,
        has_rules: bool = True,
        room: float = 3.0,
        gap: float = GAP,
        caption: Caption | None = None,
    ) -> None:
        super().__init__()
        self._columns = tuple(columns)
        self._rows = rows
        self._head_style = head
        self._has_rules = has_rules
        self._room = room
        self._gap = gap
        self._caption = caption
        self._widths: tuple[float, ...] = ()
        self._gaps: list[float] = []
        self._head: Row | None = None

    # ------------------------------------------------------------------------------------------ measuring

    def is_squeezed(self, width: float) -> bool:
        """Tell whether columns that grow would be much narrower than they ask for."""
        growing = sum(column.width for column in self._columns if column.grows)
        return room_to_grow(self._columns, width, self._gap) < -0.4 * growing

    def _set_widths(self, width: float) -> None:
        self._gaps = gaps_of(self._columns, self._gap)
        growing = sum(column.width for column in self._columns if column.grows)
        spare = room_to_grow(self._columns, width, self._gap)
        self._widths = tuple(
            max(8.0, column.width + (spare * column.width / growing if column.grows and growing else 0.0))
            for column in self._columns
        )
        if self._head_style is not None:
            self._head = Row(tuple(Cell(column.title, self._head_style) for column in self._columns))
            self._set_row(self._head)

    def _set_row(self, row: Row) -> None:
        if row.widths is None or (row.lines and row.widths == self._widths):
            return
        row.widths = self._widths
        row.lines = [
            lines_of(cell.text, cell.style.face, cell.style.size, self._cell_width(row, index))
            for index, cell in enumerate(row.cells)
        ]

    def _cell_width(self, row: Row, index: int) -> float:
        if index < len(row.cells) - 1 or len(row.cells) == len(self._columns):
            return self._widths[index]
        return sum(self._widths[index:]) + sum(self._gaps[index:])

    def height_of(self, row: Row) -> float:
        """Return the height that *row* takes, set for the width that was given last."""
        self._set_row(row)
        return row.height + 2 * self._room

    def head_height(self) -> float:
        """Return the height of the head, set for the width that was given last."""
        return 0.0 if self._head is None else self._head.height + 2 * self._room

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: N803
        """Return width and height; the height is not counted further once it exceeds what is there."""
        self._set_widths(availWidth)
        height = self.head_height()
        for row in self._rows:
            height += self.height_of(row)
            if height > availHeight:
                break
        self.width, self.height = availWidth, height
        return availWidth, height

    def split(self, availWidth: float, availHeight: float) -> list[Flowable]:  # noqa: N803
        """Return the grid in two parts: what fits, and the rest under its own head; nothing where no row fits."""
        self._set_widths(availWidth)
        height, fits = self.head_height(), 0
        for row in self._rows:
            if height + self.height_of(row) > availHeight:
                break
            height += self.height_of(row)
            fits += 1
        if fits == len(self._rows):
            return [self]
        upper, lower = list(self._rows[:fits]), list(self._rows[fits:])
        spare = availHeight - height - 2 * self._room
        if self._must_cut(lower[0], availHeight, spare, fits):
            top, bottom = lower[0].cut(spare)
            upper, lower = [*upper, top], [bottom, *lower[1:]]
        if not upper:
            return []
        rest = replace(self._caption, key="") if self._caption is not None else None
        return [self._like(upper, self._caption), self._like(lower, rest)]

    def _must_cut(self, row: Row, page: float, spare: float, fits: int) -> bool:
        """Tell whether to break inside *row*: it is long, and a few of its lines fit here."""
        leading = max(cell.style.leading for cell in row.cells)
        if spare < 3 * leading:
            return False
        return row.height > 12 * leading or (fits == 0 and row.height > page - self.head_height())

    def _like(self, rows: list[Row], caption: Caption | None) -> "Grid":
        return Grid(self._columns, rows, self._head_style, self._has_rules, self._room, self._gap, caption)

    # -------------------------------------------------------------------------------------------- drawing

    def draw(self) -> None:
        """Draw head, rows and rules from the top down."""
        canvas = self.canv
        y = self.height
        rules: list[tuple[float, float]] = []
        self._draw_caption()
        with grouped(canvas, "Table"):
            if self._head is not None:
                self._draw_row(self._head, y, "TH")
                y -= self.head_height()
                rules.append((y, 0.7))
            for row in self._rows:
                self._draw_row(row, y, "TD")
                y -= self.height_of(row)
                if self._has_rules:
                    rules.append((y, 0.25))
        with tagged(canvas, ARTIFACT):
            canvas.setStrokeColor(RULE)
            for place, weight in rules:
                canvas.setLineWidth(weight)
                canvas.line(0, place, self.width, place)

    def _draw_caption(self) -> None:
        caption = self._caption
        if caption is None:
            return
        line = lines_of(caption.text, caption.style.face, caption.style.size, self.width)[0]
        with tagged(self.canv, "H3"):
            text = self.canv.beginText()
            draw_line(self.canv, text, line, caption.style, 0.0, self.height - self.head_height() + self._room + 1.5)
            self.canv.drawText(text)
        if caption.key:
            self.canv.bookmarkHorizontal(caption.key, 0, self.height)
            self.canv.addOutlineEntry(caption.text, caption.key, 2)

    def _draw_row(self, row: Row, top: float, kind: str) -> None:
        x = 0.0
        base = max((cell.style.size for cell in row.cells), default=0.0)
        with grouped(self.canv, "TR"):
            for index, (cell, lines) in enumerate(zip(row.cells, row.lines, strict=True)):
                with tagged(self.canv, kind):
                    self._draw_cell(row, index, lines, cell.style, x, top - self._room - base * 0.95)
                x += self._widths[index] + (self._gaps[index] if index < len(self._gaps) else 0.0)

    def _draw_cell(self, row: Row, index: int, lines: list[Line], style: Style, x: float, y: float) -> None:
        wide = self._cell_width(row, index)
        is_right = self._columns[index].align is Align.RIGHT and wide == self._widths[index]
        text = self.canv.beginText()
        for line in lines:
            left = x + (wide - line.width if is_right else 0.0)
            draw_line(self.canv, text, line, style, left, y)
            y -= style.leading
        self.canv.drawText(text)


def draw_line(canvas: Any, text: Any, line: Line, style: Style, x: float, y: float) -> None:  # noqa: ANN401
    """Draw one set line with its base at x, y; *text* is an open text object of *canvas*."""
    text.setTextOrigin(x, y)
    text.setFillGray(style.grey)
    for run in line.runs:
        if run.text:
            advances(run.face)
            text.setFont(run.face.value, style.size)
            text.textOut(run.text)
    if style.is_struck and line.width:
        canvas.setLineWidth(0.6)
        canvas.setStrokeColor(Color(0, 0, 0))
        canvas.line(x, y + style.size * 0.28, x + line.width, y + style.size * 0.28)


class Text(Flowable):
    """A paragraph, ragged right; broken over pages with two lines on each side at least."""

    def __init__(self, text: str, style: Style, after: float = 0.0, indent: float = 0.0) -> None:
        super().__init__()
        self._text = text
        self._style = style
        self._indent = indent
        self._lines: list[Line] | None = None
        self._set_for = 0.0
        self.spaceAfter = after

    def getSpaceAfter(self) -> float:  # noqa: N802
        """Return the room below."""
        return float(self.spaceAfter)

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: ARG002, N803
        """Return width and height."""
        is_part = self._lines is not None and not self._text
        if not is_part and self._set_for != availWidth:
            self._set_for = availWidth
            self._lines = lines_of(self._text, self._style.face, self._style.size, availWidth - self._indent)
        self.width, self.height = availWidth, len(self._lines or ()) * self._style.leading
        return self.width, self.height

    def split(self, availWidth: float, availHeight: float) -> list[Flowable]:  # noqa: N803
        """Return what fits and the rest, or nothing where it would leave a single line."""
        self.wrap(availWidth, availHeight)
        lines = self._lines or []
        fits = int(availHeight // self._style.leading)
        if fits >= len(lines):
            return [self]
        fits = min(fits, len(lines) - 2)
        if fits < 2:
            return []
        parts: list[Flowable] = []
        for part in (lines[:fits], lines[fits:]):
            text = Text("", self._style, self.spaceAfter, self._indent)
            text._lines = part
            parts.append(text)
        return parts

    kind = "P"
    """What it is to whoever hears the page."""

    def draw(self) -> None:
        """Draw the lines from the top down."""
        with tagged(self.canv, self.kind):
            text = self.canv.beginText()
            y = self.height - self._style.size * 0.95
            for line in self._lines or []:
                draw_line(self.canv, text, line, self._style, self._indent, y)
                y -= self._style.leading
            self.canv.drawText(text)


class Heading(Text):
    """A heading, which is a bookmark as well."""

    def __init__(self, text: str, style: Style, level: int, key: str, after: float = 0.0) -> None:
        super().__init__(text, style, after)
        self._title = text
        self._level = level
        self._key = key
        self.kind = f"H{level + 1}"

    def split(self, availWidth: float, availHeight: float) -> list[Flowable]:  # noqa: ARG002, N803
        """A heading is never broken."""
        return []

    def draw(self) -> None:
        """Draw the lines and set the bookmark."""
        self.canv.bookmarkHorizontal(self._key, 0, self.height)
        self.canv.addOutlineEntry(self._title, self._key, self._level)
        super().draw()


def struck(style: Style) -> Style:
    """Return *style* with a line through it."""
    return replace(style, is_struck=True)
