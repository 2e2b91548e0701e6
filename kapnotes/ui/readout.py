"""What the cursor of the chart reads out: over the foot of the table, as high as its words, so that nothing moves."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QWidget

from kapnotes.ui.following import Following
from kapnotes.ui.labels import ScaledLabel

EDGE_PX = 4
"""Frame and room around the words."""


class Readout(ScaledLabel):
    """Stands over *above* and *foot*, the lines below *table*, and grows upwards over the table as far as it must."""

    def __init__(self, body: QWidget, table: QWidget, above: QWidget, foot: QWidget) -> None:
        super().__init__(0.95)
        self._table, self._above, self._foot = table, above, foot
        self.setParent(body)
        self.setWordWrap(True)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setMargin(EDGE_PX - 1)
        self.setAutoFillBackground(True)
        self.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setAccessibleName(self.tr("The reading at the cursor"))
        self.hide()
        self._following = Following(self, self.place, table, above, foot)

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
        foot = self._foot.geometry()
        upper = foot if self._above.isHidden() else self._above.geometry()
        least = foot.bottom() + 1 - upper.top()
        line, edge = self.fontMetrics().lineSpacing(), 2 * EDGE_PX
        lines = (foot.bottom() + 1 - self._table.geometry().top() - edge) // line  # no line is cut in its middle
        most = max(least, lines * line + edge)
        height = min(most, max(least, self.heightForWidth(foot.width())))
        self.setGeometry(QRect(foot.left(), foot.bottom() + 1 - height, foot.width(), height))
