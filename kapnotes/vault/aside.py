"""What waited in a second place and cannot go into the vault as it is: kept beside it, sealed, until it can.

Its key was changed meanwhile, or its record was signed, or its log went on elsewhere. Each file holds what one member
wrote, with all keys that its lines need, and is written whole under a name that its content fixes: to set aside what
was set aside before changes nothing. What is not whole is kept as it was found, for good.
"""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from kapnotes.domain.notices import Notice
from kapnotes.vault import files
from kapnotes.vault.chain import Event
from kapnotes.vault.directory import Directory
from kapnotes.vault.faults import speaking_of
from kapnotes.vault.patients import COPIES
from kapnotes.vault.sealed_rows import SealedRows
from kapnotes.vault.waiting_lines import Waiting, parsed, written

MARK = "-aside-"


@dataclass(frozen=True)
class _File:
    waiting: list[Waiting]
    is_strange: bool


class Aside:
    """The files beside the second place at *path*, of one vault."""

    def __init__(self, path: Path | None, vault: bytes) -> None:
        self._path = path
        self._vault = vault
        self._files: dict[Path, _File] = {}
        self.stuck: dict[Event, str] = {}
        """The last entries of batches that their author could not bring into the vault, and the line that says why."""

    def load(self, directory: Directory) -> None:
        """Read what was set aside before; a file that cannot be read is one that is not whole."""
        self._files = {}
        for path in paths_beside(self._path):
            try:
                found = parsed(path.read_bytes(), self._vault, directory)
            except OSError:
                self._files[path] = _File([], is_strange=True)
            else:
                self._files[path] = _File(found.waiting, found.is_strange or not found.waiting)

    @property
    def waiting(self) -> list[Waiting]:
        """Return all that is kept aside and is whole, each once, in the order in which it was written."""
        every = (one for file in self._files.values() for one in file.waiting)
        return list({one.sealed.last: one for one in every}.values())

    def keep(self, waiting: Iterable[Waiting], others: Iterable[Waiting] = ()) -> None:
        """Set *waiting* aside; *others* stood before it in the same place and may have brought keys that it needs.

        Raises:
            InputOutput, DiskFull: it is not kept aside.
        """
        waiting = list(waiting)
        known = [*others, *waiting]
        for author in {one.sealed.author: None for one in waiting}:
            mine = [with_keys_of(known, one) for one in waiting if one.sealed.author == author]
            content = written(self._vault, mine)
            path = self._write(content)
            if path is not None:
                self._files[path] = _File(mine, is_strange=False)

    def keep_as_found(self, content: bytes) -> None:
        """Set a file aside that is not whole, as it is.

        Raises:
            InputOutput, DiskFull: it is not kept aside.
        """
        path = self._write(content)
        if path is not None:
            self._files[path] = _File([], is_strange=True)

    def done(self, entries: Collection[Event]) -> None:
        """Take note that batches that end with these *entries* stand in the vault; a file without others goes.

        Raises:
            InputOutput, DiskFull: a file could not be written anew; what stands in the vault is found there again.
        """
        for path, file in tuple(self._files.items()):
            left = [one for one in file.waiting if one.sealed.last not in entries]
            if len(left) == len(file.waiting):
                continue
            if file.is_strange:
                self._files[path] = replace(file, waiting=left)
                continue
            self.keep(left)
            del self._files[path]
            with speaking_of(path.name):
                files.remove(path)

    def notices(self, directory: Directory) -> tuple[Notice, ...]:
        """Return what to say of what is kept aside: how much, of whom, and what brings it into the vault."""
        counts: dict[tuple[bytes, str], int] = {}
        for one in self.waiting:
            author = one.sealed.author
            is_here = any(author in directory.person(bytes.fromhex(member.member_id)) for member in directory.members)
            kind = author, self.stuck.get(one.sealed.last, _WHEN_SIGNED_IN if is_here else STAYS)
            counts[kind] = counts.get(kind, 0) + len(one.sealed.events)
        where = self._path.parent if self._path is not None else ""
        found = [
            Notice(line, {"count": count, "label": directory.label_of(author), "path": where})
            for (author, line), count in counts.items()
        ]
        strange = [path for path, file in self._files.items() if file.is_strange]
        return (*found, *(Notice(_NOT_WHOLE, {"path": path}) for path in strange))

    def _write(self, content: bytes) -> Path | None:
        if self._path is None:
            return None
        path = self._path.with_name(f"{self._path.name}{MARK}{hashlib.sha256(content).hexdigest()[:16]}")
        with speaking_of(path.name):
            files.write_whole(path, content)
        return path


_WHEN_SIGNED_IN = "{count} entries of {label} wait in a second place; they go into the vault when {label} signs in."
STAYS = "{count} entries of {label} stay sealed in {path}: the key was changed. A backup from before it takes them in."
SIGN_AGAIN = "A signature of {label} does not count, for the record had gone on elsewhere: look at it and sign again."
_NOT_WHOLE = "In {path} wait entries that are not whole; they are kept there."


def paths_beside(path: Path | None) -> list[Path]:
    """Return the files that were set aside beside the second place at *path*, in an order that does not change."""
    return sorted(path.parent.glob(f"{path.name}{MARK}*[0-9a-f]")) if path is not None else []


def with_keys_of(others: Iterable[Waiting], one: Waiting) -> Waiting:
    """Return *one* with the keys of patients and of epochs that *others* of its compartment have brought."""
    rows = [row for other in others if other.comp == one.comp for row in other.sealed.rows if row.table in COPIES]
    new = [row for row in dict.fromkeys(rows) if row not in one.sealed.rows]
    sealed = SealedRows.of([*new, *one.sealed.stored()])
    assert sealed is not None  # noqa: S101
    return with_grants_of(others, Waiting(one.comp, sealed))


def with_grants_of(others: Iterable[Waiting], one: Waiting) -> Waiting:
    """Return *one* with the keys of epochs that *others* of its author and compartment have brought."""
    mine = [other.sealed for other in others if (other.comp, other.sealed.author) == (one.comp, one.sealed.author)]
    grants = {index: signed for other in mine for index, signed in other.grants.items()}
    return Waiting(one.comp, replace(one.sealed, grants={**grants, **one.sealed.grants}))
