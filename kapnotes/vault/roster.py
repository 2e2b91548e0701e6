"""The roster: who is a member and with which roles, as a chain of versions signed by an administrator each."""

import hashlib
from collections.abc import Iterable

import msgspec

from kapnotes.domain.members import Member, Role
from kapnotes.vault import strict
from kapnotes.vault.identity import Signed, SigningKey
from kapnotes.vault.layout import label

_ACTIVE = "active"


class Listed(msgspec.Struct, frozen=True):
    """One line of a roster."""

    id: bytes
    label: str
    roles: tuple[Role, ...]
    state: str = _ACTIVE


class Roster(msgspec.Struct, frozen=True):
    """One version; `prev_sha` is the hash of the version before, or zeros in the first."""

    version: int
    prev_sha: bytes
    members: tuple[Listed, ...]

    def active(self) -> tuple[Member, ...]:
        """Return the members who may sign in."""
        return tuple(Member(m.id.hex(), m.label, frozenset(m.roles)) for m in self.members if m.state == _ACTIVE)

    def admins(self) -> frozenset[bytes]:
        """Return the ids of those who may sign the next version."""
        return frozenset(m.id for m in self.members if m.state == _ACTIVE and Role.ADMIN in m.roles)


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


def signed(roster: Roster, by: SigningKey) -> Signed:
    """Return *roster* as it is stored."""
    return by.sign("roster", strict.encoded(roster))
