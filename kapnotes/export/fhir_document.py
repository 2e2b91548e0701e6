"""The summary as one FHIR R4 DocumentReference: what the document is, and the locked page itself, for another system.

Whose it is and what kind of document is told in clear; what the page says opens with its passphrase alone.

Sources: hl7.org/fhir/R4/documentreference.html; US-Core DocumentReference (category, format); v3-Confidentiality and
v3-ActCode for its labels.
"""

from base64 import b64encode
from hashlib import sha1

from kapnotes.domain.members import Member
from kapnotes.domain.record import Record
from kapnotes.export.course import Issue
from kapnotes.export.fhir_codes import PROFILE, Json
from kapnotes.export.fhir_events import document_type, patient
from kapnotes.export.fhir_session import FhirSession, moment, text, without_nothing
from kapnotes.export.fhir_valid import valid_json
from kapnotes.export.medical import MedicalRecord

CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
US_CORE_CATEGORY = "http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category"
FORMAT = "http://ihe.net/fhir/ihe.formatcode.fhir/CodeSystem/formatcode"

_RESTRICTED: Json = {"system": CONFIDENTIALITY, "code": "R", "display": "restricted"}
_VERY_RESTRICTED: Json = {"system": CONFIDENTIALITY, "code": "V", "display": "very restricted"}
_OF_NOTES: Json = {"system": ACT_CODE, "code": "PSYTHPN", "display": "psychotherapy note information sensitivity"}


def document_reference(record: Record, page: bytes, issue: Issue, maker: Member, *, released_count: int) -> bytes:
    """Return the resource as JSON in UTF-8; *page* is the summary as a locked PDF.

    Patient and author stand in it themselves, so that it needs nothing beside it. It was read again and found valid.

    Raises:
        KapnotesError: the beginning of the session is not there, or it was not valid.
    """
    from fhir.resources.R4B.documentreference import DocumentReference  # here, because it takes half a second

    session = FhirSession(MedicalRecord(record), issue.made_at)
    opened = session.medical.opened
    about = text(f"Integration-session summary, session {opened.number}")
    name = session.name_of("summary", session.scope_id, b64encode(_digest(page)).decode("ascii"))
    identifier: Json = {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{name}"}
    resource: Json = {
        "resourceType": "DocumentReference",
        "id": name,
        "meta": {"profile": [f"{PROFILE}documentreference"]},
        "contained": [
            patient(session).resource | {"id": "patient"},
            {"resourceType": "Practitioner", "id": "author", "name": [{"text": text(maker.label)}]},
        ],
        "masterIdentifier": identifier,
        "identifier": [identifier],
        "status": "current",
        "docStatus": _status(record, maker),
        "type": document_type(is_medical=not maker.is_therapist),
        "category": [
            {"coding": [{"system": US_CORE_CATEGORY, "code": "clinical-note", "display": "Clinical Note"}]},
        ],
        "subject": {"reference": "#patient"},
        "date": moment(issue.made_at),
        "author": [{"reference": "#author"}],
        "description": f"{about}; the PDF is encrypted and opens with its own passphrase",
        "securityLabel": _labels(released_count),
        "content": [
            {
                "attachment": {
                    "contentType": "application/pdf",
                    "language": "en",
                    "data": b64encode(page).decode("ascii"),
                    "size": len(page),
                    "hash": b64encode(_digest(page)).decode("ascii"),
                    "title": about,
                    "creation": moment(issue.made_at),
                },
                "format": {
                    "system": FORMAT,
                    "code": "urn:ihe:iti:xds:2017:mimeTypeSufficient",
                    "display": "mimeType Sufficient",
                },
            }
        ],
        "context": {"period": _period(session)},
    }
    return valid_json(without_nothing(resource), DocumentReference)


def _digest(page: bytes) -> bytes:
    """Return what R4 asks of an attachment's hash: SHA-1, against slips of copying and no more."""
    return sha1(page, usedforsecurity=False).digest()


def _status(record: Record, maker: Member) -> str:
    signed = [entry for entry, _ in record.sign_offs if record.persons.are_one(entry.author_id, maker.member_id)]
    if not signed:
        return "preliminary"
    return "amended" if any(record.is_after_signature(entry) for entry in record.entries) else "final"


def _labels(released_count: int) -> list[Json]:
    """Return how it is to be kept: with lines of process notes on it, as these are."""
    labels = [_VERY_RESTRICTED, _OF_NOTES] if released_count else [_RESTRICTED]
    return [{"coding": [label]} for label in labels]


def _period(session: FhirSession) -> Json:
    record = session.medical.record
    ended = record.ended
    period: Json = {"start": moment(session.medical.began)}
    if ended is not None:
        period["end"] = session.ended(session.medical.began, ended)
    return period
