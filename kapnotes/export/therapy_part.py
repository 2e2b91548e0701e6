"""What a therapist hands on: intention and themes as they were released, and the three blocks written for the page."""

from kapnotes.domain.around import Theme
from kapnotes.domain.entries import Block, Entry, Intention, Narrative, Staffing
from kapnotes.domain.release import Released
from kapnotes.domain.words import Translate
from kapnotes.export.course import Course
from kapnotes.export.flow import Column, Row, Style
from kapnotes.export.page_words import date_and_time
from kapnotes.export.sheet import BODY, LABEL, LABEL_WIDTH, QUOTE, Sheet

QUOTE_MARKS = "\"'\u201c\u201d\u201e\u00ab\u00bb\u2018\u2019"
HIGHEST_BESIDE = 150.0
"""Points up to which the three blocks stand beside each other: ten lines of some forty letters are read at a glance."""

INTENTION = Style(QUOTE.face, 11.5, 16)
"""What the patient came with is read first, so it is set larger."""


def intention_and_themes(sheet: Sheet, course: Course, released: tuple[Released, ...]) -> None:
    """Add what was released of what the patient came with and of what goes on beyond the session; else nothing."""
    translate = course.translate
    shown = lines_of_release(course, released)
    rows: list[Row] = []
    for entry in shown:
        if isinstance(entry.body, Intention):
            text = with_how_added(course, entry, quoted(course, entry.body.text))
            rows.append(sheet.row((translate("Page", "intention"), LABEL), (text, INTENTION)))
    for entry in shown:
        if isinstance(entry.body, Theme):
            text = with_how_added(course, entry, entry.body.text)
            rows.append(sheet.row((translate("Page", "theme"), LABEL), (text, BODY)))
    if rows:
        sheet.section(translate("Page", "Intention and themes"), keep=50)
        sheet.lines((Column("", LABEL_WIDTH), Column("", 100, grows=True)), rows, room=1.5)


def blocks(sheet: Sheet, course: Course) -> None:
    """Add the three blocks; one that is empty says that there is nothing to report, or whose block cannot be read."""
    translate, opened = course.translate, course.record.opened
    written = {
        narrative.block: with_how_added(course, entry, narrative.text.strip())
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
    with sheet.side_by_side(HIGHEST_BESIDE):
        for block, heading in headings_of_blocks(translate).items():
            sheet.subsection(heading, keep=28)
            sheet.text(written.get(block) or empty, BODY)


def headings_of_blocks(translate: Translate) -> dict[Block, str]:
    """Return the headings of the three blocks, in their order."""
    return {
        Block.WORDS: translate("Page", "Words for what was not verbal"),
        Block.SHIFTS: translate("Page", "Small shifts to try"),
        Block.ATTENTION: translate("Page", "What needs careful attention"),
    }


def lines_of_release(course: Course, released: tuple[Released, ...]) -> list[Entry]:
    """Return the released lines, each once, in the order in which they happened."""
    return sorted(dict.fromkeys(entry for one in released for entry in one.entries), key=course.position)


def quoted(course: Course, text: str) -> str:
    """Return the patient's own words in quotation marks, unless they were typed with them."""
    if not text or text[0] in QUOTE_MARKS:
        return text
    return course.translate("Page", "“{words}”").format(words=text)


def with_how_added(course: Course, entry: Entry, text: str) -> str:
    """Return *text*, marked if it was added afterwards."""
    added = course.how_added(entry)
    if not text or not added:
        return text
    return f"{text}\n({added}, {date_and_time(entry.entered.local(), course.translate)})"
