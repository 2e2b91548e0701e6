"""The four ways a room is staffed, as they follow from who is in it."""

from collections.abc import Sequence

from kapnotes.domain.entries import Staffing
from kapnotes.domain.members import Member


def staffing_of(people: Sequence[Member]) -> Staffing | None:
    """Return how the room is staffed by *people*; None where nobody with a clinical role is in it."""
    has_therapist = any(member.is_therapist for member in people)
    has_medical = any(member.is_medical for member in people)
    if has_therapist and has_medical:
        clinicians = [member for member in people if member.is_therapist or member.is_medical]
        return Staffing.ONE_PERSON_BOTH_ROLES if len(clinicians) == 1 else Staffing.TEAM
    if has_medical:
        return Staffing.CRNA_ALONE
    return Staffing.THERAPIST_ALONE if has_therapist else None
