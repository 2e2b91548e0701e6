"""A real monitor's 32 hours into the log by keys: from Enter on the path to the chart painted and all on the disk.

The bare reference reads the same file with the library for CSV, fills a plain table with its cells, and commits a row
of bytes for each of them in one transaction.
"""

import statistics
import sys
from pathlib import Path

from tests.bench import vaults
from tests.bench.table import Row, milliseconds, times
from tests.bench.turns import BAR_MS

FILE = Path(__file__).parents[1] / "data" / "vitals-monitor.csv"
LENGTH_S = 33 * 3600.0
RUNS = 5
DRAWINGS, MOVES = 10, 40
SETS = 1_895
"""So many rows of the file hold a reading."""

SEALED_BYTES = 700
"""About as many as one sealed entry and its signature take."""


def rows(bench):
    facts = []
    for _ in range(RUNS):
        place = vaults.running_session(bench.folder(), {"vitals": 12}, length_s=LENGTH_S)
        facts.append(bench.child(__name__, place.folder))
    ours = [one["checked"] + one["kept"] for one in facts]
    bare = [one["bare"] for one in facts]
    whole = statistics.median(ours)
    yield Row(
        "32 hours of a monitor imported and charted",
        f"{milliseconds(whole)} ms",
        f"{milliseconds(statistics.median(bare))} ms",
        times(whole / statistics.median(bare)),
        "≤ 2,000 ms",
        whole <= 2_000,
        f"median of {RUNS}, {facts[0]['sets']} sets; read and checked {_middle(facts, 'checked')}, "
        f"kept, painted and on the disk {_middle(facts, 'kept')}; computed in all {_middle(facts, 'computed')}",
    )
    yield Row(
        "windows blocked: 32 hours of a monitor",
        f"{_middle(facts, 'longest')} ({_middle(facts, 'own')})",
        bar="≤ 16 ms",
        remark="the longest turn (computed in it); entries go into the record 32 at a time",
    )
    for name, what in (
        ("drawing", "windows blocked: 32 hours drawn anew"),
        ("moving", "windows blocked: cursor over 32 hours"),
    ):
        longest = statistics.median(one[name] for one in facts)
        yield Row(
            what,
            f"{milliseconds(longest)} ms ({_middle(facts, f'{name}_own')})",
            bar="≤ 16 ms",
            is_ok=longest <= BAR_MS,
            remark=f"the longest turn (computed in it), median of {RUNS}",
        )


def _middle(facts, name):
    return f"{milliseconds(statistics.median(one[name] for one in facts))} ms"


def measure(folder):
    import time

    from PySide6.QtWidgets import QApplication

    from kapnotes.domain.entries import TakenBy, Vitals
    from kapnotes.ui.typist import press, type_text, wait_until
    from tests.bench.probes import Probe, answer, hit
    from tests.bench.room import opened
    from tests.bench.turns import play

    room = opened(folder)
    log, live, probe = room.log, room.live, Probe()
    log.activateWindow()
    press(log, "Ctrl+Shift+I")
    type_text(log, str(FILE))
    probe.start()
    computed, began = time.process_time(), time.perf_counter()
    hit(log, "Return")
    page = log.monitor.page
    wait_until(page.keep_button.isEnabled, "the rows")
    checked = time.perf_counter() - began
    hit(log, "Return")
    began = time.perf_counter()
    hit(log, "Return")
    wait_until(lambda: log.model.rowCount() >= SETS and log.chart.is_current, "table and chart")
    wait_until(lambda: not live.saving.unsaved and log.strip.cell(3) == "saved", "the disk")
    kept, computed = time.perf_counter() - began, time.process_time() - computed
    probe.stop()
    sets = sum(1 for _, vitals in live.record.of(Vitals) if vitals.taken_by is TakenBy.MONITOR)
    imported = list(probe.turns)
    drawn = play([("drawing", log.chart.refresh)] * DRAWINGS, probe)
    wait_until(lambda: log.chart.is_current, "the chart")
    moved = play([("cursor", log.cursor_on_chart.back)] * MOVES, probe)
    answer(
        {
            "drawing": max(turn for turn, _, _ in drawn),
            "drawing_own": max(own for _, own, _ in drawn),
            "moving": max(turn for turn, _, _ in moved),
            "moving_own": max(own for _, own, _ in moved),
            "checked": 1000 * checked,
            "kept": 1000 * kept,
            "sets": sets,
            "computed": 1000 * computed,
            "longest": max(turn for turn, _, _ in imported),
            "own": max(own for _, own, _ in imported),
            "bare": _bare(folder, QApplication.instance()),
        }
    )


def _bare(folder, application):
    """Return the milliseconds of the same without anything of ours."""
    import csv
    import time

    from PySide6.QtWidgets import QTableWidget, QTableWidgetItem

    from tests.bench.enter import BareFile

    disk = BareFile(folder / "bare.db", SEALED_BYTES)
    began = time.perf_counter()
    with FILE.open(encoding="utf-8", newline="") as file:
        found = list(csv.reader(file))
    table = QTableWidget(len(found), len(found[0]))
    for row, cells in enumerate(found):
        for column, cell in enumerate(cells):
            table.setItem(row, column, QTableWidgetItem(cell))
    table.resize(1000, 700)
    table.show()
    application.processEvents()
    disk.insert_many(len(found))
    taken = time.perf_counter() - began
    table.close()
    return 1000 * taken


if __name__ == "__main__":
    measure(Path(sys.argv[1]))
