"""What stands left of a line: its time, and below it what the line is. Never wider, so that the line never moves."""

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kapnotes.ui.fonts import sized
from kapnotes.ui.labels import ROOM
from kapnotes.ui.palette import dim_of

_WORDS, _BELOW = 0.85, 0.72
_MARGIN_PX = 4
_AFTER_MS = 20
"""It is painted this much later, so that the letter that was typed comes first."""


class LineStamp(QWidget):
    """Two short lines of a fixed width, for any type size; what does not fit is shortened, `text` is the whole.

    It paints itself: a label that changes has its whole window laid out anew, with the first key of every note.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self._words = self._below = ""
        self._rows: tuple[tuple[QFont, int], ...] = ()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_AFTER_MS)
        self._soon.timeout.connect(self.update)
        self.setAccessibleName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._scale()

    def corrects(self, time: str) -> str:
        """Return what stands beside a line that corrects the entry of *time*."""
        return self.tr("corrects {}").format(time)

    def show_words(self, words: str, below: str = "") -> None:
        """Show *words*, a time most often, and what the line is *below* them."""
        if (words, below) != (self._words, self._below):
            self._words, self._below = words, below
            self.setAccessibleDescription(self.text())
            self._soon.start()

    def text(self) -> str:
        """Return all that it says."""
        return "  ".join(part for part in (self._words, self._below) if part)

    def sizeHint(self) -> QSize:
        """Return the room of its two lines."""
        return self.minimumSize()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint both lines, shortened where they are too long, one below the other in the middle of the height."""
        painter = QPainter(self)
        palette = self.palette()
        painter.fillRect(event.rect(), palette.window())
        painter.setPen(dim_of(palette))
        top, wide = (self.height() - sum(height for _, height in self._rows)) // 2, self.width() - _MARGIN_PX
        for (font, height), words in zip(self._rows, (self._words, self._below), strict=True):
            if words:
                painter.setFont(font)
                shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, wide)
                painter.drawText(0, top, wide, height, Qt.AlignmentFlag.AlignVCenter, shown)
            top += height

    def changeEvent(self, event: QEvent) -> None:
        """Follow the program's type size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._scale()

    def _scale(self) -> None:
        fonts = (sized(self.font(), _WORDS), sized(self.font(), _BELOW))
        self._rows = tuple((font, round(ROOM * QFontMetrics(font).height())) for font in fonts)
        metrics = QFontMetrics(fonts[0])
        widest = max("0123456789", key=metrics.horizontalAdvance)
        wide = metrics.horizontalAdvance(f"{self.corrects('00:00')} ".replace("0", widest))
        self.setMinimumSize(wide + _MARGIN_PX, sum(height for _, height in self._rows))
        self.updateGeometry()
        self.update()
