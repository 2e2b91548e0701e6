"""What is missing before a signature, one line each; and nothing where nothing is."""

from dataclasses import replace
from decimal import Decimal

import pytest

from kapnotes.domain.around import Touch
from kapnotes.domain.assessed import ChecklistAnswer, CheckState, EarlyDischarge, EventEnded, Unmet
from kapnotes.domain.checklist import ITEMS
from kapnotes.domain.completeness import missing
from kapnotes.domain.entries import (
    Action,
    AdverseEvent,
    Discharge,
    Mark,
    MarkChange,
    NotTaken,
    NotTakenReason,
    Phase,
    Staffing,
    Stage,
    Vitals,
    Waste,
)
from kapnotes.domain.words import in_english


def answer_all(script):
    for items in ITEMS.values():
        for item in items:
            if item != "events":
                script.add(ChecklistAnswer(item, CheckState.YES), 6)
    script.add(ChecklistAnswer("events", CheckState.NOT_APPLICABLE), 6)


@pytest.fixture
def whole(script):
    """An IM session of which nothing is missing: baseline, each slot, discharge, closed."""

    def write(skip=(), further=()):
        steps = [
            ("baseline", lambda: script.log("120/70 70 98 14 s5", 5)),
            ("checklists", lambda: answer_all(script)),
            ("drawn", lambda: script.log("drawn 35 lot A12", 9)),
            ("dose", lambda: script.log("dose 35 im", 10)),
            *((f"T+{minute}", lambda minute=minute: script.log("120/70 70 98 14 s5", 10 + minute))
              for minute in (10, 20, 30, 40, 55, 70, 85)),
            *further,
            ("discharge", lambda: script.add(Discharge("partner", "steady"), 96)),
            ("closed", lambda: script.add(Phase(Stage.CLOSED), 97)),
        ]  # fmt: skip
        for name, step in steps:
            if name not in skip:
                step()
        return script.record

    return write


def lines(record, member, script, minute=120):
    return missing(record, member, script.stamp(minute), in_english)


def test_of_a_whole_session_nothing_is_missing(script, whole, crna, therapist):
    record = whole()

    assert lines(record, crna, script) == lines(record, therapist, script) == ()


@pytest.mark.parametrize(
    ("skipped", "line"),
    [
        ("closed", "The session is not closed."),
        ("baseline", "No baseline vitals before the first dose."),
        ("discharge", "No discharge is noted."),
        ("T+55", "Vitals neither taken nor explained: T+55."),
    ],
)
def test_what_was_left_out_is_named(script, whole, crna, skipped, line):
    assert lines(whole(skip={skipped}), crna, script) == (line,)


def test_a_slot_that_is_explained_is_not_missing(script, whole, crna):
    record = whole({"T+55"}, [("why", lambda: script.add(NotTaken(NotTakenReason.ASLEEP), 65))])

    assert lines(record, crna, script) == ()


def test_a_slot_that_is_overdue_now_is_named_while_the_session_runs(script, whole, crna):
    record = whole({"T+85", "discharge", "closed"})

    assert "Vitals neither taken nor explained: T+85." in lines(record, crna, script, minute=96)


def test_many_slots_are_counted(script, whole, crna):
    record = whole({f"T+{minute}" for minute in (10, 20, 30, 40, 55, 70, 85)})

    assert lines(record, crna, script) == (
        "Vitals neither taken nor explained: T+10, T+20, T+30, T+40, T+55, T+70 and 1 more.",
    )


def test_without_a_weight_there_is_no_dose_per_kg(script, whole, crna):
    record = whole()
    script.correct(script.opened, replace(script.opened.body, weight_kg=None), 98)

    assert lines(record, crna, script) == ("No weight is noted, so there is no dose per kg.",)


def test_an_infusion_that_nobody_stopped_is_named(script, crna):
    script.log("inf 35/40", 10)

    assert "The infusion was not stopped." in lines(script.record, crna, script, minute=12)


def marked(minute, script):
    return lambda: script.add(Vitals(Decimal(170), Decimal(80), Decimal(70), Decimal(98), Decimal(14)), minute)


def test_a_marked_reading_without_an_action_is_named_by_its_time(script, whole, crna):
    record = whole(further=[("high", marked(60, script))])

    assert lines(record, crna, script) == ("Outside the protocol, and no word of what was done: 15:00.",)


