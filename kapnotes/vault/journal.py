"""Writing: seals entries, chains and signs them, commits them, and never says "saved" of what is not on the disk.

After a failed write the handle is not trusted again. The file is opened anew, its end looked at, and the *same sealed
bytes* are written once more; if they stand there already, they are saved. What the disk still does not take waits, in
its order: in a second place if there is one (`spill.py`), and then more may be sealed behind it; else nothing more is.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import NoReturn, Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kapnotes.domain.custody import LogHead
from kapnotes.domain.entries import Entry, stands_after_sign_off
from kapnotes.domain.errors import InputOutput, PatientDeleted, SavedElsewhere, VaultError, VaultMissing
from kapnotes.vault import codec
from kapnotes.vault.batch import Batch, Tail, taken_in
from kapnotes.vault.chain import Event, Log
from kapnotes.vault.compartment_file import CompartmentFile, Write
from kapnotes.vault.continuing import missing_rows, tail_on_disk, tail_waiting
from kapnotes.vault.entropy import Entropy
from kapnotes.vault.faults import damaged
from kapnotes.vault.identity import PublicIdentity
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
from kapnotes.vault.patients import find_key
from kapnotes.vault.sealed_rows import SealedRows
from kapnotes.vault.spill import Spill


class Room(Protocol):
    """What a journal needs of the vault around it."""

    def will_write(self, name: str) -> None:
        """Get ready for a write into the file *name*."""
        ...

    def is_deleted(self, patient: bytes) -> bool:
        """Tell whether a patient's keys were destroyed."""
        ...

    def holders(self, comp: bytes) -> Sequence[PublicIdentity]:
        """Return all who may hold the key of a compartment."""
        ...

    def make_room(self, error: VaultError) -> bool:
        """Make room on the disk if *error* came of a full one; tells whether there is more now."""
        ...


