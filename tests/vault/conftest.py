"""A small practice on disk: a therapist who is the administrator, a CRNA, one patient, one session."""

import contextlib
import hashlib
import os
import shutil
import sqlite3
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from kapnotes.domain.clock import ManualClock
from kapnotes.domain.entries import Dose, Entry, Mark, Note, Phase, Route, Signal, Stage, Vitals
from kapnotes.domain.members import MEDICAL, SHARED, Role, may_read, therapy_of
from kapnotes.vault import slots
from kapnotes.vault.compartment_file import CompartmentFile
from kapnotes.vault.directory import Directory
from kapnotes.vault.journal import Journal
from kapnotes.vault.kdf import KdfCost
from kapnotes.vault.keyring import Keyring, held_keys
from kapnotes.vault.layout import Place, comp_bytes, file_name
from kapnotes.vault.library import Library, create
from kapnotes.vault.spill import Spill

LIGHT = KdfCost(64, 1, 1)
CANARY = "Zaunkönig-weeps-7731"


class AnyRoom:
    """Asks and makes nothing."""

    def will_write(self, name):
        del name

    def is_deleted(self, patient):
        return False

    def holders(self, comp):
        return []

    def make_room(self, error):
        return False


@dataclass
class Practice:
    """A vault under a temporary folder, and short words for what tests do with it."""

    folder: Path
    clock: ManualClock = field(default_factory=lambda: ManualClock(datetime(2025, 3, 4, 13, 2, tzinfo=UTC)))
    cost: KdfCost = LIGHT
    passphrases: dict[str, str] = field(
        default_factory=lambda: {"Tess": "otter lagoon violin cedar", "Carl": "granite kettle plum arrow"}
    )
    patient: str = "a1" * 16
    session: str = "5e" * 16
    device: str = "de" * 16
    canary: str = CANARY
    second_place: Path | None = None

    def create(self):
        """Make the vault with Tess, a therapist and the administrator."""
        roles = frozenset({Role.THERAPIST})
        create(
            self.folder,
            "Tess",
            roles,
            self.passphrases["Tess"],
            cost=self.cost,
            entropy=os.urandom,
            clock=self.clock,
        )
        return self

    def open(self, folder=None, device=None, **settings):
        return Library.open(
            folder or self.folder,
            device_id=device or self.device,
            entropy=os.urandom,
            clock=self.clock,
            **{"second_place": self.second_place, **settings},
        )

    @contextlib.contextmanager
    def opened(self, *who):
        """Yield the open library and the keyrings of *who*; close it afterwards."""
        library = self.open()
        try:
            yield library, *(self.unlock(library, label) for label in who)
        finally:
            library.close()

    def unlock(self, library, label):
        return library.unlock(label, self.passphrases[label])

    def unlock_whole(self, library, label):
        """Unlock, and raise the cause if any file that the member is entitled to did not open."""
        keyring = self.unlock(library, label)
        for cause in keyring.unopened.values():
            raise cause
        return keyring

    def add(self, library, by, label, *roles):
        self.passphrases.setdefault(label, f"the passphrase of {label}")
        return library.add_member(by, label, self.passphrases[label], frozenset(roles), cost=self.cost)

    def entry(self, keyring, body, scope=None):
        """Return a new entry of the keyring's member, one second after the one before."""
        self.clock.advance(1)
        now = self.clock.now()
        return Entry(os.urandom(16).hex(), scope or self.session, keyring.member.member_id, now, now, body)

    def append(self, library, keyring, compartment, body, scope=None, patient=None):
        entry = self.entry(keyring, body, scope)
        head = library.append(keyring, compartment, entry, patient_id=patient or self.patient)
        return entry, head

    def file(self, kind):
        """Return the path of a file: "shared", "medical", or "therapy" (Tess's)."""
        if kind == "therapy":
            (path,) = self.folder.glob("therapy-*.kapdb")
            return path
        return self.folder / f"{kind}.kapdb"

    def fill(self):
        """Add Carl and a short session of entries in every compartment; leave the vault closed."""
        with self.opened("Tess") as (library, tess):
            self.add(library, tess, "Carl", Role.MEDICAL)
            carl = self.unlock(library, "Carl")
            therapy = therapy_of(tess.member.member_id)
            self.append(library, carl, SHARED, Phase(Stage.PREPARATION))
            for number in range(6):
                self.append(library, carl, MEDICAL, Vitals(heart_rate_bpm=Decimal(70 + number), moaas=5))
            self.append(library, carl, MEDICAL, Dose("ketamine", Decimal("35.0"), Route.IM))
            for number in range(5):
                self.append(library, tess, therapy, Note(f"{CANARY} {number}", "quote"))
            self.append(library, tess, therapy, Mark("tears"))
            self.append(library, tess, SHARED, Signal(CANARY))
        return self

    @contextlib.contextmanager
    def raw(self, label, path):
        """Yield what a member with a debugger has: the open file, the keyring for it, the directory, the identity."""
        shared = CompartmentFile(self.file("shared"), is_writing=False)
        shared.open()
        directory = Directory.load([shared])
        member = directory.labelled(label)
        slot = slots.find([shared], member)
        identity = slots.open_slot(slot, member, self.passphrases[label], directory.vault)
        shared.close()
        file = CompartmentFile(path)
        file.open()
        keys = {}
        for compartment in (SHARED, MEDICAL, member.therapy):
            if file_name(compartment) == path.name and may_read(member, compartment):
                place = Place(directory.vault, comp_bytes(compartment))
                keys[compartment] = held_keys(file, place, identity, directory)
        try:
            yield file, Keyring(member, identity.signing, keys), directory, identity
        finally:
            file.close()

    def journal_of(self, file, device=None):
        """Return the writing side of an open file as somebody with a debugger has it: it asks nobody."""
        nowhere = Spill(None, self.folder, file.place().vault)
        return Journal(file, file.place(), bytes.fromhex(device or self.device), os.urandom, AnyRoom(), nowhere)

    @contextlib.contextmanager
    def copied_before_each_write(self):
        """Yield copies of the folder, one from before each transaction: what a program killed there leaves."""
        copies, write = [], CompartmentFile.write

        def copy_first(file, rows, *, replacing=False):
            copies.append(self.folder.with_name(f"killed-{len(copies)}"))
            shutil.copytree(self.folder, copies[-1])
            write(file, rows, replacing=replacing)

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(CompartmentFile, "write", copy_first)
            yield copies

    def hashes(self):
        """Return the hash of every file, to see that nothing changed."""
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in self.folder.iterdir()}

    @contextlib.contextmanager
    def tampering(self, path):
        """Yield a plain SQLite connection on which the triggers are out of the way; they are put back."""
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
            triggers = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type='trigger' ORDER BY rowid")
            triggers = triggers.fetchall()
            for name, _ in triggers:
                connection.execute(f"DROP TRIGGER {name}")
            yield connection
            for _, sql in triggers:
                connection.execute(sql)

    def forget_closing(self):
        (self.folder / "closing").unlink(missing_ok=True)

    def member_id(self, label):
        with self.opened() as (library,):
            return next(m.member_id for m in library.members() if m.label == label)


@contextlib.contextmanager
def _failing_disk(limit=16384):
    """Let the system refuse every write beyond the first 16 KiB of a file, as a failing disk refuses what it cannot.

    What is written to the vault's files stands further behind; a second place with a few entries is smaller.
    """
    resource = pytest.importorskip("resource", reason="needs a limit of file sizes")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def failing_disk():
    """A block in which the disk takes nothing: `with failing_disk(): …`."""
    return _failing_disk


@pytest.fixture
def practice(tmp_path):
    """A vault with one member, Tess; closed."""
    return Practice(tmp_path / "vault").create()


@pytest.fixture(scope="session")
def _filled(tmp_path_factory):
    return Practice(tmp_path_factory.mktemp("filled") / "vault").create().fill()


@pytest.fixture(scope="session")
def make_filled():
    """Makes a vault with Tess and Carl and a session in it; closed."""
    return lambda folder: Practice(folder).create().fill()


@pytest.fixture
def filled(_filled, tmp_path):
    """A closed vault with Tess and Carl and a session in it; each test has a copy of its own."""
    return copied(_filled, tmp_path / "vault")


def copied(practice, folder):
    shutil.copytree(practice.folder, folder)
    return Practice(folder, passphrases=dict(practice.passphrases))
