"""What a disk can hold after a power cut, worked out from a record of every call.

Between two syncs a system may write in any order, or not at all. So what was not synced when the power went is dropped
by dice: whole writes or their sectors of 512 bytes; of each file none, half or all of them. A name (made, renamed,
removed) lasts only after a sync of its folder. A sync that failed makes nothing durable, and neither does a later one:
Linux calls such pages clean (PostgreSQL's fsync lesson), so what of them is on the platter is settled by dice there.
"""

import os
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.fault.shim import Call

SECTOR = 512
SURVIVAL = (0.0, 0.5, 1.0)
CHANGES = "WTSFRUA"


@dataclass(frozen=True)
class Image:
    """A folder's files after a cut, and what the program had said by then; `after` is the number of calls."""

    files: dict[str, bytes]
    saved: frozenset[str]
    tried: frozenset[str]
    after: int

    def key(self) -> tuple[frozenset[str], frozenset[tuple[str, bytes]]]:
        """Return what two equal images have in common. A content that many share is hashed once: bytes keep that."""
        return self.saved, frozenset(self.files.items())


@dataclass
class _Cut:
    """How a power cut deals with what was not synced."""

    survival: tuple[float, ...]
    dice: random.Random
    by_sector: bool

    def content(self, file: "_File") -> bytes:
        """Return the bytes of a file; each file fares by itself."""
        if not file.pending:
            return file.durable
        survival = self.dice.choice(self.survival)
        content = bytearray(file.durable)
        for change in file.pending:
            for part in change.sectors() if self.by_sector else (change,):
                if self.dice.random() < survival:
                    part.apply(content)
        return bytes(content)

    def names(self, pending: "list[_Naming]") -> "list[_Naming]":
        """Return which changes of names last: as many as a journal had in order, or any."""
        survival = self.dice.choice(self.survival)
        if survival in (0.0, 1.0) or self.by_sector:
            return [naming for naming in pending if self.dice.random() < survival]
        return pending[: self.dice.randrange(len(pending) + 1)]


@dataclass(frozen=True, slots=True)
class _Change:
    """Bytes written at an offset; without bytes the file was made to end there."""

    offset: int
    data: bytes | None

    def sectors(self) -> "Iterator[_Change]":
        if not self.data:
            yield self
            return
        at = 0
        while at < len(self.data):
            size = SECTOR - (self.offset + at) % SECTOR
            yield _Change(self.offset + at, self.data[at : at + size])
            at += size

    def apply(self, content: bytearray) -> None:
        end = self.offset if self.data is None else self.offset + len(self.data)
        if len(content) < end:
            content.extend(bytes(end - len(content)))
        if self.data is None:
            del content[end:]
        else:
            content[self.offset : end] = self.data


@dataclass
class _File:
    """A file, whatever its name: what is on the platter, and what was done since."""

    durable: bytes = b""
    pending: list[_Change] = field(default_factory=list)

    def sync(self) -> None:
        content = bytearray(self.durable)
        for change in self.pending:
            change.apply(content)
        self.durable, self.pending = bytes(content), []


@dataclass(frozen=True, slots=True)
class _Naming:
    """A name that begins to mean a file, and perhaps one that ends to mean anything."""

    name: str | None
    file: _File | None
    ended: str | None = None

    def apply(self, names: dict[str, _File]) -> None:
        if self.ended is not None:
            names.pop(self.ended, None)
        if self.name is not None and self.file is not None:
            names[self.name] = self.file


