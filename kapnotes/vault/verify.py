"""Checks a closed vault, file by file, without a passphrase or with one.

It changes no byte, with one exception: where the program was killed in the middle of a write, SQLite's journal has to
be rolled back before anything can be read, so that is done, as any opening would, and the report says so. A journal
beside a closing record was put there by someone; it is named and left alone.
"""

import contextlib
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from kapnotes.domain.errors import VaultError, VaultInUse
from kapnotes.domain.members import SHARED, CompartmentKind, may_write
from kapnotes.vault import closing, files, grants, holder, slots
from kapnotes.vault.chain import Event, Link, Log, all_logs, heads, orphans, signature_finding, walk
from kapnotes.vault.compartment_file import CompartmentFile
from kapnotes.vault.directory import Directory, identities_in, rosters_in
from kapnotes.vault.faults import speaking_of
from kapnotes.vault.findings import Finding, Report
from kapnotes.vault.identity import Identity
from kapnotes.vault.keyring import CompartmentKeys, held_keys
from kapnotes.vault.layout import Place, comp_bytes, compartment_of, event_hash, file_name, id_bytes, short
from kapnotes.vault.patients import COPIES, wrapped_keys
from kapnotes.vault.reading import Ids, LogReader, damage_finding, log_finding

__all__ = ["Finding", "Report", "verify"]

_MAX_SEARCHES = 20
"""How many broken entries are looked up elsewhere: each search reads all logs."""

_AT_ONCE = 1000
_WORKERS = os.cpu_count() or 1


def verify(folder: Path, *, label: str | None = None, passphrase: str | None = None) -> Report:
    """Return what is wrong with the vault in *folder*; never raises for anything that is wrong with it.

    Without a passphrase: closing record, key header, tables, pages, chains, signatures, roles. With a member's *label*
    and *passphrase* also the contents of what that member may read.
    """
    verification = _Verification(folder)
    with verification, verification.noting(folder.name):
        verification.run(label, passphrase)
    return verification.report()


@dataclass(frozen=True, slots=True)
class _Checked:
    """A file that could be opened, and what it says it is."""

    file: CompartmentFile
    place: Place


