"""Folders to break vaults in, and what must hold of a vault whatever happened to it."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Set
from pathlib import Path

from kapnotes.domain.errors import VaultError
from kapnotes.vault.verify import verify
from tests.fault import scripts

MEMORY = Path("/dev/shm")  # noqa: S108 - files that cost no disk, where there are such
NEEDED_BYTES = 1 << 28


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """Yield an empty folder, in memory where that is possible, and remove it afterwards."""
    has_memory = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > NEEDED_BYTES
    with tempfile.TemporaryDirectory(prefix="kapnotes-fault-", dir=MEMORY if has_memory else None) as name:
        yield Path(name).resolve()


class Scene:
    """A base vault that was made once, and fresh copies of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._base = folder / "base"
        self._base.mkdir()
        scripts.make(self._base / "vault")
        self._number = 0

    def copy(self) -> Path:
        """Return a folder of its own with a copy of the vault in it."""
        return self.copy_of(self._base)

    def copy_of(self, other: Path) -> Path:
        """Return a folder of its own with a copy of all that is in another."""
        return Path(shutil.copytree(other, self.empty(), dirs_exist_ok=True))

    def empty(self) -> Path:
        """Return a new folder."""
        self._number += 1
        folder = self._folder / f"{self._number}"
        folder.mkdir()
        return folder

    @staticmethod
    def drop(folder: Path) -> None:
        """Remove a folder that is no longer needed."""
        shutil.rmtree(folder)

    def files(self) -> dict[str, bytes]:
        """Return the files of the base vault."""
        return content_of(self._base / "vault")


@contextlib.contextmanager
def scene() -> Iterator[Scene]:
    """Yield a scene in a scratch folder."""
    with scratch() as folder:
        yield Scene(folder)


def content_of(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder with its bytes."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def put(folder: Path, files: dict[str, bytes]) -> None:
    """Make the folder hold just these files."""
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        if path.name not in files:
            path.unlink()
    for name, content in files.items():
        (folder / name).write_bytes(content)


def faults_of(vault: Path, saved: Set[str], tried: Set[str], *, goes_on: bool = False) -> list[str]:
    """Return what is wrong with a vault after an accident: nothing, as long as the vault keeps its promise.

    It is verified as it was left, in a copy, for `verify` rolls back what was cut short and so does opening. Every
    entry that was said to be saved is read back and nothing that was never handed in; no finding, no error; and
    where *goes_on*, the next session writes, closes and is verified with the passphrase of each member.
    """
    copy = Path(shutil.copytree(vault, vault.with_name(f"{vault.name} as it was left")))
    faults = _verified(copy)
    shutil.rmtree(copy)
    try:
        found, findings = read_back(vault, goes_on=goes_on)
    except VaultError as error:
        return [*faults, f"does not open: {type(error).__name__}: {error}"]
    faults += [f"found on reading: {finding}" for finding in findings]
    if saved - found:
        faults.append(f"{len(saved - found)} of {len(saved)} saved entries are lost")
    if found - tried:
        faults.append(f"{len(found - tried)} entries were never written")
    if goes_on:
        faults += [fault for label in scripts.PASSPHRASES for fault in _verified(vault, label)]
    return faults


def read_back(vault: Path, *, goes_on: bool = False) -> tuple[set[str], list[str]]:
    """Return the ids of the session's entries that the members can read, and what the vault found wrong.

    Raises:
        VaultError: it cannot be opened or read, or where it *goes on*, not be written.
    """
    found: set[str] = set()
    findings: list[str] = []
    if goes_on:
        lines: list[str] = []
        writer = scripts.Writer(vault, lines.append)
        with contextlib.closing(writer.library):
            for number in range(3):
                writer.write(number)
        wanted = {line.removeprefix("saved ") for line in lines if line.startswith("saved ")}
    else:
        wanted = set()
    with contextlib.closing(scripts.opened(vault)) as library:
        for label, passphrase in scripts.PASSPHRASES.items():
            read = library.read(library.unlock(label, passphrase), scripts.SESSION)
            found |= {entry.entry_id for entry in read.entries}
            findings += [finding.line for finding in (*read.refused, *read.findings)]
    if wanted - found:
        findings.append(f"{len(wanted - found)} entries written afterwards are lost")
    return found - wanted, findings


def _verified(vault: Path, label: str | None = None) -> list[str]:
    report = verify(vault, label=label, passphrase=scripts.PASSPHRASES[label] if label else None)
    return [f"verify says {finding.code}: {finding.line}" for finding in report.findings if finding.code]
