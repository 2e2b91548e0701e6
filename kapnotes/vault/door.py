"""The door of an open vault: one thread at a time, in the order in which they came.

A plain lock promises no order, so a long copy that lets it go and takes it again would keep every note waiting.
"""

import threading
from collections import deque
from typing import Self


class Door:
    """A lock that is fair. Who is inside may enter again; `let_others` lets in everybody who waits by then."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._queue: deque[int] = deque()
        self._depth = 0

    def __enter__(self) -> Self:
        me = threading.get_ident()
        with self._changed:
            if self._is_inside(me):
                self._depth += 1
            else:
                self._wait(me)
                self._depth = 1
        return self

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self._depth -= 1
            if self._depth == 0:
                self._leave()

    @property
    def waiting(self) -> int:
        """Return how many threads wait outside."""
        with self._changed:
            return max(0, len(self._queue) - 1)

    def let_others(self) -> None:
        """Step outside and come back behind everybody who waits now; call it from the inside."""
        me = threading.get_ident()
        with self._changed:
            depth, self._depth = self._depth, 0
            self._leave()
            self._wait(me)
            self._depth = depth

    def _is_inside(self, me: int) -> bool:
        return self._depth > 0 and self._queue[0] == me

    def _wait(self, me: int) -> None:
        self._queue.append(me)
        try:
            self._changed.wait_for(lambda: self._queue[0] == me)
        except BaseException:  # an interrupt must not leave a ticket that nobody holds
            self._queue.remove(me)
            self._changed.notify_all()
            raise

    def _leave(self) -> None:
        self._queue.popleft()
        self._changed.notify_all()
