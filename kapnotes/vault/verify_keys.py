"""Verifying what was done with keys: nothing was written under an older key after a compartment got a new one.

Whoever has left knows the older keys and can sign; so at each change `shared` keeps where all logs ended (`KeyEpoch`).
It also keeps that a recovery sheet was made and confirmed: a row taken out would let the sheet before it count again.
"""

from collections.abc import Iterable, Sequence

from kapnotes.domain.custody import KeyChange, KeyEpoch, KeyEvent
from kapnotes.domain.members import SHARED, CompartmentKind
from kapnotes.vault.compartment_file import NUMBER
from kapnotes.vault.directory import Directory
from kapnotes.vault.layout import comp_bytes, compartment_of, file_name, short
from kapnotes.vault.rotation import heads_sha256
from kapnotes.vault.verify_notes import Checked, Notes


def check_epochs(notes: Notes, every: list[Checked], told: Iterable[KeyEpoch]) -> None:
    """Compare every file with what `shared` says of the changes of its key."""
    by_comp = {checked.place.comp: checked for checked in every}
    for change in told:
        checked = by_comp.get(comp_bytes(change.compartment))
        if checked is not None:
            with notes.noting(checked.name):
                _check(notes, checked, change)


def check_sheets(notes: Notes, directory: Directory, told: Sequence[KeyEvent]) -> None:
    """Compare the rows of recovery sheets with what the log of keys says was made and confirmed."""
    rows = [(compartment_of(one.recovery.comp).kind, one.recovery.is_confirmed) for one in directory.recoveries]
    for kind in CompartmentKind:
        name = kind.name.lower()
        made = told.count(KeyEvent(KeyChange.SHEET_MADE, name))
        confirmed = told.count(KeyEvent(KeyChange.SHEET_CONFIRMED, name))
        if sum(one is kind for one, _ in rows) < made or rows.count((kind, True)) < confirmed:
            file = file_name(SHARED)
            line = f"{file}: a recovery sheet ({name}) was taken out; an older one may count again. Make a new one."
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
