"""The order of the summary's parts."""

from kapnotes.domain.page_choice import PagePart
from kapnotes.domain.release import Released
from kapnotes.domain.session_timeline import session_timeline
from kapnotes.export.closing_part import about_this_page, amendments
from kapnotes.export.course import Course
from kapnotes.export.drugs_part import drugs
from kapnotes.export.emergency_part import emergency_timelines
from kapnotes.export.events_part import events, setting
from kapnotes.export.session_part import session_facts, session_line, title, warnings
from kapnotes.export.sheet import Furniture, Sheet
from kapnotes.export.signatures_part import signatures
from kapnotes.export.therapy_part import blocks, released_lines, window
from kapnotes.export.vitals_part import extremes, gaps

TIMELINE_HEIGHT = 180.0


def summary_page(course: Course, released: tuple[Released, ...], page_size: str) -> bytes:
    """Return the summary as a PDF that is not locked yet."""
    sheet = Sheet(furniture_of(course), course.translate, page_size)
    write_summary(sheet, course, released)
    return sheet.pdf()


def furniture_of(course: Course) -> Furniture:
    """Return what stands on each page of the summary beside its content."""
    name = course.translate("Page", "Integration-session summary")
    return Furniture(name, f"{name} · {session_line(course)}", course.issue.heads, course.issue.made_at)


def write_summary(sheet: Sheet, course: Course, released: tuple[Released, ...]) -> None:
    """Add all that the summary says to *sheet*, whatever is made of it: pages, or plain text."""
    translate = course.translate
    shown = frozenset(entry.entry_id for one in released for entry in one.entries)

    title(sheet, course, translate("Page", "Integration-session summary"))
    warnings(sheet, course)
    window(sheet, course)
    sheet.room(8)
    session_facts(sheet, course)
    shows = course.issue.choice.shows
    if shows(PagePart.FIGURE):
        sheet.section(translate("Page", "Course of the session"), keep=TIMELINE_HEIGHT)
        sheet.figure(session_timeline(course.record, sheet.width, TIMELINE_HEIGHT, course.until, translate, shown))
    sheet.section(translate("Page", "For the integration"), keep=90)
    blocks(sheet, course)
    sheet.section(translate("Page", "Released process notes"), keep=190 if released else 40)
    released_lines(sheet, course, released)
    if shows(PagePart.VITALS):
        sheet.section(translate("Page", "Vital signs"))
        extremes(sheet, course)
        gaps(sheet, course)
    sheet.section(translate("Page", "Drugs"))
    drugs(sheet, course)
    sheet.section(translate("Page", "Events, scales and discharge"), keep=90)
    events(sheet, course)
    emergency_timelines(sheet, course)
    if shows(PagePart.ROOM):
        sheet.section(translate("Page", "The room"))
        setting(sheet, course)
    sheet.section(translate("Page", "Amendments"))
    amendments(sheet, course)
    sheet.section(translate("Page", "Signatures"), keep=60)
    signatures(sheet, course)
    sheet.section(translate("Page", "About this page"), keep=80)
    with sheet.beside_code(course.issue.code):
        about_this_page(sheet, course)
