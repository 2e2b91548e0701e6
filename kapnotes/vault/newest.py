"""When the newest entry of `shared` was entered: one row is read, however many there are."""

import contextlib

from cryptography.exceptions import InvalidTag

from kapnotes.domain.clock import Stamp
from kapnotes.domain.errors import VaultError
from kapnotes.vault import codec
from kapnotes.vault.chain import find_event, find_log, newest_event
from kapnotes.vault.compartment_file import CompartmentFile
from kapnotes.vault.keyring import CompartmentKeys
from kapnotes.vault.patients import find_cipher


def newest_entered(file: CompartmentFile, keys: CompartmentKeys) -> Stamp | None:
    """Return the moment, or None where there is no entry or the newest one cannot be read."""
    with contextlib.suppress(VaultError, InvalidTag, codec.Unreadable):
        event = newest_event(file)
        log = find_log(file, event.log) if event is not None else None
        if event is None or log is None:
            return None
        before = find_event(file, event.log, event.seq - 1) if event.seq > 1 else None
        previous = before.h if before is not None else log.digest(keys.place)
        patient = keys.unwrap_ref(log)
        cipher = find_cipher(file, keys, patient, log.born, log.session) if patient is not None else None
        if cipher is not None:
            padded = cipher.decrypt(event.nonce, event.ct, event.aad(keys.place, previous))
            return codec.decode(padded, event.author.hex(), log.session.hex()).entered
    return None
