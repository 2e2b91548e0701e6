"""What the pad counts stays right when the laptop sleeps or starts anew, its clock is set, or the seat locks."""

import pytest

from kapnotes.domain.entries import ClockJump
from kapnotes.ui.log import LogWindow
from kapnotes.ui.pad import PadWindow

ACTIVE = 2
HOUR_S = 3600


def sleeps(room, pad):
    room.pass_time(1200)
    return pad


def sleeps_and_the_clock_is_an_hour_back(room, pad):
    room.clock.change_offset(-60)
    room.pass_time(1200)
    return pad


def wall_clock_is_set_back_an_hour(room, pad):
    room.pass_time(600)
    room.clock.jump(-HOUR_S)
    room.pass_time(600)
    return pad


def wall_clock_is_set_on_by_seven_minutes(room, pad):
    room.pass_time(600)
    room.clock.jump(420)
    room.pass_time(600)
    return pad


def seat_is_locked(room, pad):
    label = pad.seat.member.label
    room.press(pad, "Ctrl+L")
    for _ in range(20):
        room.pass_time(60)
    home = room.sign_in(label)
    room.join(home)
    return room.window(PadWindow, home.seat)


def laptop_starts_anew(room, pad):
    room.saved(pad)
    label = pad.seat.member.label
    assert room.screen.close() == 0
    room.clock.advance(1200)
    room.clock.reboot("after")
    room.begin()
    home = room.sign_in(label)
    room.join(home)
    return room.window(PadWindow, home.seat)


def clock_is_set_and_then_the_laptop_starts_anew(room, pad):
    return laptop_starts_anew(room, wall_clock_is_set_on_by_seven_minutes(room, pad))


EVENTS = [
    (sleeps, 20),
    (sleeps_and_the_clock_is_an_hour_back, 20),
    (wall_clock_is_set_back_an_hour, 20),
    (wall_clock_is_set_on_by_seven_minutes, 20),
    (seat_is_locked, 20),
    (laptop_starts_anew, 20),
    (clock_is_set_and_then_the_laptop_starts_anew, 40),
]


@pytest.mark.parametrize(("event", "minutes"), EVENTS, ids=lambda one: getattr(one, "__name__", ""))
def test_states_check_in_reading_and_elapsed_time_count_what_really_passed(room, pad, log, event, minutes):
    room.line(log, "120/80 72 98 14 s5")
    room.line(log, "inf 35/40")
    room.pass_time(60)
    room.press(pad, "F9")

    pad = event(room, pad)

    assert pad.strip.cell(ACTIVE) == f"challenging {minutes}:00"
    assert pad.strip.cell(0) == f"now? Enter: quiet · {minutes - 5}:00"
    assert pad.strip.cell(1) == f"120/80  0 %  {minutes + 1}:00"
    assert pad.elapsed.text() == f"T+00:{minutes + 1}:00"
    room.line(pad, "back")
    row = pad.timeline.rows()[-1]
    assert row.gap == f"{minutes}:00 with nothing noted"
    assert row.elapsed == f"T+{minutes + 1}"


def test_a_time_alone_in_the_line_means_minutes_that_really_passed(room, pad):
    room.pass_time(600)
    room.clock.jump(420)
    room.pass_time(60)
    assert [jump.jump_s for _, jump in pad.live.record.of(ClockJump)] == [420.0]
    room.type(pad, "-3")
    room.press(pad, "F9")
    room.pass_time(1)

    assert pad.strip.cell(ACTIVE) == "challenging 3:01"


def test_a_state_that_runs_while_the_seat_is_locked_is_ended_by_the_same_key(room, pad):
    room.press(pad, "Alt+P")
    pad = seat_is_locked(room, pad)
    assert pad.strip.cell(ACTIVE) == "music 20:00"
    room.press(pad, "Alt+P")

    assert pad.strip.cell(ACTIVE) == "–"


def test_after_a_clock_set_back_and_a_restart_the_log_goes_on_in_order_with_its_change_from_baseline(room, pad, log):
    room.line(log, "120/80 72 98 14 s5")
    room.line(log, "inf 35/40")
    room.pass_time(60)
    wall_clock_is_set_back_an_hour(room, pad)
    room.saved(log)
    laptop_starts_anew(room, pad)
    home = room.sign_in("Carl, CRNA")
    room.join(home)
    log = room.window(LogWindow)
    room.line(log, "132/84 80 97 14 s4")

    rows = log.model
    cells = [rows.index(rows.rowCount() - 1, column) for column in range(rows.columnCount())]
    last = [rows.data(cell) for cell in cells]
    assert "132/84" in last
    assert "+10" in rows.row(rows.rowCount() - 1).changes[last.index("132/84")]
    assert "T+41" in last
