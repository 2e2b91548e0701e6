"""Counts how often the pad was used, and keeps the count among the therapist's own notes. It knows no key by name."""

from contextlib import suppress

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtGui import QKeyEvent

from kapnotes.app.live_session import LiveSession
from kapnotes.domain.around import PadUse
from kapnotes.domain.clock import Stamp, seconds_between
from kapnotes.domain.entries import Stage
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.pad_use import UseCounter, total_use
from kapnotes.ui.blank import MODIFIERS
from kapnotes.ui.frame import Frame
from kapnotes.ui.times import duration

KEEP_EVERY_S = 600.0
"""A crash loses no more than what was counted in this time; a lock, a closed pad and a closed session lose nothing."""


class PadUseKeeper(QObject):
    """Counts the keys of one window. It watches the system's window, so that shortcuts count as letters do."""

    def __init__(self, window: Frame, live: LiveSession) -> None:
        super().__init__(window)
        self._window = window
        self._live = live
        self._counter = UseCounter()
        self._kept_at: Stamp = live.now()
        self._is_announced = False
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Count a key once: Qt announces it to the shortcuts and then, where none takes it, presses it."""
        kind = event.type()
        if kind == QEvent.Type.Show and watched is self._window:
            self._window.removeEventFilter(self)
            self._window.windowHandle().installEventFilter(self)
        elif kind in {QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress} and watched is self._window.windowHandle():
            is_told = self._is_announced and kind == QEvent.Type.KeyPress
            self._is_announced = kind == QEvent.Type.ShortcutOverride
            if isinstance(event, QKeyEvent) and not is_told and not event.isAutoRepeat():
                self._count(event.key())
        return False

    def _count(self, key: int) -> None:
        if key not in MODIFIERS:
            self._counter.key(self._live.now())

    def look(self) -> None:
        """Keep the count where it is due."""
        is_due = seconds_between(self._kept_at, self._live.now()) >= KEEP_EVERY_S
        if is_due or self._live.record.stage is Stage.CLOSED:
            self.keep()

    def keep(self) -> None:
        """Keep what was counted so far; where it cannot be noted, it is let go."""
        self._kept_at = self._live.now()
        use = None if self._live.is_read_only else self._counter.take()
        if use is not None:
            with suppress(KapnotesError):
                self._live.keep(use)


def use_words(live: LiveSession) -> str:
    """Return what using the pad took, once the session is closed; nothing before that."""
    use = total_use(live.record) if live.record.stage is Stage.CLOSED else None
    if use is None:
        return ""
    wording = QCoreApplication.translate(
        "Pad", "the pad in this session: {keys} keys · {time} of typing · {times} times"
    )
    return wording.format(keys=use.keys, time=duration(use.typing_s), times=use.episodes)


def use_line(use: PadUse, session: int) -> str:
    """Return what using the pad took in the session of that number."""
    wording = QCoreApplication.translate(
        "Pad", "the pad in session {session}: {keys} keys · {time} of typing · {times} times"
    )
    return wording.format(session=session, keys=use.keys, time=duration(use.typing_s), times=use.episodes)
