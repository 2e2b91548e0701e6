"""The summary as plain text for another system's note: the very content of the page, and nothing beside it."""

from kapnotes.domain.entries import PatientDetails
from kapnotes.domain.record import Record
from kapnotes.domain.words import Translate
from kapnotes.export.course import Issue
from kapnotes.export.summary import what_may_be_shown

__all__ = ["Issue", "summary_text"]


def summary_text(record: Record, patient: PatientDetails | None, issue: Issue, *, translate: Translate) -> str:
    """Return the summary of *record* as text; of process notes it holds what the page for that recipient would hold.

    Raises:
        NotAuthorized: an authorization in the record is not complete.
    """
    from kapnotes.export.plain_sheet import PlainSheet
    from kapnotes.export.summary_page import furniture_of, write_summary

    course, released = what_may_be_shown(record, patient, issue, translate)
    sheet = PlainSheet(furniture_of(course), translate)
    write_summary(sheet, course, released)
    return sheet.plain()
