"""What a killed program with windows was doing: somebody types into the real note pad, which is shown offscreen."""

import json
import os
import time
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from kapnotes.app.idle import IdleLimits
from kapnotes.domain.entries import Note
from kapnotes.ui.faults import report_qt_messages
from kapnotes.ui.home import HomeWindow
from kapnotes.ui.interrupts import calling, soon
from kapnotes.ui.pad import PadWindow
from kapnotes.ui.typist import fill, go_to, press, type_text, wait_until
from kapnotes.wiring import Screen
from tests.fault.scripts import LIGHT, PASSPHRASES, Told

MS_PER_KEY = 83
"""Twelve keys a second, which is a fast typist."""

TYPED = (
    "hands unclench, jaw still tight\n"
    "it is all water and the water knows my name\n"
    "quiet\n"
    "long look at the lamp; asks whether the door is closed, is told that it is, nods\n"
    "tears, no sound\n"
    "says that the brother stands at the far end of the field and does not turn round, and that this is all right\n"
)
"""What is typed, Enter at the end of each note; again and again if the time lasts."""


HALF = "half a thought \N{EM DASH} naïve, \u4eca\u65e5"


class _Windows:
    """The program with its windows, as one therapist works with it."""

    def __init__(self, folder: Path) -> None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        report_qt_messages()
        self.screen = Screen(
            vault=folder / "vault", profile=folder / "profile", paper_folder=folder / "paper", cost=LIGHT
        )
        self.screen.ticker.start()

    def sign_in(self) -> HomeWindow:
        window = self.screen.desk.begin()
        wait_until(lambda: window.member.findText("Tess") >= 0, "the members")
        window.member.setCurrentIndex(window.member.findText("Tess"))
        go_to(window, window.passphrase)
        type_text(window, PASSPHRASES["Tess"])
        press(window, "Return")
        return self._wait_for(HomeWindow)

    def start(self, home: HomeWindow) -> PadWindow:
        press(home, "Ctrl+P")
        type_text(home, "K-0142")
        fill(home, home.start_door.new_patient.weight, "70")
        press(home, "Return")
        wait_until(lambda: home.patients.count() > 0, "the patient")
        press(home, "Ctrl+N")
        press(home, "Return")
        return self._wait_for(PadWindow)

    def enter(self, home: HomeWindow) -> PadWindow:
        wait_until(lambda: home.sessions.count() > 0, "the sessions")
        go_to(home, home.sessions)
        press(home, "Return")
        return self._wait_for(PadWindow)

    def _wait_for(self, kind):
        wait_until(lambda: any(isinstance(window, kind) for window in self.screen.desk.windows), kind.__name__)
        QApplication.processEvents()
        return next(window for window in self.screen.desk.windows if isinstance(window, kind))


def begin_session(folder: Path, say: Told) -> None:
    """Start a session and close the program."""
    windows = _Windows(folder)
    pad = windows.start(windows.sign_in())
    wait_until(lambda: not pad.live.saving.unsaved, "everything to be saved")
    assert windows.screen.close() == 0


def typing(folder: Path, say: Told, keys: int) -> None:
    """Type so many keys into the pad, then only sit there; say each key when the window has taken it in.

    "key N NS": the N-th key, from 1, and the monotonic clock; "saved ID" when the window shows an entry as saved.
    """
    windows = _Windows(folder)
    pad = windows.enter(windows.sign_in())
    pad.live.saved.add(lambda entry: say(f"saved {entry.entry_id}"))
    say("typing")
    done = 0

    def type_next() -> None:
        nonlocal done
        if done == keys:
            return
        char = TYPED[done % len(TYPED)]
        done += 1
        if char == "\n":
            press(pad, "Return")
        else:
            type_text(pad, char)
        say(f"key {done} {time.monotonic_ns()}")

    timer = QTimer()
    timer.timeout.connect(type_next)
    timer.start(MS_PER_KEY)
    windows.screen.application.exec()


def what_is_found(folder: Path, say: Told) -> None:
    """Sign in again and open the session; say what stands there as notes, and in the line below them."""
    windows = _Windows(folder)
    pad = windows.enter(windows.sign_in())
    entries = pad.live.record.entries
    say("notes " + json.dumps([entry.body.text for entry in entries if isinstance(entry.body, Note)]))
    say("line " + json.dumps(pad.line.text()))
    for entry in entries:
        say(f"found {entry.entry_id}")
    assert windows.screen.close() == 0
    say("closed")


def typing_until_asked_to_end(folder: Path, say: Told) -> None:
    """Type half a line and wait to be asked by a signal; say when that was heard, and when all was put away."""
    windows = _Windows(folder)
    windows.screen.watch(IdleLimits())
    pad = windows.enter(windows.sign_in())
    with calling(soon(windows.screen.stop)):
        type_text(pad, HALF)
        say("typing")
        windows.screen.application.exec()
        say(f"heard {time.monotonic_ns()}")
        assert windows.screen.close() == 0
        say(f"closed {time.monotonic_ns()}")
