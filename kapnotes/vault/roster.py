"""The roster: who is a member and with which roles, as a chain of versions signed by an administrator each."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from kapnotes.domain.members import MEDICAL, SHARED, Compartment, Member, Role
from kapnotes.vault import strict
from kapnotes.vault.identity import Signed, SigningKey
from kapnotes.vault.layout import label

_ACTIVE = "active"
_REVOKED = "revoked"
_SUCCEEDED = "succeeded"


class Listed(msgspec.Struct, frozen=True):
    """One line of a roster. `succeeds` is the member that this one is the same person as, where there is one."""

    id: bytes
    label: str
    roles: tuple[Role, ...]
    state: str = _ACTIVE
    succeeds: bytes | msgspec.UnsetType = msgspec.UNSET


class Roster(msgspec.Struct, frozen=True):
    """One version; `prev_sha` is the hash of the version before, or zeros in the first."""

    version: int
    prev_sha: bytes
    members: tuple[Listed, ...]

    def active(self) -> tuple[Member, ...]:
        """Return the members who may sign in."""
        return tuple(self._member(m) for m in self.members if m.state == _ACTIVE)

    def everybody(self) -> tuple[Member, ...]:
        """Return who is a member or was one, with the roles held last."""
        return tuple(self._member(m) for m in self.members)

    def _member(self, line: Listed) -> Member:
        """Return a line as a member, under whose id the process notes stand that this person began with."""
        lines = {m.id: m for m in self.members}
        first = line
        for _ in self.members:
            before = lines.get(first.succeeds) if isinstance(first.succeeds, bytes) else None
            first = before or first
        began = first.id.hex() if first is not line else ""
        return Member(line.id.hex(), line.label, frozenset(line.roles), began)

    def admins(self) -> frozenset[bytes]:
        """Return the ids of those who may sign the next version."""
        return frozenset(m.id for m in self.members if m.state == _ACTIVE and Role.ADMIN in m.roles)


def folded(label: str) -> str:
    """Return what two spellings of one name have in common."""
    return " ".join(label.split()).casefold()


def roster_sha(body: bytes) -> bytes:
    """Return the hash by which the next version names this one."""
    return hashlib.sha256(label("roster") + body).digest()


def listed(member: bytes, name: str, roles: Iterable[Role]) -> Listed:
    """Return the line of a new member."""
    return Listed(member, name, tuple(sorted(roles)))


def genesis(first: Listed) -> Roster:
    """Return the roster a vault begins with; its hash becomes the id of the vault."""
    return Roster(1, bytes(32), (first,))


def with_member(roster: Roster, body: bytes, new: Listed) -> Roster:
    """Return the version after *roster*, whose signed bytes are *body*."""
    return Roster(roster.version + 1, roster_sha(body), (*roster.members, new))


def without_member(roster: Roster, body: bytes, member: bytes) -> Roster:
    """Return the version after *roster* in which a member is revoked; the line stays with the roles held last."""
    lines = tuple(msgspec.structs.replace(m, state=_REVOKED) if m.id == member else m for m in roster.members)
    return Roster(roster.version + 1, roster_sha(body), lines)


def with_successor(roster: Roster, body: bytes, old: bytes, new: bytes) -> Roster:
    """Return the version after *roster* in which the person of *old* goes on under the identity *new*."""
    (line,) = (m for m in roster.members if m.id == old)
    lines = tuple(msgspec.structs.replace(m, state=_SUCCEEDED) if m is line else m for m in roster.members)
    return Roster(roster.version + 1, roster_sha(body), (*lines, Listed(new, line.label, line.roles, succeeds=old)))


@dataclass(frozen=True, slots=True)
class Succession:
    """A person who goes on under a new identity, and the compartments whose sheet may say so."""

    old: bytes
    new: bytes
    own_sheets: tuple[Compartment, ...]


def own_sheets(member: Member) -> tuple[Compartment, ...]:
    """Return whose recovery sheet lets a member go on under a new identity.

    A therapist's is that of the process notes alone: whoever holds the practice's envelope gets no therapist's seat.
    """
    if member.is_therapist:
        return (member.therapy,)
    return (MEDICAL, SHARED) if member.is_medical else (SHARED,)


def succession(before: Roster, after: Roster) -> Succession | None:
    """Return who goes on under a new identity in *after*, if that is all that it changes."""
    new = after.members[-1] if after.members else None
    if new is None or not isinstance(new.succeeds, bytes):
        return None
    old = next((member for member in before.active() if member.member_id == bytes(new.succeeds).hex()), None)
    if old is None or after.members != with_successor(before, b"", new.succeeds, new.id).members:
        return None
    return Succession(new.succeeds, new.id, own_sheets(old))


def signed(roster: Roster, by: SigningKey) -> Signed:
    """Return *roster* as it is stored."""
    return by.sign("roster", strict.encoded(roster))
