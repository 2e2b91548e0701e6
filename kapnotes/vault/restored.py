"""The file `restored`: says of a vault that it is a copy, brought back from a backup or put together by a salvage.

Its `copy` is random and stays, so that the profile names this device anew and two copies never continue the same log.
What it came from goes into the audit trail at the next sign-in.
"""

from datetime import UTC, datetime
from pathlib import Path

import msgspec

from kapnotes.vault import files, strict
from kapnotes.vault.bundle import Manifest
from kapnotes.vault.faults import speaking_of

NAME = "restored"


class Restored(msgspec.Struct, frozen=True):
    """What a copy is: its own random id (hex), where it came from, and whether the audit trail knows it."""

    copy: str
    origin: str
    is_noted: bool = False


def load(folder: Path) -> Restored | None:
    """Return what the vault in *folder* came from; None where it is no copy, or its note cannot be read.

    Raises:
        InputOutput: the disk does not read it.
    """
    with speaking_of(NAME):
        path = folder / NAME
        return strict.decoded(path.read_bytes(), Restored) if path.is_file() else None


def write(folder: Path, note: Restored) -> None:
    """Say it, or say it anew."""
    with speaking_of(NAME):
        files.write_whole(folder / NAME, strict.encoded(note))


def backup_origin(manifest: Manifest) -> str:
    """Return how the audit trail names a backup: when it was made and how far it went; nobody's word."""
    made = datetime.fromtimestamp(manifest.made_s, UTC)
    return f"backup of {made:%Y-%m-%d %H:%M} UTC, {manifest.entries} entries"
