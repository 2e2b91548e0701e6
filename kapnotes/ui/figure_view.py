"""A figure of the domain on the screen: the same geometry as on paper, in the night's colours."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice

from PySide6.QtCore import QElapsedTimer, QPointF, QRectF, QSize, QTimer, Slot
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kapnotes.domain.figure import Anchor, AnyShape, Figure, Glyph, Label, Polyline, Rect, Role, Shape
from kapnotes.ui.lamp import Lamp
from kapnotes.ui.palette import Night

SLOW_MS = 16
"""A figure that takes longer is drawn less often: it then rests `REST` times as long as it took."""
REST = 4

SLICE_MS = 4
"""So long a figure is drawn at a stretch while its older picture is shown; then a key can come in between."""
SHAPES_AT_ONCE = 12
POINTS_AT_ONCE = 24
"""A longer line is drawn in pieces: Qt takes ten times as long for one three times as long."""

_TEXT = {
    Role.SYSTOLIC, Role.DIASTOLIC, Role.HEART_RATE, Role.SPO2, Role.DOSE, Role.RESCUE, Role.NOT_TAKEN, Role.TEXT,
    Role.QUOTE, Role.MARK,
}  # fmt: skip
_LINE = {Role.GRID, Role.PHASE}
_WIDTHS = {Role.GRID: 1.0, Role.AXIS: 1.0, Role.OUT_OF_PROTOCOL: 1.6, Role.DOSE: 2.0, Role.RESCUE: 2.0}


def _colour(role: Role, night: Night) -> QColor:
    if role is Role.OUT_OF_PROTOCOL:
        return QColor(night.mark)
    if role is Role.LIMIT_BAND:
        return QColor(night.field)
    if role in _LINE:
        return QColor(night.line)
    return QColor(night.text if role in _TEXT else night.dim)


def paint_figure(painter: QPainter, figure: Figure, night: Night, font: QFont) -> None:
    """Paint *figure* with its upper left corner at the painter's origin."""
    paint_shapes(painter, figure.shapes, night, font)


