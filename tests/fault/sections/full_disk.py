"""A full disk and a read-only one, both real: what was noted is there, and it goes on when there is room."""

from tests.fault.full_disk import NoSmallDisk, played
from tests.fault.scene import scratch
from tests.fault.table import Row, Scale

ORDER = 45

WHAT = {
    "on_the_ballast": ("full disk: entries on the 8 MiB kept aside", 2_000),
    "to_the_last_byte": ("full to the last byte: second place, opened full, room again", 500),
    "read_only": ("read-only medium: read, not changed", 200),
}


def run(scale: Scale) -> list[Row]:
    """Play each scenario on a disk of 12 MiB in memory; the numbers are small, so the scale does not lessen them."""
    del scale
    rows = []
    for scenario, (what, count) in WHAT.items():
        with scratch() as folder:
            try:
                rows.append(Row(what, played(scenario, folder / scenario, count)))
            except NoSmallDisk as missing:
                rows.append(Row(what, wants=str(missing)))
    return rows
