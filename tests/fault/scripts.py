"""What a killed program was doing: scripts that use the vault as the program does, and say what was saved.

A script gets the folder it works in and `Told`. It says "try ID" before it hands an entry in and "saved ID" when
`append` has returned. A script that keeps nothing (a change of keys, a backup) says what it likes. To add one, write
the function here or in a module of its own and hand its name, "module:function", to `Engine.run`.
"""

import contextlib
import ctypes
import os
import random
import select
import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from kapnotes.domain.clock import ManualClock
from kapnotes.domain.entries import CheckIn, Dose, Entry, Mark, Note, Phase, Route, Signal, Stage, Vitals
from kapnotes.domain.errors import VaultError
from kapnotes.domain.members import MEDICAL, SHARED, Role, therapy_of
from kapnotes.vault.kdf import KdfCost
from kapnotes.vault.library import Library, create

Told = Callable[[str], None]

LIGHT = KdfCost(64, 1, 1)
PASSPHRASES = {"Tess": "otter lagoon violin cedar", "Carl": "granite kettle plum arrow"}
PATIENT = "a1" * 16
SESSION = "5e" * 16
DEVICE = "de" * 16
ENTRIES = 20


def clock() -> ManualClock:
    """Return the clock of all scripts."""
    return ManualClock(datetime(2026, 3, 4, 13, 2, tzinfo=UTC))


def opened(vault: Path) -> Library:
    """Open the vault as the program would."""
    return Library.open(vault, device_id=DEVICE, entropy=os.urandom, clock=clock())


def make(vault: Path) -> None:
    """Make a vault with a therapist, who is the administrator, and a CRNA; every file is there, no entry yet."""
    roles = frozenset({Role.THERAPIST})
    create(vault, "Tess", roles, PASSPHRASES["Tess"], cost=LIGHT, entropy=os.urandom, clock=clock())
    with contextlib.closing(opened(vault)) as library:
        tess = library.unlock("Tess", PASSPHRASES["Tess"])
        library.add_member(tess, "Carl", PASSPHRASES["Carl"], frozenset({Role.MEDICAL}), cost=LIGHT)
        library.unlock("Carl", PASSPHRASES["Carl"])


class Writer:
    """Both members at work, one entry after the other in the three files in turn."""

    def __init__(self, vault: Path, say: Told) -> None:
        self._clock = clock()
        self._say = say
        self.library = opened(vault)
        try:
            self._tess = self.library.unlock("Tess", PASSPHRASES["Tess"])
            self._carl = self.library.unlock("Carl", PASSPHRASES["Carl"])
        except BaseException:
            with contextlib.suppress(VaultError):
                self.library.close()
            raise

    def write(self, number: int, on_fault: Callable[[VaultError], bool] | None = None) -> None:
        """Write entry *number*; where the vault says that it is not saved, ask *on_fault* whether to try again."""
        compartments = (SHARED, MEDICAL, therapy_of(self._tess.member.member_id))
        keyring = (self._tess, self._carl, self._tess)[number % 3]
        compartment = compartments[number % 3]
        self._clock.advance(1)
        now = self._clock.now()
        entry_id = os.urandom(16).hex()
        entry = Entry(entry_id, SESSION, keyring.member.member_id, now, now, _body(number))
        self._say(f"try {entry_id}")
        while True:
            try:
                self.library.append(keyring, compartment, entry, patient_id=PATIENT)
            except VaultError as error:
                if on_fault is None or not on_fault(error):
                    raise
            else:
                self._say(f"saved {entry_id}")
                return


