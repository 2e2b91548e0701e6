"""An integration session: who held it and when, what of the three blocks was taken up, and what goes on from there."""

from dataclasses import dataclass
from enum import StrEnum


class Contact(StrEnum):
    """How the two met."""

    IN_PERSON = "in_person"
    VIDEO = "video"
    PHONE = "phone"


class TakenUp(StrEnum):
    """What became of one block; `NOT_TOLD` says that it was not spoken of, or that there was nothing in it."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    NOT_TOLD = "not_told"


@dataclass(frozen=True, slots=True)
class BlockOutcome:
    """Whether one of the three blocks was taken up, and what came of it."""

    taken_up: TakenUp = TakenUp.NOT_TOLD
    text: str = ""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The integration session that followed this one; it happened when it was held, and is written to be handed on.

    `held_by` is who held it, with the credential, member or not; `carry` what to carry to the next session.
    """

    held_by: str
    contact: Contact
    words: BlockOutcome
    shifts: BlockOutcome
    attention: BlockOutcome
    carry: str = ""
