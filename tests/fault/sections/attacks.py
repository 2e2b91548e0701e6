"""Attacks on rows, pages and files: `verify` names each, with its file and the number of the entry."""

from tests.fault import attacks
from tests.fault.scene import scratch
from tests.fault.table import Row, Scale, Tally

ORDER = 70


def run(scale: Scale) -> list[Row]:
    """Try every attack; their number is small, so the scale does not lessen it."""
    del scale
    with scratch() as folder:
        scene = attacks.make_scene(folder)
        rows = Tally()
        for number, name in enumerate(attacks.ATTACKS):
            rows.add(name, attacks.attacked(scene, name, folder / f"attack {number}"))
        pages = attacks.pages_put_back(folder)
        files = attacks.files_put_back(scene, folder)
    failed = {fault.partition(":")[0] for fault in rows.faults} | ({"old page"} if pages.faults else set())
    named = attacks.CLASSES - len(failed)
    return [
        Row("attacks on rows, named with file and entry", rows, remark=f"{named} of {attacks.CLASSES} classes"),
        Row("each page of 20 commits put back", pages, remark="told, or nothing of it is gone"),
        Row("one, two or all files put back", files, remark="by heads in shared, by anchors outside"),
    ]
