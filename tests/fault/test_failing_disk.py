"""On a disk that fails nothing is called saved that is not, also if the power goes next; once mended, all goes on."""

import random

import pytest

from tests.fault.sections import io_errors
from tests.fault.sections.io_errors import KINDS, WITH_CUTS, Failures

TRIED = 8

pytestmark = [pytest.mark.usefixtures("_compiler"), pytest.mark.timeout(180)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_session_on_a_failing_disk_loses_nothing_that_was_saved_and_goes_on(kind):
    points = io_errors.points_of(kind)
    step = max(1, len(points) // TRIED)
    points = points[random.randrange(step) :: step]  # noqa: S311 - dice, no secret
    has_cuts = kind in WITH_CUTS

    tally = io_errors.fail(Failures(kind, tuple(points), has_cuts))

    assert len(points) >= TRIED
    assert tally.times > 3 * len(points) if has_cuts else tally.times == len(points)
    assert tally.faults == []
