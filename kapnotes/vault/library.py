"""The vault as the rest of the program sees it: create, open, unlock, append, read, close.

One `Library` is one open vault. Its doors may be used from several threads: one call at a time goes through, only the
slow derivation of a key goes on beside the others.
"""

import contextlib
import shutil
from collections.abc import Sequence
from pathlib import Path

from kapnotes.domain.clock import Clock, Stamp
from kapnotes.domain.custody import LogHead
from kapnotes.domain.entries import Entry
from kapnotes.domain.errors import InputOutput, NotEntitled, VaultError
from kapnotes.domain.members import SHARED, Compartment, Member, Persons, Role
from kapnotes.domain.notices import Notice
from kapnotes.domain.paper_head import PaperHead, paper_head
from kapnotes.vault import attempts, files, grants, roster, sheet_text, slots
from kapnotes.vault.attempts import Attempts, Unreported
from kapnotes.vault.backups import Backups
from kapnotes.vault.compartment_file import build
from kapnotes.vault.directory import Directory
from kapnotes.vault.disk import Disk
from kapnotes.vault.drafts import DraftFile
from kapnotes.vault.entropy import Entropy
from kapnotes.vault.faults import making
from kapnotes.vault.findings import Finding
from kapnotes.vault.head_keeping import DueHeads, HeadKeeper
from kapnotes.vault.heads import Standing, heads_of
from kapnotes.vault.identity import SEED_LENGTH, Identity
from kapnotes.vault.kdf import KdfCost
from kapnotes.vault.keyring import Keyring
from kapnotes.vault.keys_log import KEYS_SCOPE, Journals
from kapnotes.vault.layout import Place, comp_bytes, file_name, id_bytes, vault_id
from kapnotes.vault.membership import Membership, clean_label
from kapnotes.vault.newest import newest_entered
from kapnotes.vault.open_drafts import OpenDrafts
from kapnotes.vault.open_vault import OpenVault
from kapnotes.vault.passphrases import Passphrases
from kapnotes.vault.reading import ReadBack
from kapnotes.vault.reentry import Reentry
from kapnotes.vault.scopes import Scope, Scopes
from kapnotes.vault.sheets import Sheet, Sheets, SheetState
from kapnotes.vault.shredding import Shredder
from kapnotes.vault.sign_off import SignOffDesk
from kapnotes.vault.spill import Spill
from kapnotes.vault.succession import Succession
from kapnotes.vault.trail import TrailPage, trail_page

__all__ = [
    "KEYS_SCOPE",
    "VAULT_SCOPE",
    "DraftFile",
    "Entropy",
    "Finding",
    "Keyring",
    "Library",
    "ReadBack",
    "Scope",
    "Sheet",
    "SheetState",
    "create",
]

VAULT_SCOPE = "0" * 32
"""The scope of the vault's own log; its patient is zeros too."""


def create(
    folder: Path,
    label: str,
    roles: frozenset[Role],
    passphrase: str,
    *,
    cost: KdfCost,
    entropy: Entropy,
    clock: Clock,
) -> None:
    """Make a new vault with its first member, who becomes an administrator: a whole vault, or none.

    Raises:
        InputOutput: the path exists already, or the disk does not take it.
        Implausible: the label is none.
    """
    name = clean_label(label)
    with making(folder):
        if folder.exists() or folder.is_symlink():
            raise _is_taken(folder)
    seed = entropy(SEED_LENGTH)
    identity = Identity(seed)
    first = roster.genesis(roster.listed(identity.public.id, name, roles | {Role.ADMIN}))
    signed = roster.signed(first, identity.signing)
    vault = vault_id(signed.body)
    slot = slots.new_slot_row(seed, identity.public.id, vault, passphrase, cost, entropy)
    place = Place(vault, comp_bytes(SHARED))
    rows = [*Directory({identity.public.id: identity.public}, [(first, signed)]).rows(), slot]
    rows += grants.first_rows(entropy(grants.CEK_LENGTH), place, first.version, identity)
    part = folder.with_name(f".{folder.name}.part-{entropy(4).hex()}")
    with making(folder):
        try:
            part.mkdir(mode=0o700)
            build(part / file_name(SHARED), place, rows)
            attempts.begin(part)
            library = Library.open(part, device_id="0" * 32, entropy=entropy, clock=clock)
            try:
                library.sign_in(identity)
            finally:
                library.close()
            if folder.exists():
                raise _is_taken(folder)
            part.rename(folder)
            files.sync_folder(folder.parent)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise


