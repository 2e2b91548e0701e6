"""Key press to painted: the pad with 600 notes and all its timers, beside a bare text with the same 600 lines."""

import sys
from pathlib import Path

from tests.bench.table import Row, Sample, middle_p99, milliseconds, pooled, spread, times
from tests.bench.words import TYPED, lines

ROUNDS = 5
NOTES = 8
BETWEEN_KEYS_MS = 5


def rows(bench):
    folder = bench.running_session()
    measured, bare = [], []
    for _ in range(ROUNDS):
        measured.append(bench.child(__name__, "pad", folder))
        bare.append(bench.child(__name__, "bare"))
    ours, theirs = pooled(measured), pooled(bare)
    p99, bare_p99 = middle_p99(measured), middle_p99(bare)
    yield Row(
        "key press to painted, 600 notes, all timers",
        f"{milliseconds(ours.p50)} / {milliseconds(p99)} ms",
        f"{milliseconds(theirs.p50)} / {milliseconds(bare_p99)} ms",
        times(p99 / bare_p99),
        "p99 ≤ 8 ms, ≤ 1.5 ×",
        p99 <= 8 and p99 <= 1.5 * bare_p99,
        f"p50 and the middle p99 of {ROUNDS} rounds of {len(measured[0])} keys: {spread(measured)} beside "
        f"{spread(bare)}; longest {milliseconds(ours.longest)} beside {milliseconds(theirs.longest)}; "
        f"the first key of a note {milliseconds(_first_keys(measured).p50)}",
    )


def _first_keys(rounds):
    return Sample([one for found in rounds for one in found[:: len(TYPED)]])


def _type(target, viewport, settle):
    """Type notes key by key; return the milliseconds from each key to its painting."""
    from tests.bench.probes import Painted, rest, send

    painted = Painted(viewport)
    sample = Sample()
    for _ in range(NOTES):
        for char in TYPED:
            sample.add(painted.after(lambda char=char: send(target, char)))
            rest(BETWEEN_KEYS_MS)
        send(target, "\n")
        settle()
    return sample.times_ms


def on_the_pad(folder):
    from kapnotes.ui.typist import wait_until
    from tests.bench.probes import answer, rest
    from tests.bench.room import opened

    room = opened(folder)

    def settle():
        wait_until(lambda: not room.live.saving.unsaved, "the note to be saved")
        rest(30)

    room.pad.activateWindow()
    rest(100)
    answer(_type(room.pad.line, room.pad.line.viewport(), settle))


def on_a_bare_text():
    from PySide6.QtWidgets import QApplication, QPlainTextEdit

    from tests.bench.probes import answer, rest

    application = QApplication(["bare"])
    text = QPlainTextEdit()
    text.resize(1000, 700)
    text.setPlainText("\n".join(lines(600)) + "\n")
    text.moveCursor(text.textCursor().MoveOperation.End)
    text.show()
    text.activateWindow()
    text.setFocus()
    rest(300)
    answer(_type(text, text.viewport(), lambda: rest(30)))
    del application


if __name__ == "__main__":
    if sys.argv[1] == "pad":
        on_the_pad(Path(sys.argv[2]))
    else:
        on_a_bare_text()
