"""The words of the windows for what the domain only names."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from kapnotes.domain.entries import Entry, LateEntry, NotTakenReason, Route, Signal, Staffing, Stage
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.members import CompartmentKind
from kapnotes.domain.notices import Notice
from kapnotes.domain.record import Record
from kapnotes.domain.silent_signals import AWARE, BP, COME, IN_TWO, NOT_NOW, SAFETY, Sent, sent_signals
from kapnotes.domain.text import shortened
from kapnotes.domain.words import counted
from kapnotes.ui.times import clock_time

LONGEST_FACT = 300
"""Characters of one fact in a line of news: a name or a path that somebody pasted can be of any length."""


def route_word(route: Route) -> str:
    """Return the route as it is spoken."""
    translate = QCoreApplication.translate
    return {
        Route.IV: translate("Wording", "IV"),
        Route.IM: translate("Wording", "IM"),
        Route.NASAL: translate("Wording", "nasal"),
        Route.SUBLINGUAL: translate("Wording", "sublingual"),
        Route.ORAL: translate("Wording", "oral"),
    }[route]


def stage_word(stage: Stage) -> str:
    """Return the stage as it is spoken."""
    translate = QCoreApplication.translate
    return {
        Stage.PREPARATION: translate("Wording", "preparation"),
        Stage.DOSING: translate("Wording", "dosing"),
        Stage.RETURN: translate("Wording", "return"),
        Stage.CLOSING: translate("Wording", "closing"),
        Stage.CLOSED: translate("Wording", "closed"),
    }[stage]


def staffing_word(staffing: Staffing) -> str:
    """Return who is in the room, in a line."""
    translate = QCoreApplication.translate
    return {
        Staffing.TEAM: translate("Wording", "Therapist and CRNA: note pad and vitals log, each in an own seat."),
        Staffing.ONE_PERSON_BOTH_ROLES: translate("Wording", "One person with both roles: both windows, one seat."),
        Staffing.CRNA_ALONE: translate("Wording", "CRNA alone: the vitals log; no process notes."),
        Staffing.THERAPIST_ALONE: translate(
            "Wording", "Therapist alone: the note pad; vitals and doses are the patient's own and marked so."
        ),
    }[staffing]


def signal_word(meaning: str) -> str:
    """Return a silent signal as a calm line."""
    translate = QCoreApplication.translate
    known = {
        SAFETY: translate("Wording", "please look: safety"),
        COME: translate("Wording", "please come"),
        BP: translate("Wording", "BP now?"),
        NOT_NOW: translate("Wording", "not now"),
        IN_TWO: translate("Wording", "in two minutes"),
        AWARE: translate("Wording", "aware"),
    }
    return known.get(meaning, meaning)


def seen_words(sent: Sent) -> str:
    """Return that a signal was seen and when, or what came back; nothing while it was not."""
    translate = QCoreApplication.translate
    if sent.seen_at is None:
        return ""
    time = clock_time(sent.seen_at)
    if sent.answer:
        return translate("Wording", "answered “{answer}” {time}").format(answer=signal_word(sent.answer), time=time)
    return translate("Wording", "seen {}").format(time)


def seen_remark(record: Record, entry: Entry) -> str:
    """Return when the signal *entry* was seen; nothing where it was not, or is no signal.

    An answer has a row of its own, so its word does not stand here once more.
    """
    if not isinstance(entry.body, Signal):
        return ""
    key = (entry.author_id, entry.entry_id)
    known = {(one.entry.author_id, one.entry.entry_id): one for one in sent_signals(record)}
    sent = known.get(key)
    if sent is None or sent.seen_at is None or not sent.answer:
        return seen_words(sent) if sent is not None else ""
    return QCoreApplication.translate("Wording", "answered {}").format(clock_time(sent.seen_at))


def reason_word(reason: NotTakenReason) -> str:
    """Return why a set was left out, as it is spoken."""
    translate = QCoreApplication.translate
    return {
        NotTakenReason.ASLEEP: translate("Wording", "asleep"),
        NotTakenReason.INWARD: translate("Wording", "inward"),
        NotTakenReason.REFUSED: translate("Wording", "refused"),
        NotTakenReason.EQUIPMENT: translate("Wording", "equipment"),
    }[reason]


def amendment_words(record: Record, entry: Entry) -> str:
    """Return as what *entry* was added, when and why, where it is an amendment; nothing for any other."""
    translate = QCoreApplication.translate
    amendment = record.amendment_of(entry)
    if amendment is None:
        return ""
    if isinstance(amendment, LateEntry):
        wording = translate("Wording", "late entry of {time}: {reason}")
    else:
        wording = translate("Wording", "addendum of {time}: {reason}")
    return wording.format(time=clock_time(entry.entered), reason=amendment.reason)


def error_line(error: Exception) -> str:
    """Return what went wrong as one line in the program's language; of an unexpected fault only its kind."""
    if not isinstance(error, KapnotesError):
        return type(error).__name__
    template = QCoreApplication.translate("Errors", error.template)
    facts = {
        name: _in_a_line(str(fact)) if isinstance(fact, str | Path) else fact for name, fact in error.facts.items()
    }
    return template.format(**facts) if facts else template


def _in_a_line(fact: str) -> str:
    """Return *fact* as it is, but for one that would take more than a line."""
    return fact if len(fact) <= LONGEST_FACT and len(fact.splitlines()) <= 1 else shortened(fact, LONGEST_FACT)


def notices_line(notices: Sequence[Notice]) -> str:
    """Return the first of *notices*, which weighs most, and how many more there are; empty where there are none."""
    if not notices:
        return ""
    first = QCoreApplication.translate("Errors", notices[0].template).format(**notices[0].facts)
    if len(notices) == 1:
        return first
    return QCoreApplication.translate("Wording", "{line} ({count} more)").format(line=first, count=len(notices) - 1)


def sheet_words(kind: CompartmentKind) -> tuple[str, str]:
    """Return what a recovery sheet opens, and who keeps it."""
    translate = QCoreApplication.translate
    envelope = translate("Wording", "Kept by the practice, in a sealed envelope, apart from the laptop.")
    return {
        CompartmentKind.SHARED: (translate("Wording", "what the practice shares"), envelope),
        CompartmentKind.MEDICAL: (translate("Wording", "the medical record, also in an emergency"), envelope),
        CompartmentKind.THERAPY: (
            translate("Wording", "your process notes"),
            translate("Wording", "Kept by a custodian whom you name, not by the practice: it opens your notes."),
        ),
    }[kind]


def sheet_name(kind: CompartmentKind) -> str:
    """Return what a recovery sheet opens, where it is not yet known whose it is."""
    translate = QCoreApplication.translate
    return {
        CompartmentKind.SHARED: translate("Wording", "what the practice shares"),
        CompartmentKind.MEDICAL: translate("Wording", "the medical record"),
        CompartmentKind.THERAPY: translate("Wording", "a therapist's process notes"),
    }[kind]


def unsaved_words(count: int) -> str:
    """Return that *count* entries would be lost with the window; nothing where there are none."""
    if not count:
        return ""
    translate = QCoreApplication.translate
    return counted(
        count,
        translate("Wording", "{count} entry is not saved yet. Close once more and it is lost."),
        translate("Wording", "{count} entries are not saved yet. Close once more and they are lost."),
    )


def unread_words(count: int) -> str:
    """Return that *count* entries could not be read, without an end; nothing where all could."""
    if not count:
        return ""
    translate = QCoreApplication.translate
    return counted(
        count,
        translate("Wording", "{count} entry could not be read"),
        translate("Wording", "{count} entries could not be read"),
    )
