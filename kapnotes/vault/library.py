"""The vault as the rest of the program sees it: create, open, unlock, append, read, close.

One `Library` is one open vault. Its doors may be used from several threads: one call at a time goes through, only the
slow derivation of a key goes on beside the others.
"""

import contextlib
import shutil
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kapnotes.domain.clock import Clock
from kapnotes.domain.entries import Entry
from kapnotes.domain.errors import (
    HeaderDamaged,
    Implausible,
    InputOutput,
    NotEntitled,
    Tampered,
    VaultError,
    VaultInUse,
    VaultMissing,
)
from kapnotes.domain.members import MEDICAL, SHARED, Compartment, Member, Role, may_read, therapy_of
from kapnotes.domain.places import may_stand
from kapnotes.vault import closing, files, grants, holder, roster, slots
from kapnotes.vault.chain import first_logs, logs_of
from kapnotes.vault.compartment_file import CompartmentFile, Row, build
from kapnotes.vault.directory import Directory, folded
from kapnotes.vault.faults import damaged, speaking_of
from kapnotes.vault.findings import Finding
from kapnotes.vault.identity import SEED_LENGTH, Identity
from kapnotes.vault.journal import Entropy, Head, Journal
from kapnotes.vault.kdf import KdfCost
from kapnotes.vault.keyring import CompartmentKeys, Keyring, held_keys
from kapnotes.vault.layout import Place, comp_bytes, compartment_of, file_name, id_bytes, vault_id
from kapnotes.vault.reading import LogReader, ReadBack, merged

__all__ = ["VAULT_SCOPE", "Entropy", "Finding", "Head", "Keyring", "Library", "ReadBack", "Scope", "create"]

VAULT_SCOPE = "0" * 32
"""The scope of the vault's own log; its patient is zeros too."""


@dataclass(frozen=True, slots=True)
class Scope:
    """A session, or a patient (then both ids are equal). `patient_id` is empty if its reference is damaged."""

    scope_id: str
    patient_id: str


def create(
    folder: Path,
    label: str,
    roles: frozenset[Role],
    passphrase: str,
    *,
    cost: KdfCost,
    entropy: Entropy,
    clock: Clock,
) -> None:
    """Make a new vault with its first member, who becomes an administrator: a whole vault, or none.

    Raises:
        InputOutput: the path exists already, or the disk does not take it.
        Implausible: the label is none.
    """
    name = _clean_label(label)
    if folder.exists() or folder.is_symlink():
        raise InputOutput("{folder} exists already. A new vault needs a new place; nothing was changed.", folder=folder)
    seed = entropy(SEED_LENGTH)
    identity = Identity(seed)
    first = roster.genesis(roster.listed(identity.public.id, name, roles | {Role.ADMIN}))
    signed = roster.signed(first, identity.signing)
    vault = vault_id(signed.body)
    slot = slots.new_slot_row(seed, identity.public.id, vault, passphrase, cost, entropy)
    place = Place(vault, comp_bytes(SHARED))
    rows = [*Directory({identity.public.id: identity.public}, [(first, signed)]).rows(), slot]
    rows += grants.first_rows(entropy(grants.CEK_LENGTH), place, first.version, identity)
    part = folder.with_name(f".{folder.name}.part-{entropy(4).hex()}")
    with speaking_of(folder.name):
        try:
            part.mkdir(mode=0o700)
            build(part / file_name(SHARED), place, rows)
            library = Library.open(part, device_id="0" * 32, entropy=entropy, clock=clock)
            try:
                library.sign_in(identity)
            finally:
                library.close()
            if folder.exists():
                raise InputOutput(
                    "{folder} exists already. A new vault needs a new place; nothing was changed.", folder=folder
                )
            part.rename(folder)
            files.sync_folder(folder.parent)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise


