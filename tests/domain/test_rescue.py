"""The clinic's list completes the name of a rescue drug, asks about any other, and knows no dose."""

from dataclasses import fields
from decimal import Decimal

import pytest

from kapnotes.domain.clinic import USUAL_DRUGS, RescueDrug
from kapnotes.domain.entries import Dose, Route
from kapnotes.domain.errors import Misread
from kapnotes.domain.rescue import completed, matches, read_drug, typed_drug, unknown_drug

DRUGS = (RescueDrug("midazolam"), RescueDrug("metoprolol"), RescueDrug("ondansetron", ("iv",)), RescueDrug("met"))


@pytest.mark.parametrize(
    ("typed", "names"),
    [("ond", ["ondansetron"]), ("ONDAN", ["ondansetron"]), ("met", ["met"]), ("m", ["midazolam", "metoprolol", "met"]),
     ("oxytocin", [])],
)  # fmt: skip
def test_a_name_means_the_one_of_that_name_or_all_that_begin_so(typed, names):
    assert [drug.name for drug in matches(typed, DRUGS)] == names


def test_the_only_match_completes_the_name_and_several_are_told_with_the_column():
    assert completed("ond", 7, DRUGS) == "ondansetron"
    assert completed("oxytocin", 7, DRUGS) == "oxytocin"
    with pytest.raises(Misread, match="This may be midazolam, metoprolol, met") as fault:
        completed("m", 7, DRUGS)
    assert fault.value.column == 7


def test_the_name_is_found_where_it_is_typed():
    assert typed_drug("rescue ond 4 iv") == ("ond", 7)
    assert typed_drug("  RESCUE  ond") == ("ond", 10)
    assert typed_drug("rescue") is typed_drug("dose 35 im") is typed_drug("") is None


def test_a_drug_that_is_not_on_the_list_is_asked_about_once_in_a_session(script):
    oxygen = Dose("Flumazenil", Decimal(1), Route.IV, is_rescue=True)
    assert unknown_drug(oxygen, script.record, DRUGS) == "Flumazenil"
    assert unknown_drug(Dose("ketamine", Decimal(35), Route.IM), script.record, DRUGS) == ""

    script.add(oxygen, 1)
    assert unknown_drug(Dose("flumazenil", Decimal(1), Route.IV, is_rescue=True), script.record, DRUGS) == ""


def test_the_presets_are_those_of_the_field_notes_and_carry_no_dose():
    assert [drug.name for drug in USUAL_DRUGS] == ["ondansetron", "midazolam", "labetalol", "clonidine"]
    assert [field.name for field in fields(RescueDrug)] == ["name", "routes", "unit"]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("", "iv", "mg"), "one word"),
        (("4 mg", "iv", "mg"), "one word"),
        (("ondansetron", "iv arm", "mg"), "A route is one of"),
        (("ondansetron", "iv", "spoons"), "A unit is one of"),
    ],
)
def test_a_drug_that_is_not_whole_is_refused_in_one_line(words, reason):
    with pytest.raises(Misread, match=reason):
        read_drug(*words)


def test_routes_may_be_typed_in_any_way():
    assert read_drug(" Naloxone ", "IV, nasal iv", "mg") == RescueDrug("Naloxone", ("iv", "nasal"), "mg")
