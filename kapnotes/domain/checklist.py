"""The two checklists, before the dose and before leaving: their items, and which are answered.

Nothing answers an item but a person: what the record knows is shown beside it.
"""

from enum import StrEnum

from kapnotes.domain.assessed import ChecklistAnswer, CheckState
from kapnotes.domain.entries import Entry
from kapnotes.domain.record import Record
from kapnotes.domain.words import Translate


class Checklist(StrEnum):
    """Which of the two lists."""

    PRE_DOSE = "pre_dose"
    DISCHARGE = "discharge"


ITEMS: dict[Checklist, tuple[str, ...]] = {
    Checklist.PRE_DOSE: (
        "identity", "consent", "fasting", "escort", "allergies", "pregnancy", "benzodiazepines", "sedatives", "opioids",
        "stimulants", "maois", "weight", "baseline", "emergency", "double_check", "touch", "bathroom",
    ),
    Checklist.DISCHARGE: (
        "stay", "score", "vitals", "orientation", "nausea", "events", "mood", "adult", "driving", "instructions",
    ),
}  # fmt: skip
"""The codes of the items, in their order.

Source: clinics' own lists; the drugs one by one, as the SPRAVATO REMS form asks for them (manualspro.net/445029); no
driving until the next day after sleep: spravatohcp.com.
"""


def answers(record: Record) -> dict[str, tuple[Entry, ChecklistAnswer]]:
    """Return the newest answer to each item, by its code."""
    return {answer.item: (entry, answer) for entry, answer in record.of(ChecklistAnswer)}


def is_answered(answer: ChecklistAnswer | None) -> bool:
    """Tell whether an item is answered; a remark alone answers nothing."""
    return answer is not None and answer.state is not CheckState.OPEN


def open_items(record: Record, checklist: Checklist) -> tuple[str, ...]:
    """Return the items of *checklist* that nobody answered, in their order."""
    given = answers(record)
    return tuple(item for item in ITEMS[checklist] if item not in given or not is_answered(given[item][1]))


def is_handed_over(record: Record) -> bool:
    """Tell whether somebody answered that open adverse events are closed or handed over."""
    given = answers(record).get("events")
    return given is not None and given[1].state is CheckState.YES


def further_items(record: Record) -> tuple[str, ...]:
    """Return the items that were answered and stand in neither list, as those of a newer version."""
    known = {item for items in ITEMS.values() for item in items}
    return tuple(item for item in answers(record) if item not in known)


# ----------------------------------------------------------------------------------------------------- words


def list_word(checklist: Checklist, translate: Translate) -> str:
    """Return the name of a list."""
    return {
        Checklist.PRE_DOSE: translate("Checklist", "Before the dose"),
        Checklist.DISCHARGE: translate("Checklist", "Before leaving"),
    }[checklist]


def item_word(item: str, translate: Translate) -> str:
    """Return what an item asks; of one that this program does not know its code."""
    words = {
        "identity": translate("Checklist", "identity checked"),
        "consent": translate("Checklist", "consent confirmed again"),
        "fasting": translate("Checklist", "fasting kept"),
        "escort": translate("Checklist", "escort and ride home arranged"),
        "allergies": translate("Checklist", "allergies gone through"),
        "pregnancy": translate("Checklist", "pregnancy ruled out"),
        "benzodiazepines": translate("Checklist", "takes benzodiazepines"),
        "sedatives": translate("Checklist", "takes other sedatives"),
        "opioids": translate("Checklist", "takes opioids"),
        "stimulants": translate("Checklist", "takes stimulants"),
        "maois": translate("Checklist", "takes MAOIs"),
        "weight": translate("Checklist", "weight checked"),
        "baseline": translate("Checklist", "baseline within limits"),
        "emergency": translate("Checklist", "emergency drugs and O₂ at hand"),
        "double_check": translate("Checklist", "dose and pump checked by a second person"),
        "touch": translate("Checklist", "touch spoken of"),
        "bathroom": translate("Checklist", "bathroom"),
        "stay": translate("Checklist", "minimum stay is over"),
        "score": translate("Checklist", "discharge score reached"),
        "vitals": translate("Checklist", "vital signs back at baseline"),
        "orientation": translate("Checklist", "oriented, gait steady"),
        "nausea": translate("Checklist", "nausea absent or treated"),
        "events": translate("Checklist", "adverse events closed or handed over"),
        "mood": translate("Checklist", "mood and suicidal thoughts asked about"),
        "adult": translate("Checklist", "responsible adult is here"),
        "driving": translate("Checklist", "no driving until tomorrow after sleep, or 24 h"),
        "instructions": translate("Checklist", "instructions given"),
    }
    return words.get(item, item)


def state_word(state: CheckState, translate: Translate) -> str:
    """Return an answer as it is spoken."""
    return {
        CheckState.YES: translate("Checklist", "yes"),
        CheckState.NO: translate("Checklist", "no"),
        CheckState.NOT_APPLICABLE: translate("Checklist", "n/a"),
        CheckState.OPEN: translate("Checklist", "open"),
    }[state]


def answer_words(answer: ChecklistAnswer, translate: Translate) -> str:
    """Return an answer in one line."""
    words = translate("Checklist", "checklist, {item}: {state}")
    said = words.format(item=item_word(answer.item, translate), state=state_word(answer.state, translate))
    return ", ".join(part for part in (said, answer.text) if part)
