"""What using the pad took, counted from the times of keys alone."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapnotes.domain.around import PadUse
from kapnotes.domain.clock import ManualClock
from kapnotes.domain.pad_use import EPISODE_GAP_S, UseCounter, total_use

PAUSES_S = st.lists(st.sampled_from([0.0, 0.25, 1.0, 9.5, 10.0, 10.25, 60.0, 3600.0]), max_size=40)
START = ManualClock(datetime(2025, 3, 8, 14, 0, tzinfo=UTC)).now()


def counted(pauses_s, take_after=()):
    """Return what was taken, where keys come after these pauses and the count is taken after some of them."""
    counter, at_s, taken = UseCounter(), 0.0, []
    for place, pause_s in enumerate(pauses_s):
        at_s += pause_s
        counter.key(START.shifted(at_s))
        if place in take_after:
            taken.append(counter.take())
    return [*taken, counter.take()]


def summed(uses):
    found = [use for use in uses if use is not None]
    return sum(u.keys for u in found), sum(u.typing_s for u in found), sum(u.episodes for u in found)


@pytest.mark.parametrize(
    ("pauses_s", "use"),
    [
        ([], None),
        ([5], PadUse(1, 0, 1)),
        ([0, 2, 3], PadUse(3, 5, 1)),
        ([0, EPISODE_GAP_S], PadUse(2, 10, 1)),
        ([0, EPISODE_GAP_S + 0.01], PadUse(2, 0, 2)),
        ([0, 1, 300, 1, 1], PadUse(5, 3, 2)),
    ],
)
def test_keys_time_between_them_and_episodes(pauses_s, use):
    assert counted(pauses_s) == [use]


def test_nothing_is_taken_twice():
    counter = UseCounter()
    counter.key(START)

    assert counter.take() == PadUse(1, 0, 1)
    assert counter.take() is None


def test_a_clock_that_went_back_begins_an_episode_and_takes_no_time_away():
    counter = UseCounter()
    counter.key(START.shifted(100))
    counter.key(START)

    assert counter.take() == PadUse(2, 0, 2)


def test_a_session_takes_what_every_part_of_it_took(script, therapist):
    assert total_use(script.record) is None
    script.add(PadUse(100, 60, 4), 30, author=therapist)
    script.add(PadUse(20, 10, 1), 60, author=therapist)

    assert total_use(script.record) == PadUse(120, 70, 5)


@given(PAUSES_S)
def test_it_is_what_a_simple_model_says(pauses_s):
    within = [pause for pause in pauses_s[1:] if pause <= EPISODE_GAP_S]
    episodes = len(pauses_s) - len(within)

    assert summed(counted(pauses_s)) == (len(pauses_s), int(sum(within)), episodes)


@given(PAUSES_S, st.sets(st.integers(0, 39)))
def test_however_often_it_is_taken_nothing_is_lost_and_nothing_counted_twice(pauses_s, take_after):
    assert summed(counted(pauses_s, take_after)) == summed(counted(pauses_s))


@given(PAUSES_S, st.floats(0, 1e6))
def test_when_it_began_makes_no_difference(pauses_s, later_s):
    moved = [pauses_s[0] + round(later_s), *pauses_s[1:]] if pauses_s else []

    assert counted(moved) == counted(pauses_s)


@given(PAUSES_S)
def test_typing_is_never_longer_than_the_pauses_within_episodes_allow(pauses_s):
    keys, typing_s, episodes = summed(counted(pauses_s))

    assert episodes <= keys
    assert typing_s <= EPISODE_GAP_S * (keys - episodes)
