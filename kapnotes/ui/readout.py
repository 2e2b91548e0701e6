"""What the cursor of the chart reads out: over the foot of the table, as high as its words, so that nothing moves."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QWidget

from kapnotes.ui.frame import ScaledLabel


class Readout(ScaledLabel):
    """Stands over the line *foot* and grows upwards from there, up to the second row below *top*."""

    def __init__(self, body: QWidget, top: QWidget, foot: QWidget) -> None:
        super().__init__(0.95)
        self._top, self._foot = top, foot
        self.setParent(body)
        self.setWordWrap(True)
        self.setFrameShape(QFrame.Shape.Box)
        self.setMargin(3)
        self.setAccessibleName(self.tr("The reading at the cursor"))
        self.hide()

    def say(self, words: str) -> None:
        """Show *words* and let a screen reader speak them; no words hide it."""
        self.setText(words)
        self.setVisible(bool(words))
        if not words:
            return
        self.place()
        self.raise_()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def place(self) -> None:
        """Stand where there is room now."""
        foot, top = self._foot.geometry(), self._top.geometry()
        least = foot.height()
        most = max(least, foot.bottom() - top.top() - 2 * self.fontMetrics().lineSpacing())
        height = min(most, max(least, self.heightForWidth(foot.width())))
        self.setGeometry(QRect(foot.left(), foot.bottom() + 1 - height, foot.width(), height))
