"""The one bridge from news to Qt: calls of other threads arrive on that of the windows; one timer looks again."""

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QObject, Qt, QTimer, Signal, Slot

from kapnotes.ui.turns import Turns

AT_A_STRETCH_MS = 4
"""So long calls that wait are run one behind the other, in milliseconds; then a key can come in between."""


class Bridge(QObject):
    """Runs calls that come from any thread on the thread it lives on, in order; what comes of one in a later turn.

    Qt delivers in one turn of its loop whatever has come by the end of that turn: news that ask for more news would
    hold up a key for long. So calls that come while others run wait for the next turn.
    """

    _called = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._waiting: deque[Callable[[], None]] = deque()
        self._count = 0
        self._turn = QTimer(self)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._run_waiting)
        self._called.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def deliver(self, call: Callable[[], None]) -> None:
        """Have *call* run on the windows' thread; may be called from any thread."""
        self._called.emit(call)

    @Slot(object)
    def _take(self, call: Callable[[], None]) -> None:
        if self._turn.isActive():
            self._waiting.append(call)
        else:
            self._turn.start()
            self._run(call)

    @Slot()
    def _run_waiting(self) -> None:
        """Run what had come before this turn, for a while; the others come in the next, also where one fails."""
        if not self._waiting:
            self._turn.stop()
        count, took = len(self._waiting), QElapsedTimer()
        took.start()
        while count and self._waiting and took.elapsed() < AT_A_STRETCH_MS:
            count -= 1  # a call may end the program, and `finish` runs all that waits
            self._run(self._waiting.popleft())

    def _run(self, call: Callable[[], None]) -> None:
        self._count += 1
        call()

    def finish(self) -> None:
        """Run at once whatever has come, and what comes of it here; called when the program ends."""
        before = -1
        while self._count != before:
            before = self._count
            QCoreApplication.sendPostedEvents(self)
            self._turn.timeout.emit()


def later(seconds: float, call: Callable[[], None]) -> None:
    """Have *call* run on the windows' thread after so many seconds."""
    QTimer.singleShot(round(seconds * 1000), call)


class Ticker(QObject):
    """The one coarse timer of the screen: once a second everybody who hears it looks again, at once if that is light.

    Four windows that look at everything take as long together as a key may; so who takes long has a turn of its own.
    """

    def __init__(self, look: Callable[[], None], interval_ms: int = 1000) -> None:
        super().__init__()
        self._look = look
        self._hearers: list[Callable[[], None]] = []
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.CoarseTimer)
        self._timer.setInterval(interval_ms)
        self._timer.timeout.connect(self._begin)
        self.turns = Turns(self)
        """The turns in which they look, for all else that can wait."""

    def add(self, look: Callable[[], None]) -> None:
        """Let *look* be called with every tick from now on, behind those that came before."""
        self._hearers.append(look)

    def remove(self, look: Callable[[], None]) -> None:
        """Call *look* no more, also where its turn was still to come; one that never listened is no error."""
        if look in self._hearers:
            self._hearers.remove(look)
        self.turns.drop(look)

    def start(self) -> None:
        """Begin to tick."""
        self._timer.start()

    def stop(self) -> None:
        """Tick no more."""
        self._timer.stop()
        for look in self._hearers:
            self.turns.drop(look)

    def tick(self) -> None:
        """Let the program look first, then the windows, all of them before this returns."""
        self._begin()
        self.turns.catch_up()

    @Slot()
    def _begin(self) -> None:
        """Let the program look; the windows follow. One that did not come to look since the last tick looks once."""
        is_first = self.turns.is_empty  # else a turn is to come, and may be part of this very one
        for look in self._hearers:  # first: where the program's look fails, theirs still come
            self.turns.ask(look)
        self._look()
        if is_first:
            self.turns.go_on()
