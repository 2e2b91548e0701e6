"""Keys are changed and the program is killed at every call: the old state opens or the new one, and nothing is lost."""

import contextlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from kapnotes.domain.entries import Signal, Vitals
from kapnotes.domain.errors import KapnotesError, VaultError, WrongPassphrase
from kapnotes.domain.members import MEDICAL, SHARED
from kapnotes.vault.library import Keyring, Library
from kapnotes.vault.verify import verify
from tests.fault import key_scripts, scripts
from tests.fault.engine import Engine, Told
from tests.fault.key_scripts import ADAS, MIAS, NEW, OTHER, OTHER_SESSION
from tests.fault.scene import Scene, scene
from tests.fault.scripts import PASSPHRASES, SESSION
from tests.fault.shim import Orders
from tests.fault.table import Row, Scale, Tally, chunks

ORDER = 15
CALLS = {"kill": "all", "half": "write", "errno": "sync"}
ENTRIES = 6
"""So many entries of the first patient's session there are before."""


@dataclass(frozen=True)
class People:
    """Who could sign in afterwards, with which passphrase, and where."""

    folder: Path
    library: Library
    seats: dict[str, Keyring]
    passphrases: dict[str, str]

    @property
    def tess(self) -> Keyring:
        return self.seats["Tess"]


@dataclass(frozen=True)
class Change:
    """A change of keys: its script, and how to see that it came about."""

    what: str
    script: str
    is_new: Callable[[People], bool]
    fewest: int
    is_one_write: bool = False
    """Whether it is one transaction, so that nothing may have changed where it is said to have failed."""

    @property
    def name(self) -> str:
        return f"tests.fault.key_scripts:{self.script}"


def _opens(people: People, papers: str) -> bool:
    """Tell whether a medical recovery sheet is the one that counts."""
    try:
        people.library.lock(people.library.break_glass(papers, "to see whether it opens"))
    except KapnotesError:
        return False
    return True


def _has_new_sheet(people: People) -> bool:
    medical = [state for state in people.library.sheets() if state.compartment == MEDICAL]
    return len(medical) == 1 and _opens(people, (people.folder / "new sheet").read_text(encoding="ascii"))


def _is_deleted(people: People) -> bool:
    return not people.library.read(people.tess, SESSION).entries


CHANGES = {
    change.script: change
    for change in (
        Change("a passphrase changed", "change_passphrase", lambda p: p.passphrases["Tess"] == NEW, 50),
        Change("a recovery sheet made and confirmed", "make_a_sheet", _has_new_sheet, 100),
        Change("a member added", "add_a_member", lambda p: "Mia" in p.seats, 50, is_one_write=True),
        Change("a membership ended", "revoke", lambda p: "Carl" not in p.seats, 100),
        Change("an epoch begun at a sign-in", "begin_an_epoch", lambda _: True, 50),
        Change("a patient deleted", "shred", _is_deleted, 100),
        Change("a forgotten passphrase replaced", "recover", lambda p: p.passphrases["Tess"] == NEW, 50),
    )
}


@dataclass(frozen=True)
class Breaks:
    """Break a change of keys at these calls; *do* is "kill", "half" for the middle of a write, or "errno": syncs fail.

    Of "errno" *times* says how often, 0 for ever.
    """

    script: str
    do: str
    points: tuple[int, ...]
    times: int = 1


def run(scale: Scale) -> list[Row]:
    """Kill each change of keys at every call."""
    rows = []
    for name, change in CHANGES.items():
        for do, where in (("kill", "before each call"), ("half", "in the middle of each write")):
            points = calls_of(name, do)
            hands = chunks(points[:: max(1, round(1 / scale.share))], 2 * scale.workers)
            tally = scale.spread(kill, [Breaks(name, do, tuple(hand)) for hand in hands])
            rows.append(Row(f"keys: {change.what}, killed {where}", tally, remark=f"of {len(points)} calls"))
        points = calls_of(name, "errno")[:: max(1, round(1 / scale.share))]
        for times, how in ((1, "one sync fails"), (0, "a sync and all after it fail")):
            hands = [Breaks(name, "errno", tuple(hand), times) for hand in chunks(points, 2 * scale.workers)]
            rows.append(Row(f"keys: {change.what}, {how}", scale.spread(fail, hands)))
    return rows


def calls_of(script: str, do: str) -> range:
    """Return the numbers of all calls at which a change can be killed, having seen that the shim sees them."""
    with scene() as here, Engine(is_shimmed=True) as engine:
        folder, others = _base(here, script)
        told = engine.run(CHANGES[script].name, folder, Orders(folder, calls=CALLS[do]))
        assert told.end == 0, told
        assert (faults := _faults(CHANGES[script], folder, told, others)) == [], faults
    fewest = CHANGES[script].fewest // {"kill": 1, "half": 2, "errno": 4}[do]
    assert told.calls >= fewest, f"only {told.calls} calls were seen"
    return range(1, told.calls + 1)


