"""Turns what SQLite and the system say into the vault's own causes, which a person can act on."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kapnotes.domain.errors import DataDamaged, DiskFull, InputOutput, OutOfMemory, ReadOnly, VaultError, VaultInUse

_IN_USE = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DISK = {
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_AUTH,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_READONLY,
}
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


@contextmanager
def speaking_of(name: str) -> Iterator[None]:
    """Raise every fault of the file *name* inside the block as a `VaultError`; the library's own words are dropped."""
    try:
        yield
    except sqlite3.Error as error:
        raise _cause(name, error) from None
    except MemoryError:
        raise OutOfMemory("There is not enough free memory to read {name}.", name=name) from None
    except OSError as error:
        raise _system_cause(name, error) from None
    except (UnicodeDecodeError, OverflowError, RecursionError):
        raise damaged(name) from None


@contextmanager
def making(folder: Path) -> Iterator[None]:
    """As `speaking_of`, while a new vault is made in *folder*: there is no vault yet that could be copied elsewhere."""
    try:
        with speaking_of(folder.name):
            yield
    except InputOutput as error:
        if "reason" not in error.facts:
            raise
        raise InputOutput(
            "{folder} cannot be made ({reason}). Choose another place; nothing was left there.",
            folder=folder,
            reason=error.facts["reason"],
        ) from None


def damaged(name: str, where: str = "") -> DataDamaged:
    """Return the error for a damaged file, with *where* in it."""
    return DataDamaged(
        "{name} is damaged{where}. Copy the vault, then restore a backup.", name=name, where=where and " " + where
    )


def _disk_fault(name: str, reason: str) -> InputOutput:
    return InputOutput(
        "The disk cannot read or write {name} ({reason}). Copy the vault to another disk first.",
        name=name,
        reason=reason,
    )


def _disk_full(name: str) -> DiskFull:
    return DiskFull("The disk is full; {name} was not written. Make room on it.", name=name)


def _read_only(name: str) -> ReadOnly:
    return ReadOnly("{name} is read only here; nothing was written. Copy the vault to a writable place.", name=name)


def _system_cause(name: str, error: OSError) -> VaultError:
    if error.errno in _NO_ROOM:
        return _disk_full(name)
    if error.errno == errno.EROFS:
        return _read_only(name)
    return _disk_fault(name, error.strerror or type(error).__name__)


def _cause(name: str, error: sqlite3.Error) -> VaultError:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    if code == sqlite3.SQLITE_READONLY_ROLLBACK:
        return InputOutput(
            "{name} has an unfinished write and cannot be written. Copy the vault to a writable place.", name=name
        )
    primary = code & 0xFF
    if primary in _IN_USE:
        return VaultInUse("The vault is open in another KAPnotes.")
    if primary == sqlite3.SQLITE_FULL:
        return _disk_full(name)
    if primary == sqlite3.SQLITE_READONLY and code != sqlite3.SQLITE_READONLY_DBMOVED:
        return _read_only(name)
    if primary in _DISK:
        return _disk_fault(name, getattr(error, "sqlite_errorname", "SQLITE_ERROR"))
    if primary == sqlite3.SQLITE_NOMEM:
        return OutOfMemory("There is not enough free memory to read {name}.", name=name)
    return damaged(name)
