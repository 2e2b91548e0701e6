"""Possible, usual, within the protocol: three questions, each asked on both sides of each boundary."""

from dataclasses import fields
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapnotes.domain.entries import Dose, Infusion, Route, Vitals
from kapnotes.domain.errors import Implausible
from kapnotes.domain.limits import (
    BOUNDS,
    Limit,
    out_of_protocol,
    require_possible,
    require_possible_dose,
    unusual_dose,
    unusual_in,
    values_of,
)

# The table of the field notes, written down a second time: possible, usual.
TABLE = {
    "systolic_mmhg": ("30", "300", "70", "220"),
    "diastolic_mmhg": ("10", "200", "30", "130"),
    "heart_rate_bpm": ("10", "300", "35", "180"),
    "spo2_percent": ("1", "100", "80", "100"),
    "respiratory_rate_bpm": ("0", "80", "4", "40"),
    "etco2_mmhg": ("0", "150", "15", "70"),
    "temperature_c": ("25", "45", "34", "41"),
    "o2_l_per_min": ("0", "60", None, None),
    "moaas": ("0", "5", None, None),
    "pain": ("0", "10", None, None),
    "nausea": ("0", "10", None, None),
}
WHOLE = {"moaas", "pain", "nausea"}
# With a pressure, the other one is there as well and leaves room.
PARTNER = {
    ("systolic_mmhg", False): ("diastolic_mmhg", Decimal(10)),
    ("systolic_mmhg", True): ("diastolic_mmhg", Decimal(80)),
    ("diastolic_mmhg", False): ("systolic_mmhg", Decimal(120)),
    ("diastolic_mmhg", True): ("systolic_mmhg", Decimal(220)),
}


def vitals_with(field, value, is_high=False):
    found = {field: int(value) if field in WHOLE else value}
    if (field, is_high) in PARTNER:
        partner, partner_value = PARTNER[field, is_high]
        found[partner] = partner_value
    return Vitals(**found)


def step_of(field):
    return Decimal(1) if field in WHOLE else Decimal("0.1")


def test_every_measured_field_has_bounds():
    measured = {field.name for field in fields(Vitals)} - {"taken_by", "unusual"}

    assert set(BOUNDS) == measured == set(TABLE)


@pytest.mark.parametrize("field", TABLE)
def test_the_ends_of_the_possible_are_possible(field):
    low, high, _, _ = TABLE[field]

    require_possible(vitals_with(field, Decimal(low)))
    require_possible(vitals_with(field, Decimal(high), is_high=True))


@pytest.mark.parametrize("field", TABLE)
@pytest.mark.parametrize("is_high", [False, True], ids=["below", "above"])
def test_one_step_outside_the_possible_is_refused_with_its_range(field, is_high):
    low, high, _, _ = TABLE[field]
    outside = Decimal(high) + step_of(field) if is_high else Decimal(low) - step_of(field)

    with pytest.raises(Implausible) as refusal:
        require_possible(vitals_with(field, outside, is_high))

    assert f"{BOUNDS[field].name} {outside}" in str(refusal.value)
    assert f"{low} to {high}" in str(refusal.value)
    assert " )" not in str(refusal.value)


@pytest.mark.parametrize("field", [field for field, row in TABLE.items() if row[2] is not None])
@pytest.mark.parametrize("is_high", [False, True], ids=["below", "above"])
def test_one_step_outside_the_usual_is_asked_about_and_the_end_itself_is_not(field, is_high):
    _, _, low, high = TABLE[field]
    end = Decimal(high if is_high else low)
    outside = end + step_of(field) if is_high else end - step_of(field)
    name = BOUNDS[field].name

    assert not [phrase for phrase in unusual_in(vitals_with(field, end, is_high)) if phrase.startswith(name)]
    if outside <= Decimal(TABLE[field][1]):
        assert [phrase for phrase in unusual_in(vitals_with(field, outside, is_high)) if phrase.startswith(name)]


@pytest.mark.parametrize("field", [field for field, row in TABLE.items() if row[2] is None])
def test_what_has_no_usual_range_is_never_asked_about(field):
    low, high, _, _ = TABLE[field]

    assert unusual_in(vitals_with(field, Decimal(low))) == unusual_in(vitals_with(field, Decimal(high))) == ()


@pytest.mark.parametrize(
    "vitals", [Vitals(heart_rate_bpm=Decimal("11.5")), Vitals(respiratory_rate_bpm=Decimal("2.0"))], ids=["HR", "RR"]
)
def test_a_real_monitors_artefacts_are_possible_and_asked_about(vitals):
    require_possible(vitals)

    assert len(unusual_in(vitals)) == 1


@pytest.mark.parametrize(("systolic", "diastolic", "is_possible"), [(80, 79, True), (80, 80, False), (80, 81, False)])
def test_the_diastolic_is_below_the_systolic(systolic, diastolic, is_possible):
    vitals = Vitals(systolic_mmhg=Decimal(systolic), diastolic_mmhg=Decimal(diastolic))
    if is_possible:
        require_possible(vitals)
    else:
        with pytest.raises(Implausible, match="swapped"):
            require_possible(vitals)


