"""The instruments: they know Qt and the system, and nothing of the program."""

import gc
import json
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget


class Painted(QObject):
    """Sees a widget being painted. The filter comes just before; when `processEvents` has returned, it is done."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.is_painted = False
        widget.installEventFilter(self)

    def eventFilter(self, watched, event):
        del watched
        if event.type() == QEvent.Type.Paint:
            self.is_painted = True
        return False

    def after(self, act: Callable[[], object]) -> float:
        """Return the seconds from *act* until the widget has painted what came of it."""
        self.is_painted = False
        began = time.perf_counter()
        act()
        while not self.is_painted:
            QApplication.processEvents()
        return time.perf_counter() - began


class Probe(QObject):
    """A timer of one millisecond: what lies between two of its turns is how long the windows could do nothing else.

    Each turn is kept as milliseconds, milliseconds that this thread computed meanwhile, and what was done last. The
    first can be longer than the second where other programs had the processor.
    """

    def __init__(self) -> None:
        super().__init__()
        self.doing = ""
        self.turns: list[tuple[float, float, str]] = []
        self._last = self._computed = 0.0
        gc.callbacks.append(self._see_collection)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(1)
        self._timer.timeout.connect(self._turn)

    def start(self):
        self._last, self._computed = time.perf_counter(), time.thread_time()
        self._timer.start()

    def stop(self):
        self._turn()
        self._timer.stop()

    def _see_collection(self, phase, info):
        """Let a full collection of garbage on this thread be told as what was done."""
        if phase == "stop" and info["generation"] == 2 and threading.current_thread() is threading.main_thread():
            self.doing = f"{self.doing}, garbage"

    def _turn(self):
        now, computed = time.perf_counter(), time.thread_time()
        self.turns.append((1000 * (now - self._last), 1000 * (computed - self._computed), self.doing))
        self._last, self._computed = now, computed


def key(char: str) -> QKeyEvent:
    """Return the press of the key that types *char*."""
    code = Qt.Key.Key_Return if char == "\n" else ord(char.upper())
    return QKeyEvent(QKeyEvent.Type.KeyPress, code, Qt.KeyboardModifier.NoModifier, "\r" if char == "\n" else char)


def send(widget: QWidget, char: str):
    """Press the key of *char* in *widget*."""
    QApplication.sendEvent(widget, key(char))


def hit(window: QWidget, sequence: str):
    """Press the keys of *sequence* in *window*, which is active; nobody looks at what comes of it."""
    combination = QKeySequence(sequence)[0]
    QTest.keyClick(window.focusWidget() or window, combination.key(), combination.keyboardModifiers())


def rest(milliseconds: int):
    """Let the windows live."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def resident_mib(process: str = "self") -> float | None:
    """Return the memory that this *process*, or another one, holds in RAM; None where the system does not tell."""
    status = Path(f"/proc/{process}/status")
    if not status.exists():
        return None
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def resident_of_children_mib() -> float:
    """Return the memory that the processes hold which this one started, as far as the system tells."""
    lists = [path.read_text().split() for path in Path("/proc/self/task").glob("*/children")]
    return sum(resident_mib(child) or 0.0 for children in lists for child in children)


def sleeps() -> int | None:
    """Return how often the threads of this process have gone to sleep, and so were woken; None as above."""
    tasks = Path("/proc/self/task")
    if not tasks.exists():
        return None
    found = 0
    for task in tasks.iterdir():
        for line in (task / "status").read_text().splitlines():
            if line.startswith("voluntary_ctxt_switches"):
                found += int(line.split()[1])
    return found


def answer(facts: object):
    """Hand *facts* to the process that asked, and end this one without taking it apart."""
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()
    os._exit(0)
