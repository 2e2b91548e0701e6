"""The twelve attacks on rows, old pages and old files: somebody with all files and time, or a member with a debugger.

Each attack changes a real vault with its triggers out of the way and its closing record gone, and says which file and
which entry `verify` has to name. The vault had an evening before, of which the attacker kept a copy.
"""

import contextlib
import itertools
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from kapnotes.domain.entries import Entry, Mark, Signal, Vitals
from kapnotes.domain.members import MEDICAL, SHARED, therapy_of
from kapnotes.vault import slots
from kapnotes.vault.chain import Event, Log
from kapnotes.vault.compartment_file import CompartmentFile
from kapnotes.vault.directory import Directory
from kapnotes.vault.heads import Standing
from kapnotes.vault.keyring import Keyring, held_keys
from kapnotes.vault.layout import event_hash, log_digest
from kapnotes.vault.patients import find_cipher
from kapnotes.vault.verify import verify
from tests.fault import scripts
from tests.fault.table import Tally

KINDS = ("shared", "medical", "therapy")
OTHER_SESSION = "77" * 16
COMMITS = 20
EVENT = "log, seq, flags, suite, epoch, author, nonce, ct, h, sig"
LOG = "id, session, member, device, born, epoch, nonce, ref"


@dataclass(frozen=True)
class Scene:
    """A closed vault whose `shared` tells where its logs end, an older copy, and what was seen of it last."""

    vault: Path
    older: Path
    seen: Standing


@dataclass(frozen=True)
class Named:
    """What `verify` has to say: the file, the numbers of entries of which one has to be named, and the codes it may."""

    kind: str
    seqs: tuple[int, ...]
    codes: frozenset[int] = frozenset({2})
    needs_passphrase: bool = False


Attack = Callable[[Scene], Named]
ATTACKS: dict[str, Attack] = {}


def attack(name: str) -> Callable[[Attack], Attack]:
    """Enter an attack under the name that the table shows."""

    def enter(function: Attack) -> Attack:
        ATTACKS[name] = function
        return function

    return enter


# ---------------------------------------------------------------------------------------------- the scene


class Evening:
    """Both members at work in two sessions."""

    def __init__(self, vault: Path) -> None:
        self.library = scripts.opened(vault)
        self._clock = scripts.clock()
        self.tess = self.library.unlock("Tess", scripts.PASSPHRASES["Tess"])
        self.carl = self.library.unlock("Carl", scripts.PASSPHRASES["Carl"])

    def write(self, keyring: Keyring, compartment, body, session: str = scripts.SESSION) -> str:
        self._clock.advance(1)
        now = self._clock.now()
        entry = Entry(os.urandom(16).hex(), session, keyring.member.member_id, now, now, body)
        self.library.append(keyring, compartment, entry, patient_id=scripts.PATIENT)
        return entry.entry_id

    def vitals(self, heart_rate_bpm: int, session: str = scripts.SESSION) -> str:
        return self.write(self.carl, MEDICAL, Vitals(heart_rate_bpm=Decimal(heart_rate_bpm)), session)

    def everything(self, number: int) -> list[str]:
        """Write one entry into each file."""
        mark = self.write(self.tess, therapy_of(self.tess.member.member_id), Mark(f"mark {number}"))
        return [mark, self.write(self.tess, SHARED, Signal(f"signal {number}")), self.vitals(60 + number)]

    def heads(self) -> None:
        for due in self.library.due_heads(self.tess):
            self.write(self.tess, SHARED, due.body, due.scope_id)


@contextlib.contextmanager
def evening(vault: Path) -> Iterator[Evening]:
    """Yield the members at work, and close the vault behind them."""
    at_work = Evening(vault)
    try:
        yield at_work
    finally:
        at_work.library.close()


def make_scene(folder: Path) -> Scene:
    """Make the vault: six entries in each file and some of another session, then the copy, then more and the heads."""
    vault, older = folder / "vault", folder / "older"
    scripts.make(vault)
    with evening(vault) as work:
        for number in range(6):
            work.everything(number)
        work.write(work.tess, SHARED, Signal("other"), OTHER_SESSION)
        for number in range(3):
            work.vitals(80 + number, OTHER_SESSION)
        work.heads()
    shutil.copytree(vault, older)
    with evening(vault) as work:
        for number in range(6, 9):
            work.everything(number)
        work.heads()
        seen = work.library.standing(256)
    return Scene(vault, older, seen)


