"""The table of keys, laid over a window; any key puts it away."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from kapnotes.ui.palette import DIM


@dataclass(frozen=True, slots=True)
class Row:
    """One key and what it does."""

    sequence: str
    does: str


class KeysOverlay(QScrollArea):
    """Covers its window while it is shown, and gives the focus back."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._focus: QWidget | None = None
        self.setWidgetResizable(True)
        self.setAccessibleName(self.tr("All keys"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hide()

    def toggle(self, rows: tuple[Row, ...]) -> None:
        """Show *rows*, or go away where it is shown."""
        if self.isVisible():
            self._leave()
            return
        self._focus = self._window.focusWidget()
        self._window.installEventFilter(self)  # for as long as it lies there: a window has very many events
        page, heading = _table(rows)
        self.setWidget(page)
        self.setGeometry(self._window.rect().adjusted(1, 34, -1, -1))
        room = self.maximumViewportSize()
        is_longer = page.heightForWidth(room.width()) > room.height()
        longer = self.tr("All keys. PgDown and the arrows show the others; any other key puts this away.")
        heading.setText(longer if is_longer else self.tr("All keys. Any key puts this away."))
        self.show()
        self.raise_()
        self.setFocus()

    def _leave(self) -> None:
        self.hide()
        self._window.removeEventFilter(self)
        if self._focus is not None:
            self._focus.setFocus()

    def event(self, event: QEvent) -> bool:
        """Take every key before any shortcut does, so that looking at the keys presses none of them."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll by the arrows and the page keys; any other key puts it away."""
        scrolling = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}
        if event.key() in scrolling:
            super().keyPressEvent(event)
        elif event.key() not in {Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt}:
            self._leave()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as the window."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._window.rect().adjusted(1, 34, -1, -1))
        return super().eventFilter(watched, event)


def _table(rows: tuple[Row, ...]) -> tuple[QWidget, QLabel]:
    """Return the page of *rows*, and its heading, which says how it is left."""
    page = QWidget()
    column = QVBoxLayout(page)
    heading = QLabel()
    heading.setForegroundRole(DIM)
    column.addWidget(heading)
    grid = QGridLayout()
    grid.setHorizontalSpacing(18)
    half = (len(rows) + 1) // 2
    for index, row in enumerate(rows):
        sequence = QLabel(row.sequence)
        does = QLabel(row.does)
        does.setForegroundRole(DIM)
        does.setWordWrap(True)
        place = (index, 0) if index < half else (index - half, 2)
        grid.addWidget(sequence, place[0], place[1], Qt.AlignmentFlag.AlignTop)
        grid.addWidget(does, place[0], place[1] + 1, Qt.AlignmentFlag.AlignTop)
    grid.setColumnStretch(1, 1)
    grid.setColumnStretch(3, 1)
    column.addLayout(grid)
    column.addStretch(1)
    return page, heading