def fail(breaks: Breaks) -> Tally:
    """Let the disk fail at each of these syncs: what is said to be done is, and the next sign-ins make all well."""
    tally, change = Tally(), CHANGES[breaks.script]
    with scene() as here, Engine(is_shimmed=True) as engine:
        base, others = _base(here, breaks.script)
        for point in breaks.points:
            folder = here.copy_of(base)
            orders = Orders(folder / "vault", "errno", "sync", at=point, times=breaks.times)
            told = engine.run("tests.fault.key_scripts:on_a_failing_disk", folder, orders, breaks.script)
            faults = [] if told.end == 0 else [f"it ended with {told.end}: {told.lines[-1:]}"]
            tally.add(f"{change.what}, sync {point} failed", faults + _faults(change, folder, told, others))
            here.drop(folder)
    return tally


def kill(breaks: Breaks) -> Tally:
    """Kill a change of keys at each of these calls, and see what the next sign-ins make of it."""
    tally, change = Tally(), CHANGES[breaks.script]
    with scene() as here, Engine(is_shimmed=True) as engine:
        base, others = _base(here, breaks.script)
        for point in breaks.points:
            folder = here.copy_of(base)
            orders = Orders(folder, breaks.do, CALLS[breaks.do], at=point)
            told = engine.run(change.name, folder, orders)
            faults = [] if told.was_killed else [f"it was not killed, but ended with {told.end}"]
            tally.add(f"{change.what}, {breaks.do} at call {point}", faults + _faults(change, folder, told, others))
            here.drop(folder)
    return tally


def _base(here: Scene, script: str) -> tuple[Path, set[str]]:
    folder = here.copy()
    others = key_scripts.prepare(folder)
    if script == "begin_an_epoch":
        key_scripts.owe_an_epoch(folder)
    return folder, others


# ------------------------------------------------------------------------------------------------- afterwards


def _faults(change: Change, folder: Path, told: Told, others: set[str]) -> list[str]:
    """Return what is wrong afterwards: it verifies as it was left, opens, has all entries, goes on, and is finished."""
    vault = folder / "vault"
    faults = _verified_as_left(vault)
    try:
        with contextlib.closing(scripts.opened(vault)) as library:
            people = _signed_in(folder, library)
            faults += _faults_of_reading(change, people, told, others)
            faults += _faults_of_going_on(people)
            passphrases = people.passphrases
    except VaultError as error:
        return [*faults, f"does not open: {type(error).__name__}: {error}"]
    for label, passphrase in passphrases.items():
        findings = verify(vault, label=label, passphrase=passphrase).findings
        faults += [f"verify by {label} says {one.code}: {one.line}" for one in findings if _is_unfinished(one)]
    return faults


def _verified_as_left(vault: Path) -> list[str]:
    copy = Path(shutil.copytree(vault, vault.with_name("as it was left")))
    findings = verify(copy).findings
    shutil.rmtree(copy)
    return [f"verify says {one.code}: {one.line}" for one in findings if one.code]


def _is_unfinished(finding) -> bool:
    return bool(finding.code) or "next sign-in" in finding.line


def _signed_in(folder: Path, library: Library) -> People:
    """Sign everybody in who is a member, Tess with whichever passphrase is hers."""
    known = {"Tess": (PASSPHRASES["Tess"], NEW), "Carl": (PASSPHRASES["Carl"],), "Ada": (ADAS,), "Mia": (MIAS,)}
    seats, passphrases = {}, {}
    for label in [member.label for member in library.members()]:
        for passphrase in known[label]:
            with contextlib.suppress(WrongPassphrase):
                seats[label] = library.unlock(label, passphrase)
                passphrases[label] = passphrase
                break
    for label, passphrase in passphrases.items():  # a colleague has perhaps given a key meanwhile
        library.lock(seats[label])
        seats[label] = library.unlock(label, passphrase)
    return People(folder, library, seats, passphrases)


def _faults_of_reading(change: Change, people: People, told: Told, others: set[str]) -> list[str]:
    library, faults = people.library, []
    lacking = [member.label for member in library.members() if member.label not in people.seats]
    if lacking:
        return [f"nobody can sign in as {lacking}"]
    if "done" in told.lines and not change.is_new(people):
        faults.append("it was said to be done, and is not")
    if (
        change.is_one_write
        and told.lines[-1:] == ["failed, nothing changed"]
        and "done" not in told.lines
        and change.is_new(people)
    ):
        faults.append("it was said to have failed, and stands")
    is_deleted = change.script == "shred" and change.is_new(people)
    for scope, count in ((SESSION, 0 if is_deleted else ENTRIES), (OTHER_SESSION, len(others))):
        found: set[str] = set()
        for keyring in people.seats.values():
            back = library.read(keyring, scope)
            found |= {entry.entry_id for entry in back.entries}
            faults += [f"found on reading: {one.line}" for one in (*back.refused, *back.findings)]
        if len(found) != count:
            faults.append(f"{len(found)} of {count} entries are read of {scope[:2]}")
    return faults


def _faults_of_going_on(people: People) -> list[str]:
    library, written = people.library, set()
    for label, keyring in people.seats.items():
        if label in {"Tess", "Carl", "Mia"}:
            written.add(key_scripts.append(library, keyring, SHARED, Signal("on"), OTHER_SESSION, OTHER))
        if label in {"Carl", "Mia"}:
            body = Vitals(heart_rate_bpm=Decimal(70), moaas=5)
            written.add(key_scripts.append(library, keyring, MEDICAL, body, OTHER_SESSION, OTHER))
    found = {entry.entry_id for entry in library.read(people.tess, OTHER_SESSION).entries}
    lost = len(written - found)
    return [f"{lost} entries written afterwards are lost"] if lost else []