def copied(scene: Scene, folder: Path) -> Scene:
    """Return the scene with a vault of its own that may be broken."""
    shutil.copytree(scene.vault, folder)
    return replace(scene, vault=folder)


def path_of(vault: Path, kind: str) -> Path:
    """Return the file of a kind; only Tess has process notes."""
    (path,) = vault.glob(f"{kind}*.kapdb")
    return path


@contextlib.contextmanager
def tampering(scene: Scene, kind: str) -> Iterator[sqlite3.Connection]:
    """Yield a plain connection without triggers; they are put back, and the closing record is taken away."""
    with contextlib.closing(sqlite3.connect(path_of(scene.vault, kind), isolation_level=None)) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type='trigger' ORDER BY rowid")
        triggers = triggers.fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        for _, sql in triggers:
            connection.execute(sql)
    (scene.vault / "closing").unlink(missing_ok=True)


def log_of(connection: sqlite3.Connection, session: str = scripts.SESSION) -> bytes:
    """Return the first log of a session that has many entries."""
    sql = "SELECT log.id FROM log WHERE session=? ORDER BY (SELECT count(*) FROM event WHERE log=log.id) DESC"
    return connection.execute(sql, (bytes.fromhex(session),)).fetchone()[0]


def event_at(connection: sqlite3.Connection, log: bytes, seq: int) -> Event:
    return Event(*connection.execute(f"SELECT {EVENT} FROM event WHERE log=? AND seq=?", (log, seq)).fetchone())  # noqa: S608


def put(connection: sqlite3.Connection, event: Event) -> None:
    """Put an event where its log and number say, instead of the one there."""
    connection.execute("DELETE FROM event WHERE log=? AND seq=?", (event.log, event.seq))
    connection.execute("INSERT INTO event VALUES(?,?,?,?,?,?,?,?,?,?,?)", event.row().values)


@contextlib.contextmanager
def member(scene: Scene, label: str, kind: str) -> Iterator[tuple[CompartmentFile, Keyring, Directory]]:
    """Yield what a member with a debugger has of one file: it, the keys, the directory."""
    shared = CompartmentFile(path_of(scene.vault, "shared"), is_writing=False)
    shared.open()
    directory = Directory.load([shared])
    who = directory.labelled(label)
    identity = slots.open_slot(slots.find([shared], who), who, scripts.PASSPHRASES[label], directory.vault)
    shared.close()
    file = CompartmentFile(path_of(scene.vault, kind), is_writing=False)
    file.open()
    try:
        place = file.place()
        compartment = {"shared": SHARED, "medical": MEDICAL, "therapy": therapy_of(who.member_id)}[kind]
        keys = held_keys(file, place, identity, directory)
        yield file, Keyring(who, identity.signing, {compartment: keys}), directory
    finally:
        file.close()


# --------------------------------------------------------------------------------------------- the twelve


@attack("swap two entries")
def swap(scene: Scene) -> Named:
    with tampering(scene, "medical") as connection:
        log = log_of(connection)
        for old, new in ((3, 99), (4, 3), (99, 4)):
            connection.execute("UPDATE event SET seq=? WHERE log=? AND seq=?", (new, log, old))
    return Named("medical", (3, 4))


@attack("delete an entry")
def delete(scene: Scene) -> Named:
    with tampering(scene, "medical") as connection:
        connection.execute("DELETE FROM event WHERE log=? AND seq=3", (log_of(connection),))
    return Named("medical", (3,))


@attack("renumber an entry")
def renumber(scene: Scene) -> Named:
    with tampering(scene, "therapy") as connection:
        connection.execute("UPDATE event SET seq=20 WHERE log=? AND seq=9", (log_of(connection),))
    return Named("therapy", (9,))


@attack("duplicate an entry")
def duplicate(scene: Scene) -> Named:
    with tampering(scene, "medical") as connection:
        put(connection, event_at(connection, log_of(connection), 4).standing_at(log_of(connection), 10))
    return Named("medical", (10,))


@attack("move an entry to another log")
def move(scene: Scene) -> Named:
    with tampering(scene, "medical") as connection:
        source, target = log_of(connection, OTHER_SESSION), log_of(connection)
        connection.execute("UPDATE event SET log=?, seq=10 WHERE log=? AND seq=3", (target, source))
    return Named("medical", (10,))


@attack("copy an entry to another compartment")
def to_another_compartment(scene: Scene) -> Named:
    with tampering(scene, "therapy") as connection:
        event = event_at(connection, log_of(connection), 5)
    with tampering(scene, "shared") as connection:
        log = log_of(connection)
        ((last,),) = connection.execute("SELECT max(seq) FROM event WHERE log=?", (log,))
        put(connection, event.standing_at(log, last + 1))
    return Named("shared", (last + 1,))


