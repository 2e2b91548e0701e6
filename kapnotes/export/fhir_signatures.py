"""Who answers for what: signatures and corrections, as FHIR Provenance.

Source: 21 CFR 11.50: a signature shows name, date and time, and meaning. What a therapist signed in process notes is
not in the bundle, so neither is that signature.
"""

from collections.abc import Iterator, Sequence

from kapnotes.domain.custody import SignOff
from kapnotes.domain.entries import Correction, Entry
from kapnotes.domain.members import MEDICAL, SHARED
from kapnotes.export.fhir_codes import PARTICIPATION, SIGNATURE, Json
from kapnotes.export.fhir_session import FhirSession, Told, moment, reference, text
from kapnotes.export.medical import Version

_AUTHOR_SIGNATURE = {"system": SIGNATURE, "code": "1.2.840.10065.1.12.1.1", "display": "Author's Signature"}
_UPDATE = {"system": "http://terminology.hl7.org/CodeSystem/v3-DataOperation", "code": "UPDATE", "display": "revise"}


def signatures(session: FhirSession, told: Sequence[Told]) -> Iterator[Told]:
    """Give each signature with what it covers: what its author had entered by then."""
    record = session.medical.record
    for entry, sign_off in record.sign_offs:
        if sign_off.compartment in (SHARED, MEDICAL):
            yield Told(_signature(session, entry, sign_off, _covered(session, entry, sign_off, told)))


def _covered(session: FhirSession, entry: Entry, sign_off: SignOff, told: Sequence[Told]) -> list[Json]:
    record = session.medical.record
    signs_course = sign_off.compartment == MEDICAL or not record.is_signed(entry.author_id, MEDICAL)
    own = [
        reference(str(one.resource["id"]))
        for one in told
        if one.version is not None
        and record.persons.are_one(one.version.author_id, entry.author_id)
        and record.between_s(one.version.entered, entry.entered) >= 0
    ]
    shared = [session.procedure] if sign_off.compartment == SHARED else []
    return [*shared, *(own if signs_course else [])] or [session.procedure]


def _signature(session: FhirSession, entry: Entry, sign_off: SignOff, covered: list[Json]) -> Json:
    name = ", ".join(part for part in (sign_off.name, sign_off.credential) if part)
    who = {**session.clinician(entry.author_id), "display": text(name)}
    when = moment(entry.entered)
    return {
        "resourceType": "Provenance",
        "id": session.name_of(entry.author_id, entry.entry_id, "signature"),
        "target": covered,
        "recorded": when,
        "reason": [{"text": text(sign_off.meaning)}],
        "agent": [{"type": _participation("legal", "Legal Authenticator"), "who": who}],
        "signature": [{"type": [_AUTHOR_SIGNATURE], "when": when, "who": who}],
    }


def corrections(session: FhirSession, told: Sequence[Told]) -> Iterator[Told]:
    """Give each correction that put something in place: what it says, what that replaces, and why."""
    by_version: dict[tuple[str, str], list[Told]] = {}
    for one in told:
        if one.version is not None:
            by_version.setdefault(one.version.key, []).append(one)
    for parts in by_version.values():
        version = parts[0].version
        if version is None or version.replaces is None or not isinstance(version.said_in.body, Correction):
            continue
        old = by_version.get(version.replaces.key, [])
        yield Told(_correction(session, version, version.said_in.body, parts, old))


def _correction(
    session: FhirSession, version: Version, correction: Correction, new: Sequence[Told], old: Sequence[Told]
) -> Json:
    who = session.clinician(version.said_in.author_id)
    resource: Json = {
        "resourceType": "Provenance",
        "id": session.name_of(*version.key, "correction"),
        "target": [reference(str(one.resource["id"])) for one in new],
        "recorded": moment(version.entered),
        "reason": [{"text": text(correction.reason)}],
        "activity": {"coding": [_UPDATE]},
        "agent": [{"type": _participation("author", "Author"), "who": who}],
    }
    if old:
        resource["entity"] = [{"role": "revision", "what": reference(str(one.resource["id"]))} for one in old]
    return resource


def _participation(code: str, display: str) -> Json:
    return {"coding": [{"system": PARTICIPATION, "code": code, "display": display}]}
