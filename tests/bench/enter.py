"""Enter to committed on disk, in turns with a bare insert of a row of that size into a file beside it."""

import sys
from pathlib import Path

from tests.bench.table import Row, Sample, milliseconds, times
from tests.bench.words import TYPED

NOTES = 400
PAUSE_MS = 40
"""Between the last letter and Enter, and before the bare insert: no finger is faster."""


def rows(bench):
    facts = bench.child(__name__, bench.running_session())
    committed, told, append, bare = (Sample(facts[name]) for name in ("committed", "told", "append", "bare"))
    remark = (
        f"p50 / p99 of {len(bare.times_ms)} notes, {facts['bytes']} bytes a row; longest "
        f"{milliseconds(committed.longest)} beside {milliseconds(bare.longest)}; told on the pad after {told.words()}"
    )
    yield _row("Enter on the pad to COMMIT returned", committed, bare, remark)
    yield _row("the part of it in the vault", append, bare, "encode, seal, chain, sign, insert, COMMIT")


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
        self.insert_many(1)

    def insert_many(self, count):
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany("INSERT INTO bare VALUES(NULL, ?)", [(self._row,)] * count)
        self._connection.execute("COMMIT")


def measure(folder):
    import time

    from PySide6.QtCore import QEventLoop
    from PySide6.QtWidgets import QApplication

    from kapnotes.domain.entries import Entry, Note
    from kapnotes.vault.codec import encode
    from tests.bench.probes import answer, key, rest
    from tests.bench.room import opened

    room = opened(folder)
    live, line, library = room.live, room.pad.line, room.screen.program.library
    room.pad.activateWindow()
    loop = QEventLoop()
    live.saved.add(lambda _: loop.quit())
    appended = []
    append_really = library.append

    def append(*arguments, **more):
        """Append as ever, on the writer's thread, and note when it began and when it returned."""
        began = time.perf_counter()
        head = append_really(*arguments, **more)
        appended.append((began, time.perf_counter()))
        return head

    library.append = append
    now = live.now()
    note = Entry(live.scope_id, live.scope_id, live.member.member_id, now, now, Note(TYPED))
    size = len(encode(note)) + 16 + 168  # the tag, and the columns beside the content
    bare_file = BareFile(folder / "bare.db", size)
    found = {name: Sample() for name in ("committed", "told", "append", "bare")}
    for _ in range(NOTES):
        line.insertPlainText(TYPED)
        rest(PAUSE_MS)
        enter = key("\n")
        entered = time.perf_counter()
        QApplication.sendEvent(line, enter)
        loop.exec()
        began, returned = appended[-1]
        found["told"].add(time.perf_counter() - entered)
        found["committed"].add(returned - entered)
        found["append"].add(returned - began)
        rest(PAUSE_MS)
        began = time.perf_counter()
        bare_file.insert()
        found["bare"].add(time.perf_counter() - began)
    answer({name: sample.times_ms for name, sample in found.items()} | {"bytes": size})


if __name__ == "__main__":
    measure(Path(sys.argv[1]))
