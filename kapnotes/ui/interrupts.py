"""Being stopped from outside (Ctrl+C in a terminal, the end of a login) without an exception inside a call of Qt's.

Python raises KeyboardInterrupt wherever it happens to be. Inside a slot or a paint event Qt cannot carry it on: it is
printed and lost, or the program crashes. So a signal only calls a bound method, which notes it.
"""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def calling(stop: Callable[[], None]) -> Iterator[None]:
    """Let a signal to stop call *stop* while the block runs; elsewhere than on the main thread nothing changes."""

    def heard(_number: int, _frame: object) -> None:
        stop()

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, heard) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
