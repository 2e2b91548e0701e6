"""The course of a patient at home: a key, a line for each session, and the ways on from there.

A window is walked through as a person does, because to begin anew for each step costs a second.
"""

from dataclasses import replace
from threading import Event

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


def test_a_course_is_empty_then_tells_each_session_and_leads_to_it_and_back(room, home):
    room.press(home, "Ctrl+H")
    course = room.window(CourseWindow)
    room.wait(lambda: "no session yet" in course.detail.toPlainText(), "the empty course")
    room.press(course, "Return")
    assert course.table.rowCount() == 0
    room.press(course, "Escape")

    room.start(home)
    (live,) = home.seat.live.values()
    Responses(live).keep(read_answers("phq9", "111111011"), live.now(), "")
    live.keep(Theme("the house by the river"))
    room.wait(lambda: not live.saving.unsaved, "everything to be saved")
    room.press(home, "Ctrl+H")
    course = room.window(CourseWindow)
    room.wait(lambda: course.progress.text() == "1 session", "the course")
    assert course.table.texts() == [("1", "2026-03-04", "IV", "nothing", "8 ! item 9: 1", "", "preparation")]
    assert course.themes.text() == "open themes: the house by the river"
    assert "PHQ-9 8, mild" in course.detail.toPlainText()
    assert "item 9 is 1" in course.figure.accessibleDescription()
    assert course.bound() == {key.name for key in keys_in(Where.COURSE, Where.ANYWHERE) if key.is_bound}

    room.press(course, "Ctrl+Shift+Q")
    room.press(room.window(ResponsesWindow), "Escape")
    room.wait(lambda: QApplication.activeWindow() is course, "the course")
    room.wait(lambda: course.progress.text() == "1 session", "the course to be read anew")
    room.press(course, "Return")
    pad = room.window(PadWindow)
    room.wait(lambda: QApplication.activeWindow() is pad, "the pad")
    _is_shown_in_the_dark(course, 50)
    room.press(course, "Escape")
    room.wait(lambda: QApplication.activeWindow() is home, "home")
    _a_key_that_comes_before_the_course_is_read_waits_for_it(room, home)


def _a_key_that_comes_before_the_course_is_read_waits_for_it(room, home):
    is_free = Event()
    home.seat.program.worker.submit(is_free.wait, lambda _: None, lambda _: None)
    room.press(home, "Ctrl+H")
    course = room.window(CourseWindow)
    room.press(course, "Ctrl+Shift+Q")
    assert course.news() == ""

    is_free.set()

    room.press(room.window(ResponsesWindow), "Escape")


def _is_shown_in_the_dark(course, count):
    row = course.row()
    later = ((f"{place:032x}", row.opened_at.shifted(86_400.0 * place)) for place in range(1, count))
    rows = (row, *(replace(row, scope_id=scope_id, opened_at=at) for scope_id, at in later))
    course.resize(1280, 800)
    QApplication.processEvents()

    course._show(CourseSoFar(rows, (), count, count, 0))  # noqa: SLF001 - what a read course is handed to

    assert course.table.rowCount() == count
    mean, peak = measure(course)
    assert mean <= MEAN
    assert peak <= PEAK
