"""A backup as one file: what is in it, then the files one after the other, uncompressed.

`KAPB` ‖ format u16 ‖ length u32 ‖ manifest (JSON) ‖ SHA-256 of all before ‖ the files, in the order of the manifest.
Nothing is believed before the sizes add up and the manifest's own hash holds; names come from a fixed list.
"""

import hashlib
import os
import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import msgspec

from kapnotes.domain.clock import NS_PER_S
from kapnotes.domain.errors import DataDamaged, NewerFormat, VaultMissing
from kapnotes.domain.members import SHARED
from kapnotes.vault import files, strict
from kapnotes.vault.faults import speaking_of
from kapnotes.vault.layout import FORMAT, file_name

SUFFIX = ".kapbackup"
MAGIC = b"KAPB"
MAX_MANIFEST = 1 << 20
MAX_FILE = 1 << 40
CHUNK = 1 << 20

_HEAD = struct.Struct(">4sHI")
_SHA_LENGTH = 32
_NAME = re.compile(r"shared\.kapdb|medical\.kapdb|therapy-[0-9a-f]{8}\.kapdb|[0-9a-z-]{1,100}\.draft")
_ID = re.compile(r"[0-9a-f]{32}")

Tell = Callable[[int, int], None]
"""Hears how many bytes are done, and how many there are in all."""


class Part(msgspec.Struct, frozen=True):
    """One file in a backup."""

    name: str
    size: int
    sha256: str


class Ends(msgspec.Struct, frozen=True):
    """Where the logs of one file end: how many logs and entries, and the hash of every log's id, number and hash."""

    name: str
    logs: int
    entries: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """What a backup says of itself. `vault` and `device` are hex; `utc_ns` is when it was made."""

    vault: str
    device: str
    utc_ns: int
    files: tuple[Part, ...]
    ends: tuple[Ends, ...]

    @property
    def made_s(self) -> int:
        """Return when it was made, in seconds since 1970."""
        return self.utc_ns // NS_PER_S

    @property
    def entries(self) -> int:
        """Return how many entries are in it."""
        return sum(ends.entries for ends in self.ends)


@dataclass(frozen=True, slots=True)
class Bundle:
    """A backup whose manifest holds and whose sizes add up; its contents were not read yet."""

    path: Path
    manifest: Manifest
    start: int

    @property
    def size(self) -> int:
        """Return how many bytes its files take."""
        return sum(part.size for part in self.manifest.files)


def is_name(name: str) -> bool:
    """Tell whether a file of that name may be in a backup."""
    return _NAME.fullmatch(name) is not None


def is_backup(path: Path) -> bool:
    """Tell whether the file at *path* is meant to be a backup, by its name or by how it begins."""
    with speaking_of(path.name):
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return path.suffix == SUFFIX or file.read(len(MAGIC)) == MAGIC


def part_of(path: Path) -> Part:
    """Return what a manifest says of the file at *path*."""
    with path.open("rb") as file:
        sha = hashlib.file_digest(file, "sha256").hexdigest()
        return Part(path.name, file.tell(), sha)


def write(path: Path, manifest: Manifest, folder: Path, tell: Tell) -> None:
    """Put the files that *manifest* names, from *folder*, into a new file, and wait until it is on the disk."""
    body = strict.encoded(manifest)
    head = _HEAD.pack(MAGIC, FORMAT, len(body)) + body
    in_all, done = sum(part.size for part in manifest.files), 0
    files.create_private(path)
    with path.open("r+b") as target:
        target.write(head + hashlib.sha256(head).digest())
        for part in manifest.files:
            with (folder / part.name).open("rb") as source:
                for chunk in _chunks(source, part.size):
                    target.write(chunk)
                    done += len(chunk)
                    tell(done, in_all)
    files.sync(path)


def read(path: Path) -> Bundle:
    """Return what a backup says of itself, once its sizes add up.

    Raises:
        VaultMissing: there is no such file.
        DataDamaged: it is no backup, or it is cut or changed.
        NewerFormat: a newer KAPnotes wrote it.
    """
    with speaking_of(path.name):
        if not path.is_file():
            raise VaultMissing("There is no backup {path}.", path=path)
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            head = file.read(_HEAD.size)
            if len(head) != _HEAD.size or not head.startswith(MAGIC):
                raise DataDamaged("{name} is no backup of KAPnotes, or it is damaged.", name=path.name)
            _, version, length = _HEAD.unpack(head)
            if version > FORMAT:
                raise NewerFormat(
                    "{name} was written by a newer KAPnotes (format {version}, this reads {known}). "
                    "Nothing was changed.",
                    name=path.name,
                    version=version,
                    known=FORMAT,
                )
            if version != FORMAT or length > MAX_MANIFEST:
                raise _damaged(path.name)
            body = file.read(length)
            sha = file.read(_SHA_LENGTH)
    manifest = strict.decoded(body, Manifest)
    start = _HEAD.size + length + _SHA_LENGTH
    if manifest is None or sha != hashlib.sha256(head + body).digest() or not _is_possible(manifest):
        raise _damaged(path.name)
    bundle = Bundle(path, manifest, start)
    if start + bundle.size != size:
        raise DataDamaged("{name} is cut or too long. Use another backup.", name=path.name)
    return bundle


def unpack(bundle: Bundle, folder: Path, tell: Tell) -> None:
    """Put the files of a backup into the empty *folder*, each read back against its hash and on the disk.

    Raises:
        DataDamaged: a file in it is not as it was written.
        InputOutput: the disk does not take it.
    """
    in_all, done = bundle.size, 0
    with speaking_of(bundle.path.name), bundle.path.open("rb") as source:
        source.seek(bundle.start)
        for part in bundle.manifest.files:
            path, sha, length = folder / part.name, hashlib.sha256(), 0
            files.create_private(path)
            with path.open("r+b") as target:
                for chunk in _chunks(source, part.size):
                    target.write(chunk)
                    sha.update(chunk)
                    length += len(chunk)
                    done += len(chunk)
                    tell(done, in_all)
            if (length, sha.hexdigest()) != (part.size, part.sha256):
                raise DataDamaged(
                    "{name} is damaged at {part} in it. Use another backup.", name=bundle.path.name, part=part.name
                )
            files.sync(path)


def _is_possible(manifest: Manifest) -> bool:
    names = [part.name for part in manifest.files]
    are_names = all(is_name(name) for name in names) and len(set(names)) == len(names)
    are_sizes = all(0 <= part.size <= MAX_FILE for part in manifest.files)
    are_ids = all(_ID.fullmatch(text) for text in (manifest.vault, manifest.device))
    return are_names and file_name(SHARED) in names and are_sizes and are_ids and 0 <= manifest.utc_ns < 1 << 63


def _chunks(source: BinaryIO, size: int) -> Iterator[bytes]:
    """Give the next *size* bytes piece by piece, fewer where the file ends before."""
    while size > 0:
        chunk = source.read(min(CHUNK, size))
        if not chunk:
            return
        size -= len(chunk)
        yield chunk


def _damaged(name: str) -> DataDamaged:
    return DataDamaged("{name} is damaged. Use another backup.", name=name)
