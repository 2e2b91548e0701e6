"""Drawn = given + wasted + returned, whatever the order of entries and corrections; what is asked about and refused."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kapnotes.domain.drug_checks import require_flow, require_possible_stock, unusual_in_trail
from kapnotes.domain.drug_entries import DoseDetail, Drawn, InfusionPause, Returned
from kapnotes.domain.drug_findings import drug_findings
from kapnotes.domain.drug_trail import agrees, balance_of, balances, detail_of, open_balances
from kapnotes.domain.drug_words import against_plan_in_words, beside_in_words, is_doubtful, stock_in_words
from kapnotes.domain.entries import Correction, Dose, Infusion, LateEntry, Route, TakenBy, Waste
from kapnotes.domain.errors import Implausible, Misread
from kapnotes.domain.record import Record
from kapnotes.domain.words import in_english

KETAMINE = "ketamine"


def findings(script, minute=120):
    return drug_findings(script.record, script.stamp(minute), in_english)


def test_the_balance_is_open_until_all_is_given_wasted_or_returned(script):
    script.log("drawn 100 50mg/ml 2ml lot A12 exp 2027-03", 0)
    script.log("dose 35 im", 1)
    script.log("waste 45 R. Witness", 2)

    (found,) = open_balances(script.record, script.stamp(3))
    assert (found.drawn_mg, found.given_mg, found.wasted_mg, found.open_mg) == (100, 35, 45, 20)

    script.log("return 20 pharmacy", 4)
    assert open_balances(script.record, script.stamp(5)) == []
    assert balance_of(script.record, "Ketamine", script.stamp(3)).open_mg == 20


def test_a_rescue_drug_has_a_balance_of_its_own_only_where_it_was_drawn(script):
    script.log("drawn Midazolam 5 lot M1", 0)
    script.log("rescue midazolam 2 iv", 1)
    script.log("rescue ondansetron 4 iv", 2)
    script.log("waste midazolam 3 R. Witness", 3)

    assert [(one.drug, one.open_mg) for one in balances(script.record, script.stamp(4))] == [("Midazolam", 0)]


def test_an_infusion_counts_as_far_as_it_has_run(script):
    script.log("drawn 50 lot A12", 0)
    script.log("inf 35/40", 0)

    assert balance_of(script.record, KETAMINE, script.stamp(20)).open_mg == Decimal("32.5")
    script.log("inf 0", 40)
    assert balance_of(script.record, KETAMINE, script.stamp(60)).open_mg == 15


DRUGS = st.sampled_from([KETAMINE, "midazolam"])
AMOUNTS = st.decimals("0.01", 500, places=4)
BOOK = st.one_of(
    st.builds(Drawn, DRUGS, AMOUNTS),
    st.builds(Waste, DRUGS, AMOUNTS, st.just("R. Witness")),
    st.builds(Returned, DRUGS, AMOUNTS, st.just("pharmacy")),
    st.builds(Dose, DRUGS, AMOUNTS, st.just(Route.IM), is_rescue=st.booleans()),
)
STEPS = st.lists(st.tuples(BOOK, st.sampled_from(["noted", "late", "corrected", "retracted", "restored"])), max_size=10)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])  # it makes new ones
@given(STEPS, st.randoms(use_true_random=False))
def test_the_balance_is_what_stands_whatever_the_order_of_entries_and_corrections(script_of, steps, random):
    script = script_of("iv", weight_kg=Decimal(70))
    entries, left = [script.opened], dict.fromkeys((KETAMINE, "midazolam"), Decimal(0))
    drawn = set()
    for minute, (body, fate) in enumerate(steps, 1):
        made = script.entry(LateEntry("missed", body) if fate == "late" else body, minute)
        entries.append(made)
        stands = body
        if fate == "corrected":
            field = next(name for name in body.__dataclass_fields__ if name.endswith("_mg") and "per" not in name)
            stands = replace(body, **{field: getattr(body, field) + 1})
            entries.append(script.entry(Correction(made.entry_id, "slip", stands), minute + 0.1))
        if fate in {"retracted", "restored"}:
            taken_back = script.entry(Correction(made.entry_id, "slip"), minute + 0.1)
            entries.append(taken_back)
            stands = None
            if fate == "restored":
                entries.append(script.entry(Correction(taken_back.entry_id, "slip"), minute + 0.2))
                stands = body
        match stands:
            case Drawn(drug, amount_mg):
                left[drug] += amount_mg
                drawn.add(drug)
            case Waste(drug, amount_mg) | Returned(drug, amount_mg) | Dose(drug, amount_mg):
                left[drug] -= amount_mg
    random.shuffle(entries)

    record = Record(entries)

    found = balances(record, script.stamp(100))
    assert {one.drug: one.open_mg for one in found} == {drug: left[drug].quantize(Decimal("0.01")) for drug in drawn}


# ------------------------------------------------------------------------------------------ what is asked about


def unusual(script, body, minute=10):
    return unusual_in_trail(script.record, body, script.stamp(minute))


@pytest.mark.parametrize(("mg", "is_asked"), [("28", False), ("27.99", True), ("42", False), ("42.01", True)])
def test_a_dose_further_than_a_fifth_from_the_plan_is_asked_about(script, mg, is_asked):
    for body in (Dose(KETAMINE, Decimal(mg), Route.IM), Infusion(KETAMINE, Decimal(1), Decimal(mg))):
        assert bool(unusual(script, body)) is is_asked
        assert not unusual(script, replace(body, drug="midazolam"))


def test_without_a_weight_or_a_plan_nothing_is_asked(script_of):
    for script in (script_of("iv"), script_of("im", protocol="im", weight_kg=Decimal(70))):
        assert unusual(script, Dose(KETAMINE, Decimal(400), Route.IM)) == ()


def test_mg_per_kg_and_the_plan_are_told_as_facts(script, script_of):
    dose = Dose(KETAMINE, Decimal(21), Route.IM)

    assert against_plan_in_words(script.record, dose, in_english) == ["0.3 mg/kg", "protocol: 0.5 mg/kg = 35 mg"]
    assert against_plan_in_words(script_of("iv").record, dose, in_english) == []
    assert against_plan_in_words(script.record, replace(dose, drug="ondansetron", is_rescue=True), in_english) == []


@pytest.mark.parametrize(
    ("expires", "is_asked"), [("2025-02", True), ("2025-03", False), ("2027-01", False), ("", False)]
)
def test_a_vial_is_asked_about_once_its_month_is_over(script, expires, is_asked):
    drawn = script.entry(Drawn(KETAMINE, Decimal(50), expires=expires), 10)  # on 8 March 2025

    assert bool(unusual(script, drawn.body)) == is_asked
    assert ("expired" in stock_in_words(drawn.body, in_english, drawn.happened)) == is_asked
    assert is_doubtful(drawn, script.record) == is_asked


def test_more_waste_than_is_open_is_asked_about_where_the_drug_was_drawn(script):
    waste = Waste(KETAMINE, Decimal(20), "R. Witness")
    assert unusual(script, waste) == ()

    script.log("drawn 15", 1)

    assert unusual(script, waste) == ("20 mg is more than is open (15 mg)",)
    assert unusual(script, replace(waste, waste_mg=Decimal(15))) == ()
    assert unusual(script, Returned(KETAMINE, Decimal("15.01"), "pharmacy"))


@pytest.mark.parametrize(
    "body",
    [
        Drawn(KETAMINE, Decimal(10001)),
        Drawn(KETAMINE, Decimal(5), None, Decimal(1001)),
        Waste(KETAMINE, Decimal(10001), "R. Witness"),
        Returned(KETAMINE, Decimal(10001), "pharmacy"),
    ],
)
def test_what_nobody_draws_is_refused(body):
    with pytest.raises(Implausible):
        require_possible_stock(body)


# -------------------------------------------------------------------------------------------------- details


def test_where_a_dose_went_is_what_its_own_author_says_last(script, therapist):
    dose = script.log("dose 35 im", 1)
    first = script.add(DoseDetail(dose.entry_id, "left deltoid", Decimal("0.7"), Decimal(50)), 1)
    script.add(DoseDetail(dose.entry_id, "somewhere"), 2, author=therapist)
    assert detail_of(script.record, dose) == first.body
    assert beside_in_words(dose, script.record, in_english) == ["left deltoid · 0.7 mL of 50 mg/mL"]

    script.correct(first, replace(first.body, site="right deltoid"), 3)
    assert detail_of(script.record, dose).site == "right deltoid"

    script.correct(dose, replace(dose.body, dose_mg=Decimal(30)), 4)
    standing = script.record.as_it_stands(dose)
    assert not agrees(standing.body, detail_of(script.record, dose))
    assert "does not make this dose" in beside_in_words(standing, script.record, in_english)[-1]


def test_what_was_drawn_is_told_with_all_that_was_typed():
    drawn = Drawn(KETAMINE, Decimal("100.0"), Decimal("2.0"), Decimal(50), "A12", "2027-03")

    assert stock_in_words(drawn, in_english) == ("drawn: ketamine 100 mg · exp 2027-03 · lot A12 · 2 mL of 50 mg/mL")
    assert stock_in_words(Drawn(KETAMINE, Decimal(5)), in_english) == "drawn: ketamine 5 mg"


# ----------------------------------------------------------------------------------------------- the pauses


def flow_refuses(script, body, minute, *, is_pause=False):
    try:
        require_flow(script.record, body, script.stamp(minute), 4, is_pause=is_pause)
    except Misread as misread:
        return str(misread).split(".")[0] if misread.column == 4 else "elsewhere"
    return ""


def pause(script, minute):
    stop = script.log("inf 0", minute)
    script.add(InfusionPause(stop.entry_id), minute)
    return stop


def test_a_stop_or_a_pause_of_what_does_not_run_is_refused(script):
    stop = Infusion(KETAMINE, Decimal(0))
    assert flow_refuses(script, stop, 0) == flow_refuses(script, stop, 0, is_pause=True) == "No infusion runs"

    script.log("inf 1", 1)
    assert flow_refuses(script, stop, 2) == flow_refuses(script, stop, 2, is_pause=True) == ""
    assert flow_refuses(script, stop, 0) == "No infusion runs"

    pause(script, 3)
    assert flow_refuses(script, stop, 4, is_pause=True) == "The infusion is paused already"
    assert flow_refuses(script, stop, 4) == ""

    script.log("inf 0", 5)
    assert flow_refuses(script, stop, 6) == "No infusion runs"


# A hand-computed table: 1 mg/min from 0, 0.5 from 10, paused at 20, on at 0.5 from 26, 0.25 from 30, stopped at 50.
GIVEN_MG = {
    5: "5",
    10: "10",
    15: "12.5",
    20: "15",
    23: "15",
    26: "15",
    28: "16",
    30: "17",
    40: "19.5",
    50: "22",
    60: "22",
}


def test_totals_in_mg_and_mg_per_kg_are_those_of_the_table_at_any_time(script):
    script.log("inf 1", 0)
    script.log("inf 0.5", 10)
    pause(script, 20)
    went_on = script.log("inf 0.5", 26)
    script.log("inf 0.25", 30)
    script.log("inf 0", 50)

    record = script.record
    assert {minute: str(record.given_mg(script.stamp(minute))) for minute in GIVEN_MG} == GIVEN_MG
    assert record.given_mg_per_kg(script.stamp(50)) == Decimal("0.31")  # 22 mg / 70 kg
    assert [segment.amount_mg for segment in record.segments(script.stamp(60))] == [10, 5, 2, 5]
    assert record.resumes(went_on)
    assert [(one.start, one.stop) for one in record.infusions()] == [(script.stamp(0), script.stamp(50))]


def test_a_pause_is_no_end_and_a_stop_in_it_is_one(script):
    script.log("inf 35/40", 0)
    stop = pause(script, 10)
    record = script.record
    assert record.is_pause(stop)
    assert (record.infusion_is_running, record.infusion_is_paused) == (False, True)
    assert (record.infusion_ended, record.dosing_ended) == (None, None)
    assert "The infusion is paused, and was neither resumed nor stopped." in findings(script)

    script.log("inf 0", 15)

    assert (record.infusion_is_paused, record.infusion_ended) == (False, script.stamp(15))
    assert record.given_mg(script.stamp(60)) == Decimal("8.75")


def test_a_plan_goes_on_through_a_pause_and_not_through_a_stop(script):
    script.log("inf 35/40", 0)
    pause(script, 20)
    script.log("inf 0.875", 30)

    assert not script.record.is_over_plan(script.stamp(50))
    assert script.record.is_over_plan(script.stamp(51))

    script.log("inf 0", 52)
    script.log("inf 0.875", 60)
    assert not script.record.is_over_plan(script.stamp(100))


# ----------------------------------------------------------------------------------------------- what is missing


def test_a_book_that_is_whole_lacks_nothing(script):
    script.log("drawn 50 lot A12", 0)
    script.log("inf 35/40", 0)
    script.log("inf 0", 40)
    script.log("return 15 pharmacy", 41)

    assert findings(script) == []


def test_an_open_balance_a_missing_lot_and_a_drug_that_was_never_drawn_are_named(script):
    script.log("dose 35 im", 1)
    assert findings(script) == ["Nothing is noted as drawn of ketamine."]

    script.log("drawn 50", 2)

    assert findings(script) == [
        "ketamine: the balance is 15 mg, not 0 (drawn 50, given 35, wasted 0, returned 0).",
        "ketamine drawn at 14:02 without its lot.",
    ]


@pytest.mark.parametrize(
    "dose",
    [
        Dose(KETAMINE, Decimal(100), Route.SUBLINGUAL),
        Dose(KETAMINE, Decimal(100), Route.IM, taken_by=TakenBy.PATIENT),
        Dose("ondansetron", Decimal(4), Route.IV, is_rescue=True),
    ],
)
def test_what_is_not_drawn_from_a_vial_of_the_session_needs_no_balance(script, dose):
    script.add(dose, 1)

    assert findings(script) == []
