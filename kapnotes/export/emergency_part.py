"""The emergencies of a session on paper: each with its length, and what was stamped in it, in the order of time."""

from kapnotes.domain.emergency_step import EmergencyStep
from kapnotes.domain.emergency_timeline import Emergency, course_of, emergencies
from kapnotes.domain.emergency_words import step_in_words
from kapnotes.domain.entries import Entry
from kapnotes.export.course import Course
from kapnotes.export.flow import Align, Column, Row
from kapnotes.export.page_words import clock_time, in_words
from kapnotes.export.sheet import CELL, DIM, FIGURES, Sheet
from kapnotes.export.vitals_part import ELAPSED_WIDTH, TIME_WIDTH, elapsed_title


def emergency_timelines(sheet: Sheet, course: Course) -> None:
    """Add a small table for each emergency; nothing where there was none."""
    translate = course.translate
    for emergency in emergencies(course.record):
        sheet.subsection(_heading(course, emergency))
        columns = [
            Column(translate("Page", "time"), TIME_WIDTH + 12),
            Column(translate("Page", "after"), ELAPSED_WIDTH, Align.RIGHT),
            Column(elapsed_title(course), ELAPSED_WIDTH, Align.RIGHT),
            Column(translate("Page", "what"), 90, grows=True),
            Column(translate("Page", "by"), 60, grows=True),
        ]
        rows = [_row(sheet, course, emergency, entry) for entry in course_of(course.record, emergency)]
        sheet.grid(columns, rows)
        sheet.room(4)
        words = translate(
            "Page", "Stamped by single keys as it was done; no order was proposed, and this is no guideline."
        )
        sheet.text(words, DIM)


def _heading(course: Course, emergency: Emergency) -> str:
    translate, since = course.translate, clock_time(emergency.since)
    if emergency.ended is None:
        return translate("Page", "Emergency since {since}, end not recorded").format(since=since)
    length = _minutes(course.record.between_s(emergency.since, emergency.ended))
    words = translate("Page", "Emergency from {since} to {ended}, {length} min")
    return words.format(since=since, ended=clock_time(emergency.ended), length=length)


def _minutes(seconds: float) -> str:
    """Return seconds as m:ss; an emergency is timed to the second."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02}"


def _row(sheet: Sheet, course: Course, emergency: Emergency, entry: Entry) -> Row:
    step = entry.body if isinstance(entry.body, EmergencyStep) else None
    said = in_words(entry.body, course.translate) if step is None else step_in_words(step, course.translate)
    return sheet.row(
        (f"{entry.happened.local():%H:%M:%S}", FIGURES),
        (_minutes(course.record.between_s(emergency.since, entry.happened)), FIGURES),
        (course.elapsed(entry.happened), FIGURES),
        (", ".join([said, *course.remarks(entry)]), CELL),
        (course.person(entry.author_id), CELL),
    )
