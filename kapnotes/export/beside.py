"""Blocks of a page that put things beside each other: a table in several columns, the cells of a form, a code."""

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.platypus import Flowable

from kapnotes.export.blocks import Room
from kapnotes.export.flow import RULE, Column, Grid, Row, Style, draw_line
from kapnotes.export.page_text import Line, lines_of
from kapnotes.export.tags import ARTIFACT, tagged

GUTTER = 14.0
"""Points between two blocks of one table."""


class Blocks(Flowable):
    """A table in blocks beside each other, read from the first to the last; each has the head on every page."""

    def __init__(
        self,
        columns: Sequence[Column],
        rows: Sequence[Row],
        head: Style | None,
        count: int,
        room: float,
        gap: float,
        has_rules: bool = True,
    ) -> None:
        super().__init__()
        self._columns, self._rows, self._head, self._count = tuple(columns), list(rows), head, count
        self._room, self._gap, self._has_rules = room, gap, has_rules
        self._grids: list[Grid] = []

    def _grid(self, rows: Sequence[Row]) -> Grid:
        return Grid(self._columns, rows, self._head, self._has_rules, self._room, self._gap)

    def _block_width(self, width: float) -> float:
        return (width - GUTTER * (self._count - 1)) / self._count

    def _heights(self, width: float) -> tuple[float, list[float]]:
        """Return the height of the head and of each row."""
        probe = self._grid([])
        probe.wrap(self._block_width(width), 0)
        return probe.head_height(), [probe.height_of(row) for row in self._rows]

    def _filled(self, heights: Sequence[float], height: float) -> list[int]:
        """Return how many rows each block takes where none may be higher than *height*."""
        counts, used = [0], 0.0
        for one in heights:
            if counts[-1] and used + one > height:
                if len(counts) == self._count:
                    break
                counts.append(0)
                used = 0.0
            counts[-1] += 1
            used += one
        return counts

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: ARG002, N803
        """Return width and height, the blocks as even as they can be."""
        head, heights = self._heights(availWidth)
        most = max(sum(heights) / self._count, max(heights, default=0.0))
        counts = self._filled(heights, most)
        while sum(counts) < len(heights):
            most = _next_height(heights, counts)
            counts = self._filled(heights, most)
        self._grids, start = [], 0
        for count in counts:
            grid = self._grid(self._rows[start : start + count])
            grid.wrap(self._block_width(availWidth), head + most)
            self._grids.append(grid)
            start += count
        self.width, self.height = availWidth, max((grid.height for grid in self._grids), default=head)
        return self.width, self.height

    def split(self, availWidth: float, availHeight: float) -> list[Flowable]:  # noqa: N803
        """Return what fits and the rest, each worth its page; nothing where that cannot be."""
        head, heights = self._heights(availWidth)
        if not heights or heights[0] > availHeight - head:
            return []
        fits = sum(self._filled(heights, availHeight - head))
        if fits == len(self._rows):
            return [self]
        fits = min(fits, len(self._rows) - FEWEST_BELOW * self._count)
        if fits < FEWEST * self._count:
            return []
        return [self._like(self._rows[:fits]), self._like(self._rows[fits:])]

    def _like(self, rows: Sequence[Row]) -> "Blocks":
        return Blocks(self._columns, rows, self._head, self._count, self._room, self._gap, self._has_rules)

    def draw(self) -> None:
        """Draw the blocks from the left, with a rule between them."""
        step = self._block_width(self.width) + GUTTER
        for index, grid in enumerate(self._grids):
            grid.drawOn(self.canv, index * step, self.height - grid.height)
            if index:
                with tagged(self.canv, ARTIFACT):
                    self.canv.setLineWidth(0.25)
                    self.canv.setStrokeColor(RULE)
                    self.canv.line(index * step - GUTTER / 2, 0, index * step - GUTTER / 2, self.height)


def _next_height(heights: Sequence[float], counts: Sequence[int]) -> float:
    """Return the least height at which one of the blocks takes a row more: never above what holds all the rows."""
    found, start = [], 0
    for count in counts:
        found.append(sum(heights[start : start + count + 1]))
        start += count
    return min(found)


FEWEST, FEWEST_BELOW = 3, 2
"""Rows of a block that stand together at least, at the foot of a page and at the top of the next one."""


@dataclass(frozen=True, slots=True)
class FormCell:
    """One cell of a form: its label, what it says, its share of the width, and whether it must be seen at once."""

    label: str
    said: str
    share: float = 1.0
    is_strong: bool = False


