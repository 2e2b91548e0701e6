"""Verifying with a passphrase: what the member may read can be read, and says what it may say.

The sign-offs stand in `shared`, which every member reads, and the amendment mark is in clear in every file: so whoever
verifies also checks signed process notes that nobody but their therapist can read.
"""

from kapnotes.domain.custody import Heads, KeyEpoch, KeyEvent, RollbackAck
from kapnotes.domain.entries import Entry
from kapnotes.domain.members import SHARED
from kapnotes.vault import slots
from kapnotes.vault.chain import all_logs, row_of
from kapnotes.vault.deleted import deleted, tombstones
from kapnotes.vault.directory import Directory
from kapnotes.vault.heads import HeadsOnRecord
from kapnotes.vault.identity import Identity
from kapnotes.vault.keyring import CompartmentKeys, held_keys
from kapnotes.vault.layout import comp_bytes, compartment_of
from kapnotes.vault.reading import Ids, LogReader
from kapnotes.vault.signed import Signed
from kapnotes.vault.strangers import strangers
from kapnotes.vault.verify_keys import check_epochs, check_sheets
from kapnotes.vault.verify_notes import Checked, Notes


class ContentCheck:
    """Reads every log of every file that one member may read."""

    def __init__(self, notes: Notes, directory: Directory, every: list[Checked]) -> None:
        self._notes = notes
        self._directory = directory
        self._every = sorted(every, key=lambda checked: checked.place.comp)  # as the program reads them
        self._ids = Ids()
        self._signed = Signed()
        self._record = HeadsOnRecord()
        self._told: list[KeyEpoch] = []
        self._deleted: frozenset[bytes] = frozenset()
        self._key_events: list[Entry] = []
        self.is_read = False

    def check(self, label: str, passphrase: str) -> None:
        """Open the member's keys and read.

        Raises:
            WrongPassphrase, HeaderDamaged, OutOfMemory: the keys do not open.
        """
        member = self._directory.labelled(label)
        slot = slots.find([checked.file for checked in self._every], member)
        identity = slots.open_slot(slot, member, passphrase, self._directory.vault)
        self.is_read = True
        self._see_who_is_deleted(identity)
        for checked in self._every:
            self._file(checked, identity)
        for checked in self._every:
            self._sign_offs(checked)
        check_epochs(self._notes, self._every, self._told)
        check_sheets(self._notes, self._directory, self._key_events)
        for finding in (*self._ids.refused, *self._ids.clashes):
            self._notes.keep(finding)
        files = {compartment_of(checked.place.comp): checked.file for checked in self._every}
        for finding in self._record.findings(files.get):
            self._notes.keep(finding)

    def _see_who_is_deleted(self, identity: Identity) -> None:
        """Read who is deleted and who is a stranger, and name every destroyed key that nobody signed for."""
        shared = next((checked for checked in self._every if checked.place.comp == comp_bytes(SHARED)), None)
        if shared is None:  # its absence is named; who was deleted cannot be known
            return
        with self._notes.noting(shared.name):
            keys = held_keys(shared.file, shared.place, identity, self._directory)
            self._deleted = deleted(shared.file, keys, self._directory) if keys is not None else frozenset()
            for one in sorted(strangers(shared.file, keys, self._directory)) if keys is not None else ():
                label = self._directory.label_of(one)
                line = f"{shared.name}: {label} goes on under a new identity that never held a key. Restore a backup."
                self._notes.note(shared.name, 2, line)
            for checked in self._every:
                with self._notes.noting(checked.name):
                    unsigned = tombstones(checked.file) - self._deleted
                    if unsigned:
                        line = f"{checked.name}: keys of {len(unsigned)} patients were destroyed, and nobody signed it."
                        self._notes.note(checked.name, 2, line)

    def _file(self, checked: Checked, identity: Identity) -> None:
        if not self._directory.may_hold(identity.public.id, checked.place.comp):
            return
        with self._notes.noting(checked.name):
            keys = held_keys(checked.file, checked.place, identity, self._directory)
            if keys is not None:
                self._logs(checked, keys)

    def _logs(self, checked: Checked, keys: CompartmentKeys) -> None:
        reader = LogReader(checked.file, keys, self._directory, self._deleted)
        for log in list(all_logs(checked.file)):
            read = reader.read(log)
            for finding in (*read.refused, *read.content_findings):
                self._notes.keep(finding)
            for placed in read.entries:
                self._ids.is_first(placed)
                if isinstance(placed.entry.body, Heads | RollbackAck):
                    self._record.add(placed.entry, row_of(checked.file, log.id, placed.seq))
                if checked.place.comp == comp_bytes(SHARED):
                    self._signed.add(placed.entry)
                if isinstance(placed.entry.body, KeyEpoch):
                    self._told.append(placed.entry.body)
                elif isinstance(placed.entry.body, KeyEvent):
                    self._key_events.append(placed.entry)

    def _sign_offs(self, checked: Checked) -> None:
        with self._notes.noting(checked.name):
            for breach in self._signed.breaches(checked.file, compartment_of(checked.place.comp), self._directory):
                self._notes.keep(breach.finding)
