"""Killed at any call that changes or syncs a file, the program loses nothing that it said was saved."""

import random

import pytest

from tests.fault.sections import kill_points
from tests.fault.sections.kill_points import CREATION, SESSION, Kills

PARTS = 8
"""Another eighth of all calls at each run, or two; `make fault` takes them all."""

pytestmark = [pytest.mark.usefixtures("_compiler"), pytest.mark.timeout(180)]


def some(points, parts=PARTS):
    """Return one part of the calls, from everywhere."""
    return points[random.randrange(parts) :: parts]  # noqa: S311 - dice, no secret


def test_a_session_killed_before_any_call_keeps_all_that_was_saved():
    points = some(kill_points.calls_of(SESSION, "kill"), PARTS // 2)

    tally = kill_points.kill(Kills(SESSION, "kill", tuple(points)))

    assert tally.times == len(points) >= 300 // PARTS * 2
    assert tally.faults == []


@pytest.mark.parametrize("script", [SESSION, CREATION])
def test_what_is_killed_in_the_middle_of_a_write_keeps_all_that_was_saved(script):
    points = some(kill_points.calls_of(script, "half"))

    tally = kill_points.kill(Kills(script, "half", tuple(points)))

    assert tally.times == len(points) > 15
    assert tally.faults == []


def test_a_vault_whose_making_is_killed_is_whole_or_not_there():
    points = some(kill_points.calls_of(CREATION, "kill"))

    tally = kill_points.kill(Kills(CREATION, "kill", tuple(points)))

    assert tally.times == len(points) > 25
    assert tally.faults == []
