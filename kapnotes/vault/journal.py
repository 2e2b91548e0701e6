"""Writing: seals entries, chains and signs them, commits them, and never says "saved" of what is not on the disk.

After a failed write the handle is not trusted again. The file is opened anew, its end looked at, and the *same sealed
bytes* are written once more; if they stand there already, they are saved. Nothing else is written before that.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kapnotes.domain.custody import LogHead
from kapnotes.domain.entries import Entry, stands_after_sign_off
from kapnotes.domain.errors import DataDamaged, InputOutput, OutOfMemory, VaultError
from kapnotes.vault import codec
from kapnotes.vault.chain import Event, Log, find_log, last_events
from kapnotes.vault.compartment_file import CompartmentFile, Write
from kapnotes.vault.entropy import Entropy
from kapnotes.vault.faults import damaged
from kapnotes.vault.keyring import CompartmentKeys, Keyring, WrappedKey
from kapnotes.vault.layout import (
    AMENDMENT,
    MAX_SEQ,
    NO_ID,
    SUITE,
    Place,
    compartment_of,
    event_aad,
    event_hash,
    id_bytes,
    log_digest,
    short,
)
from kapnotes.vault.patients import find_cipher


@dataclass(frozen=True, slots=True)
class _Tail:
    """Where a log ends, and whom it is about."""

    patient: bytes
    seq: int
    h: bytes


@dataclass(repr=False)
class _Batch:
    """Sealed rows that are written together. `before` is where each log ended when they were sealed."""

    entries: tuple[Entry, ...]
    rows: list[Write] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    before: dict[bytes, _Tail] = field(default_factory=dict)
    tails: dict[bytes, _Tail] = field(default_factory=dict)
    new_patients: dict[bytes, WrappedKey] = field(default_factory=dict)


class Journal:
    """The writing side of one compartment's file. *will_write* is called before anything is written."""

    def __init__(
        self, file: CompartmentFile, place: Place, device: bytes, entropy: Entropy, will_write: Callable[[str], None]
    ) -> None:
        self.file = file
        self.place = place
        self._device = device
        self._entropy = entropy
        self._will_write = will_write
        self._tails: dict[bytes, _Tail] = {}
        self._unsaved: _Batch | None = None
        self._settled: dict[tuple[Entry, ...], LogHead] = {}

    def append(self, keyring: Keyring, entries: Sequence[Entry], patient_id: str) -> LogHead:
        """Write *entries* in one transaction and return the head of the last one's log; returning means saved.

        What an earlier call left unsettled is settled first: it stands on the disk already, or the same bytes are
        written now. Whoever hands in those entries again, also after others were written, gets their head.

        Raises:
            InputOutput: they are not saved, also at the second try; or what came before them cannot be settled.
            DataDamaged: the log to be continued is damaged, so nothing was written.
            ValueError: the ids are not ids, or the scope is known with another patient.
        """
        again = tuple(entries)
        self.settle()
        head = self._settled.pop(again, None)
        if head is None:
            batch = self._sealed(keyring, again, patient_id)
            self._save(batch)
            head = self._saved(batch)
        return head

    def append_with(self, also: Sequence[Write], keyring: Keyring, entries: Sequence[Entry], patient_id: str) -> None:
        """Write *entries* in one transaction with *also*, a change of keys; if that fails, it is not tried again later.

        Raises:
            VaultError: as `append`; what the disk holds is the state before the change or the one after it.
        """
        self.settle()
        batch = self._sealed(keyring, entries, patient_id)
        batch.rows[:0] = also
        try:
            self._save(batch)
        except VaultError:
            self._unsaved = None
            raise
        self._saved(batch)

    def has_sealed(self, entries: Sequence[Entry]) -> bool:
        """Tell whether these very entries were sealed by a call that did not return; they are written as they are."""
        again = tuple(entries)
        return again in self._settled or (self._unsaved is not None and self._unsaved.entries == again)

    def settle(self) -> None:
        """Save what an earlier call left unsettled, unless it stands on the disk already.

        Raises:
            InputOutput: it cannot be settled.
        """
        if self._unsaved is not None:
            before = self._unsaved
            self._save_again(before)
            self._settled[before.entries] = self._saved(before)

    def _saved(self, batch: _Batch) -> LogHead:
        """Note where the logs end now that *batch* is on the disk, and return its head."""
        self._tails.update(batch.tails)
        last = batch.events[-1]
        return LogHead(compartment_of(self.place.comp), last.log.hex(), last.seq, last.h.hex())

    # ------------------------------------------------------------------------------------------ sealing

    def _sealed(self, keyring: Keyring, entries: Sequence[Entry], patient_id: str) -> _Batch:
        keys = keyring.keys_of(compartment_of(self.place.comp))
        patient = id_bytes(patient_id)
        member = id_bytes(keyring.member.member_id)
        batch = _Batch(tuple(entries))
        for entry in entries:
            id_bytes(entry.entry_id)
            session = id_bytes(entry.scope_id)
            if (session == NO_ID) != (patient == NO_ID):
                raise ValueError("the vault's own log has no patient, and every other has one")
            cipher = self._cipher(batch, keys, patient, session)
            log, tail = self._log(batch, keys, member, patient, session)
            event = self._event(keyring, cipher, keys.epoch, log, tail, entry)
            batch.rows.append(event.row())
            batch.events.append(event)
            batch.tails[log] = _Tail(patient, event.seq, event.h)
        return batch

    def _cipher(self, batch: _Batch, keys: CompartmentKeys, patient: bytes, session: bytes) -> AESGCM:
        """Return the cipher of a session; a patient new to this compartment gets a key in the same transaction."""
        cipher = None
        if patient not in batch.new_patients:
            cipher = find_cipher(self.file, keys, patient, keys.epoch, session)
            if cipher is None:
                wrapped = keys.wrap_patient_key(self._entropy(32), patient, self._entropy(12))
                batch.new_patients[patient] = wrapped
                batch.rows.extend(wrapped.rows())
        if cipher is None:
            cipher = keys.record_cipher(batch.new_patients[patient], session)
        if cipher is None:
            raise damaged(self.file.name, "at a patient's key")
        return cipher

    def _log(
        self, batch: _Batch, keys: CompartmentKeys, member: bytes, patient: bytes, session: bytes
    ) -> tuple[bytes, _Tail]:
        """Return the id of the log to continue and where it ends; a new log gets its row in the same transaction."""
        digest = log_digest(self.place, session, member, self._device, keys.epoch)
        log = digest[:16]
        tail = batch.tails.get(log) or self._tails.get(log) or self._tail_on_disk(keys, log)
        if tail is None:
            nonce = self._entropy(12)
            ref = keys.wrap_ref(patient, log, nonce)
            row = Log(log, session, member, self._device, keys.epoch, keys.epoch, nonce, ref).row()
            batch.rows.append(row)
            tail = _Tail(patient, 0, digest)
        if tail.patient != patient:
            raise ValueError("this scope is known with another patient")
        if tail.seq >= MAX_SEQ:
            raise VaultError(
                "Log {short} of {name} is full. Begin a new session.", short=short(log), name=self.file.name
            )
        batch.before.setdefault(log, tail)
        return log, tail

    def _event(self, keyring: Keyring, cipher: AESGCM, epoch: int, log: bytes, tail: _Tail, entry: Entry) -> Event:
        """Return *entry* sealed, chained to *tail* and signed."""
        padded = codec.encode(entry)
        flags = AMENDMENT if stands_after_sign_off(entry.body) else 0
        author = id_bytes(entry.author_id)
        seq = tail.seq + 1
        nonce = self._entropy(12)
        aad = event_aad(self.place, SUITE, flags, epoch, log, seq, author, previous=tail.h)
        ct = cipher.encrypt(nonce, padded, aad)
        h = event_hash(aad, nonce, ct)
        return Event(log, seq, flags, SUITE, epoch, author, nonce, ct, h, keyring.signing.sign("event", h).sig)

    # ------------------------------------------------------------------------------------------- saving

    def _save(self, batch: _Batch) -> None:
        self._will_write(self.file.name)
        try:
            self.file.write(batch.rows)
        except (InputOutput, DataDamaged, OutOfMemory):
            self._save_again(batch)

    def _save_again(self, batch: _Batch) -> None:
        """Open the file anew and write the same bytes, unless they stand there already."""
        self._tails.clear()
        self._unsaved = batch
        try:
            self.file.reopen()
            if not self._stands(batch.events[-1]):
                self._see_that_it_follows(batch)
                self.file.write(batch.rows)
        except VaultError as error:
            raise InputOutput("The entry is not saved. {error}", error=error) from None
        self._unsaved = None

    def _stands(self, event: Event) -> bool:
        """Tell whether *event*, and so its whole transaction, is on the disk."""
        return any(there.h == event.h for there in last_events(self.file, event.log))

    def _see_that_it_follows(self, batch: _Batch) -> None:
        for log, tail in batch.before.items():
            newest = last_events(self.file, log)
            if (newest[0].h if newest else None) != (tail.h if tail.seq else None):
                raise damaged(self.file.name, f"at the end of log {short(log)}")

    def _tail_on_disk(self, keys: CompartmentKeys, log_id: bytes) -> _Tail | None:
        """Return where a log ends, after checking its last entry; None if it was never begun."""
        log = find_log(self.file, log_id)
        if log is None:
            return None
        patient = keys.unwrap_ref(log)
        if patient is None:
            raise damaged(self.file.name, f"at the head of log {short(log_id)}")
        newest = last_events(self.file, log_id)
        if not newest:
            return _Tail(patient, 0, log.digest(self.place))
        last = newest[0]
        previous = newest[1].h if len(newest) > 1 else log.digest(self.place)
        if event_hash(last.aad(self.place, previous), last.nonce, last.ct) != last.h:
            raise damaged(self.file.name, f"at entry {last.seq} of log {short(log_id)}")
        return _Tail(patient, last.seq, last.h)
