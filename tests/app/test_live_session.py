from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kapnotes.app.typed_fields import NOTE
from kapnotes.domain.entries import (
    CheckIn,
    Correction,
    Infusion,
    Mark,
    MarkChange,
    Note,
    Phase,
    Setting,
    Stage,
    TakenBy,
    Vitals,
)
from kapnotes.domain.errors import Implausible, KapnotesError, Misread, NeedsConfirmation, NotEntitled
from kapnotes.domain.members import Role


def test_a_note_is_dated_by_its_first_key_and_not_by_enter(team):
    house, _, _, pad, _ = team
    first_key = pad.begin_note()
    house.clock.advance(40)

    note = pad.note("tears, hand on chest")

    assert note.happened == first_key
    assert note.entered.utc_ns - note.happened.utc_ns == 40_000_000_000


def test_a_line_that_was_emptied_gives_its_time_back(team):
    house, _, _, pad, _ = team
    pad.begin_note()
    pad.typing.drop(NOTE)
    house.clock.advance(60)

    note = pad.note("later")

    assert note.happened == note.entered


def test_what_is_noted_is_on_the_disk_and_told_as_saved_only_then(team):
    house, therapist, _, pad, _ = team
    told = []
    pad.saved.add(told.append)

    note = pad.note("it's all water", "quote")

    assert told == [note]
    assert note in house.on_disk(therapist, pad).entries
    assert pad.saving.unsaved == ()


def test_a_lone_surrogate_is_kept_as_a_replacement_sign_and_all_else_as_typed(team):
    house, therapist, _, pad, _ = team
    pad.note("a\ud800b \u202eabc\u202c é e\u0301 \U0001f469\u200d\U0001f52c \x00\x07\t")

    kept = house.on_disk(therapist, pad).newest(Note)

    assert kept.text == "a\ufffdb \u202eabc\u202c é e\u0301 \U0001f469\u200d\U0001f52c \x00\x07\t"


def test_a_state_starts_and_stops_by_the_same_key_and_a_double_press_counts_once(team):
    house, _, _, pad, _ = team
    ignored = []
    pad.repeat_ignored.add(ignored.append)

    started = pad.toggle_state("challenging")
    house.clock.advance(0.4)
    pressed_twice = pad.toggle_state("challenging")
    house.clock.advance(200)
    stopped = pad.toggle_state("challenging")

    assert started.body == Mark("challenging", MarkChange.START)
    assert pressed_twice is None
    assert ignored == ["challenging"]
    assert stopped.body == Mark("challenging", MarkChange.STOP)


def test_two_different_marks_within_a_second_are_both_kept(team):
    _, _, _, pad, _ = team

    assert pad.mark("affect") is not None
    assert pad.mark("body") is not None


def test_a_check_in_without_words_is_quiet(team):
    _, _, _, pad, _ = team

    assert pad.check_in().body == CheckIn("")


def test_a_reading_that_cannot_be_is_refused_and_nothing_is_kept(team):
    _, _, _, _, log = team
    before = len(log.record.entries)

    with pytest.raises(Implausible):
        log.log("80/120")
    with pytest.raises(Misread):
        log.log("foo")

    assert len(log.record.entries) == before


def test_an_unusual_reading_is_kept_when_it_is_entered_a_second_time(team):
    _, _, _, _, log = team

    with pytest.raises(NeedsConfirmation):
        log.log("hr30")
    kept = log.log("hr30", is_confirmed=True)

    assert kept.body.heart_rate_bpm == Decimal(30)
    assert kept.body.unusual


@pytest.mark.parametrize("line", ["dose 999999", "inf 99999/1", "inf 2000"])
def test_a_dose_that_nobody_gives_is_refused_and_nothing_is_kept(team, line):
    _, _, _, _, log = team
    before = len(log.record.entries)

    for is_confirmed in (False, True):
        with pytest.raises(Implausible):
            log.log(line, is_confirmed=is_confirmed)

    assert len(log.record.entries) == before


