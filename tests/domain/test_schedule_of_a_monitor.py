"""When vitals were due in the first three hours of a real monitor (tests/data), by tables computed by hand.

A cuff pressure stands in the file at these minutes, which count from the first dose here:
14, 65, 72, 77, 82, 87, 92, 97, …, 167, 172 (every five from 72 on), 175. No other row holds a pressure, so none of them
answers anything.

A set counts for a slot from 2.5 minutes before it (`MAX_EARLY_S`; a quarter of the interval where that is less), until
the next slot opens; a slot is missed when the next one opens and nothing came.
"""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from kapnotes.domain.entries import TakenBy, Vitals
from kapnotes.domain.limits import BOUNDS
from kapnotes.domain.schedule import missed_slots_s, next_due, slots_s

MONITOR = Path(__file__).parents[1] / "data" / "vitals-monitor.csv"

IV_SLOTS = [10, 20, 30, 40, 55, 70, 85, 100, 115, 130, 145, 160, 175, 190]
"""iv-40: every 10 while the infusion runs (to 40), then every 15: 40 + 15 = 55, … The last is the first after 180."""

IV = [
    # minute, missed so far, next slot and minutes left (below zero: overdue)   derivation
    (7, [], (10, 3)),  # nothing read yet; 10 is to come
    (12, [], (10, -2)),  # still nothing: overdue by 2, and 10 is missed only when 20 opens (17.5)
    (14, [], (20, 6)),  # 14 lies in [7.5, 17.5): 10 is answered; the next is 20
    (20, [], (20, 0)),  # 20 is due now
    (27, [], (20, -7)),  # overdue by 7; 30 opens at 27.5
    (28, [20], (20, -8)),  # 30 is open: 20 is missed, and what is overdue counts on from it
    (38, [20, 30], (20, -18)),  # 40 opened at 37.5
    (52, [20, 30], (20, -32)),  # 55 opens at 52.5
    (53, [20, 30, 40], (20, -33)),  # so 40 is missed
    (65, [20, 30, 40], (70, 5)),  # 65 lies in [52.5, 67.5): 55 is answered, and 70 is next
    (72, [20, 30, 40], (85, 13)),  # 72 lies in [67.5, 82.5): 70
    (82, [20, 30, 40], (85, 3)),  # 82 lies before 82.5: it still counts for 70
    (87, [20, 30, 40], (100, 13)),  # 87 lies in [82.5, 97.5): 85
    (97, [20, 30, 40], (100, 3)),  # 97 is half a minute too early for 100
    (102, [20, 30, 40], (115, 13)),  # 102 lies in [97.5, 112.5)
    (173, [20, 30, 40], (175, 2)),  # 172 is half a minute too early for 175
    (180, [20, 30, 40], (190, 10)),  # 175 answers itself; from 115 to 160 each has one five minutes apart
]

IM_SLOTS = [5, 15, 30, 45, 60, 75, 90, 105, 120, 135, 150, 165, 180, 195]
"""im: once at 5, and every 15 from the injection on."""

IM = [
    (4, [], (5, 1)),
    (12, [], (5, -7)),  # 15 opens at 12.5, ten minutes after 5: a quarter would be 2.5 as well
    (13, [5], (5, -8)),
    (14, [5], (30, 16)),  # 14 lies in [12.5, 27.5): 15 is answered; 5 stays missed
    (42, [5], (30, -12)),  # 45 opens at 42.5
    (43, [5, 30], (30, -13)),
    (58, [5, 30, 45], (30, -28)),  # 60 opened at 57.5
    (65, [5, 30, 45], (75, 10)),  # 65 lies in [57.5, 72.5): 60
    (72, [5, 30, 45], (75, 3)),  # 72 lies there too
    (77, [5, 30, 45], (90, 13)),
    (178, [5, 30, 45], (180, 2)),  # 175 lies in [162.5, 177.5): 165
    (180, [5, 30, 45], (180, 0)),  # 180 is due now and not missed before 195 opens at 192.5
]


def rows():
    with MONITOR.open(encoding="utf-8", newline="") as file:
        return [{name: Decimal(cell) for name, cell in row.items() if cell} for row in csv.DictReader(file)]


@pytest.fixture(scope="module")
def monitor():
    """The rows of the first three hours, as vitals with their minute."""
    return [
        (float(row["t_min"]), Vitals(**{name: row[name] for name in row if name in BOUNDS}, taken_by=TakenBy.MONITOR))
        for row in rows()
        if row["t_min"] <= 180 and len(row) > 1
    ]


def as_read_until(script, monitor, minute):
    for at, vitals in monitor:
        if at <= minute:
            script.add(vitals, at)
    return script


def missed(script, minute):
    return [slot / 60 for slot in missed_slots_s(script.record, script.stamp(minute))]


def due(script, minute):
    found = next_due(script.record, script.stamp(minute))
    return found.slot_s / 60, found.in_s / 60


def test_the_cuff_was_read_when_the_tables_say_so(monitor):
    minutes = [at for at, vitals in monitor if vitals.systolic_mmhg is not None]

    assert minutes == [14, 65, *range(72, 173, 5), 175]


@pytest.mark.parametrize(("minute", "missed_min", "next_min"), IV, ids=[f"T+{row[0]}" for row in IV])
def test_an_infusion_over_forty_minutes(script, monitor, minute, missed_min, next_min):
    script.log("inf 35/40", 0)
    if minute >= 40:
        script.log("inf 0", 40)
    as_read_until(script, monitor, minute)

    assert missed(script, minute) == missed_min
    assert due(script, minute) == next_min


@pytest.mark.parametrize(("minute", "missed_min", "next_min"), IM, ids=[f"T+{row[0]}" for row in IM])
def test_an_injection(script_of, monitor, minute, missed_min, next_min):
    script = script_of("im", protocol="im")
    script.log("dose 35", 0)
    as_read_until(script, monitor, minute)

    assert missed(script, minute) == missed_min
    assert due(script, minute) == next_min


def test_the_slots_of_three_hours(script, script_of):
    script.log("inf 35/40", 0)
    script.log("inf 0", 40)
    injected = script_of("im", protocol="im")
    injected.log("dose 35", 0)

    assert [slot / 60 for slot in slots_s(script.record, 180 * 60)] == IV_SLOTS
    assert [slot / 60 for slot in slots_s(injected.record, 180 * 60)] == IM_SLOTS
