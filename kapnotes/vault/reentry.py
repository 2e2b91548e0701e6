"""What was set aside goes into the vault when its author signs in: opened, and written anew under the keys of today.

An entry stays what it is, with its id, both its times and its author, who signs it once more; in a record that was
signed meanwhile it becomes a late entry. Nothing is written twice: what stands in the vault under its id is passed
over, and what was set aside goes only once all of it stands there.
"""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kapnotes.domain.entries import Entry, LateEntry, Newer, stands_after_sign_off
from kapnotes.domain.errors import KapnotesError, SignedOff, VaultError
from kapnotes.domain.members import Compartment
from kapnotes.vault import codec, grants
from kapnotes.vault.aside import Aside
from kapnotes.vault.chain import Event, Log, event_hashes, find_log, logs_of
from kapnotes.vault.compartment_file import CompartmentFile
from kapnotes.vault.head_keeping import HeadKeeper
from kapnotes.vault.identity import Identity
from kapnotes.vault.keyring import CompartmentKeys, Keyring
from kapnotes.vault.keys_log import Journals
from kapnotes.vault.layout import compartment_of, event_hash, id_bytes
from kapnotes.vault.open_vault import OpenVault
from kapnotes.vault.patients import find_cipher
from kapnotes.vault.reading import LogReader
from kapnotes.vault.sealed_rows import SealedRows
from kapnotes.vault.sign_off import SignOffDesk
from kapnotes.vault.waiting_lines import Waiting

REASON = "Noted in time; it waited in a second place, outside the vault, when this record was signed."


@dataclass(frozen=True, repr=False)
class _Opened:
    """A batch that was opened, and whom it is about."""

    entries: list[Entry]
    patient: bytes


class Reentry:
    """Takes in what is set aside, for one open vault; called behind its door."""

    def __init__(self, vault: OpenVault, journals: Journals, sign_offs: SignOffDesk, heads: HeadKeeper) -> None:
        self._vault = vault
        self._journals = journals
        self._sign_offs = sign_offs
        self._heads = heads

    def enter(self, keyring: Keyring, identity: Identity, aside: Aside) -> None:
        """Write what the member of *keyring* wrote and what is set aside; what cannot be written stays there."""
        person = self._vault.directory.person(id_bytes(keyring.member.member_id))
        mine = [one for one in aside.waiting if one.sealed.author in person]
        if not mine or self._vault.is_read_only:
            return
        done: list[Event] = []
        for one in mine:
            try:
                is_done = self._enter(keyring, identity, one, mine)
            except VaultError:  # the disk is in the way; the next sign-in tries again
                continue
            if is_done:
                done.append(one.sealed.last)
            else:
                aside.stuck.add(one.sealed.last)
        with contextlib.suppress(VaultError):  # it is found to be in the vault the next time
            aside.done(done)

    def _enter(self, keyring: Keyring, identity: Identity, one: Waiting, mine: Sequence[Waiting]) -> bool:
        """Write one batch; False where it cannot be opened, or may not stand."""
        compartment = compartment_of(one.comp)
        if compartment not in keyring.compartments:
            return False
        journal = self._journals.of(compartment)
        journal.settle()
        with contextlib.closing(_Opener(self._vault, keyring, identity, compartment)) as opener:
            opened = opener.opened(one.sealed, [other.sealed for other in mine if other.comp == one.comp])
        if opened is None:
            return False
        if self._vault.is_deleted(opened.patient):
            return True  # nobody reads anything of a deleted patient again, here neither
        known = self._known(keyring, compartment, {id_bytes(entry.scope_id) for entry in opened.entries})
        member = keyring.member.member_id
        entries = [replace(entry, author_id=member) for entry in opened.entries if entry.entry_id not in known]
        try:
            self._write(keyring, compartment, entries, opened.patient.hex())
        except VaultError:
            raise
        except (KapnotesError, ValueError):
            return False
        return True

    def _write(self, keyring: Keyring, compartment: Compartment, entries: list[Entry], patient_id: str) -> None:
        author = id_bytes(keyring.member.member_id)
        if not entries:
            return
        for entry in entries:
            if not self._vault.directory.may_stand(author, entry.body, compartment):
                raise ValueError("an entry that may not stand there")
        try:
            self._sign_offs.append(keyring, compartment, entries, patient_id)
        except SignedOff:
            entries = [self._late(entry) for entry in entries]
            self._sign_offs.append(keyring, compartment, entries, patient_id)
        self._heads.wrote(compartment, entries)

    def _late(self, entry: Entry) -> Entry:
        if stands_after_sign_off(entry.body) or isinstance(entry.body, Newer):
            return entry
        body = LateEntry(REASON, entry.body)  # type: ignore[arg-type]
        return replace(entry, entered=self._vault.clock.now(), body=body)

    def _known(self, keyring: Keyring, compartment: Compartment, sessions: set[bytes]) -> set[str]:
        """Return the ids under which the member's own entries stand in these sessions."""
        directory, file = self._vault.directory, self._vault.file(compartment)
        person = directory.person(id_bytes(keyring.member.member_id))
        reader = LogReader(file, keyring.keys_of(compartment), directory)
        own = [log for session in sessions for log in logs_of(file, session) if log.member in person]
        return {placed.entry.entry_id for log in own for placed in reader.read(log).entries}


