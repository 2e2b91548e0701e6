"""The cover of a seat that nobody types at: near black, with the clocks and what is due, and no word of a patient."""

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kapnotes.ui.blank import MODIFIERS, Blank
from kapnotes.ui.fields import secret_line
from kapnotes.ui.keys import sequence_of
from kapnotes.ui.labels import ScaledLabel


class Cover(Blank):
    """Lies over its window until a key comes soon, or the passphrase later. What uncovers it is typed nowhere."""

    key_came = Signal()
    passphrase_typed = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAccessibleName(self.tr("Covered, because no key was pressed"))
        self.asks = False
        """Whether it takes the passphrase to uncover the window."""
        self.times = ScaledLabel(1.6, is_dim=True)
        self.times.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hint = ScaledLabel(0.9, is_dim=True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.passphrase = secret_line(self.tr("Passphrase"))
        self.passphrase.setFixedWidth(360)
        self.passphrase.returnPressed.connect(self._try)
        self.passphrase.hide()
        column = QVBoxLayout(self)
        column.addStretch(3)
        column.addWidget(self.times)
        column.addWidget(self.hint)
        column.addWidget(self.passphrase, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(4)

    def show_times(self, *parts: str) -> None:
        """Show the clocks and what is due."""
        self.times.setText("   ".join(part for part in parts if part))

    def ask(self, *, asks: bool) -> None:
        """Take the passphrase to come back, or any key."""
        if asks is not self.asks:
            self.asks = asks
            self.hint.setText(self.tr("any key, then the passphrase") if asks else "")

    def say(self, text: str, *, is_mark: bool = False) -> None:
        """Show one line: what stands behind the cover cannot be read."""
        del is_mark
        self.hint.setText(text)

    def refuse(self, line: str) -> None:
        """Say why the passphrase did not do."""
        self.passphrase.clear()
        self.hint.setText(line)

    def uncover(self) -> None:
        """Show the window again, with the focus where it was."""
        self.passphrase.clear()
        self.passphrase.hide()
        self.ask(asks=False)
        super().uncover()

    def event(self, event: QEvent) -> bool:
        """Let the keys that lead to another window or lock this one through; take every other key."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            pressed = QKeySequence(event.keyCombination())
            if pressed in {QKeySequence(sequence_of(name)) for name in ("other_window", "lock")}:
                return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Say that a key came, or show where the passphrase goes; the key itself is typed nowhere."""
        if event.key() not in MODIFIERS:
            self._come()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Let a click do as a key."""
        del event
        self._come()

    def _come(self) -> None:
        if self.asks:
            self.passphrase.show()
            self.passphrase.setFocus()
        else:
            self.key_came.emit()

    def focusNextPrevChild(self, is_next: bool) -> bool:
        """Let the tab key lead nowhere behind the cover."""
        del is_next
        return True

    @Slot()
    def _try(self) -> None:
        if self.passphrase.text():
            self.hint.setText(self.tr("Unlocking…"))
            self.passphrase_typed.emit(self.passphrase.text())
            self.passphrase.clear()
