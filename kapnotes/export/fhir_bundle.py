"""A session's medical record as one FHIR R4 bundle, for another system to read.

Process notes cannot get in: what is told is what a `MedicalRecord` holds, kind by kind. A bundle is not encrypted.
"""

from collections.abc import Iterator, Sequence

from kapnotes.domain.clock import Stamp
from kapnotes.domain.emergency_step import EmergencyStep
from kapnotes.domain.entries import (
    Action,
    AdverseEvent,
    Discharge,
    Dose,
    Infusion,
    NotTaken,
    Scale,
    Vitals,
)
from kapnotes.domain.infusion import Segment
from kapnotes.domain.response_scale import ResponseScale
from kapnotes.domain.start_hold import StartHold
from kapnotes.export import fhir_drugs, fhir_events, fhir_readings, fhir_responses, fhir_signatures
from kapnotes.export.fhir_codes import Json
from kapnotes.export.fhir_session import FhirSession, Told, moment
from kapnotes.export.fhir_valid import valid_json
from kapnotes.export.medical import MedicalRecord, Version


def fhir_bundle(medical: MedicalRecord, made_at: Stamp) -> bytes:
    """Return the record as a bundle of the type "collection", JSON in UTF-8, as it stands at *made_at*.

    An infusion that nobody stopped is counted until then. What is returned was read again and found valid.

    Raises:
        KapnotesError: it was not valid; names the place, and nothing that stands there.
    """
    from fhir.resources.R4B.bundle import Bundle  # here, because it takes half a second

    session = FhirSession(medical, made_at)
    entries = [{"fullUrl": f"urn:uuid:{one.resource['id']}", "resource": one.resource} for one in _resources(session)]
    bundle: Json = {"resourceType": "Bundle", "type": "collection", "timestamp": moment(made_at), "entry": entries}
    return valid_json(bundle, Bundle)


def _resources(session: FhirSession) -> list[Told]:
    versions = session.medical.versions()
    actions = [one for one in versions if isinstance(one.body, Action) and one.stands]
    course = [*fhir_readings.weight(session), *_course(session, versions)]
    unplaced = [one for one in actions if not _put_beside_its_reading(session, one, course)]
    unplaced += [one for one in versions if isinstance(one.body, StartHold) and one.stands]
    stamped = [one for one in versions if isinstance(one.body, EmergencyStep) and one.stands]
    about = [
        fhir_events.patient(session),
        fhir_events.own_codes(session),
        fhir_events.procedure(session, [*unplaced, *stamped]),
    ]
    documents = list(fhir_events.documents(session, course))
    answered = [*fhir_signatures.corrections(session, course), *fhir_signatures.signatures(session, course)]
    clinicians = [Told(one) for one in session.clinicians()]
    return [*about, *clinicians, *course, *documents, *answered]


def _course(session: FhirSession, versions: Sequence[Version]) -> Iterator[Told]:
    segments = {_key(one): one for one in session.medical.record.segments(session.made_at)}
    for version in versions:
        match version.body:
            case Vitals() as body:
                yield from fhir_readings.vitals(session, version, body)
            case NotTaken() as body:
                yield from fhir_readings.not_taken(session, version, body)
            case Scale() as body:
                yield from fhir_readings.scale(session, version, body)
            case ResponseScale() as body:
                yield from fhir_responses.response(session, version, body)
            case Discharge() as body:
                yield from fhir_readings.discharge(session, version, body)
            case Dose() as body:
                yield from fhir_drugs.dose(session, version, body)
            case Infusion() as body:
                segment = segments.get((version.author_id, version.entry.entry_id))
                yield from fhir_drugs.infusion(session, version, body, segment)
            case AdverseEvent() as body:
                yield from fhir_events.adverse_event(session, version, body)
            case _:
                # waste is of the drug's own book and no part of what the patient was given; actions and steps are
                # notes; the end of an event stands at the event; what a checklist asked is no finding of its own
                pass


def _key(segment: Segment) -> tuple[str, str]:
    return segment.entry.author_id, segment.entry.entry_id


def _put_beside_its_reading(session: FhirSession, action: Version, course: Sequence[Told]) -> bool:
    """Put what was done as a note at the readings that it is about; tell whether they are there."""
    about = action.body.about_id if isinstance(action.body, Action) else ""
    found = [
        one.resource
        for one in course
        if about
        and one.version is not None
        and one.version.stands
        and one.version.entry.entry_id == about
        and one.resource["resourceType"] == "Observation"
    ]
    for resource in found:
        notes = resource.setdefault("note", [])
        if isinstance(notes, list):
            notes.append(fhir_events.annotation(session, action))
    return bool(found)
