"""Who signs in, who is added, and which keys each one gets."""

import contextlib
from collections.abc import Iterator, Sequence

from kapnotes.domain.custody import KeyChange, KeyEvent, PatientShredded
from kapnotes.domain.errors import HeaderDamaged, Implausible, NotEntitled, OutOfMemory, VaultError, VaultInUse
from kapnotes.domain.members import MEDICAL, SHARED, Compartment, Member, Role, may_read
from kapnotes.domain.notices import Notice
from kapnotes.vault import grants, roster, slots
from kapnotes.vault.compartment_file import Change, Row, Write, build
from kapnotes.vault.deleted import deleted, keys_entries, living
from kapnotes.vault.entropy import Entropy
from kapnotes.vault.faults import damaged
from kapnotes.vault.identity import SEED_LENGTH, Identity
from kapnotes.vault.kdf import KdfCost
from kapnotes.vault.keyring import CompartmentKeys, Keyring, held_keys
from kapnotes.vault.keys_log import Journals
from kapnotes.vault.layout import Place, comp_bytes, file_name, id_bytes
from kapnotes.vault.open_vault import OpenVault
from kapnotes.vault.rotation import Rotation
from kapnotes.vault.strangers import strangers
from kapnotes.vault.told_sheets import told_sheets


class Membership:
    """The members of one open vault, and the keyrings of those who are signed in."""

    def __init__(self, vault: OpenVault, journals: Journals, entropy: Entropy) -> None:
        self._vault = vault
        self._journals = journals
        self._entropy = entropy
        self._rotation = Rotation(vault, journals, entropy)
        self._keyrings: list[Keyring] = []
        self._unmade: dict[str, VaultError] = {}
        """Why a change that was owed could not be made, by the member at whose sign-in it was tried."""

    def notices(self) -> list[Notice]:
        """Return that a change of keys is owed and was tried in vain; one that waits for a session's end is no fault.

        Until it is made, who has left can still read what is written.
        """
        if not self._unmade:
            return []
        error = next(iter(self._unmade.values()))
        return [Notice("A change of keys could not be made; the next sign-in tries again. {error}", {"error": error})]

    def recognise(self, label: str, passphrase: str) -> Identity:
        """Return the identity that *passphrase* opens; see `Library.recognise`."""
        with self._vault.door:
            member = self._vault.directory.labelled(label)
            slot = self._vault.slot(member)
        return slots.open_slot(slot, member, passphrase, self._vault.vault)

    def sign_in(self, identity: Identity, *, may_change_keys: bool = True) -> Keyring:
        """Return the keys of an identity that is already open; begins compartments and gives grants that are due.

        A file that cannot be used costs its own compartment and no other: the keyring says which and why. Without
        `shared` there is no way in. What the disk does not take of what is owed waits for the next sign-in.
        """
        with self._vault.door:
            self._vault.see_that_it_is_open()
            member = self._vault.directory.member(identity.public.id)
            if member is None:
                raise HeaderDamaged("The key header is damaged. Restore a backup or use the recovery sheet.")
            held: dict[Compartment, CompartmentKeys] = {}
            unopened: dict[Compartment, VaultError] = {}
            for compartment in entitled(member):
                try:
                    keys = self._keys(compartment, identity)
                except (OutOfMemory, VaultInUse):
                    raise  # these pass by themselves; nothing is wrong with the file
                except VaultError as error:
                    if compartment == SHARED:
                        raise
                    unopened[compartment] = error.with_traceback(None)
                else:
                    if keys is not None:
                        held[compartment] = keys
            keyring = Keyring(member, identity.signing, held, unopened)
            self._keyrings.append(keyring)
            self._read_what_was_done(keyring)
            self._journals.learn(keyring)
            if not self._vault.is_read_only:
                try:
                    if may_change_keys:
                        self._finish(keyring)
                    for compartment in keyring.compartments:
                        self.give(keyring, compartment)
                except VaultError as error:
                    self._unmade[member.member_id] = error.with_traceback(None)
                    if keyring.is_locked:  # the disk does not say any more which keys hold
                        raise
            return keyring

    def admit(self, keyring: Keyring) -> None:
        """Look after a keyring that no passphrase opened: it gets new keys and is locked like any other."""
        self._read_what_was_done(keyring)
        self._journals.learn(keyring)
        self._keyrings.append(keyring)

    def lock(self, keyring: Keyring) -> None:
        """Drop the keys of a keyring."""
        with self._vault.door:
            keyring.drop()
            self._keyrings = [other for other in self._keyrings if other is not keyring]

    def lock_all(self) -> None:
        """Drop the keys of everybody."""
        for keyring in tuple(self._keyrings):
            self.lock(keyring)

    def add(self, by: Keyring, label: str, passphrase: str, roles: frozenset[Role], *, cost: KdfCost) -> Member:
        """Add a member with an own passphrase; see `Library.add_member`."""
        seed = self._entropy(SEED_LENGTH)
        new = Identity(seed).public
        self._see_that_it_may_be_added(by, label, roles)
        slot = slots.new_slot_row(seed, new.id, self._vault.vault, passphrase, cost, self._entropy)
        with self._vault.door:
            self._see_that_it_may_be_added(by, label, roles)
            before = self._vault.directory
            line = roster.listed(new.id, clean_label(label), roles)
            version = roster.with_member(before.roster, before.signed_roster.body, line)
            directory = before.extended(new, version, roster.signed(version, by.signing))
            given = by.keys_of(SHARED).grant(new, by.signing)
            rows = [*directory.newest_rows(new.id), slot, given]
            with self._adding():
                self._vault.write(SHARED, rows)
                self._vault.directory = directory
                self._vault.is_header_changed = True
                with contextlib.suppress(VaultError):  # who is a member by now gets it at a holder's next sign-in
                    self.give(by, MEDICAL)
            member = directory.member(new.id)
            assert member is not None  # noqa: S101
            return member

    def revoke(self, by: Keyring, member_id: str) -> None:
        """End a membership; see `Library.revoke_member`."""
        with self._vault.door:
            self.see_that_it_is_an_administrator(by)
            directory = self._vault.directory
            member = directory.member(id_bytes(member_id))
            if member is None:
                raise Implausible("There is no such member any more.")
            if member_id == by.member.member_id:
                raise Implausible("Nobody can end the own membership; another administrator does it.")
            version = roster.without_member(directory.roster, directory.signed_roster.body, id_bytes(member_id))
            directory = directory.extended(None, version, roster.signed(version, by.signing))
            gone = Change("DELETE FROM slot WHERE member=?", (id_bytes(member_id),))
            event = KeyEvent(KeyChange.MEMBER_REVOKED, member_id)
            with self.changing():
                for keyring in tuple(self._keyrings):
                    if keyring.member.member_id == member_id:
                        self.lock(keyring)
                self._vault.directory = directory
                also: list[Write] = [*directory.newest_rows(), gone]
                self._rotation.rotate(by, SHARED, self._keyrings, events=[event], also=also)
                self._vault.refresh_copies()
                self.finish_all()

    def destroy_keys(self, by: Keyring, events: Sequence[PatientShredded], patients: frozenset[bytes]) -> None:
        """Make tombstones of patients' keys in `shared`, and then wherever somebody who is signed in holds the key."""
        with self.changing():
            self._rotation.rotate(by, SHARED, self._keyrings, events=events, gone=patients)
            self._vault.deleted |= patients
            self.finish_all()

    @contextlib.contextmanager
    def changing(self) -> Iterator[None]:
        """Within it keys are changed. If that fails, only the disk knows what holds: whose keys differ is locked."""
        try:
            yield
        except BaseException:
            self._journals.look_again()
            self._look_at_the_disk()
            raise

    @contextlib.contextmanager
    def _adding(self) -> Iterator[None]:
        """Within it a member is added. No key changes by that: if it fails, nobody is locked."""
        try:
            yield
        except BaseException:
            with contextlib.suppress(VaultError):
                self._vault.reload()
            raise

    def finish_all(self) -> None:
        """Take up what is owed, with the keys of everybody who is signed in."""
        for keyring in tuple(self._keyrings):
            self._finish(keyring)

    def _finish(self, keyring: Keyring) -> None:
        """Take up what was cut short or left to a holder, as far as *keyring* can."""
        for compartment in keyring.compartments:
            self._rotation.tell_of_epochs(keyring, compartment)
            gone = self._still_there(compartment)
            if gone or self._rotation.is_owed(compartment):
                with self.changing():
                    self._rotation.rotate(keyring, compartment, self._keyrings, gone=gone)
        self._unmade.pop(keyring.member.member_id, None)

    def _still_there(self, compartment: Compartment) -> frozenset[bytes]:
        """Return the deleted patients whose keys still stand in a compartment, as far as it can be read."""
        vault, gone = self._vault, frozenset[bytes]()
        if vault.deleted:
            with contextlib.suppress(VaultError):
                gone = vault.deleted & living(vault.file(compartment))
        return gone

    def _read_what_was_done(self, keyring: Keyring) -> None:
        """Read in the log of keys who is deleted, and which sheets there are: before anybody is given a key."""
        vault, keys = self._vault, keyring.keys_of(SHARED)
        with contextlib.suppress(VaultError):  # what cannot be read is a finding to whoever reads it
            vault.deleted = deleted(vault.shared, keys, vault.directory)
        with contextlib.suppress(VaultError):
            entries = keys_entries(vault.shared, keys, vault.directory)
            told = told_sheets(entries, vault.directory.everybody)
            vault.hear(told, strangers(vault.shared, keys, vault.directory))

    def _look_at_the_disk(self) -> None:
        """Lock whoever does not hold the keys that are on the disk; everybody where it does not say."""
        try:
            self._vault.reload()
            for keyring in tuple(self._keyrings):
                if not self._is_current(keyring):
                    self.lock(keyring)
        except VaultError:
            self.lock_all()

    def _is_current(self, keyring: Keyring) -> bool:
        vault = self._vault
        epochs = (
            grants.current_epoch(vault.file(compartment), vault.place(compartment), vault.directory).epoch
            == keyring.keys_of(compartment).epoch
            for compartment in keyring.compartments
        )
        return vault.directory.author(id_bytes(keyring.member.member_id)) is not None and all(epochs)

    def give(self, by: Keyring, compartment: Compartment) -> None:
        """Give the key of a compartment to all who are entitled and have none yet, as far as *by* can."""
        if compartment not in by.compartments:
            return
        keys, file = by.keys_of(compartment), self._vault.file(compartment)
        given = {to for epoch, to in grants.grant_rows(file) if epoch == keys.epoch}
        entitled = self._vault.directory.holders(comp_bytes(compartment))
        self._vault.write(compartment, [keys.grant(to, by.signing) for to in entitled if to.id not in given])

    def see_that_nobody_sits_as(self, member: Member) -> None:
        """Raise `Implausible` while that member is signed in here: those keys would go on under the id before."""
        if any(keyring.member.member_id == member.member_id for keyring in self._keyrings):
            raise Implausible("{label} is signed in; the passphrase is changed there.", label=member.label)

    def see_that_it_is_an_administrator(self, by: Keyring) -> None:
        """Raise `NotEntitled` unless *by* is an administrator, with keys."""
        by.keys_of(SHARED)
        if id_bytes(by.member.member_id) not in self._vault.directory.roster.admins():
            raise NotEntitled("{label} is no administrator; only one can do this.", label=by.member.label)

    # ------------------------------------------------------------------------------------------- inside

    def _keys(self, compartment: Compartment, identity: Identity) -> CompartmentKeys | None:
        """Return a compartment's keys for *identity*; None where no holder has granted them yet."""
        place = self._vault.place(compartment)
        self._make_if_new(compartment, place, identity)
        return held_keys(self._vault.file(compartment), place, identity, self._vault.directory)

    def _make_if_new(self, compartment: Compartment, place: Place, identity: Identity) -> None:
        """Begin a compartment at the first sign-in of one who is entitled; what was begun once is never made again."""
        vault = self._vault
        if any(comp == place.comp for comp, _ in grants.epoch_rows(vault.shared)):
            return
        path = vault.folder / file_name(compartment)
        if vault.closed_before is not None and path.name in {state.name for state in vault.closed_before.files}:
            raise damaged("shared.kapdb", f"and no longer knows {path.name}")
        if not path.exists():
            vault.will_write(path.name)
            cek = self._entropy(grants.CEK_LENGTH)
            build(path, place, grants.first_rows(cek, place, vault.directory.roster.version, identity))
        file = vault.file(compartment)  # perhaps one whose making was cut short before the next line
        grants.current_epoch(file, place, vault.directory)
        begun = [Row("epoch", (*index, s.body, s.by, s.sig)) for index, s in grants.epoch_rows(file).items()]
        vault.write(SHARED, begun)
        vault.is_header_changed = True

    def _see_that_it_may_be_added(self, by: Keyring, label: str, roles: frozenset[Role]) -> None:
        with self._vault.door:
            self._vault.see_that_it_is_open()
            self.see_that_it_is_an_administrator(by)
            directory = self._vault.directory
            name = clean_label(label)
            if not roles:
                raise Implausible("{name} needs a role.", name=name)
            if any(roster.folded(member.label) == roster.folded(name) for member in directory.members):
                raise Implausible("There is a member {name} already.", name=name)


def clean_label(label: str) -> str:
    """Return a member's name without odd white space.

    Raises:
        Implausible: it is none.
    """
    name = " ".join(label.split())
    if not 1 <= len(name) <= 64 or not name.isprintable():
        raise Implausible("A member's name has 1 to 64 printable characters.")
    return name


def entitled(member: Member) -> list[Compartment]:
    """Return the compartments whose key a member may hold."""
    every = (SHARED, MEDICAL, member.therapy)
    return [compartment for compartment in every if may_read(member, compartment)]