class Form(Flowable):
    """The cells of a form in ruled rows, each label *room* points above what it says."""

    def __init__(
        self, rows: Sequence[Sequence[FormCell]], label: Style, said: Style, strong: Style, room: float = 0.0
    ) -> None:
        super().__init__()
        self._room, self._inset, self._below = room, 3.0 + room / 2, 1.0 + room / 2
        self._rows = [tuple(row) for row in rows if row]
        self._label, self._said, self._strong = label, said, strong
        self._set: list[list[tuple[FormCell, float, float, list[Line]]]] = []
        self._heights: list[float] = []

    def _style(self, cell: FormCell) -> Style:
        return self._strong if cell.is_strong else self._said

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: ARG002, N803
        """Return width and height."""
        self._set, self._heights = [], []
        for row in self._rows:
            shares, x, cells = sum(cell.share for cell in row), 0.0, []
            for cell in row:
                wide = availWidth * cell.share / shares
                style = self._style(cell)
                lines = lines_of(cell.said, style.face, style.size, wide - 2 * self._inset)
                cells.append((cell, x, wide, lines))
                x += wide
            self._set.append(cells)
            highest = max(len(lines) * self._style(cell).leading for cell, _, _, lines in cells)
            self._heights.append(self._label.leading + self._room + highest + self._below)
        self.width, self.height = availWidth, sum(self._heights)
        return self.width, self.height

    def split(self, availWidth: float, availHeight: float) -> list[Flowable]:  # noqa: N803
        """Return the rows that fit and the rest."""
        self.wrap(availWidth, availHeight)
        used, fits = 0.0, 0
        for height in self._heights:
            if used + height > availHeight:
                break
            used += height
            fits += 1
        if not 0 < fits < len(self._rows):
            return [self] if fits else []
        parts = (self._rows[:fits], self._rows[fits:])
        return [Form(part, self._label, self._said, self._strong, self._room) for part in parts]

    def draw(self) -> None:
        """Draw the rules, then labels and what they say."""
        with tagged(self.canv, ARTIFACT):
            self._draw_rules()
        y = self.height
        for cells, height in zip(self._set, self._heights, strict=True):
            for cell, x, _, lines in cells:
                self._draw_cell(cell, x + self._inset, y, lines)
            y -= height

    def _draw_rules(self) -> None:
        canvas, y = self.canv, self.height
        canvas.setLineWidth(0.6)
        canvas.setStrokeColor(RULE)
        canvas.rect(0, 0, self.width, self.height, stroke=1, fill=0)
        canvas.setLineWidth(0.4)
        for cells, height in zip(self._set, self._heights, strict=True):
            if y < self.height:
                canvas.line(0, y, self.width, y)
            for _, x, _, _ in cells:
                if x:
                    canvas.line(x, y, x, y - height)
            y -= height

    def _draw_cell(self, cell: FormCell, x: float, top: float, lines: list[Line]) -> None:
        label, style = self._label, self._style(cell)
        self._draw_lines(lines_of(cell.label, label.face, label.size, 1e9)[:1], label, x, top - label.size * 1.2)
        self._draw_lines(lines, style, x, top - label.leading - self._room - style.size * 0.95)

    def _draw_lines(self, lines: list[Line], style: Style, x: float, y: float) -> None:
        with tagged(self.canv, "P"):
            text = self.canv.beginText()
            for line in lines:
                draw_line(self.canv, text, line, style, x, y)
                y -= style.leading
            self.canv.drawText(text)


class Beside(Flowable):
    """Blocks one below the other, and beside them a thing at the right edge."""

    def __init__(self, blocks: Sequence[Flowable], thing: Flowable) -> None:
        super().__init__()
        self._blocks, self._thing = tuple(blocks), thing
        self._heights: list[float] = []

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: N803
        """Return width and height."""
        wide = availWidth - self._thing.width - GUTTER
        self._heights = [block.wrap(wide, availHeight)[1] + block.getSpaceAfter() for block in self._blocks]
        self.width, self.height = availWidth, max(sum(self._heights), float(self._thing.height))
        return self.width, self.height

    def draw(self) -> None:
        """Draw the blocks from the top, and the thing at the top right."""
        y = self.height
        for block, height in zip(self._blocks, self._heights, strict=True):
            block.drawOn(self.canv, 0, y - height + block.getSpaceAfter())
            y -= height
        self._thing.drawOn(self.canv, self.width - self._thing.width, self.height - self._thing.height)


