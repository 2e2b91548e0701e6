"""Near black: one key covers the window, any key uncovers it. The clocks and timers go on behind."""

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget


class Blank(QWidget):
    """Covers its window; the key that uncovers it is typed nowhere."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._focus: QWidget | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Screen blanked; any key brings it back"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.BlankCursor)
        self.hide()
        window.installEventFilter(self)

    @Slot()
    def cover(self) -> None:
        """Cover the window."""
        self._focus = self._window.focusWidget()
        self.setGeometry(self._window.rect())
        self.show()
        self.raise_()
        self.setFocus()

    def _uncover(self) -> None:
        self.hide()
        if self._focus is not None:
            self._focus.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let any key uncover the window."""
        if event.key() not in {Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_Meta}:
            self._uncover()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Let a click uncover it as well."""
        del event
        self._uncover()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as the window."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._window.rect())
        return super().eventFilter(watched, event)
