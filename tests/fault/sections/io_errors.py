"""The disk fails: a sync, a write, any call, once or until it is mended. Nothing is called saved that is not."""

import errno
import random
from collections.abc import Sequence
from dataclasses import dataclass

from tests.fault import power
from tests.fault.engine import Engine, Told
from tests.fault.scene import faults_of, put, scene
from tests.fault.scripts import ENTRIES
from tests.fault.shim import Call, Orders, recorded
from tests.fault.table import Row, Scale, Tally, chunks

ORDER = 30
SCRIPT = "tests.fault.scripts:session_on_a_failing_disk"
WITH_CUTS = frozenset({"sync", "syncs"})
"""Where the sync of the journal's end fails, the journal may come back and roll back an entry that stands: so after
each session the power is cut too."""

CUTS = 4
"""So many images of a power cut are looked at after each session on a disk whose syncs fail."""


@dataclass(frozen=True)
class Kind:
    """One way to fail, and how many calls there are that it can happen to, at least."""

    what: str
    do: str
    calls: str
    error: int
    times: int
    fewest: int


KINDS = {
    "sync": Kind("EIO at a sync", "errno", "sync", errno.EIO, 1, 60),
    "syncs": Kind("EIO at a sync and all after it", "errno", "sync", errno.EIO, 0, 60),
    "write": Kind("EIO at a write", "errno", "write", errno.EIO, 1, 150),
    "full": Kind("ENOSPC at a write and all after it", "errno", "write", errno.ENOSPC, 0, 150),
    "full once": Kind("ENOSPC at a write", "errno", "write", errno.ENOSPC, 1, 150),
    "filling": Kind("half a write, then ENOSPC", "full", "write", errno.ENOSPC, 0, 150),
    "short": Kind("a short write", "short", "write", 0, 1, 150),
    "any": Kind("EIO at any call", "errno", "all", errno.EIO, 1, 300),
}


@dataclass(frozen=True)
class Failures:
    """Let a disk fail at each of these calls."""

    kind: str
    points: tuple[int, ...]
    has_cuts: bool = False


def run(scale: Scale) -> list[Row]:
    """Let every call fail, in every way that it can fail."""
    rows = []
    for name, kind in KINDS.items():
        points = points_of(name)[:: max(1, round(1 / scale.share))]
        has_cuts = name in WITH_CUTS
        jobs = [Failures(name, tuple(hand), has_cuts) for hand in chunks(points, 2 * scale.workers)]
        mended = "" if kind.times else ", until it is mended"
        cuts = "; and then a power cut" if has_cuts else ""
        rows.append(Row(f"a disk that fails: {kind.what}{mended}{cuts}", scale.spread(fail, jobs)))
    return rows


def points_of(kind: str) -> range:
    """Return the numbers of all calls that can fail in that way."""
    with scene() as here, Engine(is_shimmed=True) as engine:
        folder = here.copy()
        told = engine.run(SCRIPT, folder, Orders(folder / "vault", calls=KINDS[kind].calls))
    assert told.end == 0, told
    assert told.calls >= KINDS[kind].fewest, f"only {told.calls} calls were seen"
    return range(1, told.calls + 1)


def fail(failures: Failures) -> Tally:
    """Let a session meet a disk that fails at each of these calls."""
    kind, tally = KINDS[failures.kind], Tally()
    with scene() as here, Engine(is_shimmed=True) as engine:
        for point in failures.points:
            folder = here.copy()
            log = folder / "record" if failures.has_cuts else None
            orders = Orders(folder / "vault", kind.do, kind.calls, point, kind.times, kind.error, log=log)
            told = engine.run(SCRIPT, folder, orders)
            case = f"{kind.what}, call {point}"
            tally.add(
                case, _faults_of_session(told) + faults_of(folder / "vault", told.saved, told.tried, goes_on=True)
            )
            if log is not None:
                for image in _cuts_after_a_failure(folder, here.files(), recorded(log), point):
                    put(folder / "vault", image.files)
                    tally.add(f"{case}, power cut after call {image.after}", _faults_of_image(folder / "vault", image))
            here.drop(folder)
    return tally


def _faults_of_session(told: Told) -> list[str]:
    """Return what is wrong with how a session went: it is written to its end, also on a disk that fails at times."""
    if told.end != 0:
        return [f"the session ended with {told.end}: {told.lines[-1:]}"]
    if len(told.saved) != ENTRIES or told.lines[-1] != "closed":
        return [f"the session did not go on: {len(told.saved)} of {ENTRIES} were saved"]
    return []


def _cuts_after_a_failure(folder, files: dict[str, bytes], calls: Sequence[Call], seed: int) -> list[power.Image]:
    """Return a few images of power cuts after the first sync that failed."""
    first = next((number for number, call in enumerate(calls) if call.kind == "F"), None)
    if first is None:
        return []
    counted = sum(call.is_counted for call in calls[:first])
    later = list(power.images(folder / "vault", files, calls, seed, since=counted))
    return random.Random(seed).sample(later, min(CUTS, len(later)))  # noqa: S311


def _faults_of_image(vault, image: power.Image) -> list[str]:
    return faults_of(vault, image.saved, image.tried)
