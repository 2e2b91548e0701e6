"""What a record worked out before an entry came follows it: at every step it answers as one made anew does."""

from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from kapnotes.domain.around import TouchAgreement, TouchConsent
from kapnotes.domain.clock import ManualClock
from kapnotes.domain.drug_entries import InfusionPause
from kapnotes.domain.entries import (
    Addendum,
    ClockJump,
    Correction,
    Dose,
    Infusion,
    LateEntry,
    Mark,
    MarkChange,
    Note,
    NotTaken,
    NotTakenReason,
    Phase,
    Route,
    Stage,
    Vitals,
)
from kapnotes.domain.record import Record
from kapnotes.domain.schedule import missed_slots_s, next_due
from tests.domain.conftest import CRNA, THERAPIST, SessionScript

BODIES = (
    Note("water"),
    Mark("quiet", MarkChange.START),
    Vitals(systolic_mmhg=Decimal(128), diastolic_mmhg=Decimal(76)),
    Dose("ketamine", Decimal(35), Route.IM),
    Dose("ondansetron", Decimal(4), Route.IV, is_rescue=True),
    Infusion("ketamine", Decimal("0.875"), Decimal(35)),
    Infusion("ketamine", Decimal(0)),
    NotTaken(NotTakenReason.ASLEEP),
    Vitals(heart_rate_bpm=Decimal(72)),
    Phase(Stage.DOSING),
    TouchAgreement("hand", TouchConsent.YES),
    ClockJump(-3600.0),
    Vitals(systolic_mmhg=Decimal(170), diastolic_mmhg=Decimal(90)),
    InfusionPause(f"{3:032x}"),
)
AMENDED = (*BODIES[:6], *BODIES[-2:])
_MINUTES = st.integers(0, 90)
_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("note"), st.sampled_from(BODIES), _MINUTES),
        st.tuples(st.just("late"), st.sampled_from(AMENDED), _MINUTES),
        st.tuples(st.just("add"), st.sampled_from(AMENDED), _MINUTES),
        st.tuples(st.just("correct"), st.none() | st.sampled_from(AMENDED), st.integers(0, 20)),
        st.tuples(st.just("early"), st.none() | st.sampled_from(AMENDED), _MINUTES),
    ),
    max_size=16,
)


def answers(record):
    return (
        list(record.standing()),
        [record.of(kind) for kind in (Note, Mark, Vitals, Dose, Infusion, Phase, Note | Dose)],
        record.entered(TouchAgreement | Note),
        (record.first_dose, record.baseline, record.stage, record.infusion_ended, record.dosing_ended),
        (record.infusions(), record.infusion_is_paused, record.marked_runs, record.answered_s),
        record.active_states(),
        record.author_ids,
        record.entries_of(Vitals | Dose | Infusion),
        record.once(count_readings, Vitals),
        (next_due(record, record.origin.shifted(7200)), missed_slots_s(record, record.origin.shifted(7200))),
    )


def count_readings(record):
    return len(record.of(Vitals))


def test_with_thousands_of_readings_a_new_one_is_put_to_what_is_worked_out_already():
    script = SessionScript(ManualClock(datetime(2025, 3, 8, 14, 0, tzinfo=UTC)))
    script.add(Dose("ketamine", Decimal(35), Route.IM), 1)
    record = script.record
    worked_out = record.answered_s, record.baseline_entry
    for minute in range(2, 5):
        script.add(Vitals(systolic_mmhg=Decimal(170), diastolic_mmhg=Decimal(90)), minute)
        script.add(Vitals(heart_rate_bpm=Decimal(72)), minute)

    assert record.answered_s is worked_out[0]
    assert record.answered_s == [60.0, 120.0, 180.0]
    assert record.baseline_entry is worked_out[1]


def correction(script, target, body):
    author = next(one for one in (CRNA, THERAPIST) if one.member_id == target.author_id)
    return script.entry(Correction(target.entry_id, "a slip", body), 93, author=author)


@given(steps=_STEPS)
def test_every_answer_after_every_entry_is_that_of_a_record_made_anew(steps):
    script = SessionScript(ManualClock(datetime(2025, 3, 8, 14, 0, tzinfo=UTC)))
    record = Record([script.opened])
    made = [script.opened]
    waiting = []

    def take(entry):
        record.apply(entry)
        made.append(entry)
        assert answers(record) == answers(Record(made))

    for kind, body, number in steps:
        author = CRNA if isinstance(body, Vitals | Dose | Infusion | InfusionPause) else THERAPIST
        if kind == "correct":
            take(correction(script, made[number % len(made)], body))
        elif kind == "early":  # a correction that is read before what it corrects
            target = script.entry(BODIES[0], number, author=THERAPIST)
            take(correction(script, target, body))
            waiting.append(target)
        elif kind == "late":
            take(script.entry(LateEntry("forgotten", body), number, entered_minute=91, author=author))
        elif kind == "add":
            take(script.entry(Addendum("", "told later", body), number, entered_minute=92, author=author))
        else:
            take(script.entry(body, number, author=author))
    for target in waiting:
        take(target)
