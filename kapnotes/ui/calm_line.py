"""A line whose words change without a flash: a soft edge goes along it; the old words go before it, the new follow."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, Qt, QVariantAnimation, Slot
from PySide6.QtGui import QBrush, QColor, QFontMetrics, QLinearGradient, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from kapnotes.ui.fonts import sized
from kapnotes.ui.palette import dim_of

FADE_MS = 3000
"""How long a change of words takes; at one place the old ones take a quarter of it to go, the new ones another to come.

A change of light within less than about a second draws the eye, and two lines over each other are read by nobody.
"""

SOFT = 0.5
"""How wide each side of the edge is, as a part of the words: wide enough to be no moving line, and so narrow that most
of the light of the line is there at every moment."""

ROOM = 1.2


@dataclass(frozen=True, slots=True)
class Words:
    """What the line says, how large, and whether in the dim colour."""

    text: str = ""
    factor: float = 1.0
    is_dim: bool = False


class CalmLine(QWidget):
    """One line at a fixed place with a fixed height; what does not fit is shortened, `text` is the whole text."""

    def __init__(self, name: str, alignment: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft) -> None:
        super().__init__()
        self._alignment = alignment | Qt.AlignmentFlag.AlignVCenter
        self._before = Words()
        self._words = Words()
        self._next: Words | None = None
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.fade = QVariantAnimation(self)
        self.fade.setStartValue(0.0)
        self.fade.setEndValue(1.0)
        self.fade.setDuration(FADE_MS)
        self.fade.valueChanged.connect(self._repaint)
        self.fade.finished.connect(self._go_on)
        self._fit()

    def text(self) -> str:
        """Return what the line says, or will say once it has come."""
        return (self._next or self._words).text

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is seen here: no words stand here, come or go."""
        return not self.text() and self.fade.state() is not QVariantAnimation.State.Running

    def show_words(self, text: str, *, factor: float = 1.0, is_dim: bool = False) -> None:
        """Let *text* come in place of what stands there; nothing happens where it says so already.

        While other words are on their way, those come first, so that nothing jumps.
        """
        words = Words(text, factor, is_dim) if text else Words()
        if words == (self._next or self._words):
            return
        self.setAccessibleDescription(text)
        if self.fade.state() is QVariantAnimation.State.Running:
            self._next = words
        else:
            self._begin(words)

    def come_to_rest(self) -> None:
        """Show what the line says without any change that lasts, for a picture that is taken."""
        while self.fade.state() is QVariantAnimation.State.Running:
            self.fade.setCurrentTime(FADE_MS)

    def _begin(self, words: Words) -> None:
        self._before, self._words, self._next = self._words, words, None
        self.fade.start()

    @Slot()
    def _go_on(self) -> None:
        if self._next is not None and self._next != self._words:
            self._begin(self._next)
        self._next = None

    @Slot()
    def _repaint(self) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what goes before the edge and what comes behind it."""
        del event
        painter = QPainter(self)
        places = [self._place(words) for words in (self._before, self._words) if words.text]
        left, right = min((p.left() for p in places), default=0.0), max((p.right() for p in places), default=0.0)
        at = -SOFT + (1.0 + 2.0 * SOFT) * float(self.fade.currentValue() or 0.0)
        edge, wide = left + at * (right - left), SOFT * (right - left)
        if at < 1.0:
            self._paint(painter, self._before, edge, edge + wide)
        if at > 0.0:
            self._paint(painter, self._words, edge, edge - wide)

    def _shown(self, words: Words) -> str:
        metrics = QFontMetrics(sized(QApplication.font(), words.factor))
        return metrics.elidedText(words.text, Qt.TextElideMode.ElideRight, self.width())

    def _place(self, words: Words) -> QRectF:
        wide = QFontMetrics(sized(QApplication.font(), words.factor)).horizontalAdvance(self._shown(words))
        spare = self.width() - wide
        is_right = bool(self._alignment & Qt.AlignmentFlag.AlignRight)
        is_middle = bool(self._alignment & Qt.AlignmentFlag.AlignHCenter)
        return QRectF(spare if is_right else spare / 2 if is_middle else 0, 0, wide, self.height())

    def _paint(self, painter: QPainter, words: Words, dark_at: float, full_at: float) -> None:
        """Paint *words* in full from *full_at* on, and nothing of them from *dark_at* on, on the other side."""
        colour = dim_of(self.palette()) if words.is_dim else self.palette().text().color()
        gone = QColor(colour)
        gone.setAlpha(0)
        gradient = QLinearGradient(dark_at, 0, full_at, 0)
        gradient.setColorAt(0, gone)
        gradient.setColorAt(1, colour)
        painter.setFont(sized(QApplication.font(), words.factor))
        painter.setPen(QPen(QBrush(gradient), 1))
        painter.drawText(QRectF(self.rect()), self._alignment, self._shown(words))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the program's type size."""
        if event.type() in {QEvent.Type.ApplicationFontChange, QEvent.Type.FontChange}:
            self._fit()
        super().changeEvent(event)

    def _fit(self) -> None:
        self.setFixedHeight(round(ROOM * QFontMetrics(QApplication.font()).height()))