class _Opener:
    """Opens batches of one compartment, with the keys of today and the older ones that came with them."""

    def __init__(self, vault: OpenVault, keyring: Keyring, identity: Identity, compartment: Compartment) -> None:
        self._file: CompartmentFile = vault.file(compartment)
        self._place = vault.place(compartment)
        self._directory = vault.directory
        self._identity = identity
        self._keys = keyring.keys_of(compartment)
        self._older: dict[int, CompartmentKeys] = {}

    def close(self) -> None:
        """Drop the older keys."""
        for keys in self._older.values():
            keys.drop()

    def opened(self, sealed: SealedRows, others: Sequence[SealedRows]) -> _Opened | None:
        """Return a batch opened, or None where that cannot be; *others* are of the same author and compartment."""
        self._take_grants(sealed)
        entries = []
        patient = None
        for event in sealed.events:
            log = self._log(event, [sealed, *others])
            patient = self._patient(log) if log is not None else None
            if log is None or patient is None:
                return None
            entry = self._entry(event, log, patient, [sealed, *others])
            if entry is None:
                return None
            entries.append(entry)
        return None if patient is None else _Opened(entries, patient)

    def _take_grants(self, sealed: SealedRows) -> None:
        """Open the older keys that were given to this member; each must be the key that its signed epoch names."""
        known = grants.epoch_rows(self._file)
        for (number, holder), signed in sealed.grants.items():
            epoch = known.get((self._place.comp, number))
            is_new = number != self._keys.epoch and number not in self._older
            if holder == self._identity.public.id and epoch is not None and is_new:
                with contextlib.suppress(VaultError):
                    named = grants.read_epoch(epoch, self._place.comp, number, self._directory, self._file.name)
                    cek = grants.open_grant(signed, named, self._place, self._identity, self._directory)
                    self._older[number] = CompartmentKeys(self._place, number, cek)

    def _every_key(self) -> list[CompartmentKeys]:
        return [self._keys, *self._older.values()]

    def _log(self, event: Event, batches: Sequence[SealedRows]) -> Log | None:
        begun = (log for sealed in batches for log in sealed.logs if log.id == event.log)
        return next(begun, None) or find_log(self._file, event.log)

    def _patient(self, log: Log) -> bytes | None:
        return next((found for keys in self._every_key() if (found := keys.unwrap_ref(log)) is not None), None)

    def _entry(self, event: Event, log: Log, patient: bytes, batches: Sequence[SealedRows]) -> Entry | None:
        aad = self._aad(event, log, batches)
        if aad is None:
            return None
        for cipher in self._ciphers(log, patient, batches[0]):
            with contextlib.suppress(InvalidTag, codec.Unreadable):
                padded = cipher.decrypt(event.nonce, event.ct, aad)
                return codec.decode(padded, event.author.hex(), log.session.hex())
        return None

    def _aad(self, event: Event, log: Log, batches: Sequence[SealedRows]) -> bytes | None:
        """Return what the entry authenticates, by the entry before it wherever that stands."""
        before = [log.digest(self._place)] if event.seq == 1 else event_hashes(self._file, log.id, event.seq - 1)
        every = (other for sealed in batches for other in sealed.events)
        before += [other.h for other in every if (other.log, other.seq) == (log.id, event.seq - 1)]
        found = (event.aad(self._place, previous) for previous in before)
        return next((aad for aad in found if event_hash(aad, event.nonce, event.ct) == event.h), None)

    def _ciphers(self, log: Log, patient: bytes, sealed: SealedRows) -> Iterator[AESGCM]:
        """Give the ciphers that it can be sealed with: by the patient's keys that came with it, and the vault's own."""
        for wrapped in sealed.keys:
            if (wrapped.patient, wrapped.born) == (patient, log.born):
                for keys in self._every_key():
                    cipher = keys.record_cipher(wrapped, log.session)
                    if cipher is not None:
                        yield cipher
        with contextlib.suppress(VaultError):
            own = find_cipher(self._file, self._keys, patient, log.born, log.session)
            if own is not None:
                yield own
