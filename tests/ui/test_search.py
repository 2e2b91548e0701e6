"""Search in the own notes by keyboard, from home and from the pad, which gets its line back as it was."""

from PySide6.QtWidgets import QApplication, QLabel

from kapnotes.domain.members import Role
from kapnotes.ui.home import HomeWindow
from kapnotes.ui.keys import Where, keys_in
from kapnotes.ui.pad import PadWindow
from kapnotes.ui.search import SearchWindow
from tests.ui.test_looks import MEAN, PEAK, measure

CANARY = "Zitronenfalter"


def searched(room, window, words):
    room.type(window, words)
    room.wait(lambda: " in " in window.progress.text(), "the end of the search")
    return window.rows()


def test_from_the_pad_and_back_to_its_half_typed_line(room, pad, log):
    room.line(log, "inf 35/40 hold no cuff")
    room.pass_time(23 * 60)
    room.line(pad, "it's all WATER")
    room.saved(pad)
    room.type(pad, "half a li")
    room.press(pad, "Ctrl+F")
    window = room.window(SearchWindow)
    rows = searched(room, window, "water")

    assert rows == ("K-0142 · 1   2026-03-04   T+23   it's all WATER",)
    assert window.progress.text() == "1 line in 1 session"
    room.press(window, "Escape")
    room.wait(lambda: QApplication.activeWindow() is pad, "the pad")
    assert not [one for one in room.desk.windows if isinstance(one, SearchWindow)]
    assert pad.line.text() == "half a li"
    assert pad.line.hasFocus()


def test_enter_goes_to_the_list_and_opens_the_session(room, home, pad):
    room.line(pad, "water")
    room.saved(pad)
    room.press(pad, "Ctrl+W")
    room.press(home, "Ctrl+Shift+F")
    window = room.window(SearchWindow)
    searched(room, window, "water")
    room.press(window, "Return")
    assert window.list.hasFocus()
    room.press(window, "Return")

    again = room.window(PadWindow)
    assert [row.text for row in again.timeline.rows()][-1] == "water"


def test_other_words_take_the_place_of_the_first_ones(room, home, pad):
    for text in ("water", "fire"):
        room.line(pad, text)
    room.saved(pad)
    room.press(home, "Ctrl+Shift+F")
    window = room.window(SearchWindow)
    assert len(searched(room, window, "water")) == 1
    room.press(window, "Return")
    room.press(window, "Ctrl+F")
    room.type(window, "fi")
    assert window.rows() == ()
    room.wait(lambda: " in " in window.progress.text(), "the end of the search")

    assert [row.split("   ")[-1] for row in window.rows()] == ["fire"]


def test_it_is_opened_once_and_its_keys_are_those_of_the_table(room, home, pad):
    room.press(pad, "Ctrl+F")
    room.press(home, "Ctrl+Shift+F")
    windows = [window for window in room.desk.windows if isinstance(window, SearchWindow)]

    assert len(windows) == 1
    assert windows[0].bound() == {key.name for key in keys_in(Where.SEARCH, Where.ANYWHERE) if key.is_bound}
    room.press(windows[0], "Escape")
    room.wait(lambda: QApplication.activeWindow() is home, "home")


def test_with_the_lock_all_that_was_found_goes(room, home, pad):
    room.line(pad, CANARY)
    room.saved(pad)
    room.press(home, "Ctrl+Shift+F")
    window = room.window(SearchWindow)
    assert len(searched(room, window, CANARY)) == 1
    room.desk.lock_seat(home.seat)

    assert window.is_closed
    assert (window.rows(), window.words.text()) == ((), "")


def test_a_cover_lies_over_it_as_over_every_window(room, home, pad):
    room.press(home, "Ctrl+Shift+F")
    window = room.window(SearchWindow)
    room.press(pad, "Ctrl+B")

    assert window.blank.isVisible()
    window.uncover()


def test_a_crna_has_no_such_key(room, home):
    room.add(home, "Carl, CRNA", Role.MEDICAL)
    carl = room.sign_in("Carl, CRNA")
    room.press(carl, "Ctrl+Shift+F")
    room.press(carl, "Ctrl+/")
    words = {label.text() for label in carl.focusWidget().widget().findChildren(QLabel)}

    assert isinstance(carl, HomeWindow)
    assert not [window for window in room.desk.windows if isinstance(window, SearchWindow)]
    assert "search" not in carl.bound()
    assert not [word for word in words if "search" in word]


def test_it_is_as_dark_as_the_rest(room, pad):
    for number in range(40):
        pad.live.note(f"water of an ordinary length, so that the list is full, number {number}")
    room.saved(pad)
    room.press(pad, "Ctrl+F")
    window = room.window(SearchWindow)
    window.resize(1280, 800)
    assert len(searched(room, window, "water")) == 40
    mean, peak = measure(window)
    assert peak > 0.2  # what was found stands in full light

    assert mean <= MEAN
    assert peak <= PEAK
