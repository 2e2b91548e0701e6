"""Killed while a session's page or table is saved: the old file or the new one is there, and the trail tells of it."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from kapnotes.domain.entries import SummaryIssued
from kapnotes.vault.verify import verify
from tests.fault.engine import Engine
from tests.fault.page_scripts import OUT, make_practice, signed_in
from tests.fault.scene import scratch
from tests.fault.shim import Orders
from tests.fault.table import Row, Scale, Tally, chunks

ORDER = 15
SUMMARY = "tests.fault.page_scripts:save_summary"
TABLE = "tests.fault.page_scripts:save_table"
READS = {
    SUMMARY: ("tests.fault.page_scripts", "kapnotes.export.summary_page", "kapnotes.export.encrypt", "pikepdf"),
    TABLE: ("tests.fault.page_scripts", "kapnotes.export.session_csv"),
}
"""What each script needs, so that no child has to import it."""

OLD = b"the old one"


@dataclass(frozen=True)
class Kills:
    """Kill a script at these of its calls on files under *where*, a folder beside the vault, or "." for all."""

    script: str
    where: str
    points: tuple[int, ...]


def run(scale: Scale) -> list[Row]:
    """Kill the saving of a summary at every call, on the vault's files and on the page's own."""
    points = calls_of(SUMMARY, ".")
    hands = chunks(points[:: max(1, round(1 / scale.share))], 4 * scale.workers)
    tally = scale.spread(kill, [Kills(SUMMARY, ".", tuple(hand)) for hand in hands])
    return [Row("a summary is saved, killed before each call", tally, remark=f"of {len(points)} calls")]


def calls_of(script: str, where: str) -> range:
    """Return the numbers of all calls of *script* on files under *where*."""
    with scratch() as folder, Engine(is_shimmed=True, reads=READS[script]) as engine:
        make_practice(folder)
        told = engine.run(script, folder, Orders(folder / where))
    assert told.end == 0, told
    return range(1, told.calls + 1)


def kill(kills: Kills) -> Tally:
    """Kill the script at each of these calls; a fault that is none tells which of the two files was there."""
    tally = Tally()
    with scratch() as base, Engine(is_shimmed=True, reads=READS[kills.script]) as engine:
        make_practice(base / "made")
        for point in kills.points:
            folder = Path(shutil.copytree(base / "made", base / f"{point}"))
            for name in OUT:
                (folder / "out" / name).write_bytes(OLD)
            told = engine.run(kills.script, folder, Orders(folder / kills.where, "kill", at=point))
            tally.add(f"call {point}", [] if told.was_killed else [f"it was not killed, but ended with {told.end}"])
            tally.add(f"killed at call {point}", faults_of(folder))
            shutil.rmtree(folder)
    return tally


def faults_of(folder: Path) -> Sequence[str]:
    """Return what is wrong with what was left: nothing, where every file is old, or new, whole and told of.

    A file that is whole has the digest that stands in the session; a part of one has not.
    """
    faults = [finding.line for finding in verify(folder / "vault").findings if finding.code]
    with signed_in(folder) as (_, live, _program):
        told = {issued.sha256 for _, issued in live.record.of(SummaryIssued)}
    for name in OUT:
        content = (folder / "out" / name).read_bytes()
        if content != OLD and sha256(content).hexdigest() not in told:
            faults.append(f"{name} is neither the old one nor a new one that the trail tells of")
    return faults
