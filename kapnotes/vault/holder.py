"""The note `.lock`: who has the vault open and since when. SQLite's lock decides; this only gives it a name."""

import contextlib
import os
import platform
from pathlib import Path

import msgspec

from kapnotes.domain.clock import Clock
from kapnotes.vault import files, strict

NAME = ".lock"


class Holder(msgspec.Struct, frozen=True):
    """A process that has the vault open."""

    pid: int
    host: str
    since: str


def note(folder: Path, clock: Clock) -> None:
    """Say that this process has the vault open; a disk that does not take it loses only the name."""
    since = clock.now().local().strftime("%H:%M")
    with contextlib.suppress(OSError):
        files.write_whole(folder / NAME, strict.encoded(Holder(os.getpid(), platform.node(), since)))


def line(folder: Path) -> str:
    """Return what to say to the one who comes second."""
    found = None
    with contextlib.suppress(OSError):
        found = strict.decoded((folder / NAME).read_bytes(), Holder)
    if found is None:
        return "The vault is open in another KAPnotes."
    where = "this computer" if found.host == platform.node() else f"computer {found.host}"
    return f"Open in another KAPnotes on {where} since {found.since}."


def forget(folder: Path) -> None:
    """Take the note away."""
    with contextlib.suppress(OSError):
        (folder / NAME).unlink(missing_ok=True)