class Journal:
    """The writing side of one compartment's file."""

    def __init__(
        self,
        file: CompartmentFile,
        place: Place,
        device: bytes,
        entropy: Entropy,
        room: Room,
        spill: Spill,
    ) -> None:
        self.file = file
        self.place = place
        self._device = device
        self._entropy = entropy
        self._room = room
        self._spill = spill
        self._tails: dict[bytes, Tail] = {}
        self._keys: dict[tuple[bytes, int], WrappedKey] = {}
        self._settled: dict[tuple[Entry, ...], LogHead] = {}
        self._waiting: list[Batch] = []

    def take_in(self, batches: Sequence[SealedRows]) -> None:
        """Let rows that an earlier run left in a second place wait for the file, behind what waits already."""
        self._waiting += [taken_in(sealed) for sealed in batches]

    def append(self, keyring: Keyring, entries: Sequence[Entry], patient_id: str) -> LogHead:
        """Write *entries* in one transaction and return the head of the last one's log; returning means saved.

        Whoever hands in the same entries again is told what became of them. What waits and is in no second place is
        settled before anything more is sealed.

        Raises:
            SavedElsewhere: they are sealed and kept in a second place; `settle` takes them into the file.
            InputOutput: they are not saved, also at the second try; or what came before them cannot be settled.
            DataDamaged: the log to be continued is damaged, so nothing was written.
            PatientDeleted: the patient's keys were destroyed.
            ValueError: the ids are not ids, or the scope is known with another patient.
        """
        again = tuple(entries)
        if self._waiting and not self._waiting[-1].is_spilled:
            with suppress(SavedElsewhere):  # that is said of what came before, not of these
                self.settle()
        if again in self._settled:
            return self._settled.pop(again)
        if any(batch.entries == again for batch in self._waiting):
            raise _kept_elsewhere()
        batch = self._sealed(keyring, again, patient_id)
        self._tails.update(batch.tails)
        self._waiting.append(batch)
        if len(self._waiting) > 1:
            self._add_keys(batch, keyring)
            self._keep_elsewhere()
        try:
            self._write(batch.rows)
        except VaultError:
            self._add_keys(batch, keyring)
            self.settle()
            return self._settled.pop(again)
        self._waiting.clear()
        return self._head(batch)

    def heads(self) -> list[LogHead]:
        """Return where the logs end that were written to since the file was opened; none while anything waits."""
        if self._waiting:
            return []
        compartment = compartment_of(self.place.comp)
        return [LogHead(compartment, log.hex(), tail.seq, tail.h.hex()) for log, tail in self._tails.items()]

    def append_with(self, also: Sequence[Write], keyring: Keyring, entries: Sequence[Entry], patient_id: str) -> None:
        """Write *entries* in one transaction with *also*, a change of keys; if that fails, it is not tried again later.

        Raises:
            VaultError: as `append`; what the disk holds is the state before the change or the one after it.
        """
        try:
            self.settle()
        except SavedElsewhere as before:  # said of what came before; a change of keys is never kept elsewhere
            raise _not_saved(before) from None
        batch = self._sealed(keyring, entries, patient_id)
        try:
            self._write([*also, *batch.rows])
        except VaultError:
            self._tails.clear()
            error = self._tried_anew([batch], also)
            if error is not None:
                raise _not_saved(error) from None
        self._tails.update(batch.tails)

    def know(self, keyring: Keyring, patient_id: str) -> None:
        """See that the patient has a key here, so that what is typed can be sealed before the first entry stands.

        Raises:
            InputOutput: the key is not on the disk, or an earlier write cannot be settled.
            DataDamaged: the patient has a key and no copy of it opens.
        """
        keys = keyring.keys_of(compartment_of(self.place.comp))
        patient = id_bytes(patient_id)
        self.settle()
        if find_key(self.file, keys, patient, keys.epoch, NO_ID) is None:
            self._see_that_it_may_have_a_key(patient)
            try:
                self._write(keys.wrap_patient_key(self._entropy(32), patient, self._entropy(12)).rows())
            except VaultError:
                self._tails.clear()
                self.file.reopen()
                raise

    @property
    def is_settled(self) -> bool:
        """Tell whether everything that was handed in is on the disk."""
        return not self._waiting

    def look_again(self) -> None:
        """Forget where the logs end and how patients' keys are wrapped; the next entry looks at the disk."""
        self._tails.clear()
        self._keys.clear()

    def has_sealed(self, entries: Sequence[Entry]) -> bool:
        """Tell whether these very entries were sealed by a call that did not return; they are written as they are."""
        again = tuple(entries)
        return again in self._settled or any(batch.entries == again for batch in self._waiting)

    def has_unknown_of(self, author: bytes) -> bool:
        """Tell whether sealed entries of that member wait whose content nobody here knows any more."""
        unknown = (batch for batch in self._waiting if not batch.entries)
        return any(event.author == author for batch in unknown for event in batch.events)

    def settle(self) -> None:
        """Open the file anew and write all that waits, unless it stands there already.

        Raises:
            SavedElsewhere: the disk still does not take it; it is in a second place.
            InputOutput: the disk still does not take it, and no second place does.
        """
        if not self._waiting:
            return
        error = self._tried_anew(self._waiting)
        if error is not None:
            self._keep_elsewhere(error)
        self._settled.update({batch.entries: self._head(batch) for batch in self._waiting if batch.entries})
        written = [batch.events[-1] for batch in self._waiting]
        self._waiting.clear()
        self._spill.done(written)

    def forget(self, author_id: str) -> None:
        """Keep no entry of that member in memory; what waits of it stays sealed."""
        for batch in self._waiting:
            if any(entry.author_id == author_id for entry in batch.entries):
                batch.entries = ()
        self._settled = {
            entries: head
            for entries, head in self._settled.items()
            if all(entry.author_id != author_id for entry in entries)
        }

    def _head(self, batch: Batch) -> LogHead:
        last = batch.events[-1]
        return LogHead(compartment_of(self.place.comp), last.log.hex(), last.seq, last.h.hex())

    # ------------------------------------------------------------------------------------------ sealing

    def _sealed(self, keyring: Keyring, entries: Sequence[Entry], patient_id: str) -> Batch:
        keys = keyring.keys_of(compartment_of(self.place.comp))
        patient = id_bytes(patient_id)
        member = id_bytes(keyring.member.member_id)
        batch = Batch(tuple(entries))
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
            batch.tails[log] = Tail(patient, event.seq, event.h)
        return batch

    def _cipher(self, batch: Batch, keys: CompartmentKeys, patient: bytes, session: bytes) -> AESGCM:
        """Return the cipher of a session; a patient new to this compartment gets a key in the same transaction."""
        new = [b.new_patients[patient] for b in (*self._waiting, batch) if patient in b.new_patients]
        if not new:
            found = self._found_key(keys, patient, session)
            if found is not None:
                return found
            self._see_that_it_may_have_a_key(patient)
            wrapped = keys.wrap_patient_key(self._entropy(32), patient, self._entropy(12))
            batch.new_patients[patient] = wrapped
            batch.rows.extend(wrapped.rows())
            new.append(wrapped)
        cipher = keys.record_cipher(new[-1], session)
        if cipher is None:
            raise damaged(self.file.name, "at a patient's key")
        return cipher

    def _see_that_it_may_have_a_key(self, patient: bytes) -> None:
        """Whoever is deleted never gets a key again."""
        if self._room.is_deleted(patient):
            raise PatientDeleted("This patient was deleted; nothing can be written about the patient any more.")

    def _found_key(self, keys: CompartmentKeys, patient: bytes, session: bytes) -> AESGCM | None:
        """Return the cipher by the patient's key in the file; a disk that is gone is helped out by what was read."""
        index = (patient, keys.epoch)
        try:
            found = find_key(self.file, keys, patient, keys.epoch, session)
        except (InputOutput, VaultMissing):
            if index not in self._keys:
                raise
            return keys.record_cipher(self._keys[index], session)
        if found is None:
            return None
        self._keys[index], cipher = found
        return cipher

    def _log(
        self, batch: Batch, keys: CompartmentKeys, member: bytes, patient: bytes, session: bytes
    ) -> tuple[bytes, Tail]:
        """Return the id of the log to continue and where it ends; a new log gets its row in the same transaction."""
        digest = log_digest(self.place, session, member, self._device, keys.epoch)
        log = digest[:16]
        tail = (
            batch.tails.get(log)
            or self._tails.get(log)
            or tail_waiting(self.file, self._waiting, keys, log)
            or tail_on_disk(self.file, keys, log)
        )
        if tail is None:
            nonce = self._entropy(12)
            ref = keys.wrap_ref(patient, log, nonce)
            batch.logs[log] = Log(log, session, member, self._device, keys.epoch, keys.epoch, nonce, ref)
            batch.rows.append(batch.logs[log].row())
            tail = Tail(patient, 0, digest)
        if tail.patient != patient:
            raise ValueError("this scope is known with another patient")
        if tail.seq >= MAX_SEQ:
            raise VaultError(
                "Log {short} of {name} is full. Begin a new session.", short=short(log), name=self.file.name
            )
        return log, tail

    def _event(self, keyring: Keyring, cipher: AESGCM, epoch: int, log: bytes, tail: Tail, entry: Entry) -> Event:
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

    def _write(self, rows: Sequence[Write]) -> None:
        self._room.will_write(self.file.name)
        self.file.write(rows)

    def _tried_anew(self, batches: Sequence[Batch], also: Sequence[Write] = ()) -> VaultError | None:
        """Open the file anew and write what does not stand there; returns what keeps it from that.

        Where the disk is full and room can be made, it is tried once more.
        """
        error = self._tried_once(batches, also)
        if error is not None and self._room.make_room(error):
            error = self._tried_once(batches, also)
        return error

    def _tried_once(self, batches: Sequence[Batch], also: Sequence[Write]) -> VaultError | None:
        try:
            self.file.reopen()
            rows = missing_rows(self.file, self.place, batches)
            if rows:
                self._write([*also, *rows])
        except VaultError as error:
            return error
        return None

    def _add_keys(self, batch: Batch, keyring: Keyring) -> None:
        """See that its author can open a log that begins in a second place after the compartment got another key.

        Of others the vault has all that it needs: it wraps references and patients' keys anew.
        """
        if batch.logs or batch.new_patients:
            keys = keyring.keys_of(compartment_of(self.place.comp))
            me = id_bytes(keyring.member.member_id)
            own = (holder for holder in self._room.holders(self.place.comp) if holder.id == me)
            batch.grants = [keys.grant(to, keyring.signing) for to in own]

    def _keep_elsewhere(self, error: VaultError | None = None) -> NoReturn:
        """Put what waits into the second place and say so."""
        for batch in self._waiting:
            if not batch.is_spilled:
                try:
                    self._spill.add(self.place.comp, [*batch.rows, *batch.grants])
                except VaultError as second:
                    raise _not_saved(error or second) from None
                batch.is_spilled = True
        raise _kept_elsewhere()


def _kept_elsewhere() -> SavedElsewhere:
    return SavedElsewhere("Kept in a second place: the disk of the vault does not take it. It is tried again.")


def _not_saved(error: VaultError) -> InputOutput:
    return InputOutput("The entry is not saved. {error}", error=error)
