"""One open vault on the disk: its files, its directory, and what was changed since it was opened.

It knows no keys. Everything that is done with an open vault (`library`, `membership`) goes through one of these.
"""

import contextlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from kapnotes.domain.clock import Clock
from kapnotes.domain.errors import (
    HeaderDamaged,
    InputOutput,
    NewerFormat,
    ReadOnly,
    Tampered,
    VaultError,
    VaultInUse,
    VaultMissing,
)
from kapnotes.domain.members import SHARED, Compartment, Member
from kapnotes.vault import closing, files, grants, holder, recovery, slots
from kapnotes.vault.ballast import Ballast
from kapnotes.vault.compartment_file import Change, CompartmentFile, Row, Write
from kapnotes.vault.directory import Directory
from kapnotes.vault.door import Door
from kapnotes.vault.entropy import Entropy
from kapnotes.vault.faults import damaged, speaking_of
from kapnotes.vault.identity import PublicIdentity
from kapnotes.vault.layout import Place, comp_bytes, compartment_of, file_name, id_bytes
from kapnotes.vault.told_sheets import SheetsTold


class OpenVault:
    """The files of a vault, held against every other process; use its `door` around whatever belongs together."""

    def __init__(
        self, folder: Path, shared: CompartmentFile, directory: Directory, clock: Clock, ballast: Ballast
    ) -> None:
        self.folder = folder
        self.ballast = ballast
        self.directory = directory
        self.clock = clock
        self.door = Door()
        self.deleted: frozenset[bytes] = frozenset()
        """The patients whose keys were destroyed, as the one who signed in last reads it; see `deleted`."""
        self.sheets_put_back: set[bytes] = set()
        """The compartments of which a recovery sheet's row was gone from `shared` and stood in another file."""
        self.is_header_changed = False
        self.is_closed = False
        self.is_read_only = False
        """Whether the folder or its medium takes no writing; then no byte of it is changed."""
        self.closed_before: closing.Closing | None = None
        """The closing record that was found; None where the vault was not closed cleanly."""
        self._files = {SHARED: shared}
        self._changed: set[str] = set()
        with contextlib.suppress(VaultError):
            self.closed_before = closing.load(folder)

    @classmethod
    def open(cls, folder: Path, clock: Clock, entropy: Entropy) -> "OpenVault":
        """Open a vault that is there and hold it against every other process.

        Raises:
            VaultMissing: there is none; the line names the backups.
            VaultInUse: another process has it.
            HeaderDamaged, DataDamaged, Tampered, NewerFormat, InputOutput: `shared.kapdb` cannot be used.
        """
        path = folder / file_name(SHARED)
        with speaking_of(path.name):
            if not path.is_file():
                raise VaultMissing("{line}", line=files.missing_line(folder, path.name))
        is_writing = files.is_writable(path)
        try:
            shared = _opened(path, is_writing=is_writing)
        except VaultInUse:
            raise VaultInUse(holder.line(folder)) from None
        try:
            directory = _load_directory(folder, shared, is_writing=is_writing)
            _see_place(shared, Place(directory.vault, comp_bytes(SHARED)))
            if is_writing:
                holder.note(folder, clock)
        except BaseException:
            shared.close()
            raise
        vault = cls(folder, shared, directory, clock, Ballast(folder, entropy))
        vault.is_read_only = not is_writing
        return vault

    @property
    def vault(self) -> bytes:
        """Return the id of the vault, which its first roster fixes."""
        return self.directory.vault

    def see_that_it_is_open(self) -> None:
        """Raise `InputOutput` once the vault was closed."""
        if self.is_closed:
            raise InputOutput("The vault was closed. Open it again.")

    def see_that_it_takes_writing(self) -> None:
        """Raise `ReadOnly` where it does not."""
        if self.is_read_only:
            raise ReadOnly("The vault is read only here; nothing can be noted. Copy it to a writable place.")

    def place(self, compartment: Compartment) -> Place:
        """Return what everything in *compartment* is bound to."""
        return Place(self.vault, comp_bytes(compartment))

    def file(self, compartment: Compartment) -> CompartmentFile:
        """Return the file of *compartment*, opened at first use.

        Raises:
            VaultError: it cannot be used, or it is another vault's.
        """
        if compartment not in self._files:
            file = _opened(self.folder / file_name(compartment), is_writing=not self.is_read_only)
            try:
                _see_place(file, self.place(compartment))
            except BaseException:
                file.close()
                raise
            self._files[compartment] = file
        return self._files[compartment]

    @property
    def shared(self) -> CompartmentFile:
        """Return `shared.kapdb`."""
        return self._files[SHARED]

    def every_file(self) -> list[CompartmentFile]:
        """Return every compartment's file that opens; only their public tables are of use to whoever asks."""
        every = []
        for comp, _ in grants.epoch_rows(self.shared):
            with contextlib.suppress(VaultError):
                every.append(self.file(compartment_of(comp)))
        return every

    def hear(self, told: Mapping[bytes, SheetsTold], strangers: frozenset[bytes]) -> None:
        """Take what is read by a key: what the log of keys says of sheets, and who never held one.

        A sheet's row that was taken out of `shared` alone is put back at close.
        """
        if (told, strangers) == (self.directory.told, self.directory.strangers):
            return
        self.directory = self.directory.with_told(told, strangers)
        missing = self.directory.every_taken_out()
        if missing:
            with contextlib.suppress(VaultError):  # a copy that is no good mends nothing
                fuller = Directory.load([self.shared, *self.every_file()]).with_told(told, strangers)
                self.sheets_put_back |= missing - fuller.every_taken_out()
                self.directory = fuller
                self.is_header_changed = True

    def reload(self) -> None:
        """Read the directory anew, after a change of which only the disk knows whether it came about."""
        for file in self._files.values():
            file.reopen()
        self.directory = Directory.load([self.shared]).with_told(self.directory.told, self.directory.strangers)

    def slot(self, member: Member) -> slots.Slot:
        """Return the member's slot as it stands on the disk.

        Raises:
            HeaderDamaged: it is whole in no file.
        """
        self.see_that_it_is_open()
        try:
            return slots.find([self.shared], member)
        except HeaderDamaged:
            return slots.find(self.every_file(), member)

    # ------------------------------------------------------------------------------------------ writing

    def will_write(self, name: str) -> None:
        """Call it before the file *name* is written: from the first write on no closing record stands."""
        self.see_that_it_takes_writing()
        if not self._changed:
            closing.remove(self.folder)
        self._changed.add(name)

    def write(self, compartment: Compartment, rows: Sequence[Write], *, replacing: bool = False) -> None:
        """Write *rows* into one file in one transaction; returning means that they are on the disk.

        A COMMIT can fail and stand all the same. So the file is opened anew and looked at before anything is said.

        Raises:
            VaultError: the state before holds; or the text says that nobody knows until the vault is opened again.
        """
        if rows:
            file = self.file(compartment)
            self.will_write(file.name)
            error = _written(file, rows, replacing=replacing)
            if error is not None and self.make_room(error):
                error = _written(file, rows, replacing=replacing)
            if error is not None:
                raise error

    def is_deleted(self, patient: bytes) -> bool:
        """Tell whether a patient's keys were destroyed."""
        return patient in self.deleted

    def holders(self, comp: bytes) -> list[PublicIdentity]:
        """Return all who may hold the key of a compartment now."""
        return self.directory.holders(comp)

    def make_room(self, error: VaultError) -> bool:
        """Let the ballast go if *error* came of a full disk; tells whether there is more room now."""
        return self.ballast.let_go(error)

    # ------------------------------------------------------------------------------------------ closing

    def close(self) -> None:
        """Refresh the copies of the key header, write the closing record, let the files go.

        Raises:
            VaultError: the record could not be written; the vault is closed and whole all the same.
        """
        self.is_closed = True
        try:
            self._record_close()
        finally:
            self._let_go()

    def _record_close(self) -> None:
        if self.is_read_only or (self.closed_before is not None and not self._changed):
            return
        if self.closed_before is None or self.is_header_changed:
            self.refresh_copies()
        if closing.unfinished_writes(self.folder):
            return  # the next opening rolls it back, and so would differ from any record made now
        with closing.recorded(self.folder, self.vault.hex(), self.closed_before, self._changed):
            self._let_go()

    def refresh_copies(self) -> None:
        """Give every file all slots, public keys and rosters; a row damaged in one file is mended from another."""
        self.every_file()
        whole: dict[bytes, Row] = {}
        for file in self._files.values():
            with contextlib.suppress(VaultError):
                for member, (_, row) in slots.whole_slots(file).items():
                    if self.directory.member(member) is not None:  # who has left has no slot any more
                        whole.setdefault(member, row)
        wanted = [*self.directory.rows(), *whole.values()]
        for compartment, file in self._files.items():
            with contextlib.suppress(VaultError):
                self._refresh_copy(compartment, file, wanted)

    def _refresh_copy(self, compartment: Compartment, file: CompartmentFile, wanted: list[Row]) -> None:
        tables = ("identity", "slot", "roster", "recovery")
        there = {table: set(file.raw_rows(f"SELECT * FROM {table}")) for table in tables}  # noqa: S608
        changes: list[Write] = [row for row in wanted if row.values not in there[row.table]]
        left = {values[0] for values in there["slot"]} - {
            id_bytes(member.member_id) for member in self.directory.members
        }
        changes += [Change("DELETE FROM slot WHERE member IS ?", (member,)) for member in left]  # type: ignore[arg-type]
        self.write(compartment, changes, replacing=True)

    def _let_go(self) -> None:
        holder.forget(self.folder)
        for file in self._files.values():
            file.close()
        self._files.clear()


