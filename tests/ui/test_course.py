"""The course of a patient at home: a key, a line for each session, and the ways on from there."""

import time
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from kapnotes.app.course_view import CourseSoFar
from kapnotes.app.responses import Responses
from kapnotes.domain.around import Theme
from kapnotes.domain.response_scale import read_answers
from kapnotes.ui.course import CourseWindow
from kapnotes.ui.keys import Where, keys_in
from kapnotes.ui.pad import PadWindow
from kapnotes.ui.responses import ResponsesWindow
from tests.ui.test_looks import MEAN, PEAK, measure


@pytest.fixture
def course(room, home):
    """The course of a patient with one session, which has answers and a theme."""
    room.start(home)
    (live,) = home.seat.live.values()
    Responses(live).keep(read_answers("phq9", "111111011"), live.now(), "")
    live.keep(Theme("the house by the river"))
    room.wait(lambda: not live.unsaved, "everything to be saved")
    room.press(home, "Ctrl+H")
    window = room.window(CourseWindow)
    room.wait(lambda: window.table.rowCount() == 1 and window.progress.text() == "1 sessions", "the course")
    return window


def test_a_line_tells_day_dose_answers_and_how_the_follow_up_stands(course):
    assert course.table.texts() == [
        ("1", "2026-03-04", "IV", "nothing", "8 ! item 9: 1", "", "preparation"),
    ]
    assert course.themes.text() == "open themes: the house by the river"
    assert "PHQ-9 8, mild" in course.detail.toPlainText()
    assert "item 9 is 1" in course.figure.accessibleDescription()


def test_enter_opens_the_session_and_a_key_its_scales_and_esc_comes_back(room, home, course):
    room.press(course, "Ctrl+Shift+Q")
    window = room.window(ResponsesWindow)
    room.press(window, "Escape")
    room.wait(lambda: QApplication.activeWindow() is course, "the course")
    room.press(course, "Return")
    pad = room.window(PadWindow)
    assert QApplication.activeWindow() is pad

    room.press(course, "Escape")
    room.wait(lambda: QApplication.activeWindow() is home, "home")


def test_a_patient_without_a_session_has_an_empty_course_that_says_so(room, home):
    room.press(home, "Ctrl+H")
    window = room.window(CourseWindow)
    room.wait(lambda: "no session yet" in window.detail.toPlainText(), "the course")

    room.press(window, "Return")
    assert window.table.rowCount() == 0


def test_fifty_sessions_are_shown_and_drawn_in_a_short_turn(course):
    row = course.row()
    rows = tuple(replace(row, scope_id=f"{place:032x}", opened_at=row.opened_at.shifted(86_400.0 * place)) for place in
                 range(50))  # fmt: skip
    course.resize(1280, 800)
    QApplication.processEvents()

    began = time.thread_time()
    course._show(CourseSoFar(rows, (), 50, 50, 0))  # noqa: SLF001 - what a read course is handed to
    took_ms = 1000 * (time.thread_time() - began)

    assert course.table.rowCount() == 50
    assert took_ms < 60  # on a machine that is never quiet; on a quiet one below 16


def test_the_window_is_dark_and_its_keys_are_those_of_the_table(course):
    course.resize(1280, 800)
    QApplication.processEvents()
    mean, peak = measure(course)

    assert mean <= MEAN
    assert peak <= PEAK
    assert course.bound() == {key.name for key in keys_in(Where.COURSE, Where.ANYWHERE) if key.is_bound}
