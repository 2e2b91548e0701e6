"""Vaults to measure on: made by the program itself, without a screen, and kept in build/ where making them is slow."""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from importlib import import_module
from inspect import getsource
from itertools import count
from pathlib import Path

from kapnotes.app.presets import shipped_protocols
from kapnotes.app.program import Program
from kapnotes.app.seat import PatientCard, Seat
from kapnotes.app.system_clock import SystemClock
from kapnotes.domain.around import Touch
from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import (
    CheckIn,
    Dose,
    Entry,
    Infusion,
    Intention,
    Mark,
    MarkChange,
    Note,
    PatientDetails,
    Phase,
    Route,
    SessionOpened,
    Staffing,
    Stage,
    Vitals,
)
from kapnotes.domain.members import Role
from kapnotes.domain.places import place_of
from kapnotes.vault.kdf import STANDARD_COST, KdfCost
from kapnotes.vault.layout import FORMAT
from kapnotes.wiring import build_quiet_program
from tests.bench.words import TEXTS

BUILD = Path(__file__).resolve().parents[2] / "build"
LIGHT = KdfCost(64, 1, 1)
"""For vaults whose unlocking is not what is measured."""

LABEL = "B. Bench, LCSW, CRNA"
PASSPHRASE = "a bench is no place for secrets"
LENGTH_S = 9000.0
"""How long the sessions have been running when they are opened: two hours and a half."""


class ShiftedClock:
    """The laptop's clock, as it was some time ago."""

    def __init__(self, shift_s: float) -> None:
        self._clock = SystemClock()
        self._shift_s = shift_s

    def now(self) -> Stamp:
        return self._clock.now().shifted(self._shift_s)


@dataclass(frozen=True)
class Place:
    """A vault with its profile beside it."""

    folder: Path
    cost: KdfCost = LIGHT

    @property
    def vault(self):
        return self.folder / "vault"

    @property
    def profile(self):
        return self.folder / "profile"

    def program(self, shift_s=0.0) -> Program:
        return build_quiet_program(clock=ShiftedClock(shift_s), profile=self.profile, cost=self.cost)

    def make(self):
        """Make the vault anew, with one member who holds both roles."""
        shutil.rmtree(self.folder, ignore_errors=True)
        program = self.program()
        roles = frozenset({Role.THERAPIST, Role.MEDICAL})
        program.create_vault(self.vault, LABEL, roles, PASSPHRASE, nothing, fail)
        program.close()
        return self

    @contextmanager
    def signed_in(self, shift_s=0.0) -> Iterator[Seat]:
        """Yield a seat of the vault's member; its program lives *shift_s* from now."""
        program = self.program(shift_s)
        seats: list[Seat] = []
        program.open_vault(self.vault, nothing, fail)
        try:
            program.sign_in(LABEL, PASSPHRASE, seats.append, fail)
            yield seats[0]
        finally:
            program.close()


def nothing(_):
    """Nobody waits for this outcome."""


def fail(error):
    raise error


# ------------------------------------------------------------------------------------------- sessions


def add_session(seat: Seat, code: str, bodies: dict[str, int]) -> str:
    """Add a patient with a running session that began with the seat's clock; returns the session's id.

    *bodies* says how many notes, marks, check-ins and sets of vitals it holds.
    """
    patients: list[PatientCard] = []
    seat.add_patient(code, Decimal(70), "none known", patients.append, fail)
    preset = next(one for one in shipped_protocols() if one.protocol.dose.route is Route.IV)
    made: list[str] = []
    seat.start_session(
        patients[0],
        preset,
        Staffing.ONE_PERSON_BOTH_ROLES,
        [seat.member],
        lambda live: made.append(live.scope_id),
        fail,
    )
    began = seat.program.clock.now()
    write(seat, patients[0].patient_id, session_entries(seat, made[0], began, bodies))
    return made[0]


def write(seat: Seat, patient_id: str, entries: list[Entry]):
    """Write *entries* about one patient, one transaction for each compartment."""
    places: dict = {}
    for entry in entries:
        places.setdefault(place_of(entry.body, seat.member), []).append(entry)
    for compartment, some in places.items():
        seat.program.library.append_all(seat.keyring, compartment, some, patient_id=patient_id)


def session_entries(seat: Seat, scope_id: str, began: Stamp, bodies: dict[str, int]) -> list[Entry]:
    """Return a session: an infusion, three states and a touch that run, and the *bodies* evenly over its length."""
    timed = [
        (60.0, Intention("look at what is underneath the constant low-grade anxiety")),
        (600.0, _vitals(0)),
        (900.0, Dose("ketamine", Decimal(10), Route.IV)),
        (905.0, Infusion("ketamine", Decimal("0.5"), Decimal(35))),
        (910.0, Phase(Stage.DOSING)),
        (1500.0, Mark("challenging", MarkChange.START)),
        (1560.0, Mark("eyes open", MarkChange.START)),
        (1620.0, Mark("music", MarkChange.START)),
        (1680.0, Touch("hand", begins=True)),
    ]
    for kind, number in bodies.items():
        timed += [(1000.0 + (LENGTH_S - 1030) * (i + 0.5) / number, _BODIES[kind](i)) for i in range(number)]
    timed.sort(key=lambda one: one[0])
    new_id = seat.program.new_id
    author_id = seat.member.member_id
    return [
        Entry(new_id(), scope_id, author_id, stamp, stamp, body)
        for stamp, body in ((began.shifted(at_s), body) for at_s, body in timed)
    ]


