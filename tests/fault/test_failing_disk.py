"""On a disk that fails nothing is called saved that is not, also if the power goes next; once mended, all goes on."""

import pytest

from tests.fault.sections import io_errors
from tests.fault.sections.io_errors import KINDS, Failures

TRIED = 24

pytestmark = [pytest.mark.usefixtures("_compiler"), pytest.mark.timeout(180)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_session_on_a_failing_disk_loses_nothing_that_was_saved_and_goes_on(kind):
    points = io_errors.points_of(kind)
    points = points[:: max(1, len(points) // TRIED)]

    tally = io_errors.fail(Failures(kind, tuple(points)))

    assert tally.times == len(points) >= TRIED
    assert tally.faults == []


@pytest.mark.parametrize("kind", ["sync", "syncs"])
def test_after_a_sync_that_failed_nothing_that_was_saved_is_lost_by_a_power_cut(kind):
    """Where the sync of the journal's end fails, the journal may come back and roll back an entry that stands."""
    points = io_errors.points_of(kind)[::3]

    tally = io_errors.fail(Failures(kind, tuple(points), has_cuts=True))

    assert tally.times > 3 * len(points)
    assert tally.faults == []
