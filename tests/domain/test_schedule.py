"""When vitals are due, by tables computed by hand. All times are minutes after the first dose, but where it says so."""

from decimal import Decimal
from importlib.resources import files
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import (
    ClockJump,
    Discharge,
    Dose,
    Entry,
    NotTaken,
    NotTakenReason,
    Phase,
    Route,
    Stage,
    Vitals,
)
from kapnotes.domain.protocol import read_protocol
from kapnotes.domain.record import Record
from kapnotes.domain.schedule import Due, missed_slots_s, next_due, slots_s

FULL = "128/76 72 98 14 s4"


def due(script, minute):
    """Return the slot and the minutes left."""
    found = next_due(script.record, script.stamp(minute))
    return found and (None if found.slot_s is None else found.slot_s / 60, found.in_s / 60)


def missed(script, minute):
    return [slot / 60 for slot in missed_slots_s(script.record, script.stamp(minute))]


def slots(script, minute):
    return [slot / 60 for slot in slots_s(script.record, minute * 60)]


@pytest.fixture
def iv(script):
    """An infusion that starts with the clock and is stopped by the test, or never."""
    script.log(FULL, -5)
    script.log("inf 35/40", 0)
    return script


@pytest.fixture
def im(script_of):
    script = script_of("im", protocol="im")
    script.log(FULL, -5)
    script.log("dose 35", 0)
    return script


@pytest.fixture
def nasal(script_of):
    script = script_of("nasal", protocol="nasal-esketamine")
    script.log(FULL, -5)
    script.log("dose 28", 0)
    script.log("dose 28", 5)
    return script


@pytest.fixture
def sublingual(script_of):
    script = script_of("sublingual", protocol="sublingual")
    script.log(FULL, -5)
    script.log("dose 100", 0)
    return script


# ----------------------------------------------------------------------------------------------- baseline


@pytest.mark.parametrize("protocol", ["iv-40", "im", "nasal-esketamine", "sublingual"])
def test_the_baseline_is_due_until_it_is_there(script_of, protocol):
    script = script_of("iv", protocol=protocol)
    assert next_due(script.record, script.stamp(3)) == Due(None, 0.0)

    script.log(FULL, 4)
    assert next_due(script.record, script.stamp(5)) is None


def test_a_baseline_that_was_not_taken_for_a_reason_is_not_asked_for_again(script):
    script.log("x refused", 1)

    assert next_due(script.record, script.stamp(5)) is None


def test_a_lone_heart_rate_is_no_baseline(script):
    script.log("hr72", 1)

    assert next_due(script.record, script.stamp(5)) == Due(None, 0.0)


def test_nothing_is_due_without_a_protocol(script_of):
    script = script_of("iv", protocol_text="")

    assert next_due(script.record, script.stamp(5)) is None
    assert missed_slots_s(script.record, script.stamp(5)) == ()
    assert slots_s(script.record, 600) == []


# ----------------------------------------------------------------------------------------- the four presets


def test_iv_every_ten_minutes_while_it_runs_and_every_fifteen_afterwards(iv):
    assert slots(iv, 0) == [10]
    assert slots(iv, 35) == [10, 20, 30, 40]
    iv.log("inf 0", 40)
    assert slots(iv, 41) == [10, 20, 30, 40, 55]
    assert slots(iv, 100) == [10, 20, 30, 40, 55, 70, 85, 100, 115]


def test_im_after_five_minutes_and_every_fifteen(im):
    assert slots(im, 0) == [5]
    assert slots(im, 50) == [5, 15, 30, 45, 60]


def test_nasal_after_forty_minutes_and_at_completion(nasal):
    assert slots(nasal, 0) == [40]
    assert slots(nasal, 41) == [40, 120]
    assert slots(nasal, 300) == [40, 120]


def test_sublingual_once_at_the_end(sublingual):
    assert slots(sublingual, 0) == [90]
    assert slots(sublingual, 300) == [90]


@pytest.mark.parametrize(
    ("minute", "expected"), [(0, (10, 10)), (7, (10, 3)), (10, (10, 0)), (12, (10, -2)), (25, (10, -15))]
)
def test_due_in_counts_down_and_overdue_counts_up_until_it_is_answered(iv, minute, expected):
    assert due(iv, minute) == expected


@pytest.mark.parametrize(
    ("answers", "minute", "expected", "expected_missed"),
    [
        ([10], 10, (20, 10), []),
        ([12], 12, (20, 8), []),  # late, and before the next one opens at 17:30
        ([7.5], 8, (20, 12), []),  # early, within a quarter of the interval
        ([7.4], 8, (10, 2), []),  # too early to count
        ([17.4], 17.4, (20, 2.6), []),
        ([18], 18, (30, 12), [10]),  # so late that it is the next one
        ([], 20, (10, -10), [10]),
        ([], 28, (10, -18), [10, 20]),
        ([31], 31, (40, 9), [10, 20]),
        ([10, 31], 31, (40, 9), [20]),
    ],
)
def test_a_set_answers_the_slot_that_is_open(iv, answers, minute, expected, expected_missed):
    for answer in answers:
        iv.log(FULL, answer)

    assert due(iv, minute) == pytest.approx(expected)
    assert missed(iv, minute) == expected_missed


