"""The check-in is due so long after what was noted last, whatever the clocks of the laptop do meanwhile."""

from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kapnotes.domain.around import Touch
from kapnotes.domain.check_in import interval_s, left_s
from kapnotes.domain.entries import CheckIn, ClockJump, Mark, MarkChange, Note, Phase, Setting, Stage

BOOTS = count()


def left(script):
    return left_s(script.record, script.clock.now())


def test_before_the_first_dose_nobody_is_asked(script):
    script.clock.advance(3600)

    assert left(script) is None


def test_it_is_asked_five_minutes_after_the_dose_and_counts_on(script):
    script.log("inf 35/40")
    assert left(script) == 300
    script.clock.advance(310)

    assert left(script) == -10


@pytest.mark.parametrize(
    "body", [Note("tears"), Mark("affect"), Mark("quiet", MarkChange.START), CheckIn(), Touch("hand", begins=True)]
)
def test_whatever_the_therapist_notes_puts_it_off(script, therapist, body):
    script.log("inf 35/40")
    script.clock.advance(200)
    script.add(body, author=therapist)
    script.clock.advance(100)

    assert left(script) == 200


def test_readings_and_the_room_do_not(script):
    script.log("inf 35/40")
    script.clock.advance(200)
    script.log("128/76 72 98 14 s5")
    script.add(Setting("lamp down"))

    assert left(script) == 100


def test_what_was_noted_before_the_dose_does_not_bring_it_forward(script, therapist):
    script.add(Note("settling in"), author=therapist)
    script.clock.advance(600)
    script.log("inf 35/40")

    assert left(script) == 300


def test_a_mark_noted_late_counts_from_when_it_was(script, therapist):
    script.log("inf 35/40")
    script.clock.advance(400)
    now = script.clock.now()
    script.add(Mark("affect"), author=therapist, stamp=now.shifted(-180))

    assert left(script) == 120


@pytest.mark.parametrize("stage", [Stage.CLOSING, Stage.CLOSED])
def test_when_the_session_closes_nobody_is_asked_any_more(script, stage):
    script.log("inf 35/40")
    script.add(Phase(stage))

    assert left(script) is None


def test_the_interval_is_that_of_the_protocol(script_of, preset_text):
    script = script_of("iv", protocol_text=preset_text("iv-40").replace("check_in_min = 5", "check_in_min = 8"))

    assert interval_s(script.record) == 480


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("wait"), st.integers(0, 1200)),
            st.tuples(st.just("set"), st.sampled_from([-3600, 420, 3600, -86_400])),
            st.tuples(st.just("zone"), st.sampled_from([0, 60, 120])),
            st.tuples(st.just("restart"), st.integers(0, 300)),
            st.tuples(st.just("note"), st.just(0)),
        ),
        max_size=12,
    )
)
def test_it_is_right_after_any_suspend_restart_and_clock_that_was_set(script_of, therapist, steps):
    script = script_of("iv")
    script.log("inf 35/40")
    truth_s = noted_s = 0
    for what, amount in steps:
        match what:
            case "wait":  # also a suspend: the boot clock includes sleep
                script.clock.advance(amount)
                truth_s += amount
            case "set":  # seen at the next tick
                script.clock.jump(amount)
                script.clock.advance(1)
                truth_s += 1
                script.add(ClockJump(float(amount)))
            case "zone":
                script.clock.change_offset(amount)
            case "restart":
                script.add(seen(), author=therapist)
                script.clock.advance(amount)
                truth_s += amount
                script.clock.reboot(f"boot {next(BOOTS)}")
                script.add(seen(), author=therapist)
            case "note":
                script.add(Note("tears"), author=therapist)
                noted_s = truth_s

    assert left(script) == pytest.approx(noted_s + 300 - truth_s)


def seen():
    return Setting("the lamp, seen before and after a restart")
