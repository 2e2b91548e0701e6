"""The same content as on paper, as plain text for another system's note: headings, lines, `label: what is said`.

Headings begin at the left edge, everything else two spaces behind it. So no typed line can pass for a heading, a
signature or another entry. What the text shows is what was typed, but for these rules:

- line ends of any kind are one, a tab is four spaces; a further line of the same text stands further in;
- control characters, bidi controls and other invisible signs are dropped, joiners stay; a lone surrogate is U+FFFD;
- what is struck out on paper stands as `[struck out: …]`; a figure has no words of its own and is left out.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from reportlab.graphics.shapes import Drawing
from reportlab.platypus import CondPageBreak, Flowable, Spacer

from kapnotes.domain.figure import Figure
from kapnotes.domain.text import storable
from kapnotes.domain.words import Translate
from kapnotes.export.beside import FormCell
from kapnotes.export.flow import Cell, Column, Row, Style
from kapnotes.export.sheet import BODY, Furniture, Sheet

INSET = "  "
FURTHER = "      "
BETWEEN = " | "
NOTHING = "-"
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
_UNDERLINES = ("=", "-", "")


def plain_text(text: str) -> str:
    """Return *text* as it can stand in any other program: no sign that controls or hides anything."""
    if text.isascii() and text.isprintable():
        return text
    one = _LINE_ENDS.sub("\n", storable(text)).replace("\t", "    ")
    return "".join(sign for sign in one if sign in "\n\u200c\u200d" or unicodedata.category(sign) not in {"Cc", "Cf"})


class PlainSheet(Sheet):
    """Takes what any page is made of, and gives it as text."""

    has_figures = False

    def __init__(self, furniture: Furniture, translate: Translate) -> None:
        super().__init__(furniture, translate, "A4")  # its width says nothing here
        self._lines: list[str] = []
        self._headings: list[tuple[int, list[str]]] = []
        """Those that wait for what stands below them: a figure alone leaves none."""

    def _clean(self, text: str) -> str:
        return plain_text(text)

    def plain(self) -> str:
        """Return the document as text that ends with a line's end."""
        return "\n".join(self._lines).strip("\n") + "\n"

    def _write(self, *lines: str) -> None:
        for _, heading in self._headings:
            self._lines += heading
        self._headings.clear()
        self._lines.extend(INSET + line.replace("\n", "\n" + FURTHER) if line else "" for line in lines)

    def _add(self, block: Flowable) -> None:
        """Leave out what is only room on a page; what says something has to be said by a method of its own.

        Raises:
            TypeError: it is neither.
        """
        if not isinstance(block, Spacer | CondPageBreak):
            raise TypeError(f"{type(block).__name__} has no plain text yet")

    def _heading(self, text: str, style: Style, level: int, after: float) -> None:  # noqa: ARG002
        line = " ".join(self._clean(text).split())
        underline = _UNDERLINES[min(level, 2)]
        self._headings = [one for one in self._headings if one[0] < level]
        self._headings.append((level, ["", line, underline * len(line)] if underline else ["", line]))

    # ------------------------------------------------------------------------------------------------ blocks

    def title(self, text: str, below: str = "") -> None:
        """Add the title, and the line below it, if there is one."""
        self._heading(text, BODY, 0, 0)
        if below:
            self._write(self._clean(below))

    def text(self, text: str, style: Style = BODY, after: float = 3.0, indent: float = 0.0) -> None:  # noqa: ARG002
        """Add a paragraph for each typed line of *text*."""
        self._write(*(_struck(line, style) for line in self._clean(text).split("\n")))

    def form(self, rows: Sequence[Sequence[FormCell]]) -> None:
        """Add each cell of a form as a line."""
        self._write(*(f"{self._clean(cell.label)}: {self._clean(cell.said)}" for row in rows for cell in row))

    def grid(self, columns: Sequence[Column], rows: Sequence[Row], room: float = 2.5) -> None:  # noqa: ARG002
        """Add the titles of the columns, and a line for each row."""
        titles = [self._clean(column.title) for column in columns]
        if any(titles):
            self._write(BETWEEN.join(title or NOTHING for title in titles))
        self._write(*(BETWEEN.join(_said(cell) or NOTHING for cell in row.cells) for row in rows))

    def blocks(
        self,
        columns: Sequence[Column],
        rows: Sequence[Row],
        count: int,  # noqa: ARG002
        room: float,  # noqa: ARG002
        gap: float,  # noqa: ARG002
        has_rules: bool = True,  # noqa: ARG002
    ) -> None:
        """Add a table; it has one block here."""
        self.grid(columns, rows)

    def lines(self, columns: Sequence[Column], rows: Sequence[Row], room: float = 2.5) -> None:  # noqa: ARG002
        """Add a line for each row; a grey cell is the label of the one behind it."""
        self._write(*(line for row in rows if (line := "".join(_labelled(row.cells)))))

    def figure(self, figure: Figure) -> None:
        """Add nothing: what a figure shows, the text around it says."""

    def drawing(self, drawing: Drawing) -> None:
        """Add nothing: a code for a camera stands on paper."""

    def box(self, lines: Sequence[tuple[str, Style]]) -> None:
        """Add lines that stand out on paper."""
        self._write("")
        for text, style in lines:
            self.text(text, style)

    @contextmanager
    def beside_code(self, payload: str) -> Iterator[None]:  # noqa: ARG002
        """Let what is added meanwhile stand alone: the code beside it is for a camera."""
        yield

    @contextmanager
    def in_halves(self) -> Iterator[None]:
        """Let the parts that are added meanwhile stand below each other."""
        yield

    @contextmanager
    def side_by_side(self, highest: float) -> Iterator[None]:  # noqa: ARG002
        """Let the parts that are added meanwhile stand below each other."""
        yield


def _struck(text: str, style: Style) -> str:
    return f"[struck out: {text}]" if style.is_struck and text else text


def _said(cell: Cell) -> str:
    return _struck(cell.text, cell.style)


def _labelled(cells: Iterable[Cell]) -> Iterator[str]:
    """Give what the cells say with what stands between them."""
    before: Cell | None = None
    for cell in cells:
        if not cell.text:
            continue
        if before is not None:
            yield ": " if before.style.grey else BETWEEN
        yield _said(cell)
        before = cell