class Columns(Flowable):
    """Parts beside each other, each in a column of its own; where a page has no room for them, below each other."""

    def __init__(self, parts: Sequence[Sequence[Flowable]], stacked: Sequence[Flowable]) -> None:
        super().__init__()
        self._parts = [Part(tuple(blocks)) for blocks in parts]
        self._stacked = list(stacked)
        self._step = 0.0

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: ARG002, N803
        """Return width and height."""
        self._step = (availWidth + GUTTER) / len(self._parts)
        self.width = availWidth
        self.height = max(part.wrap(self._step - GUTTER) for part in self._parts) - PART_ROOM
        return self.width, self.height

    def split(self, availWidth: float, availHeight: float) -> list[Flowable]:  # noqa: N803
        """Return the parts below each other, if the first lines of the first one fit."""
        first = 0.0
        for block in self._parts[0].blocks[:2]:
            first += block.wrap(availWidth, availHeight)[1] + block.getSpaceAfter()
        return list(self._stacked) if first <= availHeight else []

    def draw(self) -> None:
        """Draw each part from the top, and a rule between two."""
        for index, part in enumerate(self._parts):
            y = self.height
            for block, height in zip(part.blocks, part.heights, strict=True):
                block.drawOn(self.canv, index * self._step, y - height + block.getSpaceAfter())
                y -= height
            if index:
                with tagged(self.canv, ARTIFACT):
                    self.canv.setLineWidth(0.25)
                    self.canv.setStrokeColor(RULE)
                    self.canv.line(index * self._step - GUTTER / 2, 0, index * self._step - GUTTER / 2, self.height)


HIGHEST = 300.0
"""Points of a part that may stand in one of two columns; a longer one can be broken over pages, so it is alone."""


def in_halves(parts: Sequence[Sequence[Flowable]], width: float) -> list[Flowable]:
    """Return *parts* in two columns as even as they come, a long one over the whole *width*."""
    half = (width - GUTTER) / 2
    made: list[Flowable] = []
    columns: tuple[list[Part], list[Part]] = ([], [])

    def flush() -> None:
        if columns[0]:
            made.append(Halves(tuple(columns[0]), tuple(columns[1])))
        for column in columns:
            column.clear()

    for blocks in parts:
        part = Part(tuple(blocks))
        if part.is_squeezed(half) or part.wrap(half) > HIGHEST:
            flush()
            made += [Room(PART_ROOM), *blocks]
            continue
        shorter = min(columns, key=lambda column: sum(one.height for one in column))
        shorter.append(part)
    flush()
    return made


PART_ROOM = 5.0
"""Points above a part that stands in a column."""


@dataclass(slots=True)
class Part:
    """Blocks that stay together, with room above them."""

    blocks: tuple[Flowable, ...]
    heights: tuple[float, ...] = ()

    @property
    def height(self) -> float:
        """Return the height for the width that was given last."""
        return PART_ROOM + sum(self.heights)

    def is_squeezed(self, width: float) -> bool:
        """Tell whether a table in it has too many columns for that width."""
        return any(isinstance(block, Grid) and block.is_squeezed(width) for block in self.blocks)

    def wrap(self, width: float) -> float:
        """Return the height in a column of that width."""
        self.heights = tuple(block.wrap(width, HIGHEST)[1] + block.getSpaceAfter() for block in self.blocks)
        return self.height


class Halves(Flowable):
    """Two columns of parts; broken over pages between the parts alone."""

    def __init__(self, left: Sequence[Part], right: Sequence[Part]) -> None:
        super().__init__()
        self._columns = (tuple(left), tuple(right))
        self._step = 0.0

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: ARG002, N803
        """Return width and height; a column that is alone takes the whole width."""
        self._step = (availWidth + GUTTER) / (2 if self._columns[1] else 1)
        for column in self._columns:
            for part in column:
                part.wrap(self._step - GUTTER)
        self.width, self.height = availWidth, max(sum(part.height for part in column) for column in self._columns)
        return self.width, self.height

    def split(self, availWidth: float, availHeight: float) -> list[Flowable]:  # noqa: N803
        """Return the parts of both columns that fit, and the rest; nothing where not even one does."""
        self.wrap(availWidth, availHeight)
        fits = [_fitting(column, availHeight) for column in self._columns]
        if not all(fits):
            return []
        if all(count == len(column) for count, column in zip(fits, self._columns, strict=True)):
            return [self]
        left, right = self._columns
        rest = (left[fits[0] :], right[fits[1] :])
        if not rest[0]:
            rest = (rest[1], ())
        return [Halves(left[: fits[0]], right[: fits[1]]), Halves(*rest)]

    def draw(self) -> None:
        """Draw both columns from the top."""
        for index, column in enumerate(self._columns):
            y = self.height
            for part in column:
                y -= PART_ROOM
                for block, height in zip(part.blocks, part.heights, strict=True):
                    block.drawOn(self.canv, index * self._step, y - height + block.getSpaceAfter())
                    y -= height


def _fitting(column: Sequence[Part], height: float) -> int:
    """Return how many parts fit from the top."""
    used, count = 0.0, 0
    for part in column:
        used += part.height
        if used > height:
            break
        count += 1
    return count
