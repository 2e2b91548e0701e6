"""Patients' keys in one compartment: two wrapped copies of each, so that one damaged page loses no patient."""

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kapnotes.domain.errors import InputOutput, VaultError, VaultMissing
from kapnotes.vault.compartment_file import CompartmentFile, has_shape
from kapnotes.vault.faults import damaged
from kapnotes.vault.keyring import SHAPE, CompartmentKeys, WrappedKey

COPIES = ("pkey_a", "pkey_b")


def wrapped_keys(file: CompartmentFile, table: str) -> list[WrappedKey]:
    """Return all keys of one copy."""
    return [WrappedKey(*row) for row in file.rows(f"SELECT * FROM {table} ORDER BY patient, born", SHAPE)]  # noqa: S608


def every_key(file: CompartmentFile) -> dict[tuple[bytes, int], list[WrappedKey]]:
    """Return the copies of every patient's key that can be read, by patient and epoch of birth."""
    found: dict[tuple[bytes, int], list[WrappedKey]] = {}
    for table in COPIES:
        for row in file.raw_rows(f"SELECT * FROM {table} ORDER BY patient, born"):  # noqa: S608
            if has_shape(row, SHAPE):
                wrapped = WrappedKey(*row)  # type: ignore[arg-type]
                found.setdefault((wrapped.patient, wrapped.born), []).append(wrapped)
    return found


def find_cipher(
    file: CompartmentFile, keys: CompartmentKeys, patient: bytes, born: int, session: bytes
) -> AESGCM | None:
    """Return the cipher of a session from whichever copy opens; None if the patient has no key here.

    Raises:
        DataDamaged: there is a key and neither copy opens.
        InputOutput, VaultMissing: the disk does not read.
    """
    found = find_key(file, keys, patient, born, session)
    return None if found is None else found[1]


def find_key(
    file: CompartmentFile, keys: CompartmentKeys, patient: bytes, born: int, session: bytes
) -> tuple[WrappedKey, AESGCM] | None:
    """Return what `find_cipher` does, with the wrapped key it came from."""
    is_there = False
    unread: VaultError | None = None
    for table in COPIES:
        try:
            sql = f"SELECT * FROM {table} WHERE patient=? AND born=?"  # noqa: S608
            found = [WrappedKey(*row) for row in file.rows(sql, SHAPE, (patient, born))]
        except (InputOutput, VaultMissing) as error:
            unread = error
            continue
        except VaultError:
            is_there = True
            continue
        for wrapped in found:
            is_there = True
            cipher = keys.record_cipher(wrapped, session)
            if cipher is not None:
                return wrapped, cipher
    if unread is not None:
        raise unread
    if is_there:
        raise damaged(file.name, "at a patient's key")
    return None
