"""Resident memory with a session open, after a sign-in at the standard cost."""

import sys
from pathlib import Path

from tests.bench import vaults
from tests.bench.table import Row, times
from tests.bench.vaults import STANDARD_COST


def rows(bench):
    place = vaults.running_session(bench.folder(), vaults.RUNNING, STANDARD_COST)
    ours, theirs = bench.child(__name__, "session", place.folder), bench.child(__name__, "bare")
    if ours["open"] is None:
        yield Row("resident memory, a session open", "–", bar="≤ 120 MiB", remark="this system does not tell")
        return
    yield Row(
        "resident memory, a session open",
        f"{ours['open']:.0f} MiB",
        f"{theirs:.0f} MiB",
        times(ours["open"] / theirs),
        "≤ 120 MiB",
        ours["open"] <= 120,
        f"pad, log and home, 620 entries; after a summary was made {ours['paper']:.0f} MiB, and "
        f"{ours['pages']:.0f} MiB in the process that made it; bare: one PySide6 window",
    )


def in_a_session(folder):
    from kapnotes.app.documents import Document
    from kapnotes.app.paper import PaperDesk
    from kapnotes.ui.typist import wait_until
    from tests.bench.probes import answer, resident_mib, resident_of_children_mib, rest
    from tests.bench.room import opened

    room = opened(folder)
    rest(1500)
    found = {"open": resident_mib()}
    program, made = room.screen.program, []
    paper = PaperDesk(room.pad.seat, room.live, program.slow_worker, program.entropy, program.translate)
    paper.save(Document.SUMMARY, "", folder / "summary.pdf", made.append, made.append)
    wait_until(lambda: bool(made), "the summary")
    if isinstance(made[0], Exception):
        raise made[0]
    rest(300)
    answer(found | {"paper": resident_mib(), "pages": resident_of_children_mib()})


def in_a_bare_window():
    from PySide6.QtWidgets import QApplication, QPlainTextEdit

    from tests.bench.probes import answer, resident_mib, rest

    application = QApplication(["bare"])
    text = QPlainTextEdit()
    text.resize(1000, 700)
    text.show()
    rest(500)
    answer(resident_mib())
    del application


if __name__ == "__main__":
    if sys.argv[1] == "session":
        in_a_session(Path(sys.argv[2]))
    else:
        in_a_bare_window()
