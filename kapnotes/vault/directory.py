"""The public half of the key header: who is who, with whose keys, and what each may hold.

It is read from `shared.kapdb`; where a row there does not hold, from the copies in the other files.

What is kept apart: `member` is somebody who may sign in; `author` is anybody whose entries count: members, those who
were, and recovery sheets. `may_hold` is who is entitled to a key now, `could_hold` who ever was, so that what they
signed then stays signed.
"""

import contextlib
from collections.abc import Iterable, Mapping, Sequence

from kapnotes.domain.custody import BreakGlass, KeyEvent
from kapnotes.domain.entries import Body
from kapnotes.domain.errors import DataDamaged, HeaderDamaged, Tampered, WrongPassphrase
from kapnotes.domain.members import SHARED, Compartment, CompartmentKind, Member, Persons, may_read, may_write
from kapnotes.domain.places import may_stand
from kapnotes.vault import strict
from kapnotes.vault.compartment_file import CompartmentFile, Row
from kapnotes.vault.header_rows import identities_in, rosters_in
from kapnotes.vault.identity import PublicIdentity, Signed
from kapnotes.vault.layout import comp_bytes, compartment_of, vault_id
from kapnotes.vault.recovery import Recovery, SignedRecovery, recoveries_in
from kapnotes.vault.roster import Roster, folded, roster_sha, succession
from kapnotes.vault.told_sheets import SheetsTold


