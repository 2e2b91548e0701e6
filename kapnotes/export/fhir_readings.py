"""Readings, readings that were left out, and scales, as FHIR Observations."""

from collections.abc import Iterator
from decimal import Decimal

from kapnotes.domain.assessed import EarlyDischarge
from kapnotes.domain.assessed_words import early_words
from kapnotes.domain.entries import Discharge, NotTaken, Scale, TakenBy, Vitals
from kapnotes.domain.words import in_english
from kapnotes.export.fhir_codes import (
    ABSENT,
    ALONE,
    BLOOD_PRESSURE,
    DIASTOLIC,
    ETCO2,
    HEART_RATE,
    O2_FLOW,
    PROFILE,
    RASS,
    RESPIRATORY_RATE,
    SPO2,
    SYSTOLIC,
    TEMPERATURE,
    WEIGHT,
    Coded,
    Json,
    absence,
    category,
    local,
)
from kapnotes.export.fhir_session import FhirSession, Told, moment, note, quantity, text, without_nothing
from kapnotes.export.medical import Version

_MEASURED = {
    "bp": BLOOD_PRESSURE,
    "spo2": SPO2,
    "hr": HEART_RATE,
    "rr": RESPIRATORY_RATE,
    "temperature": TEMPERATURE,
    "etco2": ETCO2,
    "moaas": local("moaas"),
}
_WITHOUT_PROTOCOL = ("bp", "hr", "spo2")


def observation(session: FhirSession, version: Version, coded: Coded, what: str, **said: object) -> Told:
    """Return an Observation of what *version* tells; `said` is its value, its parts or why there is none."""
    if not version.stands:
        status = "entered-in-error"
    elif version.replaces is not None:
        status = "corrected"
    else:
        status = "amended" if version.entry.entry_id in session.amended else "final"
    resource: Json = {
        "resourceType": "Observation",
        "id": session.named(version, what),
        "meta": _meta(coded),
        "partOf": [session.procedure],
        "status": status,
        "category": category(coded),
        "code": coded.concept,
        "subject": session.patient,
        "effectiveDateTime": moment(version.happened),
        "issued": moment(version.entered),
        "performer": session.performers(version),
        **said,
    }
    remarks = note(version.remark)
    resource["note"] = [*remarks, *_doubt(version)]
    return Told(without_nothing(resource), version)


def _meta(coded: Coded) -> Json:
    return {"profile": [f"{PROFILE}{coded.profile}"]} if coded.profile else {}


def _doubt(version: Version) -> list[Json]:
    """Return what was unusual: a person confirmed it, and of a monitor's row nobody was asked."""
    body = version.body
    if not isinstance(body, Vitals) or not body.unusual:
        return []
    said = "unusual" if body.taken_by is TakenBy.MONITOR else "confirmed though unusual"
    return note(f"{said}: {'; '.join(body.unusual)}")


# -------------------------------------------------------------------------------------------------- vitals


def vitals(session: FhirSession, version: Version, body: Vitals) -> Iterator[Told]:
    """Give an Observation for each reading of a set."""
    more: Json = {"device": {"display": "monitor"}} if body.taken_by is TakenBy.MONITOR else {}
    pressures = ((SYSTOLIC, body.systolic_mmhg), (DIASTOLIC, body.diastolic_mmhg))
    if any(value is not None for _, value in pressures):
        parts = [_component(coded, value) for coded, value in pressures]
        yield observation(session, version, BLOOD_PRESSURE, "bp", component=parts, **more)
    flow = [] if body.o2_l_per_min is None else [_component(O2_FLOW, body.o2_l_per_min)]
    if body.spo2_percent is not None:
        yield observation(session, version, SPO2, "spo2", component=flow, **_value(SPO2, body.spo2_percent), **more)
    elif body.o2_l_per_min is not None:
        yield observation(session, version, O2_FLOW, "o2", **_value(O2_FLOW, body.o2_l_per_min), **more)
    for field, coded in ALONE.items():
        value = getattr(body, field)
        if value is not None:
            yield observation(session, version, coded, field, **_value(coded, value), **more)
    for field in ("moaas", "pain", "nausea"):
        score = getattr(body, field)
        if score is not None:
            yield observation(session, version, local(field), field, valueInteger=score)


def _value(coded: Coded, value: Decimal) -> Json:
    return {"valueQuantity": quantity(value, coded.unit)} if coded.unit is not None else {}


def _component(coded: Coded, value: Decimal | None) -> Json:
    missing: Json = {"dataAbsentReason": {"coding": [{"system": ABSENT, "code": "unknown"}]}}
    return {"code": coded.concept, **(missing if value is None else _value(coded, value))}


def not_taken(session: FhirSession, version: Version, body: NotTaken) -> Iterator[Told]:
    """Give an Observation without a value for all that the protocol measures: of a pressure, its parts say why."""
    protocol = session.medical.record.protocol
    why = {"dataAbsentReason": absence(body.reason)}
    for measure in protocol.measure if protocol is not None and protocol.measure else _WITHOUT_PROTOCOL:
        coded = _MEASURED[measure]
        parts = [{"code": part.concept, **why} for part in (SYSTOLIC, DIASTOLIC)]
        said: Json = {"component": parts} if coded is BLOOD_PRESSURE else dict(why)
        yield observation(session, version, coded, measure, **said)


def weight(session: FhirSession) -> Iterator[Told]:
    """Give the weight that the session's doses are counted by; none where none is noted."""
    opened, record = session.medical.opened, session.medical.record
    weighed = next((entry for entry in record.standing() if entry.body is opened), None)
    if opened.weight_kg is None or weighed is None:
        return
    resource: Json = {
        "resourceType": "Observation",
        "id": session.name_of(weighed.author_id, weighed.entry_id, "weight"),
        "meta": _meta(WEIGHT),
        "partOf": [session.procedure],
        "status": "corrected" if record.corrections_of(weighed.entry_id, weighed.author_id) else "final",
        "category": category(WEIGHT),
        "code": WEIGHT.concept,
        "subject": session.patient,
        "effectiveDateTime": moment(weighed.happened),
        "issued": moment(weighed.entered),
        "performer": [session.clinician(weighed.author_id)],
        **_value(WEIGHT, opened.weight_kg),
    }
    yield Told(resource)


# --------------------------------------------------------------------------------------- scales, discharge


def scale(session: FhirSession, version: Version, body: Scale) -> Iterator[Told]:
    """Give a scale with its total and every item."""
    known = {"rass": RASS} | {name: local(name) for name in ("padss", "aldrete", "cadss6", "moaas")}
    coded = known.get(body.name, Coded((), text(body.name), is_vital=False))
    items = [{**_item(place), "valueInteger": item} for place, item in enumerate(body.items, 1)]
    parts = items if len(items) > 1 else []
    yield observation(session, version, coded, "scale", valueInteger=body.total, component=parts)


def _item(place: int) -> Json:
    return {"code": {"coding": local("item").concept["coding"], "text": f"item {place}"}}


def discharge(session: FhirSession, version: Version, body: Discharge) -> Iterator[Told]:
    """Give with whom and in what state the patient left."""
    said = ": ".join(part for part in (body.escort, body.text) if part)
    if isinstance(body, EarlyDischarge):
        said = ", ".join(part for part in (said, early_words(body, in_english)) if part)
    yield observation(session, version, local("discharge"), "discharge", valueString=text(said))