def test_a_slot_is_missed_when_the_next_one_opens_and_not_before(iv):
    assert missed(iv, 17.4) == []
    assert missed(iv, 17.5) == [10]


def test_a_set_at_the_moment_when_the_next_slot_opens_is_for_that_one(iv):
    iv.log(FULL, 17.5)

    assert missed(iv, 18) == [10]
    assert due(iv, 18) == (30, 12)


def test_not_taken_with_its_reason_closes_a_slot(iv):
    iv.log("x asleep", 11)

    assert due(iv, 12) == (20, 8)
    assert missed(iv, 19) == []


@pytest.mark.parametrize("line", ["hr72", "s4", "n2", "72 98 14 s4"])
def test_a_set_without_a_blood_pressure_closes_no_slot(iv, line):
    iv.log(line, 10)

    assert due(iv, 12) == (10, -2)


def test_a_protocol_without_blood_pressure_is_answered_without_one(script_of, preset_text):
    text = preset_text("im").replace('["bp", "hr", "spo2", "rr", "moaas"]', '["hr", "spo2"]')
    script = script_of("im", protocol="im", protocol_text=text)
    script.log("dose 35", 0)
    script.log("hr72", 5)

    assert due(script, 6) == (15, 9)


def test_a_late_entry_answers_the_slot_in_which_it_was_taken(iv):
    iv.log(FULL, 20)
    assert missed(iv, 25) == [10]

    iv.log(FULL, 10, entered_minute=25)
    assert missed(iv, 25) == []


def test_a_set_that_was_retracted_answers_nothing(iv):
    reading = iv.log(FULL, 10)
    iv.correct(reading, None, 11)

    assert due(iv, 12) == (10, -2)


def test_the_sets_before_the_dose_answer_no_slot_after_it(iv):
    assert due(iv, 1) == (10, 9)


def test_im_may_be_a_little_early_by_a_quarter_of_each_step(im):
    im.log(FULL, 3.7)
    assert due(im, 4) == (5, 1)
    im.log(FULL, 3.8)
    assert due(im, 4) == (15, 11)
    im.log(FULL, 12.5)  # ten minutes lie between the two slots: a quarter is two and a half
    assert due(im, 13) == (30, 17)


def test_nasal_has_nothing_due_after_completion(nasal):
    nasal.log(FULL, 41)
    assert due(nasal, 60) == (120, 60)
    nasal.log(FULL, 121)
    assert due(nasal, 130) is None
    assert missed(nasal, 130) == []


def test_sublingual_stays_due_until_the_end_was_taken(sublingual):
    assert due(sublingual, 95) == (90, -5)
    assert due(sublingual, 200) == (90, -110)
    sublingual.log("128/76 72", 201)
    assert due(sublingual, 202) is None


# --------------------------------------------------------------------------------- how the infusion really ran


def test_an_infusion_that_is_stopped_early_goes_on_every_fifteen_minutes_from_its_last_slot(iv):
    iv.log("inf 0", 23)

    assert slots(iv, 60) == [10, 20, 35, 50, 65]


def test_an_infusion_that_is_stopped_before_its_first_slot_leaves_the_later_schedule(iv):
    iv.log("inf 0", 4)

    assert slots(iv, 30) == [15, 30, 45]


def test_an_infusion_that_runs_late_keeps_its_interval_until_it_stops(iv):
    assert slots(iv, 55) == [10, 20, 30, 40, 50, 60]
    iv.log("inf 0", 57)
    assert slots(iv, 70) == [10, 20, 30, 40, 50, 65, 80]


def test_a_second_stop_does_not_lengthen_the_infusion(iv):
    iv.log("inf 0", 40)
    iv.log("inf 0", 70)

    assert slots(iv, 75) == [10, 20, 30, 40, 55, 70, 85]


def test_a_bolus_after_the_infusion_does_not_lengthen_it(iv):
    iv.log("inf 0", 40)
    iv.log("dose 10", 60)

    assert slots(iv, 75) == [10, 20, 30, 40, 55, 70, 85]


def test_a_change_of_rate_is_no_end(iv):
    iv.log("inf 0.5", 20)

    assert slots(iv, 55) == [10, 20, 30, 40, 50, 60]


def test_boluses_without_an_infusion_follow_the_planned_length(script):
    script.log("dose 20", 0)
    script.log("dose 10", 12)

    assert slots(script, 60) == [10, 20, 30, 40, 55, 70]


def test_the_first_dose_and_not_the_infusion_is_minute_zero(script):
    script.log("dose 10", 0)
    script.log("inf 25/40", 5)
    script.log("inf 0", 45)

    assert slots(script, 50) == [10, 20, 30, 40, 55]


