"""Checks a closed vault, file by file, without a passphrase or with one.

It changes no byte, with one exception: where the program was killed in the middle of a write, SQLite's journal has to
be rolled back before anything can be read, so that is done, as any opening would, and the report says so. A journal
beside a closing record was put there by someone; it is named and left alone.

What is checked stands in `verify_header`, `verify_logs` and `verify_contents`; here is the order of it.
"""

import contextlib
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self

from kapnotes.domain.errors import NewerFormat, VaultError, VaultInUse
from kapnotes.domain.members import SHARED
from kapnotes.domain.paper_head import HeadClaim
from kapnotes.vault import attempts, closing, drafts, files, holder
from kapnotes.vault.compartment_file import CompartmentFile
from kapnotes.vault.directory import Directory
from kapnotes.vault.findings import Finding, Report
from kapnotes.vault.heads import Standing, behind
from kapnotes.vault.inventory import JOURNAL, kept_files, strangers
from kapnotes.vault.layout import compartment_of, file_name
from kapnotes.vault.verify_contents import ContentCheck
from kapnotes.vault.verify_header import HeaderCheck
from kapnotes.vault.verify_logs import LogCheck
from kapnotes.vault.verify_notes import Checked, Notes
from kapnotes.vault.verify_paper import find_on_paper

__all__ = ["Finding", "LastSeen", "Report", "verify"]

_WORKERS = os.cpu_count() or 1


LastSeen = Callable[[str], Standing | None]
"""Gives how far the vault of that id had come when it was last seen from here; None if it never was."""


def verify(
    folder: Path,
    *,
    label: str | None = None,
    passphrase: str | None = None,
    last_seen: LastSeen | None = None,
    head: HeadClaim | None = None,
    heed: Callable[[], None] | None = None,
) -> Report:
    """Return what is wrong with the vault in *folder*; never raises for anything that is wrong with it.

    Without a passphrase: closing record, key header, tables, pages, chains, signatures, roles, and what was *last_seen*
    from here. With a member's *label* and *passphrase* also the contents of what that member may read, and the ends of
    logs that `shared` recorded. With a page's *head* also whether the vault still holds what the page was made from.
    *heed* is called now and then; what it raises ends the verification.
    """
    verification = _Verification(folder, heed or _nothing)
    with verification, verification.notes.noting(folder.name):
        verification.run(label, passphrase, last_seen, head)
    return verification.report()


