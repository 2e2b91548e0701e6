"""A therapist's own process notes of one session, whole: kept apart from every other page, and for their author alone.

Source: 45 CFR 164.501, "psychotherapy notes"; 164.508(a)(2)(i)(A): the originator's own use needs no authorization.
"""

from collections.abc import Callable

from kapnotes.domain.entries import PatientDetails
from kapnotes.domain.record import Record
from kapnotes.domain.words import Translate
from kapnotes.export.course import Course, Issue
from kapnotes.export.summary import doubtful_without_therapy, with_own_notes

__all__ = ["Issue", "own_notes_pdf"]


def own_notes_pdf(
    record: Record,
    patient: PatientDetails | None,
    issue: Issue,
    *,
    passphrase: str,
    entropy: Callable[[int], bytes],
    translate: Translate,
    page_size: str = "A4",
) -> bytes:
    """Return all that who makes the page noted of *record*, as a locked PDF; what other therapists wrote is not in it.

    Raises:
        BadPassphrase: the file format cannot carry the passphrase.
    """
    from kapnotes.export.encrypt import encrypted
    from kapnotes.export.own_notes_page import own_notes_page

    own = with_own_notes(record, issue.made_by_id)
    course = Course(own, patient, issue, translate, doubtful=doubtful_without_therapy(record))
    return encrypted(own_notes_page(course, page_size), passphrase, entropy)
