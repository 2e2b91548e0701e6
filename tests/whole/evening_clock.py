"""The real windows on a real screen, with a clock that others move: python -m tests.whole.evening_clock FOLDER.

Reads lines from stdin and answers each: `advance SECONDS` moves the clock and lets the windows look, `keys N` waits
until the key Pause has come N times and everything is on the disk, `where` names the window and the field that get the
keys, `end` closes all. Pause is pressed behind other keys, so where it has come they have; no window hears it. Whoever
works the windows does it with keys of the virtual screen; nothing else reaches into the program.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QSocketNotifier, Qt, QTimer
from PySide6.QtGui import QKeyEvent

from kapnotes.domain.clock import ManualClock
from kapnotes.ui.session_window import SessionWindow
from kapnotes.vault.kdf import KdfCost
from kapnotes.wiring import Screen

BEGIN = datetime(2026, 3, 4, 13, 0, tzinfo=UTC)
LIGHT = KdfCost(64, 1, 1)
KEY_EVENTS = {QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.ShortcutOverride}


class Evening(QObject):
    """The program, its clock, and how often Pause has reached it."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._clock = ManualClock(BEGIN)
        self._screen = Screen(
            vault=folder / "vault", profile=folder / "profile", paper_folder=folder, clock=self._clock, cost=LIGHT
        )
        self._screen.program.backups.is_automatic = False
        self._pauses = 0
        self._awaited: int | None = None
        self._screen.application.installEventFilter(self)
        self._notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._hear)
        self._look_again = QTimer()
        self._look_again.setInterval(2)
        self._look_again.timeout.connect(self._answer_keys)

    def run(self) -> None:
        self._screen.ticker.start()
        self._screen.desk.begin()
        self._screen.application.exec()
        say(f"ended {self._screen.close()}")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Count each Pause, when it is let go, and keep it from the windows."""
        if event.type() not in KEY_EVENTS or not isinstance(event, QKeyEvent) or event.key() != Qt.Key.Key_Pause:
            return False
        self._pauses += event.type() == QEvent.Type.KeyRelease
        return True

    def _hear(self) -> None:
        word, _, rest = sys.stdin.readline().strip().partition(" ")
        if word == "advance":
            self._clock.advance(float(rest))
            self._screen.ticker.tick()
            say("advanced")
        elif word == "keys":
            self._awaited = int(rest)
            self._look_again.start()
        elif word == "where":
            window = self._screen.application.activeWindow()
            field = window.focusWidget() if window is not None else None
            say(f"{getattr(window, 'where', '')}: {field.accessibleName() if field is not None else ''}")
        else:
            self._screen.stop()

    def _answer_keys(self) -> None:
        lives = [window.live for window in self._screen.desk.windows if isinstance(window, SessionWindow)]
        is_there = self._awaited is not None and self._pauses >= self._awaited
        if is_there and not any(live.saving.unsaved for live in lives):
            self._awaited = None
            self._look_again.stop()
            say("there")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    Evening(Path(sys.argv[1])).run()
