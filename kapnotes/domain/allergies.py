"""The allergies as they stand in sight during a session: what the patient's list holds, and what was said before it."""

from kapnotes.domain.assessed import CheckState
from kapnotes.domain.checklist import answers
from kapnotes.domain.record import Record
from kapnotes.domain.text import one_line
from kapnotes.domain.words import Translate

ITEM = "allergies"
"""The item of the list before the dose by which they are gone through."""


def known_allergies(record: Record, noted: str) -> str:
    """Return what was typed beside the item today, then what is *noted* with the patient; empty where neither is."""
    given = answers(record).get(ITEM)
    said = [one_line(given[1].text)] if given is not None and given[1].text.strip() else []
    listed = one_line(noted)
    if listed and listed.casefold() not in {one.casefold() for one in said}:
        said.append(listed)
    return " · ".join(said)


def allergies_in_words(record: Record, noted: str | None, translate: Translate) -> str:
    """Return the allergies in one line, each as it was typed, and whether they were gone through today.

    What was typed beside the item today comes first, then what is *noted* with the patient; None is not known yet.
    That there are none only a person answers.
    """
    given = answers(record).get(ITEM)
    answer = given[1] if given is not None else None
    said = known_allergies(record, noted or "")
    is_gone_through = answer is not None and answer.state in {CheckState.YES, CheckState.NOT_APPLICABLE}
    if said:
        words = translate("Allergies", "Allergies: {}").format(said)
        return words if is_gone_through else translate("Allergies", "{} (not gone through yet)").format(words)
    if is_gone_through:
        return translate("Allergies", "Allergies: none noted")
    return translate("Allergies", "Allergies: not gone through yet") if noted is not None else ""
