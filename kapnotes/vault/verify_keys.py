"""Verifying what was done with keys: nothing was written under an older key after a compartment got a new one.

Whoever has left knows the older keys and can sign; so at each change `shared` keeps where all logs ended (`KeyEpoch`).
It also keeps that a recovery sheet was made and confirmed: a row taken out lets no older sheet count again.
"""

from collections.abc import Iterable

from kapnotes.domain.custody import KeyEpoch
from kapnotes.domain.entries import Entry
from kapnotes.domain.members import SHARED
from kapnotes.vault.compartment_file import NUMBER
from kapnotes.vault.directory import Directory
from kapnotes.vault.layout import comp_bytes, compartment_of, file_name, short
from kapnotes.vault.rotation import heads_sha256
from kapnotes.vault.told_sheets import told_sheets
from kapnotes.vault.verify_notes import Checked, Notes


def check_epochs(notes: Notes, every: list[Checked], told: Iterable[KeyEpoch]) -> None:
    """Compare every file with what `shared` says of the changes of its key."""
    by_comp = {checked.place.comp: checked for checked in every}
    for change in told:
        checked = by_comp.get(comp_bytes(change.compartment))
        if checked is not None:
            with notes.noting(checked.name):
                _check(notes, checked, change)


def check_sheets(notes: Notes, directory: Directory, events: Iterable[Entry]) -> None:
    """Compare the rows of recovery sheets with what the log of keys says was made and confirmed."""
    known, file = directory.with_told(told_sheets(events, directory.everybody)), file_name(SHARED)
    for comp in sorted(known.every_taken_out()):
        name = compartment_of(comp).kind.name.lower()
        line = f"{file}: a recovery sheet ({name}) was taken out; no older one is given a key. Make a new one."
        notes.note(file, 2, line)


def _check(notes: Notes, checked: Checked, change: KeyEpoch) -> None:
    count, sha256 = heads_sha256(checked.file, checked.place, change.epoch)
    if (count, sha256) == (change.logs, change.heads_sha256):
        return
    name, later = checked.name, _entries_after(checked, change.epoch)
    for log, seq in later:
        line = f"{name} entry {seq} of log {short(log)} came after its key was changed, under the older one."
        notes.note(name, 2, line)
    if not later:
        line = f"{name} is not as it was when its key was changed to epoch {change.epoch}: entries came or went."
        notes.note(name, 2, line)


def _entries_after(checked: Checked, epoch: int) -> list[tuple[bytes, int]]:
    """Return the entries under older keys that were stored after the first one under the new key."""
    sql = """SELECT log, seq FROM event WHERE epoch<? AND id>(SELECT MIN(id) FROM event WHERE epoch>=?) ORDER BY id"""
    return [(log, seq) for log, seq in checked.file.rows(sql, (16, NUMBER), (epoch, epoch))]
