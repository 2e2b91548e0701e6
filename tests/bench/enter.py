"""Enter to committed on disk, in turns with a bare insert of a row of that size into a file beside it."""

import sys
from pathlib import Path

from tests.bench.table import Row, Sample, milliseconds, times
from tests.bench.words import TYPED

NOTES = 400


def rows(bench):
    facts = bench.child(__name__, bench.running_session())
    pad, append, bare = (Sample(facts[name]) for name in ("pad", "append", "bare"))
    remark = (
        f"p50 / p99 of {len(pad.times_ms)} notes, {facts['bytes']} bytes a row; "
        f"longest {milliseconds(pad.longest)} beside {milliseconds(bare.longest)}"
    )
    yield _row("Enter to “saved” told on the pad", pad, bare, remark)
    yield _row("append in the vault alone", append, bare, "encode, seal, chain, sign, COMMIT")


def _row(what, measured, bare, remark):
    ratio = measured.p99 / bare.p99
    is_ok = measured.p99 <= 10 and ratio <= 1.5
    return Row(what, measured.words(), bare.words(), times(ratio), "p99 ≤ 10 ms, ≤ 1.5 ×", is_ok, remark)


class BareFile:
    """A table of blobs under the very settings of the vault, and nothing else."""

    def __init__(self, path: Path, size: int) -> None:
        import sqlite3

        from kapnotes.vault.schema import apply_settings

        self._row = bytes(size)
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.text_factory = bytes
        apply_settings(self._connection, path.name, is_writing=True)
        self._connection.execute("CREATE TABLE bare(id INTEGER PRIMARY KEY, content BLOB NOT NULL)")

    def insert(self):
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.execute("INSERT INTO bare VALUES(NULL, ?)", (self._row,))
        self._connection.execute("COMMIT")


def measure(folder):
    import time

    from PySide6.QtCore import QEventLoop

    from kapnotes.domain.entries import Entry, Note
    from kapnotes.domain.places import place_of
    from kapnotes.vault.codec import encode
    from tests.bench.probes import answer, rest, send
    from tests.bench.room import opened

    room = opened(folder)
    seat, live, line = room.pad.seat, room.live, room.pad.line
    room.pad.activateWindow()
    loop = QEventLoop()
    live.saved.add(lambda _: loop.quit())

    def entry():
        now = live.now()
        return Entry(room.screen.program.new_id(), live.scope_id, seat.member.member_id, now, now, Note(TYPED))

    size = len(encode(entry())) + 16 + 168  # the tag, and the columns beside the content
    bare_file = BareFile(folder / "bare.db", size)
    pad, append, bare = Sample(), Sample(), Sample()
    for _ in range(NOTES):
        line.insertPlainText(TYPED)
        rest(3)
        began = time.perf_counter()
        send(line, "\n")
        loop.exec()
        pad.add(time.perf_counter() - began)

        rest(3)
        began = time.perf_counter()
        bare_file.insert()
        bare.add(time.perf_counter() - began)

        rest(3)
        another = entry()
        compartment = place_of(another.body, seat.member)
        began = time.perf_counter()
        seat.program.library.append(seat.keyring, compartment, another, patient_id=live.patient_id)
        append.add(time.perf_counter() - began)
    answer({"pad": pad.times_ms, "append": append.times_ms, "bare": bare.times_ms, "bytes": size})


if __name__ == "__main__":
    measure(Path(sys.argv[1]))
