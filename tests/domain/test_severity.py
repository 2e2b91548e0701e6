"""How far a value stands out: each level at each boundary, on both sides, for every field and each shipped protocol."""

from decimal import Decimal
from importlib.resources import files

import pytest

from kapnotes.domain.limits import BOUNDS, Limit, Severity, out_of_protocol, severity_of
from kapnotes.domain.protocol import read_protocol
from tests.domain.test_limits import TABLE, WHOLE, vitals_with

# The marks of the shipped protocols, written down a second time. Source: CANMAT, ketaminesoftware.com, the field notes.
MARKS = {
    "systolic_mmhg": ("90", "160"),
    "diastolic_mmhg": ("50", "100"),
    "heart_rate_bpm": ("50", "120"),
    "spo2_percent": ("92", "100"),
    "respiratory_rate_bpm": ("10", "25"),
}
PROTOCOLS = sorted(
    one.name.removesuffix(".toml")
    for one in files("kapnotes.resources.protocols").iterdir()
    if one.name.endswith(".toml")
)


def limits_of(name):
    text = files("kapnotes.resources.protocols").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return read_protocol(name, text).limits


def expected(field, value, marks):
    """Return the level by the tables of this file, the most severe first."""
    low, high, usual_low, usual_high = TABLE[field]
    if not Decimal(low) <= value <= Decimal(high):
        return Severity.IMPOSSIBLE
    if usual_low is not None and not Decimal(usual_low) <= value <= Decimal(usual_high):
        return Severity.UNUSUAL
    if field in marks and not Decimal(marks[field][0]) <= value <= Decimal(marks[field][1]):
        return Severity.OUTSIDE
    return Severity.WITHIN


def around(field, marks):
    """Return every end of a range of *field*, with the next value below and above it."""
    step = Decimal(1) if field in WHOLE else Decimal("0.1")
    ends = {Decimal(end) for end in (*TABLE[field], *marks.get(field, ())) if end is not None}
    return sorted({end + by for end in ends for by in (-step, Decimal(0), step)})


@pytest.mark.parametrize("name", PROTOCOLS)
@pytest.mark.parametrize("field", BOUNDS)
def test_each_level_begins_and_ends_where_the_tables_say(name, field):
    limits = limits_of(name)

    found = {value: severity_of(field, value, limits.get(field)) for value in around(field, MARKS)}

    assert found == {value: expected(field, value, MARKS) for value in found}


@pytest.mark.parametrize("name", PROTOCOLS)
@pytest.mark.parametrize("field", MARKS)
def test_every_level_can_be_reached_and_the_more_severe_one_hides_the_milder(name, field):
    limit = limits_of(name)[field]
    reached = [severity_of(field, value, limit) for value in around(field, MARKS)]

    assert set(reached) == set(Severity)
    assert (
        sorted(reached[: len(reached) // 2], reverse=True) == reached[: len(reached) // 2]
    )  # milder with each step in


@pytest.mark.parametrize("name", PROTOCOLS)
def test_the_shipped_protocols_mark_what_the_table_says(name):
    assert {field: (str(one.low), str(one.high)) for field, one in limits_of(name).items()} == MARKS


@pytest.mark.parametrize(
    ("value", "is_marked", "is_far"),
    [("49.9", True, False), ("35", True, False), ("34.9", True, True), ("50", False, None), ("180.1", True, True)],
)
def test_a_marked_value_tells_whether_it_is_far_outside(value, is_marked, is_far):
    outside = out_of_protocol(vitals_with("heart_rate_bpm", Decimal(value)), limits_of("iv-40"))

    assert bool(outside) is is_marked
    assert [one.is_far for one in outside] == ([is_far] if is_marked else [])


def test_a_range_wider_than_the_usual_takes_nothing_from_the_question():
    wide = Limit(Decimal(20), Decimal(250))

    assert severity_of("heart_rate_bpm", Decimal(190), wide) is Severity.UNUSUAL
    assert severity_of("heart_rate_bpm", Decimal(180), wide) is Severity.WITHIN
