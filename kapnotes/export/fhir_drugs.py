"""What was given, as FHIR MedicationAdministrations: one for each dose, one for each stretch of an infusion."""

from collections.abc import Iterator
from decimal import Decimal

from kapnotes.domain.drug_trail import detail_of
from kapnotes.domain.entries import Dose, Infusion, Route
from kapnotes.domain.infusion import Segment
from kapnotes.export.fhir_codes import MG, MINUTE, ROUTES, SNOMED, Json, drug_concept, local
from kapnotes.export.fhir_session import FhirSession, Told, moment, note, quantity, text, without_nothing
from kapnotes.export.medical import Version

MILLIONTH_MG = Decimal("0.000001")
"""A stretch's amount is its rate times its time; to so many digits it is told, more than any record prints."""


def dose(session: FhirSession, version: Version, body: Dose) -> Iterator[Told]:
    """Give an amount that was given at once, also a rescue drug; the site is told where it is known."""
    detail = detail_of(session.medical.record, version.entry)
    yield _given(
        session,
        version,
        body.drug,
        body.route,
        "completed",
        {"effectiveDateTime": moment(version.happened)},
        {"dose": quantity(body.dose_mg, MG)},
        reason=[local("rescue").concept] if body.is_rescue else [],
        site=detail.site if detail is not None and version.stands else "",
    )


def infusion(session: FhirSession, version: Version, body: Infusion, segment: Segment | None) -> Iterator[Told]:
    """Give the stretch of an infusion that *version* began; a stop began none, and what was corrected has no amount."""
    if body.rate_mg_per_min <= 0:
        return
    rate: Json = {"numerator": quantity(body.rate_mg_per_min, MG), "denominator": quantity(Decimal(1), MINUTE)}
    if not version.stands or segment is None:
        when: Json = {"effectivePeriod": {"start": moment(version.happened)}}
        yield _given(session, version, body.drug, Route.IV, "unknown", when, {"rateRatio": rate})
        return
    status, said = "completed", ""
    period: Json = {"start": moment(version.happened), "end": session.ended(version.happened, segment.stop)}
    if segment.is_running:
        runs_on = session.medical.record.ended is None
        status = "in-progress" if runs_on else "unknown"
        said = f"no stop is recorded; the amount is counted until {session.ended(version.happened, segment.stop)}"
        if runs_on:
            del period["end"]
    amount: Json = {"dose": quantity(told_mg(segment.exact_mg), MG), "rateRatio": rate}
    yield _given(session, version, body.drug, Route.IV, status, {"effectivePeriod": period}, amount, said=said)


def told_mg(exact_mg: Decimal) -> Decimal:
    """Return an amount to a millionth of a mg, without idle zeros."""
    return exact_mg.quantize(MILLIONTH_MG).normalize() + 0


def _given(
    session: FhirSession,
    version: Version,
    drug: str,
    route: Route,
    status: str,
    when: Json,
    amount: Json,
    *,
    reason: list[Json] | None = None,
    said: str = "",
    site: str = "",
) -> Told:
    code, display = ROUTES[route]
    way = {"coding": [{"system": SNOMED, "code": code, "display": display}], "text": route.value}
    resource: Json = {
        "resourceType": "MedicationAdministration",
        "id": session.named(version, "given"),
        "partOf": [session.procedure],
        "status": status if version.stands else "entered-in-error",
        "medicationCodeableConcept": drug_concept(text(drug)),
        "subject": session.patient,
        **when,
        "performer": [{"actor": one} for one in session.performers(version)],
        "reasonCode": reason,
        "note": [*note(version.remark), *note(said)],
        "dosage": {**({"site": {"text": text(site)}} if site else {}), "route": way, **amount},
    }
    return Told(without_nothing(resource), version)
