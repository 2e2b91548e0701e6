"""A change of keys that is killed leaves the old state or the new one, loses no entry, and is ended at a sign-in."""

import random

import pytest

from tests.fault.sections import keys
from tests.fault.sections.keys import CHANGES, Breaks

TRIED = 3

pytestmark = [pytest.mark.usefixtures("_compiler"), pytest.mark.timeout(180)]


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_keys_killed_at_some_calls_is_the_old_state_or_the_new_one(change):
    points = keys.calls_of(change, "kill")
    step = len(points) // TRIED
    points = points[random.randrange(step) :: step]  # noqa: S311 - dice, no secret

    tally = keys.kill(Breaks(change, "kill", tuple(points)))

    assert tally.times == len(points) >= TRIED
    assert tally.faults == []


@pytest.mark.parametrize(("times", "step"), [(1, 3), (0, 5)])
def test_a_member_who_could_not_be_added_is_not_there_and_one_who_was_is(times, step):
    """A COMMIT fails also where only the sync of the journal's end does: then the rows stand."""
    points = keys.calls_of("add_a_member", "errno")[random.randrange(step) :: step]  # noqa: S311

    tally = keys.fail(Breaks("add_a_member", "errno", tuple(points), times))

    assert tally.times == len(points) >= 12 // step
    assert tally.faults == []
