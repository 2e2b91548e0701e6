"""Who comes second is told at once and writes nothing; of many who come at once one gets the vault."""

import pytest

from tests.fault.sections import second_process

COUNT = 20

pytestmark = pytest.mark.timeout(180)


@pytest.mark.usefixtures("_compiler")
@pytest.mark.parametrize("is_stopped", [False, True])
def test_a_second_process_is_refused_and_writes_nothing(is_stopped):
    tally = second_process.refuse(COUNT, is_stopped=is_stopped)

    assert tally.times == COUNT + 1
    assert tally.faults == []


def test_of_many_that_start_at_the_same_moment_one_opens_the_vault():
    tally = second_process.start_at_once(50)

    assert tally.times == 51
    assert tally.faults == []


def test_of_two_that_start_at_once_after_a_crash_one_opens_the_vault():
    tally = second_process.start_after_a_crash(3 * COUNT)

    assert tally.times == 3 * COUNT
    assert tally.faults == []
