"""The words of the windows for what is in a session: routes, stages, signals, reasons, amendments."""

from PySide6.QtCore import QCoreApplication

from kapnotes.domain.entries import Entry, LateEntry, NotTakenReason, Route, Signal, Staffing, Stage
from kapnotes.domain.record import Record
from kapnotes.domain.silent_signals import AWARE, BP, COME, IN_TWO, NOT_NOW, SAFETY, Sent, sent_signals
from kapnotes.ui.times import clock_time


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
