"""The two checklists: what was answered, when and by whom, and what nobody answered."""

from kapnotes.domain.checklist import ITEMS, Checklist, answers, further_items, item_word, list_word, state_word
from kapnotes.export.course import Course
from kapnotes.export.flow import Column
from kapnotes.export.page_words import clock_time
from kapnotes.export.sheet import CELL, FIGURES, Sheet
from kapnotes.export.vitals_part import TIME_WIDTH


def checklists(sheet: Sheet, course: Course) -> None:
    """Add both lists with their newest answers; a list that nobody used is said to be so in a line."""
    translate = course.translate
    given = answers(course.record)
    unused = [one for one in Checklist if not any(item in given for item in ITEMS[one])]
    sheet.facts((list_word(one, translate), translate("Page", "nothing answered")) for one in unused)
    for one in Checklist:
        if one not in unused:
            sheet.subsection(list_word(one, translate))
            _list(sheet, course, ITEMS[one])
    further = further_items(course.record)
    if further:
        sheet.subsection(translate("Page", "Further items"))
        _list(sheet, course, further)


def _list(sheet: Sheet, course: Course, items: tuple[str, ...]) -> None:
    """Add the answered items, two beside each other and the first half left, and below them what is not answered."""
    translate, given = course.translate, answers(course.record)
    answered = [item for item in items if item in given]
    times = [clock_time(given[item][0].happened) for item in answered]
    cells = [
        ((time, FIGURES), (item_word(item, translate), CELL), (_answer(course, item), CELL))
        for time, item in zip(times, answered, strict=True)
    ]
    half = -(-len(cells) // 2)
    empty = (("", FIGURES), ("", CELL), ("", CELL))
    right = [*cells[half:], *[empty] * (2 * half - len(cells))]
    columns = [
        Column(translate("Page", "time"), TIME_WIDTH),
        Column(translate("Page", "item"), 90, grows=True),
        Column(translate("Page", "answer"), 60, grows=True),
    ]
    sheet.grid([*columns, *columns], [sheet.row(*one, *other) for one, other in zip(cells[:half], right, strict=True)])
    authors = dict.fromkeys(course.person(given[item][0].author_id) for item in answered)
    said = [translate("Page", "Answered by {who}.").format(who=", ".join(authors))]
    left_out = ", ".join(item_word(item, translate) for item in items if item not in given)
    if left_out:
        said.append(translate("Page", "Not answered: {items}.").format(items=left_out))
    sheet.text(" ".join(said), CELL)


def _answer(course: Course, item: str) -> str:
    entry, answer = answers(course.record)[item]
    said = [state_word(answer.state, course.translate), answer.text, *course.remarks(entry)]
    return ", ".join(part for part in said if part)
