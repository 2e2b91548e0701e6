"""PHQ-9 and GAD-7 on a page: when they were answered, the items, the total with its band, and item 9 above zero."""

from kapnotes.domain.clock import Stamp
from kapnotes.domain.response_scale import ResponseScale
from kapnotes.domain.response_words import items_words, response_title, result_words, self_harm_words
from kapnotes.export.course import Course
from kapnotes.export.flow import Column
from kapnotes.export.page_words import clock_time, date_and_time
from kapnotes.export.sheet import CELL, FIGURES, Sheet


def responses(sheet: Sheet, course: Course) -> None:
    """Add the scales that the patient answered; nothing where none was."""
    translate, found = course.translate, course.record.of(ResponseScale)
    if not found:
        return
    sheet.subsection(translate("Page", "Answered by the patient"))
    rows = [
        sheet.row(
            (_when(course, entry.happened), CELL),
            (", ".join([response_title(scale.name, translate), *course.remarks(entry)]), CELL),
            (items_words(scale), FIGURES),
            ("; ".join(filter(None, (result_words(scale, translate), self_harm_words(scale, translate)))), CELL),
        )
        for entry, scale in found
    ]
    sheet.grid(
        [
            Column(translate("Page", "answered"), 92),
            Column(translate("Page", "scale"), 60, grows=True),
            Column(translate("Page", "items"), 82),
            Column(translate("Page", "total"), 150, grows=True),
        ],
        rows,
    )


def _when(course: Course, stamp: Stamp) -> str:
    """Return the time of day, with the day where that is not the session's."""
    origin = course.record.origin
    if origin is not None and origin.local().date() == stamp.local().date():
        return clock_time(stamp)
    return date_and_time(stamp.local(), course.translate)
