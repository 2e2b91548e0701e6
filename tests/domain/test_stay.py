"""When a stay is long enough by the protocol, and what of its rule is not met."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kapnotes.domain.assessed import Unmet
from kapnotes.domain.assessed_words import unmet_words
from kapnotes.domain.clock import ManualClock
from kapnotes.domain.drug_entries import InfusionPause
from kapnotes.domain.entries import Infusion, Route
from kapnotes.domain.known import KnownOf
from kapnotes.domain.shorthand import read_line
from kapnotes.domain.stay import stay
from kapnotes.domain.stay_words import score_words, time_words
from kapnotes.domain.words import in_english
from tests.domain.conftest import SessionScript


def at(script, minute):
    return stay(script.record, script.stamp(minute))


def words(script, minute):
    said = (time_words(at(script, minute), in_english), score_words(at(script, minute), in_english))
    return " · ".join(part for part in said if part)


def test_before_the_first_dose_and_without_a_rule_there_is_nothing_to_say(script, script_of, preset_text):
    assert at(script, 10) is None
    bare = preset_text("iv-40").replace("discharge = { after_end_min = 60, padss = 9 }", "discharge = {}")
    free = script_of("iv", protocol_text=bare)
    free.log("inf 35/40", 10)

    assert at(free, 20) is None


def test_after_an_infusion_the_stay_counts_from_its_end(script):
    script.log("inf 35/40", 10)
    assert words(script, 20) == "not before +100 min, infusion runs · PADSS, 9 needed"
    script.log("inf 0", 52)

    assert words(script, 60) == "+102 min, 52 min left · PADSS, 9 needed"
    assert words(script, 111.5) == "+102 min, 1 min left · PADSS, 9 needed"
    assert words(script, 112) == "+102 min, reached · PADSS, 9 needed"


@pytest.mark.parametrize(("minute", "left_s"), [(99.99, 0.6), (100, 0), (100.01, 0)])
def test_a_stay_is_met_at_its_very_second(script_of, minute, left_s):
    script = script_of("im", protocol="im")
    script.log("dose 35 im", 10)

    found = at(script, minute)

    assert found.left_s == pytest.approx(left_s, abs=1e-6)
    assert [one.part for one in found.unmet] == (["after_dose", "padss"] if left_s else ["padss"])


def test_a_second_dose_begins_the_stay_anew_and_a_rescue_drug_does_not(script_of):
    script = script_of("im", protocol="im")
    script.log("dose 35 im", 10)
    script.log("rescue ondansetron 4 iv", 40)
    assert at(script, 50).ready_s == 90 * 60
    script.log("dose 15 im", 50)

    assert at(script, 50).ready_s == 130 * 60


def test_esketamine_stays_two_hours_from_the_first_device(script_of):
    script = script_of("nasal", protocol="nasal-esketamine")
    script.log("dose 28 nasal", 10)
    script.log("dose 28 nasal", 15)

    assert at(script, 60).ready_s == 120 * 60
    assert words(script, 60) == "+120 min, 70 min left"
    assert at(script, 130).unmet == ()


@pytest.mark.parametrize(("line", "score", "is_met"), [("padss 2 2 2 1 1", 8, False), ("padss 2 2 2 2 1", 9, True)])
def test_the_score_is_the_newest_since_the_dose(script_of, line, score, is_met):
    script = script_of("sublingual", protocol="sublingual")
    script.log("padss 2 2 2 2 2", 5)
    script.log("dose 100", 10)
    assert at(script, 30).unmet == (Unmet("padss", 9, None),)
    script.log("padss 0 0 0 0 0", 50)
    script.log(line, 90)

    assert at(script, 95).score == score
    assert (at(script, 95).unmet == ()) is is_met
    assert words(script, 95) == f"PADSS {score}, 9 needed"


def test_what_is_not_met_is_told_in_words(script):
    script.log("inf 35/40", 10)
    running = at(script, 40).unmet
    script.log("inf 0", 50)
    script.log("padss 2 2 2 2 0", 90)

    assert unmet_words(running, in_english) == (
        "stay: 60 min after the end of the infusion; PADSS not scored, 9 needed"
    )
    assert unmet_words(at(script, 98.9).unmet, in_english) == "stay: 48 of 60 min; PADSS 8 of 9"


def test_a_discharge_keeps_what_was_not_met_when_it_was_typed(script):
    script.log("inf 35/40", 10)
    script.log("inf 0", 50)

    def out(minute):
        known = KnownOf(script.record, script.stamp(minute))
        return read_line("out partner: steady // the last train", drug="ketamine", route=Route.IV, known=known)

    assert out(98).unmet == (Unmet("after_end", 60, 48), Unmet("padss", 9, None))
    assert out(98).reason == "the last train"


def test_an_infusion_past_its_plan_moves_the_end_with_the_clock(script):
    script.log("inf 35/40", 10)

    assert at(script, 50).ready_s == 100 * 60
    assert at(script, 55).ready_s == 105 * 60


STEPS = st.lists(
    st.tuples(
        st.integers(0, 40),
        st.one_of(
            st.none(),
            st.decimals("0.1", "3", places=1),
            st.tuples(st.integers(5, 80), st.integers(5, 90)),
            st.just("pause"),
        ),
    ),
    max_size=8,
)


@settings(max_examples=25)
@given(st.sampled_from(["iv-40", "nasal-esketamine"]), STEPS)
def test_the_time_to_leave_never_comes_nearer_while_an_infusion_goes_on(protocol, steps):
    """Whatever is done to it short of stopping it: time passes, a pause, other rates and plans, a dose."""
    script = SessionScript(ManualClock(datetime(2025, 3, 8, 14, 0, tzinfo=UTC)), protocol=protocol)
    script.log("inf 35/40", 0)
    minute, ready_s = 0, at(script, 0).ready_s
    for passed, change in steps:
        minute += passed
        if isinstance(change, tuple):
            script.log(f"inf {change[0]}/{change[1]}", minute)
        elif change == "pause":
            stop = script.log("inf 0", minute)
            script.add(InfusionPause(stop.entry_id), minute)
        elif change is not None:
            script.add(Infusion("ketamine", Decimal(change)), minute)
        else:
            script.log("dose 5 iv", minute)
        found = at(script, minute)
        assert found.ready_s >= ready_s
        assert protocol != "iv-40" or found.left_s >= 60 * 60
        ready_s = found.ready_s
