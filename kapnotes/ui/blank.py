"""Near black: one key covers every window, any key uncovers them. The clocks and timers go on behind."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QMouseEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QWidget

from kapnotes.ui.calm_line import CalmLine

MODIFIERS = frozenset(
    {Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta, Qt.Key.Key_CapsLock}
)
"""Keys that do nothing by themselves, so they uncover nothing."""


class Blank(QWidget):
    """Covers its window; the key that uncovers it is typed nowhere."""

    uncovered = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._focus: QWidget | None = None
        self._has_pointer = False
        self.setAutoFillBackground(True)
        self.setAccessibleName(self.tr("Screen blanked; any key brings it back"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.signal = CalmLine(self.tr("Silent signal that waits here"), Qt.AlignmentFlag.AlignHCenter)
        self.signal.setParent(self)
        self.hide()

    @Slot()
    def cover(self) -> None:
        """Cover the window."""
        self._focus = self._window.focusWidget()
        self._window.installEventFilter(self)  # for as long as it lies there: a window has very many events
        self._fill()
        self.show()
        self.raise_()
        self.setFocus()

    def show_signal(self, words: str) -> None:
        """Let a signal that waits stand dimly on the black, or let it go."""
        self.signal.show_words(words, is_dim=True)

    def _fill(self) -> None:
        self.setGeometry(self._window.rect())
        self.signal.setGeometry(0, self.height() // 4, self.width(), self.signal.height())

    def uncover(self) -> None:
        """Show the window again, with the focus where it was."""
        if not self.isVisible():
            return
        self.hide()
        self._window.removeEventFilter(self)
        if self._focus is not None:
            self._focus.setFocus()
        self.uncovered.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """Take the mouse's pointer away as well."""
        self._take_pointer(is_taken=True)
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Bring the mouse's pointer back."""
        self._take_pointer(is_taken=False)
        super().hideEvent(event)

    def _take_pointer(self, *, is_taken: bool) -> None:
        if is_taken is self._has_pointer:
            return  # Qt tells of a hiding also where nothing was shown
        self._has_pointer = is_taken
        if is_taken:
            QApplication.setOverrideCursor(Qt.CursorShape.BlankCursor)
        else:
            QApplication.restoreOverrideCursor()

    def event(self, event: QEvent) -> bool:
        """Take every key before any shortcut does: what is pressed in the dark uncovers and does nothing else."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let any key uncover the window."""
        if event.key() not in MODIFIERS:
            self.uncover()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Let a click uncover it as well."""
        del event
        self.uncover()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as the window."""
        if event.type() == QEvent.Type.Resize and not self.isHidden():  # nor where its window is still to be shown
            self._fill()
        return super().eventFilter(watched, event)
