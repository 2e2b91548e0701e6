"""A new passphrase for a member: the same seed, wrapped anew.

The old slot is replaced in one transaction of `shared.kapdb`. Until the new one was read back from the disk and has
opened, the copies in the other files are the old ones; so at any moment the old passphrase opens, or the new one.
Backups that were made before open with the old one for ever.
"""

from kapnotes.domain.custody import KeyChange, KeyEvent
from kapnotes.domain.errors import VaultError
from kapnotes.domain.members import SHARED, Member
from kapnotes.vault import slots
from kapnotes.vault.compartment_file import Change, Row
from kapnotes.vault.entropy import Entropy
from kapnotes.vault.kdf import KdfCost
from kapnotes.vault.keyring import Keyring
from kapnotes.vault.keys_log import Journals
from kapnotes.vault.open_vault import OpenVault


class Passphrases:
    """Changes passphrases in one open vault. Keys are derived outside the vault's door, so that no note waits."""

    def __init__(self, vault: OpenVault, journals: Journals, entropy: Entropy) -> None:
        self._vault = vault
        self._journals = journals
        self._entropy = entropy

    def change(self, keyring: Keyring, old: str, new: str, *, cost: KdfCost) -> None:
        """Replace the passphrase; see `Library.change_passphrase`."""
        member, vault = keyring.member, self._vault
        before = self._slot(member)
        seed = slots.open_seed(before, member, old, vault.vault)
        row = slots.new_slot_row(seed, before.member, vault.vault, new, cost, self._entropy)
        with vault.door:
            vault.see_that_it_is_open()
            self._see_that_it_is_still(before, member)
            event = KeyEvent(KeyChange.OWN_KEY_REWRAPPED, member.member_id)
            self._journals.tell(keyring, [event], also=[replaced(row)])
            vault.is_header_changed = True
            vault.shared.reopen()  # what is read back comes from the disk, not from SQLite's memory
        try:
            slots.open_slot(self._slot(member), member, new, vault.vault)
        except VaultError:
            with vault.door:
                vault.write(SHARED, [slots.as_row(before)], replacing=True)
            raise
        with vault.door:
            vault.see_that_it_is_open()
            vault.refresh_copies()

    def _slot(self, member: Member) -> slots.Slot:
        with self._vault.door:
            return self._vault.slot(member)

    def _see_that_it_is_still(self, before: slots.Slot, member: Member) -> None:
        if self._vault.slot(member) != before:
            raise VaultError("The passphrase of {label} was changed meanwhile; try again.", label=member.label)


def replaced(row: Row) -> Change:
    """Return the change that puts a slot in the place of the one before."""
    return Change("INSERT OR REPLACE INTO slot VALUES(?,?,?)", row.values)
