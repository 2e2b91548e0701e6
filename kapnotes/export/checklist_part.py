"""The two checklists: what was answered, when and by whom, and what nobody answered."""

from kapnotes.domain.assessed import ChecklistAnswer, CheckState
from kapnotes.domain.checklist import ITEMS, Checklist, answers, further_items, item_word, list_word, state_word
from kapnotes.export.course import Course
from kapnotes.export.flow import Column, Row
from kapnotes.export.page_words import clock_time
from kapnotes.export.sheet import CELL, CELL_STRONG, FIGURES, FIGURES_STRONG, Sheet

BLOCKS = 3
GAP = 4.0
ROOM = 0.2
"""Points above and below an item."""

_ASKS_FOR_A_RISK = {"benzodiazepines", "sedatives", "opioids", "stimulants", "maois"}
"""Items whose "yes" has to be seen. Source: the SPRAVATO REMS form asks for these drugs (manualspro.net/445029)."""


def checklists(sheet: Sheet, course: Course) -> None:
    """Add both lists with their newest answers; a list that nobody used is said to be so in a line."""
    translate = course.translate
    given = answers(course.record)
    unused = [one for one in Checklist if not any(item in given for item in ITEMS[one])]
    sheet.facts((list_word(one, translate), translate("Page", "nothing answered")) for one in unused)
    for one in Checklist:
        if one not in unused:
            _list(sheet, course, list_word(one, translate), ITEMS[one])
    further = further_items(course.record)
    if further:
        _list(sheet, course, translate("Page", "Further items"), further)


def _list(sheet: Sheet, course: Course, heading: str, items: tuple[str, ...]) -> None:
    """Add the answered items in columns, read from the first to the last, and below them what is not answered."""
    translate, given = course.translate, answers(course.record)
    answered = [item for item in items if item in given]
    authors = ", ".join(dict.fromkeys(course.person(given[item][0].author_id) for item in answered))
    sheet.subsection(translate("Page", "{list}, answered by {who}").format(list=heading, who=authors), keep=42)
    columns = [Column("", 24), Column("", 21), Column("", 110, grows=True)]
    sheet.blocks(columns, [_row(sheet, course, item) for item in answered], BLOCKS, ROOM, GAP)
    left_out = ", ".join(item_word(item, translate) for item in items if item not in given)
    if left_out:
        sheet.text(translate("Page", "Not answered: {items}.").format(items=left_out), CELL)


def _row(sheet: Sheet, course: Course, item: str) -> Row:
    """Return when, what and to what; in bold where it has more to say than the usual answer."""
    entry, answer = answers(course.record)[item]
    said = ", ".join(part for part in (answer.text, *course.remarks(entry)) if part)
    is_strong = bool(said) or not _is_usual(item, answer)
    words = course.translate("Page", "{item}: {said}") if said else "{item}"
    style = CELL_STRONG if is_strong else CELL
    return sheet.row(
        (clock_time(entry.happened), FIGURES_STRONG if is_strong else FIGURES),
        (state_word(answer.state, course.translate), style),
        (words.format(item=item_word(item, course.translate), said=said), style),
    )


def _is_usual(item: str, answer: ChecklistAnswer) -> bool:
    return answer.state is (CheckState.NO if item in _ASKS_FOR_A_RISK else CheckState.YES)
