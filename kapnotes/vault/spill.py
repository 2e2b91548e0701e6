"""The second place: sealed rows that the disk of the vault does not take wait in a file of the user's own folder.

The file is lines. The first names the vault; each further one is a batch of rows as they go into a compartment's file,
with a hash over the line before and its own body, so that a lost, moved or changed line is seen. Nothing in it can be
read without the vault's keys, and nobody needs a key to take it back into the vault: what is taken in must be signed by
a member and must follow what stands there, whoever wrote the file. A last line without its end was never said to be
kept, and does not count.
"""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from kapnotes.domain.errors import InputOutput
from kapnotes.domain.members import may_write
from kapnotes.domain.notices import Notice
from kapnotes.vault import files, strict
from kapnotes.vault.chain import Event, Log
from kapnotes.vault.compartment_file import Row
from kapnotes.vault.directory import Directory
from kapnotes.vault.faults import speaking_of
from kapnotes.vault.findings import Finding
from kapnotes.vault.keyring import WrappedKey
from kapnotes.vault.layout import Place, compartment_of, label

FORMAT = 1


class _Head(msgspec.Struct, frozen=True):
    """The first line: which vault."""

    format: int
    vault: bytes


class _Line(msgspec.Struct, frozen=True):
    """Rows of one transaction for the compartment `comp`."""

    comp: bytes
    rows: tuple[tuple[str, tuple[int | bytes | None, ...]], ...]


@dataclass(frozen=True)
class SealedRows:
    """What is written in one transaction, taken apart again: rows, and what they are."""

    rows: list[Row]
    logs: list[Log] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    keys: list[WrappedKey] = field(default_factory=list)

    @classmethod
    def of(cls, rows: list[Row]) -> "SealedRows | None":
        """Return *rows* taken apart, or None if one is not as it must be."""
        sealed = cls(rows)
        for row in rows:
            if row.table == "event" and (event := Event.of(row)) is not None:
                sealed.events.append(event)
            elif row.table == "log" and (log := Log.of(row)) is not None:
                sealed.logs.append(log)
            elif row.table in ("pkey_a", "pkey_b") and (key := WrappedKey.of(row)) is not None:
                sealed.keys.append(key)
            else:
                return None
        return sealed if sealed.events else None

    def is_signed(self, place: Place, directory: Directory) -> bool:
        """Tell whether members who may write there wrote all of it; needs no key."""
        for log in self.logs:
            if log.digest(place)[:16] != log.id:
                return False
        for event in self.events:
            author = directory.member(event.author)
            if author is None or not may_write(author, compartment_of(place.comp)) or not event.is_signed(directory):
                return False
        return True


def path_for(folder: Path, vault_folder: Path) -> Path:
    """Return the file in *folder* in which entries of the vault there may wait."""
    where = str(vault_folder.resolve()).encode("utf-8", "surrogateescape")
    return folder / f"waiting-{hashlib.sha256(where).hexdigest()[:16]}"


def waiting_in(folder: Path, vault_folder: Path) -> Finding | None:
    """Return what to say of a vault whose entries wait in *folder*; None where none do. Nothing in them is checked."""
    path = path_for(folder, vault_folder)
    try:
        lines = path.read_bytes().splitlines() if path.is_file() else []
    except OSError:
        lines = []
    if len(lines) < 2:
        return None
    line = f"Entries wait in a second place ({path}); the next opening of the vault takes them in."
    return Finding(vault_folder.name, 0, line)


