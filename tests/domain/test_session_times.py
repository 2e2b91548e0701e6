"""Where a moment lies in a session whose clock was set, changed its zone, and ran through restarts."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapnotes.domain.clock import ManualClock
from kapnotes.domain.entries import ClockJump, Entry, Phase, SessionOpened, Staffing, Stage
from kapnotes.domain.entries import Route as By
from kapnotes.domain.errors import Implausible
from kapnotes.domain.record import Record
from kapnotes.domain.session_times import ClockTime, SessionTimes

OPENED = SessionOpened("d" * 32, "K-0142", 1, By.IM, Staffing.CRNA_ALONE, (), "im", "")


class Told:
    """A session and what happened to its clock, minute by minute as it was really."""

    def __init__(self):
        self.clock = ManualClock(datetime(2026, 3, 4, 13, 0, tzinfo=UTC))
        self.record = Record()
        self.stamps = []
        self.add(OPENED)

    def add(self, body):
        now = self.clock.now()
        self.record.apply(Entry(f"{len(self.record.entries):032x}", "c" * 32, "b" * 32, now, now, body))

    def pass_minutes(self, minutes):
        for _ in range(minutes):
            self.stamps.append(self.clock.now())
            self.clock.advance(60)

    def times(self):
        return SessionTimes(self.record, self.clock.now())


def happen(told, what):
    kind, minutes = what
    if kind == "zone":
        told.clock.change_offset(minutes * 30 - 60)
    elif kind == "jump":
        told.clock.jump(minutes * 60)
        told.add(ClockJump(minutes * 60.0))
    told.add(Phase(Stage.DOSING))
    told.pass_minutes(minutes)
    told.add(Phase(Stage.RETURN))


@given(st.lists(st.tuples(st.sampled_from(["zone", "jump", "wait"]), st.integers(1, 5)), max_size=5))
def test_every_minute_of_a_session_is_found_as_its_clocks_saw_it(events):
    told = Told()
    told.pass_minutes(3)
    told.add(Phase(Stage.PREPARATION))
    for event in events:
        happen(told, event)
    times = told.times()

    for minute, stamp in enumerate(told.stamps):
        placed = times.at(minute * 60.0)
        assert placed.stamp.boot_ns == stamp.boot_ns
        assert abs(placed.stamp.utc_ns - stamp.utc_ns) < 1_000_000
        said = stamp.local()
        by_clock = times.at_clock(ClockTime(said.time(), said.date()), minute * 60.0 - 0.5)
        assert by_clock.position_s == pytest.approx(minute * 60.0, abs=0.01)


@pytest.mark.parametrize("position_s", [-0.1, -3600.0, 601.0, 1e9, float("inf")])
def test_what_is_outside_the_session_is_refused(position_s):
    told = Told()
    told.pass_minutes(10)

    with pytest.raises(Implausible, match=r"before the session began|still to come"):
        told.times().at(position_s)


def test_a_session_that_has_only_begun_has_no_moment_yet():
    with pytest.raises(Implausible):
        Told().times().at_clock(ClockTime(time(13, 0)))


def test_a_time_of_greenwich_is_found_whatever_the_zone():
    told = Told()
    told.clock.change_offset(120)
    told.add(Phase(Stage.DOSING))
    told.pass_minutes(30)

    found = told.times().at_clock(ClockTime(time(13, 10), date(2026, 3, 4), is_utc=True))
    assert found.position_s == 600
