"""The public half of the key header: who is who, with whose keys, and what each may hold.

It is read from `shared.kapdb`; where a row there does not hold, from the copies in the other files.
"""

import contextlib
from collections.abc import Sequence

from kapnotes.domain.errors import DataDamaged, HeaderDamaged, Tampered, WrongPassphrase
from kapnotes.domain.members import Member, may_read
from kapnotes.vault import strict
from kapnotes.vault.compartment_file import ANY, NUMBER, CompartmentFile, Row
from kapnotes.vault.identity import HPKE_PUB_LENGTH, PublicIdentity, Signed
from kapnotes.vault.layout import compartment_of, vault_id
from kapnotes.vault.roster import Roster, roster_sha


class Directory:
    """Members, their public keys, and the chain of rosters that vouches for them."""

    def __init__(self, identities: dict[bytes, PublicIdentity], chain: Sequence[tuple[Roster, Signed]]) -> None:
        self.vault = vault_id(chain[0][1].body)
        self.roster, self.signed_roster = chain[-1]
        self.members = self.roster.active()
        self._chain = chain
        self._identities = identities
        self._members = {bytes.fromhex(member.member_id): member for member in self.members}

    @classmethod
    def load(cls, files: Sequence[CompartmentFile]) -> "Directory":
        """Read the directory; for each row the first of *files* counts that has it whole.

        Raises:
            HeaderDamaged: a row is whole nowhere.
            Tampered: a roster is not signed by an administrator of the one before.
        """
        identities: dict[bytes, PublicIdentity] = {}
        versions: dict[int, list[Signed]] = {}
        for file in files:
            with contextlib.suppress(DataDamaged):
                for identity in identities_in(file):
                    if identity.is_whole:
                        identities.setdefault(identity.id, identity)
                for version, signed in rosters_in(file):
                    versions.setdefault(version, []).append(signed)
        chain: list[tuple[Roster, Signed]] = []
        while candidates := versions.get(len(chain) + 1):
            chain.append(_next_version(chain, candidates, identities))
        if len(chain) != len(versions) or not chain:
            raise HeaderDamaged("The key header is damaged: a roster is missing. Restore a backup.")
        directory = cls(identities, chain)
        if any(member not in identities for member in directory._members):
            raise HeaderDamaged("The key header is damaged: a member's keys are missing. Restore a backup.")
        return directory

    def member(self, member: bytes) -> Member | None:
        """Return the member of that id, if there is one."""
        return self._members.get(member)

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

    def label_of(self, member: bytes) -> str:
        """Return what to call the member in a line a person reads."""
        known = self._members.get(member)
        return known.label if known else "somebody unknown"

    def identity(self, member: bytes) -> PublicIdentity:
        """Return the public keys of a member of the roster."""
        return self._identities[member]

    def has_signed(self, member: bytes, use: str, body: bytes, sig: bytes) -> bool:
        """Tell whether that member, and a member at all, signed *body*."""
        return member in self._members and self._identities[member].has_signed(use, body, sig)

    def may_hold(self, member: bytes, comp: bytes) -> bool:
        """Tell whether the roster entitles the member to the key of a compartment."""
        known = self._members.get(member)
        return known is not None and may_read(known, compartment_of(comp))

    def has_holder_signed(self, use: str, signed: Signed, comp: bytes) -> bool:
        """Tell whether one who may hold the key of *comp* signed this; for `therapy` that is its owner alone."""
        return self.may_hold(signed.by, comp) and self.has_signed(signed.by, use, signed.body, signed.sig)

    def extended(self, new: PublicIdentity, roster: Roster, signed: Signed) -> "Directory":
        """Return the directory with one more member and the roster that says so."""
        return Directory({**self._identities, new.id: new}, [*self._chain, (roster, signed)])

    def newest_rows(self, new: bytes) -> list[Row]:
        """Return the rows of the newest roster and of the member it brought."""
        return [row for row in self.rows() if row.values[0] in (new, self.roster.version)]

    def rows(self) -> list[Row]:
        """Return the rows of the directory, to be copied into each file."""
        identities = [Row("identity", (i.id, i.hpke_pub, i.sign_pub)) for i in self._identities.values()]
        rosters = [Row("roster", (r.version, s.body, s.by, s.sig)) for r, s in self._chain]
        return identities + rosters


def folded(label: str) -> str:
    """Return what two spellings of one name have in common."""
    return " ".join(label.split()).casefold()


def identities_in(file: CompartmentFile) -> list[PublicIdentity]:
    """Return the identities that *file* holds, whole or not."""
    rows = file.rows("SELECT id, hpke_pub, sign_pub FROM identity", (16, HPKE_PUB_LENGTH, 32))
    return [PublicIdentity(*row) for row in rows]


def rosters_in(file: CompartmentFile) -> list[tuple[int, Signed]]:
    """Return the signed rosters that *file* holds, by version."""
    rows = file.rows("SELECT version, body, by, sig FROM roster ORDER BY version", (NUMBER, ANY, 16, 64))
    return [(version, Signed(*signed)) for version, *signed in rows]


def _next_version(
    chain: Sequence[tuple[Roster, Signed]], candidates: Sequence[Signed], identities: dict[bytes, PublicIdentity]
) -> tuple[Roster, Signed]:
    """Return the first of *candidates* that follows *chain*."""
    is_forged = False
    for signed in candidates:
        roster = strict.decoded(signed.body, Roster)
        if roster is None or roster.version != len(chain) + 1:
            continue
        before, prev_sha = (chain[-1][0], roster_sha(chain[-1][1].body)) if chain else (roster, bytes(32))
        signer = identities.get(signed.by)
        is_entitled = signer is not None and signed.by in before.admins() and roster.prev_sha == prev_sha
        if is_entitled and signer is not None and signer.has_signed("roster", signed.body, signed.sig):
            return roster, signed
        is_forged = is_forged or not (signed.by in before.admins() and signer is None)  # else: a key is missing
    if is_forged:
        raise Tampered("Roster {len} is not signed by an administrator. Restore a backup.", len=len(chain) + 1)
    raise HeaderDamaged("The key header is damaged. Restore a backup or use the recovery sheet.")
