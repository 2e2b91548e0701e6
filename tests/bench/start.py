"""Start to sign-in window: the real command in a fresh process until its first window has painted."""

import functools
import json
import statistics
import sys
import time

from tests.bench.table import Row, milliseconds, times

RUNS = 9
PATIENCE_S = 20

_PROGRAM = """
import sys
from kapnotes.__main__ import main
from kapnotes.ui.desk import Desk
from tests.bench.start import tell_when_painted
Desk.begin = tell_when_painted(Desk.begin)
main(["--vault", sys.argv[1]])
"""

_BARE = """
import json, time
from PySide6.QtWidgets import QApplication, QWidget
class Window(QWidget):
    def paintEvent(self, event):
        moments.append(time.perf_counter())
        application.quit()
moments = []
application = QApplication(["bare"])
window = Window()
window.resize(720, 520)
window.show()
application.exec()
print(json.dumps(moments))
"""


def rows(bench):
    vault = bench.running_session() / "vault"
    painted, ready, bare = [], [], []
    for run in range(RUNS + 1):
        for script, arguments, found in ((_PROGRAM, [vault], painted), (_BARE, [], bare)):
            began = time.perf_counter()
            moments = bench.finish(bench.start("-c", script, *arguments))
            if run == 0:
                continue  # the first compiles what an installed program finds compiled
            found.append(1000 * (moments[0] - began))
            if found is painted:
                ready.append(1000 * (moments[1] - began))
    ours, theirs = statistics.median(painted), statistics.median(bare)
    yield Row(
        "start to sign-in window painted",
        f"{milliseconds(ours)} ms",
        f"{milliseconds(theirs)} ms",
        times(ours / theirs),
        "≤ 1.7 ×",
        ours / theirs <= 1.7,
        f"medians of {RUNS} fresh processes; {milliseconds(min(painted))} to {milliseconds(max(painted))} beside "
        f"{milliseconds(min(bare))} to {milliseconds(max(bare))}; vault open {milliseconds(statistics.median(ready))}",
    )


def tell_when_painted(begin):
    """Return *begin* so that it quits the program when its window has painted and the vault is open."""

    @functools.wraps(begin)
    def begun(desk):
        from PySide6.QtCore import QCoreApplication, QTimer

        from tests.bench.probes import Painted

        began = time.perf_counter()
        window, moments = begin(desk), []
        painted = Painted(window)
        timer = QTimer(window)

        def look():
            if time.perf_counter() - began > PATIENCE_S:
                sys.stderr.write(f"the vault did not open: {window.news()}\n")
                QCoreApplication.exit(1)
            if painted.is_painted and not moments:
                moments.append(time.perf_counter())
            if moments and window.member.count():
                moments.append(time.perf_counter())
                timer.stop()
                sys.stdout.write(json.dumps(moments) + "\n")
                QCoreApplication.quit()

        timer.timeout.connect(look)
        timer.start(1)  # not 0: the opening of the vault would have to share the processor with it
        return window

    return begun
