"""Patients' keys in one compartment: two wrapped copies of each, so that one damaged page loses no patient."""

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kapnotes.domain.errors import VaultError
from kapnotes.vault.compartment_file import NUMBER, CompartmentFile
from kapnotes.vault.faults import damaged
from kapnotes.vault.keyring import CompartmentKeys, WrappedKey

COPIES = ("pkey_a", "pkey_b")
_SHAPE = (16, NUMBER, NUMBER, 12, 48)


def wrapped_keys(file: CompartmentFile, table: str) -> list[WrappedKey]:
    """Return all keys of one copy."""
    return [WrappedKey(*row) for row in file.rows(f"SELECT * FROM {table} ORDER BY patient, born", _SHAPE)]  # noqa: S608


def find_cipher(
    file: CompartmentFile, keys: CompartmentKeys, patient: bytes, born: int, session: bytes
) -> AESGCM | None:
    """Return the cipher of a session from whichever copy opens; None if the patient has no key here.

    Raises:
        DataDamaged: there is a key and neither copy opens.
    """
    is_there = False
    for table in COPIES:
        try:
            sql = f"SELECT * FROM {table} WHERE patient=? AND born=?"  # noqa: S608
            found = [WrappedKey(*row) for row in file.rows(sql, _SHAPE, (patient, born))]
        except VaultError:
            is_there = True
            continue
        for wrapped in found:
            is_there = True
            cipher = keys.record_cipher(wrapped, session)
            if cipher is not None:
                return cipher
    if is_there:
        raise damaged(file.name, "at a patient's key")
    return None
