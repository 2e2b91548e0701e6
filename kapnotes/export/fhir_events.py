"""The session itself, adverse events, what was done, and what was added afterwards, as FHIR resources."""

from base64 import b64encode
from collections.abc import Iterator, Sequence

from kapnotes.domain.adverse_events import episodes
from kapnotes.domain.clock import Stamp
from kapnotes.domain.emergency_step import EmergencyStep
from kapnotes.domain.emergency_words import step_in_words
from kapnotes.domain.entries import Action, Addendum, AdverseEvent, Stage
from kapnotes.domain.event_lines import SEVERITIES
from kapnotes.domain.holding import held_words
from kapnotes.domain.members import Role
from kapnotes.domain.start_hold import StartHold
from kapnotes.domain.words import in_english
from kapnotes.export.fhir_codes import (
    ABSENT_URL,
    ACTION_TAKEN,
    ENDED,
    ENTERED_IN_ERROR,
    LOCAL,
    LOCAL_NAMES,
    LOINC,
    OUTCOME,
    PATIENT_CODES,
    SEVERITY,
    Json,
    local,
)
from kapnotes.export.fhir_session import FhirSession, Told, moment, note, text, without_nothing
from kapnotes.export.medical import Version

_STATUS = {Stage.PREPARATION: "preparation", Stage.CLOSED: "completed"}
_DOCUMENTS = {True: ("28623-7", "Nurse Note"), False: ("34904-3", "Mental health Note")}
"""LOINC of what a clinician with the medical role wrote, and of what any other did."""


_RESOLVED: Json = {"coding": [{"system": OUTCOME, "code": "resolved", "display": "Resolved"}]}


def patient(session: FhirSession) -> Told:
    """Give the patient: the practice's code, and that the name is kept back."""
    return Told(
        {
            "resourceType": "Patient",
            "id": session.name_of("patient", session.medical.opened.patient_id),
            "identifier": [{"system": PATIENT_CODES, "value": text(session.medical.opened.patient_code)}],
            "name": [{"extension": [{"url": ABSENT_URL, "valueCode": "masked"}]}],
            "gender": "unknown",
        }
    )


def procedure(session: FhirSession, done: Sequence[Version]) -> Told:
    """Give the session, with what was *done* that is about no reading of its own, and why it was held and began."""
    medical = session.medical
    opened, record = medical.opened, medical.record
    began = record.began(Stage.PREPARATION) or medical.began
    period: Json = {"start": moment(began)}
    if record.ended is not None:
        period["end"] = session.ended(began, record.ended)
    resource: Json = {
        "resourceType": "Procedure",
        "id": session.name_of("session", session.scope_id),
        "status": _STATUS.get(record.stage, "in-progress"),
        "code": local("session").concept,
        "subject": session.patient,
        "performedPeriod": period,
        "performer": [
            {"function": {"text": " and ".join(one.roles)}, "actor": session.clinician(one.member_id)}
            for one in opened.participants
        ],
        "note": [
            *note(f"session {opened.number}, route {opened.route}, protocol {opened.protocol_name}"),
            *(annotation(session, version) for version in done),
        ],
    }
    return Told(without_nothing(resource))


def annotation(session: FhirSession, version: Version) -> Json:
    """Return what was done as a note with its author and its time."""
    match version.body:
        case Action(done):
            said = f"done: {done}"
        case StartHold(reason):
            said = f"started although held ({held_words(version.body)}): {reason}"
        case EmergencyStep():
            said = f"emergency: {step_in_words(version.body, in_english)}"
        case _:
            said = ""
    remark = f" ({version.remark})" if version.remark else ""
    return {
        "authorReference": session.clinician(version.author_id),
        "time": moment(version.happened),
        "text": text(f"{said}{remark}"),
    }


