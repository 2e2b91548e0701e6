"""Why a vault does not open: seven causes, told apart in every case of the corpus."""

from tests.fault import causes
from tests.fault.scene import scratch
from tests.fault.sections.bits import small_vault
from tests.fault.table import Row, Scale

ORDER = 80


def run(scale: Scale) -> list[Row]:
    """Try every case; their number is small, so the scale does not lessen it."""
    del scale
    with scratch() as folder:
        source = small_vault(folder)
        tallies = {}
        for cause in causes.CAUSES:
            (folder / cause).mkdir()
            tallies[cause] = causes.every_case(source, folder / cause, cause)
    told = sum(not tally.faults for tally in tallies.values())
    remark = f"{told} of {len(causes.CAUSES)} causes"
    return [Row(f"told apart: {cause}", tally, remark=remark) for cause, tally in tallies.items()]
