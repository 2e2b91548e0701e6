"""What is left of a damaged vault: every row of ours on any page of any of its files, not yet believed."""

import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kapnotes.domain.errors import VaultError, VaultInUse, VaultMissing
from kapnotes.domain.members import SHARED
from kapnotes.vault import btree
from kapnotes.vault.btree import ANY, NUMBER, RawRow, Tables, Value
from kapnotes.vault.compartment_file import CompartmentFile, Row, build
from kapnotes.vault.faults import speaking_of
from kapnotes.vault.inventory import COMPARTMENT
from kapnotes.vault.layout import NO_ID, Place, comp_bytes, compartment_of

_MAGIC = b"SQLite format 3\0"
_MAX_LAYERS = 64

TABLES = Tables(
    with_rowid={
        "event": (NUMBER, 16, NUMBER, NUMBER, NUMBER, NUMBER, 16, 12, ANY, 32, 64),
        "log": (16, 16, 16, 16, NUMBER, NUMBER, 12, 32),
        "identity": (16, 1216, 32),
        "slot": (16, ANY, 32),
        "roster": (NUMBER, ANY, 16, 64),
        "recovery": (17, NUMBER, ANY, 16, 64),
        "meta": (NUMBER, 16, NUMBER, 16),
    },
    without_rowid={
        "pkey": (16, NUMBER, NUMBER, 12, 48),
        "epoch": (17, NUMBER, ANY, 16, 64),
        "grants": (NUMBER, 16, ANY, 16, 64),
        "place": (16, NUMBER, NUMBER),
    },
)
"""The columns of our tables, as `schema` makes them; both copies of a patient's key look alike.

`place` is SQLite's own index of entries by log and number: it says which there were, where the entries are gone.
"""

_HEADER_KEYS = {"identity": 1, "slot": 1, "roster": 1, "recovery": 2, "epoch": 2, "grants": 2}
"""How many columns of a header table are its primary key."""


@dataclass(frozen=True, slots=True)
class Wreck:
    """What was found in one file, by table, newest rows first; `name` is empty where that is lost too."""

    name: str
    rows: dict[str, list[RawRow]]

    def place(self) -> bytes | None:
        """Return the compartment that the file says it is, in its first row or by its name."""
        for row in self.rows.get("meta", ()):
            _, _, kind, owner = row.values
            if isinstance(kind, int) and 0 <= kind < 256 and isinstance(owner, bytes):
                comp = bytes([kind]) + owner
                if _is_comp(comp):
                    return comp
        return None

    def vault(self) -> bytes | None:
        """Return the id of the vault that the file says it belongs to."""
        ids = (row.values[1] for row in self.rows.get("meta", ()))
        return next((vault for vault in ids if isinstance(vault, bytes)), None)


def wrecks(source: Path) -> list[Wreck]:
    """Return what is left of the vault in the folder *source*, or of the backup that the file *source* is.

    Raises:
        VaultMissing: there is nothing of ours.
        VaultInUse: another process has the vault.
    """
    with speaking_of(source.name):
        if source.is_file():
            found = [Wreck("", _rows(part)) for part in _parts(_bytes(source))]
        else:
            paths = sorted(
                source.glob("*" + COMPARTMENT), key=lambda path: (not path.name.startswith("shared"), path.name)
            )
            for path in paths:
                _see_that_nobody_has_it(path)
            found = [Wreck(path.name, _rows(_bytes(path))) for path in paths if path.is_file()]
    if not found:
        raise VaultMissing("There is nothing to salvage in {source}: no file of a vault.", source=source)
    return found


def layers(found: list[Wreck], folder: Path) -> Iterator[CompartmentFile]:
    """Give all rows of the key header as files of our own: the first holds the newest of each, the next what differs.

    They can be read as the files of any vault; whoever asks several of them believes the first that holds.
    """
    stacked: dict[tuple[str, object], dict[tuple[Value, ...], None]] = defaultdict(dict)
    for wreck in found:
        for table, width in _HEADER_KEYS.items():
            for row in wreck.rows.get(table, ()):
                values = (row.rowid, *row.values[1:]) if table == "roster" else row.values
                if table != "epoch" or _is_comp(values[0]):
                    stacked[table, values[:width]][values] = None
    depth = max((len(rows) for rows in stacked.values()), default=0)
    for number in range(min(depth, _MAX_LAYERS)):
        rows = [
            Row(table, list(candidates)[number])
            for (table, _), candidates in stacked.items()
            if len(candidates) > number
        ]
        path = folder / f"layer-{number}{COMPARTMENT}"
        build(path, Place(NO_ID, comp_bytes(SHARED)), rows)
        file = CompartmentFile(path)
        file.open()
        yield file


def _rows(content: bytes) -> dict[str, list[RawRow]]:
    by_table: dict[str, dict[RawRow, None]] = defaultdict(dict)
    for row in btree.rows(content, TABLES):
        by_table[row.table][row] = None
    return {table: sorted(rows, key=lambda row: -row.rowid) for table, rows in by_table.items()}


def _bytes(path: Path) -> bytes:
    """Return all of a file that the disk still reads; what it does not is zeros."""
    pieces = []
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        size = os.fstat(descriptor).st_size
        for start in range(0, size, btree.PAGE):
            try:
                os.lseek(descriptor, start, os.SEEK_SET)
                piece = os.read(descriptor, btree.PAGE)
            except OSError:
                piece = b""
            pieces.append(piece.ljust(min(btree.PAGE, size - start), b"\0"))
    finally:
        os.close(descriptor)
    return b"".join(pieces)


def _parts(content: bytes) -> list[bytes]:
    """Return the files in a backup by how each begins; its manifest may be what is damaged."""
    starts = []
    at = content.find(_MAGIC)
    while at >= 0:
        starts.append(at)
        at = content.find(_MAGIC, at + 1)
    return [content[start:end] for start, end in zip(starts, [*starts[1:], len(content)], strict=True)]


def _see_that_nobody_has_it(path: Path) -> None:
    file = CompartmentFile(path, is_writing=False)
    try:
        file.open()
    except VaultInUse:
        raise
    except VaultError:
        return  # damaged, which is why we are here
    finally:
        file.close()


def _is_comp(comp: object) -> bool:
    try:
        compartment_of(comp if isinstance(comp, bytes) else b"")
    except ValueError:
        return False
    return True
