"""PHQ-9 and GAD-7 by keyboard: nine digits and Enter, item by item in words, incomplete ones told, item 9 in sight."""

import pytest
from PySide6.QtWidgets import QApplication

from kapnotes.domain.response_scale import ResponseScale
from kapnotes.ui.keys import Where, keys_in
from kapnotes.ui.responses import ResponsesWindow
from tests.ui.test_looks import MEAN, PEAK, measure


@pytest.fixture
def window(room, home):
    """The scales of a session that has just begun, asked for at home."""
    room.start(home)
    room.press(home, "Ctrl+Shift+Q")
    return room.window(ResponsesWindow)


def kept(window):
    return [body for _, body in window.live.record.of(ResponseScale)]


def test_nine_digits_and_enter_keep_a_phq_9_and_the_next_is_the_gad_7(room, window):
    assert window.items.texts()[0] == "1.  Little interest or pleasure in doing things"
    room.type(window, "210")
    assert window.items.texts()[0].replace("\xa0", " ").endswith("2: more than half the days")
    assert window.items.currentRow() == 3
    assert window.result.text() == "PHQ-9: 3 of 9"
    room.type(window, "123010")
    assert window.result.text() == "PHQ-9 10, moderate"
    room.press(window, "Return")
    room.wait(lambda: "saved" in window.news(), "the answers to be saved")

    assert kept(window) == [ResponseScale("phq9", (2, 1, 0, 1, 2, 3, 0, 1, 0))]
    assert window.name == "gad7"
    assert len(window.items.texts()) == 8


def test_too_few_answers_are_refused_at_their_place_and_stay(room, window):
    room.line(window, "2101")

    assert window.news() == "! 4 of 9 items so far; - leaves one out."
    assert (window.answers.text(), window.answers.cursorPosition()) == ("2101", 4)
    assert kept(window) == []


def test_an_item_that_is_left_out_is_told_and_kept_by_a_second_enter(room, window):
    room.line(window, "21-123010")
    assert "item 3 without an answer" in window.news()
    assert kept(window) == []

    room.press(window, "Return")
    assert kept(window)[0].unanswered == (3,)


def test_item_nine_above_zero_stays_in_sight_until_it_is_not_so(room, window):
    room.type(window, "000000001")
    assert "item 9 is 1 (several days)" in window.result.text()
    room.press(window, "Return")
    assert window.item_nine.isVisible()
    assert "item 9 is 1" in window.item_nine.text()

    room.press(window, "Return")  # corrects the row one is at
    room.fill(window, window.answers, "000000000")
    room.press(window, "Return")
    assert kept(window) == [ResponseScale("phq9", (0,) * 9)]
    assert not window.item_nine.isVisible()


def test_half_typed_digits_come_back_where_they_were_typed(room, home, window):
    room.type(window, "2101")
    room.press(window, "Escape")
    room.press(home, "Ctrl+Shift+Q")

    assert room.window(ResponsesWindow).answers.text() == "2101"


def test_the_other_scale_is_one_key_away_and_takes_its_seven_digits(room, window):
    room.press(window, "Ctrl+T")
    room.line(window, "1111111")

    assert kept(window) == [ResponseScale("gad7", (1,) * 7)]


def test_without_a_session_home_says_where_answers_are_kept(room, home):
    room.go_to(home, home.patients)
    room.press(home, "Ctrl+Shift+Q")

    assert home.news().startswith("! The answers are kept with a session")


def test_the_window_is_dark_and_its_keys_are_those_of_the_table(room, window):
    room.type(window, "222222222")
    room.press(window, "Return")
    window.resize(1280, 800)
    QApplication.processEvents()
    mean, peak = measure(window)

    assert mean <= MEAN
    assert peak <= PEAK
    assert window.bound() == {key.name for key in keys_in(Where.RESPONSES, Where.ANYWHERE) if key.is_bound}
