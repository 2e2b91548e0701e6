"""The style of the night: Fusion, with every line, ground and tick drawn from the palette alone.

There is no style sheet: one for the whole program had to be matched with every widget, at its first frame, at each
repaint of a line, and again for each step of a night that turns. A palette is handed on in a few milliseconds.

Qt paints a caret by inverting what is under it, which on a black ground is white: so no caret of Qt's is ever painted
(its width is nothing), and our lines paint an own one, steady, in the colour of the text.
"""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import (
    QProxyStyle,
    QStyle,
    QStyleOption,
    QStyleOptionButton,
    QStyleOptionComplex,
    QStyleOptionHeader,
    QStyleOptionSlider,
    QStyleOptionViewItem,
    QWidget,
)

from kapnotes.ui.palette import dim_of, field_of, line_of

_Primitive = QStyle.PrimitiveElement
_Control = QStyle.ControlElement
_Contents = QStyle.ContentsType
_Element = QStyle.SubElement
_Complex = QStyle.ComplexControl
_Part = QStyle.SubControl
_Metric = QStyle.PixelMetric
_State = QStyle.StateFlag

ROUND_PX = 3
"""How round the corners of fields and buttons are."""

FIELD = 7, 5
"""Room at each side of what stands in a field, and above and below it: its frame and some air."""

BUTTON, BAR_BUTTON = (15, 6), (10, 2)
"""The same of a button, and of one without a frame."""

CELL = 6, 3
"""The same of a row of a list and of a cell."""

DROP_PX = 18
"""At the right end of a choice, where nothing stands."""

_METRICS = {
    _Metric.PM_TextCursorWidth: 0,
    _Metric.PM_ScrollBarExtent: 8,
    _Metric.PM_ScrollBarSliderMin: 24,
    _Metric.PM_MenuPanelWidth: 1,
}


class NightStyle(QProxyStyle):
    """Fusion within the palette. What it asks for is `palette.dress`ed."""

    def __init__(self) -> None:
        super().__init__("Fusion")

    # ------------------------------------------------------------------------------------------- measuring

    def pixelMetric(self, metric: _Metric, option: QStyleOption | None = None, widget: QWidget | None = None) -> int:
        """Return no width for the caret and narrow scroll bars; all else is Fusion's."""
        own = _METRICS.get(metric)
        return super().pixelMetric(metric, option, widget) if own is None else own

    def sizeFromContents(
        self, kind: _Contents, option: QStyleOption, size: QSize, widget: QWidget | None = None
    ) -> QSize:
        """Return how large something is around its words."""
        if kind is _Contents.CT_LineEdit:
            return _around(size, FIELD)
        if kind is _Contents.CT_PushButton:
            return _around(size, BAR_BUTTON if _is_bar(option) else BUTTON)
        if kind is _Contents.CT_ComboBox:
            return _around(size, FIELD) + QSize(DROP_PX + 2, 0)  # Fusion keeps a pixel free at each side of the words
        if kind is _Contents.CT_ScrollBar:
            extent = _METRICS[_Metric.PM_ScrollBarExtent]
            return QSize(extent, extent)  # as short as its place is
        whole = super().sizeFromContents(kind, option, size, widget)  # type: ignore[arg-type]  # Qt takes none
        if kind is _Contents.CT_ItemViewItem:
            return _around(whole, CELL)
        if kind is _Contents.CT_HeaderSection:
            return _around(whole, CELL) + QSize(0, 1)  # the line below
        return whole

    def subElementRect(self, element: _Element, option: QStyleOption, widget: QWidget | None = None) -> QRect:
        """Return where the words stand in a field or a row."""
        if element is _Element.SE_LineEditContents:
            return _inside(option.rect, FIELD)
        if element in _IN_FRAME and widget is not None and widget.inherits("QPlainTextEdit"):
            return _inside(option.rect, FIELD)
        if element in _IN_CELL and isinstance(option, QStyleOptionViewItem):
            cell = QStyleOptionViewItem(option)
            cell.rect = _inside(option.rect, CELL)
            return super().subElementRect(element, cell, widget)  # type: ignore[arg-type]  # Qt takes none
        return super().subElementRect(element, option, widget)  # type: ignore[arg-type]  # Qt takes none

    def subControlRect(
        self, control: _Complex, option: QStyleOptionComplex, part: _Part, widget: QWidget | None = None
    ) -> QRect:
        """Return where the parts of a scroll bar are, which has no buttons, and where the words of a choice stand."""
        if control is _Complex.CC_ScrollBar and isinstance(option, QStyleOptionSlider):
            return _part_of_bar(option, part)
        if control is _Complex.CC_ComboBox and part is _Part.SC_ComboBoxEditField:
            return _inside(option.rect, FIELD).adjusted(-1, 0, 1 - DROP_PX, 0)
        return super().subControlRect(control, option, part, widget)  # type: ignore[arg-type]  # Qt takes none

    # -------------------------------------------------------------------------------------------- painting

    def drawPrimitive(
        self, element: _Primitive, option: QStyleOption, painter: QPainter, widget: QWidget | None = None
    ) -> None:
        """Draw what is ours, and let Fusion draw the rest."""
        draw = _DRAWN.get(element)
        if draw is None:
            super().drawPrimitive(element, option, painter, widget)
        else:
            draw(option, painter, widget)

    def drawControl(
        self, element: _Control, option: QStyleOption, painter: QPainter, widget: QWidget | None = None
    ) -> None:
        """Draw headings and the buttons of the title bar dimly, and a ground behind a tick that has the focus."""
        if element is _Control.CE_HeaderSection:
            _draw_heading(option, painter)
        elif element is _Control.CE_HeaderLabel and isinstance(option, QStyleOptionHeader):
            more = CELL[0] - self.pixelMetric(_Metric.PM_HeaderMargin, option, widget)  # Fusion leaves that much
            painter.setPen(dim_of(option.palette))
            painter.drawText(option.rect.adjusted(more, 0, -more, -1), option.textAlignment, option.text)
        elif element is _Control.CE_PushButtonLabel and _is_bar(option):
            assert isinstance(option, QStyleOptionButton)  # noqa: S101 - said to the type checker
            painter.setPen(dim_of(option.palette))
            painter.drawText(option.rect, Qt.AlignmentFlag.AlignCenter, option.text)
        elif element is not _Control.CE_SizeGrip:  # the corner takes hold of the window, but shows no sign
            if element is _Control.CE_CheckBox and option.state & _State.State_HasFocus:
                painter.fillRect(option.rect, option.palette.highlight())
            super().drawControl(element, option, painter, widget)

    def drawComplexControl(
        self, control: _Complex, option: QStyleOptionComplex, painter: QPainter, widget: QWidget | None = None
    ) -> None:
        """Draw a choice as a field, and of a scroll bar its slider alone."""
        if control is _Complex.CC_ComboBox:
            _draw_field(option, painter, widget)
        elif control is _Complex.CC_ScrollBar and isinstance(option, QStyleOptionSlider):
            _draw_bar(option, painter, _part_of_bar(option, _Part.SC_ScrollBarSlider))
        else:
            super().drawComplexControl(control, option, painter, widget)