class Disk:
    """One flat folder on a disk, told call by call what a program did to it."""

    def __init__(self, folder: Path, files: Mapping[str, bytes], on_failed_sync: _Cut | None = None) -> None:
        self._folder = os.path.realpath(folder)
        self._now = {name: _File(content) for name, content in files.items()}
        self._durable = dict(self._now)
        self._pending: list[_Naming] = []
        self._open: dict[int, _File | None] = {}
        self._on_failed_sync = on_failed_sync
        self._saved: frozenset[str] = frozenset()
        self._tried: frozenset[str] = frozenset()
        self.calls = 0

    def do(self, call: Call) -> None:
        """Take note of one call."""
        self.calls += call.is_counted
        match call.kind:
            case "O":
                self._open_file(call)
            case "C":
                self._open.pop(call.descriptor, None)
            case "W":
                self._file(call).pending.append(_Change(call.offset, call.a))
            case "T":
                self._file(call).pending.append(_Change(call.offset, None))
            case "S" | "F":
                self._sync(call)
            case "R":
                old, new = self._name(call.a), self._name(call.b)
                self._rename(_Naming(new, self._now[old], ended=old))
            case "U":
                self._rename(_Naming(None, None, ended=self._name(call.a)))
            case "A":
                self._hear(call.a.decode().splitlines())
            case _:
                raise AssertionError(f"a call that this model does not know: {call.kind}")

    def image(self, cut: _Cut) -> Image:
        """Return what can be there after a power cut now."""
        names = dict(self._durable)
        for naming in cut.names(self._pending) if self._pending else ():
            naming.apply(names)
        files = {name: cut.content(file) for name, file in names.items()}
        return Image(files, self._saved, self._tried, self.calls)

    def _hear(self, lines: list[str]) -> None:
        self._saved |= {line.removeprefix("saved ") for line in lines if line.startswith("saved ")}
        self._tried |= {line.removeprefix("try ") for line in lines if line.startswith("try ")}

    def _name(self, path: bytes) -> str:
        parent, name = os.path.split(path.decode())
        assert parent == self._folder, f"{path!r} is not in the folder"
        return name

    def _open_file(self, call: Call) -> None:
        if call.a.decode() == self._folder:
            self._open[call.descriptor] = None
            return
        name = self._name(call.a)
        if name not in self._now:
            if not call.offset & os.O_CREAT:
                return  # a folder inside, opened to be looked at
            self._rename(_Naming(name, _File()))
        elif call.offset & os.O_TRUNC:
            self._now[name].pending.append(_Change(0, None))
        self._open[call.descriptor] = self._now[name]

    def _file(self, call: Call) -> _File:
        file = self._open[call.descriptor]
        assert file is not None
        return file

    def _rename(self, naming: _Naming) -> None:
        naming.apply(self._now)
        self._pending.append(naming)

    def _sync(self, call: Call) -> None:
        file = self._open[call.descriptor]
        if file is None:
            if call.kind == "S":
                self._durable, self._pending = dict(self._now), []
        elif call.kind == "S":
            file.sync()
        elif self._on_failed_sync is not None:
            file.durable, file.pending = self._on_failed_sync.content(file), []


ALL = _Cut((1.0,), random.Random(0), by_sector=False)  # noqa: S311 - dice of a simulation, here and below
NONE = _Cut((0.0,), random.Random(0), by_sector=False)  # noqa: S311


def images(
    folder: Path, files: Mapping[str, bytes], calls: Sequence[Call], seed: int, draws: int = 2, since: int = 0
) -> Iterator[Image]:
    """Give the images of a power cut after each call, in the order of the calls; equal ones may come again.

    At each moment: nothing of what was not synced, all of it, and *draws* mixtures. *files* were there before. The
    power goes after more than *since* counted calls, by `Image.after`.
    """
    dice = random.Random(seed)  # noqa: S311
    disk = Disk(folder, files, _Cut(SURVIVAL, dice, by_sector=True))
    for call in calls:
        disk.do(call)
        if disk.calls > since and (call.kind in CHANGES or (call.kind == "O" and call.is_counted)):
            yield disk.image(NONE)
            yield disk.image(ALL)
            for _ in range(draws):
                yield disk.image(_Cut(SURVIVAL, dice, by_sector=dice.random() < 0.5))


def without_a_cut(folder: Path, files: Mapping[str, bytes], calls: Sequence[Call]) -> dict[str, bytes]:
    """Return the files as the record tells them; where they are not those on the disk, a call was not seen."""
    disk = Disk(folder, files)
    for call in calls:
        disk.do(call)
    return disk.image(ALL).files
