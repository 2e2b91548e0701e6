"""Swish and spit, and the rest between two devices of a spray: counted from the doses in the record."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kapnotes.domain.entries import Discharge, Phase, Setting, Stage
from kapnotes.domain.route_timers import route_timer


def timer(script):
    return route_timer(script.record, script.clock.now())


@pytest.fixture
def lozenge(script_of):
    return script_of("sublingual", protocol="sublingual")


@pytest.fixture
def spray(script_of):
    return script_of("nasal", protocol="nasal-esketamine")


def test_before_the_dose_no_timer_runs(lozenge):
    assert timer(lozenge) is None


def test_the_lozenge_is_swished_ten_minutes_and_then_it_says_spit(lozenge):
    lozenge.log("dose 100")
    lozenge.clock.advance(400)
    assert (timer(lozenge).name, timer(lozenge).left_s) == ("swish", 200)
    lozenge.clock.advance(240)

    assert (timer(lozenge).then, timer(lozenge).left_s) == ("spit", -40)


def test_spat_is_spat_by_whoever_notes_it(lozenge, therapist):
    lozenge.log("dose 100")
    lozenge.clock.advance(601)
    lozenge.add(Setting("spit"), author=therapist)

    assert timer(lozenge) is None


def test_another_word_about_the_room_answers_nothing(lozenge, therapist):
    lozenge.log("dose 100")
    lozenge.add(Setting("lamp down"), author=therapist)

    assert timer(lozenge).name == "swish"


def test_a_second_lozenge_is_swished_anew(lozenge, therapist):
    lozenge.log("dose 100")
    lozenge.clock.advance(600)
    lozenge.add(Setting("spit"), author=therapist)
    lozenge.clock.advance(900)
    lozenge.log("dose 100")

    assert timer(lozenge).left_s == 600


def test_a_rescue_drug_begins_no_timer(lozenge):
    lozenge.log("rescue ondansetron 4 sublingual")

    assert timer(lozenge) is None


def test_a_dose_that_was_taken_back_begins_no_timer(lozenge):
    dose = lozenge.log("dose 100")
    lozenge.correct(dose, None)

    assert timer(lozenge) is None


def test_between_two_devices_there_are_five_minutes_and_after_the_last_one_none(spray):
    spray.log("dose 28")
    spray.clock.advance(60)
    assert (timer(spray).device, timer(spray).name, timer(spray).left_s) == (1, "device rest", 240)
    spray.clock.advance(240)
    assert (timer(spray).then, timer(spray).left_s) == ("next device", 0)
    spray.log("dose 28")
    assert (timer(spray).device, timer(spray).left_s) == (2, 300)
    spray.clock.advance(300)
    spray.log("dose 28")

    assert timer(spray) is None


def test_who_plans_two_devices_says_that_no_other_follows(spray, crna):
    spray.log("dose 28")
    spray.log("dose 28")
    spray.add(Setting("next device"), author=crna)

    assert timer(spray) is None


@pytest.mark.parametrize("body", [Phase(Stage.CLOSING), Phase(Stage.CLOSED), Discharge("partner")])
def test_when_the_session_is_over_no_timer_runs(lozenge, body):
    lozenge.log("dose 100")
    lozenge.add(body)

    assert timer(lozenge) is None


def test_a_route_without_timers_has_none(script):
    script.log("inf 35/40")

    assert timer(script) is None


def test_it_goes_on_after_a_restart_and_a_clock_that_was_set(lozenge):
    lozenge.log("dose 100")
    lozenge.clock.advance(120)
    lozenge.add(Setting("seen before"))
    lozenge.clock.reboot("after")
    lozenge.clock.advance(60)

    assert timer(lozenge).left_s == 420


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["dose", "spit", "other"]), st.integers(1, 900)), max_size=10))
def test_it_runs_exactly_from_the_last_dose_until_its_word_is_noted(script_of, steps):
    script = script_of("sublingual", protocol="sublingual")
    since_s = None
    for what, wait_s in steps:
        if what == "dose":
            script.log("dose 50")
            since_s = 0
        else:
            script.add(Setting("spit" if what == "spit" else "lamp down"))
            since_s = None if what == "spit" else since_s
        script.clock.advance(wait_s)
        since_s = None if since_s is None else since_s + wait_s

    found = timer(script)
    assert (found is None) == (since_s is None)
    assert found is None or found.left_s == pytest.approx(600 - since_s)
