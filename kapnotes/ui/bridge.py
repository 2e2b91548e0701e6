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
    """The one coarse timer of the screen: once a second everybody who hears it looks again, each in a turn of its own.

    Four windows that look again take as long together as a key may; between two of them a key is taken and painted.
    """

    def __init__(self, look: Callable[[], None], interval_ms: int = 1000) -> None:
        super().__init__()
        self._look = look
        self._hearers: list[Callable[[], None]] = []
        self._due: deque[Callable[[], None]] = deque()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.CoarseTimer)
        self._timer.setInterval(interval_ms)
        self._timer.timeout.connect(self._begin)
        self._turn = QTimer(self)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._go_on)

    def add(self, look: Callable[[], None]) -> None:
        """Let *look* be called with every tick from now on, behind those that came before."""
        self._hearers.append(look)

    def remove(self, look: Callable[[], None]) -> None:
        """Call *look* no more, also where its turn was still to come; one that never listened is no error."""
        if look in self._hearers:
            self._hearers.remove(look)

    def start(self) -> None:
        """Begin to tick."""
        self._timer.start()

    def stop(self) -> None:
        """Tick no more."""
        self._timer.stop()
        self._turn.stop()
        self._due.clear()

    def tick(self) -> None:
        """Let the program look first, then the windows, all of them before this returns."""
        self._begin()
        while self._due:
            self._go_on()

    @Slot()
    def _begin(self) -> None:
        """Let the program look; the windows follow. One that did not come to look since the last tick looks once."""
        self._turn.start()  # first: where one look fails, the others still come
        self._due.extend(look for look in self._hearers if look not in self._due)
        self._look()

    @Slot()
    def _go_on(self) -> None:
        """Let the next one look."""
        look = self._due.popleft() if self._due else None
        if not self._due:
            self._turn.stop()
        if look in self._hearers and look is not None:
            look()
