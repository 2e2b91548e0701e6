"""A figure of the domain on the screen: the same geometry as on paper, in the night's colours."""

from collections.abc import Callable, Iterable, Iterator

from PySide6.QtCore import QElapsedTimer, QPointF, QRectF, QSize, Slot
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kapnotes.domain.figure import Anchor, AnyShape, Glyph, Label, Polyline, Rect, Role, Shape
from kapnotes.ui.lamp import Lamp
from kapnotes.ui.palette import Night
from kapnotes.ui.turns import Turns

SLICE_MS = 4
"""So long a figure is drawn at a stretch, in milliseconds; then a key can come in between."""
SHAPES_AT_ONCE = 12
SHAPES_AT_FIRST = 420
"""So many are painted at once where there is no older picture: all of a usual session, however busy the laptop is, and
a part of a day's. A picture of more is large."""
POINTS_AT_ONCE = 24
"""A longer line is drawn in pieces: Qt takes ten times as long for one three times as long."""

_TEXT = {
    Role.SYSTOLIC, Role.DIASTOLIC, Role.HEART_RATE, Role.SPO2, Role.DOSE, Role.RESCUE, Role.NOT_TAKEN, Role.TEXT,
    Role.QUOTE, Role.MARK, Role.EVENT, Role.EMERGENCY, Role.CURSOR, Role.PHQ9,
}  # fmt: skip
_LINE = {Role.GRID, Role.PHASE, Role.INFUSION}
_WIDTHS = {Role.GRID: 1.0, Role.AXIS: 1.0, Role.OUT_OF_PROTOCOL: 1.6, Role.DOSE: 1.6, Role.RESCUE: 2.0,
           Role.EMERGENCY: 1.6, Role.CURSOR: 1.0}  # fmt: skip


def _colour(role: Role, night: Night) -> QColor:
    if role is Role.OUT_OF_PROTOCOL:
        return QColor(night.mark)
    if role is Role.LIMIT_BAND:
        return QColor(night.field)
    if role in _LINE:
        return QColor(night.line)
    return QColor(night.text if role in _TEXT else night.dim)


