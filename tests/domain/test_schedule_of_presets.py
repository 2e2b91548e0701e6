"""The schedule of the four presets beside tables computed by hand: what is due, in how long, and what was missed.

Times are minutes after the first dose. A slot opens 2.5 minutes before it, or a quarter of its interval where that is
less; it is missed when the next one opens and nothing came. "due" is the minute after the slot, then it is overdue.
"""

import pytest

from kapnotes.domain.drug_entries import InfusionPause
from kapnotes.domain.schedule import Due, is_overdue, missed_slots_s, next_due, slots_s

FULL = "128/76 72 98 14 s4"
DONE = "done"


def state(script, minute):
    """Return the slot and its state as the log tells it, in minutes."""
    due = next_due(script.record, script.stamp(minute))
    if due is None:
        return DONE
    if due.slot_s is None:
        return ("baseline", "due")
    if due.in_s > 0:
        return (due.slot_s / 60, "in", due.in_s / 60)
    return (due.slot_s / 60, "overdue", -due.in_s / 60) if is_overdue(due) else (due.slot_s / 60, "due")


def play(script, lines):
    """Log each line at its minute; a pause is typed as it is in the log, and kept as its two entries."""
    for minute, line in lines:
        if line == "pause":
            stopped = script.log("inf 0", minute)
            script.add(InfusionPause(stopped.entry_id), minute)
        else:
            script.log(line, minute)


TABLES = {
    # iv-40: every 10 to the end of the infusion, every 15 from its last slot to discharge
    "iv, on time": (
        "iv-40",
        [(-5, FULL), (0, "inf 35/40"), (10, FULL), (21, FULL), (40, "inf 0"), (40, FULL)],
        {
            0: (10, "in", 10), 9: (10, "in", 1), 12: (20, "in", 8), 20: (20, "due"), 20.9: (20, "due"),
            29: (30, "in", 1), 32: (30, "overdue", 2), 41: (55, "in", 14), 57: (55, "overdue", 2),
        },
        (50, [30], [10, 20, 30, 40, 55]),
    ),
    "iv, paused from 15 to 27: the pause asks for as much as before": (
        "iv-40",
        [(-5, FULL), (0, "inf 35/40"), (10, FULL), (15, "pause"), (27, "inf 0.875"), (52, "inf 0")],
        {16: (20, "in", 4), 22: (20, "overdue", 2), 26: (20, "overdue", 6)},
        (60, [20, 30, 40], [10, 20, 30, 40, 50, 65]),
    ),
    "iv, begun 8 minutes after a first bolus: T+0 is the bolus": (
        "iv-40",
        [(-5, FULL), (0, "dose 10"), (8, "inf 25/40"), (48, "inf 0")],
        {1: (10, "in", 9), 12: (10, "overdue", 2)},
        (60, [10, 20, 30, 40], [10, 20, 30, 40, 55, 70]),
    ),
    "iv, nothing taken and each slot explained": (
        "iv-40",
        [(-5, FULL), (0, "inf 35/40"), (10, "x asleep"), (20, "x inward"), (30, "x refused"), (40, "inf 0"),
         (40, "x equipment")],
        {41: (55, "in", 14)},
        (52, [], [10, 20, 30, 40, 55]),
    ),
    # im: at 5, then every 15 from the dose
    "im": (
        "im",
        [(-5, FULL), (0, "dose 35"), (5, FULL), (14, FULL)],
        {0: (5, "in", 5), 3: (5, "in", 2), 6: (15, "in", 9), 15: (30, "in", 15), 31.5: (30, "overdue", 1.5)},
        (44, [30], [5, 15, 30, 45]),
    ),
    "im, with a second injection at 20: nothing moves": (
        "im",
        [(-5, FULL), (0, "dose 35"), (5, FULL), (20, "dose 15"), (17, FULL)],
        {21: (30, "in", 9)},
        (46, [30], [5, 15, 30, 45, 60]),
    ),
    # nasal: at 40, and at completion, which is the floor of 120
    "nasal, two devices": (
        "nasal-esketamine",
        [(-5, FULL), (0, "dose 28"), (5, "dose 28")],
        {6: (40, "in", 34), 40: (40, "due"), 42: (40, "overdue", 2)},
        (118, [40], [40, 120]),
    ),
    "nasal, completed": (
        "nasal-esketamine",
        [(-5, FULL), (0, "dose 28"), (41, FULL), (120, FULL)],
        {119: (120, "in", 1), 121: DONE},
        (130, [], [40, 120]),
    ),
    # sublingual: once at the end, which is where recovery begins: 90
    "sublingual": (
        "sublingual",
        [(-5, FULL), (0, "dose 100")],
        {0: (90, "in", 90), 90.5: (90, "due"), 95: (90, "overdue", 5)},
        (200, [], [90]),
    ),
    "sublingual, the end explained": (
        "sublingual",
        [(-5, FULL), (0, "dose 100"), (92, "x asleep")],
        {93: DONE},
        (200, [], [90]),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_the_schedule_is_the_one_of_the_table(script_of, name):
    protocol, lines, states, (minute, missed, slots) = TABLES[name]
    route = {"iv-40": "iv", "nasal-esketamine": "nasal"}.get(protocol, protocol)
    happened = sorted(lines, key=lambda line: line[0])
    for at, expected in states.items():
        script = script_of(route, protocol=protocol)
        play(script, [line for line in happened if line[0] <= at])
        assert state(script, at) == (expected if expected == DONE else pytest.approx(expected)), at
    script = script_of(route, protocol=protocol)
    play(script, happened)

    assert [slot_s / 60 for slot_s in missed_slots_s(script.record, script.stamp(minute))] == missed
    assert [slot_s / 60 for slot_s in slots_s(script.record, minute * 60)] == slots


@pytest.mark.parametrize(
    ("in_s", "expected"), [(1, False), (0, False), (-59.9, False), (-60, True), (-61, True)]
)  # fmt: skip
def test_a_slot_is_due_for_a_minute_before_it_is_overdue(in_s, expected):
    assert is_overdue(Due(600.0, in_s)) is expected


@pytest.mark.parametrize("protocol", ["iv-40", "im", "nasal-esketamine", "sublingual"])
def test_the_baseline_is_due_before_the_dose_and_nothing_else_is(script_of, protocol):
    script = script_of("iv", protocol=protocol)
    assert state(script, 1) == ("baseline", "due")
    script.log("x refused", 2)
    assert state(script, 3) == DONE
