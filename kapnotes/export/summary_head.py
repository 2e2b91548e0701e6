"""The head of a summary: the days in which integration is due, and a form with who, when, how, and whom to call."""

from kapnotes.domain.allergies import known_allergies
from kapnotes.domain.clinic_pages import MOST_TO_CALL, ClinicPages
from kapnotes.domain.entries import Stage
from kapnotes.export.course import Course
from kapnotes.export.flow import Style
from kapnotes.export.form_cells import FormCells
from kapnotes.export.page_words import (
    days_between,
    route_name,
    short_day,
    short_moment,
    staffing_name,
    zone,
)
from kapnotes.export.record_head import kg
from kapnotes.export.session_part import people, phases, start_and_stop, total_dose
from kapnotes.export.sheet import BODY, DIM, LABEL, STRONG, Sheet

SATURDAY = 5
WINDOW = Style(STRONG.face, 14, 19)


def window(sheet: Sheet, course: Course) -> None:
    """Add the days in which integration is due, counted from the end of dosing, with weekdays."""
    translate = course.translate
    ended = course.record.dosing_ended
    heading = translate("Page", "Integration window")
    if ended is None:
        words = translate("Page", "No end of dosing is recorded, so no window can be counted.")
        sheet.box([(heading, STRONG), (words, BODY)])
        return
    first_h, last_h = course.issue.clinic.window_h
    start, stop = ended.shifted(first_h * 3600.0).local(), ended.shifted(last_h * 3600.0).local()
    counted = translate("Page", "{first} to {last} hours after the end of dosing, {when} ({zone}).")
    said = counted.format(
        first=first_h,
        last=last_h,
        when=short_moment(ended.local(), translate, with_year=True),
        zone=zone(ended),
    )
    closed = [short_day(day, translate) for day in days_between(start, stop) if day.weekday() >= SATURDAY]
    if closed:
        said += " " + translate("Page", "On a weekend: {days}.").format(days=", ".join(closed))
    words = translate("Page", "{start} to {stop}")
    with_year = start.year != stop.year
    shown = words.format(
        start=short_moment(start, translate, with_year=with_year),
        stop=short_moment(stop, translate, with_year=with_year),
    )
    sheet.box([(heading, LABEL), (shown, WINDOW), (said, DIM)])


def summary_form(sheet: Sheet, course: Course) -> None:
    """Add the form: whom the page is for and whom to call, who was in the room, and what was given."""
    translate, opened, clinic = course.translate, course.record.opened, course.issue.clinic
    route = route_name(opened.route, translate) if opened is not None else ""
    room = staffing_name(opened.staffing, translate) if opened is not None else ""
    protocol = course.record.protocol.title if course.record.protocol is not None else ""  # its version: the record
    allergies = known_allergies(course.record, course.patient.allergies if course.patient is not None else "")
    cells = FormCells(translate)
    cell = cells.cell
    sheet.form(
        [
            [
                cell(translate("Page", "For, and follow-up with"), course.issue.recipient, 2, is_strong=True),
                cell(translate("Page", "Whom to call"), to_call(clinic, course), 4, longest=MOST_TO_CALL),
            ],
            [
                cell(translate("Page", "In the room"), people(course), 2),
                cell(translate("Page", "Start, stop and stages"), _lines(start_and_stop(course), _stages(course)), 2.4),
                cell(translate("Page", "Protocol and staffing"), _lines(protocol, room), 1.6),
            ],
            [
                cell(translate("Page", "Dose"), total_dose(course), 2, is_strong=True),
                cell(translate("Page", "Route"), route, 1.2),
                cell(translate("Page", "Weight"), kg(opened.weight_kg) if opened is not None else "", 1.2),
                cell(
                    translate("Page", "Allergies"),
                    allergies or translate("Page", "none noted"),
                    1.6,
                    is_strong=bool(allergies),
                ),
            ],
        ]
    )
    cells.add_longer(sheet)


def _stages(course: Course) -> str:
    """Return the stages with when each was entered; when the session was closed stands above them."""
    return phases(course, but=frozenset({Stage.CLOSED}))


def _lines(*said: str) -> str:
    """Return each of them on a line of its own; what says nothing is left out."""
    return "\n".join(line for line in said if line)


def to_call(clinic: ClinicPages, course: Course) -> str:
    """Return whom to call, a line each, or that the clinic named nobody."""
    return clinic.whom_to_call.strip() or course.translate("Page", "The clinic has named nobody.")
