"""Vitals around a pause and a second infusion: nothing that was not due then becomes missed afterwards."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kapnotes.domain.drug_entries import InfusionPause
from kapnotes.domain.schedule import missed_slots_s, next_due, slots_s


def minutes(script, at):
    return [slot_s / 60 for slot_s in slots_s(script.record, at * 60.0)]


def pause(script, minute):
    stop = script.log("inf 0", minute)
    script.add(InfusionPause(stop.entry_id), minute)


def test_a_pause_keeps_the_interval_of_its_infusion(script):
    script.log("inf 35/40", 0)
    pause(script, 18)
    assert minutes(script, 35) == [10, 20, 30, 40]

    script.log("inf 0.875", 36)
    assert minutes(script, 45) == [10, 20, 30, 40, 50]

    script.log("inf 0", 58)
    assert minutes(script, 70) == [10, 20, 30, 40, 50, 65, 80]


def test_a_pause_that_ends_in_a_stop_ends_the_interval_at_the_stop(script):
    script.log("inf 35/40", 0)
    pause(script, 18)
    script.log("inf 0", 33)

    assert minutes(script, 60) == [10, 20, 30, 45, 60, 75]


def test_after_a_stop_the_later_interval_holds_until_another_infusion_begins_which_counts_from_its_own_start(script):
    script.log("inf 35/40", 0)
    script.log("inf 0", 20)
    assert minutes(script, 40) == [10, 20, 35, 50]

    script.log("inf 0.5", 42)
    assert minutes(script, 65) == [10, 20, 35, 52, 62, 72]

    script.log("inf 0", 64)
    assert minutes(script, 80) == [10, 20, 35, 52, 62, 77, 92]


def test_an_infusion_after_the_planned_length_of_boluses_leaves_what_was_due_before(script):
    script.log("dose 35 iv", 0)
    assert minutes(script, 50) == [10, 20, 30, 40, 55]

    script.log("inf 0.5", 50)
    assert minutes(script, 65) == [10, 20, 30, 40, 60, 70]


CHANGES = st.lists(
    st.tuples(st.integers(1, 25), st.sampled_from(["inf 0", "pause", "inf 0.5", "dose 10 iv"])), max_size=6
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])  # it makes new ones
@given(CHANGES)
def test_what_was_due_by_a_time_is_the_same_when_one_looks_back_at_it(script_of, changes):
    script = script_of("iv")
    script.log("inf 35/40", 0)
    seen, at = [], 0
    for gap, change in changes:
        at += gap
        seen.append((at, [slot for slot in minutes(script, at) if slot < at]))
        pause(script, at) if change == "pause" else script.log(change, at)

    for minute, then in seen:
        assert [slot for slot in minutes(script, at + 60) if slot < minute] == then

    now = script.stamp(at + 60)
    assert next_due(script.record, now) is not None
    assert list(missed_slots_s(script.record, now)) == sorted(missed_slots_s(script.record, now))
