"""Killed at any call that changes or syncs a file, the program loses nothing that it said was saved."""

import pytest

from tests.fault.sections import kill_points
from tests.fault.sections.kill_points import CREATION, SESSION, Kills
from tests.fault.table import chunks

HANDS = 6

pytestmark = [pytest.mark.usefixtures("_compiler"), pytest.mark.timeout(180)]


@pytest.mark.parametrize("hand", range(HANDS))
def test_a_session_killed_before_any_call_keeps_all_that_was_saved(hand):
    points = chunks(kill_points.calls_of(SESSION, "kill"), HANDS)[hand]

    tally = kill_points.kill(Kills(SESSION, "kill", tuple(points)))

    assert tally.times == len(points) >= 300 // HANDS
    assert tally.faults == []


@pytest.mark.parametrize("script", [SESSION, CREATION])
def test_what_is_killed_in_the_middle_of_a_write_keeps_all_that_was_saved(script):
    points = kill_points.calls_of(script, "half")[::4]

    tally = kill_points.kill(Kills(script, "half", tuple(points)))

    assert tally.times == len(points) > 30
    assert tally.faults == []


def test_a_vault_whose_making_is_killed_is_whole_or_not_there():
    points = kill_points.calls_of(CREATION, "kill")[::4]

    tally = kill_points.kill(Kills(CREATION, "kill", tuple(points)))

    assert tally.times == len(points) > 50
    assert tally.faults == []
