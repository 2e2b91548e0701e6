"""One document in the making: blocks are added from the top down, and in the end it becomes the bytes of a PDF."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from functools import partial
from io import BytesIO
from typing import Any

from reportlab.graphics.shapes import Drawing
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, CondPageBreak, Flowable, Frame, PageTemplate, Spacer

from kapnotes.domain.clock import Stamp
from kapnotes.domain.figure import Figure
from kapnotes.domain.words import Translate
from kapnotes.export.figure_drawing import FigureOnPaper
from kapnotes.export.flow import RULE, Cell, Column, Grid, Heading, Row, Style, Text, draw_line
from kapnotes.export.fonts import Face, advances
from kapnotes.export.page_text import Line, lines_of, pdf_text, width_of

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
HEAD = Style(Face.REGULAR, 7.5, 9.5, grey=0.35)
FURNITURE = Style(Face.REGULAR, 7.5, 10, grey=0.35)
HEADS = Style(Face.TABULAR, 6.5, 8.5, grey=0.35)

MARGIN_X = 54.0
MARGIN_TOP = 58.0
MARGIN_BOTTOM = 62.0
LABEL_WIDTH = 84.0
CODE_SIZE = 120.0
"""Points a QR code takes with its quiet zone: 42 mm, so that its modules are about half a millimetre."""

MOST_NOTED = 60
"""Characters without a typeface that the closing note names; the others stand on the page by their number."""


@dataclass(frozen=True, slots=True)
class Furniture:
    """What stands on every page beside its content."""

    title: str
    running: str
    heads: tuple[str, ...]
    made_at: Stamp


class Sheet:
    """The blocks of one document. All text goes through `pdf_text`, so nothing typed can be taken for a command."""

    def __init__(self, furniture: Furniture, translate: Translate, page_size: str) -> None:
        self.translate = translate
        self._missing: set[str] = set()
        self._story: list[Flowable] = []
        self._bookmarks = 0
        self._size = SIZES[page_size]
        self._furniture = replace(
            furniture,
            running=self._clean(furniture.running),
            heads=tuple(self._clean(head) for head in furniture.heads),
        )

    @property
    def width(self) -> float:
        """Return the width of the text in points."""
        return float(self._size[0]) - 2 * MARGIN_X

    def _clean(self, text: str) -> str:
        return pdf_text(text, self._missing)

    # ------------------------------------------------------------------------------------------------ blocks

    def title(self, text: str, below: str) -> None:
        """Add the title of the document and the line below it."""
        self._heading(text, TITLE, 0, after=2)
        self._story.append(Text(self._clean(below), SUBTITLE, after=10))

    def section(self, text: str, keep: float = 60.0) -> None:
        """Begin a section; its heading stays together with *keep* points of what follows."""
        self._story.append(CondPageBreak(SECTION.leading + 18 + keep))
        self._story.append(_Room(16))
        self._heading(text, SECTION, 1, after=5)

    def subsection(self, text: str, keep: float = 40.0) -> None:
        """Begin a part of a section."""
        self._story.append(CondPageBreak(SUBSECTION.leading + 8 + keep))
        self._story.append(_Room(8))
        self._heading(text, SUBSECTION, 2, after=2)

    def _heading(self, text: str, style: Style, level: int, after: float) -> None:
        self._bookmarks += 1
        self._story.append(Heading(self._clean(text), style, level, f"part-{self._bookmarks}", after))

    def text(self, text: str, style: Style = BODY, after: float = 3.0, indent: float = 0.0) -> None:
        """Add a paragraph for each typed line of *text*."""
        lines = self._clean(text).split("\n")
        for index, line in enumerate(lines):
            self._story.append(Text(line, style, after if index == len(lines) - 1 else 0.0, indent))

    def pairs(self, facts: Iterable[tuple[str, str]]) -> None:
        """Add short facts, two beside each other; what says nothing is left out."""
        said = [fact for fact in facts if fact[1]]
        halves = [said[index : index + 2] for index in range(0, len(said), 2)]
        rows = [self.row(*((text, style) for fact in half for text, style in zip(fact, (LABEL, BODY), strict=True)))
                for half in halves]  # fmt: skip
        value = Column("", 130, grows=True)
        columns = (Column("", LABEL_WIDTH), value, Column("", LABEL_WIDTH - 24), value)
        for row, half in zip(rows, halves, strict=True):
            if len(half) == 1:
                row.cells = (*row.cells, *self.row(("", LABEL), ("", BODY)).cells)
        if rows:
            self._story.append(Grid(columns, rows, has_rules=False, room=1.0))

    def facts(self, facts: Iterable[tuple[str, str]], style: Style = BODY) -> None:
        """Add labels with what they say, one below the other; what says nothing is left out."""
        label = replace(LABEL, size=style.size, leading=style.leading)
        rows = [self.row((name, label), (said, style)) for name, said in facts if said]
        columns = (Column("", LABEL_WIDTH), Column("", 100, grows=True))
        if rows:
            self._story.append(Grid(columns, rows, has_rules=False, room=1.0))

    def row(self, *cells: tuple[str, Style]) -> Row:
        """Return a row of cleaned cells."""
        return Row(tuple(Cell(self._clean(text), style) for text, style in cells))

    def grid(self, columns: Sequence[Column], rows: Sequence[Row], room: float = 2.5) -> None:
        """Add a table with a head."""
        titled = [replace(column, title=self._clean(column.title)) for column in columns]
        self._story.append(Grid(titled, rows, HEAD, room=room))

    def lines(self, columns: Sequence[Column], rows: Sequence[Row], room: float = 2.5) -> None:
        """Add a table without a head and without rules."""
        self._story.append(Grid(columns, rows, has_rules=False, room=room))

    def figure(self, figure: Figure) -> None:
        """Add a figure."""
        self._story.append(FigureOnPaper(figure, self._missing))
        self.room(4)

    def drawing(self, drawing: Drawing) -> None:
        """Add a drawing of reportlab's own, as a QR code."""
        self._story.append(drawing)

    def numbered(self, lines: Iterable[tuple[str, str]], style: Style, width: float) -> None:
        """Add lines of one style, each behind its number in a column of *width* points."""
        rows = [self.row((number, replace(style, grey=0.35)), (line, style)) for number, line in lines]
        self._story.append(Grid((Column("", width), Column("", 100, grows=True)), rows, has_rules=False, room=1.0))

    def box(self, lines: Sequence[tuple[str, Style]]) -> None:
        """Add lines that stand out: between two rules, with room around them."""
        self._story.append(CondPageBreak(sum(style.leading for _, style in lines) + 30))
        self._story.append(_Rule(self.width))
        self._story.append(Spacer(1, 6))
        for text, style in lines:
            self.text(text, style, after=0)
        self._story.append(_Rule(self.width))

    def code(self, payload: str) -> None:
        """Add *payload* as a QR code that a phone reads from the printed page."""
        self._story.append(_Code(payload))

    def room(self, height: float) -> None:
        """Leave room; at the top of a page there is none."""
        self._story.append(_Room(height))

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

    def pdf(self) -> bytes:
        """Return the document, not locked yet."""
        made = BytesIO()
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
            MARGIN_X, MARGIN_BOTTOM, self.width, self._size[1] - MARGIN_TOP - MARGIN_BOTTOM,
            leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0,
        )  # fmt: skip
        document.addPageTemplates([PageTemplate("page", [frame])])
        document.build(self._story, canvasmaker=partial(_NumberedCanvas, sheet=self))
        return _dated(made.getvalue(), self._furniture.made_at)

    def draw_furniture(self, canvas: Canvas, page: int, pages: int) -> None:
        """Draw head and foot of one page."""
        width, height = self._size
        foot = self.translate("Page", "Page {page} of {pages}").format(page=page, pages=pages)
        foot = self._clean(foot)
        right = width - MARGIN_X
        y = MARGIN_BOTTOM - 22
        canvas.setLineWidth(0.4)
        canvas.setStrokeColor(RULE)
        canvas.line(MARGIN_X, y + 12, right, y + 12)
        text = canvas.beginText()
        if page > 1:
            self._draw_line(canvas, text, self._furniture.running, FURNITURE, MARGIN_X, height - MARGIN_TOP + 20)
        self._draw_line(canvas, text, self._furniture.title, FURNITURE, MARGIN_X, y)
        wide = width_of(foot, FURNITURE.face) * FURNITURE.size
        self._draw_line(canvas, text, foot, FURNITURE, right - wide, y)
        for index, line in enumerate(self._head_lines()):
            draw_line(canvas, text, line, HEADS, MARGIN_X, y - 11 - index * HEADS.leading)
        canvas.drawText(text)

    def _head_lines(self) -> list[Line]:
        """Return the heads, as many to a line as fit; the document ends with all of them."""
        packed: list[str] = []
        for head in self._furniture.heads:
            longer = f"{packed[-1]}  ·  {head}" if packed else head
            if packed and width_of(longer, HEADS.face) * HEADS.size <= self.width:
                packed[-1] = longer
            else:
                packed.append(head)
        return [lines_of(line, HEADS.face, HEADS.size, self.width)[0] for line in packed[:3]]

    def _draw_line(self, canvas: Canvas, text: Any, words: str, style: Style, x: float, y: float) -> None:  # noqa: ANN401
        draw_line(canvas, text, lines_of(words, style.face, style.size, self.width)[0], style, x, y)