def _body(number: int):  # one of many classes of the domain
    shared = (Phase(Stage.PREPARATION), Signal("slower"), Signal("water " * 30))
    medical = (
        Vitals(heart_rate_bpm=Decimal(60 + number % 40), spo2_percent=Decimal(97), moaas=5),
        Dose("ketamine", Decimal("35.0"), Route.IM),
    )
    therapy = (Note("hands unclench"), Mark("tears"), Note("it's all water " * 90, "quote"), CheckIn("quiet"))
    bodies = (shared, medical, therapy)[number % 3]
    return bodies[number // 3 % len(bodies)]


# ------------------------------------------------------------------------------------------------ the scripts


def creation(folder: Path, say: Told) -> None:
    """Make a vault."""
    say("try vault")
    make(folder / "vault")
    say("saved vault")


def session(folder: Path, say: Told, count: int = ENTRIES) -> None:
    """Open, sign both members in, write a short session into three files, close."""
    writer = Writer(folder / "vault", say)
    for number in range(count):
        writer.write(number)
    writer.library.close()
    say("closed")


def long_session(folder: Path, say: Told) -> None:
    """Write in bursts with another beginning each time, then close; for as long as nobody ends it."""
    dice = random.Random()  # noqa: S311 - variety, no secret
    while True:
        writer = Writer(folder / "vault", say)
        first = dice.randrange(1000)
        for number in range(first, first + dice.randrange(3, 40)):
            writer.write(number)
        writer.library.close()


def session_on_a_failing_disk(folder: Path, say: Told) -> None:
    """Write a session; what is not saved is handed in again, and at the third fault the disk is mended.

    Where the vault does not open, it is opened again; where it cannot be closed well, it is closed all the same.
    """
    faults = 0

    def is_tried_again(error: VaultError) -> bool:
        nonlocal faults
        faults += 1
        say(f"fault {type(error).__name__}")
        if faults == 3:
            mend()
        return faults < 6

    writer = None
    while writer is None:
        try:
            writer = Writer(folder / "vault", say)
        except VaultError as error:
            if not is_tried_again(error):
                raise
    for number in range(ENTRIES):
        writer.write(number, is_tried_again)
    try:
        writer.library.close()
    except VaultError as error:
        say(f"fault {type(error).__name__}")
    say("closed")


def mend() -> None:
    """Let the shim only record from now on: the disk is whole again."""
    os.environ["FAULT_DO"] = ""
    ctypes.CDLL(None).shim_arm()


def one_more(folder: Path, say: Told) -> None:
    """Try to open a vault that may be open elsewhere, and say how that went; if it opens, hold it until told."""
    began = time.perf_counter()
    try:
        library = opened(folder / "vault")
    except VaultError as error:
        say(f"refused {type(error).__name__} {1000 * (time.perf_counter() - began):.0f}")
        return
    say("opened")
    wait_for(folder / "go on")
    library.close()
    say("closed")


def die_writing(folder: Path, _say: Told) -> None:
    """Die in the midst of a transaction that has begun to change the file, so that its journal must be rolled back."""
    (folder / "vault" / "closing").unlink()  # as the first write of a session does
    connection = sqlite3.connect(folder / "vault" / "shared.kapdb", isolation_level=None)
    connection.execute("PRAGMA cache_size=2")  # so that pages go to the disk before the end
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("UPDATE roster SET body=randomblob(900000)")
    os._exit(0)


def crowd(folder: Path, say: Told, count: int) -> None:
    """Let so many processes open the vault at the same moment; whoever succeeds holds it until all have tried."""
    tried, trying = os.pipe()
    begun, beginning = os.pipe()
    for _ in range(count):
        if os.fork() == 0:
            os.close(beginning)
            os.read(begun, 1)
            try:
                one_more(folder, lambda line: os.write(trying, line.encode() + b"\n"))
            finally:
                os._exit(0)
    os.close(trying)
    os.close(beginning)
    with os.fdopen(tried, encoding="ascii") as lines:
        for _ in range(count):
            say(lines.readline().rstrip("\n") or "said nothing")
        (folder / "go on").touch()
        for line in lines:
            say(line.rstrip("\n"))
    for _ in range(count):
        os.wait()


def wait_for(path: Path) -> None:
    """Wait until there is a file of that name."""
    while not path.exists():
        select.select((), (), (), 0.005)