_IN_FRAME = {_Element.SE_FrameContents, _Element.SE_ShapedFrameContents}
_IN_CELL = {
    _Element.SE_ItemViewItemText,
    _Element.SE_ItemViewItemDecoration,
    _Element.SE_ItemViewItemCheckIndicator,
    _Element.SE_ItemViewItemFocusRect,
}


def tick(box: QRectF) -> QPolygonF:
    """Return a check mark within *box*; drawn, because not every typeface has one."""
    return QPolygonF(
        [
            QPointF(box.left(), box.center().y() + box.height() * 0.05),
            QPointF(box.left() + box.width() * 0.36, box.bottom()),
            QPointF(box.right(), box.top()),
        ]
    )


def _around(size: QSize, room: tuple[int, int]) -> QSize:
    return QSize(size.width() + 2 * room[0], size.height() + 2 * room[1])


def _inside(rect: QRect, room: tuple[int, int]) -> QRect:
    return rect.adjusted(room[0], room[1], -room[0], -room[1])


def _is_bar(option: QStyleOption) -> bool:
    return isinstance(option, QStyleOptionButton) and bool(option.features & QStyleOptionButton.ButtonFeature.Flat)


def _part_of_bar(option: QStyleOptionSlider, part: _Part) -> QRect:
    """Return where a part of a scroll bar is; its slider is as long as what is in sight is of the whole."""
    whole, is_flat = option.rect, option.orientation is Qt.Orientation.Horizontal
    if part is _Part.SC_ScrollBarGroove:
        return whole
    length = whole.width() if is_flat else whole.height()
    span = option.maximum - option.minimum
    least = _METRICS[_Metric.PM_ScrollBarSliderMin]
    long = min(length, max(least, option.pageStep * length // max(1, span + option.pageStep))) if span else length
    begin = QStyle.sliderPositionFromValue(
        option.minimum, option.maximum, option.sliderPosition, length - long, option.upsideDown
    )
    first, size = {
        _Part.SC_ScrollBarSlider: (begin, long),
        _Part.SC_ScrollBarSubPage: (0, begin),
        _Part.SC_ScrollBarAddPage: (begin + long, length - begin - long),
    }.get(part, (0, 0))
    box = QRect(whole)
    if is_flat:
        box.setX(whole.x() + first)
        box.setWidth(size)
    else:
        box.setY(whole.y() + first)
        box.setHeight(size)
    return QStyle.visualRect(option.direction, whole, box)


# ------------------------------------------------------------------------------------------------ what is drawn


def _box(painter: QPainter, rect: QRect, ground: QColor | None, line: QColor, round_px: int) -> None:
    """Draw a thin line along the inside of *rect*, with *ground* within it."""
    painter.save()
    painter.setPen(QPen(line, 1))
    painter.setBrush(ground if ground is not None else Qt.BrushStyle.NoBrush)
    if round_px:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), round_px, round_px)
    else:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.drawRect(rect.adjusted(0, 0, -1, -1))
    painter.restore()


