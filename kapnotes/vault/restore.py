"""Bringing a backup back, into a new folder and never over a vault; and checking one without bringing it back."""

import os
import shutil
from functools import partial
from pathlib import Path

from kapnotes.domain.errors import InputOutput, VaultError
from kapnotes.vault import attempts, bundle, files, restored
from kapnotes.vault.backup import Progress, Step, opened, see_that_it_is_free, see_that_there_is_room, workplace
from kapnotes.vault.entropy import Entropy
from kapnotes.vault.faults import speaking_of
from kapnotes.vault.findings import Finding, Report
from kapnotes.vault.verify import verify


def restore(path: Path, folder: Path, *, entropy: Entropy, with_findings: bool, tell: Progress) -> Report:
    """Bring the backup at *path* back as the new vault *folder*: a whole vault, or none.

    A backup that is not as it was written is refused. One that is, of a vault that was damaged already, is brought back
    only *with_findings*; else the report names them and nothing is there.

    Raises:
        InputOutput: *folder* exists already, or the disk does not take it.
        DataDamaged, NewerFormat, VaultMissing: see `bundle`.
    """
    see_that_it_is_free(folder)
    found = bundle.read(path)
    if not folder.parent.is_dir():
        raise InputOutput("There is no folder {folder} to restore into.", folder=folder.parent)
    see_that_there_is_room(folder.parent, found.size)
    part = folder.with_name(f".{folder.name}.part-{entropy(4).hex()}")
    with speaking_of(folder.name):
        try:
            part.mkdir(mode=0o700)
            bundle.unpack(found, part, lambda done, of: tell(Step.WRITING, done, of))
            tell(Step.CHECKING, 0, 1)
            report = verify(part)
            if report.exit_code and not with_findings:
                return report
            origin = restored.backup_origin(found.manifest)
            restored.write(part, restored.Restored(entropy(16).hex(), origin))
            attempts.begin(part)
            see_that_it_is_free(folder)
            part.rename(folder)
            files.sync_folder(folder.parent)
            return report
        finally:
            shutil.rmtree(part, ignore_errors=True)


def check(path: Path, *, label: str | None = None, passphrase: str | None = None) -> Report:
    """Return what is wrong with the backup at *path*, as `verify` does of a vault; never raises for that.

    It is unpacked beside it for a while, so its folder needs the room.
    """
    try:
        see_that_there_is_room(path.parent, bundle.read(path).size)
        if not os.access(path.parent, os.W_OK):
            raise InputOutput(
                "{folder} cannot be written, and a backup is unpacked there to be checked. Copy it to another folder.",
                folder=path.parent,
            )
        with workplace(path.with_name(f".{path.name}.{os.getpid()}.part")) as work:
            look = partial(verify, label=label, passphrase=passphrase)
            report, _ = opened(path, work / "check", _nobody, look)
            return report
    except VaultError as error:
        return Report((Finding(path.name, error.exit_code, str(error)),), contents_read=False, entries=0)


def _nobody(_step: Step, _done: int, _of: int) -> None:
    """Nobody listens."""
