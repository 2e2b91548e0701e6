"""Who is who: members, their roles, and which compartment holds what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum


class Role(StrEnum):
    """What a member may do; one member may hold several."""

    THERAPIST = "therapist"
    MEDICAL = "medical"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Member:
    """One person with an own passphrase; `member_id` is 32 hex digits.

    `succeeds` is the id under which this person began, where a forgotten passphrase made a new one necessary; else "".
    """

    member_id: str
    label: str
    roles: frozenset[Role]
    succeeds: str = ""

    @property
    def is_therapist(self) -> bool:
        """Tell whether the member keeps process notes."""
        return Role.THERAPIST in self.roles

    @property
    def is_medical(self) -> bool:
        """Tell whether the member writes the medical record."""
        return Role.MEDICAL in self.roles

    @property
    def therapy(self) -> "Compartment":
        """Return the compartment of this member's process notes."""
        return therapy_of(self.succeeds or self.member_id)


@dataclass(frozen=True, slots=True)
class Persons:
    """Which ids are of one person: a forgotten passphrase, and each further one, makes a new id necessary.

    `began_as` gives the id under which a person began for every later id of that person.
    """

    began_as: Mapping[str, str] = field(default_factory=dict)

    def began(self, member_id: str) -> str:
        """Return the id under which the person of that id began."""
        return self.began_as.get(member_id, member_id)

    def are_one(self, one_id: str, other_id: str) -> bool:
        """Tell whether two ids are of one person."""
        return self.began(one_id) == self.began(other_id)


class CompartmentKind(IntEnum):
    """The three kinds of file, by the number they have in the vault's format."""

    SHARED = 1
    MEDICAL = 2
    THERAPY = 3


@dataclass(frozen=True, slots=True, order=True)
class Compartment:
    """One encrypted file with its own key; `owner_id` is a member's id for `THERAPY` and empty otherwise."""

    kind: CompartmentKind
    owner_id: str = ""

    def __post_init__(self) -> None:
        if (self.kind is CompartmentKind.THERAPY) != bool(self.owner_id):
            raise ValueError("a therapy compartment has an owner, the others have none")


SHARED = Compartment(CompartmentKind.SHARED)
MEDICAL = Compartment(CompartmentKind.MEDICAL)


def therapy_of(member_id: str) -> Compartment:
    """Return the compartment of that therapist's process notes."""
    return Compartment(CompartmentKind.THERAPY, member_id)


def may_read(member: Member, compartment: Compartment) -> bool:
    """Tell whether *member* is entitled to the key of *compartment*.

    Source: 45 CFR 164.501 keeps process notes with their originator; the medical record belongs to the treating team.
    """
    match compartment.kind:
        case CompartmentKind.SHARED:
            return True
        case CompartmentKind.MEDICAL:
            return member.is_medical or member.is_therapist
        case CompartmentKind.THERAPY:
            return compartment == member.therapy and member.is_therapist


def may_write(member: Member, compartment: Compartment) -> bool:
    """Tell whether *member* may add to *compartment*: `medical` needs the medical role, `therapy` its owner."""
    if compartment.kind is CompartmentKind.MEDICAL:
        return member.is_medical
    return may_read(member, compartment)
