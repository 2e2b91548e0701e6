"""The sheet for the REMS form: what is recorded, and blanks for the rest."""

from datetime import date
from decimal import Decimal

import pytest

from kapnotes.domain.assessed import ChecklistAnswer, CheckState, EventEnded
from kapnotes.domain.rems import rems_sheet


@pytest.fixture
def treated(script_of):
    """Two devices of esketamine at minutes 10 and 15, a baseline before."""
    script = script_of("nasal", protocol="nasal-esketamine")
    script.log("128/78 74 98 14 s5", 5)
    script.log("dose 28 nasal", 10)
    script.log("dose 28 nasal", 15)
    return script


def test_only_a_protocol_that_asks_for_the_form_has_a_sheet(script):
    assert rems_sheet(script.record) is None


def test_what_nobody_recorded_is_a_blank_and_never_a_no(treated):
    found = rems_sheet(treated.record)

    assert (found.minutes, found.ready_min, found.at_40, found.at_end) == (None, None, None, None)
    assert (found.takes, found.acceptable_before, found.acceptable_at_end) == ({}, None, None)
    assert (found.lowest_moaas, found.lots) == (None, ())
    assert set(found.events.values()) == {()}


def test_the_sheet_of_a_whole_stay(treated):
    treated.log("drawn 56 lot E77", 9)
    treated.add(ChecklistAnswer("opioids", CheckState.NO), 6)
    treated.add(ChecklistAnswer("maois", CheckState.OPEN, "ask again"), 6)
    treated.add(ChecklistAnswer("baseline", CheckState.YES), 6)
    dissociation = treated.log("ae Dissociation moderate: stayed", 30)
    treated.log("150/92 90 97 14 s3", 50)
    treated.add(EventEnded(dissociation.entry_id, "Dissociation"), 75)
    treated.log("130/80 80 98 14 s5", 100)
    treated.log("padss 2 2 2 2 0", 100)
    treated.log("padss 2 2 2 2 1", 115)
    treated.log("126/78 76 98 14 s5", 134)
    treated.log("out partner: steady", 136)

    found = rems_sheet(treated.record)

    assert (found.treated_on, found.submit_by) == (date(2025, 3, 8), date(2025, 3, 15))
    assert (found.total_mg, len(found.devices), found.lots) == (Decimal(56), 2, ("E77",))
    assert (found.minutes, found.ready_min) == (126, 105)
    assert [one[1].systolic_mmhg for one in (found.before, found.at_40, found.at_end)] == [128, 150, 126]
    assert {drug: answer.state for drug, answer in found.takes.items()} == {"opioids": CheckState.NO}
    assert (found.acceptable_before, found.acceptable_at_end) == (CheckState.YES, None)
    assert found.lowest_moaas[1] == 3
    (episode,) = found.events["dissociation"]
    assert (episode.began, episode.ended) == (treated.stamp(30), treated.stamp(75))


@pytest.mark.parametrize(("minute", "is_near"), [(34.9, False), (35, True), (65, True), (65.1, False)])
def test_a_pressure_far_from_40_minutes_is_none_of_then(treated, minute, is_near):
    treated.log("150/92", minute)

    assert (rems_sheet(treated.record).at_40 is not None) is is_near
