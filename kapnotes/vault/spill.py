"""The second place: sealed rows that the disk of the vault does not take wait in a file of the user's own folder.

Nothing in it can be read without the vault's keys. What is taken in must be signed by a member and must follow what
stands there, whoever wrote the file; `intake.py` decides, and what cannot go in as it is goes beside (`aside.py`), so
that it stops nothing that comes after it. `waiting_lines.py` has the format.
"""

import hashlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from kapnotes.domain.errors import InputOutput, VaultError
from kapnotes.domain.notices import Notice
from kapnotes.vault import files, waiting_lines
from kapnotes.vault.aside import Aside, paths_beside, with_grants_of
from kapnotes.vault.chain import Event
from kapnotes.vault.compartment_file import Row
from kapnotes.vault.directory import Directory
from kapnotes.vault.faults import speaking_of
from kapnotes.vault.findings import Finding
from kapnotes.vault.sealed_rows import SealedRows
from kapnotes.vault.waiting_lines import Waiting


def path_for(folder: Path, vault_folder: Path) -> Path:
    """Return the file in *folder* in which entries of the vault there may wait."""
    where = str(vault_folder.resolve()).encode("utf-8", "surrogateescape")
    return folder / f"waiting-{hashlib.sha256(where).hexdigest()[:16]}"


def waiting_in(folder: Path, vault_folder: Path) -> Finding | None:
    """Return what to say of a vault whose entries wait in *folder*; None where none do. Nothing in them is checked."""
    path = path_for(folder, vault_folder)
    try:
        lines = path.read_bytes().splitlines() if path.is_file() else []
        aside = paths_beside(path)
    except OSError:
        lines, aside = [], []
    if len(lines) >= 2:
        line = f"Entries wait in a second place ({path}); the next opening of the vault takes them in."
        return Finding(vault_folder.name, 0, line)
    if aside:
        line = f"Entries wait in a second place, kept aside ({aside[0]}); they go in when their author signs in."
        return Finding(vault_folder.name, 0, line)
    return None


class Spill:
    """The second place of one vault. Without a folder there is none, and `add` says so."""

    def __init__(self, folder: Path | None, vault_folder: Path, vault: bytes) -> None:
        self._vault = vault
        self._path = path_for(folder, vault_folder) if folder is not None else None
        self.aside = Aside(self._path, vault)
        """What cannot go into the vault as it is."""
        self._waiting: list[Waiting] = []
        self._came_before: list[Waiting] = []
        self._last = b""
        self._length = 0
        self._is_strange = False
        self.undecided_count = 0
        """How many of the entries wait for somebody to sign in, and not for the disk."""

    @property
    def count(self) -> int:
        """Return how many entries wait."""
        return sum(len(one.sealed.events) for one in self._waiting)

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Return what to say of what waits."""
        found = []
        held = self.count - self.undecided_count
        if held > 0:
            found.append(
                Notice(
                    "{count} entries are kept in a second place: the disk of the vault does not take them.",
                    {"count": held},
                )
            )
        if self.undecided_count:
            found.append(
                Notice(
                    "{count} entries wait in a second place; they go into the vault when somebody signs in.",
                    {"count": self.undecided_count},
                )
            )
        if self._is_strange:
            found.append(
                Notice("In {path} wait entries that are not whole; they are kept there.", {"path": self._path})
            )
        return tuple(found)

    def load(self, directory: Directory) -> dict[bytes, list[SealedRows]]:
        """Return what waits for each compartment, in the order in which it was added, and before it what is kept aside.

        A file in which something is not whole, or not signed by one who may write there, is set aside as it is, and
        what is whole in it goes on.

        Raises:
            InputOutput: the file is there and cannot be read.
        """
        self.aside.load(directory)
        self._read(directory)
        found: dict[bytes, list[SealedRows]] = {}
        own = {one.sealed.last for one in self._waiting}
        for one in (*(one for one in self.aside.waiting if one.sealed.last not in own), *self._waiting):
            found.setdefault(one.comp, []).append(one.sealed)
        return found

    def add(self, comp: bytes, rows: Sequence[Row]) -> None:
        """Keep *rows* for a compartment; returning means that they are on that disk.

        Raises:
            InputOutput, DiskFull: they are not kept there.
        """
        sealed = SealedRows.of(list(rows))
        if self._path is None or self._is_strange or sealed is None:
            raise InputOutput("There is no second place to keep it in.")
        with speaking_of(self._path.name):
            if not self._length:
                self._begin(self._path)
            self._append(self._path, waiting_lines.line(comp, rows, self._last))
        self._waiting.append(Waiting(comp, sealed))

    def done(self, entries: Iterable[Event]) -> None:
        """Take note that the batches that end with these *entries* stand in the vault.

        Once nothing waits, the file goes for good.

        Raises:
            InputOutput: it could not be taken away; it is found to be in the vault the next time.
        """
        entries = frozenset(entries)
        had = len(self._waiting)
        self._waiting = self._without(entries)
        if had and not self._waiting and not self._is_strange:
            self._write_anew()
        self.aside.done(entries)

    def set_aside(self, entries: Iterable[Event]) -> None:
        """Set aside the batches that end with these *entries*, so that they stop nothing else.

        Killed on the way, they stand in both places, and are known to be the same.

        Raises:
            InputOutput, DiskFull: they could not be set aside; everything waits where it was.
        """
        entries = frozenset(entries)
        going = [one for one in self._waiting if one.sealed.last in entries]
        if going and not self._is_strange:
            self.aside.keep(going, [*self._came_before, *self._waiting])
            left = self._without(entries)
            self._waiting = [with_grants_of(self._came_before, one) for one in left]
            self._write_anew()

    # ------------------------------------------------------------------------------------------- inside

    def _read(self, directory: Directory) -> None:
        path = self._path
        if path is None:
            return
        with speaking_of(path.name):
            if not path.exists():
                return
            self._is_strange = True  # until it is read: nothing is added to it, and no other is begun in its place
            content = path.read_bytes()
        found = waiting_lines.parsed(content, self._vault, directory)
        self._waiting, self._length, self._last = found.waiting, found.length, found.last
        self._is_strange = found.is_strange
        if found.is_strange:
            with suppress(VaultError):  # where that disk takes nothing either, the file stays, and is not added to
                self.aside.keep_as_found(content)
                self._write_anew()
                self._is_strange = False

    def _without(self, entries: frozenset[Event]) -> list[Waiting]:
        """Return what waits but these; the keys that they brought may be needed by what came after them."""
        self._came_before += [one for one in self._waiting if one.sealed.last in entries]
        return [one for one in self._waiting if one.sealed.last not in entries]

    def _write_anew(self) -> None:
        """Leave in the file what waits now, or no file."""
        path = self._path
        if path is None:
            return
        with speaking_of(path.name):
            if not self._waiting:
                self._length, self._last = 0, b""
                files.remove(path)
                return
            content = waiting_lines.written(self._vault, self._waiting)
            files.write_whole(path, content)
        self._length, self._last = len(content), content.splitlines(keepends=True)[-1]

    def _begin(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        files.create_private(path)
        self._last = b""
        self._append(path, waiting_lines.head(self._vault))
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
