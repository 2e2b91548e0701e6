"""What columns mean and rows say in a monitor's table."""

from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapnotes.domain.entries import TakenBy
from kapnotes.domain.errors import BadCell, Implausible, KapnotesError
from kapnotes.domain.limits import BOUNDS, require_possible, values_of
from kapnotes.domain.monitor_file import (
    NOTHING,
    TIMES,
    Meaning,
    fields_of,
    proposed,
    read_clock,
    read_row,
    require_readable,
)
from kapnotes.domain.session_times import ClockTime


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("t_min", Meaning.T_MIN),
        ("Elapsed (min)", Meaning.T_MIN),
        ("t [s]", Meaning.T_S),
        ("seconds", Meaning.T_S),
        ("Timestamp", Meaning.CLOCK),
        ("Date/Time", Meaning.CLOCK),
        ("systolic_mmhg", Meaning.SYSTOLIC),
        ("NIBP Sys", Meaning.SYSTOLIC),
        ("NBPs (kPa)", Meaning.SYSTOLIC_KPA),
        ("SBP", Meaning.SYSTOLIC),
        ("NIBP", Meaning.PRESSURE),
        ("BP (mmHg)", Meaning.PRESSURE),
        ("Dia.", Meaning.DIASTOLIC),
        ("NIBP-D [kPa]", Meaning.DIASTOLIC_KPA),
        ("Pulse", Meaning.HEART_RATE),
        ("HR (bpm)", Meaning.HEART_RATE),
        ("SpO₂ %", Meaning.SPO2),
        ("RESP", Meaning.RESPIRATORY_RATE),
        ("awRR", Meaning.RESPIRATORY_RATE),
        ("EtCO2 mmHg", Meaning.ETCO2),
        ("EtCO2 (kPa)", Meaning.ETCO2_KPA),
        ("Temp °C", Meaning.TEMPERATURE),
        ("Temp (°F)", Meaning.TEMPERATURE_F),
        ("O2 flow l/min", Meaning.O2),
        ("MAP", Meaning.UNUSED),
        ("Room", Meaning.UNUSED),
        ("", Meaning.UNUSED),
        ("=cmd()", Meaning.UNUSED),
    ],
)
def test_a_column_is_proposed_by_its_name(name, meaning):
    assert proposed([name]) == (meaning,)


def test_a_time_is_a_clocks_where_the_first_row_says_so():
    assert proposed(["time"], ["14:05"]) == (Meaning.CLOCK,)
    assert proposed(["time"], ["12"]) == (Meaning.T_MIN,)
    assert proposed(["timestamp"], ["12"]) == (Meaning.T_MIN,)
    assert proposed(["Date", "Time"], ["2026-03-04", "14:05"]) == (Meaning.UNUSED, Meaning.CLOCK)


@pytest.mark.parametrize("cell", ["128/76", "128 / 76", "128/76 (93)", "128/76(93)"])
def test_a_pressure_may_stand_in_one_column(cell):
    vitals = read_row(["5", cell], [Meaning.T_MIN, Meaning.PRESSURE]).vitals

    assert (vitals.systolic_mmhg, vitals.diastolic_mmhg) == (128, 76)


@pytest.mark.parametrize("cell", ["128", "128/", "128/76/60", "128-76", "128/=1", "1.2.3/76"])
def test_half_a_pressure_in_one_column_is_refused(cell):
    with pytest.raises(BadCell):
        read_row(["5", cell], [Meaning.T_MIN, Meaning.PRESSURE])


def test_a_pressure_in_one_column_and_a_systolic_in_another_are_not_both_taken():
    assert proposed(["t_min", "sys", "NIBP"]) == (Meaning.T_MIN, Meaning.SYSTOLIC, Meaning.UNUSED)
    with pytest.raises(KapnotesError, match="Two columns hold the systolic"):
        require_readable([Meaning.T_MIN, Meaning.SYSTOLIC, Meaning.PRESSURE])


@given(st.lists(st.text(max_size=30) | st.sampled_from(["HR", "Pulse", "sys", "SBP kPa", "time", "t_s"]), max_size=12))
def test_no_meaning_is_proposed_twice(header):
    found = [one for one in proposed(header) if one is not Meaning.UNUSED]

    assert len([one for one in found if one in TIMES]) <= 1
    fields = [field for one in found for field in fields_of(one)]
    assert len(fields) == len(set(fields))
    assert set(fields) <= BOUNDS.keys()