class Directory:
    """Members, recovery sheets, their public keys, and the chain of rosters that vouches for them."""

    def __init__(
        self,
        identities: dict[bytes, PublicIdentity],
        chain: Sequence[tuple[Roster, Signed]],
        recoveries: Iterable[SignedRecovery] = (),
        told: Mapping[bytes, SheetsTold] | None = None,
        strangers: frozenset[bytes] = frozenset(),
    ) -> None:
        self.vault = vault_id(chain[0][1].body)
        self.roster, self.signed_roster = chain[-1]
        self.members = self.roster.active()
        self._chain = chain
        self._identities = identities
        self._members = {bytes.fromhex(member.member_id): member for member in self.members}
        self.everybody = self.roster.everybody()
        self._everybody = {bytes.fromhex(member.member_id): member for member in self.everybody}
        self.persons = Persons({one.member_id: one.succeeds for one in self.everybody if one.succeeds})
        """Which ids are of one person: more than one after a forgotten passphrase."""
        every = list(recoveries)
        self.recoveries = tuple(one for one in every if self.is_recovery(one))
        self.has_doubts = len(self.recoveries) < len(every)
        """Whether a row did not hold, so that another copy may know better."""
        self.told = told or {}
        """What the log of keys says of sheets, by compartment, as the one who signed in last reads it."""
        self.strangers = strangers
        """Who goes on under a new identity and never held a key, as the one who signed in last reads it."""
        self._comp_of_sheet = {one.recovery.id: one.recovery.comp for one in self.recoveries}

    @classmethod
    def load(cls, files: Sequence[CompartmentFile]) -> "Directory":
        """Read the directory; for each row the first of *files* counts that has it whole.

        Raises:
            HeaderDamaged: a row is whole nowhere.
            Tampered: a roster is not signed by an administrator of the one before.
        """
        identities: dict[bytes, PublicIdentity] = {}
        versions: dict[int, list[Signed]] = {}
        recoveries: list[SignedRecovery] = []
        for file in files:
            with contextlib.suppress(DataDamaged):
                for identity in identities_in(file):
                    if identity.is_whole:
                        identities.setdefault(identity.id, identity)
                for version, signed in rosters_in(file):
                    versions.setdefault(version, []).append(signed)
                recoveries += recoveries_in(file)
        chain: list[tuple[Roster, Signed]] = []
        while candidates := versions.get(len(chain) + 1):
            chain.append(_next_version(chain, candidates, identities, recoveries))
        if len(chain) != len(versions) or not chain:
            raise HeaderDamaged("The key header is damaged: a roster is missing. Restore a backup.")
        directory = cls(identities, chain)
        if any(member not in identities for member in directory._members):
            raise HeaderDamaged("The key header is damaged: a member's keys are missing. Restore a backup.")
        first: dict[tuple[bytes, int], SignedRecovery] = {}
        for one in recoveries:
            known = first.setdefault((one.recovery.comp, one.recovery.number), one)
            if directory.weight_of(one) > directory.weight_of(known):
                first[one.recovery.comp, one.recovery.number] = one
        return cls(identities, chain, first.values())

    # ------------------------------------------------------------------------------------------ who is who

    def member(self, member: bytes) -> Member | None:
        """Return the member of that id, if there is one who may sign in."""
        return self._members.get(member)

    def author(self, author: bytes) -> Member | None:
        """Return who wrote under that id: a member, one who was, or a recovery sheet, which has no role."""
        known = self._everybody.get(author)
        if known is None and author in self._comp_of_sheet:
            return self.sheet_as_member(author)
        return known

    def sheet_as_member(self, sheet: bytes) -> Member:
        """Return a recovery sheet as one who signs in with it."""
        kind = compartment_of(self._comp_of_sheet[sheet]).kind.name.lower()
        return Member(sheet.hex(), f"recovery sheet ({kind})", frozenset())

    def labelled(self, label: str) -> Member:
        """Return the member of that name, however it is spaced and cased; names are no secret.

        Raises:
            WrongPassphrase: there is none.
        """
        for member in self.members:
            if folded(member.label) == folded(label):
                return member
        known = ", ".join(member.label for member in self.members)
        raise WrongPassphrase("There is no member of that name here. Members: {known}.", known=known)

    def label_of(self, author: bytes) -> str:
        """Return what to call somebody in a line a person reads."""
        known = self.author(author)
        return known.label if known else "somebody unknown"

    def identity(self, holder: bytes) -> PublicIdentity:
        """Return the public keys of a member or a sheet."""
        return self._identities[holder]

    def has_signed(self, author: bytes, use: str, body: bytes, sig: bytes) -> bool:
        """Tell whether that author, and an author at all, signed *body*."""
        if author not in self._everybody and author not in self._comp_of_sheet:
            return False
        identity = self._identities.get(author)
        return identity is not None and identity.has_signed(use, body, sig)

    # ------------------------------------------------------------------------------------------ who may what

    def may_hold(self, holder: bytes, comp: bytes) -> bool:
        """Tell whether somebody is entitled to the key of a compartment now."""
        return self._is_entitled(holder, comp) or holder in {one.id for one in self.sheets_for(comp)}

    def holders(self, comp: bytes) -> list[PublicIdentity]:
        """Return the keys of all to whom the key of a compartment is given: members and sheets, but no stranger."""
        members = [one for one in self._members if self._is_entitled(one, comp) and one not in self.strangers]
        return [self._identities[holder] for holder in (*members, *(one.id for one in self.sheets_for(comp)))]

    def could_hold(self, holder: bytes, comp: bytes) -> bool:
        """Tell whether somebody was ever entitled to it."""
        known = self._everybody.get(holder)
        if known is not None:
            return may_read(known, compartment_of(comp))
        return holder in self._comp_of_sheet and comp in (self._comp_of_sheet[holder], comp_bytes(SHARED))

    def has_holder_signed(self, use: str, signed: Signed, comp: bytes) -> bool:
        """Tell whether one who could hold the key of *comp* signed this; for `therapy` its owner or its sheet."""
        return self.could_hold(signed.by, comp) and self.has_signed(signed.by, use, signed.body, signed.sig)

    def was_member(self, author: bytes, version: int) -> bool:
        """Tell whether somebody could sign in by that version of the roster."""
        if not 1 <= version <= len(self._chain):
            return False
        return any(bytes.fromhex(one.member_id) == author for one in self._chain[version - 1][0].active())

    def person(self, member: bytes) -> frozenset[bytes]:
        """Return all ids of one person: more than one after a forgotten passphrase."""
        own = (one for one in self._everybody if self.persons.are_one(one.hex(), member.hex()))
        return frozenset((member, *own))

    def has_somebody_left(self, comp: bytes, version: int) -> bool:
        """Tell whether one who could hold the key by that version of the roster, or a later one, may no more."""
        compartment = compartment_of(comp)
        listed = {one for roster, _ in self._chain[max(version - 1, 0) :] for one in roster.active()}
        return any(
            may_read(one, compartment) and not self._is_entitled(bytes.fromhex(one.member_id), comp) for one in listed
        )

    def may_write(self, author: bytes, compartment: Compartment) -> bool:
        """Tell whether entries of that author may stand in a compartment at all."""
        known = self.author(author)
        return known is not None and may_write(known, compartment)

    def may_stand(self, author: bytes, body: Body, compartment: Compartment) -> bool:
        """Tell whether an entry of that author may stand there; sheets write only what was done with keys."""
        known = self.author(author)
        if known is None or not may_stand(body, known, compartment):
            return False
        return author in self._everybody or isinstance(body, BreakGlass | KeyEvent)

    def _is_entitled(self, member: bytes, comp: bytes) -> bool:
        """Tell whether a member may hold a key. Process notes stay with their owner also when she has left."""
        compartment = compartment_of(comp)
        known = self._everybody.get(member)
        if known is None or not may_read(known, compartment):
            return False
        if member in self._members:
            return True
        is_therapy = compartment.kind is CompartmentKind.THERAPY
        return is_therapy and not any(may_read(other, compartment) for other in self.members)

    # ------------------------------------------------------------------------------------------ recovery sheets

    def sheets(self, comp: bytes) -> list[Recovery]:
        """Return the sheets of a compartment that count, oldest first: the newest confirmed one and what came after.

        A sheet counts as long as whoever made or confirmed it is entitled to the key: one who has left had it in hand.
        None counts that was made before one whose row was taken out: it may have been replaced.
        """
        mine = [one for one in self.recoveries if one.recovery.comp == comp and self._is_entitled(one.signed.by, comp)]
        newest = max((one.recovery.number for one in mine if one.recovery.is_confirmed), default=0)
        newest = max(newest, self.taken_out(comp))
        found = [one.recovery for one in mine if one.recovery.number >= newest]
        return sorted(found, key=lambda recovery: recovery.number)

    def sheets_for(self, comp: bytes) -> list[Recovery]:
        """Return the sheets that hold the key of a compartment: its own, and of `shared` every sheet.

        Whoever opens a record in need must be able to say so in `shared` first, and to find the patient there.
        """
        comps = {one.recovery.comp for one in self.recoveries} if comp == comp_bytes(SHARED) else {comp}
        return [one for each in sorted(comps) for one in self.sheets(each)]

    def newest_number(self, comp: bytes) -> int:
        """Return the number of the sheet that was made last, whether it counts or not; 0 where there was none."""
        known = max((one.recovery.number for one in self.recoveries if one.recovery.comp == comp), default=0)
        return max(known, self.told[comp].made) if comp in self.told else known

    def every_taken_out(self) -> set[bytes]:
        """Return the compartments with a sheet whose row is not as the log of keys says."""
        return {comp for comp in self.told if self.taken_out(comp)}

    def taken_out(self, comp: bytes) -> int:
        """Return the number of the newest sheet whose row is not as the log of keys says; 0 where all are."""
        rows = (one.recovery for one in self.recoveries if one.recovery.comp == comp)
        return self.told[comp].taken_out(rows) if comp in self.told else 0

    def is_sheet_of(self, sheet: bytes, comp: bytes) -> bool:
        """Tell whether that is a recovery sheet, new or old, of a compartment."""
        return self._comp_of_sheet.get(sheet) == comp

    def comp_of(self, sheet: bytes) -> bytes:
        """Return which compartment a sheet was made for."""
        return self._comp_of_sheet[sheet]

    def every_sheet(self) -> list[bytes]:
        """Return the ids of all sheets there ever were."""
        return list(self._comp_of_sheet)

    def weight_of(self, one: SignedRecovery) -> tuple[bool, bool]:
        """Return which of two rows of a sheet counts: a signed one, and one that knows that it was confirmed."""
        return self.is_recovery(one), one.recovery.is_confirmed

    def is_recovery(self, one: SignedRecovery) -> bool:
        """Tell whether a sheet's row is signed by one who could hold the key of its compartment."""
        member, signed = self._everybody.get(one.signed.by), one.signed
        if member is None or one.recovery.id not in self._identities:
            return False
        is_holder = may_read(member, compartment_of(one.recovery.comp))
        return is_holder and self._identities[signed.by].has_signed("recovery", signed.body, signed.sig)

    # ------------------------------------------------------------------------------------------ the next one

    def extended(self, new: PublicIdentity | None, roster: Roster, signed: Signed) -> "Directory":
        """Return the directory with the next roster, and perhaps one more identity."""
        identities = self._identities if new is None else {**self._identities, new.id: new}
        return Directory(identities, [*self._chain, (roster, signed)], self.recoveries, self.told, self.strangers)

    def with_told(self, told: Mapping[bytes, SheetsTold], strangers: frozenset[bytes] = frozenset()) -> "Directory":
        """Return the directory with what is read by a key: what the log of keys says of sheets, and who is none."""
        return Directory(self._identities, self._chain, self.recoveries, told, strangers)

    def with_recovery(self, new: PublicIdentity, one: SignedRecovery) -> "Directory":
        """Return the directory with a sheet, or with a new line for one that was known."""
        index = (one.recovery.comp, one.recovery.number)
        others = [other for other in self.recoveries if (other.recovery.comp, other.recovery.number) != index]
        return Directory({**self._identities, new.id: new}, self._chain, [*others, one], self.told, self.strangers)

    def newest_rows(self, *new: bytes) -> list[Row]:
        """Return the rows of the newest roster and of the identities it brought."""
        return [row for row in self.rows() if row.values[0] in (*new, self.roster.version)]

    def rows(self) -> list[Row]:
        """Return the rows of the directory, to be copied into each file."""
        identities = [Row("identity", (i.id, i.hpke_pub, i.sign_pub)) for i in self._identities.values()]
        rosters = [Row("roster", (r.version, s.body, s.by, s.sig)) for r, s in self._chain]
        return identities + rosters + [one.row() for one in self.recoveries]


