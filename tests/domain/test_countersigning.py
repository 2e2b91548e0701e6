"""A second signature holds as long as the entry says what it said then, and never by the entry's own author."""

from dataclasses import replace
from decimal import Decimal

import pytest

from kapnotes.domain.countersigning import (
    candidates,
    countersigned,
    digest,
    is_vouched,
    second_members,
    vouched_in_words,
)
from kapnotes.domain.drug_entries import Countersignature, Countersigned, DoseDetail, InfusionPause
from kapnotes.domain.drug_findings import drug_findings
from kapnotes.domain.words import in_english


@pytest.fixture
def vouch(script, therapist):
    """Let somebody sign an entry as it stands."""

    def sign(entry, minute=50, meaning=Countersigned.WITNESSED_WASTE, author=therapist):
        said = Countersignature(
            entry.entry_id, entry.author_id, digest(script.record, entry), meaning, "T. Therapist", "LCSW"
        )
        return script.add(said, minute, author=author)

    return sign


def lines(script):
    return [line for line in drug_findings(script.record, script.stamp(120), in_english) if "sign" in line]


def test_a_witness_who_signed_stands_with_name_credential_and_time(script, vouch):
    waste = script.log("waste 15 T. Therapist", 41)
    assert lines(script) == ["Waste at 14:41: witness named, not signed."]

    vouch(waste)

    assert vouched_in_words(script.record, waste, in_english) == ["witnessed by T. Therapist, LCSW, 14:50"]
    assert lines(script) == []


@pytest.mark.parametrize("change", ["amount", "taken back"])
def test_what_was_changed_since_does_not_match(script, vouch, change):
    waste = script.log("waste 15 T. Therapist", 41)
    vouch(waste)
    script.correct(waste, None if change == "taken back" else replace(waste.body, waste_mg=Decimal(16)), 60)

    if change == "taken back":
        assert waste not in candidates(script.record)
        return
    assert not is_vouched(script.record, waste)
    assert vouched_in_words(script.record, waste, in_english)[0].endswith("(does not match: changed since)")
    assert lines(script) == ["At 14:41: changed since a second member signed it."]

    script.correct(waste, waste.body, 61)
    assert is_vouched(script.record, waste)

    script.correct(waste, replace(waste.body, waste_mg=Decimal("15.00")), 62)  # the same amount
    assert is_vouched(script.record, waste)


def test_a_checked_dose_is_checked_with_its_site_and_volume(script, vouch):
    dose = script.log("dose 35 im", 1)
    detail = script.add(DoseDetail(dose.entry_id, "left deltoid"), 1)
    vouch(dose, 2, Countersigned.CHECKED_DOSE)
    assert vouched_in_words(script.record, dose, in_english) == ["checked by T. Therapist, LCSW, 14:02"]

    script.correct(detail, replace(detail.body, site="right deltoid"), 3)

    assert not is_vouched(script.record, dose)


def test_a_stop_and_a_pause_are_not_the_same_to_a_second_check(script):
    script.log("inf 1", 0)
    stop = script.log("inf 0", 5)
    before = digest(script.record, stop)
    script.add(InfusionPause(stop.entry_id), 5)

    assert digest(script.record, stop) != before


def test_nobody_vouches_for_an_own_entry(script, vouch, crna, therapist):
    waste = script.log("waste 15 C. Nurse", 41)
    vouch(waste, author=crna)

    assert countersigned(script.record, waste) == []
    assert second_members(script.record, waste, [crna, therapist]) == [therapist]
    assert lines(script) == ["Waste at 14:41: witness named, not signed."]


def test_the_newest_dose_setting_or_waste_is_offered_first(script):
    made = [script.log(line, minute) for minute, line in enumerate(["dose 35 im", "128/76", "inf 1", "waste 5 R. W"])]

    assert candidates(script.record) == [made[3], made[2], made[0]]
