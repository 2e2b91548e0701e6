"""Recording the integration session by keyboard: from home, from the pad, half-typed over a crash, corrected."""

import shutil

import pytest
from PySide6.QtWidgets import QApplication

from kapnotes.domain.entries import Block, Stage
from kapnotes.domain.follow_up import FollowUp, TakenUp
from kapnotes.domain.members import Role
from kapnotes.ui.follow_up import FollowUpWindow
from kapnotes.ui.home import HomeWindow
from kapnotes.ui.keys import Where, keys_in
from kapnotes.ui.pad import PadWindow
from tests.ui.conftest import Room
from tests.ui.test_looks import MEAN, PEAK, _name, measure

HOUR_S = 3600


@pytest.fixture(scope="module")
def days_later(prepared, tmp_path_factory):
    """A vault with one session that was dosed and closed two days ago; who holds it has both roles."""
    room = Room(tmp_path_factory.mktemp("days"), None)
    home = room.make("Bo, LCSW, PA", Role.THERAPIST, Role.MEDICAL)
    room.patient(home)
    room.start(home)
    (live,) = home.seat.live.values()
    live.log("dose 35 im hold no cuff", is_confirmed=True)
    live.narrative(Block.WORDS, "all water")
    live.enter_stage(Stage.CLOSED)
    room.wait(lambda: not live.unsaved, "everything to be saved")
    room.close()
    QApplication.processEvents()
    return room.folder


@pytest.fixture
def home(room, days_later):
    """Home, two days after the session."""
    shutil.copytree(days_later / "vault", room.folder / "vault")
    room.clock.advance(48 * HOUR_S)
    home = room.sign_in("Bo, LCSW, PA")
    room.wait(lambda: home.lists.due.list.count() > 0, "the window that is due")
    return home


@pytest.fixture
def window(room, home):
    """The follow-up of that session, asked for in the list of windows."""
    room.go_to(home, home.lists.due.list)
    room.press(home, "Return")
    return room.window(FollowUpWindow)


def follow_ups(window):
    return [body for _, body in window.live.record.of(FollowUp)]


def recorded(room, window):
    room.press(window, "Down")  # the first block: taken up
    room.press(window, "Tab")
    room.type(window, "a drawing")
    room.press(window, "Ctrl+S")
    room.wait(lambda: "saved" in window.news(), "the follow-up to be saved")


def test_home_lists_the_window_with_its_days_until_its_follow_up_is_recorded(room, home, window):
    assert home.lists.due.rows() == ("open   K-0142 · session 1   Thu 2026-03-05 13:00 to Sat 2026-03-07 13:00",)
    assert window.about.text().endswith("Thu 2026-03-05 13:00 to Sat 2026-03-07 13:00 · open")

    recorded(room, window)
    room.press(window, "Escape")
    home.refresh()
    room.wait(lambda: not home.lists.due.isVisible(), "no window that is due")

    assert not [one for one in room.desk.windows if isinstance(one, FollowUpWindow)]


def test_what_was_taken_up_and_what_came_of_it_is_kept_by_keyboard_alone(room, home, window):
    assert window.focusWidget().accessibleName() == "Words for what had none: taken up?"
    room.press(window, "Down")
    room.press(window, "Down")
    room.press(window, "Tab")
    room.type(window, "a drawing")
    for _ in range(5):
        room.press(window, "Return" if window.focusWidget().accessibleName().endswith("it") else "Tab")
    room.type(window, "the letter")
    room.press(window, "Ctrl+S")
    room.wait(lambda: "saved" in window.news(), "the follow-up to be saved")

    (said,) = follow_ups(window)
    assert (said.words.taken_up, said.words.text, said.carry) == (TakenUp.PARTLY, "a drawing", "the letter")
    home.course.look()
    told = "K-0142   to carry on from session 1: the letter   no open theme"
    room.wait(lambda: home.course.themes.text() == told, "what is to be carried on")
    assert said.held_by == "Bo, LCSW, PA"
    assert said.shifts.taken_up is said.attention.taken_up is TakenUp.NOT_TOLD
    assert window.list.texts() == [
        "Fri 2026-03-06 13:00   Bo, LCSW, PA, in person; words: partly taken up, a drawing; to carry on: the letter"
    ]
    assert not window.is_half_typed()