class Spill:
    """The second place of one vault. Without a folder there is none, and `add` says so."""

    def __init__(self, folder: Path | None, vault_folder: Path, vault: bytes) -> None:
        self._head = _Head(FORMAT, vault)
        self._path = path_for(folder, vault_folder) if folder is not None else None
        self._waiting: dict[bytes, int] = {}
        self._last = b""
        self._length = 0
        self._is_strange = False

    @property
    def count(self) -> int:
        """Return how many entries wait."""
        return sum(self._waiting.values())

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Return what to say of what waits."""
        found = []
        if self.count:
            found.append(
                Notice(
                    "{count} entries are kept in a second place: the disk of the vault does not take them.",
                    {"count": self.count},
                )
            )
        if self._is_strange:
            found.append(
                Notice("In {path} wait entries that are not whole; they are kept there.", {"path": self._path})
            )
        return tuple(found)

    def load(self, directory: Directory) -> dict[bytes, list[SealedRows]]:
        """Return what waits for each compartment, in the order in which it was added.

        What is not whole, or not signed by one who may write there, is left where it is, and all that follows it.

        Raises:
            InputOutput: the file is there and cannot be read.
        """
        found: dict[bytes, list[SealedRows]] = {}
        if self._path is None:
            return found
        with speaking_of(self._path.name):
            if not self._path.exists():
                return found
            lines = self._path.read_bytes().splitlines(keepends=True)
        for number, line in enumerate(lines):
            body = self._body(line)
            is_last = number == len(lines) - 1
            is_whole_but_its_end = self._body(line[:-1] + b"\n") is not None
            if body is None and is_last and not line.endswith(b"\n") and not is_whole_but_its_end:
                break  # cut short while it was written, and so never said to be kept
            if body is None or not self._takes(number, body, directory, found):
                self._is_strange = True
                break
            self._last = line
            self._length += len(line)
        return found

    def add(self, comp: bytes, rows: list[Row]) -> None:
        """Keep *rows* for a compartment; returning means that they are on that disk.

        Raises:
            InputOutput, DiskFull: they are not kept there.
        """
        if self._path is None or self._is_strange:
            raise InputOutput("There is no second place to keep it in.")
        line = _Line(comp, tuple((row.table, row.values) for row in rows))
        with speaking_of(self._path.name):
            if not self._length:
                self._begin(self._path)
            self._append(self._path, self._line(strict.encoded(line)))
        self._waiting[comp] = self._waiting.get(comp, 0) + _events_in(line)

    def done(self, comp: bytes) -> None:
        """Take note that all that waited for *comp* stands in the vault; once nothing waits, the file goes for good.

        Raises:
            InputOutput: it could not be taken away; it is found to be in the vault the next time.
        """
        if self._waiting.pop(comp, 0) and not self._waiting and not self._is_strange and self._path is not None:
            self._length, self._last = 0, b""
            with speaking_of(self._path.name):
                files.remove(self._path)

    # ------------------------------------------------------------------------------------------- inside

    def _takes(self, number: int, body: bytes, directory: Directory, found: dict[bytes, list[SealedRows]]) -> bool:
        """Take one line in; False if it is none of ours."""
        if number == 0:
            head = strict.decoded(body, _Head)
            return head is not None and (head.format, head.vault) == (FORMAT, self._head.vault)
        line = strict.decoded(body, _Line)
        if line is None:
            return False
        sealed = SealedRows.of([Row(table, values) for table, values in line.rows])
        try:
            place = Place(self._head.vault, line.comp)
            is_signed = sealed is not None and sealed.is_signed(place, directory)
        except ValueError:  # it names no compartment
            return False
        if sealed is None or not is_signed:
            return False
        found.setdefault(line.comp, []).append(sealed)
        self._waiting[line.comp] = self._waiting.get(line.comp, 0) + len(sealed.events)
        return True

    def _begin(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        files.create_private(path)
        self._last = b""
        self._append(path, self._line(strict.encoded(self._head)))
        files.sync_folder(path.parent)

    def _append(self, path: Path, line: bytes) -> None:
        with path.open("r+b") as file:
            file.truncate(self._length)  # the rest of a line that was cut short
            file.seek(self._length)
            file.write(line)
            file.flush()
        files.sync(path)
        self._last = line
        self._length += len(line)

    def _line(self, body: bytes) -> bytes:
        return body + b" " + self._hash(body) + b"\n"

    def _body(self, line: bytes) -> bytes | None:
        body, _, sha = line.removesuffix(b"\n").rpartition(b" ")
        return body if line.endswith(b"\n") and sha == self._hash(body) else None

    def _hash(self, body: bytes) -> bytes:
        return hashlib.sha256(label("spill") + hashlib.sha256(self._last).digest() + body).hexdigest().encode()


def _events_in(line: _Line) -> int:
    return sum(table == "event" for table, _ in line.rows)
