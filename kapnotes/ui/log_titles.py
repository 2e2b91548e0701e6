"""The titles of the log's columns, painted in one go; section by section Qt took longer than for all rows."""

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHeaderView, QStyle

from kapnotes.ui.log_row import alignment_of
from kapnotes.ui.night_style import CELL
from kapnotes.ui.palette import dim_of, line_of


class LogTitles(QHeaderView):
    """Looks as every heading of ours does (see `night_style`)."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._size: QSize | None = None

    def sizeHint(self) -> QSize:
        """Return how large it is; the table asks for that after each new row, and it hangs on the typeface alone."""
        if self._size is None:
            self._size = super().sizeHint()
        return self._size

    def changeEvent(self, event: QEvent) -> None:
        """Follow the program's type size."""
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._size = None
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the titles dimly, above a line."""
        painter, palette, whole = QPainter(self.viewport()), self.palette(), self.viewport().rect()
        painter.fillRect(event.rect(), palette.window())
        painter.fillRect(QRect(0, whole.bottom(), whole.width(), 1), line_of(palette))
        painter.setPen(dim_of(palette))
        margin, model = self.style().pixelMetric(QStyle.PixelMetric.PM_HeaderMargin), self.model()
        high = whole.height() - 2 * margin - 1
        for section in range(self.count()):
            if not self.isSectionHidden(section):
                left, wide = self.sectionViewportPosition(section) + CELL[0], self.sectionSize(section) - 2 * CELL[0]
                title = str(model.headerData(section, Qt.Orientation.Horizontal))
                painter.drawText(QRect(left, margin, wide, high), alignment_of(section), title)
