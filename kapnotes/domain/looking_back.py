"""What a therapist asks of the own notes when looking back: of which kind they are, and which are for the summary."""

from kapnotes.domain.around import ForSummary, Touch, TouchAgreement
from kapnotes.domain.entries import Body, CheckIn, Intention, Mark, Note, Phase, Setting, Signal
from kapnotes.domain.record import Record

PLAIN = "plain"
"""The kind of a note without a code."""

TAKEN_BACK = "taken back"
"""What is shown alone where what was taken back is asked for; no code has a space in its name."""

_KINDS: dict[type, str] = {
    CheckIn: "check-in",
    Intention: "intention",
    Setting: "setting",
    Signal: "signal",
    Phase: "stage",
    Touch: "touch",
    TouchAgreement: "touch",
}


def kind_of(body: Body) -> str:
    """Return by what notes are filtered: their code, a state's begin and end alike, else what they are."""
    match body:
        case Note(_, code) | Mark(code, _):
            return code or PLAIN
        case _:
            return _KINDS.get(type(body), "other")


def wanted_for_summary(record: Record, author_id: str) -> frozenset[str]:
    """Return the ids of the entries that their author means for the summary; the newest word about each counts.

    It decides nothing about a page: that needs an authorization.
    """
    wanted = {
        mark.target_id: mark.is_wanted
        for entry, mark in record.of(ForSummary)
        if record.persons.are_one(entry.author_id, author_id)
    }
    return frozenset(target_id for target_id, is_wanted in wanted.items() if is_wanted)
