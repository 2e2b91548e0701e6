"""A figure of the domain on paper: the same geometry as on the screen, in ink.

Lines, symbols and weights carry the meaning; the greys only help, so a copy in black and white says the same.
"""

from typing import Any, NamedTuple

from reportlab.platypus import Flowable

from kapnotes.domain.figure import Anchor, Figure, Glyph, Label, Polyline, Rect, Role, Shape, text_width
from kapnotes.export.flow import Style, draw_line
from kapnotes.export.fonts import Face
from kapnotes.export.page_text import lines_of, pdf_text, width_of
from kapnotes.export.tags import tagged


class Ink(NamedTuple):
    """Grey (0 is black), line width and dashes."""

    grey: float
    width: float = 0.6
    dashes: tuple[float, ...] = ()


INKS = {
    Role.GRID: Ink(0.88, 0.3),
    Role.AXIS: Ink(0.35, 0.5),
    Role.SYSTOLIC: Ink(0.0, 0.8),
    Role.DIASTOLIC: Ink(0.0, 0.8),
    Role.HEART_RATE: Ink(0.0, 0.5, (1.6, 1.2)),
    Role.SPO2: Ink(0.0, 0.6),
    Role.BASELINE: Ink(0.35, 0.6, (3, 2)),
    Role.LIMIT_BAND: Ink(0.92),
    Role.OUT_OF_PROTOCOL: Ink(0.0, 0.9),
    Role.DOSE: Ink(0.15, 1.2),
    Role.RESCUE: Ink(0.0, 1.2),
    Role.INFUSION: Ink(0.78),
    Role.RATE: Ink(0.15, 0.9),
    Role.EVENT: Ink(0.0, 0.9),
    Role.ACTION: Ink(0.2, 0.8),
    Role.EMERGENCY: Ink(0.0, 1.0),
    Role.CURSOR: Ink(0.35, 0.6),
    Role.NOT_TAKEN: Ink(0.0, 0.9),
    Role.GAP: Ink(0.35, 0.9),
    Role.PHASE: Ink(0.86),
    Role.STATE: Ink(0.45),
    Role.MARK: Ink(0.0, 1.0),
    Role.QUOTE: Ink(0.0, 0.8),
    Role.PHQ9: Ink(0.0, 0.8),
    Role.GAD7: Ink(0.35, 0.6, (1.6, 1.2)),
    Role.SESSION: Ink(0.15, 1.0),
    Role.TEXT: Ink(0.1),
    Role.TEXT_DIM: Ink(0.35),
}


def _within(label: Label, shown: str) -> str:
    """Return what is printed of *label*, no wider than the room that was kept for it.

    Only a letter that stands as its number is wider than the figure knew: from there on the label is cut, because a
    few numbers tell nobody anything. The text is whole in the list.
    """
    room = text_width(label.text, 1.0)
    if shown == label.text or width_of(shown, Face.REGULAR) <= room:
        return shown
    shown = shown[: shown.find("[U+")].rstrip() if "[U+" in shown else shown
    while shown and width_of(f"{shown}…", Face.REGULAR) > room:
        shown = shown[:-1]
    return f"{shown}…"


class FigureOnPaper(Flowable):
    """A figure as a block; *missing* gathers the characters that the typefaces lack, *alt* is for who hears it."""

    def __init__(self, figure: Figure, missing: set[str], alt: str = "") -> None:
        super().__init__()
        self._figure = figure
        self._alt = alt
        labels = [shape for shape in figure.shapes if isinstance(shape, Label)]
        self._labels = {label: _within(label, pdf_text(label.text, missing).replace("\n", " ")) for label in labels}
        self.width, self.height = figure.width, figure.height

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: ARG002, N803
        """Return width and height."""
        return self.width, self.height

    def draw(self) -> None:
        """Paint the shapes in their order."""
        with tagged(self.canv, "Figure", self._alt):
            self._paint()

    def _paint(self) -> None:
        canvas = self.canv
        canvas.saveState()
        canvas.setLineJoin(1)
        canvas.setLineCap(0)
        for shape in self._figure.shapes:
            match shape:
                case Polyline(points, role):
                    self._draw_polyline(canvas, points, INKS[role])
                case Rect(x, y, w, h, role):
                    canvas.setFillGray(INKS[role].grey)
                    canvas.rect(x, self.height - y - h, w, h, stroke=0, fill=1)
                case Glyph():
                    self._draw_glyph(canvas, shape)
                case Label():
                    self._draw_label(canvas, shape)
        canvas.restoreState()

    def _draw_polyline(self, canvas: Any, points: tuple[tuple[float, float], ...], ink: Ink) -> None:  # noqa: ANN401
        canvas.setStrokeGray(ink.grey)
        canvas.setLineWidth(ink.width)
        canvas.setDash(*([list(ink.dashes)] if ink.dashes else []))
        path = canvas.beginPath()
        for index, (x, y) in enumerate(points):
            (path.lineTo if index else path.moveTo)(x, self.height - y)
        canvas.drawPath(path, stroke=1, fill=0)

    def _draw_glyph(self, canvas: Any, glyph: Glyph) -> None:  # noqa: ANN401
        ink = INKS[glyph.role]
        x, y, half = glyph.x, self.height - glyph.y, glyph.size / 2
        canvas.setStrokeGray(ink.grey)
        canvas.setFillGray(ink.grey)
        canvas.setLineWidth(max(0.8, ink.width))
        canvas.setDash()
        strokes: list[tuple[tuple[float, float], ...]] = []
        match glyph.shape:
            case Shape.DOT:
                canvas.circle(x, y, half * 0.62, stroke=0, fill=1)
            case Shape.RING:
                canvas.circle(x, y, half * 0.72, stroke=1, fill=0)
            case Shape.CHEVRON_DOWN:
                strokes.append(((-half * 0.8, half * 0.8), (0, 0), (half * 0.8, half * 0.8)))
            case Shape.CHEVRON_UP:
                strokes.append(((-half * 0.8, -half * 0.8), (0, 0), (half * 0.8, -half * 0.8)))
            case Shape.SQUARE:
                strokes.append(((-half, -half), (half, -half), (half, half), (-half, half), (-half, -half)))
            case Shape.DIAMOND:
                strokes.append(((-half, 0), (0, half), (half, 0), (0, -half), (-half, 0)))
            case Shape.CROSS:
                strokes += [((-half, -half), (half, half)), ((-half, half), (half, -half))]
            case Shape.TICK:
                strokes.append(((0, -half), (0, half)))
            case Shape.PLUS:
                strokes += [((-half, 0), (half, 0)), ((0, -half), (0, half))]
            case Shape.TRIANGLE:
                strokes.append(((-half, -half * 0.8), (half, -half * 0.8), (0, half), (-half, -half * 0.8)))
            case Shape.DASH:
                strokes.append(((-half, 0), (half, 0)))
        for stroke in strokes:
            path = canvas.beginPath()
            for index, (dx, dy) in enumerate(stroke):
                (path.lineTo if index else path.moveTo)(x + dx, y + dy)
            canvas.drawPath(path, stroke=1, fill=0)

    def _draw_label(self, canvas: Any, label: Label) -> None:  # noqa: ANN401
        style = Style(Face.REGULAR, label.size, label.size, INKS[label.role].grey)
        line = lines_of(self._labels[label], style.face, style.size, 1e9)[0]
        left = label.x - {Anchor.START: 0.0, Anchor.MIDDLE: line.width / 2, Anchor.END: line.width}[label.anchor]
        text = canvas.beginText()
        draw_line(canvas, text, line, style, left, self.height - label.y)
        canvas.drawText(text)
