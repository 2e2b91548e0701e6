"""A line whose words change without a flash: the old ones fade while the new ones come, over more than a second."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, Qt, QVariantAnimation, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from kapnotes.ui.fonts import sized
from kapnotes.ui.palette import dim_of

FADE_MS = 1500
"""How long words take to come or go. A change of light within less than about a second draws the eye."""

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
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.fade = QVariantAnimation(self)
        self.fade.setStartValue(0.0)
        self.fade.setEndValue(1.0)
        self.fade.setDuration(FADE_MS)
        self.fade.valueChanged.connect(self._repaint)
        self._fit()

    def text(self) -> str:
        """Return what the line says, or will say once it has come."""
        return self._words.text

    def show_words(self, text: str, *, factor: float = 1.0, is_dim: bool = False) -> None:
        """Let *text* come in place of what stands there; nothing happens where it says so already."""
        words = Words(text, factor, is_dim)
        if words == self._words:
            return
        self._before, self._words = self._words, words
        self.setAccessibleDescription(text)
        self.fade.stop()
        self.fade.start()

    @Slot()
    def _repaint(self) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what goes and what comes, each as strong as the time says."""
        del event
        share = float(self.fade.currentValue() or 0.0)
        painter = QPainter(self)
        for words, strength in ((self._before, 1.0 - share), (self._words, share)):
            if words.text and strength > 0:
                painter.setOpacity(strength)
                self._paint(painter, words)

    def _paint(self, painter: QPainter, words: Words) -> None:
        painter.setFont(sized(QApplication.font(), words.factor))
        painter.setPen(dim_of(self.palette()) if words.is_dim else self.palette().text().color())
        shown = painter.fontMetrics().elidedText(words.text, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(QRectF(self.rect()), self._alignment, shown)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the program's type size."""
        if event.type() in {QEvent.Type.ApplicationFontChange, QEvent.Type.FontChange}:
            self._fit()
        super().changeEvent(event)

    def _fit(self) -> None:
        self.setFixedHeight(round(ROOM * QFontMetrics(QApplication.font()).height()))