class Library:
    """One open vault. Make it with `open`; close it with `close`."""

    def __init__(
        self, folder: Path, shared: CompartmentFile, directory: Directory, device: bytes, entropy: Entropy
    ) -> None:
        self._folder = folder
        self._directory = directory
        self._device = device
        self._entropy = entropy
        self._files = {SHARED: shared}
        self._journals: dict[Compartment, Journal] = {}
        self._keyrings: list[Keyring] = []
        self._door = threading.RLock()
        self._changed: set[str] = set()
        self._is_header_changed = False
        self._is_closed = False
        self._closed_before: closing.Closing | None = None
        with contextlib.suppress(VaultError):
            self._closed_before = closing.load(folder)

    def __repr__(self) -> str:
        return f"<library {self.vault_id}>"

    @classmethod
    def open(cls, folder: Path, *, device_id: str, entropy: Entropy, clock: Clock) -> "Library":
        """Open a vault that is there and hold it against every other process.

        Raises:
            VaultMissing: there is none; the line names the backups.
            VaultInUse: another process has it.
            HeaderDamaged, DataDamaged, Tampered, NewerFormat, InputOutput: `shared.kapdb` cannot be used.
        """
        device = id_bytes(device_id)
        path = folder / file_name(SHARED)
        if not path.is_file():
            raise VaultMissing(
                "There is no vault in {folder}: {name} is missing. {files}",
                folder=folder,
                name=path.name,
                files=files.backups_line(folder),
            )
        shared = CompartmentFile(path)
        try:
            shared.open()
        except VaultInUse:
            raise VaultInUse(holder.line(folder)) from None
        try:
            directory = _load_directory(folder, shared)
            _see_place(shared, Place(directory.vault, comp_bytes(SHARED)))
            holder.note(folder, clock)
        except BaseException:
            shared.close()
            raise
        return cls(folder, shared, directory, device, entropy)

    @property
    def vault_id(self) -> str:
        """Return the id of the vault, which its first roster fixes."""
        return self._directory.vault.hex()

    def members(self) -> tuple[Member, ...]:
        """Return the members of the newest roster; no passphrase is needed."""
        return self._directory.members

    # ------------------------------------------------------------------------------------------ members

    def unlock(self, label: str, passphrase: str) -> Keyring:
        """Return the keys of a member. May be called from any thread: while the key is derived, others write and read.

        Raises:
            WrongPassphrase: it is not the passphrase, or there is no such member.
            HeaderDamaged: the keys cannot be read from any copy.
            OutOfMemory: the passphrase was not checked.
            VaultError: a file that the member is entitled to cannot be used; the text names it.
        """
        with self._door:
            member = self._directory.labelled(label)
            slot = self._slot(member)
        identity = slots.open_slot(slot, member, passphrase, self._directory.vault)
        return self.sign_in(identity)

    def sign_in(self, identity: Identity) -> Keyring:
        """Return the keys of an identity that is already open; for `create` and `unlock`."""
        with self._door:
            self._see_that_it_is_open()
            member = self._directory.member(identity.public.id)
            if member is None:
                raise HeaderDamaged("The key header is damaged. Restore a backup or use the recovery sheet.")
            held: dict[Compartment, CompartmentKeys] = {}
            for compartment in _entitled(member):
                keys = self._keys(compartment, identity)
                if keys is not None:
                    held[compartment] = keys
            keyring = Keyring(member, identity.signing, held)
            self._keyrings.append(keyring)
            for compartment in (SHARED, MEDICAL):
                self._write(compartment, self._missing_grants(keyring, compartment))
            return keyring

    def lock(self, keyring: Keyring) -> None:
        """Drop the keys of a keyring."""
        with self._door:
            keyring.drop()
            self._keyrings = [other for other in self._keyrings if other is not keyring]

    def add_member(self, by: Keyring, label: str, passphrase: str, roles: frozenset[Role], *, cost: KdfCost) -> Member:
        """Add a member with an own passphrase.

        Whoever holds a key that the new member is entitled to gives it: *by* now, another one at the next sign-in. The
        process notes of a therapist begin at that therapist's own first sign-in.

        Raises:
            NotEntitled: *by* is no administrator.
            Implausible: the label is taken or none, or there is no role.
        """
        seed = self._entropy(SEED_LENGTH)
        new = Identity(seed).public
        self._see_that_it_may_be_added(by, label, roles)
        slot = slots.new_slot_row(seed, new.id, self._directory.vault, passphrase, cost, self._entropy)
        with self._door:
            self._see_that_it_may_be_added(by, label, roles)
            before = self._directory
            line = roster.listed(new.id, _clean_label(label), roles)
            version = roster.with_member(before.roster, before.signed_roster.body, line)
            directory = before.extended(new, version, roster.signed(version, by.signing))
            rows = [*directory.newest_rows(new.id), slot]
            self._write(SHARED, [*rows, *self._missing_grants(by, SHARED, directory)])
            self._directory = directory
            self._is_header_changed = True
            self._write(MEDICAL, self._missing_grants(by, MEDICAL))
            member = directory.member(new.id)
            assert member is not None  # noqa: S101
            return member

    # ------------------------------------------------------------------------------------------ entries

    def append(self, keyring: Keyring, compartment: Compartment, entry: Entry, *, patient_id: str) -> Head:
        """Write one entry; see `append_all`."""
        return self.append_all(keyring, compartment, [entry], patient_id=patient_id)

    def append_all(
        self, keyring: Keyring, compartment: Compartment, entries: Sequence[Entry], *, patient_id: str
    ) -> Head:
        """Write entries about one patient in one transaction; returning means that they are on the disk.

        Raises:
            NotEntitled: an entry is not the member's own, or may not stand there.
            InputOutput: nothing is saved; the same call again writes the same bytes, or finds them there. Until they
                are settled, nothing else is written into this compartment.
            Implausible, ValueError: an entry can never be kept; ask `codec.require_storable` before it is accepted.
            VaultError: the log cannot be continued; the text names it.
            ValueError: no entries, ids that are none, or a scope known with another patient.
        """
        if not entries:
            raise ValueError("no entries")
        with self._door:
            self._see_that_it_is_open()
            keyring.keys_of(compartment)
            for entry in entries:
                self._see_that_it_may_stand(keyring, compartment, entry)
            return self._journal(compartment).append(keyring, entries, patient_id)

    def scopes(self, keyring: Keyring, *, newest_first: bool = True, limit: int | None = None) -> list[Scope]:
        """Return the sessions and patients that `shared` knows, ordered by when each was begun; not the vault's own."""
        with self._door:
            self._see_that_it_is_open()
            keys = keyring.keys_of(SHARED)
            logs = first_logs(self._files[SHARED], newest_first=newest_first, limit=limit)
            return [Scope(log.session.hex(), (keys.unwrap_ref(log) or b"").hex()) for log in logs]

    def read(self, keyring: Keyring, scope_id: str, *, only: Compartment | None = None) -> ReadBack:
        """Return a scope's entries with what was refused and what is wrong, from *only* one compartment or all held.

        Two members' entries under one id are both returned, with a finding; a member's second one is refused.

        Raises:
            VaultError: a file cannot be read at all; a damaged entry is only a finding.
        """
        session = id_bytes(scope_id)
        logs = []
        with self._door:
            self._see_that_it_is_open()
            keyring.see_that_it_is_unlocked()
            for compartment in keyring.compartments if only is None else (only,):
                file = self._file(compartment)
                reader = LogReader(file, keyring.keys_of(compartment), self._directory)
                logs += [reader.read(log) for log in logs_of(file, session)]
        return merged(logs)

    def close(self) -> None:
        """Drop all keys, refresh the copies of the key header, write the closing record, let the files go.

        Raises:
            VaultError: the record could not be written; the vault is closed and whole all the same.
        """
        with self._door:
            if self._is_closed:
                return
            self._is_closed = True
            for keyring in self._keyrings:
                keyring.drop()
            self._keyrings.clear()
            try:
                self._record_close()
            finally:
                self._let_go()

    # ------------------------------------------------------------------------------------------- inside

    def _slot(self, member: Member) -> slots.Slot:
        self._see_that_it_is_open()
        try:
            return slots.find([self._files[SHARED]], member)
        except HeaderDamaged:
            return slots.find(self._every_file(), member)

    def _every_file(self) -> list[CompartmentFile]:
        """Return every compartment's file that opens; only their public tables are of use to whoever asks."""
        every = []
        for comp, _ in grants.epoch_rows(self._files[SHARED]):
            with contextlib.suppress(VaultError):
                every.append(self._file(compartment_of(comp)))
        return every

    def _file(self, compartment: Compartment) -> CompartmentFile:
        if compartment not in self._files:
            file = CompartmentFile(self._folder / file_name(compartment))
            file.open()
            try:
                _see_place(file, self._place(compartment))
            except BaseException:
                file.close()
                raise
            self._files[compartment] = file
        return self._files[compartment]

    def _place(self, compartment: Compartment) -> Place:
        return Place(self._directory.vault, comp_bytes(compartment))

    def _journal(self, compartment: Compartment) -> Journal:
        if compartment not in self._journals:
            place = self._place(compartment)
            file = self._file(compartment)
            self._journals[compartment] = Journal(file, place, self._device, self._entropy, self._will_write)
        return self._journals[compartment]

    def _keys(self, compartment: Compartment, identity: Identity) -> CompartmentKeys | None:
        """Return a compartment's keys for *identity*; None where no holder has granted them yet."""
        place = self._place(compartment)
        self._make_if_new(compartment, place, identity)
        return held_keys(self._file(compartment), place, identity, self._directory)

    def _make_if_new(self, compartment: Compartment, place: Place, identity: Identity) -> None:
        """Begin a compartment at the first sign-in of one who is entitled; what was begun once is never made again."""
        shared = self._files[SHARED]
        if any(comp == place.comp for comp, _ in grants.epoch_rows(shared)):
            return
        path = self._folder / file_name(compartment)
        if self._closed_before is not None and path.name in {state.name for state in self._closed_before.files}:
            raise damaged("shared.kapdb", f"and no longer knows {path.name}")
        if not path.exists():
            self._will_write(path.name)
            cek = self._entropy(grants.CEK_LENGTH)
            build(path, place, grants.first_rows(cek, place, self._directory.roster.version, identity))
        file = self._file(compartment)  # perhaps one whose making was cut short before the next line
        grants.current_epoch(file, place, self._directory)
        begun = [Row("epoch", (*index, s.body, s.by, s.sig)) for index, s in grants.epoch_rows(file).items()]
        self._write(SHARED, begun)
        self._is_header_changed = True

    def _missing_grants(
        self, keyring: Keyring, compartment: Compartment, directory: Directory | None = None
    ) -> list[Row]:
        """Return grants for those who are entitled and have none yet, as far as *keyring* can give them."""
        if compartment not in keyring.compartments:
            return []
        directory = directory or self._directory
        keys = keyring.keys_of(compartment)
        granted = {to for epoch, to in grants.grant_rows(self._file(compartment)) if epoch == keys.epoch}
        entitled = [id_bytes(m.member_id) for m in directory.members if may_read(m, compartment)]
        return [keys.grant(directory.identity(to), keyring.signing) for to in entitled if to not in granted]

    def _see_that_it_may_be_added(self, by: Keyring, label: str, roles: frozenset[Role]) -> None:
        with self._door:
            self._see_that_it_is_open()
            by.keys_of(SHARED)
            if id_bytes(by.member.member_id) not in self._directory.roster.admins():
                raise NotEntitled("{label} is no administrator; only one can add members.", label=by.member.label)
            name = _clean_label(label)
            if not roles:
                raise Implausible("{name} needs a role.", name=name)
            if any(folded(member.label) == folded(name) for member in self.members()):
                raise Implausible("There is a member {name} already.", name=name)

    def _see_that_it_may_stand(self, keyring: Keyring, compartment: Compartment, entry: Entry) -> None:
        if entry.author_id != keyring.member.member_id:
            raise NotEntitled("{label} can write only own entries.", label=keyring.member.label)
        author = self._directory.member(id_bytes(entry.author_id))
        if author is None or not may_stand(entry.body, author, compartment):
            kind = compartment.kind.name.lower()
            raise NotEntitled(
                "{label} may not write this into the {kind} compartment.", label=keyring.member.label, kind=kind
            )

    def _see_that_it_is_open(self) -> None:
        if self._is_closed:
            raise InputOutput("The vault was closed. Open it again.")

    def _will_write(self, name: str) -> None:
        if not self._changed:
            closing.remove(self._folder)
        self._changed.add(name)

    def _write(self, compartment: Compartment, rows: Sequence[Row], *, replacing: bool = False) -> None:
        if rows:
            file = self._file(compartment)
            self._will_write(file.name)
            file.write(rows, replacing=replacing)

    def _record_close(self) -> None:
        if self._closed_before is not None and not self._changed:
            return
        if self._closed_before is None or self._is_header_changed:
            self._refresh_copies()
        if closing.unfinished_writes(self._folder):
            return  # the next opening rolls it back, and so would differ from any record made now
        with closing.recorded(self._folder, self.vault_id, self._closed_before, self._changed):
            self._let_go()

    def _refresh_copies(self) -> None:
        """Give every file all slots, public keys and rosters; a row damaged in one file is mended from another."""
        self._every_file()
        whole: dict[bytes, Row] = {}
        for file in self._files.values():
            with contextlib.suppress(VaultError):
                for member, (_, row) in slots.whole_slots(file).items():
                    whole.setdefault(member, row)
        wanted = [*self._directory.rows(), *whole.values()]
        for compartment, file in self._files.items():
            with contextlib.suppress(VaultError):
                self._refresh_copy(compartment, file, wanted)

    def _refresh_copy(self, compartment: Compartment, file: CompartmentFile, wanted: list[Row]) -> None:
        there = {table: set(file.raw_rows(f"SELECT * FROM {table}")) for table in ("identity", "slot", "roster")}  # noqa: S608
        self._write(compartment, [row for row in wanted if row.values not in there[row.table]], replacing=True)

    def _let_go(self) -> None:
        holder.forget(self._folder)
        for file in self._files.values():
            file.close()
        self._files.clear()
        self._journals.clear()


def _load_directory(folder: Path, shared: CompartmentFile) -> Directory:
    """Return the directory of `shared.kapdb`, mended by the copies in the other files where it is damaged."""
    try:
        return Directory.load([shared])
    except (HeaderDamaged, Tampered):
        with contextlib.ExitStack() as others:
            copies = [shared]
            for path in sorted(folder.glob("*.kapdb")):
                if path != shared.path:
                    file = CompartmentFile(path)
                    with contextlib.suppress(VaultError):
                        file.open()
                        others.callback(file.close)
                        copies.append(file)
            return Directory.load(copies)


def _see_place(file: CompartmentFile, place: Place) -> None:
    if file.place() != place:
        raise Tampered("{name} belongs to another vault or another member. Restore a backup.", name=file.name)


def _entitled(member: Member) -> list[Compartment]:
    every = (SHARED, MEDICAL, therapy_of(member.member_id))
    return [compartment for compartment in every if may_read(member, compartment)]


def _clean_label(label: str) -> str:
    name = " ".join(label.split())
    if not 1 <= len(name) <= 64 or not name.isprintable():
        raise Implausible("A member's name has 1 to 64 printable characters.")
    return name