@given(st.lists(st.sampled_from(Meaning), min_size=1, max_size=8), st.data())
def test_any_row_says_vitals_of_a_monitor_or_names_the_cell(meanings, data):
    try:
        require_readable(meanings)
    except KapnotesError:
        return
    cell = st.text(max_size=8) | st.sampled_from(
        ["72", "98,6", "128/76", "14:05", "2026-03-04 14:05", "--", "=1+1", "1e5"]
    )
    cells = data.draw(st.lists(cell, min_size=len(meanings) - 1, max_size=len(meanings) + 1))
    try:
        said = read_row(cells, meanings)
    except BadCell as error:
        place = error.place
    else:
        assert (said.since_s is None) is not (said.clock is None)
        assert said.vitals is None or said.vitals.taken_by is TakenBy.MONITOR
        return
    assert 0 <= place < len(meanings)


@given(st.integers(0, 3_000), st.sampled_from([".", ","]))
def test_a_number_is_taken_with_just_its_digits(tenths, point):
    text = f"{tenths // 10}{point}{tenths % 10}"
    said = read_row(["5", text], [Meaning.T_MIN, Meaning.HEART_RATE])

    assert str(said.vitals.heart_rate_bpm) == text.replace(",", ".")
    assert said.since_s == 300


@pytest.mark.parametrize("cell", sorted(NOTHING))
def test_what_monitors_write_for_nothing_is_not_measured(cell):
    assert read_row(["5", f" {cell.upper()} "], [Meaning.T_MIN, Meaning.HEART_RATE]).vitals is None


@pytest.mark.parametrize(
    "cell", ["=1+1", "@SUM(A1)", "+cmd", "7 2", "72bpm", "1e2", "0x48", "٧٢", "72;", "Infinity", "--1"]
)
def test_a_cell_that_is_no_plain_number_is_only_text(cell):
    with pytest.raises(BadCell, match="is not a number"):
        read_row(["5", cell], [Meaning.T_MIN, Meaning.HEART_RATE])


@pytest.mark.parametrize(
    ("meaning", "cell", "field", "value"),
    [
        (Meaning.SYSTOLIC_KPA, "16.0", "systolic_mmhg", "120"),
        (Meaning.DIASTOLIC_KPA, "10.67", "diastolic_mmhg", "80.0"),
        (Meaning.ETCO2_KPA, "5.0", "etco2_mmhg", "38"),
        (Meaning.TEMPERATURE_F, "98.6", "temperature_c", "37.0"),
        (Meaning.TEMPERATURE_F, "32", "temperature_c", "0.0"),
        (Meaning.O2, "2", "o2_l_per_min", "2"),
    ],
)
def test_other_units_become_the_logs(meaning, cell, field, value):
    said = read_row(["5", cell], [Meaning.T_MIN, meaning])

    assert {name: str(found) for name, found in values_of(said.vitals).items()} == {field: value}


def test_a_zero_of_a_monitor_is_not_possible_and_says_so():
    with pytest.raises(Implausible, match="heart rate 0 is not possible"):
        require_possible(read_row(["5", "0"], [Meaning.T_MIN, Meaning.HEART_RATE]).vitals)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("14:05", ClockTime(time(14, 5))),
        ("12:05 am", ClockTime(time(0, 5))),
        ("12:05 p.m.", ClockTime(time(12, 5))),
        ("2026-03-04T14:05:30+05:30", ClockTime(time(8, 35, 30), date(2026, 3, 4), is_utc=True)),
        ("2026-03-04 23:30-02:00", ClockTime(time(1, 30), date(2026, 3, 5), is_utc=True)),
        ("04.03.2026, 14:05", ClockTime(time(14, 5), date(2026, 3, 4))),
    ],
)
def test_a_time_is_read_as_clocks_write_it(cell, said):
    assert read_clock(cell) == said


@given(st.text(max_size=30) | st.from_regex(r"[0-9]{1,5}[-.:][0-9]{1,3}[-.: ][0-9:APMZ+ ]{0,20}", fullmatch=True))
def test_any_text_is_a_time_or_refused(cell):
    try:
        said = read_clock(cell)
    except BadCell:
        return
    assert said.is_utc is False or said.day is not None


def test_a_value_keeps_its_amount_whatever_its_digits():
    assert read_row(["5", "98.60"], [Meaning.T_MIN, Meaning.SPO2]).vitals.spo2_percent == Decimal("98.6")