def paint_shapes(painter: QPainter, shapes: Iterable[AnyShape], night: Night, font: QFont) -> None:
    """Paint *shapes*, one after the other, with the painter's origin in their upper left corner."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    role, colour = None, QColor()
    for shape in shapes:
        if shape.role is not role:
            role, colour = shape.role, _colour(shape.role, night)
            painter.setPen(QPen(colour, _WIDTHS.get(role, 1.3)))
        match shape:
            case Polyline(points, _):
                painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in points]))
            case Rect(x, y, w, h, _):
                painter.fillRect(QRectF(x, y, w, h), colour)
            case Glyph():
                _paint_glyph(painter, shape, colour)
            case Label():
                _paint_label(painter, shape, font)


def _pieces(shapes: Iterable[AnyShape | None]) -> Iterator[AnyShape | None]:
    """Give *shapes* with long lines in pieces."""
    for shape in shapes:
        if not isinstance(shape, Polyline) or len(shape.points) <= POINTS_AT_ONCE:
            yield shape
            continue
        for start in range(0, len(shape.points) - 1, POINTS_AT_ONCE):
            yield Polyline(shape.points[start : start + POINTS_AT_ONCE + 1], shape.role)


def _effort(shape: AnyShape) -> int:
    """Return as how many shapes *shape* counts, by the time that it takes."""
    return 1 + len(shape.points) // 8 if isinstance(shape, Polyline) else 1


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
        case Shape.PLUS:
            strokes = (((-1, 0), (1, 0)), ((0, -1), (0, 1)))
        case Shape.TRIANGLE:
            strokes = (((-1, 0.8), (1, 0.8), (0, -1), (-1, 0.8)),)
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
    """Shows the shapes that *draw* gives for its size; drawn once per change, however often the screen asks for it.

    They are taken and painted a few at a time, so that a day's readings never hold up a key; a None among them is no
    shape, only a good place for a rest. What stands over the picture, as a cursor does, is painted anew each time and
    leaves the picture alone. It is drawn in *turns* that it shares with whoever else has them.
    """

    def __init__(
        self, draw: Callable[[float, float], Iterable[AnyShape | None]], lamp: Lamp, turns: Turns | None = None
    ) -> None:
        super().__init__()
        self._turns = turns or Turns(self)
        self._draw = draw
        self._lamp = lamp
        lamp.changed.connect(self._draw_in_other_colours)
        self._picture: QPixmap | None = None
        self._next: QPixmap | None = None
        self._left: Iterator[AnyShape | None] = iter(())
        self._over: tuple[AnyShape, ...] = ()
        self._taken = 0
        self._is_large = False
        self._is_stale = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(40)

    def sizeHint(self) -> QSize:
        """Return a comfortable size."""
        return QSize(800, 260)

    @property
    def is_current(self) -> bool:
        """Tell whether the picture is as new as what it shows."""
        return not self._turns.waits(self._begin) and not self._is_drawing

    @Slot()
    def refresh(self) -> None:
        """Draw anew, once, when all that happens now has happened."""
        if self._is_drawing:
            self._is_stale = True
        else:
            self._turns.ask(self._begin)

    @property
    def _is_drawing(self) -> bool:
        return self._turns.waits(self._draw_on)

    def draw_ahead(self) -> Iterator[None]:
        """Draw for the size that the view has already, before it is shown for the first time; the steps of it."""
        if not self.isHidden():
            self._begin()
        while self._picture is None and self._is_drawing:
            yield

    def show_over(self, shapes: Iterable[AnyShape]) -> None:
        """Let *shapes* stand over the picture, in place of those before."""
        self._over = tuple(shapes)
        self.update()

    def _begin(self) -> None:
        self._next = self._empty_picture()
        self._taken, self._left = 0, _pieces(self._draw(self.width(), self.height()))
        self._turns.ask(self._draw_on)

    def _draw_on(self) -> None:
        """Draw for a while, then let the windows live; a whole picture takes the place of the older one."""
        if self._next is None:
            return
        took = QElapsedTimer()
        took.start()
        is_left = True
        while is_left and took.elapsed() < SLICE_MS:
            is_left = self._take(self._next, SHAPES_AT_ONCE)
        if not is_left:
            self._show(self._next)
            return
        self._turns.ask(self._draw_on)
        if self._picture is self._next:
            self.update()

    def _draw_at_first(self) -> None:
        """Draw all of a usual session; of a day's readings as much as nobody waits for, and the rest as ever."""
        is_left = True
        while is_left and self._next is not None and self._taken < SHAPES_AT_FIRST:
            is_left = self._take(self._next, SHAPES_AT_ONCE)
        if not is_left and self._next is not None:
            self._show(self._next)

    def _take(self, picture: QPixmap, count: int) -> bool:
        """Paint about the next *count* shapes onto *picture*; returns whether there may be more."""
        shapes: list[AnyShape] = []
        is_left, effort = False, 0
        for shape in self._left:
            if shape is not None:
                shapes.append(shape)
                effort += _effort(shape)
            is_left = shape is None or effort >= count
            if is_left:
                break
        painter = QPainter(picture)
        paint_shapes(painter, shapes, self._lamp.night, self.font())
        painter.end()
        self._taken += len(shapes)
        return is_left

    def _show(self, picture: QPixmap) -> None:
        """Let *picture*, which is whole, be what is seen."""
        self._turns.drop(self._draw_on)
        self._picture, self._next = picture, None
        self._is_large = self._taken > SHAPES_AT_FIRST
        self.update()
        if self._is_stale:
            self._is_stale = False
            self._turns.ask(self._begin)

    def _empty_picture(self) -> QPixmap:
        scale = self.devicePixelRatioF()
        picture = QPixmap(self.size() * scale)
        picture.setDevicePixelRatio(scale)
        picture.fill(QColor(self._lamp.night.ground))
        return picture

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw for the new size, unless that was done before the view was shown."""
        drawn = self._next or self._picture
        if drawn is None or drawn.size() != self.size() * self.devicePixelRatioF():
            self._drop_picture()
        super().resizeEvent(event)

    @Slot()
    def _draw_in_other_colours(self) -> None:
        self._drop_picture()
        self.update()

    def _drop_picture(self) -> None:
        """Let go of the picture; a large one is shown, stretched or in the old colours, until the new one is there."""
        self._turns.drop(self._draw_on)
        if self._is_large and self._picture is not None:
            self._next = None
            self._turns.ask(self._begin)
        else:
            self._picture = self._next = None

    def paintEvent(self, event: QPaintEvent) -> None:
        """Show the picture, and over it what stands there."""
        del event
        if self._picture is None:  # the first of this size: there is no older one to be shown meanwhile
            self._is_stale = False
            self._begin()
            self._picture = self._next  # what is there already is seen
            self._draw_at_first()
        painter = QPainter(self)
        if self._picture is not None:
            painter.drawPixmap(self.rect(), self._picture)
        paint_shapes(painter, self._over, self._lamp.night, self.font())
