"""Every scale against its table, every boundary on both sides, and the readings that computed items name."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapnotes.domain.assessed import ComputedScale, ItemSource, Scale
from kapnotes.domain.assessed_words import change_text, level_words, scale_words
from kapnotes.domain.entries import Route, Vitals
from kapnotes.domain.errors import Misread
from kapnotes.domain.figure import MINUS
from kapnotes.domain.known import KnownOf
from kapnotes.domain.scales import (
    aldrete_pressure_score,
    aldrete_spo2_score,
    computed_item,
    padss_vitals_score,
)
from kapnotes.domain.shorthand import line_of, read_line
from kapnotes.domain.words import in_english


def scored(script, line):
    return read_line(line, drug="ketamine", route=Route.IV, known=KnownOf(script.record, script.stamp(300)))


@pytest.fixture
def dosed(script):
    """A session with the baseline 100/60, heart rate 70, at minute 5, and the first dose at minute 10."""
    script.log("100/60 70 98 14 s5", 5)
    script.log("inf 35/40", 10)
    return script


# The tables, number by number; the baseline is 100.
@pytest.mark.parametrize(
    ("value", "score"),
    [
        ("100", 2), ("119.9", 2), ("120", 2), ("120.01", 1), ("121", 1), ("140", 1), ("140.01", 0), ("141", 0),
        ("80.1", 2), ("80", 2), ("79.99", 1), ("79", 1), ("60", 1), ("59.99", 0), ("59", 0), ("300", 0),
    ],
)  # fmt: skip
def test_the_vitals_of_padss_are_in_bands_of_20_and_40_percent(value, score):
    assert padss_vitals_score(Decimal(100), Decimal(value)) == score


@pytest.mark.parametrize(
    ("value", "score"),
    [
        ("100", 2), ("120", 2), ("120.01", 1), ("121", 1), ("149.99", 1), ("150", 0), ("151", 0),
        ("80", 2), ("79.99", 1), ("79", 1), ("50.01", 1), ("50", 0), ("49", 0),
    ],
)  # fmt: skip
def test_the_pressure_of_aldrete_is_in_bands_of_20_and_below_50_percent(value, score):
    assert aldrete_pressure_score(Decimal(100), Decimal(value)) == score


@pytest.mark.parametrize(
    ("spo2", "is_on_o2", "score"),
    [
        ("100", False, 2), ("93", False, 2), ("92.1", False, 2), ("92", False, None), ("91", False, None),
        ("90", False, None), ("89", False, None), ("100", True, 1), ("93", True, 1), ("91", True, 1), ("90.1", True, 1),
        ("90", True, None), ("89.9", True, 0), ("89", True, 0), ("50", True, 0),
    ],
)  # fmt: skip
def test_the_saturation_of_aldrete_is_told_where_its_table_tells_it(spo2, is_on_o2, score):
    assert aldrete_spo2_score(Decimal(spo2), is_on_o2=is_on_o2) == score


@given(st.integers(31, 260), st.integers(30, 300))
def test_a_band_is_never_decided_by_a_rounded_percentage(baseline, value):
    off = abs(value - baseline) * 100
    score = padss_vitals_score(Decimal(baseline), Decimal(value))

    assert (score == 2) == (off <= 20 * baseline)
    assert (score == 0) == (off > 40 * baseline)


@pytest.mark.parametrize(
    ("reading", "score", "field"),
    [
        ("100/60 70", 2, "systolic_mmhg"),
        ("120/60 70", 2, "systolic_mmhg"),
        ("121/60 70", 1, "systolic_mmhg"),
        ("100/72 70", 2, "diastolic_mmhg"),
        ("100/73 70", 1, "diastolic_mmhg"),
        ("100/60 84", 2, "heart_rate_bpm"),
        ("100/60 85", 1, "heart_rate_bpm"),
        ("100/60 98", 1, "heart_rate_bpm"),
        ("100/60 99", 0, "heart_rate_bpm"),
        ("110/90 72", 0, "diastolic_mmhg"),
    ],
)
def test_the_worst_of_pressure_and_heart_rate_decides_and_is_named(dosed, reading, score, field):
    dosed.log(reading, 60)

    found = computed_item(dosed.record, "padss", 1, dosed.stamp(300))

    assert (found.score, found.field) == (score, field)


def test_padss_without_its_first_item_computes_it_from_the_newest_reading(dosed):
    before = dosed.record.entries[1]
    dosed.log("170/60 70", 40)
    now = dosed.log("110/66 96", 60)

    scale = scored(dosed, "padss 2 2 2 2")

    assert scale.items == (1, 2, 2, 2, 2)
    assert scale.total == 9
    (source,) = scale.sources
    assert (source.reading_id, source.baseline_id) == (now.entry_id, before.entry_id)
    assert scale_words(scale, dosed.record, in_english) == (
        "PADSS 9 (1 2 2 2 2) · item 1 = 1: heart rate 96 at 15:00, +37 % from 70 at 14:05"
    )


def test_padss_typed_in_full_is_taken_as_typed_with_what_its_readings_say(dosed):
    dosed.log("110/66 96", 60)

    scale = scored(dosed, "padss 2 2 2 2 2")

    assert scale.items == (2, 2, 2, 2, 2)
    assert [(one.item, one.score) for one in scale.differing] == [(1, 1)]
    assert "item 1 typed 2, by readings 1: heart rate 96" in scale_words(scale, dosed.record, in_english)


def test_what_agrees_with_its_readings_differs_in_nothing(dosed):
    dosed.log("110/66 96", 60)

    assert scored(dosed, "padss 1 2 2 2 2").differing == ()


@pytest.mark.parametrize("line", ["padss 2 2 2 2", "aldrete 2 2 2"])
def test_before_a_reading_since_the_dose_all_items_are_asked_for(dosed, line):
    with pytest.raises(Misread) as misread:
        scored(dosed, line)

    assert "since the first dose: type all items" in str(misread.value)
    assert misread.value.column == len(line)


def test_without_a_heart_rate_in_the_baseline_padss_is_not_computed_from_the_rest(script):
    script.log("100/60", 5)
    script.log("inf 35/40", 10)
    script.log("100/60 70", 60)

    with pytest.raises(Misread, match="The baseline has no heart rate"):
        scored(script, "padss 2 2 2 2")
    assert scored(script, "padss 2 2 2 2 2") == Scale("padss", (2, 2, 2, 2, 2))


def test_a_reading_that_lacks_a_value_leaves_it_to_the_one_before(dosed):
    dosed.log("100/60 99", 50)
    dosed.log("100/60", 60)

    found = computed_item(dosed.record, "padss", 1, dosed.stamp(300))

    assert (found.score, found.value) == (0, Decimal(99))
    assert dosed.record.entry(found.reading_id).happened == dosed.stamp(50)


def test_aldrete_computes_pressure_and_saturation(dosed):
    dosed.log("121/60 70 95", 60)

    scale = scored(dosed, "aldrete 2 2 1")

    assert scale.items == (2, 2, 1, 1, 2)
    words = scale_words(scale, dosed.record, in_english)
    assert "item 3 = 1: systolic 121 at 15:00, +21 % from 100 at 14:05" in words
    assert "item 5 = 2: SpO₂ 95 % on air at 15:00" in words


def test_aldrete_takes_the_items_in_their_order_with_the_computed_ones_in_place(dosed):
    dosed.log("100/60 70 95", 60)

    assert scored(dosed, "aldrete 0 1 1").items == (0, 1, 2, 1, 2)
    assert scored(dosed, "aldrete 0 1 1 0").items == (0, 1, 2, 1, 0)
    assert scored(dosed, "aldrete 0 1 0 1 0").items == (0, 1, 0, 1, 0)


@pytest.mark.parametrize(("saturation", "why"), [("91", "91 % on air"), ("90 o2 2", "90 % on oxygen")])
def test_where_the_table_of_aldrete_is_silent_the_item_is_asked_for(dosed, saturation, why):
    dosed.log(f"100/60 70 {saturation}", 60)

    with pytest.raises(Misread) as misread:
        scored(dosed, "aldrete 2 2 2")

    assert why in str(misread.value)
    scale = scored(dosed, "aldrete 2 2 2 1")
    assert scale.items == (2, 2, 2, 2, 1)
    assert [one.item for one in scale.sources] == [3]


def test_oxygen_that_ran_before_and_is_not_named_is_asked_about(dosed):
    dosed.log("100/60 70 96 o2 2", 40)
    assert scored(dosed, "aldrete 2 2 2").items[4] == 1
    dosed.log("100/60 70 96", 60)

    with pytest.raises(Misread, match="Oxygen was noted before"):
        scored(dosed, "aldrete 2 2 2")

    dosed.log("100/60 70 96 o2 0", 65)
    assert scored(dosed, "aldrete 2 2 2").items[4] == 2


def test_a_corrected_reading_counts_as_it_was_corrected(dosed):
    wrong = dosed.log("100/60 170", 60)
    dosed.correct(wrong, Vitals(Decimal(100), Decimal(60), Decimal(70)), 61)

    assert computed_item(dosed.record, "padss", 1, dosed.stamp(300)).score == 2


@pytest.mark.parametrize("name", ["padss", "aldrete"])
def test_a_computed_scale_is_written_as_a_line_that_reads_back(dosed, name):
    dosed.log("100/60 96 95", 60)
    scale = scored(dosed, f"{name} 1 2 1 2 2")

    assert isinstance(scale, ComputedScale)
    assert scored(dosed, line_of(scale)) == scale


def test_the_six_numbers_of_cadss_are_a_sum_of_0_to_24_without_any_text():
    def total(line):
        scale = read_line(line, drug="ketamine", route=Route.IV)
        assert level_words(scale, in_english) == ""
        return scale.total

    assert [total("cadss6 0 0 0 0 0 0"), total("cadss6 1 0 2 0 0 4"), total("cadss6 4 4 4 4 4 4")] == [0, 7, 24]
    for wrong in ("cadss6 1 2 3", "cadss6 0 0 0 0 0 5", "cadss6 0 0 0 0 0 -1", "cadss6 0 0 0 0 0 0 0"):
        with pytest.raises(Misread):
            total(wrong)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("moaas 5", "answers to the name readily"),
        ("moaas 4", "answers to the name lethargically"),
        ("moaas 3", "only if loud or repeated"),
        ("moaas 2", "only to mild prodding"),
        ("moaas 1", "only to a painful squeeze"),
        ("moaas 0", "no response"),
        ("rass +4", "combative"),
        ("rass 3", "very agitated"),
        ("rass 2", "agitated"),
        ("rass 1", "restless"),
        ("rass 0", "alert and calm"),
        ("rass -1", "eye contact to voice, over 10 s"),
        ("rass -2", "eye contact to voice, under 10 s"),
        ("rass -3", "moves to voice, no eye contact"),
        ("rass -4", "only to physical stimulus"),
        ("rass -5", "no response"),
    ],
)
def test_a_level_says_what_its_table_says(line, words):
    assert level_words(read_line(line, drug="ketamine", route=Route.IV), in_english) == words


@given(st.integers(40, 200), st.integers(40, 260))
def test_a_change_is_never_shown_as_the_edge_of_a_band_that_it_is_beyond(baseline, value):
    exact = (Decimal(value) - baseline) * 100 / Decimal(baseline)

    said = change_text(ItemSource(1, 0, "systolic_mmhg", Decimal(value), Decimal(baseline), ""))
    shown = Decimal(said.replace(MINUS, "-"))

    assert abs(shown - exact) < 1
    if exact % 10 != 0:
        assert shown % 10 != 0
