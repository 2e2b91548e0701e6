"""The route's own timer, on pad and log, with its quiet cue and the one key that answers it."""

import pytest

from kapnotes.domain.entries import Setting
from kapnotes.ui.log import LogWindow
from kapnotes.ui.pad import PadWindow
from kapnotes.ui.session_window import TIMER
from kapnotes.ui.sign_in import SignInWindow


def settings(window):
    return [body.text for _, body in window.live.record.of(Setting)]


@pytest.fixture
def lozenge(room, home):
    """A therapist alone with a patient and a lozenge: pad and log of one seat."""
    room.start(home, "sublingual")
    pad, log = room.window(PadWindow), room.window(LogWindow)
    room.line(log, "dose 100 hold no cuff")
    return pad, log


def test_the_swish_is_shown_on_both_windows_and_says_spit_when_it_is_over(room, lozenge):
    for window in lozenge:
        assert window.strip.cell(TIMER) == "swish 10:00"
    room.pass_time(605)

    for window in lozenge:
        assert window.strip.cell(TIMER) == "now: spit · 0:05  (Alt+G)"


@pytest.mark.parametrize("place", [0, 1])
def test_one_key_on_either_window_answers_it_for_both(room, lozenge, place):
    room.pass_time(605)
    room.type(lozenge[0], "half a li")
    room.press(lozenge[place], "Alt+G")

    assert settings(lozenge[place]) == ["spit"]
    assert [window.strip.cell(TIMER) for window in lozenge] == ["–", "–"]
    assert lozenge[place].news() == "spit: noted for everybody."
    assert lozenge[0].line.text() == "half a li"
    room.press(lozenge[place], "Alt+G")
    assert settings(lozenge[place]) == ["spit"]
    assert lozenge[place].news() == "No timer of the route runs."


def test_it_may_be_answered_for_two_minutes_ago_and_not_for_before_the_dose(room, lozenge):
    pad, _ = lozenge
    room.pass_time(720)
    room.type(pad, "-13")
    room.press(pad, "Alt+G")
    assert settings(pad) == []
    assert pad.news().startswith("! ")
    room.press(pad, "Escape")
    room.press(pad, "Escape")
    room.type(pad, "-2")
    room.press(pad, "Alt+G")

    ((entry, _),) = pad.live.record.of(Setting)
    assert pad.live.record.between_s(entry.happened, pad.live.now()) == pytest.approx(120)
    assert pad.line.text() == ""


def test_light_gathers_in_the_cue_of_both_windows_until_it_is_answered(room, lozenge):
    room.pass_time(250)
    room.press(lozenge[0], "F1")  # so that no check-in asks
    room.pass_time(250)
    room.press(lozenge[0], "F1")
    for _ in range(10):
        room.pass_time(1)
    assert [window.cue.gathered for window in lozenge] == [0.0, 0.0]
    room.pass_time(90)
    for _ in range(10):
        room.pass_time(1)
    assert [window.cue.gathered for window in lozenge] == [1.0, 1.0]
    room.press(lozenge[0], "Alt+G")
    for _ in range(6):
        room.pass_time(1)

    assert [window.cue.gathered for window in lozenge] == [0.0, 0.0]


def test_the_devices_of_a_spray_are_counted_with_the_rest_between_them(room, home):
    room.start(home, "nasal-esketamine")
    pad, log = room.window(PadWindow), room.window(LogWindow)
    room.line(log, "dose 28 hold no cuff")
    room.pass_time(100)
    assert pad.strip.cell(TIMER) == log.strip.cell(TIMER) == "device 1 · device rest 3:20"
    room.pass_time(220)
    assert pad.strip.cell(TIMER) == "device 1 · now: next device · 0:20  (Alt+G)"
    room.line(log, "dose 28")

    assert pad.strip.cell(TIMER) == "device 2 · device rest 5:00"


def test_a_route_without_a_timer_keeps_no_place_for_one(pad, log):
    with pytest.raises(IndexError):
        pad.strip.cell(TIMER)
    assert not log.cue.isVisible()


def test_after_a_restart_of_the_laptop_the_timer_goes_on_where_it_was(room, lozenge):
    pad, _ = lozenge
    room.pass_time(120)
    room.saved(pad)
    assert room.screen.close() == 0
    room.clock.advance(60)
    room.clock.reboot("after")
    room.begin()
    home = room.sign_in()
    room.join(home)

    assert room.window(PadWindow).strip.cell(TIMER) == "swish 7:00"
    assert room.window(LogWindow).strip.cell(TIMER) == "swish 7:00"


def test_behind_a_lock_the_timer_goes_on_in_sight(room, lozenge):
    room.pass_time(120)
    room.press(lozenge[0], "Ctrl+L")
    window = room.window(SignInWindow)
    room.pass_time(60)
    assert window.running.text().endswith("swish 7:00")
    room.pass_time(450)

    assert window.running.text().endswith("now: spit · 0:30")


def test_on_a_cover_the_timer_stays_in_sight(room, lozenge):
    room.pass_time(120)

    for window in lozenge:
        assert window.times_in_sight()[-1] == "swish 8:00"
