"""What was agreed before dosing, as it holds now: touch for each area of the body, and the card of the setting.

Touch is agreed to before dosing; once dosing began an agreement may be narrowed and is never widened, whoever notes
what, in whatever order and by whatever correction [general knowledge]. One thing alone is no statement at all: a "no"
that its author takes back within `SLIP_S` of entering it, which was a slip of the finger. The items of the card are
those of the ReSPCT guidelines of 2025 (respctguidelines.com) that are settled with the patient.
"""

from kapnotes.domain.around import Agreement, SettingItem, TouchAgreement, TouchConsent
from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import ClockJump, Correction, Entry, Phase, SessionOpened, Stage, content_of
from kapnotes.domain.ledger import Ledger
from kapnotes.domain.record import Record
from kapnotes.domain.text import one_line

AREAS = ("hand", "shoulder", "foot", "top of head")
"""The areas of the body that are always asked about, by the names that they have in the record."""

ITEMS = (2, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17)
"""The items of the setting card, by their numbers in the ReSPCT guidelines."""

SLIP_S = 10.0
"""So long after it was entered during dosing a smaller consent can be taken back as a slip of the finger; what held
before it holds again, and never more [general knowledge]."""

_WIDTH = {TouchConsent.NO: 0, TouchConsent.ASK: 1, TouchConsent.YES: 2}


def area_key(area: str) -> str:
    """Return how an area is known: case and white space do not count."""
    return one_line(area).lower()


# ---------------------------------------------------------------------------------------------------- touch


def dosing_began(record: Record) -> Stamp | None:
    """Return when dosing began: the first dose, or the stage where that was entered before it; None before.

    A stage counts also where it was taken back since, with a dose that was none: nothing that was agreed gets wider.
    """
    stages = (*record.entries_of(Phase), *record.taken_back())
    begins = [entry.happened for entry in stages if entry.body == Phase(Stage.DOSING)]
    begins += [record.first_dose] if record.first_dose is not None else []
    return min(begins, key=record.position_s, default=None)


def touch_agreed(record: Record) -> dict[str, TouchConsent]:
    """Return what holds now for each area that was spoken of, by `area_key`, the usual areas first.

    Until dosing began the newest agreement of an area counts. From then on what had been entered by that moment stands,
    and what is entered later narrows it: a smaller consent, an area that is spoken of for the first time (a no), and a
    correction that takes an agreement back or makes it one of another area (a no for the old one). A slip that was
    taken back at once counts for nothing, neither it nor its correction.
    """
    began = dosing_began(record)
    before: list[Entry] = []
    later: list[Entry] = []
    told = record.entered(_TELLS | TouchAgreement)
    for entry in sorted(told, key=lambda one: record.position_s(one.entered)):  # of one moment the last word counts
        (later if began is not None and record.between_s(began, entry.entered) > 0 else before).append(entry)
    agreed = _newest(Ledger(before, record.persons))
    slips = _slips(record, later)
    for entry in later:
        if (entry.author_id, entry.entry_id) in slips:
            continue
        for area, consent in _said_later(record, entry):
            agreed[area] = narrower(agreed.get(area, TouchConsent.NO), consent)
    return _in_order(agreed)


_TELLS = SessionOpened | ClockJump | Correction
"""What it takes beside the agreements themselves to tell which of them stood at a moment."""


def _slips(record: Record, later: list[Entry]) -> set[tuple[str, str]]:
    """Return author and id of each agreement that was taken back as a slip, and of what took it back.

    A slip that was corrected more than once, or whose correction was corrected, is none: then what is smaller counts.
    """
    said = {entry.entry_id: entry for entry in later if isinstance(entry.body, TouchAgreement)}
    corrections = [entry for entry in later if isinstance(entry.body, Correction)]
    targets = [entry.body.target_id for entry in corrections if isinstance(entry.body, Correction)]
    found: set[tuple[str, str]] = set()
    for entry, target_id in zip(corrections, targets, strict=True):
        slip = said.get(target_id)
        is_own = slip is not None and record.persons.are_one(slip.author_id, entry.author_id)
        is_last_word = targets.count(target_id) == 1 and entry.entry_id not in targets
        if slip is None or not is_own or not is_last_word or content_of(entry.body) is not None:
            continue
        if 0 <= record.between_s(slip.entered, entry.entered) <= SLIP_S:
            found |= {(slip.author_id, slip.entry_id), (entry.author_id, entry.entry_id)}
    return found


def may_agree(record: Record, area: str, consent: TouchConsent) -> bool:
    """Tell whether *consent* for *area* would count: before dosing any does, afterwards none that widens."""
    if dosing_began(record) is None:
        return True
    held = touch_agreed(record).get(area_key(area), TouchConsent.NO)
    return narrower(held, consent) is consent


def narrower(one: TouchConsent, other: TouchConsent) -> TouchConsent:
    """Return the smaller of two consents; no is smaller than ask, and ask than yes."""
    return min(one, other, key=_WIDTH.__getitem__)


def _newest(ledger: Ledger) -> dict[str, TouchConsent]:
    return {area_key(said.area): said.consent for _, said in ledger.of(TouchAgreement)}


def _said_later(record: Record, entry: Entry) -> list[tuple[str, TouchConsent]]:
    """Return what *entry* says about touch: its own agreement, and a no for each that it takes back."""
    content = content_of(entry.body)
    said: dict[str, TouchConsent] = {}
    target, seen = entry, {entry.entry_id}
    while isinstance(target.body, Correction) and target.body.target_id not in seen:
        seen.add(target.body.target_id)
        corrected = record.entry(target.body.target_id, entry.author_id)
        if corrected is None:
            break
        target, old = corrected, content_of(corrected.body)
        if isinstance(old, TouchAgreement):
            said[area_key(old.area)] = TouchConsent.NO
    if isinstance(content, TouchAgreement):
        said[area_key(content.area)] = content.consent
    return list(said.items())


def _in_order(agreed: dict[str, TouchConsent]) -> dict[str, TouchConsent]:
    usual = {area: agreed[area] for area in AREAS if area in agreed}
    return usual | {area: agreed[area] for area in sorted(agreed) if area not in usual}


# ------------------------------------------------------------------------------------ setting and agreements


def setting_card(record: Record) -> dict[int, str]:
    """Return what was settled for each item of the card, by its number; one whose newest text is empty is left out."""
    newest = {said.item: said.text for _, said in record.of(SettingItem)}
    return {item: newest[item] for item in sorted(newest) if newest[item].strip()}


def agreements(record: Record) -> list[tuple[Entry, Agreement]]:
    """Return what else was agreed, in the order in which it was."""
    return record.of(Agreement)
