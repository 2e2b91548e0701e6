"""What came of the earlier sessions of a course: each follow-up beside the three blocks that it is about."""

from kapnotes.domain.came_of_it import BlockCame, CameOfIt
from kapnotes.domain.entries import Block
from kapnotes.domain.follow_up import TakenUp
from kapnotes.domain.follow_up_words import contact_word, taken_up_word
from kapnotes.domain.words import counted
from kapnotes.export.course import Course
from kapnotes.export.flow import Column, Row
from kapnotes.export.page_words import date_and_time, short_date
from kapnotes.export.sheet import BODY, CELL, CELL_STRONG, LABEL, Sheet


def came_of_earlier_sessions(sheet: Sheet, course: Course) -> None:
    """Add each follow-up, and how many could not be read; nothing where no earlier session was followed up."""
    translate, issue = course.translate, course.issue
    if not issue.came_of and not issue.came_unread:
        return
    sheet.section(translate("Page", "What came of the earlier sessions"), keep=110)
    for came in issue.came_of:
        _follow_up(sheet, course, came)
    if issue.came_unread:
        one = translate("Page", "{count} earlier session could not be read whole, so a follow-up may be missing here.")
        many = translate("Page", "{count} earlier sessions could not be read whole, so follow-ups may be missing here.")
        sheet.text(counted(issue.came_unread, one, many), CELL)


def _follow_up(sheet: Sheet, course: Course, came: CameOfIt) -> None:
    translate = course.translate
    words = translate("Page", "Session {number}, {day}: followed up by {who}, {how}, {when}")
    sheet.subsection(
        words.format(
            number=came.session,
            day=short_date(came.opened_at.local().date(), translate),
            who=came.held_by,
            how=contact_word(came.follow_up.contact, translate),
            when=date_and_time(came.held_at.local(), translate),
        ),
        keep=70,
    )
    sheet.grid(
        [
            Column("", 74),
            Column(translate("Page", "written then"), 130, grows=True),
            Column(translate("Page", "what came of it"), 150, grows=True),
        ],
        [_block(sheet, course, one) for one in came.blocks],
    )
    if came.carry:
        sheet.room(3)
        sheet.lines(
            (Column("", 74), Column("", 100, grows=True)),
            [sheet.row((translate("Page", "to carry on"), LABEL), (came.carry, BODY))],
            room=1.0,
        )


def _block(sheet: Sheet, course: Course, came: BlockCame) -> Row:
    translate = course.translate
    names = {
        Block.WORDS: translate("Page", "words"),
        Block.SHIFTS: translate("Page", "small shifts"),
        Block.ATTENTION: translate("Page", "attention"),
    }
    taken_up = taken_up_word(came.outcome.taken_up, translate)
    text = came.outcome.text.strip()
    is_told = came.outcome.taken_up is not TakenUp.NOT_TOLD or bool(text)
    said = translate("Page", "{taken_up}: {text}").format(taken_up=taken_up, text=text) if text else taken_up
    written = came.written or translate("Page", "nothing to report")
    return sheet.row((names[came.block], CELL), (written, CELL), (said, CELL_STRONG if is_told else CELL))