def _next_version(
    chain: Sequence[tuple[Roster, Signed]],
    candidates: Sequence[Signed],
    identities: dict[bytes, PublicIdentity],
    recoveries: Sequence[SignedRecovery],
) -> tuple[Roster, Signed]:
    """Return the first of *candidates* that follows *chain*."""
    is_forged = False
    for signed in candidates:
        roster = strict.decoded(signed.body, Roster)
        if roster is None or roster.version != len(chain) + 1:
            continue
        before, prev_sha = (chain[-1][0], roster_sha(chain[-1][1].body)) if chain else (roster, bytes(32))
        signer = identities.get(signed.by)
        is_entitled = signed.by in before.admins() or _has_sheet(signed.by, chain, roster, identities, recoveries)
        follows = is_entitled and roster.prev_sha == prev_sha and bool(roster.admins())
        if follows and signer is not None and signer.has_signed("roster", signed.body, signed.sig):
            return roster, signed
        is_forged = is_forged or not (signed.by in before.admins() and signer is None)  # else: a key is missing
    if is_forged:
        raise Tampered("Roster {len} is not signed by an administrator. Restore a backup.", len=len(chain) + 1)
    raise HeaderDamaged("The key header is damaged. Restore a backup or use the recovery sheet.")


def _has_sheet(
    signer: bytes,
    chain: Sequence[tuple[Roster, Signed]],
    roster: Roster,
    identities: dict[bytes, PublicIdentity],
    recoveries: Sequence[SignedRecovery],
) -> bool:
    """Tell whether *signer* is a sheet that lets one member go on under a new identity, and *roster* does only that.

    It must be of a compartment of that member's own, vouched for by a member of the roster before, and not replaced by
    a newer one that was confirmed under an older roster than this.
    """
    if not chain:
        return False
    before = chain[-1][0]
    person = succession(before, roster)
    if person is None:
        return False
    own = {comp_bytes(compartment) for compartment in person.own_sheets}
    vouched = [one for one in Directory(identities, chain, recoveries).recoveries if one.recovery.comp in own]
    for one in vouched:
        if one.recovery.id == signer and one.recovery.is_confirmed:
            return not any(
                other.recovery.comp == one.recovery.comp
                and other.recovery.number > one.recovery.number
                and other.recovery.is_confirmed
                and other.recovery.roster_version < roster.version
                for other in vouched
            )
    return False
