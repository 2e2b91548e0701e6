"""Who is deleted: whose keys were destroyed, and that an administrator signed for it.

A destroyed key is a tombstone, a row whose key is zeros. It is not signed, so alone it is believed by nobody: it makes
no other file follow, and what it hides reads as what it is then, damage. What counts is `PatientShredded` in the log of
keys, signed by an administrator.
"""

import contextlib
from collections.abc import Iterator

from kapnotes.domain.custody import PatientShredded
from kapnotes.domain.entries import Entry
from kapnotes.domain.members import Role
from kapnotes.vault.chain import logs_of
from kapnotes.vault.compartment_file import CompartmentFile
from kapnotes.vault.directory import Directory
from kapnotes.vault.keyring import CompartmentKeys
from kapnotes.vault.layout import KEYS_LOG, id_bytes
from kapnotes.vault.patients import every_key
from kapnotes.vault.reading import LogReader


def keys_entries(shared: CompartmentFile, keys: CompartmentKeys, directory: Directory) -> Iterator[Entry]:
    """Give what can be read of the log of keys: each log in its own order, which is nobody's to change."""
    reader = LogReader(shared, keys, directory)
    return (placed.entry for log in logs_of(shared, KEYS_LOG) for placed in reader.read(log).entries)


def tombstones(file: CompartmentFile) -> frozenset[bytes]:
    """Return the patients who have a destroyed key in a file, in either copy."""
    keys = every_key(file).items()
    return frozenset(patient for (patient, _), copies in keys if any(copy.is_destroyed for copy in copies))


def living(file: CompartmentFile) -> frozenset[bytes]:
    """Return the patients who have a key in a file that is not destroyed, in either copy."""
    keys = every_key(file).items()
    return frozenset(patient for (patient, _), copies in keys if not all(copy.is_destroyed for copy in copies))


def deleted(shared: CompartmentFile, keys: CompartmentKeys, directory: Directory) -> frozenset[bytes]:
    """Return the patients who are deleted. The log of keys is read only where there is a tombstone at all."""
    if not tombstones(shared):
        return frozenset()
    found = set()
    for entry in keys_entries(shared, keys, directory):
        author = directory.author(id_bytes(entry.author_id))
        if isinstance(entry.body, PatientShredded) and author is not None and Role.ADMIN in author.roles:
            with contextlib.suppress(ValueError):
                found.add(id_bytes(entry.body.patient_id))
    return frozenset(found)
