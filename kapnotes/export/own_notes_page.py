"""The order of the parts of a therapist's own notes."""

from kapnotes.domain.session_timeline import session_timeline, timeline_height
from kapnotes.export.closing_part import about_this_page
from kapnotes.export.course import Course
from kapnotes.export.own_notes_part import (
    authorizations,
    for_the_summary,
    in_order,
    noted_by,
    stretches,
    what_it_is,
)
from kapnotes.export.session_part import session_line, title, warnings
from kapnotes.export.sheet import Furniture, Sheet
from kapnotes.export.signatures_part import signatures


def own_notes_page(course: Course, page_size: str) -> bytes:
    """Return the notes as a PDF that is not locked yet."""
    translate, issue = course.translate, course.issue
    name = translate("Page", "Process notes")
    apart = translate("Page", "Psychotherapy notes, kept apart from the medical record (45 CFR 164.501)")
    running = f"{name} · {session_line(course)}"
    sheet = Sheet(Furniture(apart, running, issue.heads, issue.made_at), translate, page_size)
    shown = frozenset(entry.entry_id for entry in noted_by(course, issue.made_by_id))

    title(sheet, course, name)
    warnings(sheet, course)
    what_it_is(sheet, course)
    height = timeline_height(course.record, sheet.width, course.until, shown)
    sheet.section(translate("Page", "The session at a glance"), keep=height)
    sheet.figure(session_timeline(course.record, sheet.width, height, course.until, translate, shown))
    sheet.section(translate("Page", "In the order in which it happened"), keep=80)
    in_order(sheet, course)
    stretches(sheet, course)
    sheet.section(translate("Page", "Written for the summary"), keep=60)
    for_the_summary(sheet, course)
    sheet.section(translate("Page", "Authorizations"), keep=60)
    authorizations(sheet, course)
    sheet.section(translate("Page", "Signatures"), keep=60)
    signatures(sheet, course)
    sheet.section(translate("Page", "About this page"), keep=80)
    with sheet.beside_code(course.issue.code):
        about_this_page(sheet, course)
    return sheet.pdf()
