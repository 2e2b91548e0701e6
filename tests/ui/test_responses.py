"""PHQ-9 and GAD-7 by keyboard: nine digits and Enter, item by item in words, incomplete ones told, item 9 in sight.

A window is walked through as a person does, because to begin anew for each step costs a second.
"""

from PySide6.QtWidgets import QApplication

from kapnotes.domain.response_scale import ResponseScale
from kapnotes.ui.keys import Where, keys_in
from kapnotes.ui.responses import ResponsesWindow
from tests.ui.test_looks import MEAN, PEAK, measure


def kept(window):
    return [body for _, body in window.live.record.of(ResponseScale)]


def test_digits_are_told_in_words_refused_at_their_place_and_kept_by_enter_with_item_nine_in_sight(room, home):
    room.go_to(home, home.patients)
    room.press(home, "Ctrl+Shift+Q")
    assert home.news().startswith("! The answers are kept with a session")

    room.start(home)
    room.press(home, "Ctrl+Shift+Q")
    window = room.window(ResponsesWindow)
    assert window.items.texts()[0] == "1.  Little interest or pleasure in doing things"
    room.type(window, "000")
    assert window.items.texts()[0].replace("\xa0", " ").endswith("0: not at all")
    assert (window.items.currentRow(), window.result.text()) == (3, "PHQ-9: 3 of 9")
    room.press(window, "Return")
    assert window.news() == "! 3 of 9 items so far; - leaves one out."
    assert (window.answers.text(), window.answers.cursorPosition(), kept(window)) == ("000", 3, [])

    room.type(window, "000001")
    assert window.result.text().startswith("PHQ-9 1, minimal · item 9 is 1 (several days)")
    room.press(window, "Return")
    room.wait(lambda: "saved" in window.news(), "the answers to be saved")
    assert kept(window) == [ResponseScale("phq9", (0,) * 8 + (1,))]
    assert window.item_nine.isVisible()
    assert "item 9 is 1" in window.item_nine.text()
    assert (window.name, len(window.items.texts())) == ("gad7", 8)
    window.resize(1280, 800)
    QApplication.processEvents()
    mean, peak = measure(window)
    assert mean <= MEAN
    assert peak <= PEAK
    assert window.bound() == {key.name for key in keys_in(Where.RESPONSES, Where.ANYWHERE) if key.is_bound}

    room.press(window, "Return")  # corrects the row one is at
    room.fill(window, window.answers, "000000000")
    room.press(window, "Return")
    assert kept(window) == [ResponseScale("phq9", (0,) * 9)]
    assert not window.item_nine.isVisible()


def test_a_left_out_item_asks_for_a_second_enter_and_half_typed_digits_come_back(room, home):
    room.start(home)
    room.press(home, "Ctrl+Shift+Q")
    window = room.window(ResponsesWindow)
    room.line(window, "21-123010")
    assert "item 3 without an answer" in window.news()
    assert kept(window) == []
    room.press(window, "Return")
    assert kept(window)[0].unanswered == (3,)

    room.go_to(window, window.answers)
    room.press(window, "Ctrl+T")
    assert window.name == "phq9"
    room.press(window, "Ctrl+T")
    room.type(window, "1111")
    room.press(window, "Escape")
    room.press(home, "Ctrl+Shift+Q")
    again = room.window(ResponsesWindow)
    assert again.answers.text() == "1111"
    room.line(again, "111")
    assert kept(again)[-1] == ResponseScale("gad7", (1,) * 7)
