"""Compiles `shim.c`, says what it shall do, and reads what it recorded."""

import errno
import os
import shutil
import struct
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).with_name("shim.c")
COMPILER = "gcc"
_HEAD = struct.Struct("=ciqII")


class NoCompiler(Exception):
    """There is no C compiler, so nothing can stand between a program and the system."""

    def __init__(self) -> None:
        super().__init__(f"{COMPILER} (Debian: gcc, libc6-dev)")


@cache
def library() -> Path:
    """Return the compiled shim; it is made once by each process that asks, in a folder of its own.

    Raises:
        NoCompiler: there is none on this machine.
    """
    if shutil.which(COMPILER) is None:
        raise NoCompiler
    folder = tempfile.TemporaryDirectory(prefix="kapnotes-shim-")
    _kept.append(folder)
    path = Path(folder.name) / "shim.so"
    options = ("-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC")
    subprocess.run([COMPILER, *options, "-o", str(path), str(SOURCE)], check=True)
    return path


_kept: list[tempfile.TemporaryDirectory[str]] = []


def preloaded() -> dict[str, str]:
    """Return the environment of a program that the shim stands before; until it is armed it does nothing."""
    return {"LD_PRELOAD": str(library())}


@dataclass(frozen=True)
class Orders:
    """What the shim does with calls on files under *folder*; see `shim.c`."""

    folder: Path
    do: str = ""
    calls: str = "all"
    at: int = 0
    times: int = 1
    error: int = errno.EIO
    delay_us: int = 0
    log: Path | None = None

    def environment(self) -> dict[str, str]:
        """Return these orders as the shim reads them."""
        return {
            "FAULT_FOLDER": os.path.realpath(self.folder),
            "FAULT_DO": self.do,
            "FAULT_CALLS": self.calls,
            "FAULT_AT": str(self.at),
            "FAULT_TIMES": str(self.times),
            "FAULT_ERRNO": str(self.error),
            "FAULT_DELAY_US": str(self.delay_us),
            "FAULT_LOG": str(self.log or ""),
        }


@dataclass(frozen=True, slots=True)
class Call:
    """One recorded call.

    `kind` is O open, C close, W write, T truncate, S sync, F a sync that failed, R rename, U unlink, M make a folder,
    A what the program said. `offset` is a file's offset or length, or the flags of an opening.
    """

    kind: str
    descriptor: int
    offset: int
    a: bytes
    b: bytes

    @property
    def is_counted(self) -> bool:
        """Tell whether the shim counts it."""
        return self.kind in "WTSFRUM" or (self.kind == "O" and bool(self.offset & (os.O_CREAT | os.O_TRUNC)))


def recorded(log: Path) -> list[Call]:
    """Return what the shim recorded, in the order in which it happened."""
    return list(_calls(log.read_bytes()))


def _calls(content: bytes) -> Iterator[Call]:
    at = 0
    while at < len(content):
        kind, descriptor, offset, a_length, b_length = _HEAD.unpack_from(content, at)
        at += _HEAD.size
        a, at = content[at : at + a_length], at + a_length
        b, at = content[at : at + b_length], at + b_length
        yield Call(kind.decode(), descriptor, offset, a, b)


def with_orders(environment: Mapping[str, str], orders: Orders) -> dict[str, str]:
    """Return *environment* for a program that obeys *orders* from its first instruction on."""
    return {**environment, **preloaded(), **orders.environment()}