class _Verification:
    """One run: collects findings, each only once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._findings: dict[Finding, None] = {}
        self._checked: list[_Checked] = []
        self._entries = 0
        self._searches = 0
        self._are_contents_read = False
        self._opened = contextlib.ExitStack()
        self._pool = ThreadPoolExecutor(_WORKERS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()
        self._pool.shutdown()

    def report(self) -> Report:
        """Return what was found so far."""
        return Report(tuple(self._findings), self._are_contents_read, self._entries)

    @contextlib.contextmanager
    def noting(self, name: str) -> Iterator[None]:
        """Turn an error of the block into a finding and go on after it."""
        try:
            with speaking_of(name):
                yield
        except VaultError as error:
            self._note(name, error.exit_code, str(error))

    def run(self, label: str | None, passphrase: str | None) -> None:
        """Check everything, outermost first."""
        paths = sorted(self._folder.glob("*.kapdb"), key=lambda path: (path.name != file_name(SHARED), path.name))
        if not (self._folder / file_name(SHARED)).is_file():
            self._note_missing(file_name(SHARED))
        if self._is_in_use(paths):
            return
        was_closed = self._compare_with_closing()
        for path in paths:
            with self.noting(path.name):
                self._open(path, was_closed=was_closed)
        directory = self._load_directory()
        if directory is None:
            return
        for checked in self._checked:
            self._check_file(checked, directory)
        if label is not None and passphrase is not None:
            with self.noting(file_name(SHARED)):
                self._check_contents(directory, label, passphrase)

    def _keep(self, finding: Finding | None) -> None:
        if finding is not None:
            self._findings[finding] = None

    def _note(self, name: str, code: int, line: str) -> None:
        self._findings[Finding(name, code, line)] = None

    def _note_missing(self, name: str) -> None:
        self._note(name, 5, f"{name} is missing. {files.backups_line(self._folder)}")

    # ------------------------------------------------------------------------------------------ opening

    def _is_in_use(self, paths: list[Path]) -> bool:
        """Ask SQLite first: reading the bytes of a file that this very process holds would drop its lock (POSIX)."""
        for path in paths:
            file = CompartmentFile(path, is_writing=False)
            try:
                file.open()
            except VaultInUse as error:
                self._note(path.name, error.exit_code, holder.line(self._folder))
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
            self._note(closing.NAME, error.exit_code, str(error))
            return True
        if record is not None:
            for finding in closing.compare(self._folder, record):
                self._keep(finding)
        return record is not None

    def _open(self, path: Path, *, was_closed: bool) -> None:
        if not was_closed and path.name + closing.JOURNAL in closing.unfinished_writes(self._folder):
            writing = CompartmentFile(path)
            self._opened.callback(writing.close)
            writing.open()
            writing.close()
            self._note(path.name, 0, f"{path.name} had an unfinished write; it was rolled back, as any opening does.")
        file = CompartmentFile(path, is_writing=False)
        self._opened.callback(file.close)
        file.open()
        place = file.place()
        if place.name != path.name:
            self._note(path.name, 2, f"{path.name} says that it is {place.name}: someone exchanged it.")
        self._checked.append(_Checked(file, place))

    # ----------------------------------------------------------------------------------------- key header

    def _load_directory(self) -> Directory | None:
        with self.noting(file_name(SHARED)):
            return Directory.load([checked.file for checked in self._checked])
        return None

    def _check_file(self, checked: _Checked, directory: Directory) -> None:
        name = checked.file.name
        if checked.place.vault != directory.vault:
            self._note(name, 2, f"{name} belongs to another vault.")
            return
        steps = (
            self._check_pages,
            self._check_people,
            self._check_rosters,
            self._check_epochs,
            self._check_grants,
            self._check_patients,
            self._check_logs,
        )
        for step in steps:
            with self.noting(name):
                step(checked, directory)

    def _check_pages(self, checked: _Checked, _directory: Directory) -> None:
        count = checked.file.fault_count()
        if count:
            self._note(checked.file.name, 1, f"{checked.file.name} is damaged: SQLite finds {count} faults in it.")

    def _check_people(self, checked: _Checked, directory: Directory) -> None:
        """Check public keys and slots; in `shared.kapdb` each member must have both."""
        name = checked.file.name
        whole_keys = {identity.id for identity in identities_in(checked.file) if identity.is_whole}
        whole_slots = slots.whole_slots(checked.file).keys()
        kept_slots = {member for (member,) in checked.file.rows("SELECT member FROM slot", (16,))}
        kept_keys = {member for (member,) in checked.file.rows("SELECT id FROM identity", (16,))}
        everybody = {id_bytes(member.member_id) for member in directory.members}
        needed = everybody if checked.place.comp == comp_bytes(SHARED) else set()
        for member in (kept_keys | needed) - whole_keys:
            self._note(name, 1, f"{name}: the public keys of {directory.label_of(member)} are damaged.")
        for member in (kept_slots | needed) - whole_slots:
            self._note(name, 1, f"{name}: the passphrase slot of {directory.label_of(member)} is damaged.")

    def _check_rosters(self, checked: _Checked, directory: Directory) -> None:
        name = checked.file.name
        right = {row.values for row in directory.rows() if row.table == "roster"}
        there = {(version, s.body, s.by, s.sig) for version, s in rosters_in(checked.file)}
        for version, *_ in there - right:
            self._note(name, 1, f"{name}: version {version} of the roster is damaged.")
        newest = max((version for version, *_ in there), default=0)
        if checked.place.comp == comp_bytes(SHARED) and newest < directory.roster.version:
            line = f"{name} is older than last seen (roster {newest} of {directory.roster.version})."
            self._note(name, 3, f"{line} Restored from a backup?")

    def _check_epochs(self, checked: _Checked, directory: Directory) -> None:
        """Check who signed the epochs; `shared.kapdb` also says which compartments there must be."""
        name = checked.file.name
        by_comp = {other.place.comp: other.file for other in self._checked}
        for (comp, number), signed in grants.epoch_rows(checked.file).items():
            is_whole = False
            with self.noting(name):
                grants.read_epoch(signed, comp, number, directory, name)
                is_whole = True
            if comp == checked.place.comp or not is_whole:
                continue  # a row that is damaged here says nothing of another file
            own_name = file_name(compartment_of(comp))
            if comp not in by_comp:
                if not (self._folder / own_name).is_file():
                    self._note_missing(own_name)
                continue
            with self.noting(own_name):
                if grants.epoch_rows(by_comp[comp]).get((comp, number)) != signed:
                    self._note(own_name, 1, f"{own_name}: epoch {number} of its key is not the one that {name} knows.")

    def _check_grants(self, checked: _Checked, directory: Directory) -> None:
        name, comp = checked.file.name, checked.place.comp
        signed_grants = grants.grant_rows(checked.file)
        for (number, to), signed in signed_grants.items():
            with self.noting(name):
                grants.read_grant(signed, comp, number, to, directory, name)
        if compartment_of(comp).kind is CompartmentKind.MEDICAL:
            return  # given by a holder at the next sign-in, so one may still be missing
        holders = {to for _, to in signed_grants}
        for member in directory.members:
            to = id_bytes(member.member_id)
            if directory.may_hold(to, comp) and to not in holders:
                self._note(name, 1, f"{name}: the grant for {member.label} is missing.")

    def _check_patients(self, checked: _Checked, _directory: Directory) -> None:
        first, second = (wrapped_keys(checked.file, table) for table in COPIES)
        if first != second:
            name = checked.file.name
            self._note(name, 1, f"{name} is damaged: the two copies of the patients' keys differ.")

    # --------------------------------------------------------------------------------------------- entries

    def _check_logs(self, checked: _Checked, directory: Directory) -> None:
        name = checked.file.name
        epochs = self._epochs_of(checked.place)
        for log in list(all_logs(checked.file)):
            with self.noting(name):
                self._check_log(checked, log, directory, epochs)
        for log_id, seq in orphans(checked.file):
            self._note(name, 2, f"{name} entry {seq} of log {short(log_id)} belongs to no log: someone changed it.")

    def _epochs_of(self, place: Place) -> set[int]:
        """Return the epochs of a compartment that its own file or `shared.kapdb` knows."""
        epochs: set[int] = set()
        for checked in self._checked:
            with contextlib.suppress(VaultError):
                epochs |= {number for comp, number in grants.epoch_rows(checked.file) if comp == place.comp}
        return epochs

    def _check_log(self, checked: _Checked, log: Log, directory: Directory, epochs: set[int]) -> None:
        name = checked.file.name
        self._keep(log_finding(name, log, checked.place))
        if not {log.born, log.epoch} <= epochs:
            self._note(name, 2, f"{name}: log {short(log.id)} is of an epoch that nobody knows.")
        whole: list[Link] = []
        for step in walk(checked.file, checked.place, log):
            if isinstance(step, Finding):
                self._keep(step)
            elif not step.is_whole:
                self._keep(self._moved(checked, step) or damage_finding(name, step))
            else:
                self._check_author(name, step, checked.place, directory, epochs)
                whole.append(step)
                if len(whole) == _AT_ONCE:
                    self._check_signatures(name, whole, log, directory)
                    whole = []
        self._check_signatures(name, whole, log, directory)

    def _check_signatures(self, name: str, links: list[Link], log: Log, directory: Directory) -> None:
        """Check many signatures on all cores; it is nearly all of the time that a verification takes."""
        self._entries += len(links)

        def findings(part: list[Link]) -> list[Finding | None]:
            return [signature_finding(name, link, log, directory) for link in part]

        parts = [links[start::_WORKERS] for start in range(_WORKERS)] if len(links) > _WORKERS else [links]
        for found in self._pool.map(findings, parts):
            for finding in found:
                self._keep(finding)

    def _check_author(self, name: str, link: Link, place: Place, directory: Directory, epochs: set[int]) -> None:
        """See that the author may write here by the roster; of contents nothing is known without a key."""
        event = link.event
        where = f"{name} entry {event.seq} of log {short(event.log)}"
        author = directory.member(event.author)
        if author is not None and not may_write(author, compartment_of(place.comp)):
            self._note(name, 2, f"{where} is by {author.label}, who may not write it there.")
        if event.epoch not in epochs:
            self._note(name, 2, f"{where} is of an epoch that nobody knows.")

    def _moved(self, checked: _Checked, link: Link) -> Finding | None:
        """Return a finding if a broken link is whole elsewhere, so that it was moved or copied, not damaged."""
        if self._searches >= _MAX_SEARCHES:
            return None
        self._searches += 1
        event, name = link.event, checked.file.name
        for other in self._checked:
            place = None
            with contextlib.suppress(VaultError):
                place = _place_of(event, other)
            if place is not None:
                log, seq = place
                line = f"{name} entry {event.seq} of log {short(event.log)} does not belong there: it was written as "
                return Finding(name, 2, f"{line}entry {seq} of log {short(log)} of {other.file.name}.")
        return None

    # -------------------------------------------------------------------------------------------- contents

    def _check_contents(self, directory: Directory, label: str, passphrase: str) -> None:
        member = directory.labelled(label)
        slot = slots.find([checked.file for checked in self._checked], member)
        identity = slots.open_slot(slot, member, passphrase, directory.vault)
        self._are_contents_read = True
        ids = Ids()
        for checked in sorted(self._checked, key=lambda checked: checked.place.comp):  # as the program reads them
            self._read_contents(checked, identity, directory, ids)
        for finding in (*ids.refused, *ids.clashes):
            self._keep(finding)

    def _read_contents(self, checked: _Checked, identity: Identity, directory: Directory, ids: Ids) -> None:
        if directory.may_hold(identity.public.id, checked.place.comp):
            with self.noting(checked.file.name):
                keys = held_keys(checked.file, checked.place, identity, directory)
                if keys is not None:
                    self._read_logs(checked, keys, directory, ids)

    def _read_logs(self, checked: _Checked, keys: CompartmentKeys, directory: Directory, ids: Ids) -> None:
        reader = LogReader(checked.file, keys, directory)
        for log in list(all_logs(checked.file)):
            read = reader.read(log)
            for finding in (*read.refused, *read.content_findings):
                self._keep(finding)
            for placed in read.entries:
                ids.is_first(placed)


def _place_of(event: Event, checked: _Checked) -> tuple[bytes, int] | None:
    """Return log and number under which *event* was written, if its predecessor still stands in *checked*."""
    for log, seq, h in heads(checked.file, checked.place):
        if event_hash(event.standing_at(log, seq + 1).aad(checked.place, h), event.nonce, event.ct) == event.h:
            return log, seq + 1
    return None
