"""Which compartment an entry belongs to; the one place where that is decided."""

from kapnotes.domain.custody import SignOff
from kapnotes.domain.drug_entries import DoseDetail
from kapnotes.domain.emergency_step import EmergencyStep
from kapnotes.domain.entries import (
    Action,
    Addendum,
    AdverseEvent,
    Amendment,
    AssessedBody,
    Body,
    Dose,
    LateEntry,
    MedicalBody,
    Newer,
    NotTaken,
    SessionOpened,
    SharedBody,
    TakenBy,
    TherapyBody,
    Vitals,
    content_of,
    kinds_in,
    stands_after_sign_off,
)
from kapnotes.domain.errors import NotEntitled
from kapnotes.domain.members import MEDICAL, SHARED, Compartment, CompartmentKind, Member, may_write
from kapnotes.domain.start_hold import StartHold


def place_of(body: Body, author: Member) -> Compartment:
    """Return the compartment that *body* is written to when *author* writes it.

    A therapist without the medical role may note what the patient measured, or took and where, score a scale,
    answer a checklist, and note an adverse event and its end, a step of an emergency, what was done, why a held
    start was made all the same, and who took the patient home: alone in the room, nobody else can. It is typed data
    of the treating team and stands in `shared`, never in `medical` and never only in `therapy` (45 CFR 164.501
    excludes medication, monitoring and results of tests from psychotherapy notes).

    A late entry and an addendum stand where what they add would stand. A `Correction` stands beside what it corrects,
    so ask for the place of its target.

    Raises:
        NotEntitled: the author holds no role for this kind of entry.
    """
    body = _added(body)
    if isinstance(body, SignOff) and not may_write(author, body.compartment):
        raise NotEntitled("{label} may not write the record that this signs.", label=author.label)
    if isinstance(body, SharedBody):
        return SHARED
    if isinstance(body, MedicalBody):
        if author.is_medical:
            return MEDICAL
        if _is_for_any_clinician(body):
            return SHARED
        raise NotEntitled("{label} does not hold the medical role, which this entry needs.", label=author.label)
    if isinstance(body, TherapyBody):
        if author.is_therapist:
            return author.therapy
        raise NotEntitled("{label} does not hold the therapist role, which process notes need.", label=author.label)
    raise NotEntitled("A correction stands beside its target; an entry of a newer version is only read.")


def _added(body: Body) -> Body:
    return body.body if isinstance(body, LateEntry | Addendum) else body


def _is_for_any_clinician(body: Body) -> bool:
    """Tell whether a clinician without the medical role may write *body*, into `shared`."""
    if isinstance(body, Vitals | Dose):
        return body.taken_by is TakenBy.PATIENT
    return type(body) in _ANY_CLINICIAN


_THERAPY, _SHARED = kinds_in(TherapyBody), kinds_in(SharedBody)
_ANY_CLINICIAN = kinds_in(AssessedBody | AdverseEvent | Action | NotTaken | EmergencyStep | StartHold | DoseDetail)


def may_stand(body: Body, author: Member, compartment: Compartment) -> bool:
    """Tell whether an entry of *author* with *body* may stand in *compartment*; asked on writing and on reading.

    It looks at the kind as well as at the role: a process note in `shared` is refused even from its own author, and so
    is one hidden in a correction of a correction. What is done with a record (a signature, an audit entry) is no part
    of it, so nothing of that kind is added late. A signature needs the right to write what it signs.
    """
    if not may_write(author, compartment):
        return False
    content = content_of(body)
    if content is None or isinstance(content, Newer):
        return True
    if isinstance(content, Amendment):
        return False
    if (
        body is not content
        and isinstance(body, LateEntry | Addendum)
        and (stands_after_sign_off(content) or isinstance(content, SessionOpened))
    ):
        return False
    if isinstance(content, SignOff) and not may_write(author, content.compartment):
        return False
    kind = type(content)
    if kind in _THERAPY:
        return compartment.kind is CompartmentKind.THERAPY
    if kind in _SHARED:
        return compartment.kind is CompartmentKind.SHARED
    if _is_for_any_clinician(content):
        return compartment.kind in {CompartmentKind.MEDICAL, CompartmentKind.SHARED}
    return compartment.kind is CompartmentKind.MEDICAL
