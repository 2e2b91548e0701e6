"""The one bridge from news to Qt: calls of other threads arrive on that of the windows; one timer looks again."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot


class Bridge(QObject):
    """Runs calls that come from any thread on the thread it lives on, in order."""

    _called = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._called.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def deliver(self, call: Callable[[], None]) -> None:
        """Have *call* run on the windows' thread; may be called from any thread."""
        self._called.emit(call)

    @Slot(object)
    def _run(self, call: Callable[[], None]) -> None:
        call()


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
