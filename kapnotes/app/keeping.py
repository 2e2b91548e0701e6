"""What it takes to keep half-typed lines on the disk; who builds the program knows no more of them."""

from collections.abc import Callable
from dataclasses import dataclass

from kapnotes.app.worker import Worker

Later = Callable[[float, Callable[[], None]], None]
"""Calls back after so many seconds, on the thread of the windows."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """What it takes to keep lines on the disk: a thread for it, and a timer."""

    worker: Worker
    later: Later
