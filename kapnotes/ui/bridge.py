"""The one bridge from news to Qt: calls of other threads arrive on that of the windows; one timer looks again."""

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal, Slot


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
        """Run what had come before this turn; where one fails the others come in the next."""
        if not self._waiting:
            self._turn.stop()
        count = len(self._waiting)
        while count and self._waiting:  # a call may end the program, and `finish` runs all that waits
            count -= 1
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
    """The one coarse timer of the screen: once a second it says "look again"."""

    ticked = Signal()

    def __init__(self, look: Callable[[], None], interval_ms: int = 1000) -> None:
        super().__init__()
        self._look = look
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.CoarseTimer)
        self._timer.setInterval(interval_ms)
        self._timer.timeout.connect(self.tick)

    def start(self) -> None:
        """Begin to tick."""
        self._timer.start()

    def stop(self) -> None:
        """Tick no more."""
        self._timer.stop()

    @Slot()
    def tick(self) -> None:
        """Let the program look first, then the windows."""
        self._look()
        self.ticked.emit()
