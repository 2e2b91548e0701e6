"""Two clocks: the one on the wall, that people set, and the one that only runs."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapnotes.domain.clock import ManualClock, Stamp, is_measured_by_wall_clock, jump_s, seconds_between

HOUR_S = 3600.0


def test_a_duration_does_not_see_that_the_wall_clock_was_set(clock):
    before = clock.now()
    clock.advance(90)
    clock.jump(-HOUR_S)

    assert seconds_between(before, clock.now()) == 90
    assert not is_measured_by_wall_clock(before, clock.now())


def test_a_jump_of_the_wall_clock_is_measured_against_the_boot_clock(clock):
    before = clock.now()
    clock.advance(90)
    clock.jump(-HOUR_S)

    assert jump_s(before, clock.now()) == -HOUR_S


def test_time_that_passes_is_no_jump(clock):
    before = clock.now()
    clock.advance(3 * HOUR_S)

    assert jump_s(before, clock.now()) == 0


def test_after_a_restart_the_wall_clock_counts_and_that_can_be_told(clock):
    before = clock.now()
    clock.advance(120)
    clock.reboot("second")

    assert seconds_between(before, clock.now()) == 120
    assert is_measured_by_wall_clock(before, clock.now())
    assert jump_s(before, clock.now()) == 0


def test_local_time_is_that_of_the_offset_at_the_moment():
    winter = ManualClock(datetime(2025, 3, 30, 1, 59, tzinfo=timezone(timedelta(hours=1)))).now()
    summer = ManualClock(datetime(2025, 3, 30, 3, 0, tzinfo=timezone(timedelta(hours=2)))).now()

    assert f"{winter.local():%H:%M %z}" == "01:59 +0100"
    assert f"{summer.local():%H:%M %z}" == "03:00 +0200"
    assert (summer.utc_ns - winter.utc_ns) == 60 * 1_000_000_000


def test_local_time_before_1970_is_a_time_too():
    assert Stamp(-1_000, 0, 0, "boot").local() == datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)


def test_a_clock_starts_with_a_zone_or_not_at_all():
    with pytest.raises(ValueError, match="time zone"):
        ManualClock(datetime(2025, 3, 8, 14, 0))  # noqa: DTZ001 - that is the fault


def test_a_clock_reads_the_moment_it_was_started_at():
    start = datetime(2025, 3, 8, 14, 0, 0, 123_456, tzinfo=timezone(timedelta(hours=-5)))

    assert ManualClock(start).now().local() == start


@given(st.integers(-(10**9), 10**9), st.floats(-1e5, 1e5))
def test_a_shifted_stamp_is_as_far_away_on_both_clocks(boot_ns, seconds):
    stamp = Stamp(1_700_000_000_000_000_000, 60, boot_ns, "boot")
    shifted = stamp.shifted(seconds)

    assert abs(seconds_between(stamp, shifted) - seconds) < 1e-6
    assert shifted.utc_ns - stamp.utc_ns == shifted.boot_ns - stamp.boot_ns
    assert jump_s(stamp, shifted) == 0


@given(st.integers(0, 2**62), st.integers(0, 2**62), st.booleans())
def test_a_duration_back_is_the_same_below_zero(one_ns, other_ns, is_restarted):
    one = Stamp(one_ns, 0, one_ns, "first")
    other = Stamp(other_ns, 0, other_ns, "second" if is_restarted else "first")

    assert seconds_between(one, other) == -seconds_between(other, one)
