"""A forgotten passphrase: the person goes on under a new identity, vouched for by the own recovery sheet.

The seed of the old identity is gone with its passphrase, and it is kept nowhere else: a sheet that held it could sign
as its member. So there is a new identity; the roster notes whom it succeeds, and with that whose process notes it owns.
What the old one signed stays signed. The sheet signs that roster and gives the keys.

First the keys are given in each compartment's own file, then all the rest happens in one transaction of `shared`: until
then the vault is as it was, afterwards the new passphrase opens. The old identity has had the keys, so the next sign-in
changes them. Sheets that the old identity vouched for count no longer; that is why a compartment that nobody else holds
has to be opened by its sheet now.
"""

from collections.abc import Sequence

from kapnotes.domain.custody import KeyChange, KeyEvent
from kapnotes.domain.errors import HeaderDamaged, Implausible
from kapnotes.domain.members import SHARED, Compartment, Member, may_read
from kapnotes.domain.notices import Notice
from kapnotes.vault import roster, slots
from kapnotes.vault.compartment_file import Change, Write
from kapnotes.vault.entropy import Entropy
from kapnotes.vault.identity import SEED_LENGTH, Identity
from kapnotes.vault.kdf import KdfCost
from kapnotes.vault.keyring import CompartmentKeys, Keyring, held_keys
from kapnotes.vault.keys_log import Journals
from kapnotes.vault.layout import compartment_of, id_bytes
from kapnotes.vault.membership import Membership, entitled
from kapnotes.vault.open_vault import OpenVault
from kapnotes.vault.recovery import Recovery
from kapnotes.vault.sheets import Sheets

Paper = tuple[Identity, Recovery]


class Succession:
    """Lets members go on who forgot their passphrase. Keys are derived outside the vault's door."""

    def __init__(
        self, vault: OpenVault, journals: Journals, membership: Membership, sheets: Sheets, entropy: Entropy
    ) -> None:
        self._vault = vault
        self._journals = journals
        self._membership = membership
        self._sheets = sheets
        self._entropy = entropy

    def notices(self) -> list[Notice]:
        """Return who is a member by a sheet that was replaced; seen once somebody has signed in."""
        directory = self._vault.directory
        return [
            Notice(
                "{label} goes on under a new identity that never held a key, and is given none. Restore a backup.",
                {"label": directory.label_of(one)},
            )
            for one in sorted(directory.strangers)
        ]

    def recover(self, label: str, seeds: Sequence[bytes], passphrase: str, *, cost: KdfCost) -> None:
        """Give a member a new identity and passphrase; see `Library.recover`."""
        vault = self._vault
        with vault.door:
            vault.see_that_it_is_open()
            before = vault.directory
            member = before.labelled(label)
            self._membership.see_that_nobody_sits_as(member)
            papers = [(identity, self._sheets.recovery_of(identity)) for identity in map(Identity, seeds)]
            self._see_that_they_will_do(member, papers)
        seed = self._entropy(SEED_LENGTH)
        new = Identity(seed)
        slot = slots.new_slot_row(seed, new.public.id, vault.vault, passphrase, cost, self._entropy)
        with vault.door:
            vault.see_that_it_is_open()
            if vault.directory is not before:
                raise Implausible("The members were changed meanwhile; try again.")
            self._membership.see_that_nobody_sits_as(member)
            old = id_bytes(member.member_id)
            version = roster.with_successor(before.roster, before.signed_roster.body, old, new.public.id)
            signed = roster.signed(version, self._voucher(member, papers).signing)
            directory = before.extended(new.public, version, signed)
            keys = {compartment: opened for paper in papers for compartment, opened in self._opened(paper)}
            event = KeyEvent(KeyChange.OWN_KEY_REPLACED, member.member_id)
            with self._membership.changing():
                for compartment, (opened, by) in keys.items():
                    if compartment != SHARED:
                        vault.write(compartment, [opened.grant(new.public, by.signing)])
                shared, by = keys[SHARED]
                also: list[Write] = [
                    *directory.newest_rows(new.public.id),
                    slot,
                    shared.grant(new.public, by.signing),
                    Change("DELETE FROM slot WHERE member=?", (old,)),
                ]
                person = directory.member(new.public.id)
                assert person is not None  # noqa: S101
                self._journals.tell(Keyring(person, new.signing, {SHARED: shared}), [event], also=also)
                vault.directory = directory
                vault.is_header_changed = True
                vault.refresh_copies()

    # ------------------------------------------------------------------------------------------- inside

    def _voucher(self, member: Member, papers: Sequence[Paper]) -> Identity:
        """Return the sheet that may let *member* go on.

        Raises:
            Implausible: it is not among *papers*.
        """
        own = roster.own_sheets(member)
        for identity, recovery in papers:
            if compartment_of(recovery.comp) in own and recovery.is_confirmed:
                return identity
        kind = own[0].kind.name.lower()
        template = "{label} goes on with the confirmed recovery sheet of the {kind} compartment."
        raise Implausible(template, label=member.label, kind=kind)

    def _see_that_they_will_do(self, member: Member, papers: Sequence[Paper]) -> None:
        self._voucher(member, papers)
        opened = {compartment_of(recovery.comp) for _, recovery in papers} | {SHARED}
        others = [other for other in self._vault.directory.members if other != member]
        for compartment in entitled(member):
            if compartment not in opened and not any(may_read(other, compartment) for other in others):
                kind = compartment.kind.name.lower()
                template = "Nobody else holds the {kind} compartment: its recovery sheet is needed too."
                raise Implausible(template, kind=kind)

    def _opened(self, paper: Paper) -> list[tuple[Compartment, tuple[CompartmentKeys, Identity]]]:
        identity, recovery = paper
        found = []
        for compartment in {compartment_of(recovery.comp), SHARED}:
            place = self._vault.place(compartment)
            keys = held_keys(self._vault.file(compartment), place, identity, self._vault.directory)
            if keys is None:
                raise HeaderDamaged("The sheet does not open {name} yet.", name=place.name)
            found.append((compartment, (keys, identity)))
        return found
