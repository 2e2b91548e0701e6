"""What was set aside goes into the vault when its author signs in: opened, and written anew under the keys of today.

An entry stays what it is, with its id, both its times and its author, who signs it once more; in a record that was
signed meanwhile it becomes a late entry. Nothing is written twice: what stands in the vault under its id is passed
over, and what was set aside goes only once all of it stands there.
"""

import contextlib
from collections.abc import Sequence
from dataclasses import replace

from kapnotes.domain.custody import SignOff
from kapnotes.domain.entries import Entry, LateEntry, Newer, stands_after_sign_off
from kapnotes.domain.errors import Implausible, KapnotesError, SignedOff, VaultError
from kapnotes.domain.members import Compartment
from kapnotes.vault.aside import SIGN_AGAIN, STAYS, Aside
from kapnotes.vault.chain import Event, logs_of
from kapnotes.vault.head_keeping import HeadKeeper
from kapnotes.vault.identity import Identity
from kapnotes.vault.keyring import Keyring
from kapnotes.vault.keys_log import Journals
from kapnotes.vault.layout import compartment_of, id_bytes
from kapnotes.vault.open_vault import OpenVault
from kapnotes.vault.opening import Opener
from kapnotes.vault.reading import LogReader
from kapnotes.vault.sign_off import SignOffDesk
from kapnotes.vault.waiting_lines import Waiting

REASON = "Noted in time; it waited in a second place, outside the vault, when this record was signed."


class Reentry:
    """Takes in what is set aside, for one open vault; called behind its door."""

    def __init__(self, vault: OpenVault, journals: Journals, sign_offs: SignOffDesk, heads: HeadKeeper) -> None:
        self._vault = vault
        self._journals = journals
        self._sign_offs = sign_offs
        self._heads = heads

    def enter(self, keyring: Keyring, identity: Identity, aside: Aside) -> None:
        """Write what the member of *keyring* wrote and what is set aside; what cannot be written stays there."""
        person = self._vault.directory.person(id_bytes(keyring.member.member_id))
        mine = [one for one in aside.waiting if one.sealed.author in person]
        if not mine or self._vault.is_read_only:
            return
        done: list[Event] = []
        for one in mine:
            try:
                is_done = self._enter(keyring, identity, one, mine)
            except VaultError:  # the disk is in the way; the next sign-in tries again
                continue
            except Implausible:  # a signature of a record that is another one now
                aside.stuck[one.sealed.last] = SIGN_AGAIN
                continue
            except (KapnotesError, ValueError):
                is_done = False
            if is_done:
                done.append(one.sealed.last)
            else:
                aside.stuck[one.sealed.last] = STAYS
        with contextlib.suppress(VaultError):  # it is found to be in the vault the next time
            aside.done(done)

    def _enter(self, keyring: Keyring, identity: Identity, one: Waiting, mine: Sequence[Waiting]) -> bool:
        """Write one batch; False where it cannot be opened, or may not stand."""
        compartment = compartment_of(one.comp)
        if compartment not in keyring.compartments:
            return False
        journal = self._journals.of(compartment)
        journal.settle()
        with contextlib.closing(Opener(self._vault, keyring, identity, compartment)) as opener:
            batches = [one.sealed, *(other.sealed for other in mine if other.comp == one.comp)]
            patient = opener.patient(batches)
            if patient is None:
                return False
            if self._vault.is_deleted(patient):
                return True  # nobody reads anything of a deleted patient again, here neither
            opened = opener.entries(batches, patient)
        if opened is None:
            return False
        known = self._known(keyring, compartment, {id_bytes(entry.scope_id) for entry in opened})
        member = keyring.member.member_id
        entries = [replace(entry, author_id=member) for entry in opened if entry.entry_id not in known]
        self._write(keyring, compartment, entries, patient.hex())
        return True

    def _write(self, keyring: Keyring, compartment: Compartment, entries: list[Entry], patient_id: str) -> None:
        author = id_bytes(keyring.member.member_id)
        if not entries:
            return
        for entry in entries:
            if not self._vault.directory.may_stand(author, entry.body, compartment):
                raise ValueError("an entry that may not stand there")
        try:
            self._sign_offs.append(keyring, compartment, entries, patient_id)
        except SignedOff:
            entries = [self._late(entry) for entry in entries if not isinstance(entry.body, SignOff)]
            if entries:
                self._sign_offs.append(keyring, compartment, entries, patient_id)
        self._heads.wrote(compartment, entries)

    def _late(self, entry: Entry) -> Entry:
        if stands_after_sign_off(entry.body) or isinstance(entry.body, Newer):
            return entry
        body = LateEntry(REASON, entry.body)  # type: ignore[arg-type]
        return replace(entry, entered=self._vault.clock.now(), body=body)

    def _known(self, keyring: Keyring, compartment: Compartment, sessions: set[bytes]) -> set[str]:
        """Return the ids under which the member's own entries stand in these sessions."""
        directory, file = self._vault.directory, self._vault.file(compartment)
        person = directory.person(id_bytes(keyring.member.member_id))
        reader = LogReader(file, keyring.keys_of(compartment), directory)
        own = [log for session in sessions for log in logs_of(file, session) if log.member in person]
        return {placed.entry.entry_id for log in own for placed in reader.read(log).entries}
