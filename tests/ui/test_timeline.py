"""The rows of the timeline, whatever order they come, change and go in."""

import random
from itertools import pairwise

import pytest

from kapnotes.ui.lamp import Lamp
from kapnotes.ui.timeline import Timeline
from kapnotes.ui.timeline_rows import TimelineRow

TEXTS = ("short", "two\nlines", "a long one " * 40, "")


def a_row(chance, number):
    return TimelineRow(f"{number:032x}", "14:00", "T+1", "body", chance.choice(TEXTS), gap=chance.choice(("", "12:00")))


@pytest.mark.parametrize("seed", range(20))
def test_rows_that_came_changed_and_went_stand_as_if_shown_at_once(qtbot, seed):
    chance = random.Random(seed)  # noqa: S311 - rows, no secret
    timeline, anew = Timeline(Lamp()), Timeline(Lamp())
    for one in (timeline, anew):
        qtbot.addWidget(one)
        one.resize(500, 300)
        one.show()
    for number in range(60):
        rows = timeline.rows()
        match chance.choice(("insert", "insert", "put", "remove", "choose")):
            case "put" if rows:
                row = chance.choice(rows)
                timeline.put(a_row(chance, int(row.entry_id, 16)))
            case "remove" if rows:
                timeline.remove(chance.choice(rows).entry_id)
            case "choose" if rows:
                timeline.choose(chance.choice(rows).entry_id)
            case _:
                timeline.insert(chance.randint(0, len(rows)), a_row(chance, number))

    anew.show_rows(list(timeline.rows()))
    heights = [timeline.box_of(row.entry_id).height() for row in timeline.rows()]
    assert heights == [anew.box_of(row.entry_id).height() for row in timeline.rows()]
    assert timeline.verticalScrollBar().maximum() == anew.verticalScrollBar().maximum()
    assert timeline.chosen() in {"", *(row.entry_id for row in timeline.rows())}
    tops = [timeline.box_of(row.entry_id).top() for row in timeline.rows()]
    assert [later - earlier for earlier, later in pairwise(tops)] == heights[:-1]
