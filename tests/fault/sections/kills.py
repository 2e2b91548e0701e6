"""Killed at random moments, again and again: every entry that was said to be saved is there."""

import random
from dataclasses import dataclass

from tests.fault.engine import Engine
from tests.fault.scene import faults_of, scene
from tests.fault.table import Row, Scale, Tally

ORDER = 40
KILLS = 10_000
IN_A_ROW = 10
"""So many kills one vault goes through before a fresh one is taken."""

LONGEST_S = 0.09
"""About as long as it takes to open, to write twenty entries, to close and to open again."""

SCRIPT = "tests.fault.scripts:long_session"


@dataclass(frozen=True)
class Kills:
    """Kill so often; *seed* is that of the dice."""

    count: int
    seed: int


def run(scale: Scale) -> list[Row]:
    """Kill the engine at random."""
    each = max(IN_A_ROW, scale.of(KILLS) // (4 * scale.workers))
    tally = scale.spread(kill, [Kills(each, seed) for seed in range(-(-scale.of(KILLS) // each))])
    return [Row("the engine, killed at random moments", tally)]


def kill(kills: Kills) -> Tally:
    """Kill a process that writes, and see that nothing is lost of what it and those before it said was saved."""
    tally, dice = Tally(), random.Random(kills.seed)  # noqa: S311 - a moment, no secret
    with scene() as here, Engine(is_shimmed=False) as engine:
        while tally.times < kills.count:
            _kill_in_a_row(here, engine, dice, tally, min(IN_A_ROW, kills.count - tally.times))
    return tally


def _kill_in_a_row(here, engine, dice, tally, count) -> None:
    folder = here.copy()
    saved: set[str] = set()
    tried: set[str] = set()
    for number in range(count):
        moment_s = dice.uniform(0, LONGEST_S)
        told = engine.run(SCRIPT, folder, kill_after_s=moment_s)
        saved |= told.saved
        tried |= told.tried
        faults = faults_of(folder / "vault", saved, tried, goes_on=number == count - 1)
        if not told.was_killed:
            faults.append(f"it ended by itself: {told.lines[-1:]}")
        tally.add(f"kill {number + 1} in a row, after {1000 * moment_s:.1f} ms", faults)
    here.drop(folder)