class _Verification:
    """One run."""

    def __init__(self, folder: Path, heed: Callable[[], None]) -> None:
        self.notes = Notes(folder, heed)
        self._folder = folder
        self._checked: list[Checked] = []
        self._as_closed: set[str] = set()
        self._not_as_closed: set[str] = set()
        self._are_contents_read = False
        self._opened = contextlib.ExitStack()
        self._pool = ThreadPoolExecutor(_WORKERS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()
        self._pool.shutdown()

    def report(self) -> Report:
        """Return what was found."""
        return Report(self.notes.findings, self._are_contents_read, self.notes.entries)

    def run(
        self, label: str | None, passphrase: str | None, last_seen: LastSeen | None, head: HeadClaim | None
    ) -> None:
        """Check everything, outermost first."""
        paths = sorted(self._folder.glob("*.kapdb"), key=lambda path: (path.name != file_name(SHARED), path.name))
        if not (self._folder / file_name(SHARED)).is_file():
            self.notes.note_missing(file_name(SHARED))
            if not files.is_place_of_vault(self._folder):
                return
        if self._is_in_use(paths):
            return
        was_closed = self._compare_with_closing()
        with self.notes.noting(attempts.NAME):
            attempts.check(self._folder)
        self._check_beside()
        for path in paths:
            with self.notes.noting(path.name):
                self._open(path, was_closed=was_closed)
        with self.notes.noting(file_name(SHARED)):
            directory = Directory.load([checked.file for checked in self._checked])
            self._check_without_keys(directory)
            if last_seen is not None:
                self._compare_with_last_seen(directory, last_seen)
            if head is not None:
                find_on_paper(self.notes, head, self._checked)
            if label is not None and passphrase is not None:
                self._check_contents(directory, label, passphrase)

    # ------------------------------------------------------------------------------------------ opening

    def _is_in_use(self, paths: list[Path]) -> bool:
        """Ask SQLite first: reading the bytes of a file that this very process holds would drop its lock (POSIX)."""
        for path in paths:
            file = CompartmentFile(path, is_writing=False)
            try:
                file.open()
            except VaultInUse as error:
                self.notes.note(path.name, error.exit_code, holder.line(self._folder))
                return True
            except VaultError:
                continue  # its cause is told when it is opened in earnest
            finally:
                file.close()
        return False

    def _compare_with_closing(self) -> bool:
        """Compare every file with the closing record; return whether there is one."""
        try:
            record = closing.load(self._folder)
        except VaultError as error:
            self.notes.note(closing.NAME, error.exit_code, str(error))
            return True
        if record is not None:
            self._as_closed = {state.name for state in record.files}
            for finding in closing.compare(self._folder, record):
                self.notes.keep(finding)
                self._as_closed.discard(finding.file)
                self._not_as_closed.add(finding.file)
        return record is not None

    def _open(self, path: Path, *, was_closed: bool) -> None:
        notes = self.notes
        if not was_closed and path.name + JOURNAL in closing.unfinished_writes(self._folder):
            writing = CompartmentFile(path)
            self._opened.callback(writing.close)
            writing.open()
            writing.close()
            notes.note(path.name, 0, f"{path.name} had an unfinished write; it was rolled back, as any opening does.")
        file = CompartmentFile(path, is_writing=False, is_settled=was_closed and path.name in self._as_closed)
        self._opened.callback(file.close)
        try:
            file.open()
        except NewerFormat:
            if path.name in self._not_as_closed:
                return  # a flipped bit, no newer program; that it is damaged was said
            raise
        place = file.place()
        if place.name != path.name:
            notes.note(path.name, 2, f"{path.name} says that it is {place.name}: someone exchanged it.")
        self._checked.append(Checked(file, place))

    def _check_beside(self) -> None:
        """Check the shape of what is half-typed, and name what is none of the vault's."""
        for path in kept_files(self._folder):
            if path.suffix == drafts.SUFFIX:
                with self.notes.noting(path.name):
                    self.notes.keep(drafts.finding(path))
        for name in strangers(self._folder):
            self.notes.note(name, 0, f"{name} is none of the vault's files; nothing reads it.")

    # ----------------------------------------------------------------------------------------- checking

    def _check_without_keys(self, directory: Directory) -> None:
        header = HeaderCheck(self.notes, directory, self._checked)
        logs = LogCheck(self.notes, directory, self._checked, self._pool)
        for checked in self._checked:
            if checked.place.vault != directory.vault:
                self.notes.note(checked.name, 2, f"{checked.name} belongs to another vault.")
                continue
            with self.notes.noting(checked.name):
                self._check_pages(checked)
            header.check(checked)
            with self.notes.noting(checked.name):
                logs.check(checked)

    def _compare_with_last_seen(self, directory: Directory, last_seen: LastSeen) -> None:
        seen = last_seen(directory.vault.hex())
        if seen is not None:
            files = {compartment_of(checked.place.comp): checked.file for checked in self._checked}
            for finding in behind(seen, files.get, directory):
                self.notes.keep(finding)

    def _check_pages(self, checked: Checked) -> None:
        count = checked.file.fault_count()
        if count:
            self.notes.note(checked.name, 1, f"{checked.name} is damaged: SQLite finds {count} faults in it.")

    def _check_contents(self, directory: Directory, label: str, passphrase: str) -> None:
        contents = ContentCheck(self.notes, directory, self._checked)
        try:
            contents.check(label, passphrase)
        finally:
            self._are_contents_read = contents.is_read


def _nothing() -> None:
    """Go on."""
