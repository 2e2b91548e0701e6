"""The names of all lines and forms that can be half-typed, and where each of them is kept."""

from kapnotes.domain.checklist import ITEMS as CHECKED
from kapnotes.domain.entries import Block, Staffing
from kapnotes.domain.members import MEDICAL, SHARED, Compartment, Member
from kapnotes.domain.preparation import ITEMS

NOTE = "note"
"""The line of the note pad."""

LOG = "log"
"""The line of the vitals log."""

BLOCKS = {f"summary {block}": block for block in Block}
"""The lines of the summary's three blocks."""

SUMMARY = "summary draft"
"""What is chosen for a summary and typed into its fields, as one text (`domain.summary_draft`); it becomes no entry."""

INTENTION, THEME, AGREEMENT, AREA = "intention", "theme", "agreement", "touch area"
CARD = {f"setting {item}": item for item in ITEMS}
AROUND = (INTENTION, THEME, AGREEMENT, AREA, *CARD)
"""The lines of the preparation page; `CARD` are those of the setting card, with their numbers."""

CHECK = {f"check {item}": item for items in CHECKED.values() for item in items}
"""The short texts beside the items of the two checklists, with the items' codes."""

FOLLOW_UP, RESPONSE = "follow-up", "response scale"
"""The forms of the integration session and of the scales that a patient answers, each as one text."""

SIGN = "sign-off"
"""The form of the sign-off, all its fields as one text; half-typed it is no signature, and becomes no entry."""

CORRECTION = "correction "
"""Begins the name of the line that corrects an entry of the pad; the id of that entry follows."""

LOG_CORRECTION = "log correction "
"""The same for an entry of the vitals log: one person can hold both windows, and each takes up its own."""

PROTOCOL = "protocol"
"""The form of a protocol at home, all its fields as one text; it stands beside what the clinic agreed on."""

CLINIC_PAGES, CLINIC_DRUG = "clinic pages", "clinic drug"
"""The forms of what every summary says for the clinic, and of one drug of its list; they stand beside the protocol."""

NEW_PATIENT, NEW_MEMBER, CODE = "new patient", "new member", "codebook code"
"""The forms of home for a patient, a member (of whom no passphrase is ever kept) and a code of the codebook."""


def sheet_places(member: Member, staffing: Staffing | None) -> dict[str, Compartment]:
    """Return where the lines of a member's windows are kept while they are half-typed: where their entries would go.

    A therapist's notes stay in the own compartment, also one that is meant for everybody, as long as it is not entered.
    """
    places: dict[str, Compartment] = {}
    if member.is_therapist:
        places = dict.fromkeys((NOTE, CORRECTION, FOLLOW_UP, RESPONSE, *BLOCKS, *AROUND), member.therapy)
    if member.is_medical:
        places |= dict.fromkeys((LOG, LOG_CORRECTION, *CHECK), MEDICAL)
        places.setdefault(RESPONSE, MEDICAL)
    elif staffing is Staffing.THERAPIST_ALONE:
        places |= dict.fromkeys((LOG, LOG_CORRECTION, *CHECK), SHARED)
    if member.is_therapist or member.is_medical:
        places[SUMMARY] = places[SIGN] = member.therapy if member.is_therapist else MEDICAL
    places.setdefault(RESPONSE, SHARED)  # whoever hands a patient the scale may keep the answers, without any role
    return places
