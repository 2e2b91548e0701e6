"""Fields of the night: lines with a caret of our own, choices, and rows and lines that stay dim."""

from typing import Protocol, runtime_checkable

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPalette, QValidator
from PySide6.QtWidgets import QComboBox, QLineEdit, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from kapnotes.ui.palette import dim_of

CARET_PX = 3

LONGEST = 10_000
"""Characters that a line of a form or a page holds, where it is not said to hold fewer."""


@runtime_checkable
class Speaks(Protocol):
    """What a field belongs to that can show a line of news: its window, or what covers it."""

    def say(self, text: str, *, is_mark: bool = False) -> None:
        """Show one calm line of news."""
        ...


def say_near(field: QWidget, words: str) -> None:
    """Say why *field* did not take something, in the nearest place around it that shows news."""
    place = field.parentWidget()
    while place is not None and not isinstance(place, Speaks):
        place = place.parentWidget()
    if place is not None:
        place.say(words, is_mark=True)


class Room(QValidator):
    """Refuses a text of more than `most` of Qt's characters, of which a sign beyond the first plane counts two."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.most = LONGEST

    def validate(self, text: str, _: int) -> object:
        """Return whether *text* has room; Qt takes a change back as a whole where it has not."""
        has_room = 2 * len(text) <= self.most or _units(text) <= self.most
        return QValidator.State.Acceptable if has_room else QValidator.State.Invalid


def make_private(line: QLineEdit) -> None:
    """Let no keyboard learn what is typed here."""
    line.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)


class NightLine(QLineEdit):
    """A line of a form, with a caret in the colour of its text.

    Qt cuts what is longer than a line holds. Here nothing is cut: what has no room is refused whole, and said.
    """

    def __init__(self, name: str = "", text: str = "") -> None:
        super().__init__()
        self._most = LONGEST
        self._is_typed = False
        self._room = Room(self)
        self.setValidator(self._room)
        self._make_room(LONGEST)
        self.setText(text)
        self.setAccessibleName(name)
        self.inputRejected.connect(self._say_refused)
        make_private(self)

    def setMaxLength(self, most: int) -> None:
        """Let the line hold *most* characters, or those that stand in it already."""
        self._most = most
        self._make_room(max(most, _units(self.text())))

    def setText(self, text: str | None) -> None:
        """Show *text*, all of it, also where it is longer than what can be typed."""
        needed = max(self._most, _units(text or ""))
        if needed > self._room.most:
            self._make_room(needed)
        super().setText(text)
        self._make_room(needed)

    def _make_room(self, most: int) -> None:
        self._room.most = most
        super().setMaxLength(most + 2)  # what Qt cuts of a paste is too long still, also with half an emoji at its end

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the key, and know that it was one."""
        self._is_typed = not event.matches(QKeySequence.StandardKey.Paste)
        super().keyPressEvent(event)
        self._is_typed = False

    @Slot()
    def _say_refused(self) -> None:
        """Say what was not taken, in the nearest place that shows news."""
        length = 0 if self._is_typed else _units(QGuiApplication.clipboard().text())
        words = self.tr("{name}: {most:,} characters at most, and no more is taken.")
        if length:
            words = self.tr("{name}: {most:,} characters at most; the clipboard has {length:,}. Nothing was pasted.")
        say_near(self, words.format(name=self.accessibleName(), most=self._room.most, length=length))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line as ever, then the caret."""
        super().paintEvent(event)
        if self.hasFocus():
            rect, wide = self.cursorRect(), CARET_PX - 1
            left = rect.center().x() - (0 if self.text() else wide)  # beside the hint, not on it
            QPainter(self).fillRect(left, rect.top() + 1, wide, rect.height() - 2, self.palette().text())


class SecretLine(NightLine):
    """A line for a passphrase."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setMaxLength(256)

    def clear(self) -> None:
        """Empty the line, and what Qt's own clear keeps of it so that undo could bring it back."""
        self.setText("")


def _units(text: str) -> int:
    """Return how many of Qt's characters *text* has: those beyond the first plane, as an emoji, are two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def secret_line(name: str) -> NightLine:
    """Return a line for a passphrase."""
    return SecretLine(name)


class Choice(QComboBox):
    """One of several words; what it opens is a list like any other."""

    def __init__(self) -> None:
        super().__init__()
        self._has_list = False

    def showPopup(self) -> None:
        """Open the list, on the ground of a field; it is made when it is first opened."""
        if not self._has_list:
            self._has_list = True
            self.setItemDelegate(QStyledItemDelegate(self))
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
