"""The closing record: name, size and hash of every file after a clean close, so that any flipped byte is seen.

A tenth or more of a small SQLite file is unused, where a flip changes nothing that SQLite would notice. The first write
of a session removes the record for good; none there means no clean close, which is no fault.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import msgspec

from kapnotes.domain.errors import Tampered, VaultError
from kapnotes.vault import files, strict
from kapnotes.vault.faults import damaged, speaking_of
from kapnotes.vault.findings import Finding
from kapnotes.vault.inventory import COMPARTMENT, JOURNAL, kept_files

NAME = "closing"


class FileState(msgspec.Struct, frozen=True):
    """One file as it was when the vault was closed."""

    name: str
    size: int
    sha: str


class Closing(msgspec.Struct, frozen=True):
    """All files as they were."""

    vault: str
    files: tuple[FileState, ...]


def load(folder: Path) -> Closing | None:
    """Return the record, or None if the vault was not closed cleanly.

    Raises:
        DataDamaged: there is one, and it is not as it was written.
    """
    path = folder / NAME
    with speaking_of(NAME):
        if not os.path.lexists(path):  # a link that leads nowhere is there
            return None
        if not path.is_file():
            raise damaged(NAME)
        written = path.read_bytes()
    closing = strict.decoded_with_hash(written, Closing)
    if closing is None:
        raise damaged(NAME)
    return closing


def remove(folder: Path) -> None:
    """Take the record away before the first write; afterwards it would accuse a whole file."""
    with speaking_of(NAME):
        files.remove(folder / NAME)


def unfinished_writes(folder: Path) -> list[str]:
    """Return the names of the journals that wait to be rolled back.

    One that is empty, or begins with a zero, was cut off before it counted: SQLite leaves it and writes over it.
    """
    with speaking_of(NAME):
        return [path.name for path in sorted(folder.glob(f"*{COMPARTMENT}{JOURNAL}")) if _counts(path)]


def see_no_foreign_journal(folder: Path, name: str) -> None:
    """See that no journal stands beside the closed file *name*: SQLite would write its pages over whole ones.

    The first write of a session takes the closing record away before it begins a journal, so one beside a record was
    put there.

    Raises:
        Tampered: there is one.
    """
    journal = name + JOURNAL
    is_closed = False
    with suppress(VaultError):
        is_closed = load(folder) is not None
    if is_closed and journal in unfinished_writes(folder):
        raise Tampered(
            "{journal} was put beside a closed vault. Move it elsewhere and open again; nothing was changed.",
            journal=journal,
        )


def says_otherwise(folder: Path, name: str) -> bool:
    """Tell whether there is a whole record, and the file *name* is not as it says. No connection may be open."""
    with suppress(VaultError):
        record = load(folder)
        return record is not None and any(finding.file == name for finding in compare(folder, record))
    return False


@contextmanager
def recorded(folder: Path, vault: str, before: Closing | None, changed: set[str]) -> Iterator[None]:
    """Write the record while SQLite still holds the files, and let the block close them.

    A file that was not *changed* keeps its state of *before*, so damage that it took meanwhile stays visible. Our own
    descriptors stay open until the block is left: closing one would drop SQLite's lock on the file (POSIX).
    """
    kept = {state.name: state for state in before.files if state.name not in changed} if before else {}
    with ExitStack() as descriptors, speaking_of(NAME):
        fresh = {path.name: _state(path, descriptors) for path in kept_files(folder) if path.name not in kept}
        states = tuple(state for _, state in sorted((kept | fresh).items()))
        files.write_whole(folder / NAME, strict.with_hash(strict.encoded(Closing(vault, states))))
        yield


def compare(folder: Path, closing: Closing) -> list[Finding]:
    """Return a finding for every file that is not as *closing* says. No connection to them may be open."""
    findings = []
    there = {path.name: path for path in kept_files(folder)}
    for state in closing.files:
        path = there.pop(state.name, None)
        if path is None:
            findings.append(Finding(state.name, 5, files.missing_line(folder, state.name)))
            continue
        try:
            with ExitStack() as descriptors, speaking_of(state.name):
                if _state(path, descriptors) != state:
                    line = f"{state.name} is damaged: it is not as it was when the vault was closed."
                    findings.append(Finding(state.name, 1, line))
        except VaultError as error:  # the other files are compared all the same
            findings.append(Finding(state.name, error.exit_code, str(error)))
    added = "{} was not there when the vault was closed: someone put it there."
    return findings + [Finding(name, 2, added.format(name)) for name in (*there, *unfinished_writes(folder))]


def _counts(journal: Path) -> bool:
    with open(journal, "rb", opener=_open_at_once) as file:
        return file.read(1) not in {b"", b"\0"}


def _state(path: Path, descriptors: ExitStack) -> FileState:
    file = descriptors.enter_context(open(path, "rb", opener=_open_at_once))  # noqa: SIM115 - the stack closes it
    sha = hashlib.file_digest(file, "sha256").hexdigest()
    return FileState(path.name, file.tell(), sha)


def _open_at_once(path: str, flags: int) -> int:
    """Open a file without waiting for a writer, should a pipe stand in its place."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