def adverse_event(session: FhirSession, version: Version, body: AdverseEvent) -> Iterator[Told]:
    """Give an adverse event. Its resource has no status, so one that was entered by mistake has a modifier."""
    further: list[Json] = [{"url": ACTION_TAKEN, "valueString": text(body.action)}] if body.action else []
    ended = _ended(session, version)
    if ended is not None:
        further.append({"url": ENDED, "valueDateTime": moment(ended)})
    mistaken: Json = {} if version.stands else {"url": ENTERED_IN_ERROR, "valueBoolean": True}
    resource: Json = {
        "resourceType": "AdverseEvent",
        "id": session.named(version, "event"),
        "extension": further,
        "modifierExtension": [mistaken] if mistaken else [],
        "actuality": "actual",
        "event": {"text": text(body.what)},
        "subject": session.patient,
        "date": moment(version.happened),
        "recordedDate": moment(version.entered),
        "severity": _severity(body.severity),
        "outcome": {} if ended is None else _RESOLVED,
        "recorder": session.clinician(version.author_id),
    }
    yield Told(without_nothing(resource), version)


def _ended(session: FhirSession, version: Version) -> Stamp | None:
    """Return when the event was over to which that report belongs, None while it is open."""
    if not version.stands:
        return None
    found = (one for one in episodes(session.medical.record) if one.holds(version.entry.entry_id))
    episode = next(found, None)
    return None if episode is None else episode.ended


def _severity(severity: str) -> Json:
    if severity not in SEVERITIES:
        return {"text": text(severity)}
    return {"coding": [{"system": SEVERITY, "code": severity, "display": severity.capitalize()}]}


# ------------------------------------------------------------------------------------------------- addenda


def documents(session: FhirSession, told: Sequence[Told]) -> Iterator[Told]:
    """Give the session's document, and for each addendum one that appends to it and refers to what it added."""
    added: dict[tuple[str, str], list[Told]] = {}
    for one in told:
        if one.version is not None and one.version.stands and isinstance(one.version.amendment, Addendum):
            added.setdefault((one.version.author_id, one.version.entry.entry_id), []).append(one)
    if not added:
        return
    opened = session.medical.opened
    base = session.name_of("document", session.scope_id)
    yield Told(
        {
            "resourceType": "DocumentReference",
            "id": base,
            "status": "current",
            "type": document_type(is_medical=True),
            "subject": session.patient,
            "content": [{"attachment": {"title": f"medical record of session {opened.number}"}}],
            "context": {"related": [session.procedure]},
        }
    )
    for (author_id, entry_id), parts in added.items():
        version = parts[0].version
        if version is None:
            continue
        yield Told(
            {
                "resourceType": "DocumentReference",
                "id": session.name_of(author_id, entry_id, "addendum"),
                "status": "current",
                "type": document_type(is_medical=_is_medical(session, author_id)),
                "subject": session.patient,
                "date": moment(version.entered),
                "author": [session.clinician(author_id)],
                "relatesTo": [{"code": "appends", "target": {"reference": f"urn:uuid:{base}"}}],
                "content": [{"attachment": _plain(version.remark)}],
                "context": {"related": [{"reference": f"urn:uuid:{one.resource['id']}"} for one in parts]},
            },
            version,
        )


def _plain(said: str) -> Json:
    return {
        "contentType": "text/plain; charset=utf-8",
        "data": b64encode(text(said).encode()).decode("ascii"),
        "title": "addendum",
    }


def document_type(*, is_medical: bool) -> Json:
    """Return what kind of document a clinician with the medical role wrote, or any other did."""
    code, display = _DOCUMENTS[is_medical]
    return {"coding": [{"system": LOINC, "code": code, "display": display}]}


def _is_medical(session: FhirSession, member_id: str) -> bool:
    are_one = session.medical.record.persons.are_one
    people = session.medical.opened.participants
    return any(Role.MEDICAL in one.roles and are_one(one.member_id, member_id) for one in people)


# --------------------------------------------------------------------------------------------- our own codes


def own_codes(session: FhirSession) -> Told:
    """Give the meaning of our own codes, so that the bundle can be read without us."""
    return Told(
        {
            "resourceType": "CodeSystem",
            "id": session.name_of("codes"),
            "url": LOCAL,
            "name": "KapnotesCodes",
            "status": "active",
            "content": "complete",
            "concept": [{"code": code, "display": meaning} for code, meaning in LOCAL_NAMES.items()],
        }
    )
