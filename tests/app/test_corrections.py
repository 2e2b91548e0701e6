"""Correcting in the session, past the windows: what is written, and what becomes of half a correction."""

import pytest

from kapnotes.app.corrections import Corrections
from kapnotes.app.emergency_stamps import EmergencyStamps
from kapnotes.app.log_corrections import LogCorrections
from kapnotes.domain.emergency_step import EmergencyAct, EmergencyStep
from kapnotes.domain.entries import Correction, Infusion, Mark, MarkChange, Note, Phase, Setting, Stage
from kapnotes.domain.errors import KapnotesError


def test_a_correction_is_on_the_disk_beside_what_it_corrects(team):
    house, therapist, crna, pad, log = team
    private, shared = pad.note("one"), pad.setting("lamp down")
    corrections = Corrections(pad)
    corrections.enter(private, "two // misheard", "")
    corrections.enter(shared, "lamp off", "")

    mine, theirs = house.on_disk(therapist, pad), house.on_disk(crna, log)
    assert [note.text for _, note in mine.of(Note)] == ["two"]
    assert [setting.text for _, setting in theirs.of(Setting)] == ["lamp off"]
    reasons = {one.body.reason for one in mine.entries if isinstance(one.body, Correction)}
    assert reasons == {"misheard", "corrected by the author"}
    assert theirs.entry(private.entry_id) is None


def test_undone_and_done_again_and_again_what_stands_is_what_was_asked_for_last(team):
    house, therapist, _, pad, _ = team
    entry = pad.note("one")
    corrections = Corrections(pad)
    made = corrections.enter(entry, "two", "")
    for expected in ("one", "two", "one", "two"):
        made = corrections.undo(made)
        assert [note.text for _, note in pad.record.of(Note)] == [expected]
    assert [note.text for _, note in house.on_disk(therapist, pad).of(Note)] == ["two"]


def test_a_state_is_taken_back_and_brought_back_as_a_whole(team):
    house, _, _, pad, _ = team
    start = pad.toggle_state("challenging")
    house.clock.advance(60)
    pad.toggle_state("challenging")
    corrections = Corrections(pad)

    made = corrections.take_back(start)
    assert pad.record.of(Mark) == []
    corrections.undo(made)
    assert [mark.change for _, mark in pad.record.of(Mark)] == [MarkChange.START, MarkChange.STOP]


@pytest.mark.parametrize("takes_the_step", [True, False])
def test_a_stop_that_the_key_of_an_emergency_stamped_goes_and_comes_with_its_step(team, takes_the_step):
    house, _, crna, _, log = team
    log.log("128/76 72 98 14")
    log.log("inf 35/40")
    house.clock.advance(300)
    stamps = EmergencyStamps(log)
    stamps.begin()
    step = stamps.stamp(EmergencyAct.INFUSION_STOPPED)
    stop = log.record.newest_entry(Infusion)
    corrections = LogCorrections(log)

    made = corrections.take_back(step if takes_the_step else stop)
    assert log.record.infusion_is_running
    assert [one.act for _, one in house.on_disk(crna, log).of(EmergencyStep)] == ["began"]
    corrections.bring_back(step if takes_the_step else stop)
    assert not log.record.infusion_is_running
    assert [one.act for _, one in log.record.of(EmergencyStep)] == ["began", "infusion_stopped"]

    made = corrections.enter(step, "// the pump runs", "")
    assert log.record.infusion_is_running
    assert {one.body.reason for one in made} == {"the pump runs"}
    corrections.undo(made)
    assert not log.record.infusion_is_running


def test_a_stop_typed_into_the_line_stands_alone(team):
    house, _, _, _, log = team
    log.log("128/76 72 98 14")
    log.log("inf 35/40")
    house.clock.advance(300)
    stamps = EmergencyStamps(log)
    stamps.begin()
    stamps.stamp(EmergencyAct.INFUSION_STOPPED)
    house.clock.advance(10)
    log.log("inf 35/40")
    house.clock.advance(10)
    stop = log.log("inf 0")

    assert len(LogCorrections(log).take_back(stop)) == 1
    assert len(log.record.of(EmergencyStep)) == 2


def test_nobody_corrects_what_somebody_else_wrote(team):
    _, _, _, pad, log = team
    setting = log.keep(Setting("window open"))

    with pytest.raises(KapnotesError, match="only its author"):
        Corrections(pad).enter(pad.record.entry(setting.entry_id), "window shut", "")


@pytest.mark.parametrize("words", ["", "// of another patient", "inf 0"])
def test_without_its_only_dose_a_session_is_in_preparation_again_and_with_it_dosing(team, words):
    house, _, crna, pad, log = team
    log.log("128/76 72 98 14")
    dose = log.log("inf 35/40")
    assert pad.record.stage is Stage.DOSING
    corrections = LogCorrections(log)

    made = corrections.enter(dose, words) if words else corrections.take_back(dose)
    for record in (log.record, pad.record, house.on_disk(crna, log)):
        assert (record.stage, record.first_dose) == (Stage.PREPARATION, None)
    corrections.undo(made)
    assert (pad.record.stage, pad.record.first_dose) == (Stage.DOSING, dose.happened)

    corrections.take_back(dose)
    house.clock.advance(600)
    log.log("dose 35 im")
    phases = [entry.happened for entry, phase in pad.record.of(Phase) if phase.stage is Stage.DOSING]
    assert phases == [log.record.first_dose]


def test_a_dose_that_comes_back_brings_its_stage_and_one_of_two_leaves_it(team):
    _, _, _, pad, log = team
    log.log("128/76 72 98 14")
    first, second = log.log("dose 20 im"), log.log("dose 15 im")
    corrections = LogCorrections(log)

    assert len(corrections.take_back(first)) == 1
    assert pad.record.stage is Stage.DOSING
    corrections.take_back(second)
    assert pad.record.stage is Stage.PREPARATION
    corrections.bring_back(second)
    assert pad.record.stage is Stage.DOSING

    pad.enter_stage(Stage.RETURN)
    corrections.take_back(second)
    assert pad.record.stage is Stage.RETURN  # somebody entered that
