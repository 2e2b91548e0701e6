"""Lines of the drug through a real vault: what stands beside an entry is kept with it, in one write, and corrected."""

from decimal import Decimal

import pytest

from kapnotes.app.emergency_stamps import EmergencyStamps
from kapnotes.app.log_corrections import LogCorrections
from kapnotes.domain.completeness import missing
from kapnotes.domain.drug_entries import DoseDetail, Drawn, InfusionPause, Returned
from kapnotes.domain.drug_trail import detail_of, open_balances
from kapnotes.domain.emergency_step import EmergencyAct
from kapnotes.domain.entries import Dose, Infusion, LateEntry
from kapnotes.domain.errors import Implausible, Misread, NeedsConfirmation
from kapnotes.domain.words import in_english


@pytest.fixture
def log(team):
    """The CRNA's log of a patient of 70 kg, with a baseline; the protocol plans 0.5 mg/kg."""
    house, _, crna, _, _ = team
    patient = house.patient(crna, "K-0143", Decimal(70))
    log = house.start(crna, patient, [crna.member])
    log.log("120/80 72 98 14 s5")
    house.clock.advance(60)
    log.house, log.crna = house, crna
    return log


def on_disk(log, kind):
    return [body for _, body in log.house.on_disk(log.crna, log).of(kind)]


def test_where_a_dose_went_is_on_the_disk_beside_it_and_names_it(log):
    dose = log.log("dose 0.7ml 50mg/ml im left deltoid")

    assert on_disk(log, Dose)[0].dose_mg == 35
    assert on_disk(log, DoseDetail) == [DoseDetail(dose.entry_id, "left deltoid", Decimal("0.7"), Decimal(50))]


def test_a_late_dose_is_late_with_its_site(log):
    log.house.clock.advance(600)
    log.log("late 13:05 typed nothing then: dose 35 im left thigh")

    dose, detail = (one.entry for one in log.made[-3:] if isinstance(one.entry.body, LateEntry))
    assert detail.body == LateEntry("typed nothing then", DoseDetail(dose.entry_id, "left thigh"))
    assert detail.happened == dose.happened
    assert detail_of(log.record, dose).site == "left thigh"


def test_an_infusion_pauses_and_goes_on_at_the_rate_before(log):
    log.log("inf 35/40")
    log.house.clock.advance(600)
    stop = log.log("inf pause")
    assert on_disk(log, InfusionPause) == [InfusionPause(stop.entry_id)]
    log.house.clock.advance(300)

    went_on = log.log("inf go")

    assert went_on.body == Infusion("ketamine", Decimal("0.8750"))
    assert log.record.given_mg(log.now()) == Decimal("8.75")


@pytest.mark.parametrize("line", ["inf 0", "inf pause", "inf go"])
def test_what_does_not_run_is_neither_stopped_nor_paused_nor_resumed(log, line):
    with pytest.raises(Misread) as misread:
        log.log(line)

    assert misread.value.column == 4
    assert on_disk(log, Infusion) == []


def test_a_late_stop_is_held_against_what_ran_then(log):
    log.log("inf 35/40")
    log.house.clock.advance(1200)
    log.log("inf 0")
    log.house.clock.advance(300)

    log.log("late 13:10 stopped earlier: inf 0")
    with pytest.raises(Misread) as misread:
        log.log("late 13:00 stopped earlier: inf 0")

    assert misread.value.column == len("late 13:00 stopped earlier: inf ")
    assert log.record.given_mg(log.now()) == Decimal("0.88") * 9 - Decimal("0.04")  # 13:01 to 13:10 at 0.875


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("dose 20 im", Dose),
        ("inf 60/40", Infusion),
        ("drawn 100 lot A12 exp 2026-02", Drawn),
    ],
)
def test_what_is_far_off_the_plan_or_expired_is_asked_about_once(log, line, kind):
    with pytest.raises(NeedsConfirmation):
        log.log(line)
    assert on_disk(log, kind) == []

    log.log(line, is_confirmed=True)

    assert len(on_disk(log, kind)) == 1


