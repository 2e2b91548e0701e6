"""A session's medical course as a table: a line for each reading, dose and event, whole or without what identifies."""

from collections.abc import Iterator
from decimal import Decimal

from kapnotes.domain.assessed import ChecklistAnswer, ComputedScale, EarlyDischarge, EventEnded
from kapnotes.domain.checklist import ITEMS
from kapnotes.domain.clock import Stamp
from kapnotes.domain.drug_entries import DoseDetail, Drawn, InfusionPause, Returned
from kapnotes.domain.emergency_step import EmergencyStep
from kapnotes.domain.entries import (
    Action,
    AdverseEvent,
    Discharge,
    Dose,
    Infusion,
    NotTaken,
    Route,
    Scale,
    Vitals,
    Waste,
)
from kapnotes.domain.event_lines import SEVERITIES
from kapnotes.domain.holding import held_words
from kapnotes.domain.infusion import Segment
from kapnotes.domain.limits import BOUNDS
from kapnotes.domain.response_scale import ITEMS as RESPONSE_ITEMS
from kapnotes.domain.response_scale import ResponseScale
from kapnotes.domain.response_words import items_words, self_harm_words
from kapnotes.domain.scales import SCALE_ITEMS
from kapnotes.domain.start_hold import StartHold
from kapnotes.domain.words import in_english
from kapnotes.export.csv_drugs import VIALS, VOLUMES, beside, is_beside, stock
from kapnotes.export.csv_text import Cell, csv_bytes
from kapnotes.export.medical import CourseBody, MedicalRecord

HUNDREDTH_MIN = Decimal("0.01")

READINGS = tuple(BOUNDS)
"""The columns of readings: the fields of `Vitals`, with their units in their names."""

COURSE = (
    "drug", "route", "mg", *VOLUMES, "mg_per_min", "severity", "scale", "items", "total", "item", "answer", "reason",
    "step",
)  # fmt: skip
COLUMNS = ("happened", "t_min", "entered", "by", "what", "source", *READINGS, *COURSE, *VIALS, "text", "remark")
DEIDENTIFIED_COLUMNS = ("t_min", "what", "source", *READINGS, *COURSE)

_KNOWN_DRUGS = frozenset(
    {"ketamine", "esketamine", "ondansetron", "midazolam", "labetalol", "clonidine", "metoprolol", "hydralazine"}
    | {"glycopyrrolate", "lorazepam", "diphenhydramine", "famotidine", "naloxone", "flumazenil", "propofol", "oxygen"}
)
"""The name of a drug is typed freely: in a de-identified table any other is "other"."""

CHECKED = frozenset(item for items in ITEMS.values() for item in items)

SCALES = frozenset({*SCALE_ITEMS, *RESPONSE_ITEMS})

_WHAT: dict[type, str] = {
    Vitals: "vitals",
    NotTaken: "not_taken",
    Dose: "dose",
    Infusion: "infusion",
    Waste: "waste",
    AdverseEvent: "adverse_event",
    Action: "action",
    Scale: "scale",
    Discharge: "discharge",
    EmergencyStep: "emergency",
    StartHold: "start_hold",
    Drawn: "drawn",
    Returned: "returned",
    ComputedScale: "scale",
    EarlyDischarge: "discharge",
    EventEnded: "event_ended",
    ChecklistAnswer: "checklist",
    ResponseScale: "response_scale",
}


def record_csv(medical: MedicalRecord, made_at: Stamp) -> bytes:
    """Return all that stands, in the order in which it happened, with everybody's words.

    `t_min` counts minutes from the first dose, from the opening where there was none. An infusion's line has the rate
    from then on and what was given until the next; one that nobody stopped is counted until *made_at*.

    It is UTF-8 with a byte order mark, because Excel takes any other CSV for the code page of its computer.
    """
    rows = ([row.get(name) for name in COLUMNS] for row in _rows(medical, made_at))
    return csv_bytes(COLUMNS, rows)


