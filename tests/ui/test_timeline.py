"""The rows of the timeline, whatever order they come, change and go in."""

import random
from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtWidgets import QApplication

from kapnotes.ui.lamp import Lamp
from kapnotes.ui.timeline import Timeline
from kapnotes.ui.timeline_rows import RowPainter, TimelineRow

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

    rows = timeline.rows()
    anew.show_rows([row.entry_id for row in rows], rows.__getitem__)
    heights = [timeline.box_of(row.entry_id).height() for row in timeline.rows()]
    assert heights == [anew.box_of(row.entry_id).height() for row in timeline.rows()]
    assert timeline.verticalScrollBar().maximum() == anew.verticalScrollBar().maximum()
    assert timeline.chosen() in {"", *(row.entry_id for row in timeline.rows())}
    tops = [timeline.box_of(row.entry_id).top() for row in timeline.rows()]
    assert [later - earlier for earlier, later in pairwise(tops)] == heights[:-1]


def shown(qtbot, rows, make=None):
    timeline = Timeline(Lamp())
    qtbot.addWidget(timeline)
    timeline.resize(500, 300)
    timeline.show()
    timeline.show_rows([row.entry_id for row in rows], make or rows.__getitem__)
    return timeline


def test_of_ten_thousand_rows_only_those_are_made_that_are_near(qtbot):
    chance, made = random.Random(1), []  # noqa: S311 - rows, no secret
    rows = [a_row(chance, number) for number in range(10_000)]

    timeline = shown(qtbot, rows, lambda place: made.append(place) or rows[place])
    at_first = len(made)
    timeline.choose(rows[5_000].entry_id)
    timeline.resize(400, 300)

    assert at_first < 100
    assert len(made) < 300
    assert timeline.viewport().rect().contains(timeline.box_of(rows[5_000].entry_id))


@pytest.mark.parametrize("seed", range(6))
def test_what_is_in_sight_is_the_same_as_if_every_row_had_been_measured(qtbot, seed):
    chance = random.Random(seed)  # noqa: S311 - rows, no secret
    rows = [a_row(chance, number) for number in range(200)]
    measured_rows = rows.copy()
    timeline, measured = shown(qtbot, rows), shown(qtbot, measured_rows)
    numbers = iter(range(200, 300))
    for _ in range(40):
        doing = chance.choice(
            ("page", "page", "page", "step", "step_page", "choose", "insert", "remove", "put", "size")
        )
        for row in measured.rows():
            measured.box_of(row.entry_id)
        direction, place = chance.choice((-1, -1, 1)), chance.randrange(len(rows))
        width, new = chance.choice((300, 500, 700)), a_row(chance, next(numbers))
        for one, its_rows in ((timeline, rows), (measured, measured_rows)):
            match doing:
                case "page":
                    one.page(direction)
                case "step":
                    one.step(direction)
                case "step_page":
                    one.step_page(direction)
                case "choose":
                    one.choose(its_rows[place].entry_id)
                case "insert":
                    its_rows.insert(place, new)
                    one.insert(place, new)
                case "remove":
                    one.remove(its_rows.pop(place).entry_id)
                case "put":
                    its_rows[place] = replace(new, entry_id=its_rows[place].entry_id)
                    one.put(its_rows[place])
                case "size":
                    one.resize(width, 300)
        assert timeline.viewport().grab().toImage() == measured.viewport().grab().toImage(), doing


def on_the_screen(timeline):
    """Return what is seen, which is not painted anew for it as `grab` does."""
    QApplication.processEvents()
    edge = timeline.viewport().geometry()
    return timeline.screen().grabWindow(timeline.winId()).toImage().copy(edge)


def painted_anew(timeline):
    return timeline.viewport().grab().toImage()


@pytest.mark.parametrize("seed", range(3))
def test_what_was_moved_on_the_screen_looks_as_if_it_were_painted_anew(qtbot, seed):
    chance = random.Random(seed)  # noqa: S311 - rows, no secret
    timeline = shown(qtbot, [])
    for number in range(60):
        rows, row = timeline.rows(), a_row(chance, number)
        match chance.choice(("come", "come", "insert", "put", "remove", "choose", "page", "size")):
            case "put" if rows:
                timeline.put(a_row(chance, int(chance.choice(rows).entry_id, 16)))
            case "remove" if rows:
                timeline.remove(chance.choice(rows).entry_id)
            case "choose" if rows:
                timeline.choose(chance.choice([*rows, row]).entry_id)
            case "page":
                timeline.page(chance.choice((-1, 1)))
            case "size":
                timeline.resize(chance.choice((400, 500)), chance.choice((300, 310)))
            case "insert":
                timeline.insert(chance.randint(0, len(rows)), row)
            case _:
                timeline.insert(len(rows), row)
        if chance.random() < 0.7:  # else the next one comes before this one is painted
            assert on_the_screen(timeline) == painted_anew(timeline), number


def test_a_row_that_comes_is_painted_and_the_others_are_moved(qtbot, monkeypatch):
    chance, painted = random.Random(1), []  # noqa: S311 - rows, no secret
    rows = [replace(a_row(chance, number), text="short", gap="") for number in range(41)]
    timeline = shown(qtbot, rows[:40])
    QApplication.processEvents()
    paint = RowPainter.paint
    monkeypatch.setattr(RowPainter, "paint", lambda *given, **more: painted.append(given[2]) or paint(*given, **more))

    timeline.insert(40, rows[40])
    QApplication.processEvents()

    assert rows[40] in painted
    assert len(painted) <= 3