def test_what_says_nothing_or_is_of_no_time_is_refused_in_a_line_and_stays(room, window):
    room.press(window, "Ctrl+S")
    assert window.news().startswith("! Say what of the three blocks")

    room.fill(window, window.carry, "the letter")
    room.fill(window, window.when, "next week")
    room.press(window, "Ctrl+S")

    assert window.news().startswith("! Write day and time as 2026-11-26 14:30")
    assert window.carry.text() == "the letter"
    assert follow_ups(window) == []


def test_a_half_typed_follow_up_comes_back_after_a_crash_and_is_entered_nowhere(room, home, window):
    room.press(window, "Down")
    room.fill(window, window.carry, "the letter to the sis")
    window.live.typing.look()
    room.wait(lambda: window.live.typing.is_kept, "the draft to be on the disk")
    room.wait(lambda: not window.live.unsaved, "everything to be saved")
    copy = room.folder / "after the crash"
    shutil.copytree(room.folder / "vault", copy)
    room.screen.close()
    shutil.rmtree(room.folder / "vault")
    copy.rename(room.folder / "vault")
    room.begin()

    again = room.sign_in("Bo, LCSW, PA")
    room.wait(lambda: again.sessions.count() > 0, "the sessions")
    room.press(again, "Ctrl+Shift+U")
    back = room.window(FollowUpWindow)

    assert (back.values()["words taken up"], back.carry.text()) == ("yes", "the letter to the sis")
    assert back.news() == "What was half-typed is back."
    assert follow_ups(back) == []


def test_a_follow_up_is_corrected_and_taken_back_where_it_stands(room, window):
    recorded(room, window)
    room.press(window, "Return")
    assert window.correcting.isVisible()
    assert not window.when.isEnabled()
    room.fill(window, window.carry, "the letter")
    room.fill(window, window.reason, "forgotten")
    room.press(window, "Ctrl+S")

    (said,) = follow_ups(window)
    assert (said.words.text, said.carry) == ("a drawing", "the letter")
    assert not window.correcting.isVisible()

    room.press(window, "Delete")
    assert follow_ups(window) == [said]
    room.press(window, "Delete")
    assert follow_ups(window) == []
    assert window.list.texts() == []


def test_esc_leaves_a_correction_only_when_it_is_pressed_again(room, window):
    recorded(room, window)
    room.press(window, "Return")
    room.fill(window, window.carry, "something else")
    room.press(window, "Escape")
    assert "once more" in window.news()
    assert window.carry.text() == "something else"

    room.press(window, "Escape")
    assert (window.carry.text(), follow_ups(window)[0].carry) == ("", "")
    assert window.isVisible()


def test_the_pad_gets_its_half_typed_line_back(room, home):
    room.press(home, "Return")
    pad = room.window(PadWindow)
    room.type(pad, "half a li")
    room.press(pad, "Ctrl+Shift+U")
    window = room.window(FollowUpWindow)
    assert window.live is pad.live
    room.press(window, "Escape")

    room.wait(lambda: QApplication.activeWindow() is pad, "the pad")
    assert pad.line.text() == "half a li"


def test_the_window_is_dark_named_and_its_keys_are_those_of_the_table(room, window):
    window.resize(1280, 800)
    QApplication.processEvents()
    mean, peak = measure(window)

    assert mean <= MEAN
    assert peak <= PEAK
    assert window.bound() == {key.name for key in keys_in(Where.FOLLOW_UP, Where.ANYWHERE) if key.is_bound}
    nameless = [one for one in window.findChildren(type(window.keep_button).__mro__[2]) if one.focusPolicy().value
                and one.isVisible() and not _name(one, window)]  # fmt: skip
    assert nameless == []


def test_locking_closes_it_and_keeps_what_is_half_typed(room, home, window):
    room.fill(window, window.carry, "the letter")
    room.press(window, "Ctrl+L")

    assert not [one for one in room.desk.windows if isinstance(one, FollowUpWindow | HomeWindow)]
    again = room.sign_in("Bo, LCSW, PA")
    room.wait(lambda: again.sessions.count() > 0, "the sessions")
    room.press(again, "Ctrl+Shift+U")
    assert room.window(FollowUpWindow).carry.text() == "the letter"
