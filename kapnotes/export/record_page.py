"""The order of the record's parts."""

from kapnotes.domain.vitals_chart import vitals_chart
from kapnotes.export.checklist_part import checklists
from kapnotes.export.closing_part import about_this_page, amendments
from kapnotes.export.course import Course
from kapnotes.export.drugs_part import drugs, waste
from kapnotes.export.emergency_part import emergency_timelines
from kapnotes.export.events_part import events, signals
from kapnotes.export.protocol_part import protocol
from kapnotes.export.record_head import record_head
from kapnotes.export.rems_part import rems
from kapnotes.export.session_part import session_line
from kapnotes.export.sheet import CELL, DENSE, Furniture, Sheet
from kapnotes.export.signatures_part import signatures
from kapnotes.export.stock_part import stock
from kapnotes.export.vitals_table import every_set

CHART_HEIGHT = 222.0


def record_page(course: Course, page_size: str) -> bytes:
    """Return the record as a PDF that is not locked yet."""
    translate, issue = course.translate, course.issue
    name = translate("Page", "Medical record of the session")
    running = f"{name} · {session_line(course)}"
    sheet = Sheet(Furniture(name, running, issue.heads, issue.made_at), translate, page_size, DENSE)

    record_head(sheet, course, name)
    sheet.room(4)
    sheet.figure(vitals_chart(course.record, sheet.width, CHART_HEIGHT, course.until, translate))
    sheet.section(translate("Page", "Drugs"))
    drugs(sheet, course)
    with sheet.in_halves():
        waste(sheet, course)
        stock(sheet, course)
    sheet.section(translate("Page", "Events, scales and discharge"), keep=130)
    with sheet.in_halves():
        events(sheet, course)
        emergency_timelines(sheet, course)
        signals(sheet, course)
    sheet.section(translate("Page", "Checklists"), keep=66)
    checklists(sheet, course)
    sheet.section(translate("Page", "Vital signs"), keep=110)
    every_set(sheet, course)
    rems(sheet, course)
    sheet.section(translate("Page", "Protocol"))
    protocol(sheet, course)
    sheet.section(translate("Page", "Amendments"))
    amendments(sheet, course)
    with sheet.beside_code(course.issue.code):
        sheet.section(translate("Page", "Signatures"), keep=60)
        signatures(sheet, course)
        sheet.section(translate("Page", "About this page"), keep=80)
        about_this_page(sheet, course, CELL)
    return sheet.pdf()
