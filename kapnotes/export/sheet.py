"""One document in the making: blocks are added from the top down, and in the end it becomes the bytes of a PDF."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from reportlab.graphics.shapes import Drawing
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, CondPageBreak, Flowable, Frame, PageTemplate, Spacer

from kapnotes.domain.figure import Figure
from kapnotes.domain.words import Translate
from kapnotes.export.beside import Beside, Blocks, Columns, Form, FormCell, in_halves
from kapnotes.export.blocks import CODE_SIZE, Code, Room, Rule
from kapnotes.export.figure_drawing import FigureOnPaper
from kapnotes.export.flow import Caption, Cell, Column, Grid, Heading, Row, Style, Text, gaps_of
from kapnotes.export.fonts import Face, advances
from kapnotes.export.furniture import Edges, draw_furniture
from kapnotes.export.furniture import Furniture as Furniture
from kapnotes.export.page_text import pdf_text, width_of
from kapnotes.export.pdf_file import NumberedCanvas, finished

SIZES = {"A4": A4, "Letter": LETTER}

TITLE = Style(Face.BOLD, 19, 24)
SUBTITLE = Style(Face.REGULAR, 11, 15)
SECTION = Style(Face.BOLD, 12.5, 16)
SUBSECTION = Style(Face.BOLD, 9.5, 13)
BODY = Style(Face.REGULAR, 9.5, 13.5)
STRONG = Style(Face.BOLD, 9.5, 13.5)
QUOTE = Style(Face.ITALIC, 9.5, 13.5)
DIM = Style(Face.REGULAR, 8.5, 11.5, grey=0.35)
LABEL = Style(Face.REGULAR, 9.5, 13.5, grey=0.35)
CELL = Style(Face.REGULAR, 8.5, 11)
CELL_STRONG = Style(Face.BOLD, 8.5, 11)
FIGURES = Style(Face.TABULAR, 8.5, 11)
FIGURES_STRONG = Style(Face.BOLD, 8.5, 11)
HEAD = Style(Face.REGULAR, 7.6, 9.5, grey=0.35)

LABEL_WIDTH = 84.0
MOST_NOTED = 60
"""Characters without a typeface that the closing note names; the others stand on the page by their number."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How closely a document is set: by how much type and room are smaller, and its margins in points.

    Where tables bear their headings, the heading of a part stands in the head of its table, in place of "time".
    """

    scale: float = 1.0
    margin_x: float = 54.0
    margin_top: float = 58.0
    margin_bottom: float = 62.0
    section_room: float = 16.0
    row_room: float = 1.0
    """By how much the room in tables is smaller beside that."""
    tables_bear_headings: bool = False
    form_room: float = 1.5
    """Points between the label of a form's cell and what it says."""


ROOMY = Layout()
"""For pages that are read."""

READ_IN_15_MINUTES = Layout(0.92, 46.0, 46.0, 52.0, section_room=10.0, row_room=0.7)
"""For a summary, of which as much as can be read at ease has to stand on its first page."""

DENSE = Layout(0.86, 36.0, 36.0, 50.0, section_room=6.0, row_room=0.45, tables_bear_headings=True, form_room=0.6)
"""For a record that is looked up: cells of 7.3 points, about the size of a printed form."""


