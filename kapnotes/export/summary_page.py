"""The order of the summary's parts: what a reader with a quarter of an hour needs stands first."""

from kapnotes.domain.page_choice import PagePart
from kapnotes.domain.release import Released
from kapnotes.domain.session_timeline import session_timeline, timeline_height
from kapnotes.domain.silences import silence_means, silences
from kapnotes.export.came_part import came_of_earlier_sessions
from kapnotes.export.closing_part import about_this_page, amendments, has_amendments
from kapnotes.export.course import Course
from kapnotes.export.emergency_part import emergency_timelines
from kapnotes.export.events_part import has_setting, setting
from kapnotes.export.responses_part import responses
from kapnotes.export.session_part import session_line, title, warnings
from kapnotes.export.sheet import CELL, DIM, READ_IN_15_MINUTES, Furniture, Sheet
from kapnotes.export.signatures_part import signatures
from kapnotes.export.summary_head import summary_form, window
from kapnotes.export.summary_lines import what_arose
from kapnotes.export.summary_medical import medical_course
from kapnotes.export.summary_release import part_2_in_short, part_2_notice, release_statement
from kapnotes.export.therapy_part import blocks, intention_and_themes


def summary_page(
    course: Course, released: tuple[Released, ...], page_size: str, *, is_to_look_at: bool = False
) -> bytes:
    """Return the summary as a PDF that is not locked yet; see `Sheet.pdf` for pages that are only looked at."""
    sheet = Sheet(furniture_of(course), course.translate, page_size, READ_IN_15_MINUTES)
    write_summary(sheet, course, released)
    return sheet.pdf(is_to_look_at=is_to_look_at)


def furniture_of(course: Course) -> Furniture:
    """Return what stands on each page of the summary beside its content."""
    name = course.translate("Page", "Integration-session summary")
    return Furniture(name, f"{name} · {session_line(course)}", course.issue.heads, course.issue.made_at)


def write_summary(sheet: Sheet, course: Course, released: tuple[Released, ...]) -> None:
    """Add all that the summary says to *sheet*, whatever is made of it: pages, or plain text."""
    translate = course.translate

    title(sheet, course, translate("Page", "Integration-session summary"))
    part_2_in_short(sheet, course)
    warnings(sheet, course)
    window(sheet, course)
    sheet.room(6)
    summary_form(sheet, course)
    shows = course.issue.choice.shows
    if shows(PagePart.FIGURE) and sheet.has_figures:
        _at_a_glance(sheet, course, released)
    intention_and_themes(sheet, course, released)
    sheet.section(translate("Page", "For the integration"), keep=60)
    blocks(sheet, course)
    sheet.section(translate("Page", "What arose, in order"), keep=80 if released else 40)
    what_arose(sheet, course, released)
    sheet.section(translate("Page", "Medical course"), keep=130)
    medical_course(sheet, course, with_vitals=shows(PagePart.VITALS))
    responses(sheet, course)
    emergency_timelines(sheet, course)
    if shows(PagePart.ROOM) and has_setting(course):
        sheet.section(translate("Page", "The room"))
        setting(sheet, course)
    if shows(PagePart.EARLIER):
        came_of_earlier_sessions(sheet, course)
    if has_amendments(course):
        sheet.section(translate("Page", "Amendments"), keep=40)
        amendments(sheet, course)
    sheet.section(translate("Page", "Release of process notes"), keep=60)
    release_statement(sheet, course, released)
    with sheet.beside_code(course.issue.code):
        sheet.section(translate("Page", "Signatures"), keep=60)
        signatures(sheet, course)
        sheet.section(translate("Page", "About this page"), keep=80)
        about_this_page(sheet, course, CELL, without_amendments=True)
    part_2_notice(sheet, course)


def _at_a_glance(sheet: Sheet, course: Course, released: tuple[Released, ...]) -> None:
    translate, record = course.translate, course.record
    shown = frozenset(entry.entry_id for one in released for entry in one.entries)
    height = timeline_height(record, sheet.width, course.until, shown)
    sheet.section(translate("Page", "The session at a glance"), keep=height)
    sheet.figure(session_timeline(record, sheet.width, height, course.until, translate, shown))
    if silences(record, shown, course.until):
        sheet.text(silence_means(record, translate), DIM)