class _Room(Spacer):
    """Room between two blocks that vanishes at the top of a page."""

    def __init__(self, height: float) -> None:
        super().__init__(1, height)

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: ARG002, N803
        """Return no height where nothing stands above."""
        is_at_top = bool(getattr(getattr(self, "_frame", None), "_atTop", False))
        return 1.0, 0.0 if is_at_top else self.height


class _Rule(Flowable):
    """A line across the text."""

    def __init__(self, width: float) -> None:
        super().__init__()
        self.width, self.height = width, 5.0

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: ARG002, N803
        """Return width and height."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw the line at the lower edge."""
        self.canv.setLineWidth(0.9)
        self.canv.setStrokeGray(0)
        self.canv.line(0, 0, self.width, 0)


class _Code(Flowable):
    """A QR code, its quiet zone part of it."""

    def __init__(self, payload: str) -> None:
        super().__init__()
        self._payload = payload
        self.width = self.height = CODE_SIZE

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: ARG002, N803
        """Return width and height."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw it at the left edge of the text."""
        from reportlab.graphics.barcode.qr import QrCodeWidget
        from reportlab.graphics.shapes import Drawing

        drawing = Drawing(CODE_SIZE, CODE_SIZE)
        drawing.add(
            QrCodeWidget(self._payload, barWidth=CODE_SIZE, barHeight=CODE_SIZE, barBorder=4, barLevel="M", x=-5, y=0)
        )
        drawing.drawOn(self.canv, 0, 0)


class _NumberedCanvas(Canvas):
    """A canvas that knows at the end how many pages there are."""

    def __init__(self, *args: Any, sheet: Sheet, **options: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **options)
        self._sheet = sheet
        self._kept: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802
        """Keep the page until the number of all is known."""
        self._kept.append(dict(self.__dict__))
        self._startPage()  # type: ignore[attr-defined]

    def save(self) -> None:
        """Finish every page with head and foot, then write."""
        pages, keep = len(self._kept), self._kept
        for number, page in enumerate(keep, 1):
            self.__dict__.update(page)
            self._sheet.draw_furniture(self, number, pages)
            super().showPage()
        super().save()


def _dated(pdf: bytes, made_at: Stamp) -> bytes:
    """Return *pdf* with the moment it was made, by the clock that was handed in."""
    import pikepdf

    made = made_at.local().astimezone(UTC)
    stamp = pikepdf.String(f"D:{made:%Y%m%d%H%M%S}Z")
    dated = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as document:
        document.docinfo["/CreationDate"] = stamp
        document.docinfo["/ModDate"] = stamp
        document.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        document.save(dated)
    return dated.getvalue()
