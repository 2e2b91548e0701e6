"""The frame that every window has: its bar, a place for news, its keys, and a remembered place."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QByteArray, QCoreApplication, QEvent, QSettings, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QPushButton,
    QSizeGrip,
    QVBoxLayout,
    QWidget,
)

from kapnotes.ui.keys import Key, Where, key_named, keys_in
from kapnotes.ui.labels import MARK_SIGN, ScaledLabel
from kapnotes.ui.title_bar import MARGIN, TitleBar

if TYPE_CHECKING:
    from kapnotes.ui.blank import Blank
    from kapnotes.ui.keys_overlay import KeysOverlay, Row

_News = TypeVar("_News")

FIRST_SIZE = QSize(1120, 740)
"""How large a window is the first time, where the screen has room."""


class Frame(QWidget):
    """A top-level window of the program. `where` names its keys; `kind` its remembered place."""

    closed = Signal(object)
    sized = Signal()
    blank_asked = Signal()
    night_asked = Signal()
    uncover_asked = Signal()
    lock_asked = Signal(object)
    next_window_asked = Signal(object)

    def __init__(self, where: Where, kind: str, settings: QSettings) -> None:
        super().__init__(None, Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint)
        self.where = where
        self.is_closed = False
        self._stayed_for = ""
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)  # for its edge
        self._kind = kind
        self._settings = settings
        self.setWindowTitle("KAPnotes")  # nothing of a patient shows in a task bar
        self._bar = TitleBar(self, self.toggle_full_screen)
        self._news = ScaledLabel(0.95)
        self._news.setWordWrap(True)
        self._news.setAccessibleName(self.tr("News"))
        self._news.keep_room_for("")
        self._shortcuts: dict[str, QShortcut] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self._bar)
        self._body = QVBoxLayout()
        self._body.setContentsMargins(MARGIN, 4, MARGIN, 4)
        column.addLayout(self._body, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(MARGIN, 2, 2, 2)
        foot.addWidget(self._news, 1)
        grip = QSizeGrip(self)
        foot.addWidget(grip, 0, Qt.AlignmentFlag.AlignBottom)
        column.addLayout(foot)
        self._take_place()
        self.bind("keys", self.show_keys)
        self.bind("other_window", self._ask_next_window)
        self.bind("lock", self._ask_lock)
        self.bind("full_screen", self.toggle_full_screen)
        self.bind("night", self._ask_night)
        self.bind("larger", self._larger)
        self.bind("smaller", self._smaller)
        self.bind("close", self.close)

    def _take_place(self) -> None:
        """Go where the window was last time, else take a size that fits the screen."""
        geometry = self._settings.value(f"place/{self._kind}")
        if not isinstance(geometry, QByteArray) or not self.restoreGeometry(geometry):
            self.resize(FIRST_SIZE.boundedTo(self.screen().availableSize()))

    def lines_held(self) -> float:
        """Return how many lines of the program's own type the window holds."""
        return self.height() / QFontMetrics(QApplication.font()).height()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell that it holds more or fewer lines now."""
        super().resizeEvent(event)
        self.sized.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Tell that it holds more or fewer lines now, where the program's type was made larger or smaller."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationFontChange:
            self.sized.emit()

    # What lies over a window for a moment is made, and known, when it is first asked for: no start waits for it.

    @cached_property
    def _keys(self) -> "KeysOverlay":
        from kapnotes.ui.keys_overlay import KeysOverlay

        return KeysOverlay(self)

    @cached_property
    def blank(self) -> "Blank":
        """Return what covers the window."""
        from kapnotes.ui.blank import Blank

        blank = Blank(self)
        blank.show_signal(self.signal_in_sight())
        blank.uncovered.connect(self._ask_uncover)
        return blank

    @property
    def is_covered(self) -> bool:
        """Tell whether it is near black."""
        return "blank" in self.__dict__ and self.blank.isVisible()

    def cover(self) -> None:
        """Go near black."""
        self.blank.show_signal(self.signal_in_sight())
        self.blank.cover()

    def uncover(self) -> None:
        """Come back from near black."""
        if self.is_covered:
            self.blank.uncover()

    @Slot()
    def _ask_uncover(self) -> None:
        self.uncover_asked.emit()

    def times_in_sight(self) -> tuple[str, ...]:
        """Return the clocks and what is due, as they may stand on a cover: no word and no reading of a patient."""
        return ()

    def signal_in_sight(self) -> str:
        """Return the silent signal that waits here, as it may stand on a cover: a fixed word, none of a patient's."""
        return ""

    def show_in_the_dark(self, signal: str) -> None:
        """Let *signal* stand where the window is near black."""
        if "blank" in self.__dict__:
            self.blank.show_signal(signal)

    def set_title(self, text: str) -> None:
        """Say in the bar what the window is."""
        self._bar.label.setText(text)

    def set_notice(self, text: str) -> None:
        """Show in the bar what lasts, or nothing; the bar is there anyway, so nothing moves."""
        self._bar.notice.setText(f"{MARK_SIGN} {text}" if text else "")
        self._bar.notice.setToolTip(text)
        self._bar.notice.setVisible(bool(text))

    def notice(self) -> str:
        """Return what the bar says that lasts."""
        return self._bar.notice.text()

    def title(self) -> str:
        """Return what the bar says."""
        return self._bar.label.text()

    def set_body(self, widget: QWidget) -> None:
        """Put *widget* between bar and news."""
        self._body.addWidget(widget)

    def bind(self, name: str, does: Callable[[], object], *, repeats: bool = False) -> None:
        """Bind the key of that name in the table of keys; one that *repeats* does so while it is held."""
        self.bind_sequence(name, key_named(name, self.where).sequence, does, repeats=repeats)

    def bind_sequence(self, name: str, sequence: str, does: Callable[[], object], *, repeats: bool = False) -> None:
        """Bind a key that comes from elsewhere, as those of the codebook."""
        shortcut = QShortcut(QKeySequence(sequence), self)
        shortcut.setAutoRepeat(repeats)
        shortcut.activated.connect(self._key_comes)
        shortcut.activated.connect(does)
        self._shortcuts[name] = shortcut

    def catch_up(self) -> None:
        """Show now what waits for a turn of its own; a window where something waits says how."""

    def _key_comes(self) -> None:
        """Finish what waits, before a bound key does anything; a window where something waits says how."""

    def bound(self) -> frozenset[str]:
        """Return the names of the keys that are bound here, for the test of the table."""
        return frozenset(self._shortcuts)

    def say(self, text: str, *, is_mark: bool = False) -> None:
        """Show one calm line of news; an empty one clears it. Bad news has a sign of its own, not only a colour."""
        self._news.keep_room_for("")
        self._news.setText(f"{MARK_SIGN} {text}" if is_mark and text else text)
        self._news.set_mark(is_mark)

    def let_news_go(self) -> None:
        """Take away the line of news and leave its room, so that nothing moves."""
        high = self._news.height()
        self.say("")
        self._news.setMinimumHeight(high)

    def news(self) -> str:
        """Return the line of news as it stands."""
        return self._news.text()

    def further_keys(self) -> "tuple[Row, ...]":
        """Return keys beyond the table, as those of the codebook."""
        return ()

    @Slot()
    def show_keys(self) -> None:
        """Show all keys of this window, or hide them again."""
        from kapnotes.ui.keys_overlay import Row

        table = tuple(Row(key.sequence, key.described()) for key in self._table_keys())
        self._keys.toggle((*self.further_keys(), *table))

    def _table_keys(self) -> tuple[Key, ...]:
        places = (self.where, Where.ANYWHERE) if self.where is not Where.ANYWHERE else (Where.ANYWHERE,)
        return tuple(key for key in keys_in(*places) if not key.is_bound or key.name in self._shortcuts)

    @Slot()
    def toggle_full_screen(self) -> None:
        """Fill the screen, and back."""
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    @Slot()
    def _ask_night(self) -> None:
        self.night_asked.emit()

    @Slot()
    def _larger(self) -> None:
        _scale_program(1)

    @Slot()
    def _smaller(self) -> None:
        _scale_program(-1)

    @Slot()
    def _ask_lock(self) -> None:
        self.lock_asked.emit(self)

    @Slot()
    def _ask_next_window(self) -> None:
        self.next_window_asked.emit(self)

    def if_open(self, call: Callable[[_News], None]) -> Callable[[_News], None]:
        """Return *call* for news that may come late: once the window is closed, it is not called any more."""

        def called(news: _News) -> None:
            if not self.is_closed:
                call(news)

        return called

    def detach(self) -> None:
        """Hear no more news from below; a window that listens says how."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter press the button that has the focus, as it does in every dialog."""
        button = self.focusWidget()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and isinstance(button, QPushButton):
            button.click()
            return
        super().keyPressEvent(event)

    def why_stay(self) -> str:
        """Return why closing this window would lose something; empty where it loses nothing."""
        return ""

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stay once for each thing that would be lost, and say what; else remember the place."""
        reason = "" if self.is_closed else self.why_stay()
        if reason and reason != self._stayed_for:
            self._stayed_for = reason
            self.say(reason, is_mark=True)
            event.ignore()
            return
        if not self.is_closed:
            self.detach()
        self.is_closed = True
        self._settings.setValue(f"place/{self._kind}", self.saveGeometry())
        super().closeEvent(event)
        self.closed.emit(self)


def _scale_program(points: int) -> None:
    font = QApplication.font()
    font.setPointSize(min(28, max(8, font.pointSize() + points)))
    QApplication.setFont(font)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.ApplicationFontChange)  # else widgets hear of it later
    for widget in QApplication.allWidgets():
        if isinstance(widget, ScaledLabel):
            widget.rescale()
