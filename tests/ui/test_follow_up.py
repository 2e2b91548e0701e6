"""Recording the integration session by keyboard: from home, from the pad, half-typed over a crash, corrected.

A window is walked through as a person does, because to begin anew for each step costs a second.
"""

import shutil

import pytest
from PySide6.QtWidgets import QApplication, QWidget

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
    room.wait(lambda: not live.saving.unsaved, "everything to be saved")
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


def test_a_follow_up_is_refused_recorded_corrected_and_taken_back_and_its_window_leaves_the_list(room, home, window):
    assert home.lists.due.rows() == ("open   K-0142 · session 1   Thu 2026-03-05 13:00 to Sat 2026-03-07 13:00",)
    assert window.about.text().endswith("Thu 2026-03-05 13:00 to Sat 2026-03-07 13:00 · open")
    room.press(window, "Ctrl+S")
    assert window.news().startswith("! Say what of the three blocks")

    room.fill(window, window.when, "next week")
    room.go_to(window, window.first())
    assert window.focusWidget().accessibleName() == "Words for what had none: taken up?"
    for key in ("Down", "Down", "Tab"):
        room.press(window, key)
    room.type(window, "a drawing")
    for _ in range(5):
        room.press(window, "Return" if window.focusWidget().accessibleName().endswith("it") else "Tab")
    room.type(window, "the letter")
    room.press(window, "Ctrl+S")
    assert window.news().startswith("! Write day and time as 2026-11-26 14:30")
    assert (window.carry.text(), follow_ups(window)) == ("the letter", [])

    room.go_to(window, window.when)
    room.press(window, "Ctrl+A")
    room.press(window, "Delete")
    room.press(window, "Ctrl+S")
    room.wait(lambda: "saved" in window.news(), "the follow-up to be saved")
    (said,) = follow_ups(window)
    assert (said.words.taken_up, said.words.text, said.carry) == (TakenUp.PARTLY, "a drawing", "the letter")
    assert (said.held_by, said.shifts.taken_up, said.attention.taken_up) == (
        "Bo, LCSW, PA",
        TakenUp.NOT_TOLD,
        TakenUp.NOT_TOLD,
    )
    assert window.list.texts() == [
        "Fri 2026-03-06 13:00   Bo, LCSW, PA, in person; words: partly taken up, a drawing; to carry on: the letter"
    ]
    assert not window.is_half_typed()
    _looks_right(window)

    room.press(window, "Return")
    assert window.correcting.isVisible()
    assert not window.when.isEnabled()
    room.fill(window, window.carry, "something else")
    room.press(window, "Escape")
    assert "once more" in window.news()
    assert window.carry.text() == "something else"
    room.press(window, "Escape")
    assert (window.carry.text(), follow_ups(window)) == ("", [said])

    room.press(window, "Return")
    room.fill(window, window.carry, "the boat")
    room.fill(window, window.reason, "misheard")
    room.press(window, "Ctrl+S")
    assert [one.carry for one in follow_ups(window)] == ["the boat"]
    home.course.look()
    told = "K-0142   to carry on from session 1: the boat   no open theme"
    room.wait(lambda: home.course.themes.text() == told, "what is to be carried on")
    home.refresh()
    room.wait(lambda: not home.lists.due.isVisible(), "no window that is due")

    room.press(window, "Delete")
    assert [one.carry for one in follow_ups(window)] == ["the boat"]
    room.press(window, "Delete")
    assert (follow_ups(window), window.list.texts()) == ([], [])
    home.refresh()
    room.wait(lambda: home.lists.due.isVisible(), "the window that is due again")


def _looks_right(window):
    window.resize(1280, 800)
    QApplication.processEvents()
    mean, peak = measure(window)
    assert mean <= MEAN
    assert peak <= PEAK
    assert window.bound() == {key.name for key in keys_in(Where.FOLLOW_UP, Where.ANYWHERE) if key.is_bound}
    controls = (one for one in window.findChildren(QWidget) if one.focusPolicy().value and one.isVisible())
    assert [one for one in controls if not _name(one, window)] == []


def test_a_half_typed_follow_up_outlives_a_lock_and_a_crash_and_leaves_the_pad_s_line_alone(room, home):
    room.press(home, "Return")
    pad = room.window(PadWindow)
    room.type(pad, "half a li")
    room.press(pad, "Ctrl+Shift+U")
    window = room.window(FollowUpWindow)
    assert window.live is pad.live
    room.press(window, "Down")
    room.press(window, "Escape")
    room.wait(lambda: QApplication.activeWindow() is pad, "the pad")
    assert pad.line.text() == "half a li"

    room.press(pad, "Ctrl+Shift+U")
    window = room.window(FollowUpWindow)
    room.fill(window, window.carry, "the letter to the sis")
    room.press(window, "Ctrl+L")
    assert not [one for one in room.desk.windows if isinstance(one, FollowUpWindow | HomeWindow)]
    window = _opened_again(room)
    assert (window.values()["words taken up"], window.carry.text()) == ("yes", "the letter to the sis")

    room.fill(window, window.carry, "the letter to the sister")
    window.live.typing.look()
    room.wait(lambda: window.live.typing.is_kept, "the draft to be on the disk")
    room.wait(lambda: not window.live.saving.unsaved, "everything to be saved")
    copy = room.folder / "after the crash"
    shutil.copytree(room.folder / "vault", copy)
    room.screen.close()
    shutil.rmtree(room.folder / "vault")
    copy.rename(room.folder / "vault")
    room.begin()
    back = _opened_again(room)
    assert (back.values()["words taken up"], back.carry.text()) == ("yes", "the letter to the sister")
    assert back.news() == "What was half-typed is back."
    assert follow_ups(back) == []


def _opened_again(room):
    home = room.sign_in("Bo, LCSW, PA")
    room.wait(lambda: home.sessions.count() > 0, "the sessions")
    room.press(home, "Ctrl+Shift+U")
    return room.window(FollowUpWindow)