def deidentified_csv(medical: MedicalRecord, made_at: Stamp) -> bytes:
    """Return the course without anything that identifies: by an allowlist of columns and of values.

    There are no dates, times of day, names, codes, free text, lots or serials, and no weight; a time is minutes from
    the first dose. No age is kept in a session, so none above 89 can be in it. It is ASCII, so that it needs no mark.

    Source: 45 CFR 164.514(b)(2), Safe Harbor.
    """
    rows = ([row.get(name) for name in DEIDENTIFIED_COLUMNS] for row in map(_deidentified, _rows(medical, made_at)))
    return csv_bytes(DEIDENTIFIED_COLUMNS, rows, "ascii")


def _deidentified(row: dict[str, Cell]) -> dict[str, Cell]:
    kept = {name: row.get(name) for name in DEIDENTIFIED_COLUMNS}
    drug = str(row.get("drug") or "").strip().casefold()
    kept["drug"] = (drug if drug in _KNOWN_DRUGS else "other") if drug else None
    kept["severity"] = row.get("severity") if row.get("severity") in SEVERITIES else None
    kept["item"] = row.get("item") if row.get("item") in CHECKED else None
    kept["scale"] = row.get("scale") if row.get("scale") in SCALES else None
    return kept


# ---------------------------------------------------------------------------------------------------- rows


def _rows(medical: MedicalRecord, made_at: Stamp) -> Iterator[dict[str, Cell]]:
    record = medical.record
    zero = record.first_dose or medical.began
    given = {_key(segment): segment for segment in record.segments(made_at)}
    for version in (one for one in medical.standing() if not is_beside(one)):
        minutes = Decimal(repr(record.between_s(zero, version.happened))) / 60
        yield {
            "happened": version.happened.local().isoformat(timespec="seconds"),
            "t_min": minutes.quantize(HUNDREDTH_MIN) + 0,
            "entered": version.entered.local().isoformat(timespec="seconds"),
            "by": medical.person(version.author_id),
            "what": _what(version.body),
            "remark": version.remark,
            **_said(version.body, given.get((version.author_id, version.entry.entry_id))),
            **beside(record, version),
        }


def _key(segment: Segment) -> tuple[str, str]:
    return segment.entry.author_id, segment.entry.entry_id


def _what(body: CourseBody) -> str:
    return "rescue" if isinstance(body, Dose) and body.is_rescue else _WHAT[type(body)]


def _said(body: CourseBody, segment: Segment | None) -> dict[str, Cell]:
    match body:
        case Vitals():
            return {"source": body.taken_by.value, **{name: getattr(body, name) for name in READINGS}}
        case NotTaken(reason):
            return {"reason": reason.value}
        case Dose(drug, dose_mg, route, _, taken_by):
            return {"drug": drug, "mg": dose_mg, "route": route.value, "source": taken_by.value}
        case Infusion(drug, rate_mg_per_min, _):
            return {
                "drug": drug,
                "mg": segment.amount_mg if segment is not None else None,
                "mg_per_min": rate_mg_per_min,
                "route": Route.IV.value,
            }
        case Waste(drug, waste_mg, witness):
            return {"drug": drug, "mg": waste_mg, "text": witness}
        case Drawn() | Returned():
            return stock(body)
        case DoseDetail() | InfusionPause():
            return {}
        case AdverseEvent(what, severity, action):
            return {"severity": severity, "text": ": ".join(part for part in (what, action) if part)}
        case Action(text, _):
            return {"text": text}
        case Scale(name, items):
            several = " ".join(map(str, items)) if len(items) > 1 else None
            return {"scale": name, "items": several, "total": body.total}
        case ResponseScale(name):
            said = self_harm_words(body, in_english)
            return {"scale": name, "items": items_words(body), "total": body.total, "text": said}
        case StartHold(reason):
            return {"text": f"{held_words(body)}: {reason}"}
        case EarlyDischarge(escort, text, reason):
            state = " // ".join(part for part in (text, reason) if part)
            return {"text": ": ".join(part for part in (escort, state) if part)}
        case Discharge(escort, text):
            return {"text": ": ".join(part for part in (escort, text) if part)}
        case EmergencyStep(act, text, o2_l_per_min):
            return {"step": act.value, "text": text, "o2_l_per_min": o2_l_per_min}
        case EventEnded(_, what, text):
            return {"text": ": ".join(part for part in (what, text) if part)}
        case ChecklistAnswer(item, state, text):
            return {"item": item, "answer": state.value, "text": text}
