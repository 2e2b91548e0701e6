"""A digit missed or doubled beside the reading before: asked about where it is plain, and nowhere else."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapnotes.domain.entries import Vitals
from kapnotes.domain.errors import Implausible
from kapnotes.domain.limits import require_possible, unusual_in
from kapnotes.domain.marked import values_before
from kapnotes.domain.slips import Slip, slip_of


@pytest.mark.parametrize(
    ("value", "before", "slip"),
    [
        ("7", "72", Slip.MISSED),
        ("720", "72", Slip.DOUBLED),
        ("12", "128", Slip.MISSED),
        ("8", "76", Slip.MISSED),
        ("4", "14", Slip.MISSED),
        ("9", "98", Slip.MISSED),
        ("172", "72", Slip.DOUBLED),
        ("367", "36.7", Slip.DOUBLED),
        ("3.7", "36.7", Slip.MISSED),
        ("144", "72", None),
        ("36", "72", None),
        ("60", "120", None),
        ("71", "72", None),
        ("7", "14", None),
        ("100", "210", None),
        ("0", "14", None),
        ("14", "0", None),
        ("NaN", "72", None),
    ],
)
def test_a_slip_is_what_one_digit_more_or_less_explains(value, before, slip):
    assert slip_of(Decimal(value), Decimal(before)) == slip


@given(st.decimals(0, 400, places=1), st.decimals(1, 400, places=1))
def test_only_what_is_far_from_the_reading_before_is_a_slip(value, before):
    if before / 2 < value < before * 2:
        assert slip_of(value, before) is None


def test_a_slip_within_the_usual_is_asked_about_and_never_refused():
    vitals = Vitals(respiratory_rate_bpm=Decimal(4))
    before = {"respiratory_rate_bpm": Decimal(14)}
    require_possible(vitals, before)

    assert unusual_in(vitals) == ()
    assert unusual_in(vitals, before) == ("respiratory rate 4 /min beside 14 before (a digit missed?)",)


def test_a_flow_or_a_score_that_changes_is_no_slip():
    vitals = Vitals(o2_l_per_min=Decimal(15), pain=8)

    assert unusual_in(vitals, {"o2_l_per_min": Decimal(1), "pain": Decimal(1)}) == ()


def test_what_cannot_be_is_refused_with_the_reading_before_as_its_explanation():
    with pytest.raises(Implausible, match=r"It was 72 before \(a digit missed\?\)\."):
        require_possible(Vitals(heart_rate_bpm=Decimal(7)), {"heart_rate_bpm": Decimal(72)})


def test_the_values_before_are_the_last_ones_of_each_field_of_this_session(script):
    script.log("120/80 70 98", minute=1)
    script.log("131/82 rr14", minute=2)
    third = script.log("hr75", minute=3)
    script.log("hr90", minute=9)

    at_five = values_before(script.record, script.stamp(5))
    assert at_five == {
        "systolic_mmhg": 131,
        "diastolic_mmhg": 82,
        "respiratory_rate_bpm": 14,
        "heart_rate_bpm": 75,
        "spo2_percent": 98,
    }
    assert values_before(script.record, script.stamp(5), third.entry_id)["heart_rate_bpm"] == 70
