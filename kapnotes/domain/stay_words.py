"""The words for the rule of discharge as it stands: when the stay is long enough, what is left, and the score."""

from kapnotes.domain.assessed_words import time_text
from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import Discharge
from kapnotes.domain.record import Record
from kapnotes.domain.stay import Stay, stay, whole_minutes
from kapnotes.domain.words import Translate


def leaving_words(record: Record, now: Stamp, translate: Translate) -> str:
    """Return when the stay is long enough, and once the patient has left, when that was: nothing counts on then.

    Of a session that was closed without a discharge nothing is said.
    """
    left = next((entry.happened for entry, _ in record.of(Discharge)), None)
    if left is not None:
        return translate("Stay", "left at {}").format(time_text(left))
    found = stay(record, now) if record.ended is None else None
    return "" if found is None else time_words(found, translate)


def time_words(stay: Stay, translate: Translate) -> str:
    """Return when the stay is long enough, in minutes from the first dose, and what is left; nothing without a stay."""
    if stay.ready_s is None:
        return ""
    at_min = whole_minutes(stay.ready_s)
    if stay.is_running:
        return translate("Stay", "not before +{at} min, infusion runs").format(at=at_min)
    if stay.left_s > 0:
        left_min = whole_minutes(stay.left_s)
        return translate("Stay", "+{at} min, {left} min left").format(at=at_min, left=left_min)
    return translate("Stay", "+{at} min, reached").format(at=at_min)


def score_words(stay: Stay, translate: Translate) -> str:
    """Return the score beside what the protocol asks for; nothing where it asks for none."""
    if stay.score_needed is None:
        return ""
    if stay.score is None:
        return translate("Stay", "PADSS, {needed} needed").format(needed=stay.score_needed)
    words = translate("Stay", "PADSS {score}, {needed} needed")
    return words.format(score=stay.score, needed=stay.score_needed)