@attack("strip a signature")
def strip(scene: Scene) -> Named:
    with tampering(scene, "medical") as connection:
        connection.execute("UPDATE event SET sig=zeroblob(64) WHERE log=? AND seq=2", (log_of(connection),))
    return Named("medical", (2,))


@attack("another member's signature")
def sign_for_another(scene: Scene) -> Named:
    with tampering(scene, "medical") as connection:
        event = event_at(connection, log_of(connection), 2)
    with member(scene, "Tess", "medical") as (_, tess, _):
        sig = tess.signing.sign("event", event.h).sig
    with tampering(scene, "medical") as connection:
        put(connection, replace(event, sig=sig))
    return Named("medical", (2,))


@attack("an old row back")
def old_row(scene: Scene) -> Named:
    """The same author wrote another entry under this number once, in a copy: all of it is whole and signed."""
    elsewhere = replace(scene, vault=Path(shutil.copytree(scene.older, scene.vault.with_name("branch"))))
    with evening(elsewhere.vault) as work:
        work.vitals(40)
    with tampering(elsewhere, "medical") as connection:
        event = event_at(connection, log_of(connection), 7)
    shutil.rmtree(elsewhere.vault)
    with tampering(scene, "medical") as connection:
        put(connection, event)
    return Named("medical", (8,), frozenset({1, 2}))  # 7 is whole by itself; 8 does not follow it, as if damaged


@attack("the newest row replaced by an old one")
def old_last_row(scene: Scene) -> Named:
    with tampering(scene, "medical") as connection:
        connection.execute("DELETE FROM event WHERE log=? AND seq>7", (log_of(connection),))
    old_row(scene)
    with tampering(scene, "medical") as connection:
        connection.execute("DELETE FROM event WHERE log=? AND seq>7", (log_of(connection),))
    return Named("medical", (7,), frozenset({3}), needs_passphrase=True)


@attack("an entry of another epoch")
def another_epoch(scene: Scene) -> Named:
    """A member signs an entry of a key that the vault never had, in the own log, chained as it should be."""
    with member(scene, "Carl", "medical") as (file, carl, _):
        place, keys = file.place(), carl.keys_of(MEDICAL)
    with tampering(scene, "medical") as connection:
        last = event_at(connection, log_of(connection), 9)
        forged = replace(last, seq=10, epoch=last.epoch + 1)
        aad = forged.aad(place, last.h)
        h = event_hash(aad, forged.nonce, forged.ct)
        put(connection, replace(forged, h=h, sig=carl.signing.sign("event", h).sig))
    del keys
    return Named("medical", (10,))


@attack("a forged author")
def forged_author(scene: Scene) -> Named:
    """The row says another author, and its hash is made to fit; only the signature cannot be."""
    with member(scene, "Tess", "medical") as (file, tess, _):
        place = file.place()
    with tampering(scene, "medical") as connection:
        event = event_at(connection, log_of(connection), 9)
        before = event_at(connection, event.log, 8)
        forged = replace(event, author=bytes.fromhex(tess.member.member_id))
        put(connection, replace(forged, h=event_hash(forged.aad(place, before.h), forged.nonce, forged.ct)))
    return Named("medical", (9,))


@attack("a role that its author does not hold")
def forged_role(scene: Scene) -> Named:
    """A therapist, who can read the medical record and so holds its key, writes into it with an own signature."""
    with member(scene, "Tess", "medical") as (file, tess, _):
        place, keys = file.place(), tess.keys_of(MEDICAL)
        session, author = bytes.fromhex(scripts.SESSION), bytes.fromhex(tess.member.member_id)
        digest = log_digest(place, session, author, bytes.fromhex(scripts.DEVICE), keys.epoch)
        patient, nonce = bytes.fromhex(scripts.PATIENT), os.urandom(12)
        ref = keys.wrap_ref(patient, digest[:16], nonce)
        log = Log(digest[:16], session, author, bytes.fromhex(scripts.DEVICE), keys.epoch, keys.epoch, nonce, ref)
        cipher = find_cipher(file, keys, patient, keys.epoch, session)
        blank = Event(log.id, 1, 0, 1, keys.epoch, author, os.urandom(12), b"", b"", b"")
        aad = blank.aad(place, digest)
        ct = cipher.encrypt(blank.nonce, bytes(128), aad)
        h = event_hash(aad, blank.nonce, ct)
        event = replace(blank, ct=ct, h=h, sig=tess.signing.sign("event", h).sig)
    with tampering(scene, "medical") as connection:
        connection.execute("INSERT INTO log VALUES(?,?,?,?,?,?,?,?)", log.row().values)
        put(connection, event)
    return Named("medical", (1,))


