"""Who signs in, who is added, and which keys each one gets."""

from collections.abc import Sequence

from kapnotes.domain.errors import HeaderDamaged, Implausible, NotEntitled, OutOfMemory, VaultError, VaultInUse
from kapnotes.domain.members import MEDICAL, SHARED, Compartment, Member, Role, may_read, therapy_of
from kapnotes.vault import grants, roster, slots
from kapnotes.vault.compartment_file import Row, build
from kapnotes.vault.directory import Directory, folded
from kapnotes.vault.entropy import Entropy
from kapnotes.vault.faults import damaged
from kapnotes.vault.identity import SEED_LENGTH, Identity
from kapnotes.vault.kdf import KdfCost
from kapnotes.vault.keyring import CompartmentKeys, Keyring, held_keys
from kapnotes.vault.keys_log import Journals
from kapnotes.vault.layout import Place, file_name, id_bytes
from kapnotes.vault.open_vault import OpenVault


class Membership:
    """The members of one open vault, and the keyrings of those who are signed in."""

    def __init__(self, vault: OpenVault, journals: Journals, entropy: Entropy) -> None:
        self._vault = vault
        self._journals = journals
        self._entropy = entropy
        self._keyrings: list[Keyring] = []

    def unlock(self, label: str, passphrase: str) -> Keyring:
        """Return the keys of a member; see `Library.unlock`."""
        return self.sign_in(self.recognise(label, passphrase))

    def recognise(self, label: str, passphrase: str) -> Identity:
        """Return the identity that *passphrase* opens; see `Library.recognise`."""
        with self._vault.door:
            member = self._vault.directory.labelled(label)
            slot = self._vault.slot(member)
        return slots.open_slot(slot, member, passphrase, self._vault.vault)

    def sign_in(self, identity: Identity) -> Keyring:
        """Return the keys of an identity that is already open; begins compartments and gives grants that are due.

        A file that cannot be used costs its own compartment and no other: the keyring says which and why. Without
        `shared` there is no way in.
        """
        with self._vault.door:
            self._vault.see_that_it_is_open()
            member = self._vault.directory.member(identity.public.id)
            if member is None:
                raise HeaderDamaged("The key header is damaged. Restore a backup or use the recovery sheet.")
            held: dict[Compartment, CompartmentKeys] = {}
            unopened: dict[Compartment, VaultError] = {}
            for compartment in _entitled(member):
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
            for compartment in () if self._vault.is_read_only else (SHARED, MEDICAL):
                self._vault.write(compartment, self._missing_grants(keyring, compartment))
            return keyring

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
            rows = [*directory.newest_rows(new.id), slot]
            self._vault.write(SHARED, [*rows, *self._missing_grants(by, SHARED, directory)])
            self._vault.directory = directory
            self._vault.is_header_changed = True
            self._vault.write(MEDICAL, self._missing_grants(by, MEDICAL))
            member = directory.member(new.id)
            assert member is not None  # noqa: S101
            return member

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

    def _missing_grants(
        self, keyring: Keyring, compartment: Compartment, directory: Directory | None = None
    ) -> Sequence[Row]:
        """Return grants for those who are entitled and have none yet, as far as *keyring* can give them."""
        if compartment not in keyring.compartments:
            return []
        directory = directory or self._vault.directory
        keys = keyring.keys_of(compartment)
        granted = {to for epoch, to in grants.grant_rows(self._vault.file(compartment)) if epoch == keys.epoch}
        entitled = [id_bytes(m.member_id) for m in directory.members if may_read(m, compartment)]
        return [keys.grant(directory.identity(to), keyring.signing) for to in entitled if to not in granted]

    def _see_that_it_may_be_added(self, by: Keyring, label: str, roles: frozenset[Role]) -> None:
        with self._vault.door:
            self._vault.see_that_it_is_open()
            by.keys_of(SHARED)
            directory = self._vault.directory
            if id_bytes(by.member.member_id) not in directory.roster.admins():
                raise NotEntitled("{label} is no administrator; only one can add members.", label=by.member.label)
            name = clean_label(label)
            if not roles:
                raise Implausible("{name} needs a role.", name=name)
            if any(folded(member.label) == folded(name) for member in directory.members):
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


def _entitled(member: Member) -> list[Compartment]:
    every = (SHARED, MEDICAL, therapy_of(member.member_id))
    return [compartment for compartment in every if may_read(member, compartment)]