def _note(number):
    return Note(TEXTS[number % len(TEXTS)], "quote" if number % 7 == 2 else "")


def _vitals(number):
    systolic = 118 + number * 7 % 23
    return Vitals(
        Decimal(systolic),
        Decimal(systolic - 46),
        Decimal(66 + number % 9),
        Decimal(95 + number % 5),
        Decimal(14),
        moaas=4,
    )


_BODIES = {
    "notes": _note,
    "marks": lambda number: Mark(("tears", "body", "smile")[number % 3]),
    "check_ins": lambda _: CheckIn(),
    "vitals": _vitals,
}

RUNNING = {"notes": 600, "marks": 40, "check_ins": 20, "vitals": 60}
"""A long session that still runs, 600 notes on the pad."""

LONG = {"notes": 300, "marks": 60, "check_ins": 20, "vitals": 60}
"""A long session of three hours, as a summary is put together from."""

THOUSAND = {"notes": 600, "marks": 120, "check_ins": 60, "vitals": 214}
"""With what every session begins with, 1,000 entries."""


# ------------------------------------------------------------------------------------------ kept vaults


def running_session(
    folder: Path, bodies: dict[str, int], cost: KdfCost = LIGHT, *, length_s: float = LENGTH_S
) -> Place:
    """Return a new vault with one session that began *length_s* ago."""
    place = Place(folder, cost).make()
    with place.signed_in(shift_s=-length_s) as seat:
        add_session(seat, "K-0142", bodies)
    return place


def of_many_entries(entries: int = 100_000) -> Place:
    """Return the kept vault of so many entries in sessions of 1,000, under the standard cost."""
    place = Place(BUILD / "bench-vault", STANDARD_COST)

    def fill():
        with place.signed_in(shift_s=-LENGTH_S) as seat:
            for number in range(entries // 1000):
                add_session(seat, f"K-{number:04}", THOUSAND)

    return _kept(place, f"{entries} entries", fill)


def of_many_sessions(sessions: int) -> Place:
    """Return the kept vault of so many small sessions, 20 of each patient."""
    place = Place(BUILD / "bench-sessions", LIGHT)
    preset = next(one for one in shipped_protocols() if one.protocol.dose.route is Route.IV)

    def fill():
        with place.signed_in(shift_s=-LENGTH_S) as seat:
            numbers = iter(range(sessions))
            for patient in count():
                some = [number for number, _ in zip(numbers, range(20), strict=False)]
                if not some:
                    return
                _add_patient_with_sessions(seat, patient, some, preset)

    return _kept(place, f"{sessions} sessions", fill)


def _add_patient_with_sessions(seat, patient, numbers, preset):
    patient_id, now = seat.program.new_id(), seat.program.clock.now()
    details = PatientDetails(f"K-{patient:05}", Decimal(70))
    entries = [Entry(seat.program.new_id(), patient_id, seat.member.member_id, now, now, details)]
    for number in range(len(numbers)):
        scope_id = seat.program.new_id()
        opened = SessionOpened(
            patient_id,
            details.code,
            number + 1,
            Route.IV,
            Staffing.ONE_PERSON_BOTH_ROLES,
            (),
            preset.protocol.name,
            preset.text,
        )
        bodies = (opened, Note(TEXTS[0]))
        entries += [Entry(seat.program.new_id(), scope_id, seat.member.member_id, now, now, body) for body in bodies]
    write(seat, patient_id, entries)


def empty_vault(folder: Path, cost: KdfCost = LIGHT) -> Place:
    """Return a new vault that its member has signed in to once."""
    place = Place(folder, cost).make()
    with place.signed_in():
        pass
    return place


def _kept(place: Place, what: str, fill) -> Place:
    """Return *place*, made anew unless it is there as this very format would make it."""
    stamp = place.folder / "made"
    wanted = f"{what}, {_format()}\n"
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != wanted:
        place.make()
        fill()
        stamp.write_text(wanted, encoding="utf-8")
    return place


def _format() -> str:
    """Return what a vault's bytes depend on, in short."""
    names = ("kapnotes.vault.schema", "kapnotes.vault.layout", "kapnotes.vault.codec", "kapnotes.domain.entries")
    sources = "".join(getsource(import_module(name)) for name in (*names, __name__))
    return f"format {FORMAT}, {hashlib.sha256(sources.encode()).hexdigest()[:16]}"