@pytest.mark.parametrize("vitals", [Vitals(systolic_mmhg=Decimal(120)), Vitals(diastolic_mmhg=Decimal(80))])
def test_half_a_blood_pressure_is_none(vitals):
    with pytest.raises(Implausible, match="systolic and diastolic"):
        require_possible(vitals)


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "-Infinity"])
@pytest.mark.parametrize("field", ["systolic_mmhg", "heart_rate_bpm"])
def test_what_is_no_number_is_refused(field, value):
    with pytest.raises(Implausible):
        require_possible(vitals_with(field, Decimal(value)))


@pytest.mark.parametrize(("systolic", "diastolic", "is_asked"), [(39, 38, True), ("39.9", "10", True), (40, 39, False)])
def test_two_pressures_below_forty_are_asked_about_as_kpa(systolic, diastolic, is_asked):
    asked = unusual_in(Vitals(systolic_mmhg=Decimal(systolic), diastolic_mmhg=Decimal(diastolic)))

    assert any("kPa" in phrase for phrase in asked) is is_asked


def test_a_pressure_that_was_typed_in_kpa_is_refused_and_the_reason_says_so():
    with pytest.raises(Implausible, match="kPa"):
        require_possible(Vitals(systolic_mmhg=Decimal(17), diastolic_mmhg=Decimal(10)))


def test_a_low_pressure_that_is_no_kpa_is_refused_without_that_hint():
    with pytest.raises(Implausible) as refusal:
        require_possible(Vitals(systolic_mmhg=Decimal(120), diastolic_mmhg=Decimal(9)))

    assert "kPa" not in str(refusal.value)


def test_nothing_measured_is_possible_and_usual():
    require_possible(Vitals())

    assert unusual_in(Vitals()) == ()


LIMITS = {
    "systolic_mmhg": Limit(Decimal(90), Decimal(160)),
    "spo2_percent": Limit(Decimal(92), Decimal(100)),
}


@pytest.mark.parametrize(
    ("systolic", "spo2", "marked"),
    [
        (90, 92, []),
        (160, 100, []),
        ("89.9", 92, [("systolic_mmhg", False)]),
        ("160.1", "91.9", [("systolic_mmhg", True), ("spo2_percent", False)]),
    ],
)
def test_the_protocol_marks_what_is_outside_its_limits_and_says_on_which_side(systolic, spo2, marked):
    vitals = Vitals(
        systolic_mmhg=Decimal(systolic),
        diastolic_mmhg=Decimal(60),
        heart_rate_bpm=Decimal(250),
        spo2_percent=Decimal(spo2),
    )

    assert [(found.field, found.is_high) for found in out_of_protocol(vitals, LIMITS)] == marked


@given(st.sampled_from(sorted(BOUNDS)), st.decimals(-500, 500, places=1))
def test_whatever_is_usual_is_possible(field, value):
    low, high = BOUNDS[field].possible
    usual = BOUNDS[field].usual
    if usual is not None and usual[0] <= value <= usual[1]:
        assert low <= value <= high


def test_values_are_given_as_decimals_in_the_order_of_the_bounds():
    values = values_of(Vitals(moaas=4, heart_rate_bpm=Decimal(72)))

    assert list(values.items()) == [("heart_rate_bpm", Decimal(72)), ("moaas", Decimal(4))]
    assert all(isinstance(value, Decimal) for value in values.values())


# ------------------------------------------------------------------------------------------------- doses


def dose(mg, **more):
    return Dose("ketamine", Decimal(mg), Route.IM, **more)


def infusion(rate, planned=None):
    return Infusion("ketamine", Decimal(rate), None if planned is None else Decimal(planned))


@pytest.mark.parametrize(
    "body",
    [
        dose("1000.01"), dose("999999"), dose("0"), dose("-1"), dose("NaN"), dose("Infinity"),
        dose("10001", is_rescue=True), infusion("1", "1000.01"), infusion("99999", "99999"), infusion("1000.01"),
        infusion("-1"), infusion("NaN"),
    ],
)  # fmt: skip
def test_an_amount_that_nobody_gives_is_refused(body):
    with pytest.raises(Implausible):
        require_possible_dose(body)


@pytest.mark.parametrize(
    ("body", "phrases"),
    [
        (dose("0.1"), 0), (dose("500"), 0), (dose("500.01"), 1), (dose("1000"), 1), (dose("2000", is_rescue=True), 1),
        (infusion("0"), 0), (infusion("0.875", "35"), 0), (infusion("10", "500"), 0), (infusion("10.01"), 1),
        (infusion("1", "501"), 1), (infusion("20", "600"), 2),
    ],
)  # fmt: skip
def test_a_large_amount_or_a_fast_rate_is_asked_about(body, phrases):
    require_possible_dose(body)

    assert len(unusual_dose(body)) == phrases


def test_the_question_names_drug_amount_and_bound():
    assert unusual_dose(dose("600")) == ("ketamine 600 mg is unusual (more than 500 mg)",)
    assert unusual_dose(infusion("12.5000")) == ("ketamine 12.5 mg/min is unusual (more than 10 mg/min)",)
