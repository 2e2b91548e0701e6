"""What stands beside an item of a checklist: facts of the record, and of the patient, as they are now."""

import pytest

from kapnotes.domain.checklist_facts import known_of
from kapnotes.domain.emergency_step import EmergencyAct, EmergencyStep
from kapnotes.domain.entries import AdverseEvent, Discharge, PatientDetails, Phase, Stage
from kapnotes.domain.stay_words import leaving_words
from kapnotes.domain.words import counted, in_english


def known(script, item, minute=30, patient=None):
    return known_of(item, script.record, script.stamp(minute), in_english, patient)


def test_an_emergency_that_goes_on_is_named_before_the_open_events(script):
    script.add(AdverseEvent("nausea", "mild", "waited"), 10)
    script.add(EmergencyStep(EmergencyAct.BEGAN), 15)
    assert known(script, "events") == "open: emergency since 14:15, nausea"

    script.add(EmergencyStep(EmergencyAct.ENDED), 20)
    assert known(script, "events") == "open: nausea"


def test_without_events_and_with_an_emergency_that_ended_none_is_open(script):
    script.add(EmergencyStep(EmergencyAct.BEGAN), 15)
    assert known(script, "events") == "open: emergency since 14:15"
    script.add(EmergencyStep(EmergencyAct.ENDED), 20)
    assert known(script, "events") == "none open"


@pytest.mark.parametrize(
    ("patient", "said"),
    [
        (None, ""),  # not read yet: that is no "none"
        (PatientDetails("K-0142", None, ""), "none noted at home"),
        (PatientDetails("K-0142", None, "penicillin,\nlatex"), "penicillin, latex"),
    ],
)
def test_allergies_stand_beside_their_item(script, patient, said):
    assert known(script, "allergies", patient=patient) == said


def test_once_the_patient_has_left_nothing_counts_to_the_time_to_leave(script_of):
    script = script_of("im", protocol="im")
    script.log("dose 35 im", 10)
    assert known(script, "stay", 50) == "+90 min, 50 min left"
    script.add(Discharge("partner"), 60)

    assert known(script, "stay", 90) == "left at 15:00"
    assert leaving_words(script.record, script.stamp(90), in_english) == "left at 15:00"


def test_a_session_that_was_closed_without_a_discharge_says_nothing_of_leaving(script_of):
    script = script_of("im", protocol="im")
    script.log("dose 35 im", 10)
    script.add(Phase(Stage.CLOSED), 60)

    assert leaving_words(script.record, script.stamp(61), in_english) == ""


@pytest.mark.parametrize(("count", "said"), [(0, "0 lines of K"), (1, "1 line of K"), (2, "2 lines of K")])
def test_what_is_counted_is_told_in_the_form_of_its_number(count, said):
    assert counted(count, "{count} line of {who}", "{count} lines of {who}", who="K") == said


def test_the_vital_signs_before_leaving_are_the_newest_set_with_a_pressure_or_a_heart_rate(script):
    script.log("128/76 72 98", 5)
    script.log("sp97", 10)  # as a monitor's file ends

    assert known(script, "vitals").endswith("128/76, heart rate 72")
