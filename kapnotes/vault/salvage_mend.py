"""Says anew whom a log is about whose row was lost: the patient whose key opens an entry of it."""

import contextlib
from collections.abc import Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag

from kapnotes.domain.errors import VaultError
from kapnotes.vault.chain import Event, Log
from kapnotes.vault.compartment_file import Change, CompartmentFile
from kapnotes.vault.directory import Directory
from kapnotes.vault.entropy import Entropy
from kapnotes.vault.identity import Identity
from kapnotes.vault.keyring import CompartmentKeys, WrappedKey, held_keys
from kapnotes.vault.layout import Place
from kapnotes.vault.patients import COPIES, wrapped_keys

LOST_REF = bytes(32)
"""Stands in the row of a log until somebody who holds the key says whom it is about."""


def mend(
    path: Path, place: Place, logs: Sequence[tuple[Log, Sequence[Event]]], identity: Identity, directory: Directory,
    entropy: Entropy,
) -> set[bytes]:  # fmt: skip
    """Mend each of *logs* (with its entries) in the new file at *path*; returns the ids of those that were."""
    file = CompartmentFile(path)
    try:
        file.open()
        keys = held_keys(file, place, identity, directory)
        if keys is None:
            return set()
        patients = [key for table in COPIES for key in wrapped_keys(file, table)]
        mended = set()
        for log, events in logs:
            patient = _patient_of(log, events, keys, patients)
            if patient is not None:
                nonce = entropy(12)
                ref = keys.wrap_ref(patient, log.id, nonce)
                file.write(
                    [Change("UPDATE log SET epoch=?, nonce=?, ref=? WHERE id=?", (keys.epoch, nonce, ref, log.id))]
                )
                mended.add(log.id)
        return mended
    except VaultError:
        return set()  # this member does not hold the key
    finally:
        file.close()


def _patient_of(
    log: Log, events: Sequence[Event], keys: CompartmentKeys, patients: Sequence[WrappedKey]
) -> bytes | None:
    previous = log.digest(keys.place)
    for event in events:
        for key in patients:
            cipher = keys.record_cipher(key, log.session) if key.born == log.born else None
            with contextlib.suppress(InvalidTag):
                if cipher is not None:
                    cipher.decrypt(event.nonce, event.ct, event.aad(keys.place, previous))
                    return key.patient
        previous = event.h
    return None