class Sheet:
    """The blocks of one document. All text goes through `pdf_text`, so nothing typed can be taken for a command."""

    has_figures = True
    """Whether a figure says anything here, and what explains it with it."""

    def __init__(self, furniture: Furniture, translate: Translate, page_size: str, layout: Layout = ROOMY) -> None:
        self.translate = translate
        self.layout = layout
        self._missing: set[str] = set()
        self._story: list[Flowable] = []
        self._bookmarks = 0
        self._caption = ""
        self._groups: list[list[Flowable]] | None = None
        self._size = SIZES[page_size]
        self._furniture = replace(
            furniture,
            running=self._clean(furniture.running),
            heads=tuple(self._clean(head) for head in furniture.heads),
        )

    @property
    def width(self) -> float:
        """Return the width of the text in points."""
        return float(self._size[0]) - 2 * self.layout.margin_x

    def _clean(self, text: str) -> str:
        return pdf_text(text, self._missing)

    def set_in(self, style: Style) -> Style:
        """Return *style* in the size of this document."""
        scale = self.layout.scale
        return style if scale == 1.0 else replace(style, size=style.size * scale, leading=style.leading * scale)

    def scaled(self, columns: Sequence[Column]) -> list[Column]:
        """Return *columns* in the size of this document, their titles cleaned."""
        scale = self.layout.scale
        return [replace(one, title=self._clean(one.title), width=one.width * scale) for one in columns]

    def _row_room(self, room: float) -> float:
        return room * self.layout.scale * self.layout.row_room

    def _add(self, block: Flowable) -> None:
        """Put *block* below the others; a heading that waited for a table stands above it."""
        self._put_caption()
        (self._story if self._groups is None else self._groups[-1]).append(block)

    def _put_caption(self) -> None:
        caption, self._caption = self._caption, ""
        if caption:
            self._heading(caption, SUBSECTION, 2, after=2)

    # ------------------------------------------------------------------------------------------------ blocks

    def title(self, text: str, below: str = "") -> None:
        """Add the title of the document and the line below it, if there is one."""
        self._heading(text, TITLE, 0, after=2 if below else 6)
        if below:
            self._add(Text(self._clean(below), self.set_in(SUBTITLE), after=7 * self.layout.scale))

    def section(self, text: str, keep: float = 60.0) -> None:
        """Begin a section; its heading stays together with *keep* points of what follows."""
        heading, room = self.set_in(SECTION), self.layout.section_room
        self._add(CondPageBreak(heading.leading + room + 2 + keep * self.layout.scale))
        self._add(Room(room))
        self._heading(text, SECTION, 1, after=room * 0.3)

    def subsection(self, text: str, keep: float = 40.0) -> None:
        """Begin a part of a section."""
        self._put_caption()
        scale = self.layout.scale
        if self._groups is None:
            is_first = bool(self._story) and isinstance(self._story[-1], Heading)
            self._add(CondPageBreak((SUBSECTION.leading + 8 + keep) * scale))
            if not is_first:
                self._add(Room(8 * scale))
        else:
            self._groups.append([])
        if self.layout.tables_bear_headings:
            self._caption = text
        else:
            self._heading(text, SUBSECTION, 2, after=2)

    def _heading(self, text: str, style: Style, level: int, after: float) -> None:
        self._add(Heading(self._clean(text), self.set_in(style), level, self._bookmark(), after * self.layout.scale))

    def _bookmark(self) -> str:
        self._bookmarks += 1
        return f"part-{self._bookmarks}"

    def keep(self, height: float) -> None:
        """Go on to the next page where not so much is left of this one."""
        self._add(CondPageBreak(height * self.layout.scale))

    def text(self, text: str, style: Style = BODY, after: float = 3.0, indent: float = 0.0) -> None:
        """Add a paragraph for each typed line of *text*."""
        lines = self._clean(text).split("\n")
        for index, line in enumerate(lines):
            below = after * self.layout.scale if index == len(lines) - 1 else 0.0
            self._add(Text(line, self.set_in(style), below, indent))

    def facts(self, facts: Iterable[tuple[str, str]], style: Style = BODY) -> None:
        """Add labels with what they say, one below the other; what says nothing is left out."""
        label = replace(LABEL, size=style.size, leading=style.leading)
        rows = [self.row((name, label), (said, style)) for name, said in facts if said]
        if rows:
            self.lines((Column("", LABEL_WIDTH), Column("", 100, grows=True)), rows, room=1.0)

    def form(self, rows: Sequence[Sequence[FormCell]]) -> None:
        """Add the cells of a form, each its label above what it says, in ruled rows; a row is never broken."""
        self._add(
            Form(
                [
                    [replace(cell, label=self._clean(cell.label), said=self._clean(cell.said)) for cell in row]
                    for row in rows
                ],
                self.set_in(HEAD),
                self.set_in(BODY),
                self.set_in(STRONG),
                self.layout.form_room,
            )
        )

    def row(self, *cells: tuple[str, Style]) -> Row:
        """Return a row of cleaned cells in the size of this document."""
        return Row(tuple(Cell(self._clean(text), self.set_in(style)) for text, style in cells))

    def grid(self, columns: Sequence[Column], rows: Sequence[Row], room: float = 2.5) -> None:
        """Add a table with a head; a heading that waits for it stands in its head where there is room for it."""
        titled, head = self.scaled(columns), self.set_in(HEAD)
        caption = self._caption_for(columns, titled)
        if caption is not None:
            self._caption = ""
            titled[0], titled[1] = replace(titled[0], title=""), replace(titled[1], title="")
        self._add(Grid(titled, rows, head, room=self._row_room(room), caption=caption))

    def _caption_for(self, columns: Sequence[Column], titled: Sequence[Column]) -> Caption | None:
        """Return the waiting heading as one for the head of a table of times, None where it does not fit there."""
        if not self._caption or len(columns) < 2 or columns[0].title != self.translate("Page", "time"):
            return None
        style = self.set_in(SUBSECTION)
        text = self._clean(self._caption)
        room = titled[0].width + titled[1].width + sum(gaps_of(titled)[:2])
        if width_of(text, style.face) * style.size > room:
            return None
        return Caption(text, replace(style, size=self.set_in(CELL).size), self._bookmark())

    def blocks(
        self,
        columns: Sequence[Column],
        rows: Sequence[Row],
        count: int,
        room: float,
        gap: float,
        has_rules: bool = True,
    ) -> None:
        """Add a table in *count* blocks beside each other, as even as they can be; each has the head, if there is one.

        There is none where no column has a title.
        """
        head = self.set_in(HEAD) if any(column.title for column in columns) else None
        self._add(Blocks(self.scaled(columns), rows, head, count, room * self.layout.scale, gap, has_rules))

    def lines(self, columns: Sequence[Column], rows: Sequence[Row], room: float = 2.5) -> None:
        """Add a table without a head and without rules."""
        self._add(
            Grid(self.scaled(columns), rows, has_rules=False, room=room * self.layout.scale * self.layout.row_room)
        )

    def figure(self, figure: Figure) -> None:
        """Add a figure; who hears the page is told that the text around it says the same."""
        alt = self.translate(
            "Page", "A figure of the session over time; what it shows is told in words on these pages."
        )
        self._add(FigureOnPaper(figure, self._missing, alt))
        self.room(4)

    def drawing(self, drawing: Drawing) -> None:
        """Add a drawing of reportlab's own, as a QR code."""
        self._add(drawing)

    def numbered(self, lines: Iterable[tuple[str, str]], style: Style, width: float) -> None:
        """Add lines of one style, each behind its number in a column of *width* points."""
        rows = [self.row((number, replace(style, grey=0.35)), (line, style)) for number, line in lines]
        self.lines((Column("", width), Column("", 100, grows=True)), rows, room=1.0)

    def box(self, lines: Sequence[tuple[str, Style]]) -> None:
        """Add lines that stand out: between two rules, with room around them."""
        self._add(CondPageBreak(sum(style.leading for _, style in lines) + 30))
        self._add(Rule(self.width))
        self._add(Spacer(1, 6))
        for text, style in lines:
            self.text(text, style, after=0)
        self._add(Rule(self.width))

    @contextmanager
    def beside_code(self, payload: str) -> Iterator[None]:
        """Let what is added meanwhile stand beside *payload* as a QR code, which a phone reads from the paper.

        What stands beside it stays on one page. Where there is no payload, or what is added is higher than a third of
        a page, it is added as ever, and the code below it.
        """
        self._put_caption()
        before, self._story = self._story, []
        yield
        self._put_caption()
        added, self._story = self._story, before
        if not payload:
            self._story += added
            return
        alt = self.translate("Page", "QR code: the heads of the logs in full")
        code = Code(payload, CODE_SIZE * self.layout.scale, alt)
        beside = Beside([block for block in added if not isinstance(block, CondPageBreak)], code)
        _, height = beside.wrap(self.width, self._size[1])
        self._story += [beside] if height <= self._size[1] / 3 else [*added, code]

    @contextmanager
    def in_halves(self) -> Iterator[None]:
        """Let the parts that are added meanwhile, each begun by `subsection`, stand in two columns where it is dense.

        A part that is long or wide keeps the whole width; the order is that of the parts, from the left column on.
        """
        if not self.layout.tables_bear_headings:
            yield
            return
        self._put_caption()
        self._groups = [[]]
        yield
        self._put_caption()
        groups, self._groups = self._groups, None
        for block in in_halves([group for group in groups if group], self.width):
            self._add(block)

    @contextmanager
    def side_by_side(self, highest: float) -> Iterator[None]:
        """Let the parts that are added meanwhile, each begun by `subsection`, stand beside each other.

        Where one of them would be higher than *highest* points they stand below each other, as ever.
        """
        self._put_caption()
        self._groups = [[]]
        yield
        self._put_caption()
        groups, self._groups = [group for group in self._groups if group], None
        keep = (SUBSECTION.leading + 36) * self.layout.scale  # a heading and two lines
        stacked: list[Flowable] = []
        for group in groups:
            stacked += [CondPageBreak(keep), Room(8 * self.layout.scale)] if stacked else []
            stacked += group
        columns = Columns(groups, stacked) if len(groups) > 1 else None
        is_short = columns is not None and columns.wrap(self.width, self._size[1])[1] <= highest * self.layout.scale
        self._story += [columns] if columns is not None and is_short else stacked

    def room(self, height: float) -> None:
        """Leave room; at the top of a page there is none."""
        self._add(Room(height * self.layout.scale))

    def note_missing(self) -> None:
        """Add the note on characters that no typeface of the page holds, if there were any."""
        if not self._missing:
            return
        import unicodedata

        unknown = self.translate("Page", "without a name")
        named = [
            f"[U+{ord(char):04X}] {unicodedata.name(char, unknown).lower()}"
            for char in sorted(self._missing)[:MOST_NOTED]
        ]
        if len(self._missing) > MOST_NOTED:
            more = self.translate("Page", "and {count} others").format(count=len(self._missing) - MOST_NOTED)
            named.append(more)
        words = self.translate(
            "Page", "Characters that the typefaces of this page do not hold stand as numbers: {list}."
        )
        self.text(words.format(list="; ".join(named)), DIM)

    # -------------------------------------------------------------------------------------------------- bytes

    def pdf(self, *, is_to_look_at: bool = False) -> bytes:
        """Return the document, not locked yet; one that is only looked at has the same pages, and no structure."""
        self._put_caption()
        made = BytesIO()
        layout = self.layout
        advances(Face.REGULAR)  # a canvas begins with it
        document = BaseDocTemplate(
            made,
            pagesize=self._size,
            title=self._furniture.title,
            lang=self.translate("Page", "en"),
            invariant=1,
            initialFontName=Face.REGULAR.value,
            author="",
            subject="",
            creator="KAPnotes",
            producer="KAPnotes",
        )
        frame = Frame(
            layout.margin_x, layout.margin_bottom,
            self.width, self._size[1] - layout.margin_top - layout.margin_bottom,
            leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0,
        )  # fmt: skip
        document.addPageTemplates([PageTemplate("page", [frame])])
        canvases: list[NumberedCanvas] = []

        def canvas_of(*args: Any, **options: Any) -> NumberedCanvas:  # noqa: ANN401
            canvases.append(NumberedCanvas(*args, furniture=self.draw_furniture, **options))
            return canvases[-1]

        document.build(self._story, canvasmaker=canvas_of)
        if is_to_look_at:
            return made.getvalue()
        return finished(made.getvalue(), self._furniture.made_at, canvases[-1].tags)

    def draw_furniture(self, canvas: Canvas, page: int, pages: int) -> None:
        """Draw head and foot of one page."""
        layout, (width, height) = self.layout, self._size
        top = height - layout.margin_top + 20 * layout.scale
        edges = Edges(layout.margin_x, width - layout.margin_x, top, layout.margin_bottom - 22)
        foot = self.translate("Page", "Page {page} of {pages}").format(page=page, pages=pages)
        draw_furniture(canvas, self._furniture, edges, self._clean(foot), is_first=page == 1)
