"""What the SPRAVATO REMS monitoring form asks for, as far as it is recorded: a sheet to copy from; nothing is sent.

What nobody recorded stays blank. Source: manualspro.net/445029, jnjmedicalconnect.com (the form and its seven days).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from kapnotes.domain.adverse_events import Episode, episodes, name_key
from kapnotes.domain.assessed import ChecklistAnswer, CheckState, Scale
from kapnotes.domain.checklist import answers, is_answered
from kapnotes.domain.clock import Stamp
from kapnotes.domain.drug_entries import Drawn
from kapnotes.domain.entries import Dose, Entry, Vitals
from kapnotes.domain.record import Record

FORM = "rems"
"""The form's name in a protocol."""

SUBMIT_DAYS = 7
"""For a protocol that names no number of days."""

AT_40_S, NEAR_S = 40 * 60.0, 15 * 60.0
"""The form asks for a blood pressure at 40 minutes; one further away than this is none of then [general knowledge]."""

READY_PADSS = 9
"""For a protocol without a score. Source: clinician.com/articles/38390."""

DRUGS = ("benzodiazepines", "sedatives", "stimulants", "maois", "opioids")
"""What the form asks about, by the items of the checklist."""

EVENTS = {
    "sedation": ("sedation", "sedated", "somnolence"),
    "dissociation": ("dissociation", "dissociative"),
    "respiratory depression": ("respiratory depression", "hypoventilation", "apnoea", "apnea"),
}
"""The events that the form asks for, with the words by which an adverse event of the record is taken for one."""


@dataclass(frozen=True, slots=True)
class RemsSheet:
    """The form's answers; what is None or empty is blank."""

    number: int | None
    treated_on: date | None
    submit_by: date | None
    total_mg: Decimal | None
    devices: tuple[tuple[Entry, Dose], ...]
    lots: tuple[str, ...]
    takes: dict[str, ChecklistAnswer]
    minutes: int | None
    """From the first device to the end of the monitoring; None while the patient is here."""
    ready_min: int | None
    """When a score first reached what is asked for, without the two hours."""
    before: tuple[Entry, Vitals] | None
    at_40: tuple[Entry, Vitals] | None
    at_end: tuple[Entry, Vitals] | None
    acceptable_before: CheckState | None
    acceptable_at_end: CheckState | None
    lowest_moaas: tuple[Entry, int] | None
    events: dict[str, tuple[Episode, ...]]


def rems_sheet(record: Record) -> RemsSheet | None:
    """Return the sheet of a session whose protocol asks for the form; None for any other."""
    protocol = record.protocol
    if protocol is None or protocol.form != FORM:
        return None
    first, ended = record.first_dose, record.ended
    devices = tuple((entry, dose) for entry, dose in record.of(Dose) if not dose.is_rescue)
    treated_on = first.local().date() if first is not None else None
    days = SUBMIT_DAYS if protocol.submit_days is None else protocol.submit_days
    given = {item: answer for item, (_, answer) in answers(record).items() if is_answered(answer)}
    elapsed_s = record.elapsed_s(ended) if ended is not None else None
    return RemsSheet(
        number=record.opened.number if record.opened is not None else None,
        treated_on=treated_on,
        submit_by=treated_on + timedelta(days=days) if treated_on is not None else None,
        total_mg=sum((dose.dose_mg for _, dose in devices), Decimal(0)) if devices else None,
        devices=devices,
        lots=tuple(dict.fromkeys(drawn.lot for _, drawn in record.of(Drawn) if drawn.lot)),
        takes={drug: given[drug] for drug in DRUGS if drug in given},
        minutes=int(elapsed_s // 60) if elapsed_s is not None else None,
        ready_min=_ready_min(record, protocol.padss or READY_PADSS),
        before=_baseline(record),
        at_40=_nearest(record, AT_40_S),
        at_end=_last(record, ended),
        acceptable_before=given["baseline"].state if "baseline" in given else None,
        acceptable_at_end=given["vitals"].state if "vitals" in given else None,
        lowest_moaas=_lowest_moaas(record),
        events={name: _named(record, words) for name, words in EVENTS.items()},
    )


def _ready_min(record: Record, needed: int) -> int | None:
    for entry, scale in record.of(Scale):
        at_s = record.elapsed_s(entry.happened)
        if scale.name == "padss" and scale.total >= needed and at_s is not None and at_s >= 0:
            return int(at_s // 60)
    return None


def _pressures(record: Record) -> list[tuple[float, Entry, Vitals]]:
    """Return the sets with a blood pressure since the first dose, with their seconds from it."""
    found = [(record.elapsed_s(entry.happened), entry, vitals) for entry, vitals in record.of(Vitals)]
    return [
        (at_s, entry, vitals)
        for at_s, entry, vitals in found
        if at_s is not None and at_s > 0 and vitals.systolic_mmhg is not None
    ]


def _baseline(record: Record) -> tuple[Entry, Vitals] | None:
    entry, vitals = record.baseline_entry, record.baseline
    return None if entry is None or vitals is None else (entry, vitals)


def _nearest(record: Record, wanted_s: float) -> tuple[Entry, Vitals] | None:
    near = [one for one in _pressures(record) if abs(one[0] - wanted_s) <= NEAR_S]
    return min(near, key=lambda one: abs(one[0] - wanted_s))[1:] if near else None


def _last(record: Record, ended: Stamp | None) -> tuple[Entry, Vitals] | None:
    """Return the last set before the end; while the patient is here there is none at completion."""
    if ended is None:
        return None
    found = [one for one in _pressures(record) if record.between_s(one[1].happened, ended) >= 0]
    return found[-1][1:] if found else None


def _lowest_moaas(record: Record) -> tuple[Entry, int] | None:
    """Return the lowest MOAA/S since the first dose, of the sets and of the scale; the first of several."""
    scores = [(entry, vitals.moaas) for entry, vitals in record.of(Vitals) if vitals.moaas is not None]
    scores += [(entry, scale.total) for entry, scale in record.of(Scale) if scale.name == "moaas"]
    since = [one for one in scores if (record.elapsed_s(one[0].happened) or 0.0) > 0]
    return min(since, key=lambda one: (one[1], record.position_s(one[0].happened)), default=None)


def _named(record: Record, words: tuple[str, ...]) -> tuple[Episode, ...]:
    return tuple(one for one in episodes(record) if any(word in name_key(one.what) for word in words))
