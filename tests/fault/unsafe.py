"""A table in SQLite under settings of the tests' choice: what the simulation of power cuts must tell apart."""

import contextlib
import os
import sqlite3
from collections.abc import Set
from pathlib import Path

from tests.fault.scripts import Told

NAME = "table.db"
ROWS = 20

VAULTS_OWN = ("locking_mode=EXCLUSIVE", "journal_mode=TRUNCATE", "synchronous=EXTRA")
LIBRARYS_DEFAULT = ("locking_mode=NORMAL", "journal_mode=DELETE", "synchronous=FULL")
WEBS_ADVICE = ("locking_mode=EXCLUSIVE", "journal_mode=WAL", "synchronous=NORMAL")


def make(folder: Path) -> None:
    """Make the table, with enough in it that a transaction changes several pages."""
    with contextlib.closing(sqlite3.connect(folder / NAME, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE entry(id TEXT PRIMARY KEY, text BLOB)")
        connection.executemany("INSERT INTO entry VALUES(hex(randomblob(16)), randomblob(300))", [()] * 200)


def _write(folder: Path, say: Told, settings: tuple[str, ...]) -> None:
    with contextlib.closing(sqlite3.connect(folder / NAME, isolation_level=None)) as connection:
        for setting in settings:
            connection.execute(f"PRAGMA {setting}").fetchall()
        for _ in range(ROWS):
            entry_id = os.urandom(16).hex()
            say(f"try {entry_id}")
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO entry VALUES(?, randomblob(1000))", (entry_id,))
            connection.execute("COMMIT")
            say(f"saved {entry_id}")


def vaults_own(folder: Path, say: Told) -> None:
    """Write with the settings of the vault."""
    _write(folder, say, VAULTS_OWN)


def librarys_default(folder: Path, say: Told) -> None:
    """Write with what SQLite does by itself."""
    _write(folder, say, LIBRARYS_DEFAULT)


def webs_advice(folder: Path, say: Told) -> None:
    """Write with what is often advised for speed."""
    _write(folder, say, WEBS_ADVICE)


def faults_of(folder: Path, saved: Set[str]) -> list[str]:
    """Return what is wrong with the table after an accident."""
    try:
        with contextlib.closing(sqlite3.connect(folder / NAME)) as connection:
            found = {entry_id for (entry_id,) in connection.execute("SELECT id FROM entry")}
            faults = [line for (line,) in connection.execute("PRAGMA integrity_check") if line != "ok"]
    except sqlite3.Error as error:
        return [f"does not open: {error}"]
    return faults + [f"{len(saved - found)} of {len(saved)} saved rows are lost"] * bool(saved - found)
