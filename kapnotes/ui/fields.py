"""Fields of the night: lines with a caret of our own, choices, and rows and lines that stay dim."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QComboBox, QLineEdit, QStyledItemDelegate, QStyleOptionViewItem

from kapnotes.ui.palette import dim_of

CARET_PX = 3


def make_private(line: QLineEdit) -> None:
    """Let no keyboard learn what is typed here."""
    line.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)


class NightLine(QLineEdit):
    """A line of a form, with a caret in the colour of its text."""

    def __init__(self, name: str = "", text: str = "") -> None:
        super().__init__(text)
        self.setAccessibleName(name)
        make_private(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line as ever, then the caret."""
        super().paintEvent(event)
        if self.hasFocus():
            rect = self.cursorRect()
            QPainter(self).fillRect(
                rect.center().x(), rect.top() + 1, CARET_PX - 1, rect.height() - 2, self.palette().text()
            )


class SecretLine(NightLine):
    """A line for a passphrase."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setMaxLength(256)

    def clear(self) -> None:
        """Empty the line, and what Qt's own clear keeps of it so that undo could bring it back."""
        self.setText("")


def secret_line(name: str) -> NightLine:
    """Return a line for a passphrase."""
    return SecretLine(name)


class Choice(QComboBox):
    """One of several words; what it opens is a list like any other."""

    def __init__(self) -> None:
        super().__init__()
        self.setItemDelegate(QStyledItemDelegate(self))

    def showPopup(self) -> None:
        """Open the list, on the ground of a field."""
        self.view().viewport().setBackgroundRole(QPalette.ColorRole.AlternateBase)
        super().showPopup()


class DimRows(QStyledItemDelegate):
    """Paints the rows of a list dimly, but for the chosen one: a full page stays within the light of the night."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """Take the dim colour for the words."""
        super().initStyleOption(option, index)
        palette = option.palette
        palette.setColor(QPalette.ColorRole.Text, dim_of(palette))
        option.palette = palette