# ------------------------------------------------------------------------------------------------ the end


@pytest.mark.parametrize("body", [Discharge("partner"), Phase(Stage.CLOSED)], ids=["discharge", "closed"])
def test_the_schedule_ends_with_the_session(iv, body):
    iv.log("inf 0", 40)
    for minute in (10, 20, 30, 40, 55):
        iv.log(FULL, minute)
    iv.add(body, 65)

    assert due(iv, 66) is None
    assert slots(iv, 60) == [10, 20, 30, 40, 55, 70]
    assert slots(iv, 600) == [10, 20, 30, 40, 55]
    assert missed(iv, 24 * 60) == []


def test_once_the_session_has_ended_its_last_slot_is_missed_as_well(iv):
    iv.log("inf 0", 40)
    for minute in (10, 20, 30, 40):
        iv.log(FULL, minute)
    assert missed(iv, 60) == []

    iv.add(Discharge("partner"), 60)
    assert missed(iv, 61) == [55]
    assert missed(iv, 59) == []


def test_the_end_set_that_was_never_taken_is_missed(sublingual):
    sublingual.add(Phase(Stage.CLOSED), 120)

    assert missed(sublingual, 600) == [90]


def test_who_leaves_before_a_slot_has_not_missed_it(nasal):
    nasal.log(FULL, 40)
    nasal.add(Discharge("partner"), 118)

    assert missed(nasal, 600) == []


def test_the_first_of_leaving_and_closing_ends_it(iv):
    iv.log("inf 0", 5)
    iv.log(FULL, 15)
    iv.add(Discharge("partner"), 20)
    iv.add(Phase(Stage.CLOSED), 50)

    assert slots(iv, 600) == [15]
    assert missed(iv, 600) == []


def test_a_discharge_that_was_retracted_lets_the_schedule_go_on(iv):
    discharge = iv.add(Discharge("partner"), 12)
    assert due(iv, 13) is None

    iv.correct(discharge, None, 14)
    assert due(iv, 15) == (10, -5)


def test_a_session_that_is_left_open_for_days_does_not_fill_the_memory(iv):
    assert len(slots(iv, 30 * 24 * 60)) < 500


# ------------------------------------------------------------------------------------------- restart, speed


def test_what_is_due_survives_a_clock_that_is_set_and_a_restart(script, clock):
    script.log("inf 35/40")
    clock.advance(300)
    clock.jump(-3600)
    script.add(ClockJump(-3600.0))
    clock.advance(60)
    clock.reboot("second")
    clock.advance(60)

    assert next_due(script.record, clock.now()) == Due(600.0, 180.0)


@given(
    st.lists(st.tuples(st.floats(-30, 400), st.sampled_from(["set", "not taken", "half"])), max_size=12),
    st.none() | st.floats(0, 300),
    st.floats(0, 500),
    st.sampled_from(["iv-40", "im", "nasal-esketamine", "sublingual"]),
)
def test_a_slot_is_answered_or_missed_or_still_to_come(preset_of, answers, ended, minute, name):
    record = Record()

    def add(number, at_min, body):
        stamp = Stamp(0, 0, round(at_min * 60e9), "boot")
        record.apply(Entry(f"{number:032x}", "c" * 32, "b" * 32, stamp, stamp, body))

    record.protocol = preset_of(name)
    add(0, 0, Dose("ketamine", Decimal(35), Route.IM))
    pressure = Vitals(systolic_mmhg=Decimal(128), diastolic_mmhg=Decimal(76))
    bodies = {"set": pressure, "half": Vitals(nausea=2), "not taken": NotTaken(NotTakenReason.INWARD)}
    for number, (at_min, kind) in enumerate(answers, 1):
        if at_min <= minute:
            add(number, at_min, bodies[kind])
    if ended is not None:
        add(99, ended, Discharge("partner"))
    now = Stamp(0, 0, round(minute * 60e9), "boot")

    found = slots_s(record, minute * 60)
    missed_s = missed_slots_s(record, now)
    next_one = next_due(record, now)

    assert found == sorted(set(found))
    if next_one is not None:
        assert next_one.slot_s not in missed_s or next_one.in_s < 0
    assert set(missed_s) <= set(found)
    assert len([slot for slot in found if slot > minute * 60]) <= 1
    if ended is not None:
        assert next_one is None
    elif name in {"iv-40", "im"}:
        assert next_one is not None


@pytest.fixture(scope="module")
def preset_of():
    folder = files("kapnotes.resources.protocols")
    return lambda name: read_protocol(name, folder.joinpath(f"{name}.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("question", [next_due, missed_slots_s])
def test_two_thousand_sets_are_looked_through_in_a_few_milliseconds(iv, question):
    for number in range(2000):
        iv.log("128/76 72 98", number / 10)
    now = iv.stamp(200)

    def ask_ms():
        started = perf_counter()
        question(iv.record, now)
        return (perf_counter() - started) * 1000

    assert min(ask_ms() for _ in range(5)) < 5
