"""Where pages are made: in a process of their own, because the library that locks them lets no other thread run.

A record goes to that process through a pipe and the finished pages come back; nothing of either touches a disk. What
is handed in (words in the reader's language, randomness) stays here: that process asks back for it. Pages are made anew
at every key, so each entry goes there once and each word is asked for once; a lock ends the process with all it keeps.
"""

import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO, Final, TypeVar, cast

from kapnotes.app.page_maker import require_wanted
from kapnotes.app.page_process import MOST_WORDS, Asked, Job, Told, Words, packed, receive, send

if TYPE_CHECKING:
    from kapnotes.domain.entries import Entry

_Made = TypeVar("_Made")

HANDED_IN: tuple[str, ...] = ("entropy", "translate")
"""By these names a function that makes pages takes what is asked back for."""

TRIES = 2

# Without -P a file of the folder in which the program was started could stand in for one of Python's own.
_COMMAND: Final = (sys.executable, "-P", "-m", "kapnotes.app.page_process")


class _Child:
    """The second process, and what it keeps; all of that goes with it."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(  # noqa: S603 - this very program
            _COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # only Windows would show one
        )
        self.entries: dict[int, tuple[int, Entry]] = {}
        self.words: Words | None = None


class MadeElsewhere:
    """Makes pages in a second process, which is begun with the first of them and ended with every lock."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: _Child | None = None
        self._translate: Callable[..., object] | None = None
        self._words: Words = {}
        """The words of pages in the reader's language, nobody's secret: a new process need not ask again."""
        self._ended: list[subprocess.Popen[bytes]] = []
        self._is_possible = True
        self._forgotten = 0
        """How often a process was ended by a lock."""

    def run(
        self,
        make: Callable[..., _Made],
        *arguments: object,
        is_wanted: Callable[[], bool] = lambda: True,
        **named: object,
    ) -> _Made:
        """Return what *make* returns there; where that process is gone, what a new one says, or else it is made here.

        Raises:
            NotWanted: *is_wanted* says no.
            Exception: what *make* raised.
        """
        answers = {name: cast(Callable[..., object], named[name]) for name in HANDED_IN if name in named}
        plain = {name: value for name, value in named.items() if name not in answers}
        if "translate" in answers and answers["translate"] != self._translate:
            self._translate, self._words = answers["translate"], {}
        job = Job(make, arguments, plain, tuple(answers), None)
        failures = 0
        # Tried twice, because a lock of the other seat ends the process in the middle of this one's pages.
        for _ in range(TRIES if self._is_possible else 0):
            forgotten = self._forgotten
            try:
                told = self._ask(job, answers, is_wanted)
            except (OSError, EOFError):
                failures += self._forgotten == forgotten
                self._end()
                continue
            except BaseException:
                self._end()  # it may still answer, and that would be taken for the answer to the next question
                raise
            if told.error is not None:
                raise told.error
            return cast(_Made, told.value)
        if failures == TRIES:  # as in a folder of sources that nobody installed: each try would cost a start
            self._is_possible = False
        require_wanted(is_wanted)
        return make(*arguments, **named)

    def _ask(self, job: Job, answers: dict[str, Callable[..., object]], is_wanted: Callable[[], bool]) -> Told:
        child = self._begun()
        require_wanted(is_wanted)  # only now: a lock from here on ends this process
        if "translate" in answers and child.words is not self._words:
            job, child.words = replace(job, words=dict(self._words)), self._words
        there, back = cast(BinaryIO, child.process.stdin), cast(BinaryIO, child.process.stdout)
        send(there, packed(job, child.entries))
        while isinstance(said := pickle.loads(receive(back)), Asked):  # noqa: S301 - our own process says it
            answer = answers[said.name](*said.arguments)
            if said.name == "translate" and len(self._words) < MOST_WORDS:
                self._words[said.arguments] = answer
            send(there, pickle.dumps(answer))
        return cast(Told, said)

    def _begun(self) -> _Child:
        with self._lock:
            self._reap()
            if self._child is None:
                self._child = _Child()
            return self._child

    def forget(self) -> None:
        """End the process: with it goes what it had read."""
        self._forgotten += 1
        self._end()

    def _end(self) -> None:
        with self._lock:
            if self._child is not None:
                self._child.process.kill()
                self._ended.append(self._child.process)
                self._child = None

    def close(self) -> None:
        """End the process, and wait until it is gone."""
        self.forget()
        with self._lock:
            self._reap()

    def _reap(self) -> None:
        """Let go of the processes that were ended; on a thread that may wait for that."""
        for child in self._ended:
            for pipe in (child.stdin, child.stdout):
                if pipe is not None:
                    with suppress(OSError):  # what could not be sent any more
                        pipe.close()
            child.wait()
        self._ended.clear()