@pytest.mark.parametrize("line", ["dose 600", "inf 600/60", "inf 12"])
def test_an_unusual_dose_is_kept_when_it_is_entered_a_second_time(team, line):
    _, _, _, _, log = team
    log.log("128/76 72 98 14 s5")

    with pytest.raises(NeedsConfirmation):
        log.log(line)
    assert log.record.first_dose is None
    kept = log.log(line, is_confirmed=True)

    assert log.record.first_dose == kept.happened


def test_the_first_dose_begins_dosing_and_further_ones_do_not(team):
    _, _, _, pad, log = team

    log.log("inf 35/40 hold no cuff")
    log.log("inf 0")

    stages = [entry.body.stage for entry in log.record.entries if isinstance(entry.body, Phase)]
    assert stages == [Stage.PREPARATION, Stage.DOSING]
    assert pad.record.stage is Stage.DOSING


def test_a_therapist_cannot_write_the_medical_record(team):
    _, _, _, pad, _ = team

    with pytest.raises(NotEntitled):
        pad.log("128/76 72 98 14")


def test_a_crna_cannot_write_process_notes(team):
    _, _, _, _, log = team

    with pytest.raises(NotEntitled):
        log.note("not mine")


def test_a_therapist_alone_keeps_what_the_patient_measured_and_it_is_marked_so(house):
    seat = house.make()
    live = house.start(seat, house.patient(seat), [seat.member], "sublingual")

    reading = live.log("128/76 72", taken_by=TakenBy.PATIENT)
    dose = live.log("dose 100", taken_by=TakenBy.PATIENT)

    assert reading.body.taken_by is TakenBy.PATIENT
    assert dose.body.route == "sublingual"
    assert {reading.entry_id, dose.entry_id} <= {entry.entry_id for entry in house.on_disk(seat, live).entries}


def test_one_person_with_both_roles_writes_both_kinds(house):
    seat = house.make("Pat, LCSW PA", Role.THERAPIST, Role.MEDICAL)
    live = house.start(seat, house.patient(seat), [seat.member])

    live.note("a note")
    live.log("128/76 72 98 14 s5")

    assert {type(entry.body) for entry in house.on_disk(seat, live).entries} >= {Note, Vitals}


def test_a_crna_alone_runs_a_session_without_any_process_notes(house):
    seat = house.make("Carl, CRNA", Role.MEDICAL)
    live = house.start(seat, house.patient(seat), [seat.member])
    live.log("inf 35/40 hold no cuff")

    assert house.on_disk(seat, live).newest(Infusion).planned_mg == Decimal(35)
    assert not list(house.vault.glob("therapy-*"))


def test_a_correction_stands_and_the_original_stays(team):
    house, _, crna, _, log = team
    wrong = log.log("128/76 72 98 14")

    log.correct(wrong.entry_id, "a digit missed", Vitals(systolic_mmhg=Decimal(138), diastolic_mmhg=Decimal(76)))
    record = house.on_disk(crna, log)

    assert record.newest(Vitals).systolic_mmhg == 138
    assert record.entry(wrong.entry_id).body.systolic_mmhg == 128
    assert isinstance(record.corrections_of(wrong.entry_id)[0].body, Correction)


def test_nobody_corrects_what_somebody_else_entered(team):
    _, _, _, pad, log = team
    room = pad.setting("lamp down")

    with pytest.raises(KapnotesError, match="Only the author"):
        log.correct(room.entry_id, "no", Setting("lamp up"))


def test_time_since_the_dose_is_right_across_a_clock_that_was_set(team):
    house, _, _, pad, log = team
    log.log("inf 35/40 hold no cuff")
    house.clock.advance(600)
    house.clock.jump(-7200)

    assert pad.elapsed_s() == 600


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(max_size=60), min_size=1, max_size=6))
def test_any_text_comes_back_from_the_disk_as_it_was_typed(team, texts):
    house, therapist, _, pad, _ = team
    before = len(pad.record.of(Note))
    for text in texts:
        pad.note(text)

    kept = [note.text for _, note in house.on_disk(therapist, pad).of(Note)][before:]

    assert kept == texts


def test_times_of_entries_are_local_and_aware(team):
    _, _, _, pad, _ = team

    assert pad.note("x").happened.local().utcoffset() == timedelta(0)
