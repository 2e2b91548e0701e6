"""The head of the record: a form, as on paper, with who, when, how and how much."""

from decimal import Decimal

from kapnotes.domain.allergies import known_allergies
from kapnotes.domain.figure import plain
from kapnotes.export.course import Course
from kapnotes.export.form_cells import FormCells
from kapnotes.export.page_words import route_name, staffing_name
from kapnotes.export.session_part import (
    people,
    phases,
    protocol_name,
    session_date,
    start_and_stop,
    total_dose,
    warnings,
)
from kapnotes.export.sheet import Sheet


def record_head(sheet: Sheet, course: Course, title: str) -> None:
    """Add the title, the form, and what must be known before anything on the page is believed."""
    translate, opened = course.translate, course.record.opened
    sheet.title(title)
    warnings(sheet, course)
    cells = FormCells(translate)
    cell = cells.cell
    code = opened.patient_code if opened is not None else course.patient.code if course.patient is not None else ""
    number = str(opened.number) if opened is not None else ""
    weight_kg = opened.weight_kg if opened is not None else None
    allergies = known_allergies(course.record, course.patient.allergies if course.patient is not None else "")
    sheet.form(
        [
            [
                cell(translate("Page", "Patient"), code, 1.6, is_strong=True),
                cell(translate("Page", "Session"), number, 0.6, is_strong=True),
                cell(translate("Page", "Date"), session_date(course), 2, is_strong=True),
                cell(translate("Page", "Start and stop"), start_and_stop(course), 2.2),
            ],
            [
                cell(translate("Page", "Weight"), kg(weight_kg), 0.8),
                cell(
                    translate("Page", "Allergies"),
                    allergies or translate("Page", "none noted"),
                    2.4,
                    is_strong=bool(allergies),
                ),
                cell(translate("Page", "Route"), route_name(opened.route, translate) if opened is not None else "", 1),
                cell(translate("Page", "Dose"), total_dose(course), 2.2, is_strong=True),
            ],
            [
                cell(translate("Page", "Protocol"), protocol_name(course), 2),
                cell(
                    translate("Page", "Staffing"),
                    staffing_name(opened.staffing, translate) if opened is not None else "",
                    2,
                ),
                cell(translate("Page", "For"), course.issue.recipient, 1.6),
            ],
            [
                cell(translate("Page", "In the room"), people(course, "; "), 3),
                cell(translate("Page", "Phases"), phases(course), 3.4),
            ],
        ]
    )
    cells.add_longer(sheet)


def kg(weight_kg: Decimal | None) -> str:
    """Return a weight with its unit, nothing where none was noted."""
    return f"{plain(weight_kg)} kg" if weight_kg is not None else ""
