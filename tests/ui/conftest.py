"""The real windows, offscreen, on real files, with a manual clock; keys are pressed as the demo presses them."""

import gc
import shutil
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from kapnotes.app.page_maker import MadeHere
from kapnotes.app.seat import Seat
from kapnotes.domain.clock import ManualClock
from kapnotes.domain.errors import InputOutput
from kapnotes.domain.members import Role
from kapnotes.ui.home import HomeWindow
from kapnotes.ui.log import LogWindow
from kapnotes.ui.pad import PadWindow
from kapnotes.ui.sign_in import SignInWindow
from kapnotes.ui.summary import SummaryWindow
from kapnotes.ui.typist import fill, go_to, press, type_text, wait_until
from kapnotes.vault.kdf import KdfCost
from kapnotes.wiring import Screen, application

PASSPHRASE = "otter lagoon violin cedar"
BEGIN = datetime(2026, 3, 4, 13, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def qapp():
    return application()


class Room:
    """A screen with its windows, and the short words of a test."""

    passphrase = PASSPHRASE

    def __init__(self, folder, qtbot, clock=None):
        self.qtbot = qtbot
        self.folder = folder
        self.clock = clock or ManualClock(BEGIN)
        self.begin()

    def begin(self):
        self.screen = self.new_screen()
        self.desk, self.program, self.ticker = self.screen.desk, self.screen.program, self.screen.ticker
        self.program.pages = MadeHere()  # a process for each test's pages would be slow, and has its own tests
        self._crna = None

    @property
    def crna(self):
        """The CRNA's home; whoever asks for it first signs the CRNA in."""
        if self._crna is None:
            self._crna = self.sign_in("Carl, CRNA")
        return self._crna

    def start_anew(self):
        """Quit the program and start it again."""
        assert self.screen.close() == 0
        self.clock.advance(300)
        self.begin()

    def new_screen(self):
        return Screen(
            vault=self.folder / "vault",
            paper_folder=self.folder,
            clock=self.clock,
            profile=self.folder / "profile",
            cost=KdfCost(64, 1, 1),
        )

    press, type, fill, go_to, wait = map(staticmethod, (press, type_text, fill, go_to, wait_until))

    def window(self, kind, seat=None):
        def found():
            return [w for w in self.desk.windows if isinstance(w, kind) and (seat is None or w.seat is seat)]

        wait_until(lambda: bool(found()), kind.__name__)
        QApplication.processEvents()
        return found()[-1]

    def make(self, label="Tess, LCSW", *roles):
        """Make the vault and sign its first member in, past the forms, which have tests of their own."""
        seats = []
        chosen = frozenset(roles or (Role.THERAPIST,))
        self.program.create_vault(
            self.folder / "vault", label, chosen, PASSPHRASE, lambda _: seats.append(None), self.fail
        )
        wait_until(lambda: bool(seats), "the vault")
        return self.sign_in(label)

    def sign_in(self, label="Tess, LCSW"):
        window = self.desk.begin()
        wait_until(lambda: window.member.findText(label) >= 0, "the members")
        window.member.setCurrentIndex(window.member.findText(label))
        window.passphrase.setText(PASSPHRASE)  # test_sign_in.py types it
        press(window, "Return")
        wait_until(
            lambda: any(isinstance(w, HomeWindow) and w.seat.member.label == label for w in self.desk.windows), label
        )
        return next(w for w in self.desk.windows if isinstance(w, HomeWindow) and w.seat.member.label == label)

    def add(self, home, label, *roles):
        done = []
        self.program.add_member(home.seat, label, frozenset(roles), PASSPHRASE, done.append, self.fail)
        wait_until(lambda: bool(done), "the member")

    def patient(self, home, code="K-0142"):
        press(home, "Ctrl+P")
        type_text(home, code)
        fill(home, home.start_door.new_patient.weight, "70")
        press(home, "Return")
        wait_until(lambda: home.patients.count() > 0, "the patient")

    def start(self, home, protocol=None, *, is_with_all=False):
        """Start a session; those who are signed in are in the room, or *is_with_all* every member."""
        press(home, "Ctrl+N")
        people = home.start_door.start.people
        for row in range(people.count() if is_with_all else 0):
            people.item(row).setCheckState(Qt.CheckState.Checked)
        if protocol is not None:
            choice = home.start_door.start.protocol
            names = [choice.itemData(row).protocol.name for row in range(choice.count())]
            for _ in range(names.index(protocol)):
                press(home, "Down")
        press(home, "Return")
        wait_until(lambda: bool(home.seat.live) and not self.desk.is_entering, "the session")
        QApplication.processEvents()

    def join(self, home):
        home.refresh()
        wait_until(lambda: home.sessions.count() > 0, "the sessions")
        go_to(home, home.sessions)
        press(home, "Return")
        wait_until(lambda: bool(home.seat.live) and not self.desk.is_entering, "the session")

    def pass_time(self, seconds):
        self.clock.advance(seconds)
        self.ticker.tick()

    def line(self, window, text):
        type_text(window, text)
        press(window, "Return")

    def saved(self, window):
        wait_until(lambda: not window.live.saving.unsaved and window.strip.cell(3) == "saved", "everything to be saved")

    def second_of(self, stamp):
        """Return the seconds from the begin of the test to *stamp*."""
        return round((stamp.local() - BEGIN).total_seconds())

    def fail(self, error):
        raise error

    def close(self):
        self.screen.close()


@pytest.fixture
def room(tmp_path, qtbot, qapp):
    made = Room(tmp_path, qtbot)
    yield made
    made.close()
    QApplication.processEvents()
    gc.collect()
    left = [widget for widget in qapp.topLevelWidgets() if widget.isVisible()]
    assert not left, f"still open: {left}"


@pytest.fixture
def new_room(qtbot, qapp):
    """Makes rooms in other folders; who asks for one closes it."""
    return lambda folder, clock=None: Room(folder, qtbot, clock)


@pytest.fixture(scope="session")
def prepared(qapp, tmp_path_factory):
    """Vaults that many tests begin with, made once: a therapist with a patient, and the same with a CRNA."""
    room = Room(tmp_path_factory.mktemp("prepared"), None)
    home = room.make()
    room.patient(home)
    assert room.screen.close() == 0
    shutil.copytree(room.folder / "vault", room.folder / "alone")
    room.begin()
    room.add(room.sign_in(), "Carl, CRNA", Role.MEDICAL)
    room.close()
    QApplication.processEvents()
    return room.folder


@pytest.fixture
def home(request, room, prepared):
    """A therapist's home with one patient; with a pad there is a CRNA in the practice too."""
    made = "vault" if "pad" in request.fixturenames else "alone"
    shutil.copytree(prepared / made, room.folder / "vault")
    home = room.sign_in()
    room.wait(lambda: home.patients.count() > 0, "the patient")
    return home


@pytest.fixture
def pad(request, room, home):
    """A therapist and a CRNA in one session: the therapist's pad. The CRNA signs in where a test needs it."""
    if not any(member.label == "Carl, CRNA" for member in room.program.members()):
        room.add(home, "Carl, CRNA", Role.MEDICAL)
    if {"crna", "log"} & set(request.fixturenames):
        assert room.crna.seat
    room.start(home, is_with_all=True)
    return room.window(PadWindow)


@pytest.fixture
def crna(room, pad):
    """The CRNA's home; with it the CRNA has signed in before the session began."""
    return room.crna


@pytest.fixture
def log(room, pad):
    """The CRNA's log of the same session."""
    room.join(room.crna)
    return room.window(LogWindow)


@pytest.fixture
def kinds():
    return {"pad": PadWindow, "log": LogWindow, "summary": SummaryWindow, "home": HomeWindow, "sign_in": SignInWindow}


@pytest.fixture
def seat_of():
    def find(window) -> Seat:
        return window.seat

    return find


@pytest.fixture
def refusing(monkeypatch):
    """Gives the call that a failing disk makes of another one."""

    def fail(*_, **__):
        raise InputOutput("The disk cannot write.")

    return fail
