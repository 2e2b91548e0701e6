"""Opening sealed rows that stand outside the vault, with the keys of today and the older ones that came with them."""

import contextlib
from collections.abc import Iterator, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kapnotes.domain.entries import Entry
from kapnotes.domain.errors import VaultError
from kapnotes.domain.members import Compartment
from kapnotes.vault import codec, grants
from kapnotes.vault.chain import Event, Log, event_hashes, find_log
from kapnotes.vault.compartment_file import CompartmentFile
from kapnotes.vault.identity import Identity
from kapnotes.vault.keyring import CompartmentKeys, Keyring
from kapnotes.vault.layout import event_hash
from kapnotes.vault.open_vault import OpenVault
from kapnotes.vault.patients import find_cipher
from kapnotes.vault.sealed_rows import SealedRows


class Opener:
    """Opens batches of one compartment for a member; the older keys need the member's *identity*."""

    def __init__(self, vault: OpenVault, keyring: Keyring, identity: Identity | None, compartment: Compartment) -> None:
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

    def patient(self, batches: Sequence[SealedRows]) -> bytes | None:
        """Return whom the first of *batches* is about, if that can be opened; the others are of the same author."""
        if self._identity is not None:
            self._take_grants(batches[0], self._identity)
        log = self._log(batches[0].last, batches)
        return self._patient(log) if log is not None else None

    def entries(self, batches: Sequence[SealedRows], patient: bytes) -> list[Entry] | None:
        """Return the entries of the first of *batches*, which is about *patient*, or None where one does not open."""
        found = []
        for event in batches[0].events:
            log = self._log(event, batches)
            entry = self._entry(event, log, patient, batches) if log is not None else None
            if entry is None:
                return None
            found.append(entry)
        return found

    def _take_grants(self, sealed: SealedRows, identity: Identity) -> None:
        """Open the older keys that were given to this member; each must be the key that its signed epoch names."""
        known = grants.epoch_rows(self._file)
        for (number, holder), signed in sealed.grants.items():
            epoch = known.get((self._place.comp, number))
            is_new = number != self._keys.epoch and number not in self._older
            if holder == identity.public.id and epoch is not None and is_new:
                with contextlib.suppress(VaultError):
                    named = grants.read_epoch(epoch, self._place.comp, number, self._directory, self._file.name)
                    cek = grants.open_grant(signed, named, self._place, identity, self._directory)
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
        for cipher in self._ciphers(log, patient, batches):
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

    def _ciphers(self, log: Log, patient: bytes, batches: Sequence[SealedRows]) -> Iterator[AESGCM]:
        """Give the ciphers that it can be sealed with: by the patient's keys that came with it, and the vault's own."""
        for wrapped in (wrapped for sealed in batches for wrapped in sealed.keys):
            if (wrapped.patient, wrapped.born) == (patient, log.born):
                for keys in self._every_key():
                    cipher = keys.record_cipher(wrapped, log.session)
                    if cipher is not None:
                        yield cipher
        with contextlib.suppress(VaultError):
            own = find_cipher(self._file, self._keys, patient, log.born, log.session)
            if own is not None:
                yield own
