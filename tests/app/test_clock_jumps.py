"""A clock that jumps is marked and moves no stamp: order is that of writing, elapsed time that of the boot clock."""

from datetime import UTC, datetime, timedelta

import pytest

from kapnotes.domain.entries import ClockJump, Note

HOUR_S = 3600.0
YEAR_S = 365 * 24 * HOUR_S
TO_1970_S = -(datetime(2026, 3, 4, 13, 0, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(seconds=1)


def in_the_middle(house, pad, change):
    """Note something, let *change* happen to the clock, look again as the screen does, note once more."""
    pad.note("before")
    started = pad.now()
    house.program.tick()
    house.clock.advance(60)
    change()
    house.program.tick()
    house.clock.advance(60)
    house.program.tick()
    pad.note("after")
    return started


def marks(pad):
    return [jump.jump_s for _, jump in pad.record.of(ClockJump)]


@pytest.mark.parametrize("jump_s", [-HOUR_S, YEAR_S, TO_1970_S, 5.0, -5.0])
def test_a_clock_that_is_set_in_a_session_is_marked_once_and_order_and_elapsed_time_stay(team, jump_s):
    house, therapist, _, pad, log = team
    log.log("dose 35 im hold no cuff")
    dosed_s = pad.elapsed_s()
    in_the_middle(house, pad, lambda: house.clock.jump(jump_s))

    assert marks(pad) == pytest.approx([jump_s], abs=0.1)
    assert pad.elapsed_s() - dosed_s == pytest.approx(120, abs=0.001)
    on_disk = house.on_disk(therapist, pad)
    assert [note.text for _, note in on_disk.of(Note)] == ["before", "after"]
    before, after = (entry for entry, _ in on_disk.of(Note))
    assert after.entered.utc_ns - before.entered.utc_ns == pytest.approx((120 + jump_s) * 1e9, abs=1e6)


def test_three_hours_of_sleep_are_elapsed_and_no_jump(team):
    house, _, _, pad, log = team
    log.log("dose 35 im hold no cuff")
    in_the_middle(house, pad, lambda: house.clock.advance(3 * HOUR_S))

    assert marks(pad) == []
    assert pad.elapsed_s() == pytest.approx(3 * HOUR_S + 120)


def test_summer_time_changes_what_the_wall_shows_and_nothing_else(team):
    house, _, _, pad, log = team
    log.log("dose 35 im hold no cuff")
    in_the_middle(house, pad, lambda: house.clock.change_offset(60))

    before, after = (entry for entry, _ in pad.record.of(Note))
    assert marks(pad) == []
    assert pad.elapsed_s() == pytest.approx(120)
    assert (before.entered.offset_min, after.entered.offset_min) == (0, 60)
    assert after.entered.utc_ns - before.entered.utc_ns == 120 * 10**9


def test_eight_hours_of_small_corrections_by_a_time_server_are_no_jump_and_cost_no_second(team):
    house, _, _, pad, log = team
    log.log("dose 35 im hold no cuff")
    for second in range(0, 8 * 3600, 60):
        house.clock.advance(60)
        house.clock.jump(0.5 if second % 120 else -0.5)
        house.program.tick()

    assert marks(pad) == []
    assert pad.elapsed_s() == pytest.approx(8 * HOUR_S, abs=1)


@pytest.mark.parametrize("jump_s", [-HOUR_S, TO_1970_S])
def test_a_clock_that_stands_before_the_newest_entry_is_said_at_sign_in_until_it_is_set_right(house, jump_s):
    therapist = house.make("Tess, LCSW")
    house.program.lock(therapist)
    house.clock.reboot("second start")
    house.clock.jump(jump_s)
    house.sign_in("Tess, LCSW")

    assert [str(notice) for notice in house.program.care.notices] == [
        "The clock stands before the newest entry (2026-03-04 13:00). Set it right."
    ]
    house.clock.jump(-jump_s)
    house.program.tick()
    assert house.program.care.notices == ()


def test_a_clock_that_goes_on_is_not_mentioned(house):
    therapist = house.make("Tess, LCSW")
    house.program.lock(therapist)
    house.clock.reboot("second start")
    house.clock.jump(YEAR_S)
    house.sign_in("Tess, LCSW")

    assert house.program.care.notices == ()
