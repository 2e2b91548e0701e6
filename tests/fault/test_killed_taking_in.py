"""What waits in a second place is neither lost nor doubled, whenever the program is killed that takes it in."""

import random

import pytest

from tests.fault.sections import second_place
from tests.fault.sections.second_place import Kills

TRIED = 6

pytestmark = [pytest.mark.usefixtures("_compiler"), pytest.mark.timeout(180)]


@pytest.mark.parametrize("do", ["kill", "half"])
def test_killed_at_some_calls_everything_is_there_once_after_the_next_sign_ins(do):
    points = second_place.calls_of(do)
    step = len(points) // TRIED
    points = points[random.randrange(step) :: step]  # noqa: S311 - dice, no secret

    tally = second_place.kill(Kills(do, tuple(points)))

    assert tally.times == len(points) >= TRIED
    assert tally.faults == []
