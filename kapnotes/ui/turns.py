"""Turns of the windows' loop, handed out one at a time: what can wait and takes long has one of its own.

Two timers of Qt's that wait for nothing come in the same turn, however many there are, and a key waits for all of them.
So who can wait asks here.
"""

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Slot
from shiboken6 import isValid

APART_MS = 1
"""One that waits for nothing would come in the very turn in which it was asked for, and before timers that waited."""

SHORT_MS = 2
"""A turn that took less so far has room for the next job, too: light ones come together, as most of a tick's are, and
the processor is woken once for all of them."""

Job = Callable[[], object]


class Turns(QObject):
    """Does one job in each turn, or several light ones, in the order in which they were asked for.

    Between two turns a key is taken and painted.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: deque[Job] = deque()
        self._turn = QTimer(self)
        self._turn.setInterval(APART_MS)
        self._turn.timeout.connect(self.go_on)

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

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing waits."""
        return not self._waiting

    def catch_up(self) -> None:
        """Do at once what waits now; what comes of it has turns of its own."""
        for job in tuple(self._waiting):
            if job in self._waiting:
                self._waiting.remove(job)
                self._rest_if_done()
                _do(job)

    @Slot()
    def go_on(self) -> None:
        """Do what waits, as far as it is light; where one job fails, the others still come."""
        took = QElapsedTimer()
        took.start()
        job = self._next()
        while job is not None:
            _do(job)
            job = self._next() if took.elapsed() < SHORT_MS else None

    def _next(self) -> Job | None:
        job = self._waiting.popleft() if self._waiting else None
        self._rest_if_done()
        return job

    def _rest_if_done(self) -> None:
        """Wake nobody while nothing waits."""
        if not self._waiting:
            self._turn.stop()


def _do(job: Job) -> None:
    """Do *job*, unless it is of a widget that is gone by now."""
    owner = getattr(job, "__self__", None)
    if not isinstance(owner, QObject) or isValid(owner):
        job()