def paint_shapes(painter: QPainter, shapes: Iterable[AnyShape], night: Night, font: QFont) -> None:
    """Paint *shapes*, one after the other."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    role, colour = None, QColor()
    for shape in shapes:
        if shape.role is not role:
            role, colour = shape.role, _colour(shape.role, night)
            painter.setPen(QPen(colour, _WIDTHS.get(role, 1.3)))
        match shape:
            case Polyline(points, _):
                for start in range(0, len(points) - 1, POINTS_AT_ONCE):
                    piece = points[start : start + POINTS_AT_ONCE + 1]
                    painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in piece]))
            case Rect(x, y, w, h, _):
                painter.fillRect(QRectF(x, y, w, h), colour)
            case Glyph():
                _paint_glyph(painter, shape, colour)
            case Label():
                _paint_label(painter, shape, font)


def _paint_glyph(painter: QPainter, glyph: Glyph, colour: QColor) -> None:
    x, y, half = glyph.x, glyph.y, glyph.size / 2
    strokes: tuple[tuple[tuple[float, float], ...], ...] = ()
    match glyph.shape:
        case Shape.DOT:
            painter.setBrush(colour)
            painter.drawEllipse(QPointF(x, y), half * 0.5, half * 0.5)
            painter.setBrush(QColor(0, 0, 0, 0))
        case Shape.RING:
            painter.drawEllipse(QPointF(x, y), half * 0.72, half * 0.72)
        case Shape.CHEVRON_DOWN:
            strokes = (((-0.8, -0.8), (0, 0), (0.8, -0.8)),)
        case Shape.CHEVRON_UP:
            strokes = (((-0.8, 0.8), (0, 0), (0.8, 0.8)),)
        case Shape.SQUARE:
            strokes = (((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)),)
        case Shape.DIAMOND:
            strokes = (((-1, 0), (0, 1), (1, 0), (0, -1), (-1, 0)),)
        case Shape.CROSS:
            strokes = (((-1, -1), (1, 1)), ((-1, 1), (1, -1)))
        case Shape.TICK:
            strokes = (((0, -1), (0, 1)),)
        case Shape.DASH:
            strokes = (((-1, 0), (1, 0)),)
    for stroke in strokes:
        painter.drawPolyline(QPolygonF([QPointF(x + dx * half, y + dy * half) for dx, dy in stroke]))


def _paint_label(painter: QPainter, label: Label, font: QFont) -> None:
    painter.setFont(_label_font(font, label.size))
    width = QFontMetricsF(painter.font()).horizontalAdvance(label.text)
    left = label.x - {Anchor.START: 0.0, Anchor.MIDDLE: width / 2, Anchor.END: width}[label.anchor]
    painter.drawText(QPointF(left, label.y), label.text)


def _label_font(font: QFont, size: float) -> QFont:
    other = QFont(font)
    other.setPixelSize(max(1, round(size)))
    return other


class FigureView(QWidget):
    """Shows what *draw* returns for its size; drawn once per change, however often the screen asks for it.

    A figure that takes long rests long before it is drawn again, so that a day's readings never slow the typing.
    """

    def __init__(self, draw: Callable[[float, float], Figure], lamp: Lamp) -> None:
        super().__init__()
        self._draw = draw
        self._lamp = lamp
        lamp.changed.connect(self._draw_in_other_colours)
        self._picture: QPixmap | None = None
        self._next: QPixmap | None = None
        self._left: Iterator[AnyShape] = iter(())
        self._is_stale = False
        self._took_ms = 0
        self._redraw = QTimer(self)
        self._redraw.setSingleShot(True)
        self._redraw.setInterval(0)
        self._redraw.timeout.connect(self._begin)
        self._slices = QTimer(self)
        self._slices.setInterval(0)
        self._slices.timeout.connect(self._draw_on)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(40)

    def sizeHint(self) -> QSize:
        """Return a comfortable size."""
        return QSize(800, 260)

    @property
    def is_current(self) -> bool:
        """Tell whether the picture is as new as what it shows."""
        return not self._redraw.isActive() and not self._slices.isActive()

    @Slot()
    def refresh(self) -> None:
        """Draw anew, once, when all that happens now has happened; a slow figure a little later."""
        if self._slices.isActive():
            self._is_stale = True
        elif not self._redraw.isActive():
            self._redraw.start()

    @Slot()
    def _begin(self) -> None:
        took = QElapsedTimer()
        took.start()
        self._next = self._empty_picture()
        self._left = iter(self._draw(self.width(), self.height()).shapes)
        self._took_ms = took.elapsed()
        self._slices.start()

    @Slot()
    def _draw_on(self) -> None:
        """Draw for a while, then let the windows live; a whole picture takes the place of the older one."""
        if self._next is None:
            return
        took = QElapsedTimer()
        took.start()
        painter = QPainter(self._next)
        shapes = list(islice(self._left, SHAPES_AT_ONCE))
        while shapes and took.elapsed() < SLICE_MS:
            paint_shapes(painter, shapes, self._lamp.night, self.font())
            shapes = list(islice(self._left, SHAPES_AT_ONCE))
        painter.end()
        self._took_ms += took.elapsed()
        self._left = chain(shapes, self._left)
        if not shapes:
            self._show(self._next)

    def _show(self, picture: QPixmap) -> None:
        """Let *picture* be what is seen."""
        self._slices.stop()
        self._picture, self._next = picture, None
        self._redraw.setInterval(REST * self._took_ms if self._took_ms > SLOW_MS else 0)
        self.update()
        if self._is_stale:
            self._is_stale = False
            self._redraw.start()

    def _empty_picture(self) -> QPixmap:
        scale = self.devicePixelRatioF()
        picture = QPixmap(self.size() * scale)
        picture.setDevicePixelRatio(scale)
        picture.fill(QColor(self._lamp.night.ground))
        return picture

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw for the new size."""
        self._drop_picture()
        super().resizeEvent(event)

    @Slot()
    def _draw_in_other_colours(self) -> None:
        self._drop_picture()
        self.update()

    def _drop_picture(self) -> None:
        self._slices.stop()
        self._picture = self._next = None

    def paintEvent(self, event: QPaintEvent) -> None:
        """Show the picture."""
        del event
        if self._picture is None:  # the first of this size, so there is no older one to be shown meanwhile
            self._is_stale = False
            self._picture = self._empty_picture()
            painter = QPainter(self._picture)
            paint_figure(painter, self._draw(self.width(), self.height()), self._lamp.night, self.font())
            painter.end()
        QPainter(self).drawPixmap(0, 0, self._picture)
