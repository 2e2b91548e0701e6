"""What a therapist hands on: the window, the three blocks written for the page, and released lines."""

from kapnotes.domain.around import Theme
from kapnotes.domain.entries import (
    Block,
    CheckIn,
    Entry,
    Intention,
    Mark,
    MarkChange,
    Narrative,
    Note,
    Staffing,
)
from kapnotes.domain.release import Released
from kapnotes.domain.words import counted
from kapnotes.export.course import Course
from kapnotes.export.flow import Align, Column, Row, Style
from kapnotes.export.page_words import clock_time, date_and_time, days_between, long_date, short_date, zone
from kapnotes.export.sheet import BODY, DIM, FIGURES, LABEL, QUOTE, STRONG, Sheet

SATURDAY = 5
QUOTE_MARKS = "\"'\u201c\u201d\u201e\u00ab\u00bb\u2018\u2019"


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
    words = translate("Page", "{start}  to  {stop}")
    counted = translate("Page", "{first} to {last} hours after the end of dosing, {when} ({zone}).")
    said = counted.format(first=first_h, last=last_h, when=date_and_time(ended.local(), translate), zone=zone(ended))
    closed = [long_date(day, translate) for day in days_between(start, stop) if day.weekday() >= SATURDAY]
    if closed:
        said += " " + translate("Page", "On a weekend: {days}.").format(days=", ".join(closed))
    shown = words.format(start=date_and_time(start, translate), stop=date_and_time(stop, translate))
    sheet.box([(heading, LABEL), (shown, Style(STRONG.face, 12, 17)), (said, DIM)])


def blocks(sheet: Sheet, course: Course) -> None:
    """Add the three blocks; one that is empty says that there is nothing to report, or whose block cannot be read."""
    translate, opened = course.translate, course.record.opened
    written = {
        narrative.block: _with_how_added(course, entry, narrative.text.strip())
        for entry, narrative in course.record.of(Narrative)
    }
    if not any(written.values()) and opened is not None and opened.staffing is Staffing.CRNA_ALONE:
        sheet.text(translate("Page", "No therapist was in the room."))
        return
    if opened is None and not any(written.values()):
        sheet.text(translate("Page", "Who was in the room cannot be read, so the therapist's blocks may be missing."))
        return
    empty = translate("Page", "Nothing to report.")
    if course.issue.unread > 0:
        empty = translate("Page", "Nothing to report in what could be read.")
    others = course.other_therapists()
    if others:
        empty = translate("Page", "Blocks written by {names} are not here: who made this page cannot read them.")
        empty = empty.format(names=", ".join(others))
        if not any(written.values()):
            sheet.text(empty)
            return
    for block, heading in (
        (Block.WORDS, translate("Page", "Words for what was not verbal")),
        (Block.SHIFTS, translate("Page", "Small shifts in behaviour")),
        (Block.ATTENTION, translate("Page", "What needs more careful attention")),
    ):
        sheet.subsection(heading)
        sheet.text(written.get(block) or empty, BODY)


def _with_how_added(course: Course, entry: Entry, text: str) -> str:
    """Return *text*, marked if it was added afterwards."""
    added = course.how_added(entry)
    if not text or not added:
        return text
    return f"{text}\n({added}, {date_and_time(entry.entered.local(), course.translate)})"


def released_lines(sheet: Sheet, course: Course, released: tuple[Released, ...]) -> None:
    """Add each authorization with the lines that it covers, in the order in which they happened."""
    translate = course.translate
    others = course.other_therapists()
    if not released and not others:
        sheet.text(translate("Page", "None. No process note was released for this page."))
    if course.released_elsewhere:
        line = translate("Page", "{count} released line is not here: it was released to another recipient.")
        lines = translate("Page", "{count} released lines are not here: they were released to another recipient.")
        sheet.text(counted(course.released_elsewhere, line, lines))
    if others:
        words = translate("Page", "Lines released by {names} are not here: who made this page cannot read them.")
        sheet.text(words.format(names=", ".join(others)))
    for one in released:
        _authorization(sheet, course, one)
        rows = [_line(sheet, course, entry) for entry in sorted(one.entries, key=course.position)]
        columns = [Column("", 32), Column("", 34, Align.RIGHT), Column("", 62), Column("", 200, grows=True)]
        sheet.lines(columns, rows, room=2.0)


def _authorization(sheet: Sheet, course: Course, released: Released) -> None:
    translate, said = course.translate, released.authorization
    sheet.subsection(translate("Page", "Released under this authorization of the patient (45 CFR 164.508)"), keep=120)
    signature = translate("Page", "{name}, {date}")
    sheet.facts(
        [
            (translate("Page", "Discloses"), said.discloser),
            (translate("Page", "To"), said.recipient),
            (translate("Page", "What"), said.description),
            (translate("Page", "Purpose"), said.purpose),
            (translate("Page", "Expires"), short_date(said.expires_on, translate)),
            (
                translate("Page", "Signed"),
                signature.format(name=said.signed_by, date=short_date(said.signed_on, translate)),
            ),
        ],
        DIM,
    )
    sheet.room(6)


def _line(sheet: Sheet, course: Course, entry: Entry) -> Row:
    label, text, is_quote = _said(course, entry)
    if is_quote and text and text[0] not in QUOTE_MARKS:
        text = course.translate("Page", "“{words}”").format(words=text)
    text = _with_how_added(course, entry, text)
    return sheet.row(
        (clock_time(entry.happened), _LINE_FIGURES),
        (course.elapsed(entry.happened), _LINE_FIGURES),
        (label, LABEL),
        (text, QUOTE if is_quote else BODY),
    )


_LINE_FIGURES = Style(FIGURES.face, BODY.size, BODY.leading)


def _said(course: Course, entry: Entry) -> tuple[str, str, bool]:
    """Return label, text, and whether these are the patient's own words."""
    translate = course.translate
    match entry.body:
        case Intention(text):
            return translate("Page", "intention"), text, True
        case Theme(text):
            return translate("Page", "theme"), text, False
        case CheckIn(text):
            return translate("Page", "check-in"), text or translate("Page", "quiet, inward"), False
        case Note(text, code):
            if code == "quote":
                return translate("Page", "quote"), text, True
            return code or translate("Page", "note"), text, False
        case Mark(code, change):
            words = {
                MarkChange.POINT: "",
                MarkChange.START: translate("Page", "begins"),
                MarkChange.STOP: translate("Page", "ends"),
            }
            return code, words[change], False
        case _:
            return "", "", False
