"""One SQLite file: opening it safely, reading checked rows, and writing whole transactions.

It knows no keys. A raw `open()` of a file that SQLite holds would drop SQLite's lock when it is closed (POSIX), so
nothing in the vault reads a file's bytes while a connection to it is open, but for `closing.recorded`.
"""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from weakref import WeakSet

from kapnotes.domain.errors import InputOutput, Tampered, VaultMissing
from kapnotes.vault import files, schema
from kapnotes.vault.faults import damaged, speaking_of
from kapnotes.vault.inventory import JOURNAL
from kapnotes.vault.layout import Place, compartment_of

NUMBER: Final = -1
ANY: Final = -2

PAGES_AT_ONCE = 256
"""How much of a file is copied before others may write again: 1 MiB."""

WAIT_FOR_READERS_MS = 1000
"""How long the one to hold a file waits for those that only look at it and go, as others that start with it do."""

WAIT_FOR_ROLLBACK_MS = 200
"""How long the first look at a file is tried where a journal stands: of two that would roll it back neither may."""

Value = int | bytes | None


@dataclass(frozen=True, slots=True)
class Row:
    """One row to be written."""

    table: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """Another statement of a transaction, which replaces or removes rows; `sql` is fixed text of ours."""

    sql: str
    values: tuple[Value, ...] = ()


Write = Row | Change


def connect(path: Path, *, is_writing: bool, is_settled: bool = False) -> sqlite3.Connection:
    """Return a connection to a file that is there already; it never makes one, and it never waits."""
    uri = f"{path.absolute().as_uri()}?mode={'rw' if is_writing else 'ro'}{'&immutable=1' if is_settled else ''}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=0)
    connection.text_factory = bytes
    return connection


