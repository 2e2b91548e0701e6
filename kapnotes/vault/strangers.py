"""Who goes on under a new identity without ever having held a key: nobody gives such a one any.

A sheet signs that somebody goes on, and a sheet that was replaced can still sign. Whether it was replaced is seen by
rows that somebody may have taken out of the files. But whoever really went on was given the key of `shared` by the
sheet, and began a log there in the same transaction; the reference of a log is sealed under that key and bound to its
author. So a new identity without a log that opens was put there by somebody who had no key.
"""

from kapnotes.vault.chain import logs_by
from kapnotes.vault.compartment_file import CompartmentFile
from kapnotes.vault.directory import Directory
from kapnotes.vault.keyring import CompartmentKeys
from kapnotes.vault.layout import id_bytes


def strangers(shared: CompartmentFile, keys: CompartmentKeys, directory: Directory) -> frozenset[bytes]:
    """Return the ids of those who go on under a new identity that never held the key of `shared`."""
    successors = [id_bytes(member.member_id) for member in directory.members if member.succeeds]
    return frozenset(one for one in successors if all(keys.unwrap_ref(log) is None for log in logs_by(shared, one)))
