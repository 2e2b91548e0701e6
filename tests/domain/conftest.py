"""Builders that the tests of the domain share: a session that is written line by line, on a clock that stands still."""

from datetime import UTC, datetime
from decimal import Decimal
from importlib.resources import files

import pytest

from kapnotes.domain.clock import ManualClock
from kapnotes.domain.entries import Correction, Entry, Participant, Route, SessionOpened, Staffing
from kapnotes.domain.members import Member, Role
from kapnotes.domain.record import Record
from kapnotes.domain.shorthand import read_line

THERAPIST = Member("a" * 32, "T. Therapist", frozenset({Role.THERAPIST}))
CRNA = Member("b" * 32, "C. Nurse", frozenset({Role.MEDICAL}))


def preset(name):
    return files("kapnotes.resources.protocols").joinpath(f"{name}.toml").read_text(encoding="utf-8")


class SessionScript:
    """Writes entries as they would come from a session; minutes count from the opening."""

    def __init__(self, clock, route="iv", protocol="iv-40", protocol_text=None, weight_kg=None):
        self.clock = clock
        self.start = clock.now()
        self.record = Record()
        self._count = 0
        text = preset(protocol) if protocol_text is None else protocol_text
        self.opened = self.add(
            SessionOpened(
                patient_id="d" * 32,
                patient_code="K-0142",
                number=3,
                route=Route(route),
                staffing=Staffing.TEAM,
                participants=(Participant(CRNA.member_id, CRNA.label, (Role.MEDICAL,)),),
                protocol_name=protocol,
                protocol_text=text,
                weight_kg=weight_kg,
            )
        )

    def stamp(self, minute):
        return self.start.shifted(minute * 60)

    def entry(self, body, minute=None, entered_minute=None, author=CRNA, stamp=None):
        happened = stamp or (self.clock.now() if minute is None else self.stamp(minute))
        entered = happened if entered_minute is None else self.stamp(entered_minute)
        self._count += 1
        return Entry(f"{self._count:032x}", "c" * 32, author.member_id, happened, entered, body)

    def add(self, body, minute=None, **more):
        entry = self.entry(body, minute, **more)
        self.record.apply(entry)
        return entry

    def log(self, line, minute=None, **more):
        """Add what the vitals log would add."""
        protocol = self.record.protocol
        return self.add(read_line(line, drug=protocol.dose.drug, route=protocol.dose.route), minute, **more)

    def correct(self, target, replacement, minute=None, author=CRNA):
        return self.add(Correction(target.entry_id, "a slip", replacement), minute, author=author)


@pytest.fixture
def therapist():
    return THERAPIST


@pytest.fixture
def crna():
    return CRNA


@pytest.fixture
def preset_text():
    return preset


@pytest.fixture
def clock():
    return ManualClock(datetime(2025, 3, 8, 14, 0, tzinfo=UTC))


@pytest.fixture
def script(clock):
    """An IV session of a patient of 70 kg."""
    return SessionScript(clock, weight_kg=Decimal(70))


@pytest.fixture
def script_of(clock):
    """Open a session with any protocol: `script_of("im", protocol="im")`."""

    def open_one(route, **more):
        return SessionScript(clock, route, **more)

    return open_one
