"""What stands on every page beside its content: head and foot, page x of y, and the heads of the logs."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from reportlab.pdfgen.canvas import Canvas

from kapnotes.domain.clock import Stamp
from kapnotes.export.flow import RULE, Style, draw_line
from kapnotes.export.fonts import Face
from kapnotes.export.page_text import Line, lines_of, width_of

LINE = Style(Face.REGULAR, 7.5, 10, grey=0.35)
HEADS = Style(Face.TABULAR, 6.5, 8.5, grey=0.35)


@dataclass(frozen=True, slots=True)
class Furniture:
    """What stands on every page beside its content, and when the document was made."""

    title: str
    running: str
    heads: tuple[str, ...]
    made_at: Stamp


class Edges(NamedTuple):
    """Where it stands: from `left` to `right`, the head on the line `top`, the foot from the line `bottom` down."""

    left: float
    right: float
    top: float
    bottom: float


def draw_furniture(canvas: Canvas, furniture: Furniture, edges: Edges, foot: str, *, is_first: bool) -> None:
    """Draw head (not on the first page) and foot; *foot* is what the page is called, all texts are cleaned."""
    left, right, _, y = edges
    measure = right - left
    canvas.setLineWidth(0.4)
    canvas.setStrokeColor(RULE)
    canvas.line(left, y + 12, right, y + 12)
    text = canvas.beginText()
    if not is_first:
        _draw_line(canvas, text, furniture.running, measure, left, edges.top)
    _draw_line(canvas, text, furniture.title, measure, left, y)
    wide = width_of(foot, LINE.face) * LINE.size
    _draw_line(canvas, text, foot, measure, right - wide, y)
    for index, line in enumerate(_head_lines(furniture.heads, measure)):
        draw_line(canvas, text, line, HEADS, left, y - 11 - index * HEADS.leading)
    canvas.drawText(text)


def _head_lines(heads: tuple[str, ...], measure: float) -> list[Line]:
    """Return the heads, as many to a line as fit; the document ends with all of them."""
    packed: list[str] = []
    for head in heads:
        longer = f"{packed[-1]}  ·  {head}" if packed else head
        if packed and width_of(longer, HEADS.face) * HEADS.size <= measure:
            packed[-1] = longer
        else:
            packed.append(head)
    return [lines_of(line, HEADS.face, HEADS.size, measure)[0] for line in packed[:3]]


def _draw_line(canvas: Canvas, text: Any, words: str, measure: float, x: float, y: float) -> None:  # noqa: ANN401
    draw_line(canvas, text, lines_of(words, LINE.face, LINE.size, measure)[0], LINE, x, y)
