"""How long the windows are blocked by anything: the longest time between two turns of their event loop."""

import sys
from pathlib import Path

from tests.bench.table import Row, Sample, milliseconds, times
from tests.bench.words import TYPED, lines

BAR_MS = 16.0
BETWEEN_STEPS_MS = 10


def rows(bench):
    facts = bench.child(__name__, "session", bench.thousand_entries())
    bare_facts = bench.child(__name__, "bare")
    for name, what in (
        ("typing", "windows blocked: notes, 1,000 entries"),
        ("logging", "windows blocked: vitals log, 1,000 entries"),
        ("marking", "windows blocked: marks, states, paging"),
        ("summary", "windows blocked: typing while a summary is made"),
        ("opening", "windows blocked: opening pad and log of 1,000"),
    ):
        turns, computed = _samples(facts[name])
        bare, bare_computed = _samples(bare_facts["opening" if name == "opening" else "typing"])
        longest = [f"{milliseconds(one)} ({milliseconds(own)}) {doing}" for one, own, doing in _longest(facts[name])]
        yield Row(
            what,
            f"{milliseconds(turns.longest)} ms ({milliseconds(computed.longest)})",
            f"{milliseconds(bare.longest)} ms ({milliseconds(bare_computed.longest)})",
            times(turns.longest / bare.longest),
            "≤ 16 ms",
            turns.longest <= BAR_MS,
            f"longest of {len(turns.times_ms)} turns (computed in one); p99 {milliseconds(turns.p99)}; "
            f"{', '.join(longest)}",
        )


def _samples(turns):
    return Sample([one for one, _, _ in turns]), Sample([own for _, own, _ in turns])


def _longest(turns):
    return sorted(turns, reverse=True)[:3]


def play(steps, probe):
    """Do the *steps*, one every few milliseconds, and return the turns of the loop meanwhile."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop, timer = QEventLoop(), QTimer()
    left = iter(steps)

    def step():
        following = next(left, None)
        if following is None:
            timer.stop()
            QTimer.singleShot(100, loop.quit)
            return
        probe.doing, act = following
        act()

    timer.setInterval(BETWEEN_STEPS_MS)
    timer.timeout.connect(step)
    probe.turns.clear()
    probe.start()
    timer.start()
    loop.exec()
    probe.stop()
    return list(probe.turns)


def _typed(target, text, end="Enter"):
    from tests.bench.probes import send

    for char in text:
        yield "a key", lambda char=char: send(target, char)
    yield end, lambda: send(target, "\n")


def in_a_session(folder):
    from kapnotes.app.documents import Document
    from kapnotes.app.paper import PaperDesk
    from kapnotes.ui.typist import wait_until
    from tests.bench.probes import Probe, answer, hit, rest
    from tests.bench.room import Room

    room, probe = Room(folder), Probe()
    home = room.sign_in()
    found = {"opening": play([("opening", lambda: room.enter(home))], probe)}
    rest(500)
    pad, log, live = room.pad, room.log, room.live

    pad.activateWindow()
    found["typing"] = play([step for _ in range(12) for step in _typed(pad.line, TYPED)], probe)

    log.activateWindow()
    readings = [f"{118 + one}/{72 + one} {66 + one} 98 14 s4" for one in range(20)]
    found["logging"] = play([step for text in readings for step in _typed(log.line, text, "Enter: vitals")], probe)

    pad.activateWindow()
    keys = [code.key for code in _codebook() if code.kind in {"point", "state"} and code.key]
    pages = ("PgUp", "PgUp", "PgDown", "PgDown")
    found["marking"] = play([(f"key {one}", lambda one=one: hit(pad, one)) for one in (*keys, *pages, *keys)], probe)

    program, made = room.screen.program, []
    paper = PaperDesk(pad.seat, live, program.slow_worker, program.entropy, program.translate)
    path = folder / "summary.pdf"
    ask = ("asking", lambda: paper.save(Document.SUMMARY, "", path, made.append, made.append))
    found["summary"] = play([ask, *(step for _ in range(4) for step in _typed(pad.line, TYPED))], probe)
    wait_until(lambda: bool(made) and not live.saving.unsaved, "the summary")
    if isinstance(made[0], Exception):
        raise made[0]
    answer(found)


def _codebook():
    from kapnotes.app.presets import shipped_codebook

    return shipped_codebook().codes


def on_a_bare_text():
    from PySide6.QtWidgets import QApplication, QPlainTextEdit, QTableWidget, QTableWidgetItem

    from tests.bench.probes import Probe, answer, rest

    application = QApplication(["bare"])
    text, table, probe = QPlainTextEdit(), QTableWidget(1000, 11), Probe()

    def open_both():
        text.setPlainText("\n".join(lines(1000)) + "\n")
        for row in range(1000):
            table.setItem(row, 9, QTableWidgetItem(TYPED))
        for widget in (table, text):
            widget.resize(1000, 700)
            widget.show()

    found = {"opening": play([("opening", open_both)], probe)}
    text.moveCursor(text.textCursor().MoveOperation.End)
    text.activateWindow()
    text.setFocus()
    rest(300)
    found["typing"] = play([step for _ in range(12) for step in _typed(text, TYPED)], probe)
    answer(found)
    del application


if __name__ == "__main__":
    if sys.argv[1] == "session":
        in_a_session(Path(sys.argv[2]))
    else:
        on_a_bare_text()
