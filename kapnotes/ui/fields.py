"""Fields of the night: a style whose ticks and carets stay within the palette, and the lines of the forms.

Qt paints a caret by inverting what is under it, which on a black ground is white: so no caret of Qt's is ever painted
(its width is nothing), and our lines paint an own one, steady, in the colour of the text.
"""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QLineEdit, QProxyStyle, QStyle, QStyleOption, QWidget

from kapnotes.ui.palette import dim_of

CARET_PX = 3
_TICKED = {QStyle.PrimitiveElement.PE_IndicatorCheckBox, QStyle.PrimitiveElement.PE_IndicatorItemViewItemCheck}


class NightStyle(QProxyStyle):
    """Fusion with ticks of our own, and without Qt's caret."""

    def __init__(self) -> None:
        super().__init__("Fusion")

    def pixelMetric(
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        """Return no width for the caret; all else is Fusion's."""
        if metric is QStyle.PixelMetric.PM_TextCursorWidth:
            return 0
        return super().pixelMetric(metric, option, widget)

    def drawPrimitive(
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Draw the box of a tick as a thin line, and the tick as two strokes."""
        if element not in _TICKED:
            super().drawPrimitive(element, option, painter, widget)
            return
        state, rect = option.state, QRectF(option.rect).adjusted(1.5, 1.5, -1.5, -1.5)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(dim_of(option.palette), 1))
        painter.drawRoundedRect(rect, 2, 2)
        if state & QStyle.StateFlag.State_On:
            painter.setPen(QPen(option.palette.windowText().color(), 2))
            painter.drawPolyline(tick(rect.adjusted(2.5, 2.5, -2, -2.5)))
        painter.restore()


def tick(box: QRectF) -> QPolygonF:
    """Return a check mark within *box*; drawn, because not every typeface has one."""
    return QPolygonF(
        [
            QPointF(box.left(), box.center().y() + box.height() * 0.05),
            QPointF(box.left() + box.width() * 0.36, box.bottom()),
            QPointF(box.right(), box.top()),
        ]
    )


def make_private(line: QLineEdit) -> None:
    """Let no keyboard learn what is typed here."""
    line.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)


class NightLine(QLineEdit):
    """A line of a form, with a caret in the colour of its text."""

    def __init__(self, name: str = "", text: str = "") -> None:
        super().__init__(text)
        self.setAccessibleName(name)
        make_private(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line as ever, then the caret."""
        super().paintEvent(event)
        if self.hasFocus():
            rect = self.cursorRect()
            QPainter(self).fillRect(
                rect.center().x(), rect.top() + 1, CARET_PX - 1, rect.height() - 2, self.palette().text()
            )


class SecretLine(NightLine):
    """A line for a passphrase."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setMaxLength(256)

    def clear(self) -> None:
        """Empty the line, and what Qt's own clear keeps of it so that undo could bring it back."""
        self.setText("")


def secret_line(name: str) -> NightLine:
    """Return a line for a passphrase."""
    return SecretLine(name)
