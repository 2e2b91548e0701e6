"""A disk that is really full, or really read-only, in each run of the tests; visible where a machine cannot."""

import pytest

from tests.fault.full_disk import NoSmallDisk, played


@pytest.mark.parametrize(("scenario", "count"), [("on_the_ballast", 2000), ("to_the_last_byte", 50), ("read_only", 20)])
def test_nothing_is_lost_and_it_goes_on(tmp_path, scenario, count):
    try:
        tally = played(scenario, tmp_path / scenario, count)
    except NoSmallDisk as missing:
        pytest.skip(f"needs {missing}")

    assert (tally.times, tally.faults) == (count, [])
