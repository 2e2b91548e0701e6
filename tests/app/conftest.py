"""A practice with a manual clock and an inline worker: what is noted is on the disk when the call returns."""

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kapnotes.app.presets import shipped_protocols
from kapnotes.app.profile import Profile
from kapnotes.app.program import Program
from kapnotes.app.staffing import staffing_of
from kapnotes.app.worker import InlineWorker
from kapnotes.domain.clock import ManualClock
from kapnotes.domain.errors import InputOutput
from kapnotes.domain.members import Role
from kapnotes.domain.words import in_english
from kapnotes.vault.kdf import KdfCost

LIGHT = KdfCost(64, 1, 1)
PASSPHRASE = "otter lagoon violin cedar"


class Caught(list):
    """Outcomes of calls, in order; a failure is raised where the test can see it."""

    def failed(self, error):
        raise error

    @property
    def last(self):
        return self[-1]


@dataclass
class House:
    folder: Path
    worker: object = field(default_factory=InlineWorker)
    clock: ManualClock = field(default_factory=lambda: ManualClock(datetime(2026, 3, 4, 13, 0, tzinfo=UTC)))

    def __post_init__(self):
        self.program = Program(
            clock=self.clock,
            entropy=os.urandom,
            worker=self.worker,
            slow_worker=InlineWorker(),
            cost=LIGHT,
            profile=Profile(self.folder / "profile", os.urandom),
            translate=in_english,
        )
        self.vault = self.folder / "vault"

    def make(self, label="Tess, LCSW", *roles):
        done = Caught()
        chosen = frozenset(roles or (Role.THERAPIST,))
        self.program.create_vault(self.vault, label, chosen, PASSPHRASE, done.append, done.failed)
        return self.sign_in(label)

    def sign_in(self, label):
        done = Caught()
        self.program.sign_in(label, PASSPHRASE, done.append, done.failed)
        return done.last

    def add(self, by, label, *roles):
        done = Caught()
        self.program.add_member(by, label, frozenset(roles), PASSPHRASE, done.append, done.failed)
        return done.last

    def patient(self, seat, code="K-0142", weight_kg=None):
        done = Caught()
        seat.add_patient(code, weight_kg, "", done.append, done.failed)
        return done.last

    def start(self, seat, patient, people, protocol="iv-40"):
        done = Caught()
        preset = next(one for one in shipped_protocols() if one.protocol.name == protocol)
        seat.start_session(patient, preset, staffing_of(people), people, done.append, done.failed)
        return done.last

    def join(self, seat):
        done = Caught()
        seat.list_sessions(done.append, done.failed)
        seat.open_session(done.last[0], done.append, done.failed)
        return done.last

    def on_disk(self, seat, live):
        return seat.record_of(self.program.library.read(seat.keyring, live.scope_id))


@pytest.fixture
def house(tmp_path):
    made = House(tmp_path)
    yield made
    made.program.close()


@pytest.fixture
def make_house():
    """Build a house with any worker; whoever builds it closes it."""
    return House


@pytest.fixture
def team(house):
    """Therapist and CRNA, each in an own seat, in one session."""
    therapist = house.make("Tess, LCSW", Role.THERAPIST)
    house.add(therapist, "Carl, CRNA", Role.MEDICAL)
    crna = house.sign_in("Carl, CRNA")
    patient = house.patient(therapist)
    pad = house.start(therapist, patient, [therapist.member, crna.member])
    return house, therapist, crna, pad, house.join(crna)


@pytest.fixture
def passphrase():
    return PASSPHRASE


@pytest.fixture
def caught():
    return Caught


@pytest.fixture
def broken_disk(team, monkeypatch):
    """A switch: while it is off, the disk refuses every append."""
    house = team[0]
    library = house.program.library
    append = library.append
    state = {"works": False}

    def maybe(*arguments, **named):
        if not state["works"]:
            raise InputOutput("The disk cannot write.")
        return append(*arguments, **named)

    monkeypatch.setattr(library, "append", maybe)
    yield state
    state["works"] = True
