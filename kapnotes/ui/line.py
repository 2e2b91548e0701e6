"""The line one types into, on the pad and in the log: Enter keeps it, Esc twice clears it, undo brings it back."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QMimeData, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPalette, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

from kapnotes.ui import clipboard
from kapnotes.ui.fields import CARET_PX

MAX_ROWS = 6
AFTER_MS = 3
"""A letter is painted by then, and the next key is hardly ever there."""

PASTE_LIMIT = 1_000_000
"""Characters that one entry can hold; what is over stays on the clipboard and is said."""


_FAULT_PX, _FAULT_LEAST_PX = 3, 12
"""How high the mark under a misread word is, and how wide at least."""

_FRAMES = {0xFDD0: "\ufffd", 0xFDD1: "\ufffd"}
"""Signs by which Qt frames a part of a document; a text that held one would be broken there, so it is replaced."""


_BARE, _SHIFTED = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier


class Line(QPlainTextEdit):
    """A plain text that grows to `MAX_ROWS` rows. It holds the half-typed line and nothing else.

    A letter is painted before anybody hears of it: `painted` tells of a change, of a letter `AFTER_MS` later.
    """

    entered = Signal(str)
    first_key = Signal()
    painted = Signal()
    emptied = Signal()
    clear_asked_once = Signal()
    cleared = Signal()
    too_long = Signal(int)
    undo_asked_when_empty = Signal()

    def __init__(self, *, takes_breaks: bool, limit: int = PASTE_LIMIT) -> None:
        super().__init__()
        self._takes_breaks = takes_breaks
        self._limit = limit
        self._fault: int | None = None
        self._fault_colour = ""
        self._was_empty = True
        self._esc_pressed = False
        self._is_rewinding = False
        self._is_letter = False
        self._leaves: Callable[[], bool] | None = None
        self._rows = 0
        self.setTabChangesFocus(True)
        self.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setCursorWidth(0)
        self.viewport().setBackgroundRole(QPalette.ColorRole.AlternateBase)  # opaque: a key paints nothing behind it
        self.document().setDocumentMargin(4)
        self._ink = self.palette().color(QPalette.ColorRole.Text)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(AFTER_MS)
        self._soon.timeout.connect(self.painted)
        self.textChanged.connect(self._changed)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)  # told late of a text replaced whole
        self._fit()

    def text(self) -> str:
        """Return what is typed, character for character: unlike `toPlainText`, hard spaces stay hard."""
        return _plain(self.document().toRawText())

    @property
    def is_rewinding(self) -> bool:
        """Tell whether what changes just now comes back by undo, or goes by it."""
        return self._is_rewinding

    def head(self, length: int) -> str:
        """Return the first *length* characters of the first row; the rest, however long, is not looked at."""
        return self.document().firstBlock().text()[:length]

    def replace_all(self, text: str) -> None:
        """Put *text* in place of what is there, so that undo brings the old one back; the caret goes to its end."""
        cursor = self.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        self.setTextCursor(cursor)
        self.moveCursor(QTextCursor.MoveOperation.End)

    def show_fault(self, column: int | None, colour: str = "") -> None:
        """Put a mark under the word at *column*, or where one is missing; None takes it away. Nothing moves."""
        if (column, colour) != (self._fault, self._fault_colour):
            self._fault, self._fault_colour = column, colour
            self.viewport().update()

    @property
    def fault(self) -> int | None:
        """Return the column that is marked, or None."""
        return self._fault

    def put_caret(self, column: int) -> None:
        """Put the caret at *column*, where the fault is."""
        self.setTextCursor(self._cursor_at(column))

    def choose_word(self, column: int) -> None:
        """Select the word at *column*, so that what is typed next replaces it and goes nowhere else in the old line.

        Where a word is missing, the caret goes there.
        """
        text = self.text()
        cursor = self._cursor_at(column)
        cursor.setPosition(_units(text, _word_end(text, column)), QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Enter and Esc; all else is the text's own, with nothing of ours between key and paint."""
        typed, held = event.text(), event.modifiers()
        if typed and typed.isprintable() and (held is _BARE or held is _SHIFTED):
            self._esc_pressed = False  # a letter: to ask what else it could be takes as long as to paint it
            self._is_letter = True
            super().keyPressEvent(event)
            self._is_letter = False
            return
        self.catch_up()
        key = event.key()
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if self._takes_breaks and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.textCursor().insertText("\n")
            elif not event.isAutoRepeat():
                self.entered.emit(self.text())
            return
        if key == Qt.Key.Key_Escape:
            self._escape()
            return
        self._esc_pressed = False
        if key in {Qt.Key.Key_Tab, Qt.Key.Key_Backtab}:
            return  # nothing else takes the focus, so the line keeps it; a tab is no word of a note
        keys = QKeySequence.StandardKey
        if event.matches(keys.Undo) and not self.document().isUndoAvailable() and self.document().isEmpty():
            self.undo_asked_when_empty.emit()
            return
        self._is_rewinding = event.matches(keys.Undo) or event.matches(keys.Redo)
        super().keyPressEvent(event)
        self._is_rewinding = False

    def catch_up(self) -> None:
        """Tell at once that the text changed, where that still waits for the letter to be painted."""
        if self._soon.isActive():
            self._soon.stop()
            self.painted.emit()

    def ask_at_escape(self, leaves: Callable[[], bool]) -> None:
        """Let Esc leave what *leaves* tells was left; only where it left nothing Esc is about the line."""
        self._leaves = leaves

    def _escape(self) -> None:
        if self._leaves is not None and self._leaves():
            self._esc_pressed = False
            return
        if not self.text():
            return
        if self._esc_pressed:
            self._esc_pressed = False
            self.replace_all("")
            self.cleared.emit()
        else:
            self._esc_pressed = True
            self.clear_asked_once.emit()

    def createMimeDataFromSelection(self) -> QMimeData:
        """Copy plain text, marked as secret."""
        return clipboard.secret(_plain(self.textCursor().selectedText()))

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste plain text only, and no more than one entry can hold."""
        text = source.text().translate(_FRAMES)
        room = self._limit - len(self.text())
        if len(text) > room:
            self.too_long.emit(len(text))
            return
        if not self._takes_breaks:
            text = " ".join(text.split())
        self.textCursor().insertText(text)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a steady caret in the text's colour, then the text; Qt's own would be white on black."""
        painter = QPainter(self.viewport())
        if self.hasFocus():
            rect = self.cursorRect()
            left = rect.x() - CARET_PX if self._was_empty else rect.x()  # beside the hint, not on it
            painter.fillRect(left, rect.y(), CARET_PX, rect.height(), self._ink)
        if self._fault is not None:
            self._paint_fault(painter, self._fault)
        painter.end()
        super().paintEvent(event)

    def _paint_fault(self, painter: QPainter, column: int) -> None:
        text = self.text()
        begin, behind = (self.cursorRect(self._cursor_at(place)) for place in (column, _word_end(text, column)))
        is_on_one_row = begin.y() == behind.y()
        width = max(_FAULT_LEAST_PX, behind.x() - begin.x() if is_on_one_row else self.viewport().width() - begin.x())
        painter.fillRect(begin.x(), begin.bottom() + 1, width, _FAULT_PX, QColor(self._fault_colour))

    def _cursor_at(self, column: int) -> QTextCursor:
        """Return a cursor before the sign at *column*, or at the end of the text."""
        cursor = QTextCursor(self.document())
        cursor.setPosition(_units(self.text(), column))
        return cursor

    def _changed(self) -> None:
        is_empty = self.document().isEmpty()
        if is_empty != self._was_empty:
            self._was_empty = is_empty
            (self.emptied if is_empty else self.first_key).emit()
        self._fit()
        if not self._is_letter:
            self._soon.stop()
            self.painted.emit()
        elif not self._soon.isActive():
            self._soon.start()

    def _fit(self) -> None:
        rows = min(MAX_ROWS, max(1, round(self.document().size().height())))
        if rows != self._rows:
            self._rows = rows
            self.setFixedHeight(rows * self.fontMetrics().lineSpacing() + 2 * 4 + 14)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the program's type size, and the night."""
        super().changeEvent(event)
        kind = event.type()
        if kind is QEvent.Type.FontChange:
            self._rows = 0
            self._fit()
        elif kind is QEvent.Type.PaletteChange:
            self._ink = self.palette().color(QPalette.ColorRole.Text)


def _plain(raw: str) -> str:
    """Return a text of Qt's with line feeds for its two signs for the end of a line."""
    return raw.replace("\u2029", "\n").replace("\u2028", "\n")


def _units(text: str, column: int) -> int:
    """Return how many of Qt's units of 16 bits stand before *column*: a sign such as an emoji has two of them."""
    return len(text[:column].encode("utf-16-le", "surrogatepass")) // 2


def _word_end(text: str, column: int) -> int:
    """Return the column behind the word at *column*."""
    return next((place for place in range(column, len(text)) if text[place].isspace()), len(text))
