"""Killed at random, ten times in a row, the engine loses nothing that it said was saved."""

import pytest

from tests.fault.sections import kills
from tests.fault.sections.kills import Kills

COUNT = 30

pytestmark = pytest.mark.timeout(180)


@pytest.mark.parametrize("seed", range(2))
def test_an_engine_that_is_killed_again_and_again_keeps_all_that_was_saved(seed):
    tally = kills.kill(Kills(COUNT, seed))

    assert tally.times == COUNT
    assert tally.faults == []
