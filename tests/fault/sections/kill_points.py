"""Killed at every call that changes or syncs a file, before the call and in the middle of a write."""

from dataclasses import dataclass

from kapnotes.domain.errors import VaultError
from kapnotes.vault.verify import verify
from tests.fault import scripts
from tests.fault.engine import Engine, Told
from tests.fault.scene import Scene, faults_of, scene
from tests.fault.shim import Orders
from tests.fault.table import Row, Scale, Tally, chunks

ORDER = 10
SESSION = "tests.fault.scripts:session"
CREATION = "tests.fault.scripts:creation"
FEWEST_CALLS = {SESSION: 300, CREATION: 60}
"""A shim that sees fewer calls than this has not seen them all, and its silence would prove nothing."""


@dataclass(frozen=True)
class Kills:
    """Kill a script at these calls; *do* is "kill", or "half" for the middle of a write."""

    script: str
    do: str
    points: tuple[int, ...]


def run(scale: Scale) -> list[Row]:
    """Kill a session and the making of a vault at every call."""
    rows = []
    for script, what in ((SESSION, "a session of 20 entries in 3 files"), (CREATION, "making a vault")):
        for do, where in (("kill", "killed before each call"), ("half", "killed in the middle of each write")):
            points = calls_of(script, do)
            hands = chunks(points[:: max(1, round(1 / scale.share))], 4 * scale.workers)
            tally = scale.spread(kill, [Kills(script, do, tuple(hand)) for hand in hands])
            rows.append(Row(f"{what}, {where}", tally, remark=f"of {len(points)} calls"))
    return rows


def calls_of(script: str, do: str) -> range:
    """Return the numbers of all calls at which a script can be killed, having seen that the shim sees them."""
    with scene() as here, Engine(is_shimmed=True) as engine:
        folder = _folder(here, script)
        told = engine.run(script, folder, Orders(folder, calls="write" if do == "half" else "all"))
    assert told.end == 0, told
    assert told.calls >= FEWEST_CALLS[script] // (2 if do == "half" else 1), f"only {told.calls} calls were seen"
    return range(1, told.calls + 1)


def kill(kills: Kills) -> Tally:
    """Kill a script at each of these calls; see that it lost nothing that it said was saved."""
    tally = Tally()
    with scene() as here, Engine(is_shimmed=True) as engine:
        for point in kills.points:
            folder = _folder(here, kills.script)
            calls = "write" if kills.do == "half" else "all"
            told = engine.run(kills.script, folder, Orders(folder, kills.do, calls, at=point))
            faults = _faults(kills.script, folder, told)
            here.drop(folder)
            tally.add(f"{kills.do} at call {point}", faults)
    return tally


def _folder(here: Scene, script: str):
    return here.empty() if script == CREATION else here.copy()


def _faults(script: str, folder, told: Told) -> list[str]:
    faults = [] if told.was_killed else [f"it was not killed, but ended with {told.end}"]
    if script == CREATION:
        return faults + _faults_of_new(folder, told)
    return faults + faults_of(folder / "vault", told.saved, told.tried)


def _faults_of_new(folder, told: Told) -> list[str]:
    """Return what is wrong with a vault that was perhaps made: the whole vault is there, or none."""
    vault = folder / "vault"
    if not vault.exists():
        return ["the vault that was made is not there"] if told.saved else []
    faults = [finding.line for finding in verify(vault).findings if finding.code]
    try:
        library = scripts.opened(vault)
        try:
            labels = {member.label for member in library.members()}
            for label in scripts.PASSPHRASES if told.saved else labels:
                library.unlock(label, scripts.PASSPHRASES[label])
        finally:
            library.close()
    except VaultError as error:
        faults.append(f"does not open: {type(error).__name__}: {error}")
    return faults
