"""The medical record of one session, as an anaesthesia record is kept: the chart, every reading, every drug."""

from collections.abc import Callable

from kapnotes.domain.entries import PatientDetails
from kapnotes.domain.record import Record
from kapnotes.domain.words import Translate
from kapnotes.export.course import Course, Issue
from kapnotes.export.summary import doubtful_without_therapy, without_therapy

__all__ = ["Issue", "record_pdf"]


def record_pdf(
    record: Record,
    patient: PatientDetails | None,
    issue: Issue,
    *,
    passphrase: str,
    entropy: Callable[[int], bytes],
    translate: Translate,
    page_size: str = "A4",
) -> bytes:
    """Return the medical course of *record* as a locked PDF; nothing of process notes is in it, released or not.

    Raises:
        BadPassphrase: the file format cannot carry the passphrase.
    """
    from kapnotes.export.encrypt import encrypted
    from kapnotes.export.record_page import record_page

    course = Course(without_therapy(record), patient, issue, translate, doubtful=doubtful_without_therapy(record))
    return encrypted(record_page(course, page_size), passphrase, entropy)
