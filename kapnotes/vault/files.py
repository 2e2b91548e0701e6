"""Plain files and folders: private from the first moment, and on the platter before anyone relies on them."""

import contextlib
import os
import sys
from pathlib import Path

if sys.platform == "darwin":
    import fcntl

_SECTOR = 512


def create_private(path: Path) -> None:
    """Make an empty file that only its owner can read; it must not be there yet."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def sync(path: Path) -> None:
    """Wait until the file is on the disk."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        _sync_descriptor(descriptor)
    finally:
        os.close(descriptor)


def is_writable(path: Path) -> bool:
    """Tell whether the file and its folder can be written, as far as rights and medium say."""
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def sync_folder(folder: Path) -> None:
    """Wait until the names in the folder are on the disk; Windows does that by itself."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        _sync_descriptor(descriptor)
    finally:
        os.close(descriptor)


def sync_data(descriptor: int) -> None:
    """Wait until what was written into an open file of unchanged size is on the disk."""
    if sys.platform == "linux":
        os.fdatasync(descriptor)
    else:
        _sync_descriptor(descriptor)


def write_whole(path: Path, content: bytes) -> None:
    """Write *content* so that the old file or the new one is there at any moment, and the new one afterwards."""
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    try:
        create_private(part)
        part.write_bytes(content)
        sync(part)
        part.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)  # on a full disk it would hold the last bytes there are
        raise
    sync_folder(path.parent)


def make_void(journal: Path) -> None:
    """See that SQLite will never roll back by *journal*, whatever the disk kept of it; whoever calls holds its file.

    A journal whose first sector is zeros is none. Only afterwards it is cut, so that no part of it is left to be mixed
    with the next one.
    """
    if not journal.exists():
        return
    descriptor = os.open(journal, os.O_RDWR)
    try:
        os.write(descriptor, bytes(_SECTOR))
        _sync_descriptor(descriptor)
        os.ftruncate(descriptor, 0)
        _sync_descriptor(descriptor)
    finally:
        os.close(descriptor)


def forget_cached(path: Path) -> None:
    """Let the next reading of the file come from the disk, where the system can be told so."""
    if hasattr(os, "posix_fadvise"):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(descriptor)


def remove(path: Path) -> None:
    """Remove a file for good, if it is there."""
    path.unlink(missing_ok=True)
    sync_folder(path.parent)


def is_place_of_vault(folder: Path) -> bool:
    """Tell whether anything in *folder* says that a vault is, or was, there."""
    return any(any(folder.glob(pattern)) for pattern in ("*.kapdb", "closing", "backups/*.kapbackup"))


def missing_line(folder: Path, name: str) -> str:
    """Return what to say when *name* is not in *folder*: a mistyped path is told from a vault that lost a file."""
    if not is_place_of_vault(folder):
        return f"There is no vault in {folder}. Look at the path; nothing was changed."
    return f"{name} is missing. {backups_line(folder)}"


def backups_line(folder: Path) -> str:
    """Return what to say about backups when something of the vault is missing."""
    names = sorted(path.name for path in (folder / "backups").glob("*.kapbackup"))
    if not names:
        return f"No backup was found in {folder / 'backups'}."
    return f"Backups in {folder / 'backups'}: {', '.join(names[-3:])}."


def _sync_descriptor(descriptor: int) -> None:
    if sys.platform == "darwin":
        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
    else:
        os.fsync(descriptor)