CLASSES = 12
"""The classes of `vault.md`; two of them are tried in two ways, and the old page below is one of them."""


def attacked(scene: Scene, name: str, folder: Path) -> list[str]:
    """Do one attack on a copy; return what is wrong with what `verify` says of it."""
    broken = copied(scene, folder)
    named = ATTACKS[name](broken)
    file = path_of(broken.vault, named.kind).name
    report = verify(broken.vault)
    if named.needs_passphrase:
        report = verify(broken.vault, label="Carl", passphrase=scripts.PASSPHRASES["Carl"])
    told = [found.line for found in report.findings if found.code in named.codes and file in found.line]
    shutil.rmtree(broken.vault)
    if any(_has_number(line, seq) for line in told for seq in named.seqs):
        return []
    return [f"verify says {report.exit_code}: {[found.line for found in report.findings]}"]


def _has_number(line: str, seq: int) -> bool:
    words = line.replace(",", " ").replace(".", " ").split()
    return any(word == str(seq) for before, word in itertools.pairwise(words) if before in {"entry", "entries"})


# -------------------------------------------------------------------------------------- old pages, old files


def pages_put_back(folder: Path, commits: int = COMMITS) -> Tally:
    """Put each page back to what it was after each of the last *commits*; what is untold reads the same."""
    vault = folder / "pages"
    scripts.make(vault)
    saved: set[str] = set()
    states: list[dict[str, bytes]] = []
    with evening(vault) as work:
        for number in range(6):
            saved |= set(work.everything(number))
    for number in range(commits):
        with evening(vault) as work:
            saved |= set(work.everything(number))
            work.heads()
        states.append({path.name: path.read_bytes() for path in vault.glob("*.kapdb")})
    (vault / "closing").unlink()
    tally, final = Tally(), states[-1]
    for name, content in final.items():
        tried: set[tuple[int, bytes]] = set()
        for state in states[:-1]:
            for start in range(0, len(content), 4096):
                old = state[name][start : start + 4096]
                if old and old != content[start : start + 4096] and (start, old) not in tried:
                    tried.add((start, old))
                    (vault / name).write_bytes(content[:start] + old + content[start + 4096 :])
                    tally.add(f"{name} page {1 + start // 4096}", _untold(vault, saved))
        (vault / name).write_bytes(content)
    return tally


def _untold(vault: Path, saved: set[str]) -> list[str]:
    """Return a fault if nothing is told of the vault and yet an entry is gone."""
    reports = [verify(vault, label=label, passphrase=word) for label, word in scripts.PASSPHRASES.items()]
    if any(report.exit_code for report in reports):
        return []
    found: set[str] = set()
    with contextlib.closing(scripts.opened(vault)) as library:
        for label, word in scripts.PASSPHRASES.items():
            found |= {entry.entry_id for entry in library.read(library.unlock(label, word), scripts.SESSION).entries}
    (vault / "closing").unlink(missing_ok=True)
    return [f"{len(saved - found)} entries are gone and nothing is told"] if saved - found else []


def files_put_back(scene: Scene, folder: Path) -> Tally:
    """Put back every choice of files, a whole evening older: `shared` knows or this computer does; all are named."""
    tally = Tally()
    choices = [some for count in (1, 2, 3) for some in itertools.combinations(KINDS, count)]
    for kinds in choices:
        broken = copied(scene, folder / "-".join(kinds))
        for kind in kinds:
            shutil.copy(path_of(scene.older, kind), path_of(broken.vault, kind))
        (broken.vault / "closing").unlink()
        seen = verify(broken.vault, last_seen=lambda _: scene.seen)
        names = {path_of(broken.vault, kind).name for kind in kinds}
        told = {found.file for found in seen.findings if found.code == 3}
        tally.add(f"{', '.join(kinds)}, anchors", [] if told >= names else [f"told of {sorted(told)}"])
        if "shared" not in kinds:
            report = verify(broken.vault, label="Tess", passphrase=scripts.PASSPHRASES["Tess"])
            told = {found.file for found in report.findings if found.code == 3}
            tally.add(f"{', '.join(kinds)}, heads", [] if told >= names else [f"told of {sorted(told)}"])
    return tally
