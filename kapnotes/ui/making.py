"""What takes longer than a second says for how long it has gone on, in the window's line of news."""

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Slot

from kapnotes.ui.frame import Frame
from kapnotes.ui.wording import error_line

TELL_EVERY_MS = 1000


class Making(QObject):
    """One thing at a time that is being made for a window; whatever else is asked for meanwhile is told to wait."""

    def __init__(self, window: Frame) -> None:
        super().__init__(window)
        self._window = window
        self._what = ""
        self._waiting = ""
        self._since = QElapsedTimer()
        self._tell = QTimer(self)
        self._tell.setInterval(TELL_EVERY_MS)
        self._tell.timeout.connect(self._tell_on)

    def begin(self, what: str) -> None:
        """Say that *what* is being made, and go on saying so."""
        self._what = what
        self._since.start()
        self._tell.start()
        self._window.say(self.tr("Making {}…").format(what))

    def must_wait(self, key: str) -> bool:
        """Tell whether something is being made; if so, say that what *key* asks for comes after it."""
        if not self._what:
            return False
        self._waiting = key
        self._tell_on()
        return True

    def end(self, words: str) -> None:
        """Say that it is made, in *words* with `{}` for what, and which key waited for it."""
        key = self._waiting
        said = words.format(self._stop())
        self._window.say(" ".join(filter(None, (said, self.tr("Now {}.").format(key) if key else ""))))

    def fail(self, error: Exception) -> None:
        """Say why it was not made."""
        self._stop()
        self._window.say(error_line(error), is_mark=True)

    def _stop(self) -> str:
        self._tell.stop()
        what, self._what, self._waiting = self._what, "", ""
        return what

    @Slot()
    def _tell_on(self) -> None:
        seconds = round(self._since.elapsed() / 1000)
        words = self.tr("Making {name}… {seconds} s").format(name=self._what, seconds=seconds)
        if self._waiting:
            words += " " + self.tr("One after the other: {} again, once it is saved.").format(self._waiting)
        self._window.say(words)
