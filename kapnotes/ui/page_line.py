"""Lines and lists of the pages around a session: arrows lead from one to the next, and half-typed text is a draft."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from kapnotes.app.half_typed import Typing
from kapnotes.ui.clipboard import put_secret
from kapnotes.ui.fields import DimRows, NightLine
from kapnotes.ui.palette import dim_of

_ENTRY_ID = Qt.ItemDataRole.UserRole


class PageLine(NightLine):
    """A line of a page. Enter enters it; up and down lead to its neighbours."""

    entered = Signal(str)

    def __init__(self, name: str, placeholder: str = "") -> None:
        super().__init__(name)
        self._invitation = placeholder
        self.setPlaceholderText(placeholder)

    def set_open(self, *, is_open: bool) -> None:
        """Take what is typed, or nothing; then it does not ask for it either."""
        self.setReadOnly(not is_open)
        self.setPlaceholderText(self._invitation if is_open else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Enter and the arrows."""
        key = event.key()
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if not event.isAutoRepeat() and not self.isReadOnly():
                self.entered.emit(self.text())
        elif key == Qt.Key.Key_Up:
            self.focusPreviousChild()
        elif key == Qt.Key.Key_Down:
            self.focusNextChild()
        elif event.matches(QKeySequence.StandardKey.Copy) or event.matches(QKeySequence.StandardKey.Cut):
            self._put_on_clipboard(is_cut=event.matches(QKeySequence.StandardKey.Cut))
        else:
            super().keyPressEvent(event)

    def _put_on_clipboard(self, *, is_cut: bool) -> None:
        """Copy what is chosen, marked as secret; these are process notes too."""
        if self.hasSelectedText():
            put_secret(self.selectedText())
            if is_cut and not self.isReadOnly():
                self.insert("")

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show the beginning again of what is longer than the line."""
        super().focusOutEvent(event)
        self.setCursorPosition(0)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Go on at the end, whichever key led here; nothing is chosen that the next key would replace."""
        super().focusInEvent(event)
        self.deselect()
        self.end(False)


class SettledLine(PageLine):
    """A line that is dim until the keys are there: a full page stays within the light of the night."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._shine()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Be as bright as any other."""
        super().focusInEvent(event)
        self._shine()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Be dim again."""
        super().focusOutEvent(event)
        self._shine()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the night as it turns."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._shine()

    def _shine(self) -> None:
        palette = self.palette()
        colour = palette.windowText().color() if self.hasFocus() else dim_of(palette)
        if palette.text().color() != colour:
            own = QPalette()
            own.setColor(QPalette.ColorRole.Text, colour)  # and nothing else: the rest comes from the night
            self.setPalette(own)


class Drafted(QObject):
    """Lets what is typed into a line be a draft as long as its page is shown; *kept* tells what is entered already."""

    def __init__(self, line: PageLine, field: str, typing: Typing, kept: Callable[[], str]) -> None:
        super().__init__(line)
        self._line = line
        self._field = field
        self._typing = typing
        self._kept = kept
        self._is_shown = False
        line.textChanged.connect(self._changed)

    def begin(self) -> None:
        """Show what is half-typed, else what is entered; from now on what is typed here is a draft."""
        self._is_shown = False
        back = self._typing.bring_back(self._field)
        if back is not None and back.text.strip() == self._kept().strip():
            self._typing.drop(self._field)  # it says what is entered already: nothing waits there
        self._line.setText(back.text if back is not None and back.text else self._kept())
        self._line.setCursorPosition(0)
        self._is_shown = True
        self._typing.read_from(self._field, self._read)

    def end(self) -> None:
        """Leave what is half-typed to the draft."""
        if self._is_shown:
            self._is_shown = False
            self._typing.let_go(self._field)

    def _half_typed(self) -> str:
        text = self._line.text()
        return text if text.strip() != self._kept().strip() else ""

    def _read(self) -> tuple[str, str]:
        return self._half_typed(), ""

    @Slot()
    def _changed(self) -> None:
        if not self._is_shown:
            return
        self._typing.read_from(self._field, self._read)  # where two windows show it, the one that is typed in counts
        text = self._half_typed()
        if text:
            self._typing.begin(self._field, text)
        else:
            self._typing.drop(self._field)
        self._typing.changed()


class KeyList(QListWidget):
    """A list of entries. Some keys do something to the current one; beyond its ends the arrows lead on."""

    pressed_on = Signal(str, str)

    def __init__(self, name: str, keys: Mapping[Qt.Key, str], empty: str, rows: int) -> None:
        super().__init__()
        self._keys = dict(keys)
        self._empty = empty
        self._rows = rows
        self._shown: list[tuple[str, str]] | None = None
        self.setItemDelegate(DimRows(self))
        self.setAccessibleName(name)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._fit()

    def set_empty(self, words: str) -> None:
        """Say *words* where there is no row."""
        self._empty = words
        self.viewport().update()

    def show_rows(self, rows: list[tuple[str, str]]) -> None:
        """Show *rows* as id and text; the current one stays current. An empty list is passed by."""
        if rows == self._shown:
            return  # asked at every change around it, and few of them change it
        self._shown = rows
        before = self.current_id()
        self.clear()
        for entry_id, text in rows:
            item = QListWidgetItem(text, self)
            item.setData(_ENTRY_ID, entry_id)
            if entry_id == before:
                self.setCurrentItem(item)
        if self.count() and self.currentRow() < 0:
            self.setCurrentRow(0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if rows else Qt.FocusPolicy.NoFocus)

    def current_id(self) -> str:
        """Return the id of the current row, empty where there is none."""
        item = self.currentItem()
        return "" if item is None else str(item.data(_ENTRY_ID))

    def texts(self) -> list[str]:
        """Return what the rows say, from the top."""
        return [self.item(row).text() for row in range(self.count())]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the keys of the list, and go on to the neighbour at its ends."""
        does = self._keys.get(Qt.Key(event.key()))
        if does is not None and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            if not event.isAutoRepeat() and self.current_id():
                self.pressed_on.emit(does, self.current_id())
        elif event.key() == Qt.Key.Key_Up and self.currentRow() <= 0:
            self.focusPreviousChild()
        elif event.key() == Qt.Key.Key_Down and self.currentRow() >= self.count() - 1:
            self.focusNextChild()
        elif event.key() == Qt.Key.Key_Escape or event.text():
            event.ignore()  # no search by letters: a letter here is a key or nothing
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say what to do where there is nothing yet."""
        super().paintEvent(event)
        if not self.count():
            painter = QPainter(self.viewport())
            painter.setPen(dim_of(self.palette()))
            room = self.viewport().rect().adjusted(8, 4, -8, -4)
            painter.drawText(room, Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, self._empty)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the program's type size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        self.setMinimumHeight(self._rows * (self.fontMetrics().lineSpacing() + 8) + 6)