def test_one_action_answers_for_its_run_of_marked_readings_and_for_no_other(script, whole, crna):
    def act():
        (_, second) = (entry for entry, vitals in script.record.of(Vitals) if vitals.systolic_mmhg == 170)
        script.add(Action("head up", second.entry_id), 62)

    record = whole(further=[("one", marked(60, script)), ("two", marked(61, script)), ("act", act)])
    assert lines(record, crna, script) == ()

    script.add(Vitals(Decimal(170), Decimal(80)), 90)
    assert lines(record, crna, script) == ("Outside the protocol, and no word of what was done: 15:30.",)


def test_waste_needs_a_witness_and_an_adverse_event_an_action(script, whole, crna):
    record = whole(
        further=[
            ("more", lambda: script.log("drawn 5 lot A12", 90)),
            ("unseen", lambda: script.add(Waste("ketamine", Decimal(5), " "), 91)),
            ("event", lambda: script.add(AdverseEvent("nausea", "mild"), 92)),
            ("answered", lambda: script.add(AdverseEvent("nausea", "mild", "waited"), 93)),
        ]
    )

    assert lines(record, crna, script) == (
        "Adverse event of 15:32 without an end: nausea.",
        "Waste without a witness at 15:31.",
        "Adverse event at 15:32 without what was done.",
    )


def test_what_nobody_answered_of_a_checklist_is_named_and_a_remark_answers_nothing(script, whole, crna):
    record = whole()
    script.add(ChecklistAnswer("fasting", CheckState.OPEN, "tea at nine"), 7)
    script.add(ChecklistAnswer("mood", CheckState.OPEN), 95)

    assert lines(record, crna, script) == (
        "Checklist before the dose, not answered: fasting kept.",
        "Checklist before leaving, not answered: mood and suicidal thoughts asked about.",
    )


def test_a_checklist_that_nobody_used_is_named_as_a_whole_and_one_with_many_open_items_counts_them(script, whole, crna):
    record = whole({"checklists"})
    assert lines(record, crna, script) == (
        "Checklist before the dose: nothing answered.",
        "Checklist before leaving: nothing answered.",
    )

    script.add(ChecklistAnswer("identity", CheckState.YES), 6)
    first, _ = lines(record, crna, script)
    assert first.startswith("Checklist before the dose, not answered: consent confirmed again, fasting kept, ")
    assert first.endswith("and 10 more.")


def test_an_event_is_ended_or_handed_over(script, whole, crna):
    record = whole(further=[("event", lambda: script.log("ae nausea mild: waited", 92))])
    assert lines(record, crna, script) == ("Adverse event of 15:32 without an end: nausea.",)

    script.add(ChecklistAnswer("events", CheckState.NO), 94)
    assert len(lines(record, crna, script)) == 1
    handed_over = script.add(ChecklistAnswer("events", CheckState.YES, "to the partner"), 95)
    assert lines(record, crna, script) == ()

    script.correct(handed_over, None, 95)
    script.add(EventEnded(record.newest_entry(AdverseEvent).entry_id, "nausea"), 95)
    assert lines(record, crna, script) == ()


@pytest.mark.parametrize(("reason", "found"), [("", 1), ("the last train", 0)])
def test_who_leaves_before_the_rule_is_met_leaves_for_a_reason(script, whole, crna, reason, found):
    early = EarlyDischarge("partner", "steady", reason, (Unmet("padss", 9, None),))
    record = whole({"discharge"}, [("left", lambda: script.add(early, 96))])

    assert lines(record, crna, script) == ("Left before the protocol's rule was met, without a reason.",) * found


def test_a_therapist_is_asked_for_states_that_run_and_not_for_the_medical_course(script, therapist, crna):
    script.log("dose 35 im", 10)
    script.add(Mark("quiet", MarkChange.START), 20, author=therapist)
    script.add(Touch("hand", begins=True), 21, author=therapist)
    script.add(Phase(Stage.CLOSED), 97)

    assert lines(script.record, therapist, script) == ("Still running: quiet.", "A touch still runs: hand.")
    assert "No discharge is noted." in lines(script.record, crna, script)


def test_a_therapist_alone_is_asked_for_the_medical_course_too(script, therapist):
    script.correct(script.opened, replace(script.opened.body, staffing=Staffing.THERAPIST_ALONE), 1)
    script.log("dose 35 im", 10)

    assert "No discharge is noted." in lines(script.record, therapist, script)


def test_a_session_without_a_dose_misses_no_discharge_and_no_baseline(script, crna):
    script.add(Phase(Stage.CLOSED), 97)

    assert lines(script.record, crna, script) == ()
