"""The one door for slow work: a job runs elsewhere, its outcome is told where the caller lives."""

import sys
import threading
from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING, Protocol, TypeVar

from kapnotes.domain.clock import Clock, Stamp, seconds_between
from kapnotes.domain.errors import KapnotesError

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

_Outcome = TypeVar("_Outcome")

Deliver = Callable[[Callable[[], None]], None]
"""Runs a call later, on the thread where the windows live."""

Submit = Callable[[Callable[[], None], Callable[[None], None], Callable[[Exception], None]], None]
"""Hands a job without an outcome to a worker, as `Worker.submit` does."""


def rest() -> None:
    """Do nothing, on a thread that is not the windows': what comes after it comes in a turn of theirs of its own."""


class Worker(Protocol):
    """Runs jobs one after the other, in the order in which they came."""

    def submit(
        self,
        job: Callable[[], _Outcome],
        done: Callable[[_Outcome], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Run *job*; tell *done* its outcome, or *failed* what it raised."""
        ...

    def give_way(self) -> None:
        """Let what was submitted go first: the caller stands still until it is done, and only for a moment."""
        ...

    def close(self) -> None:
        """Finish what was submitted and take no more."""
        ...


SWITCH_S = 0.0001
"""Python's threads take turns; its own 5 ms for a turn are many keys, and an entry waits for several on its way."""


GIVE_WAY_S = 0.010
"""How long a caller stands still for what it submitted, at most: what the windows may take for one turn, but for the
part in which they lay out and paint one row afterwards.

Python computes one thread at a time. Were the windows to lay out and paint a row while its entry is sealed and written,
both would take longer, the entry twice as long. Nearly every commit ends within this time, and then nobody waits for
longer than it took; a disk that is slower than that holds up no key for more.
"""


TURN_S = 0.016
"""What the windows may take for one turn: several entries of one turn share `GIVE_WAY_S`."""


class ThreadWorker:
    """One thread of its own; outcomes are handed to *deliver*. *clock* tells one turn of the windows from the next."""

    def __init__(self, name: str, deliver: Deliver, clock: Clock) -> None:
        sys.setswitchinterval(SWITCH_S)
        self._name = name
        self._deliver = deliver
        self._is_closed = False
        self._newest = threading.Event()
        self._clock = clock
        self._turn_began: Stamp | None = None
        self._left_s = 0.0

    @cached_property
    def _executor(self) -> "ThreadPoolExecutor":
        """Return the thread; the first window is painted before there is a job for one, and does not wait for this."""
        from concurrent.futures import ThreadPoolExecutor

        return ThreadPoolExecutor(max_workers=1, thread_name_prefix=self._name)

    def submit(
        self,
        job: Callable[[], _Outcome],
        done: Callable[[_Outcome], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Run *job* on the thread, behind all that came before it; once closed, tell *failed* that it is too late."""
        if self._is_closed:
            self._deliver(partial(failed, KapnotesError("The program is ending.")))
            return
        self._newest = is_over = threading.Event()
        self._executor.submit(self._run, job, done, failed, is_over)

    def _run(
        self,
        job: Callable[[], _Outcome],
        done: Callable[[_Outcome], None],
        failed: Callable[[Exception], None],
        is_over: threading.Event,
    ) -> None:
        try:
            outcome = job()
        except Exception as error:  # whatever it is, the caller is the one to hear it
            self._deliver(partial(failed, error))
        else:
            self._deliver(partial(done, outcome))
        is_over.set()

    def give_way(self) -> None:
        """Stand still until the newest job is done, for `GIVE_WAY_S` at most within `TURN_S`, however often asked."""
        if self._is_closed:
            return
        began = self._clock.now()
        if self._turn_began is None or seconds_between(self._turn_began, began) >= TURN_S:
            self._turn_began, self._left_s = began, GIVE_WAY_S
        if self._left_s > 0:
            self._newest.wait(self._left_s)
            self._left_s -= seconds_between(began, self._clock.now())

    def close(self) -> None:
        """Wait until the last job is done; its outcome still has to be delivered."""
        self._is_closed = True
        if "_executor" in self.__dict__:
            self._executor.shutdown(wait=True)


class InlineWorker:
    """Runs each job at once, where it is called: for the command line and for tests."""

    def submit(
        self,
        job: Callable[[], _Outcome],
        done: Callable[[_Outcome], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Run *job* and tell its outcome before this returns."""
        try:
            outcome = job()
        except Exception as error:  # whatever it is, the caller is the one to hear it
            failed(error)
        else:
            done(outcome)

    def give_way(self) -> None:
        """Nothing is left to do first."""

    def close(self) -> None:
        """Nothing is left to finish."""
