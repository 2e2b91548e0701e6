"""Making a backup of an open vault while it is written to, and "done" only after it was opened again.

All files are copied as they were at one moment. The copies become one file, which is read back from the disk, unpacked
and verified as a vault; only then it gets its name. Killed at any point, there is a whole backup or none.
"""

import contextlib
import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from kapnotes.domain.errors import DataDamaged, InputOutput, VaultError
from kapnotes.vault import bundle, files
from kapnotes.vault.bundle import Ends, Manifest
from kapnotes.vault.compartment_file import NUMBER, CompartmentFile
from kapnotes.vault.faults import speaking_of
from kapnotes.vault.findings import Finding, Report
from kapnotes.vault.layout import label
from kapnotes.vault.open_vault import OpenVault
from kapnotes.vault.verify import verify

_PATIENT_ROUNDS = 3
"""How often the files are copied with others writing between; one more round is done alone, so that it ends."""

_LOGS_AT_ONCE = 200
_LOGS = "SELECT rowid, id FROM log WHERE rowid > ? ORDER BY rowid LIMIT ?"
_LAST = "SELECT seq, h FROM event WHERE log=? AND id<=? ORDER BY seq DESC LIMIT 1"
_SPARE = 16 * 1024 * 1024


class Step(StrEnum):
    """What is being done."""

    COPYING = "copying"
    WRITING = "writing"
    CHECKING = "checking"


Progress = Callable[[Step, int, int], None]
"""Hears the step, how much of it is done, and how much there is. What it raises ends the work; nothing is left."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was opened again after it was made; `findings` is what is wrong with the vault itself."""

    path: Path
    manifest: Manifest
    findings: tuple[Finding, ...]


