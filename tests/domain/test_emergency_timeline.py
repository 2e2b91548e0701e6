"""The emergencies of a session follow from their steps; a step taken back counts for nothing."""

from decimal import Decimal

import pytest

from kapnotes.domain.completeness import missing
from kapnotes.domain.emergency_step import EmergencyAct, EmergencyStep
from kapnotes.domain.emergency_timeline import course_of, emergencies, running
from kapnotes.domain.emergency_words import act_in_words, step_in_words
from kapnotes.domain.entries import Vitals
from kapnotes.domain.errors import Misread
from kapnotes.domain.words import in_english

BEGAN, CPR, STOPPED, ENDED = (
    EmergencyAct.BEGAN, EmergencyAct.CPR_STARTED, EmergencyAct.CPR_STOPPED, EmergencyAct.ENDED,
)  # fmt: skip


def acts(emergency):
    return [step.body.act for step in emergency.steps]


def test_an_emergency_runs_from_its_first_step_until_it_is_ended(script):
    script.add(EmergencyStep(BEGAN), 10)
    script.add(EmergencyStep(CPR), 11)

    assert running(script.record).since == script.stamp(10)
    assert running(script.record).is_cpr_running

    script.add(EmergencyStep(STOPPED), 13)
    script.add(EmergencyStep(ENDED), 20)
    script.add(EmergencyStep(BEGAN), 40)
    first, second = emergencies(script.record)

    assert (acts(first), first.ended, first.is_cpr_running) == ([BEGAN, CPR, STOPPED, ENDED], script.stamp(20), False)
    assert (acts(second), second.ended) == ([BEGAN], None)


def test_a_begin_that_is_taken_back_began_nothing(script):
    step = script.add(EmergencyStep(BEGAN), 10)
    script.correct(step, None, 11)

    assert emergencies(script.record) == ()
    assert running(script.record) is None


def test_an_end_that_is_taken_back_lets_it_go_on(script):
    script.add(EmergencyStep(BEGAN), 10)
    script.correct(script.add(EmergencyStep(ENDED), 12), None, 13)

    assert running(script.record).since == script.stamp(10)


def test_its_course_holds_the_rescue_drugs_and_the_infusion_of_that_time_and_no_readings(script):
    script.log("rescue ondansetron 4 iv", 5)
    script.log("inf 35/40", 8)
    script.add(EmergencyStep(BEGAN), 10)
    script.log("inf 0", 11)
    script.log("128/76 72 98", 12)
    script.log("rescue midazolam 2 iv", 13)
    script.add(EmergencyStep(ENDED), 20)
    script.log("rescue ondansetron 4 iv", 30)

    found = course_of(script.record, emergencies(script.record)[0])

    assert [script.record.position_s(entry.happened) / 60 for entry in found] == [10, 11, 13, 20]
    assert not any(isinstance(entry.body, Vitals) for entry in found)


def test_an_emergency_that_nobody_ended_is_missing_at_the_signature(script, crna):
    script.add(EmergencyStep(BEGAN), 10)
    assert "The emergency of 14:10 is not ended." in missing(script.record, crna, script.stamp(20), in_english)

    script.add(EmergencyStep(ENDED), 20)
    assert not [line for line in missing(script.record, crna, script.stamp(21), in_english) if "emergency" in line]


def test_every_step_has_words_of_its_own():
    assert len({act_in_words(act, in_english) for act in EmergencyAct}) == len(EmergencyAct)


@pytest.mark.parametrize(
    ("line", "step", "words"),
    [
        ("em colour comes back", EmergencyStep(EmergencyAct.NOTE, "colour comes back"), "colour comes back"),
        ("em o2 10", EmergencyStep(EmergencyAct.OXYGEN_ON, o2_l_per_min=Decimal(10)), "O₂ 10 L/min"),
        ("em o2 2.5", EmergencyStep(EmergencyAct.OXYGEN_ON, o2_l_per_min=Decimal("2.5")), "O₂ 2.5 L/min"),
        ("em cpr_started", EmergencyStep(CPR), "CPR started"),
        ("em cpr_started by R.", EmergencyStep(EmergencyAct.NOTE, "cpr_started by R."), "cpr_started by R."),
    ],
)
def test_a_line_notes_a_word_a_flow_or_a_step(script, line, step, words):
    assert script.log(line, 5).body == step
    assert step_in_words(step, in_english) == words


@pytest.mark.parametrize(
    ("line", "column"), [("em", 2), ("em o2", 5), ("em o2 much", 6), ("em o2 0", 6), ("em o2 99", 6)]
)
def test_a_flow_that_cannot_be_is_refused_at_its_place(script, line, column):
    with pytest.raises(Misread) as misread:
        script.log(line, 5)

    assert misread.value.column == column
