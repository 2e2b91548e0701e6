"""The power may go at any moment: what was saved stays; and the simulation does see what unsafe settings lose."""

import random

import pytest

from tests.fault.sections import power_cuts
from tests.fault.sections.power_cuts import Cuts

COUNT = 125
SELF_TEST = 400

pytestmark = [pytest.mark.usefixtures("_compiler"), pytest.mark.timeout(180)]


@pytest.mark.parametrize("turn", range(2))
def test_a_session_whose_power_goes_at_any_moment_keeps_all_that_was_saved(turn):
    tally = power_cuts.cut(Cuts(COUNT, 2 * random.randrange(1000) + turn))  # noqa: S311 - dice, no secret

    assert tally.times == COUNT
    assert tally.faults == []


@pytest.mark.parametrize("script", ["librarys_default", "webs_advice"])
def test_the_simulation_sees_that_unsafe_settings_lose_what_was_saved(script):
    tally = power_cuts.self_test(script, SELF_TEST, seed=0)

    assert tally.times == SELF_TEST
    assert len(tally.faults) >= 5


def test_the_simulation_finds_no_fault_with_the_settings_of_the_vault():
    tally = power_cuts.self_test("vaults_own", SELF_TEST, seed=0)

    assert tally.times == SELF_TEST
    assert tally.faults == []
