"""The start is held above the limits of the protocol, on both sides of each, and a reason lets it go on."""

from decimal import Decimal

import pytest

from kapnotes.domain.completeness import missing
from kapnotes.domain.entries import Correction, NotTaken, NotTakenReason
from kapnotes.domain.errors import Misread
from kapnotes.domain.holding import held_words, is_answered, open_hold, split_hold, start_hold
from kapnotes.domain.start_hold import HeldValue, StartHold
from kapnotes.domain.words import in_english

SYSTOLIC = HeldValue("systolic_mmhg", Decimal(152), Decimal(140))


@pytest.mark.parametrize(
    ("pressure", "words"),
    [
        ("139/89", None),
        ("140/90", None),  # the limit itself still starts
        ("141/90", "systolic 141 above 140"),
        ("140/91", "diastolic 91 above 90"),
        ("140.5/90", "systolic 140.5 above 140"),
        ("141/95", "diastolic 95 above 90, systolic 141 above 140"),  # 5.6 % above comes before 0.7 %
        ("180/91", "systolic 180 above 140, diastolic 91 above 90"),
    ],
)
def test_the_start_is_held_above_a_limit_and_the_furthest_above_comes_first(script, pressure, words):
    script.log(f"{pressure} 72 98 14 s5", -5)
    hold = start_hold(script.record)

    assert (held_words(hold) if hold is not None else None) == words


@pytest.mark.parametrize("protocol", ["iv-40", "im", "nasal-esketamine", "sublingual"])
def test_every_preset_holds_the_start_without_a_baseline(script_of, protocol):
    script = script_of("iv", protocol=protocol)
    assert start_hold(script.record) == StartHold("")
    assert held_words(start_hold(script.record)) == "there is no baseline"

    script.log("hr72", -6)
    assert start_hold(script.record) == StartHold("")
    script.log("128/76 72 98 14 s5", -5)
    assert start_hold(script.record) is None


def test_a_baseline_that_was_not_taken_for_a_reason_holds_nothing(script):
    script.add(NotTaken(NotTakenReason.REFUSED), -5)

    assert start_hold(script.record) is None


def test_a_protocol_without_a_baseline_or_without_limits_holds_nothing(script_of, preset_text):
    bare = preset_text("im").replace('{ at = "baseline" }, ', "")
    assert start_hold(script_of("im", protocol_text=bare).record) is None

    free = preset_text("im").replace("hold_start = { systolic = 140, diastolic = 90 }", "")
    script = script_of("im", protocol_text=free)
    script.log("199/120 72 98 14 s5", -5)
    assert start_hold(script.record) is None
    assert start_hold(script_of("im", protocol_text="").record) is None


def test_the_newest_pressure_decides_also_where_it_is_taken_alone(script):
    script.log("152/95 72 98 14 s5", -9)
    script.log("136/84", -5)
    assert start_hold(script.record) is None

    script.log("144/84", -2)
    assert held_words(start_hold(script.record)) == "systolic 144 above 140"


def test_a_value_that_the_protocol_names_and_nobody_measured_holds_and_comes_last(script_of, preset_text):
    text = preset_text("im").replace("hold_start = { systolic = 140", "hold_start = { hr = 110, systolic = 140")
    script = script_of("im", protocol_text=text)
    script.log("152/80", -5)
    assert held_words(start_hold(script.record)) == "systolic 152 above 140, heart rate not measured (limit 110)"

    script.log("hr111", -4)
    script.log("138/80", -3)
    assert held_words(start_hold(script.record)) == "heart rate 111 above 110"


def test_a_reason_is_for_these_very_values(script):
    script.log("152/84 72 98 14 s5", -5)
    hold = start_hold(script.record, "rechecked by hand")
    assert hold == StartHold("rechecked by hand", (SYSTOLIC,))

    script.add(hold, -4)
    assert is_answered(script.record, hold)
    assert open_hold(script.record) is None
    script.log("158/84", -3)
    assert held_words(open_hold(script.record)) == "systolic 158 above 140"


def test_a_reason_that_was_taken_back_answers_nothing(script):
    script.log("152/84 72 98 14 s5", -5)
    given = script.add(StartHold("anxious", (SYSTOLIC,)), -4)
    script.add(Correction(given.entry_id, "a slip"), -3)

    assert open_hold(script.record) == StartHold("", (SYSTOLIC,))


def test_what_is_read_after_the_first_dose_held_nothing(script):
    script.log("128/76 72 98 14 s5", -5)
    script.log("inf 35/40", 0)
    script.log("171/99 80 98 14 s4", 10)

    assert start_hold(script.record) is None


def test_the_record_is_complete_only_with_the_reason(script, crna):
    script.log("152/84 72 98 14 s5", -5)
    script.log("inf 35/40", 0)
    line = "The start was held (systolic 152 above 140), and no reason is given: hold …"
    assert line in missing(script.record, crna, script.stamp(5), in_english)

    script.add(StartHold("anxious", (SYSTOLIC,)), 5)
    assert line not in missing(script.record, crna, script.stamp(6), in_english)


@pytest.mark.parametrize("body", [StartHold("cuff broken"), NotTaken(NotTakenReason.EQUIPMENT)])
def test_a_baseline_that_is_missing_for_a_reason_is_not_missed(script, crna, body):
    line = "No baseline vitals before the first dose."
    script.log("inf 35/40", 0)
    assert line in missing(script.record, crna, script.stamp(5), in_english)

    script.add(body, -1)
    assert line not in missing(script.record, crna, script.stamp(6), in_english)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("inf 35/40", None),
        ("inf 35/40 hold rechecked by hand, anxious", ("inf 35/40", "rechecked by hand, anxious", 10)),
        ("dose 35 im  HOLD  the plan", ("dose 35 im", "the plan", 12)),
        ("hold anxious: hold on", ("", "anxious: hold on", 0)),
        ("inf 35/40 hold hold rechecked", ("inf 35/40", "rechecked", 10)),  # the window has typed it already
        ("hold HOLD  on hold", ("", "on hold", 0)),
        ("do we hold the cuff", None),  # what was done is free text
        ("ae hold mild", None),
        ("rescue ondansetron 4 iv", None),
        ("128/76 72", None),
        ("hold an\u200bxious", None),  # a sign that no page shows: refused as a whole, as in any line
        (f"hold {'a' * 5000}", None),
        ("", None),
    ],
)
def test_the_reason_stands_behind_the_dose_or_alone(line, expected):
    assert split_hold(line) == expected


@pytest.mark.parametrize(("line", "column"), [("hold", 4), ("inf 35/40 hold  ", 16), ("hold hold ", 10)])
def test_a_hold_without_a_reason_is_told_at_its_place(line, column):
    with pytest.raises(Misread, match="Say why") as fault:
        split_hold(line)

    assert fault.value.column == column
