"""The passphrase of a page, shown once: a line to read, a button that copies it for a short while."""

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from kapnotes.ui.clipboard import put_secret
from kapnotes.ui.labels import ScaledLabel

CLIPBOARD_MS = 10_000
"""After this long a copied passphrase is taken off the clipboard, if it is still the one."""


class PageSecret(QWidget):
    """Empty until a page was saved; `passphrase_shown` tells that it came into being, so that it comes into sight."""

    passphrase_shown = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._copied = ""
        self._clipboard = QTimer(self)
        self._clipboard.setSingleShot(True)
        self._clipboard.setInterval(CLIPBOARD_MS)
        self._clipboard.timeout.connect(self._clear_clipboard)
        self.opens = ScaledLabel(0.95, is_dim=True)
        self.opens.setWordWrap(True)
        self.opens.hide()
        self.label = ScaledLabel(1.1, is_bold=True)
        self.label.setAccessibleName(self.tr("Passphrase of the page"))
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByKeyboard)
        self.copy = QPushButton(self.tr("Copy it (cleared after 10 s)"))
        self.copy.clicked.connect(self._copy)
        self.copy.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.opens)
        column.addWidget(self.label)
        column.addWidget(self.copy)

    def text(self) -> str:
        """Return what is shown."""
        return self.label.text()

    def show_passphrase(self, passphrase: str, file_name: str) -> None:
        """Show what the newest page opens with, and which file that is: the one before is shown no more."""
        self.opens.setText(self.tr("This opens {}, and is shown only now:").format(file_name))
        self.opens.show()
        self.label.setText(passphrase)
        self.copy.show()
        QTimer.singleShot(0, self, self.passphrase_shown.emit)  # once the layout has made room for it

    @Slot()
    def _copy(self) -> None:
        self._copied = self.label.text()
        put_secret(self._copied)
        self._clipboard.start()

    @Slot()
    def _clear_clipboard(self) -> None:
        clipboard = QGuiApplication.clipboard()
        if clipboard.text() == self._copied:
            clipboard.clear()

    def forget(self) -> None:
        """Take it off the clipboard and out of sight, with its window."""
        if self._clipboard.isActive():
            self._clear_clipboard()
        self._copied = ""
        self.label.setText("")
        self.opens.setText("")