class CompartmentFile:
    """An open file of the vault. `is_writing` holds it alone; otherwise it is only read and no byte of it changes.

    `is_settled` reads past a journal that does not belong there; only for a file that is as its closing record says.
    """

    def __init__(self, path: Path, *, is_writing: bool = True, is_settled: bool = False) -> None:
        self.path = path
        self.name = path.name
        self._is_writing = is_writing
        self._is_settled = is_settled
        self._connection: sqlite3.Connection | None = None
        self._cursors: WeakSet[sqlite3.Cursor] = WeakSet()
        self._let_copier_leave: Callable[[], None] | None = None

    def open(self) -> None:
        """Open the file, hold it, and see that it is one of ours.

        Raises:
            VaultMissing, VaultInUse, DataDamaged, InputOutput, NewerFormat, Tampered: as `faults` tells them apart.
        """
        with speaking_of(self.name):
            _see_that_it_is_there(self.path)
            connection = connect(self.path, is_writing=self._is_writing, is_settled=self._is_settled)
            try:
                if _is_unfinished(self.path):
                    connection.execute(f"PRAGMA busy_timeout={WAIT_FOR_ROLLBACK_MS}")
                schema.check(connection, self.name)
                connection.execute("PRAGMA busy_timeout=0")
                schema.apply_settings(connection, self.name, is_writing=self._is_writing)
                if self._is_writing:
                    _hold(connection)
                else:
                    connection.execute("BEGIN")
                schema.check(connection, self.name)  # again, now that nobody else can change it
                if self._is_writing:
                    connection.execute("COMMIT")
            except BaseException:
                connection.close()
                raise
        self._connection = connection

    def close(self) -> None:
        """Let the file go. What was committed is on the disk; closing writes nothing."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            if self._let_copier_leave is not None:
                self._let_copier_leave()  # a copy under way would keep the lock
            with contextlib.suppress(sqlite3.Error):
                for cursor in list(self._cursors):
                    cursor.close()  # one that an error's traceback keeps alive would keep the lock
                connection.close()

    def reopen(self) -> None:
        """Start anew after a failed write: a handle that failed is never trusted again.

        Whether the journal's end reached the disk is unknown, and a sync of it now would tell nothing. Were it still
        there after a power cut, it would roll back what stands in the file; so it is made void by bytes of its own.
        """
        self.close()
        self.open()
        with speaking_of(self.name):
            files.make_void(self.path.with_name(self.name + JOURNAL))

    def place(self) -> Place:
        """Return which compartment of which vault the file says it is."""
        rows = list(self.rows("SELECT vault, kind, owner FROM meta", (16, NUMBER, 16)))
        if len(rows) != 1:
            raise damaged(self.name)
        vault, kind, owner = rows[0]
        try:
            comp = bytes([kind]) + owner
            compartment_of(comp)
        except ValueError:
            raise Tampered("{name} names no compartment of this format: someone changed it.", name=self.name) from None
        return Place(vault, comp)

    def raw_rows(self, sql: str, values: Sequence[Value] = ()) -> Iterator[tuple[object, ...]]:
        """Return rows as SQLite gives them: a damaged page gives any type at all, so check each one."""
        with speaking_of(self.name):
            cursor = self._live().execute(sql, values)
            self._cursors.add(cursor)
            with contextlib.closing(cursor):
                yield from cursor

    def rows(self, sql: str, shape: tuple[int, ...], values: Sequence[Value] = ()) -> Iterator[tuple[Any, ...]]:
        """Return rows, each value checked against *shape*: `NUMBER`, `ANY` bytes, or so many bytes.

        Raises:
            DataDamaged: a row is not as the schema promises.
        """
        for row in self.raw_rows(sql, values):
            if not has_shape(row, shape):
                raise damaged(self.name)
            yield row

    def write(self, rows: Sequence[Write], *, replacing: bool = False) -> None:
        """Add *rows*, and make changes, in one transaction; returning means that they are on the disk.

        A row alone is a transaction of its own, in a single call: between two calls another thread may take its turn.

        Raises:
            VaultError: nothing is said about what is on the disk; `reopen` and look.
        """
        with speaking_of(self.name):
            connection = self._live()
            is_alone = len(rows) == 1
            try:
                if not is_alone:
                    connection.execute("BEGIN IMMEDIATE")
                for row in rows:
                    sql = row.sql if isinstance(row, Change) else _insert(row, replacing=replacing)
                    connection.execute(sql, row.values)
                if not is_alone:
                    connection.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
                raise

    def holds(self, rows: Sequence[Write]) -> bool:
        """Tell whether a transaction that wrote *rows* came about; of changes alone nothing can be told, so no."""
        added = [row for row in rows if isinstance(row, Row)]
        return bool(added) and all(self._has(row) for row in added)

    def _has(self, row: Row) -> bool:
        marks = ",".join("?" * len(row.values))
        return any(self.raw_rows(f"SELECT {marks} INTERSECT SELECT * FROM {row.table}", row.values))  # noqa: S608

    def copy_to(self, target: Path, give_way: Callable[[], None], tell: Callable[[int, int], None]) -> object:
        """Copy the file into the empty file *target* and return the `changes` that it holds.

        Between the pages *give_way* lets others write, which the copy follows; *tell* hears pages done and in all. The
        copy is not yet on the platter.

        Raises:
            InputOutput: the file failed and was opened anew meanwhile, so there is no copy.
        """
        source = self._live()
        copied: list[object] = []

        def went_on(_status: int, remaining: int, total: int) -> None:
            if not remaining:
                copied.append(self.changes())
            tell(total - remaining, total)
            if remaining:
                give_way()
            if self._connection is not source:
                raise InputOutput("{name} failed while it was copied. Make the backup again.", name=self.name)

        with speaking_of(self.name), contextlib.closing(connect(target, is_writing=True)) as copy:
            for setting in ("journal_mode=OFF", "synchronous=OFF"):
                copy.execute(f"PRAGMA {setting}")
            self._let_copier_leave = give_way
            try:
                source.backup(copy, pages=PAGES_AT_ONCE, progress=went_on)
            finally:
                self._let_copier_leave = None
        return copied[-1]

    def changes(self) -> object:
        """Return what is another value after every write."""
        connection = self._live()
        return connection, connection.total_changes

    def fault_count(self) -> int:
        """Return how many faults SQLite finds in its own pages and indices; O(size)."""
        lines = list(self.raw_rows("PRAGMA integrity_check"))
        return 0 if lines == [(b"ok",)] else len(lines)

    def _live(self) -> sqlite3.Connection:
        if self._connection is None:
            self.open()  # it was closed by a failed write whose `reopen` failed too
        assert self._connection is not None  # noqa: S101
        return self._connection


def _is_unfinished(path: Path) -> bool:
    with contextlib.suppress(FileNotFoundError):
        return path.with_name(path.name + JOURNAL).stat().st_size > 0
    return False


def _hold(connection: sqlite3.Connection) -> None:
    """Begin a transaction that holds the file alone, from now on: the connection keeps its locks.

    Of many that come at once each can have looked at the file, so each would stand in the way of the lock of every
    other and none would get it. So one of them is found first, by the lock that only one can have: whoever fails
    there goes at once, and the one waits until they have gone.
    """
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(f"PRAGMA busy_timeout={WAIT_FOR_READERS_MS}")
    connection.execute("COMMIT")  # waits already: it locks the file alone even where nothing was written
    connection.execute("BEGIN EXCLUSIVE")
    connection.execute("PRAGMA busy_timeout=0")


def has_shape(row: tuple[object, ...], shape: tuple[int, ...]) -> bool:
    """Tell whether every value is of the type and length that *shape* asks for."""
    for value, want in zip(row, shape, strict=True):
        if want == NUMBER:
            if type(value) is not int or value < 0:
                return False
        elif type(value) is not bytes or (want != ANY and len(value) != want):
            return False
    return True


def build(path: Path, place: Place, rows: Sequence[Row]) -> None:
    """Make the file of a new compartment with its first *rows*: whole under its name, or not there at all.

    Raises:
        InputOutput: the disk does not take it.
    """
    part = path.with_name(path.name + ".part")
    with speaking_of(path.name):
        part.unlink(missing_ok=True)
        files.create_private(part)
        connection = connect(part, is_writing=True)
        try:
            connection.execute("PRAGMA journal_mode=MEMORY")  # nobody sees the part, so it needs no journal
            connection.execute("BEGIN")
            schema.create(connection)
            for row in (Row("meta", (1, place.vault, place.comp[0], place.comp[1:])), *rows):
                connection.execute(_insert(row, replacing=False), row.values)
            connection.execute("COMMIT")
        finally:
            connection.close()
        files.sync(part)
        if path.exists():
            raise InputOutput("{name} is there already and would be overwritten. Nothing was changed.", name=path.name)
        part.replace(path)
        files.sync_folder(path.parent)


def _see_that_it_is_there(path: Path) -> None:
    if not path.is_file():
        raise VaultMissing("{line}", line=files.missing_line(path.parent, path.name))
    if path.stat().st_size == 0:
        raise damaged(path.name, "and empty")


def _insert(row: Row, *, replacing: bool) -> str:
    marks = ",".join("?" * len(row.values))
    return f"INSERT {'OR REPLACE ' if replacing else ''}INTO {row.table} VALUES({marks})"