def test_more_than_anybody_draws_is_refused(log):
    with pytest.raises(Implausible):
        log.log("drawn 10001", is_confirmed=True)


def test_the_balance_closes_through_the_disk(log):
    for line in ("drawn 2ml 50mg/ml lot A12 exp 2027-03", "dose 35 im", "waste 45 R. Witness", "return 20 pharmacy"):
        log.log(line)

    assert on_disk(log, Returned) == [Returned("ketamine", Decimal(20), "pharmacy")]
    record = log.house.on_disk(log.crna, log)
    assert open_balances(record, log.now()) == []


def test_a_correction_takes_up_the_whole_line_and_changes_what_stands_beside(log):
    corrections = LogCorrections(log)
    dose = log.log("dose 35 0.7ml 50mg/ml im left deltoid")
    line, _ = corrections.words_to_correct(log.record.as_it_stands(dose))
    assert log.lines.read(line) == dose.body

    corrections.enter(dose, line.replace("left", "right") + " // wrong side")

    assert detail_of(log.record, dose) == DoseDetail(dose.entry_id, "right deltoid", Decimal("0.7"), Decimal(50))
    assert log.record.as_it_stands(dose).body == dose.body
    corrections.enter(dose, "dose 30 im // misread")
    assert detail_of(log.record, dose) is None
    assert log.record.as_it_stands(dose).body.dose_mg == 30
    corrections.enter(dose, "dose 30 im left thigh // asked again")
    assert detail_of(log.record, dose).site == "left thigh"


def test_a_stop_is_corrected_into_a_pause_and_back(log):
    corrections = LogCorrections(log)
    log.log("inf 35/40")
    log.house.clock.advance(60)
    stop = log.log("inf 0")

    corrections.enter(stop, "inf pause // it went on")
    assert log.record.infusion_is_paused
    assert corrections.words_to_correct(stop) == ("inf pause", "")
    corrections.enter(stop, "inf 0 // it did not")
    assert not log.record.infusion_is_paused


def test_an_emergency_that_stops_the_infusion_ends_a_paused_one_as_well(log):
    log.log("inf 35/40")
    log.house.clock.advance(60)
    log.log("inf pause")
    log.house.clock.advance(60)

    EmergencyStamps(log).stamp(EmergencyAct.INFUSION_STOPPED)

    assert (log.record.infusion_is_paused, log.record.infusion_ended is None) == (False, False)


@pytest.mark.parametrize("before", [[], ["inf pause"]])
def test_a_typed_step_that_says_the_infusion_is_stopped_stops_it_as_its_key_does(log, before):
    log.log("inf 35/40")
    log.house.clock.advance(60)
    for line in before:
        log.log(line)
        log.house.clock.advance(60)
    step = log.log("em infusion_stopped")

    assert log.record.infusion_ended == step.happened
    assert on_disk(log, Infusion)[-1].rate_mg_per_min == 0

    LogCorrections(log).take_back(step)
    assert log.record.infusion_ended is None


def test_a_step_that_is_typed_when_nothing_runs_or_that_is_late_changes_nothing_in_the_drugs(log):
    log.log("em infusion_stopped")
    assert on_disk(log, Infusion) == []

    log.log("inf 35/40")
    log.house.clock.advance(600)
    at = log.now().local()
    log.house.clock.advance(600)
    log.log(f"late {at:%H:%M} no hand free: em infusion_stopped")

    assert log.record.infusion_is_running
    line = f"“Infusion stopped” is stamped at {at:%H:%M}, and in the drugs it runs on then."
    assert line in missing(log.record, log.member, log.now(), in_english)
    log.log("inf 0")
    assert line in missing(log.record, log.member, log.now(), in_english)
    log.log(f"late {at:%H:%M} no hand free: inf 0")
    assert line not in missing(log.record, log.member, log.now(), in_english)