def _is_taken(folder: Path) -> InputOutput:
    return InputOutput("{folder} exists already. A new vault needs a new place; nothing was changed.", folder=folder)


class Library:
    """One open vault. Make it with `open`; close it with `close`."""

    def __init__(self, vault: OpenVault, device: bytes, entropy: Entropy, attempts: Attempts, spill: Spill) -> None:
        self._vault = vault
        self._device = device
        self._attempts = attempts
        self._journals = Journals(vault, device, entropy, spill)
        self.disk = Disk(vault, self._journals, spill)
        """The disk under the vault: room, and what waits for it."""
        self._membership = Membership(vault, self._journals, entropy)
        self._sheets = Sheets(vault, self._journals, self._membership, entropy)
        self._succession = Succession(vault, self._journals, self._membership, self._sheets, entropy)
        self._passphrases = Passphrases(vault, self._journals, entropy)
        self._sign_offs = SignOffDesk(vault, self._journals)
        self._heads = HeadKeeper(vault, self._journals)
        self._scopes = Scopes(vault, self._heads)
        self._spill = spill
        self._reentry = Reentry(vault, self._journals, self._sign_offs, self._heads)
        self.shredder = Shredder(vault, self._membership)
        """Deleting patients for good."""
        self._drafts = OpenDrafts(vault, self._journals, entropy)

    def __repr__(self) -> str:
        return f"<library {self.vault_id}>"

    @classmethod
    def open(
        cls, folder: Path, *, device_id: str, entropy: Entropy, clock: Clock, second_place: Path | None = None
    ) -> "Library":
        """Open a vault that is there and hold it against every other process.

        What an earlier run had to leave in the *second_place* (a folder on another disk) is taken in.

        Raises:
            VaultMissing: there is none; the line names the backups.
            VaultInUse: another process has it.
            HeaderDamaged, DataDamaged, Tampered, NewerFormat, InputOutput: `shared.kapdb` cannot be used.
        """
        device = id_bytes(device_id)
        vault = OpenVault.open(folder, clock, entropy)
        spill = Spill(second_place, folder, vault.vault)
        library = cls(vault, device, entropy, Attempts(folder, clock), spill)
        with contextlib.suppress(VaultError):  # what cannot be taken in yet waits on; a notice says so
            library._journals.take_in(spill.load(vault.directory))
        return library

    @property
    def vault_id(self) -> str:
        """Return the id of the vault, which its first roster fixes."""
        return self._vault.vault.hex()

    def members(self) -> tuple[Member, ...]:
        """Return the members of the newest roster; no passphrase is needed."""
        return self._vault.directory.members

    def everybody(self) -> tuple[Member, ...]:
        """Return who is a member, who was one, and under which older ids: whoever may have written something."""
        return self._vault.directory.everybody

    @property
    def persons(self) -> Persons:
        """Return which ids are of one person."""
        return self._vault.directory.persons

    # ------------------------------------------------------------------------------------------ members

    def unlock(self, label: str, passphrase: str, *, may_change_keys: bool = True) -> Keyring:
        """Return the keys of a member. May be called from any thread: while the key is derived, others write and read.

        A change of keys that is owed is made now, unless *may_change_keys* is not set because a session is running.

        Raises:
            TooSoon: too many wrong ones came before; this one was not looked at.
            WrongPassphrase: it is not the passphrase, or there is no such member.
            HeaderDamaged: the keys cannot be read from any copy.
            OutOfMemory: the passphrase was not checked.
            VaultError: `shared.kapdb` cannot be used; any other file that cannot is named by `Keyring.unopened`.
        """
        with self._attempts.counted(*self._tried(label)):
            identity = self._membership.recognise(label, passphrase)
            keyring = self._membership.sign_in(identity, may_change_keys=may_change_keys)
        with self._vault.door:
            self._reentry.enter(keyring, identity, self._spill.aside)
        return keyring

    def recognise(self, keyring: Keyring, passphrase: str) -> None:
        """See that *passphrase* is that of the member of *keyring*, whose keys stay as they are.

        Raises:
            TooSoon, WrongPassphrase, HeaderDamaged, OutOfMemory: as `unlock`.
        """
        label = keyring.member.label
        with self._attempts.counted(*self._tried(label)):
            self._membership.recognise(label, passphrase)

    def wait_s(self, label: str) -> int:
        """Return for how many seconds the next passphrase of that member is not looked at."""
        return self._attempts.wait_s(self._tried(label)[0])

    def unreported_sign_ins(self) -> Unreported:
        """Return the failed sign-ins that do not stand in the audit trail yet."""
        return self._attempts.unreported

    def report_sign_ins(self, told: Unreported) -> None:
        """Forget failed sign-ins that stand in the audit trail now; killed before, they are handed out again."""
        self._attempts.report(told)

    def notices(self) -> tuple[Notice, ...]:
        """Return what everybody at this vault should know as long as it holds."""
        own = [self._attempts.notice] if self._attempts.notice else []
        of_keys = (*self._membership.notices(), *self._succession.notices(), *self._sheets.notices())
        return (*self.disk.notices, *of_keys, *own)

    def sign_in(self, identity: Identity) -> Keyring:
        """Return the keys of an identity that is already open; for `create`."""
        return self._membership.sign_in(identity)

    def lock(self, keyring: Keyring) -> None:
        """Drop the keys of a keyring, also those of its drafts."""
        with self._vault.door:
            self._drafts.close(keyring)
            self._journals.forget_entries_of(keyring.member.member_id)
            self._membership.lock(keyring)

    def add_member(self, by: Keyring, label: str, passphrase: str, roles: frozenset[Role], *, cost: KdfCost) -> Member:
        """Add a member with an own passphrase.

        Whoever holds a key that the new member is entitled to gives it: *by* now, another one at the next sign-in. The
        process notes of a therapist begin at that therapist's own first sign-in.

        Raises:
            NotEntitled: *by* is no administrator.
            Implausible: the label is taken or none, or there is no role.
        """
        return self._membership.add(by, label, passphrase, roles, cost=cost)

    def revoke_member(self, by: Keyring, member_id: str) -> None:
        """End a membership: what the member wrote stays, sign-in is refused, and every key that could be held is new.

        Whoever holds a key makes it new: *by* now, another one at the next sign-in. Old copies of the vault are not
        reached. Recovery sheets that the member made or confirmed count no longer; make new ones.

        Raises:
            NotEntitled: *by* is no administrator.
            Implausible: it is nobody, or *by*, so that there is always an administrator.
            VaultError: everybody is locked; the disk holds the state before, or the one after.
        """
        self._membership.revoke(by, member_id)

    # ------------------------------------------------------------------------------------------ recovery

    def sheets(self) -> list[SheetState]:
        """Return the recovery sheets that count; no passphrase is needed, and no disk."""
        return self._sheets.states()

    def make_sheet(self, by: Keyring, compartment: Compartment) -> Sheet:
        """Make a recovery sheet of a compartment whose key *by* holds; the older one works until this is confirmed.

        Raises:
            NotEntitled: *by* does not hold the key.
            VaultError: everybody is locked; the disk holds the state before, or the one after.
        """
        with self._vault.door:
            self._vault.see_that_it_is_open()
            return self._sheets.make(by, compartment)

    def confirm_sheet(self, by: Keyring, compartment: Compartment, lines: str) -> None:
        """Confirm a sheet by its *lines*, typed or scanned: they have opened what was read anew from the disk.

        The sheets before it open nothing any more.

        Raises:
            Misread: names the line that is mistyped.
            Implausible: it is another sheet.
            NotEntitled: *by* does not hold the key.
            VaultError: it does not open; the older sheet still does.
        """
        seed = sheet_text.read(lines)
        with self._vault.door:
            self._vault.see_that_it_is_open()
            self._sheets.confirm(by, compartment, seed)

    def sheet_of(self, lines: str) -> SheetState:
        """Return which sheet of this vault stands on a paper; nothing is opened by it, and no disk is needed.

        Raises:
            Misread: names the line that is mistyped.
            Implausible: it is none, or an older one that opens nothing any more.
        """
        seed = sheet_text.read(lines)
        with self._vault.door:
            self._vault.see_that_it_is_open()
            return self._sheets.state_of(seed)

    def break_glass(self, lines: str, reason: str) -> Keyring:
        """Return the keys of `shared` and `medical` for an emergency, never of process notes, by the medical sheet.

        That and why stands in `shared`, signed with the sheet, before this returns: every member sees it.

        Raises:
            Misread: names the line that is mistyped.
            Implausible: it is no sheet of the medical compartment, or there is no reason.
            VaultError: it does not open, or what was done cannot be written down; nothing is shown.
        """
        seed = sheet_text.read(lines)
        with self._vault.door:
            self._vault.see_that_it_is_open()
            return self._sheets.break_glass(seed, reason)

    def recover(self, label: str, papers: Sequence[str], passphrase: str, *, cost: KdfCost) -> None:
        """Let a member who forgot the passphrase go on with a new one, by the lines of the own recovery sheet.

        That of a therapist is the sheet of the process notes, that of others the one of `medical` or `shared`. Where
        nobody else holds another compartment of the member's, its sheet is needed too. May be called from any thread.

        Raises:
            Misread: names the line that is mistyped.
            WrongPassphrase: there is no such member.
            Implausible: these sheets will not do, the text says which is needed; or the member is signed in here.
                Nothing was changed.
            VaultError: the vault is as it was, or the new passphrase opens.
        """
        self._succession.recover(label, [sheet_text.read(lines) for lines in papers], passphrase, cost=cost)

    # ------------------------------------------------------------------------------------------ passphrases

    def change_passphrase(self, keyring: Keyring, old: str, new: str, *, cost: KdfCost) -> None:
        """Give the member of *keyring* a new passphrase; returning means that it was read back and opens.

        May be called from any thread: while keys are derived, others write and read. Backups made before still open
        with the old passphrase.

        Raises:
            WrongPassphrase: *old* is not the passphrase.
            VaultError: one of the two opens, if the text does not say more.
        """
        self._passphrases.change(keyring, old, new, cost=cost)

    # ------------------------------------------------------------------------------------------ entries

    def append(self, keyring: Keyring, compartment: Compartment, entry: Entry, *, patient_id: str) -> LogHead:
        """Write one entry; see `append_all`."""
        return self.append_all(keyring, compartment, [entry], patient_id=patient_id)

    def append_all(
        self, keyring: Keyring, compartment: Compartment, entries: Sequence[Entry], *, patient_id: str
    ) -> LogHead:
        """Write entries about one patient in one transaction; returning means that they are on the disk.

        Raises:
            NotEntitled: an entry is not the member's own, or may not stand there.
            SignedOff: the member has signed this record, and an entry is no amendment of it.
            ReadOnly: the folder or its medium takes no writing.
            SavedElsewhere: they are kept on another disk until `disk.settle` gets them into the vault.
            InputOutput: nothing is saved; the same call again writes the same bytes, or finds them there. Until they
                are settled, nothing else is written into this compartment.
            Implausible, ValueError: an entry can never be kept; ask `codec.require_storable` before it is accepted.
            VaultError: the log cannot be continued; the text names it.
            ValueError: no entries, ids that are none, or a scope known with another patient.
        """
        if not entries:
            raise ValueError("no entries")
        with self._vault.door:
            self._vault.see_that_it_is_open()
            self._vault.see_that_it_takes_writing()
            keyring.keys_of(compartment)
            for entry in entries:
                self._see_that_it_may_stand(keyring, compartment, entry)
            head = self._sign_offs.append(keyring, compartment, entries, patient_id)
            self._heads.wrote(compartment, entries)
            return head

    def own_heads(self, keyring: Keyring, scope_id: str, compartment: Compartment) -> tuple[LogHead, ...]:
        """Return where the member's own logs of a session end in *compartment*: what a `SignOff` of it must name.

        Raises:
            InputOutput: something before it cannot be saved.
        """
        with self._vault.door:
            self._vault.see_that_it_is_open()
            keyring.keys_of(compartment)
            return self._sign_offs.own_heads(keyring, scope_id, compartment)

    def open_draft(self, keyring: Keyring, compartment: Compartment, *, scope_id: str, patient_id: str) -> DraftFile:
        """Return what is half-typed by the member in one scope and compartment, to be read and written.

        It can be written from any thread until the keyring is locked.

        Raises:
            NotEntitled: the member may not write there.
            VaultError: the file, or the patient's key, cannot be read or made.
        """
        with self._vault.door:
            self._vault.see_that_it_is_open()
            return self._drafts.open(keyring, compartment, scope_id, patient_id)

    def scopes(self, keyring: Keyring, *, newest_first: bool = True, limit: int | None = None) -> list[Scope]:
        """Return the sessions and patients that `shared` knows, ordered by when each was begun; not the vault's own.

        Those of deleted patients are not among them.
        """
        with self._vault.door:
            self._vault.see_that_it_is_open()
            return self._scopes.every(keyring, newest_first=newest_first, limit=limit)

    def read(self, keyring: Keyring, scope_id: str, *, only: Compartment | None = None) -> ReadBack:
        """Return a scope's entries with what was refused and what is wrong, from *only* one compartment or all held.

        What the vault wrote for itself, the ends of logs, is compared with the files instead of returned.
        Two members' entries under one id are both returned, with a finding; a member's second one is refused.

        Raises:
            VaultError: `shared.kapdb`, or *only* what was asked for, cannot be read at all; any other file that cannot
                is a finding, as a damaged entry is.
        """
        with self._vault.door:
            self._vault.see_that_it_is_open()
            return self._scopes.read(keyring, id_bytes(scope_id), only)

    # ------------------------------------------------------------------------------------- ends of logs

    def due_heads(self, keyring: Keyring) -> list[DueHeads]:
        """Return which ends of logs `shared` should be told: those that changed since it was told last.

        Append each as an entry about its session; then it is not due any more.
        """
        with self._vault.door:
            self._vault.see_that_it_is_open()
            return self._heads.due(keyring)

    def paper_heads(self, keyring: Keyring, scope_id: str) -> list[PaperHead]:
        """Return the marks that tell later whether the vault still holds what a page is made from now."""
        session = id_bytes(scope_id)
        marks = []
        with self._vault.door:
            self._vault.see_that_it_is_open()
            for compartment in keyring.compartments:
                logs = heads_of(self._vault.file(compartment), compartment, session)
                if logs:
                    marks.append(paper_head(self.vault_id, scope_id, compartment, logs))
        return marks

    def standing(self, newest: int | None = None) -> Standing:
        """Return how far the vault has come; see `HeadKeeper.standing`. Needs no keys."""
        with self._vault.door:
            self._vault.see_that_it_is_open()
            return self._heads.standing(newest)

    def behind(self, seen: Standing) -> list[Finding]:
        """Return where the vault is older than it was last *seen*, a line for each file. Needs no keys."""
        with self._vault.door:
            self._vault.see_that_it_is_open()
            return self._heads.behind(seen)

    # ----------------------------------------------------------------------------------------- the files

    @property
    def backups(self) -> Backups:
        """Return the door to making backups; it needs no keys and may be used from any thread."""
        return Backups(self._vault, self._device)

    def newest_entered(self, keyring: Keyring) -> Stamp | None:
        """Return when the newest entry of `shared` was entered, None where that cannot be told."""
        with self._vault.door:
            self._vault.see_that_it_is_open()
            return newest_entered(self._vault.shared, keyring.keys_of(SHARED))

    def trail(self, keyring: Keyring, *, before: int | None = None, limit: int = 100) -> TrailPage:
        """Return the newest entries in `shared` that say what was done with records, or those before an older page."""
        with self._vault.door:
            self._vault.see_that_it_is_open()
            return trail_page(
                self._vault.shared, keyring.keys_of(SHARED), self._vault.directory, before, limit, self._vault.deleted
            )

    def close(self) -> None:
        """Drop all keys, refresh the copies of the key header, write the closing record, let the files go.

        Raises:
            VaultError: the record could not be written; the vault is closed and whole all the same.
        """
        with self._vault.door:
            if self._vault.is_closed:
                return
            self._drafts.close()
            self._membership.lock_all()
            self._journals.settle()
            self._journals.forget()
            self._vault.close()

    # ------------------------------------------------------------------------------------------- inside

    def _tried(self, label: str) -> tuple[str, str]:
        """Return the id and the label of the member that is meant; an unknown name is counted under zeros."""
        meant = (member for member in self.members() if roster.folded(member.label) == roster.folded(label))
        return next(((member.member_id, member.label) for member in meant), (VAULT_SCOPE, "a name not known here"))

    def _see_that_it_may_stand(self, keyring: Keyring, compartment: Compartment, entry: Entry) -> None:
        if entry.author_id != keyring.member.member_id:
            raise NotEntitled("{label} can write only own entries.", label=keyring.member.label)
        if not self._vault.directory.may_stand(id_bytes(entry.author_id), entry.body, compartment):
            kind = compartment.kind.name.lower()
            raise NotEntitled(
                "{label} may not write this into the {kind} compartment.", label=keyring.member.label, kind=kind
            )
