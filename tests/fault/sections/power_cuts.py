"""The power goes at any moment: what was not synced is dropped by dice, and the vault opens with all that was saved.

The same simulation must find fault with settings that are known to lose data, or it would prove nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.fault import power, unsafe
from tests.fault.engine import Engine
from tests.fault.scene import content_of, faults_of, put, scene
from tests.fault.shim import Orders, recorded
from tests.fault.table import Row, Scale, Tally

ORDER = 20
IMAGES = 5000
SELF_TEST_IMAGES = 450
SESSION = "tests.fault.scripts:session"
FEWEST_CALLS = 100
PER_RECORD = 600
"""So many images are taken of one recorded session, which are all or nearly all; then the next one is played."""

SELF_TESTS = (
    ("the vault's own settings on a plain table", "vaults_own", False),
    ("DELETE, FULL, normal locking (the library's default)", "librarys_default", True),
    ("WAL, NORMAL (the web's advice)", "webs_advice", True),
)


@dataclass(frozen=True)
class Cuts:
    """Check so many different images; *seed* is that of the dice."""

    count: int
    seed: int


def run(scale: Scale) -> list[Row]:
    """Cut the power of sessions, then of the self-tests."""
    wanted = scale.of(IMAGES)
    jobs = [Cuts(min(PER_RECORD, wanted - done), seed) for seed, done in enumerate(range(0, wanted, PER_RECORD))]
    rows = [Row("power cuts: images of a session", scale.spread(cut, jobs), remark="all different")]
    for what, script, must_fail in SELF_TESTS:
        tally = self_test(script, scale.of(SELF_TEST_IMAGES), seed=0)
        rows.append(Row(f"self-test of the power cuts: {what}", tally, must_fail=must_fail))
    return rows


def cut(cuts: Cuts) -> Tally:
    """Play a session, and check images of it after power cuts; they are from its whole length, all different."""
    tally = Tally()
    with scene() as here, Engine(is_shimmed=True) as engine:
        folder = here.copy()
        log = folder / "record"
        told = engine.run(SESSION, folder, Orders(folder / "vault", log=log))
        assert told.end == 0, told
        calls = recorded(log)
        assert told.calls >= FEWEST_CALLS, f"only {told.calls} calls were seen"
        assert power.without_a_cut(folder / "vault", here.files(), calls) == content_of(folder / "vault")
        pool = different(power.images(folder / "vault", here.files(), calls, cuts.seed, draws=4))
        for number, image in enumerate(_spaced(list(pool), cuts.count, cuts.seed)):
            put(folder / "vault", image.files)
            faults = faults_of(folder / "vault", image.saved, image.tried, goes_on=number % 10 == 0)
            tally.add(f"power cut after call {image.after}, seed {cuts.seed}", faults)
    return tally


def self_test(script: str, count: int, seed: int) -> Tally:
    """Cut the power of a plain SQLite table under the settings of *script*."""
    tally = Tally()
    with scene() as here, Engine(is_shimmed=True) as engine:
        folder = here.empty()
        log = here.empty() / "record"
        unsafe.make(folder)
        files = content_of(folder)
        told = engine.run(f"tests.fault.unsafe:{script}", folder, Orders(folder, log=log))
        assert told.end == 0, told
        assert told.calls >= FEWEST_CALLS, f"only {told.calls} calls were seen"
        images = different(power.images(folder, files, recorded(log), seed, draws=6))
        for image in _spaced(list(images), count, seed):
            put(folder, image.files)
            tally.add(f"power cut after call {image.after}", unsafe.faults_of(folder, image.saved))
    return tally


def different(images: Iterator[power.Image]) -> Iterator[power.Image]:
    """Leave out what was there already."""
    seen = set()
    for image in images:
        key = image.key()
        if key not in seen:
            seen.add(key)
            yield image


def _spaced(images: list[power.Image], count: int, turn: int) -> list[power.Image]:
    """Return so many of the images, from all of their length; others at each *turn*."""
    if len(images) <= count:
        return images
    shift = turn * 0.618 % 1  # the golden section: no two turns take the same ones
    return [images[int((number + shift) * len(images) / count)] for number in range(count)]
