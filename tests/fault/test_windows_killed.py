"""The real windows, killed while somebody types: what was shown as saved is there, and of the keys all but the last."""

import random

import pytest

from tests.fault.sections import windows
from tests.fault.sections.windows import Kills

COUNT = 2

pytestmark = pytest.mark.timeout(180)


def test_windows_killed_while_somebody_types_keep_what_they_showed_as_saved():
    tally = windows.kill_while_typing(Kills(COUNT, random.randrange(1000)))  # noqa: S311 - dice, no secret

    assert tally.times == COUNT
    assert tally.faults == []


@pytest.mark.skipif(not windows.has_drafts(), reason="half-typed lines are not kept on the disk yet")
def test_windows_killed_a_second_after_the_last_key_keep_every_key():
    tally = windows.kill_after_a_pause(Kills(COUNT, random.randrange(1000)))  # noqa: S311

    assert tally.times == COUNT
    assert tally.faults == []
