"""The laptop's clocks; the only place in the program that asks the system for the time."""

import ctypes
import sys
import time
from pathlib import Path

from kapnotes.domain.clock import Stamp


class SystemClock:
    """Wall time from the system, durations from a clock that counts sleep."""

    def __init__(self) -> None:
        self._boot_id = _boot_id()

    def now(self) -> Stamp:
        """Return this moment."""
        utc_ns = time.time_ns()
        offset_s = time.localtime(utc_ns // 1_000_000_000).tm_gmtoff
        return Stamp(utc_ns, offset_s // 60, _boot_ns(), self._boot_id)


def _boot_ns() -> int:
    """Return nanoseconds since the start of the laptop, sleep included."""
    if sys.platform == "win32":
        ticks = ctypes.windll.kernel32.GetTickCount64
        ticks.restype = ctypes.c_uint64
        return int(ticks()) * 1_000_000
    if sys.platform == "darwin":
        return time.clock_gettime_ns(time.CLOCK_MONOTONIC)  # counts sleep on macOS, unlike time.monotonic()
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME)


def _boot_id() -> str:
    """Return a name for this start of the laptop, the same for every program that runs on it."""
    kernel = Path("/proc/sys/kernel/random/boot_id")
    if kernel.exists():
        return kernel.read_text().strip().replace("-", "")
    started_s = (time.time_ns() - _boot_ns()) // 60_000_000_000
    return f"{sys.platform}-{started_s}"
