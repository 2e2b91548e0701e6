"""Backups, restores and salvages: killed at every call; the copy flipped and cut; a damaged vault brought back."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kapnotes.domain.errors import VaultError
from kapnotes.vault import bundle
from kapnotes.vault.btree import PAGE
from kapnotes.vault.restore import restore
from kapnotes.vault.salvage import Helper, salvage
from kapnotes.vault.verify import verify
from tests.fault import scripts
from tests.fault.engine import Engine
from tests.fault.scene import Scene, content_of, put, read_back, scene
from tests.fault.shim import Orders
from tests.fault.table import Row, Scale, Tally, chunks

ORDER = 80
BACKUP = "tests.fault.backup_scripts:back_up"
RESTORE = "tests.fault.backup_scripts:bring_back"
FEWEST_CALLS = {BACKUP: 60, RESTORE: 15}
ENTRIES = 60
FLIPS = 2000
CUTS = 200


@dataclass(frozen=True)
class Kills:
    """Kill a script at these calls."""

    script: str
    points: tuple[int, ...]


def run(scale: Scale) -> list[Row]:
    """Kill the making and the restoring of a backup at every call, flip and cut one, and lose each page of a vault."""
    rows = []
    for script, what in ((BACKUP, "a backup"), (RESTORE, "a restore")):
        points = calls_of(script)[:: max(1, round(1 / scale.share))]
        tally = scale.spread(kill, [Kills(script, tuple(hand)) for hand in chunks(points, 2 * scale.workers)])
        rows.append(Row(f"{what}, killed before each call: all of it or nothing", tally))
    rows.append(Row("a backup with a flipped byte: refused", flip(scale.of(FLIPS))))
    rows.append(Row("a backup that is cut: refused", cut(scale.of(CUTS))))
    rows.append(Row("a page lost, then salvaged: all other entries are there", lose_pages(1 / scale.share)))
    rows.append(Row("cut to 60 %, then salvaged: at least 97 % of the whole rows", cut_to_sixty()))
    return rows


def calls_of(script: str) -> range:
    """Return the numbers of all calls at which a script can be killed."""
    with scene() as here, Engine(is_shimmed=True) as engine:
        folder = _ready(here, script)
        told = engine.run(script, folder, Orders(folder))
    assert told.end == 0, told
    assert told.calls >= FEWEST_CALLS[script], f"only {told.calls} calls were seen"
    return range(1, told.calls + 1)


def kill(kills: Kills) -> Tally:
    """Kill a script at each of these calls: a whole copy stands under its name or none, and the source is the same."""
    tally = Tally()
    with scene() as here, Engine(is_shimmed=True) as engine:
        for point in kills.points:
            folder = _ready(here, kills.script)
            before = _kept(folder)
            told = engine.run(kills.script, folder, Orders(folder, "kill", "all", at=point))
            faults = [] if told.was_killed or told.end == 0 else [f"it was not killed, but ended with {told.end}"]
            if _kept(folder) != before:
                faults.append("what it was made from was changed")
            made = folder / ("one.kapbackup" if kills.script == BACKUP else "again")
            faults += _faults_of(folder, made, is_there="done" in told.lines)
            here.drop(folder)
            tally.add(f"at call {point}", faults)
    return tally


def _ready(here: Scene, script: str) -> Path:
    folder = here.copy()
    if script == RESTORE:
        with _opened(folder / "vault") as library:
            library.backups.make_as(folder / "source.kapbackup", _nobody)
    return folder


def _kept(folder: Path) -> dict[str, bytes]:
    kept = {name: content for name, content in content_of(folder / "vault").items() if name.endswith(".kapdb")}
    source = folder / "source.kapbackup"
    return kept | ({source.name: source.read_bytes()} if source.exists() else {})


def _faults_of(folder: Path, made: Path, *, is_there: bool) -> list[str]:
    if not made.exists():
        return ["what was said to be done is not there"] if is_there else []
    try:
        if made.suffix == bundle.SUFFIX:
            report = restore(made, folder / "from it", entropy=os.urandom, with_findings=False, tell=_nobody)
        else:
            report = verify(made)
    except VaultError as error:
        return [f"half of it stands under its name: {error}"]
    return [finding.line for finding in report.findings]


# ------------------------------------------------------------------------------------------ flips, cuts


def flip(count: int) -> Tally:
    """Flip one byte of a backup, at so many places: it is never restored."""
    return _spoil(count, lambda whole, spot: whole[:spot] + bytes([whole[spot] ^ 1]) + whole[spot + 1 :])


def cut(count: int) -> Tally:
    """Cut a backup at so many places: it is never restored."""
    return _spoil(count, lambda whole, spot: whole[:spot])


def _spoil(count: int, how: Callable[[bytes, int], bytes]) -> Tally:
    tally = Tally()
    with scene() as here:
        folder = _ready(here, RESTORE)
        path = folder / "source.kapbackup"
        whole = path.read_bytes()
        for spot in range(0, len(whole), max(1, len(whole) // count)):
            path.write_bytes(how(whole, spot))
            faults = ["it was restored"]
            try:
                restore(path, folder / "again", entropy=os.urandom, with_findings=False, tell=_nobody)
            except VaultError:
                faults = ["something is left of it"] if (folder / "again").exists() else []
            tally.add(f"byte {spot}", faults)
    return tally


# ---------------------------------------------------------------------------------------------- salvage


def lose_pages(step: float) -> Tally:
    """Lose each page of a vault in turn and salvage it: what is not named as missing is read back."""
    tally = Tally()
    with scene() as here:
        folder, ids = _written(here)
        files = content_of(folder / "vault")
        helper = Helper("Tess", scripts.PASSPHRASES["Tess"])
        for name in (name for name in files if name.endswith(".kapdb")):
            for page in range(0, len(files[name]) // PAGE, max(1, round(step))):
                put(folder / "vault", files | {name: _without(files[name], page)})
                made = salvage(folder / "vault", folder / "new", entropy=os.urandom, helper=helper, tell=_nobody)
                faults = [] if made.missing else _lost(folder / "new", ids)
                tally.add(f"{name} page {page}", faults)
                here.drop(folder / "new")
    return tally


def cut_to_sixty() -> Tally:
    """Cut each file to 60 % and salvage the vault: nearly every entry on the pages that are left is whole."""
    tally = Tally()
    with scene() as here:
        folder, _ = _written(here)
        files = content_of(folder / "vault")
        for name in (name for name in files if name.endswith(".kapdb")):
            put(folder / "vault", files | {name: files[name][: len(files[name]) * 6 // 10]})
            made = salvage(folder / "vault", folder / "new", entropy=os.urandom, helper=None, tell=_nobody)
            left = made.entries + made.unproven
            tally.add(name, [] if made.entries >= 0.97 * left else [f"{made.entries} of {left}"])
            here.drop(folder / "new")
    return tally


def _written(here: Scene) -> tuple[Path, set[str]]:
    folder, lines = here.copy(), []
    writer = scripts.Writer(folder / "vault", lines.append)
    for number in range(ENTRIES):
        writer.write(number)
    writer.library.close()
    return folder, {line.removeprefix("saved ") for line in lines if line.startswith("saved ")}


def _without(content: bytes, page: int) -> bytes:
    return content[: page * PAGE] + b"\xa5" * PAGE + content[(page + 1) * PAGE :]


def _lost(vault: Path, ids: set[str]) -> list[str]:
    try:
        found, findings = read_back(vault)
    except VaultError as error:
        return [f"does not open: {error}"]
    return [*findings, *([f"{len(ids - found)} are lost without a word"] if ids - found else [])]


def _opened(vault: Path):
    import contextlib

    return contextlib.closing(scripts.opened(vault))


def _nobody(*_: object) -> None:
    """Listen to no progress."""
