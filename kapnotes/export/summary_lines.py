"""What arose: the released lines in order, the patient's words told apart from impressions, phase by phase."""

from itertools import groupby

from kapnotes.domain.around import Theme
from kapnotes.domain.entries import CheckIn, Entry, Intention, Mark, MarkChange, Note
from kapnotes.domain.phase_row import phase_at
from kapnotes.domain.release import Released
from kapnotes.export.course import Course
from kapnotes.export.flow import Align, Column, Row, Style
from kapnotes.export.page_words import clock_time
from kapnotes.export.sheet import BODY, CELL, DIM, FIGURES, LABEL, QUOTE, Sheet
from kapnotes.export.therapy_part import lines_of_release, quoted, with_how_added

MOST_IN_ONE_COLUMN = 36
"""Lines that stand one below the other over the whole width; more of them stand in columns, in smaller type."""

BLOCKS = 3
LONGEST_IN_COLUMN = 360
"""Characters that a line may have in a column; where one is longer, all are read over the whole width."""

_FIGURES = Style(FIGURES.face, BODY.size, BODY.leading)
SMALL = Style(CELL.face, 8.2, 10.2)
SMALL_QUOTE = Style(QUOTE.face, 8.2, 10.2)
SMALL_FIGURES = Style(FIGURES.face, 8.2, 10.2, LABEL.grey)


def what_arose(sheet: Sheet, course: Course, released: tuple[Released, ...]) -> None:
    """Add each released line with its T+ time; intention and themes stand in a part of their own."""
    translate = course.translate
    others = course.other_therapists()
    lines = [one for one in lines_of_release(course, released) if not isinstance(one.body, Intention | Theme)]
    if not released and not others:
        sheet.text(translate("Page", "No process note was released for this page."))
    elif not lines and not others:
        sheet.text(translate("Page", "No line beside these was released for this page."))
    if others:
        words = translate("Page", "Lines released by {names} are not here: who made this page cannot read them.")
        sheet.text(words.format(names=", ".join(others)))
    if not lines:
        return
    words = translate(
        "Page",
        "In quotation marks: the patient's own words. The others: what the therapist saw and heard.",
    )
    sheet.text(words, DIM, after=5)
    phased = [(name, list(found)) for name, found in groupby(lines, lambda one: _phase_of(course, one))]
    is_long = len(lines) > MOST_IN_ONE_COLUMN and all(_fits_column(one) for one in lines)
    (_in_columns if is_long else _in_one_column)(sheet, course, phased)


def _in_one_column(sheet: Sheet, course: Course, phased: list[tuple[str, list[Entry]]]) -> None:
    rows: list[Row] = []
    for name, entries in phased:
        for index, entry in enumerate(entries):
            label, text, is_quote = _said(course, entry)
            rows.append(
                sheet.row(
                    (name if index == 0 else "", LABEL),
                    (clock_time(entry.happened), _FIGURES),
                    (course.elapsed(entry.happened), _FIGURES),
                    (label, LABEL),
                    (text, QUOTE if is_quote else BODY),
                )
            )
    columns = [
        Column("", 56),
        Column("", 30),
        Column("", 32, Align.RIGHT),
        Column("", 58),
        Column("", 200, grows=True),
    ]
    sheet.lines(columns, rows, room=1.2)


def _in_columns(sheet: Sheet, course: Course, phased: list[tuple[str, list[Entry]]]) -> None:
    columns = [Column("", 23, Align.RIGHT), Column("", 100, grows=True)]
    for name, entries in phased:
        if name:
            sheet.subsection(name, keep=40)
        rows: list[Row] = []
        for entry in entries:
            label, text, is_quote = _said(course, entry)
            when = course.elapsed(entry.happened) or clock_time(entry.happened)
            if is_quote:
                rows.append(sheet.row((when, SMALL_FIGURES), (text, SMALL_QUOTE)))
                continue
            told = course.translate("Page", "{label}: {text}").format(label=label, text=text) if text else label
            rows.append(sheet.row((when, SMALL_FIGURES), (told, SMALL)))
        sheet.blocks(columns, rows, BLOCKS, room=0.7, gap=4.0, has_rules=False)


def _phase_of(course: Course, entry: Entry) -> str:
    if course.first_dose is None:
        return ""
    return phase_at(course.record, course.record.between_s(course.first_dose, entry.happened), course.translate)


def _fits_column(entry: Entry) -> bool:
    text = f"{getattr(entry.body, 'code', '')}{getattr(entry.body, 'text', '')}"
    return len(text) <= LONGEST_IN_COLUMN and text.count("\n") < 6


def _said(course: Course, entry: Entry) -> tuple[str, str, bool]:
    """Return label, text, and whether these are the patient's own words."""
    label, text, is_quote = _words_of(course, entry)
    return label, with_how_added(course, entry, quoted(course, text) if is_quote else text), is_quote


def _words_of(course: Course, entry: Entry) -> tuple[str, str, bool]:
    translate = course.translate
    match entry.body:
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
