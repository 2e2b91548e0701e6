"""Recovery sheets: making one, and confirming it by what is printed on it.

A sheet is a random seed on paper, and so an identity that nobody signs in with; it is given keys like a member. The
older sheet of a compartment works until the newer one was typed back and has opened the grant that was read anew from
the disk. Then the older one has no grant any more, and because somebody had it, a new epoch begins.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from kapnotes.domain.custody import BreakGlass, KeyChange, KeyEvent
from kapnotes.domain.errors import HeaderDamaged, Implausible
from kapnotes.domain.members import MEDICAL, SHARED, Compartment
from kapnotes.domain.notices import Notice
from kapnotes.vault import sheet_text
from kapnotes.vault.compartment_file import Change, Row
from kapnotes.vault.entropy import Entropy
from kapnotes.vault.identity import SEED_LENGTH, Identity
from kapnotes.vault.keyring import Keyring, held_keys
from kapnotes.vault.keys_log import Journals
from kapnotes.vault.layout import comp_bytes, compartment_of
from kapnotes.vault.membership import Membership
from kapnotes.vault.open_vault import OpenVault
from kapnotes.vault.recovery import Recovery, signed_recovery


@dataclass(frozen=True, slots=True, repr=False)
class Sheet:
    """What is printed: the lines are the secret, the rest tells a person which sheet this is."""

    compartment: Compartment
    number: int
    vault_id: str
    sheet_id: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SheetState:
    """A sheet that opens a compartment; until it is confirmed nobody knows whether the paper can be read."""

    compartment: Compartment
    number: int
    is_confirmed: bool


class Sheets:
    """The recovery sheets of one open vault. Call it within the vault's door."""

    def __init__(self, vault: OpenVault, journals: Journals, membership: Membership, entropy: Entropy) -> None:
        self._vault = vault
        self._journals = journals
        self._membership = membership
        self._entropy = entropy

    def states(self) -> list[SheetState]:
        """Return the sheets that count; no key is needed."""
        directory = self._vault.directory
        comps = sorted({directory.comp_of(sheet) for sheet in directory.every_sheet()})
        every = [one for comp in comps for one in directory.sheets(comp)]
        return [SheetState(compartment_of(one.comp), one.number, one.is_confirmed) for one in every]

    def notices(self) -> list[Notice]:
        """Return where a sheet was taken out; it is seen when somebody signs in, and told until a new one counts."""
        directory = self._vault.directory
        lost = directory.every_taken_out()
        renewed = {comp for comp in lost for one in directory.sheets(comp) if one.is_confirmed}
        taken_out = (
            Notice(
                "A recovery sheet ({kind}) was taken out of the vault; no older one is given a key. Make a new one.",
                {"kind": kind},
            )
            for kind in _kinds(lost - renewed)
        )
        put_back = (
            Notice(
                "A recovery sheet ({kind}) was taken out of shared.kapdb; a copy in another file has put it back.",
                {"kind": kind},
            )
            for kind in _kinds(self._vault.sheets_put_back)
        )
        return [*taken_out, *put_back]

    def state_of(self, seed: bytes) -> SheetState:
        """Return which sheet a seed is; see `Library.sheet_of`."""
        mine = self.recovery_of(Identity(seed))
        return SheetState(compartment_of(mine.comp), mine.number, mine.is_confirmed)

    def make(self, by: Keyring, compartment: Compartment) -> Sheet:
        """Make a sheet; see `Library.make_sheet`."""
        by.keys_of(compartment)
        vault, comp = self._vault, comp_bytes(compartment)
        seed = self._entropy(SEED_LENGTH)
        new = Identity(seed).public
        number = vault.directory.newest_number(comp) + 1
        one = signed_recovery(Recovery(comp, number, new.id, False, vault.directory.roster.version), by.signing)
        directory = vault.directory.with_recovery(new, one)
        given = by.keys_of(SHARED).grant(new, by.signing)
        rows = [Row("identity", (new.id, new.hpke_pub, new.sign_pub)), one.row(), given]
        event = KeyEvent(KeyChange.SHEET_MADE, compartment.kind.name.lower())
        with self._membership.changing():
            self._journals.tell(by, [event], also=rows)
            vault.directory = directory
            vault.is_header_changed = True
            self._membership.give(by, compartment)
        return Sheet(compartment, number, vault.vault.hex(), new.id.hex(), sheet_text.written(seed))

    def confirm(self, by: Keyring, compartment: Compartment, seed: bytes) -> None:
        """Confirm a sheet; see `Library.confirm_sheet`."""
        by.keys_of(compartment)
        vault, comp = self._vault, comp_bytes(compartment)
        identity = Identity(seed)
        mine = self.recovery_of(identity)
        if mine.is_confirmed and mine.comp == comp:
            return  # its row may have signed a roster, and stays as it is
        if mine.comp != comp:
            kind = compartment_of(mine.comp).kind.name.lower()
            raise Implausible("This is the recovery sheet of the {kind} compartment.", kind=kind)
        for each in (compartment, SHARED):
            vault.file(each).reopen()  # the grant is read from the disk, not from SQLite's memory
            if held_keys(vault.file(each), vault.place(each), identity, vault.directory) is None:
                raise HeaderDamaged(
                    "The sheet does not open {name} yet. Make another one.", name=vault.place(each).name
                )
        version = vault.directory.roster.version
        one = signed_recovery(msgspec.structs.replace(mine, is_confirmed=True, roster_version=version), by.signing)
        event = KeyEvent(KeyChange.SHEET_CONFIRMED, compartment.kind.name.lower())
        with self._membership.changing():
            self._journals.tell(by, [event], also=[Change(_REPLACE, one.row().values)])
            vault.directory = vault.directory.with_recovery(identity.public, one)
            vault.is_header_changed = True
            self._membership.finish_all()

    def break_glass(self, seed: bytes, reason: str) -> Keyring:
        """Open `shared` and `medical` in an emergency; see `Library.break_glass`."""
        vault, identity = self._vault, Identity(seed)
        mine = self.recovery_of(identity)
        if mine.comp != comp_bytes(MEDICAL):
            raise Implausible("In an emergency the sheet of the medical compartment opens the record; this is another.")
        if not reason.strip():
            raise Implausible("Write why the record is opened; everybody will see it.")
        keys = {}
        for each in (SHARED, MEDICAL):
            held = held_keys(vault.file(each), vault.place(each), identity, vault.directory)
            if held is None:
                raise HeaderDamaged("The sheet does not open {name} yet.", name=vault.place(each).name)
            keys[each] = held
        keyring = Keyring(vault.directory.sheet_as_member(mine.id), identity.signing, keys)
        self._journals.tell(keyring, [BreakGlass(" ".join(reason.split()))])
        self._membership.admit(keyring)
        return keyring

    def recovery_of(self, identity: Identity) -> Recovery:
        """Return which sheet of this vault an identity is.

        Raises:
            Implausible: it is none, or an older one that opens nothing any more.
        """
        directory, sheet = self._vault.directory, identity.public.id
        if sheet not in directory.every_sheet():
            raise Implausible("This is no recovery sheet of this vault; compare the number of the vault on it.")
        for one in directory.sheets(directory.comp_of(sheet)):
            if one.id == sheet:
                return one
        raise Implausible("This is an older recovery sheet: a newer one took its place, and it opens nothing any more.")


def _kinds(comps: Iterable[bytes]) -> list[str]:
    return sorted({compartment_of(comp).kind.name.lower() for comp in comps})


_REPLACE = "INSERT OR REPLACE INTO recovery VALUES(?,?,?,?,?)"