def _edge(option: QStyleOption) -> QColor:
    """Return the colour of an edge: brighter where the focus is."""
    return dim_of(option.palette) if option.state & _State.State_HasFocus else line_of(option.palette)


def _draw_field(option: QStyleOption, painter: QPainter, _: QWidget | None) -> None:
    _box(painter, option.rect, field_of(option.palette), _edge(option), ROUND_PX)


def _draw_frame(option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    """Draw the frame of a text, a list or a table, and of a label that has one; what scrolls a page has none."""
    if widget is None:
        return
    if widget.inherits("QPlainTextEdit"):  # Qt's own question: Python would need the classes at the start
        _draw_field(option, painter, widget)
    elif widget.inherits("QAbstractItemView") or widget.inherits("QLabel"):
        _box(painter, option.rect, None, _edge(option), 0)


def _draw_panel(option: QStyleOption, painter: QPainter, _: QWidget | None) -> None:
    """Draw the ground of what lies over a window for a moment: a menu, a choice, a tip."""
    _box(painter, option.rect, field_of(option.palette), line_of(option.palette), 0)


def _draw_button(option: QStyleOption, painter: QPainter, _: QWidget | None) -> None:
    palette = option.palette
    is_down = bool(option.state & (_State.State_Sunken | _State.State_On))
    if not _is_bar(option):
        ground = palette.highlight().color() if is_down else palette.button().color()
        _box(painter, option.rect, ground, _edge(option), ROUND_PX)
    elif is_down or option.state & _State.State_MouseOver:
        painter.fillRect(option.rect, palette.highlight())


def _draw_tick(option: QStyleOption, painter: QPainter, _: QWidget | None) -> None:
    """Draw the box of a tick as a thin line, and the tick as two strokes."""
    rect = QRectF(option.rect).adjusted(1.5, 1.5, -1.5, -1.5)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(dim_of(option.palette), 1))
    painter.drawRoundedRect(rect, 2, 2)
    if option.state & _State.State_On:
        painter.setPen(QPen(option.palette.windowText().color(), 2))
        painter.drawPolyline(tick(rect.adjusted(2.5, 2.5, -2, -2.5)))
    painter.restore()


def _draw_window(option: QStyleOption, painter: QPainter, _: QWidget | None) -> None:
    """Draw the edge of a window of ours; its ground is painted already."""
    _box(painter, option.rect, None, line_of(option.palette), 0)


def _draw_heading(option: QStyleOption, painter: QPainter) -> None:
    rect = option.rect
    painter.fillRect(rect, option.palette.window())
    painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, line_of(option.palette))


def _draw_bar(option: QStyleOption, painter: QPainter, slider: QRect) -> None:
    painter.save()
    painter.fillRect(option.rect, option.palette.window())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(line_of(option.palette))
    painter.drawRoundedRect(slider, ROUND_PX, ROUND_PX)
    painter.restore()


def _draw_nothing(*_: object) -> None:
    """The focus shows on the edge of what has it, or on its ground; the edge of a menu is that of its panel."""


_DRAWN: dict[_Primitive, Callable[[QStyleOption, QPainter, QWidget | None], None]] = {
    _Primitive.PE_IndicatorCheckBox: _draw_tick,
    _Primitive.PE_IndicatorItemViewItemCheck: _draw_tick,
    _Primitive.PE_PanelLineEdit: _draw_field,
    _Primitive.PE_Frame: _draw_frame,
    _Primitive.PE_PanelMenu: _draw_panel,
    _Primitive.PE_PanelTipLabel: _draw_panel,
    _Primitive.PE_PanelButtonCommand: _draw_button,
    _Primitive.PE_FrameMenu: _draw_nothing,
    _Primitive.PE_FrameFocusRect: _draw_nothing,
    _Primitive.PE_Widget: _draw_window,
}
