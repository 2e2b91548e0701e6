"""The touch ledger of a session: which touch runs, and whether it was agreed when it began.

What was agreed, and that it never widens once dosing began, is `preparation`. A touch outside it is kept like any other
and says so [field notes: one key revokes; each touch has area, start, stop; one outside it is marked].
"""

from kapnotes.domain.around import Touch, TouchAgreement, TouchConsent
from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import ClockJump, Correction, Dose, Infusion, Phase, SessionOpened, content_of
from kapnotes.domain.preparation import AREAS, area_key, touch_agreed
from kapnotes.domain.record import Record

_DECIDES = TouchAgreement | SessionOpened | ClockJump | Dose | Infusion | Phase
"""What it takes to tell what was agreed at an earlier moment."""


def areas(record: Record) -> tuple[str, ...]:
    """Return all areas in the order of their keys: the usual ones, what else was agreed, what else was touched."""
    touched = (area_key(touch.area) for _, touch in record.of(Touch))
    return tuple(dict.fromkeys((*AREAS, *touch_agreed(record), *touched)))


def usual_area(record: Record) -> str:
    """Return the area that one key means: the first one agreed, then the first one to ask about, then the hand."""
    consents = touch_agreed(record)
    for wanted in (TouchConsent.YES, TouchConsent.ASK):
        for area in areas(record):
            if consents.get(area) is wanted:
                return area
    return AREAS[0]


def touches(record: Record) -> dict[str, Stamp]:
    """Return the touches that run, by area, with their start, in the order in which they began."""
    running: dict[str, Stamp] = {}
    for entry, touch in record.of(Touch):
        area = area_key(touch.area)
        if touch.begins:
            running.setdefault(area, entry.happened)
        else:
            running.pop(area, None)
    return running


def is_agreed(record: Record, area: str, at: Stamp) -> bool:
    """Tell whether a touch of *area* was agreed at that moment, or agreed to be asked about."""
    consents = touch_agreed(_until(record, at))
    return consents.get(area_key(area), TouchConsent.NO) is not TouchConsent.NO


def to_revoke(record: Record) -> tuple[str, ...]:
    """Return the areas for which "no" is still to be said, so that no touch is agreed any more."""
    consents = touch_agreed(record)
    return tuple(area for area in areas(record) if consents.get(area) is not TouchConsent.NO)


def _until(record: Record, at: Stamp) -> Record:
    """Return the part of *record* that decided about touch at that moment; all of it where nothing came later."""
    later = {
        (entry.author_id, entry.entry_id)
        for entry in record.entered(TouchAgreement | Correction)
        if isinstance(content_of(entry.body), TouchAgreement | None) and record.between_s(at, entry.entered) > 0
    }
    if not later:
        return record
    decides = (
        entry for entry in record.entered(_DECIDES | Correction) if (entry.author_id, entry.entry_id) not in later
    )
    return Record(decides, record.persons)