def _load_directory(folder: Path, shared: CompartmentFile, *, is_writing: bool) -> Directory:
    """Return the directory of `shared.kapdb`, mended by the copies in the other files where it is damaged."""
    directory = None
    with contextlib.suppress(HeaderDamaged, Tampered):
        directory = Directory.load([shared])
    if directory is not None and not directory.has_doubts and recovery.count_in(shared) == len(directory.recoveries):
        return directory
    try:
        with contextlib.ExitStack() as others:
            copies = [shared]
            for path in sorted(folder.glob("*.kapdb")):
                if path != shared.path:
                    with contextlib.suppress(VaultError):
                        file = _opened(path, is_writing=is_writing)
                        others.callback(file.close)
                        copies.append(file)
            return Directory.load(copies)
    except VaultError:
        if directory is None:
            raise
        return directory


def _written(file: CompartmentFile, rows: Sequence[Write], *, replacing: bool) -> VaultError | None:
    """Write *rows*; returns what kept them from standing there, having looked.

    Raises:
        InputOutput: nobody can look.
    """
    try:
        file.write(rows, replacing=replacing)
    except VaultError as error:
        try:
            file.reopen()
            return None if file.holds(rows) else error
        except VaultError as second:
            raise InputOutput(
                "{second} Whether the last change stands is not known: open the vault again and look.", second=second
            ) from None
    return None


def _opened(path: Path, *, is_writing: bool) -> CompartmentFile:
    """Open one file of the vault; what its closing record knows better is told."""
    closing.see_no_foreign_journal(path.parent, path.name)
    file = CompartmentFile(path, is_writing=is_writing)
    try:
        file.open()
    except NewerFormat:
        if closing.says_otherwise(path.parent, path.name):  # a flipped bit, no newer program
            raise damaged(path.name, "at its format number") from None
        raise
    return file


def _see_place(file: CompartmentFile, place: Place) -> None:
    if file.place() != place:
        raise Tampered("{name} belongs to another vault or another member. Restore a backup.", name=file.name)
