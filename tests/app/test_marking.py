"""States and touches by one key each, in any order, late or not, pressed twice or not: as a simple model has them."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapnotes.app.marking import REPEAT_GUARD_S, Marking
from kapnotes.domain.around import Touch
from kapnotes.domain.clock import ManualClock
from kapnotes.domain.entries import Entry, Mark, MarkChange, Setting
from kapnotes.domain.errors import Implausible
from kapnotes.domain.record import Record
from kapnotes.domain.touch import touches


class Session:
    """A record on a manual clock, with its keys, an hour after it was opened."""

    def __init__(self):
        self.clock = ManualClock(datetime(2026, 3, 4, 13, 0, tzinfo=UTC))
        self.record = Record()
        self.add(Setting("lamp down"), self.clock.now())
        self.clock.advance(3600)
        self.marking = Marking(self.record, self.clock.now, self.add)
        self.ignored = []
        self.marking.repeat_ignored.add(self.ignored.append)

    def add(self, body, happened):
        number = len(self.record.entries)
        entry = Entry(f"{number:032x}", "c" * 32, "a" * 32, happened, self.clock.now(), body)
        self.record.apply(entry)
        return entry

    def toggle(self, what, at):
        keys = {"state": self.marking.toggle_state, "touch": self.marking.toggle_touch}
        return keys[what[0]](what[1], at)


class OneKey:
    """The model of one state or touch, in seconds since the start."""

    def __init__(self):
        self.pressed_s = self.ended_s = float("-inf")
        self.began_s = None
        self.ignored = 0

    def press(self, now_s, at_s):
        if now_s - self.pressed_s < REPEAT_GUARD_S:
            self.ignored += 1
        elif self.began_s is not None and at_s >= self.began_s:
            self.began_s, self.ended_s, self.pressed_s = None, at_s, now_s
        elif self.began_s is None and at_s >= self.ended_s:
            self.began_s, self.pressed_s = at_s, now_s


WHAT = st.sampled_from([("state", "quiet"), ("state", "music"), ("touch", "hand"), ("touch", "foot")])
PRESSES = st.lists(
    st.tuples(WHAT, st.sampled_from([0, 0.25, 2, 30, 90, 240]), st.sampled_from([None, 0, 1, 2, 3, 5])), max_size=30
)


@given(PRESSES)
def test_whatever_is_pressed_in_whatever_order_the_record_says_what_the_model_says(presses):
    session, model, now_s = Session(), {}, 0.0
    for what, wait_s, minutes_ago in presses:
        session.clock.advance(wait_s)
        now_s += wait_s
        late_s = 60 * (minutes_ago or 0)
        at = None if minutes_ago is None else session.clock.now().shifted(-late_s)
        with suppress(Implausible):
            session.toggle(what, at)
        model.setdefault(what, OneKey()).press(now_s, now_s - late_s)

    now = session.clock.now()
    running = {("state", code): since for code, since in session.record.active_states().items()}
    running |= {("touch", area): since for area, since in touches(session.record).items()}
    assert {what: now_s - session.record.between_s(since, now) for what, since in running.items()} == pytest.approx(
        {what: one.began_s for what, one in model.items() if one.began_s is not None}
    )
    assert len(session.ignored) == sum(one.ignored for one in model.values())
    for what in model:
        assert_that_starts_and_stops_take_turns(session.record, what)


def assert_that_starts_and_stops_take_turns(record, what):
    begins = [mark.change is MarkChange.START for _, mark in record.of(Mark) if ("state", mark.code) == what]
    begins += [touch.begins for _, touch in record.of(Touch) if ("touch", touch.area) == what]

    assert begins == [number % 2 == 0 for number in range(len(begins))]


def test_a_point_pressed_twice_counts_once_also_when_it_was_minutes_ago():
    session = Session()
    first = session.marking.mark("affect", session.clock.now().shifted(-180))
    session.clock.advance(0.5)
    second = session.marking.mark("affect")
    session.clock.advance(1)
    third = session.marking.mark("affect")

    assert (first is not None, second, third is not None) == (True, None, True)
    assert session.ignored == ["affect"]
