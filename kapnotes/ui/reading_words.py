"""One set of vitals in words, whole: for the eye at the cursor, and for a screen reader."""

from decimal import Decimal

from PySide6.QtCore import QCoreApplication

from kapnotes.domain.entries import Action, Entry, TakenBy, Vitals
from kapnotes.domain.figure import plain, signed
from kapnotes.domain.limits import BOUNDS, values_of
from kapnotes.domain.record import Record, percent_from
from kapnotes.ui.session_words import amendment_words
from kapnotes.ui.times import clock_time, minutes_since_dose

IN_PERCENT = frozenset({"systolic_mmhg", "diastolic_mmhg", "heart_rate_bpm", "respiratory_rate_bpm"})
"""Measures whose change is said in percent too; a percent of a percent, or of a temperature, says nothing."""


def reading_words(record: Record, entry: Entry) -> str:
    """Return when the set was taken and by whom, each value with its change, what is outside, and what was done.

    The change from baseline is said of what was read after the first dose.
    """
    translate, vitals = QCoreApplication.translate, entry.body
    if not isinstance(vitals, Vitals):
        return ""
    elapsed = minutes_since_dose(record.elapsed_s(entry.happened))
    parts = [" ".join(filter(None, (clock_time(entry.happened), elapsed)))]
    parts += [_value_words(record, entry, field, value) for field, value in values_of(vitals).items()]
    if vitals.map_mmhg is not None:
        parts.insert(3, translate("Reading", "MAP {} mmHg").format(vitals.map_mmhg))
    parts.append(_outside_words(record, vitals))
    parts.append(_source_words(record, entry, vitals))
    parts.append(amendment_words(record, entry))
    if record.corrections_of(entry.entry_id, entry.author_id):
        parts.append(translate("Reading", "corrected"))
    parts += [
        translate("Reading", "done {time}: {what}").format(time=clock_time(one.happened), what=action.text)
        for one, action in record.of(Action)
        if action.about_id == entry.entry_id
    ]
    return "  ·  ".join(part for part in parts if part)


def _value_words(record: Record, entry: Entry, field: str, value: Decimal | int) -> str:
    bounds = BOUNDS[field]
    words = f"{bounds.name} {plain(Decimal(value))} {bounds.unit}".strip()
    first, baseline = record.first_dose, record.baseline
    before = getattr(baseline, field, None)
    if first is None or before is None or record.between_s(first, entry.happened) <= 0:
        return words
    change = _signed(Decimal(value) - Decimal(before))
    percent = percent_from(Decimal(before), Decimal(value)) if field in IN_PERCENT else None
    if percent is None:
        return f"{words} ({change})"
    return f"{words} ({change}, {_signed(Decimal(percent))} %)"


def _outside_words(record: Record, vitals: Vitals) -> str:
    translate = QCoreApplication.translate
    found = []
    for out in record.out_of_protocol(vitals):
        wording = (
            translate("Reading", "{name} {by} above {limit}")
            if out.is_high
            else translate("Reading", "{name} {by} below {limit}")
        )
        limit = out.limit.high if out.is_high else out.limit.low
        by = abs(out.value - limit)
        found.append(wording.format(name=BOUNDS[out.field].name, by=plain(by), limit=plain(limit)))
    return translate("Reading", "! outside: {}").format(", ".join(found)) if found else ""


def _source_words(record: Record, entry: Entry, vitals: Vitals) -> str:
    translate = QCoreApplication.translate
    opened, began = record.opened, record.persons.began
    people = opened.participants if opened is not None else ()
    author = next((one.label for one in people if began(one.member_id) == began(entry.author_id)), "")
    words = {
        TakenBy.STAFF: translate("Reading", "taken by {}").format(author) if author else "",
        TakenBy.PATIENT: translate("Reading", "taken by the patient"),
        TakenBy.MONITOR: translate("Reading", "from a monitor"),
    }[vitals.taken_by]
    if not vitals.unusual:
        return words
    is_by_monitor = vitals.taken_by is TakenBy.MONITOR
    unusual = translate("Reading", "unusual") if is_by_monitor else translate("Reading", "unusual, confirmed")
    return ", ".join(filter(None, (words, unusual)))


def _signed(value: Decimal) -> str:
    return signed(value) if value else "±0"
