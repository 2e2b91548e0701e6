"""Being stopped from outside (Ctrl+C in a terminal, the end of a login) without an exception inside a call of Qt's.

Python raises KeyboardInterrupt wherever it happens to be. Inside a slot or a paint event Qt cannot carry it on: it is
printed and lost, or the program crashes. So a signal only calls a bound method, which notes it.
"""

import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial

from PySide6.QtCore import QSocketNotifier, QTimer

SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


@contextmanager
def calling(stop: Callable[[], None]) -> Iterator[None]:
    """Let a signal to stop call *stop* while the block runs; elsewhere than on the main thread nothing changes."""

    def heard(_number: int, _frame: object) -> None:
        stop()

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, heard) for number in SIGNALS}
    with _waking_qt():
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def soon(stop: Callable[[], None]) -> Callable[[], None]:
    """Return *stop* for a signal that may come before Qt's loop runs: the loop calls it, as soon as there is one."""
    return partial(QTimer.singleShot, 0, stop)


@contextmanager
def _waking_qt() -> Iterator[None]:
    """Let a signal wake Qt's loop at once: Python's handler runs only with the next line of Python."""
    here, there = socket.socketpair()
    with here, there:
        for end in (here, there):
            end.setblocking(False)
        notifier = QSocketNotifier(here.fileno(), QSocketNotifier.Type.Read)
        notifier.activated.connect(partial(_drain, here))
        before = signal.set_wakeup_fd(there.fileno(), warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(before)
            notifier.setEnabled(False)


def _drain(end: socket.socket, *_: object) -> None:
    with suppress(BlockingIOError):
        end.recv(64)
