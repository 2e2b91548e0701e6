"""Turns of the windows' loop, handed out one at a time: what can wait is never done in the same one as something else.

Two timers of Qt's that wait for nothing come in the same turn, however many there are, and a key waits for all of them.
So who can wait asks here.
"""

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot
from shiboken6 import isValid

APART_MS = 1
"""One that waits for nothing would come in the very turn in which it was asked for, and before timers that waited."""

Job = Callable[[], object]


class Turns(QObject):
    """Does one job in each turn, in the order in which they were asked for; between two a key is taken and painted."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: deque[Job] = deque()
        self._turn = QTimer(self)
        self._turn.setInterval(APART_MS)
        self._turn.timeout.connect(self._go_on)

    def ask(self, job: Job) -> None:
        """Do *job* in a turn to come, behind what waits; one that waits already is done once."""
        if job not in self._waiting:
            self._waiting.append(job)
        if not self._turn.isActive():
            self._turn.start()

    def drop(self, job: Job) -> None:
        """Do *job* no more; one that does not wait is no error."""
        if job in self._waiting:
            self._waiting.remove(job)
        self._rest_if_done()

    def waits(self, job: Job) -> bool:
        """Tell whether *job* is still to be done."""
        return job in self._waiting

    def catch_up(self) -> None:
        """Do at once what waits now; what comes of it has turns of its own."""
        for job in tuple(self._waiting):
            if job in self._waiting:
                self._waiting.remove(job)
                self._rest_if_done()
                _do(job)

    @Slot()
    def _go_on(self) -> None:
        """Do the next job; where it fails, the others still come."""
        job = self._waiting.popleft() if self._waiting else None
        self._rest_if_done()
        if job is not None:
            _do(job)

    def _rest_if_done(self) -> None:
        """Wake nobody while nothing waits."""
        if not self._waiting:
            self._turn.stop()


def _do(job: Job) -> None:
    """Do *job*, unless it is of a widget that is gone by now."""
    owner = getattr(job, "__self__", None)
    if not isinstance(owner, QObject) or isValid(owner):
        job()
