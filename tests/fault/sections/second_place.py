"""Killed at every call while entries go from the second place into a vault that has gone on elsewhere."""

from dataclasses import dataclass
from pathlib import Path

from kapnotes.domain.errors import VaultError
from kapnotes.vault.verify import verify
from tests.fault import place_scripts
from tests.fault.engine import Engine
from tests.fault.place_scripts import OTHER_SESSION, SESSION, WRITTEN
from tests.fault.scene import Scene, scene
from tests.fault.scripts import PASSPHRASES
from tests.fault.shim import Orders
from tests.fault.table import Row, Scale, Tally, chunks

ORDER = 17
SCRIPT = "tests.fault.place_scripts:take_in"
CALLS = {"kill": "all", "half": "write"}
FEWEST_CALLS = {"kill": 120, "half": 40}
"""A shim that sees fewer calls than this has not seen them all."""


@dataclass(frozen=True)
class Kills:
    """Kill the script at these calls; *do* is "kill", or "half" for the middle of a write."""

    do: str
    points: tuple[int, ...]


def run(scale: Scale) -> list[Row]:
    """Kill it at every call."""
    rows = []
    for do, where in (("kill", "before each call"), ("half", "in the middle of each write")):
        points = calls_of(do)
        hands = chunks(points[:: max(1, round(1 / scale.share))], 2 * scale.workers)
        tally = scale.spread(kill, [Kills(do, tuple(hand)) for hand in hands])
        rows.append(Row(f"a second place taken in, killed {where}", tally, remark=f"of {len(points)} calls"))
    return rows


def calls_of(do: str) -> range:
    """Return the numbers of all calls at which it can be killed, having seen that the shim sees them."""
    with scene() as here, Engine(is_shimmed=True) as engine:
        base, waiting = _base(here)
        told = engine.run(SCRIPT, base, Orders(base, calls=CALLS[do]))
        assert told.end == 0, told
        assert (faults := faults_of(base, waiting)) == [], faults
    assert told.calls >= FEWEST_CALLS[do], f"only {told.calls} calls were seen"
    return range(1, told.calls + 1)


def kill(kills: Kills) -> Tally:
    """Kill it at each of these calls, and see that the next sign-ins find everything, and everything once."""
    tally = Tally()
    with scene() as here, Engine(is_shimmed=True) as engine:
        base, waiting = _base(here)
        for point in kills.points:
            folder = here.copy_of(base)
            place_scripts.move(base, folder)
            told = engine.run(SCRIPT, folder, Orders(folder, kills.do, CALLS[kills.do], at=point))
            faults = [] if told.was_killed else [f"it was not killed, but ended with {told.end}"]
            tally.add(f"{kills.do} at call {point}", faults + faults_of(folder, waiting))
            here.drop(folder)
    return tally


def faults_of(folder: Path, waiting: set[str]) -> list[str]:
    """Return what is wrong once everybody has signed in again: nothing, where all is there once and nothing waits."""
    try:
        with place_scripts.at_work(folder, "Carl", "Tess"):
            pass
        with place_scripts.at_work(folder, "Carl", "Tess") as (library, carl, tess):
            backs = [library.read(tess, scope) for scope in (SESSION, OTHER_SESSION)]
            faults = [str(notice) for notice in library.notices()]
            del carl
    except VaultError as error:
        return [f"does not open: {type(error).__name__}: {error}"]
    faults += [f"found on reading: {one.line}" for back in backs for one in (*back.refused, *back.findings)]
    found = [entry.entry_id for back in backs for entry in back.entries]
    lost = len(waiting - set(found))
    faults += [f"{lost} entries are lost"] if lost else []
    faults += [f"{len(found)} entries instead of {WRITTEN + len(waiting) + 1}"] * (
        len(found) != WRITTEN + len(waiting) + 1
    )
    faults += [f"{path.name} is left" for path in (folder / "profile").iterdir()]
    for label, passphrase in PASSPHRASES.items():
        findings = verify(folder / "vault", label=label, passphrase=passphrase).findings
        faults += [f"verify by {label} says {one.code}: {one.line}" for one in findings if one.code]
    return faults


def _base(here: Scene) -> tuple[Path, set[str]]:
    folder = here.copy()
    return folder, place_scripts.prepare(folder)