@contextmanager
def workplace(folder: Path) -> Iterator[Path]:
    """Make a private folder and remove it afterwards, also one that a killed process left there."""
    with speaking_of(folder.name):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def see_that_there_is_room(folder: Path, size: int) -> None:
    """Raise `InputOutput` if the disk of *folder* does not have *size* bytes free and some to spare."""
    with speaking_of(folder.name):
        if shutil.disk_usage(folder).free < size + _SPARE:
            needed = -(-(size + _SPARE) // (1024 * 1024))
            raise InputOutput(
                "There is no room in {folder}: {needed} MiB are needed. Nothing was changed.",
                folder=folder,
                needed=needed,
            )


def make(
    vault: OpenVault, device: bytes, folder: Path, name: Callable[[Manifest, Report], str], tell: Progress
) -> Backup:
    """Make a backup of *vault* in *folder*, under the name that *name* gives it, which must be free.

    Raises:
        InputOutput: the folder is not there, full or fails; nothing is left in it.
        DataDamaged: the disk did not keep what was written.
    """
    if not folder.is_dir():
        raise InputOutput("There is no folder {folder} for the backup.", folder=folder)
    see_that_there_is_room(folder, 2 * sum(path.stat().st_size for path in vault.folder.glob("*.kapdb")))
    with workplace(folder / f".kapnotes-{device.hex()[:8]}.part") as work:
        manifest = _copied(vault, device, work, tell)
        part = work / ("new" + bundle.SUFFIX)
        bundle.write(part, manifest, work, lambda done, of: tell(Step.WRITING, done, of))
        for one in manifest.files:
            (work / one.name).unlink()
        report = _reopened(part, manifest, work / "check", tell)
        path = folder / name(manifest, report)
        see_that_it_is_free(path)
        part.rename(path)
        files.sync_folder(folder)
        return Backup(path, manifest, tuple(finding for finding in report.findings if finding.code))


def see_that_it_is_free(path: Path) -> None:
    """Raise `InputOutput` if something stands at *path*: nothing is ever overwritten."""
    if path.exists() or path.is_symlink():
        raise InputOutput("{path} exists already. Nothing was changed; choose another name.", path=path)


def standard_name(manifest: Manifest, report: Report) -> str:
    """Return a name that sorts by time and tells how far it goes: `2026-03-04T130200Z-1482-7F3A91C0.kapbackup`."""
    made = datetime.fromtimestamp(manifest.made_s, UTC).strftime("%Y-%m-%dT%H%M%SZ")
    ends = hashlib.sha256("".join(one.sha256 for one in manifest.ends).encode()).hexdigest()[:8].upper()
    return f"{made}-{manifest.entries}-{ends}{'-damaged' if report.exit_code else ''}{bundle.SUFFIX}"


# --------------------------------------------------------------------------------------------- copying


def _copied(vault: OpenVault, device: bytes, work: Path, tell: Progress) -> Manifest:
    """Copy all files as they are at one moment; return the manifest, whose ends are those of the vault itself."""
    copied: dict[str, object] = {}

    @contextmanager
    def inside() -> Iterator[None]:
        with vault.door:
            vault.see_that_it_is_open()
            yield

    with vault.door:
        vault.see_that_it_is_open()
        for patience in range(_PATIENT_ROUNDS, -1, -1):
            stale = [file for file in vault.every_file() if copied.get(file.name) != file.changes()]
            if not stale:
                break
            for file in stale:
                copied[file.name] = _copy(file, work, vault.door.let_others if patience else _nothing, tell)
        now = vault.clock.now()
        every = vault.every_file()
        newest = [_newest(file) for file in every]
        drafts = [path for path in sorted(vault.folder.glob("*.draft")) if bundle.is_name(path.name)]
        for path in drafts:
            with speaking_of(path.name):
                files.create_private(work / path.name)
                (work / path.name).write_bytes(path.read_bytes())
    ends = tuple(_ends(file, upto, inside) for file, upto in zip(every, newest, strict=True))
    parts = tuple(bundle.part_of(work / name) for name in (*sorted(copied), *(path.name for path in drafts)))
    return Manifest(vault.vault.hex(), device.hex(), now.utc_ns, parts, ends)


def _copy(file: CompartmentFile, work: Path, give_way: Callable[[], None], tell: Progress) -> object:
    target = work / file.name
    target.unlink(missing_ok=True)
    files.create_private(target)
    return file.copy_to(target, give_way, lambda done, of: tell(Step.COPYING, done, of))


def _nothing() -> None:
    """Let nobody in between."""


def _newest(file: CompartmentFile) -> int:
    with contextlib.suppress(DataDamaged):  # where that page is lost, the ends cannot be compared; `verify` says why
        rows = file.rows("SELECT id FROM event ORDER BY id DESC LIMIT 1", (NUMBER,))
        return next((number for (number,) in rows), 0)
    return 0


def _ends(file: CompartmentFile, upto: int, inside: Callable[[], AbstractContextManager[None]]) -> Ends:
    """Return where the logs of *file* ended when *upto* was the newest entry; read in slices, others go between."""
    logs, entries, after, sha = 0, 0, 0, hashlib.sha256(label("ends"))
    try:
        while True:
            with inside():
                there = list(file.rows(_LOGS, (NUMBER, 16), (after, _LOGS_AT_ONCE)))
                last = [list(file.rows(_LAST, (NUMBER, 32), (log, upto))) for _, log in there]
            if not there:
                return Ends(file.name, logs, entries, sha.hexdigest())
            after = there[-1][0]
            for (_, log), rows in zip(there, last, strict=True):
                for seq, h in rows:
                    logs, entries = logs + 1, entries + seq
                    sha.update(log + seq.to_bytes(8, "big") + h)
    except (DataDamaged, OverflowError):
        return Ends(file.name, 0, 0, "")


# -------------------------------------------------------------------------------------------- checking


def _reopened(part: Path, manifest: Manifest, folder: Path, tell: Progress) -> Report:
    """Read a new backup back from the disk and verify what is in it; return what is wrong with the vault itself."""
    files.forget_cached(part)
    try:
        report, ends = opened(part, folder, tell)
    except DataDamaged:
        report, ends = None, ()
    if report is None or ends != manifest.ends:
        raise DataDamaged("The disk did not keep the backup as it was written. Use another disk.")
    return report


def opened(
    path: Path, folder: Path, tell: Progress, look: Callable[..., Report] = verify
) -> tuple[Report, tuple[Ends, ...]]:
    """Unpack the backup at *path* into the new *folder* and verify it; also return where its logs end.

    Raises:
        DataDamaged, NewerFormat, VaultMissing, InputOutput: see `bundle.read` and `bundle.unpack`.
    """
    found = bundle.read(path)
    with speaking_of(path.name):
        folder.mkdir(mode=0o700)
    bundle.unpack(found, folder, lambda done, of: tell(Step.CHECKING, done, 2 * of))
    report = look(folder, heed=lambda: tell(Step.CHECKING, 1, 2))
    ends = tuple(_ends_of_copy(folder / one.name) for one in found.manifest.ends)
    tell(Step.CHECKING, 1, 1)
    return report, ends


def _ends_of_copy(path: Path) -> Ends:
    file = CompartmentFile(path, is_writing=False)
    try:
        file.open()
        return _ends(file, _newest(file), contextlib.nullcontext)
    except VaultError:
        return Ends(path.name, 0, 0, "")
    finally:
        file.close()
