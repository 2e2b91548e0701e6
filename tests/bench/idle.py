"""A running session and nobody typing: what it computes, and how often it wakes the processor."""

import sys
from pathlib import Path

from tests.bench.table import Row, times

SECONDS = 62
"""Long enough that the chart follows the time once, and the minute turns."""


def rows(bench):
    running = [
        bench.start("-m", __name__, "session", bench.running_session()),
        bench.start("-m", __name__, "bare"),
    ]
    ours, theirs = [bench.finish(one) for one in running]
    cpu, bare_cpu = ours["percent"], theirs["percent"]
    yield Row(
        "a running session, nobody typing: processor",
        f"{cpu:.2f} %",
        f"{bare_cpu:.2f} %",
        times(cpu / bare_cpu),
        "≤ 0.5 % of a core",
        cpu <= 0.5,
        f"pad, log, home and ticker for {SECONDS} s; bare: a window whose clock ticks once a second",
    )
    wakes, bare_wakes = ours["wakes"], theirs["wakes"]
    if wakes is None:
        yield Row("the same: wake-ups", "–", bar="≤ 2 a second", remark="this system does not tell")
        return
    yield Row(
        "the same: wake-ups",
        f"{wakes:.2f} a second",
        f"{bare_wakes:.2f} a second",
        times(wakes / bare_wakes),
        "≤ 2 a second",
        wakes <= 2,
        "voluntary context switches of all threads",
    )


def _live_quietly():
    """Return what this process computes and how often it wakes while its loop runs."""
    import time

    from tests.bench.probes import rest, sleeps

    rest(2000)
    began, computed, slept = time.perf_counter(), time.process_time(), sleeps()
    rest(1000 * SECONDS)
    computed, woken = time.process_time() - computed, sleeps()
    seconds = time.perf_counter() - began
    return {
        "percent": 100 * computed / seconds,
        "wakes": None if slept is None else (woken - slept) / seconds,
    }


def in_a_session(folder):
    from tests.bench.probes import answer
    from tests.bench.room import opened

    room = opened(folder)
    room.pad.activateWindow()
    answer(_live_quietly())


def in_a_bare_window():
    from PySide6.QtCore import QTime, QTimer
    from PySide6.QtWidgets import QApplication, QLabel

    from tests.bench.probes import answer

    application = QApplication(["bare"])
    label = QLabel()
    label.resize(1000, 700)
    label.show()
    timer = QTimer()
    timer.timeout.connect(lambda: label.setText(QTime.currentTime().toString()))
    timer.start(1000)
    answer(_live_quietly())
    del application


if __name__ == "__main__":
    if sys.argv[1] == "session":
        in_a_session(Path(sys.argv[2]))
    else:
        in_a_bare_window()
