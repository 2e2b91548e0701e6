"""Scripts that make a backup and bring one back; they say "done" when it is."""

import contextlib
import os
from pathlib import Path

from kapnotes.vault.restore import restore
from tests.fault.scripts import Told, opened


def back_up(folder: Path, say: Told) -> None:
    """Make `one.kapbackup` of the vault in *folder*."""
    with contextlib.closing(opened(folder / "vault")) as library:
        library.backups.make_as(folder / "one.kapbackup", _nobody)
        say("done")


def bring_back(folder: Path, say: Told) -> None:
    """Restore `source.kapbackup` as `again`."""
    restore(folder / "source.kapbackup", folder / "again", entropy=os.urandom, with_findings=False, tell=_nobody)
    say("done")


def _nobody(*_: object) -> None:
    """Listen to no progress."""
