"""The real windows under a real window manager, driven by real keys: an evening from the first start to the last close.

Everything is done with the keyboard, as a clinician would; nothing reaches into the program.
"""

import os
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from kapnotes.domain.clock import ManualClock
from kapnotes.domain.entries import Dose, Mark, MarkChange, Note, Route, Vitals
from kapnotes.vault.library import Library

NAME = "T. Tester, LCSW PA"
PASSPHRASE = "otter lagoon violin cedar"
CODE = "K-0777"
QUOTE = '"it\'s all water" & <b>light</b>'
PLAIN = "tears, hand on chest (left); 2:1 ratio?"
HALF = "half a thought that was never entered"
GARNET_TEXT, GARNET_MARK = 0xFF0000, 0xC08040
"""The colours of text and of bad news in the red night, to which the evening turns in its middle."""

SIZE = (1280, 800)
CHANGED = 0.004
"""A page of a window that gives way to another changes more than this share of the screen."""


def around(picture, place, reach=24):
    """Return the pixels of a picture around a place."""
    x, y = place
    return [
        pixel
        for row in range(y - reach, y + reach)
        for pixel in picture[row * SIZE[0] + x - reach : row * SIZE[0] + x + reach]
    ]


class Lamp(threading.Thread):
    """Looks at the screen all the time and remembers the brightest thing it ever showed.

    It passes over the mouse's pointer, which belongs to the system where no window is.
    """

    EVERY = 12
    """So many pictures are measured as a whole; of each other one only that no byte of it is beyond the palette."""

    DARK = tuple(bytes(range(limit + 1)) for limit in (0x50, 0x8C, 0xFF))
    """For blue, green and red: the values that the palettes can have."""

    def __init__(self, screen, light_of):
        super().__init__(name="lamp", daemon=True)
        self._screen = screen
        self._light_of = light_of
        self._pointer = screen.pointer()
        self._end = threading.Event()
        self.pictures = 0
        self.brightest = 0.0
        self.brightest_mean = 0.0

    def run(self):
        before = b""
        while not self._end.wait(0.004):
            shown = self._screen.shown()
            if shown == before:
                continue
            before = shown
            if self.pictures % self.EVERY == 0 or self._is_suspicious(shown):
                self._measure(memoryview(shown).cast("I"))
            self.pictures += 1

    def _is_suspicious(self, shown):
        beyond = sum(len(shown[channel::4].translate(None, dark)) for channel, dark in enumerate(self.DARK))
        return beyond > 200  # as many as the pointer may have

    def _measure(self, picture):
        light = self._light_of(Counter(picture) - Counter(around(picture, self._pointer)))
        self.brightest = max(self.brightest, light.brightest)
        self.brightest_mean = max(self.brightest_mean, light.mean)

    def stop(self):
        self._end.set()
        self.join(timeout=20)


class Hands:
    """Ten fingers and two eyes."""

    def __init__(self, screen, wait, process):
        self._screen = screen
        self._wait = wait
        self._process = process

    def press(self, *keys):
        self._screen.xdotool("key", "--clearmodifiers", *keys)

    def type(self, text):
        self._screen.xdotool("type", "--delay", "3", text)

    def wait_until(self, happened, what):
        def alive_and_happened():
            outcome = happened()
            if not outcome and self._process.poll() is not None:
                pytest.fail(f"The program ended before {what}.", pytrace=False)
            return outcome

        return self._wait(alive_and_happened, what)

    def wait_for_windows(self, before, count, what):
        """Return so many windows that were not there before, in the order in which they were made."""
        found = self.wait_until(lambda: len(new := self._screen.windows() - before) >= count and new, what)
        newest = sorted(found)
        self.wait_until(lambda: self._screen.active() in found, f"{what} to get the keys")
        return newest

    def go_to(self, window):
        """Go from window to window until *window* gets the keys."""
        while (here := self.wait_until(self._screen.active, "a window to get the keys")) != window:
            self.press("ctrl+Tab")
            self.wait_until(lambda here=here: self._screen.active() not in {here, None}, "the next window")

    def wait_for_another_page(self, before, what):
        """Wait until the window shows another page than the one of the picture *before*."""

        def is_another():
            picture = self._screen.picture()
            differing = sum(map(int.__ne__, picture, before))
            return differing > CHANGED * len(before)

        self.wait_until(is_another, what)

    def insist(self, key, happened, what):
        """Press *key* until something comes of it; before its time it does nothing."""
        for _ in range(10):
            self.press(key)
            if outcome := self._wait(happened, what, seconds=2, must_happen=False):
                return outcome
        return pytest.fail(f"Pressed {key} in vain for {what}.", pytrace=False)


@dataclass
class Evening:
    """What an evening left behind."""

    vault: Path
    home: Path
    lamp: Lamp
    code: int
    said: str
    seen: dict


@pytest.fixture(scope="module")
def evening(screen, light_of, wait, on_disk):
    """The first evening of a practice, from the first start of the program to the close of its last window."""
    home = on_disk("evening")
    vault = home / "practice" / "vault"
    environment = screen.environment | {
        "HOME": str(home), "XDG_DATA_HOME": str(home / "data"), "TMPDIR": str(home), "XDG_RUNTIME_DIR": str(home),
        "LC_ALL": "C.UTF-8", "QT_QPA_PLATFORM": "xcb",
    }  # fmt: skip
    lamp = Lamp(screen, light_of)
    lamp.start()
    command = [sys.executable, "-m", "kapnotes", "--vault", str(vault)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        seen = live_through(screen, Hands(screen, wait, process), vault)
        said, _ = process.communicate(timeout=20)
    finally:
        process.kill()
        lamp.stop()
    return Evening(vault, home, lamp, process.returncode, said.decode(), seen)


def live_through(screen, hands, vault):
    """Make the vault, hold a session, lock in the middle, come back, and leave; return what was seen."""
    seen = {}

    # ---- the first start: no vault yet
    (first,) = hands.wait_for_windows(set(), 1, "the first window")
    hands.type(NAME)
    hands.press("Tab", "space", "Tab", "space", "Tab")
    hands.type(PASSPHRASE)
    hands.press("Tab")
    hands.type(PASSPHRASE)
    before = screen.picture()
    hands.press("Return")
    hands.wait_for_another_page(before, "the page to sign in on")
    home = sign_in(screen, hands, {first})

    # ---- a patient, and a session
    hands.press("ctrl+p")
    hands.type(CODE)
    hands.press("Tab")
    hands.type("71.5")
    hands.press("Tab")
    hands.type("none known")
    before = screen.picture()
    hands.press("Return")
    hands.wait_for_another_page(before, "the list with the patient")
    hands.press("ctrl+n", "Return")
    log, pad = hands.wait_for_windows({home}, 2, "log and pad")

    # ---- notes, marks, readings
    hands.go_to(pad)
    hands.press("F5")
    hands.type(QUOTE)
    hands.press("Return")
    hands.type(PLAIN)
    hands.press("F1", "Return")
    hands.press("F6")
    seen["under the pointer"] = around(screen.picture(), screen.pointer())

    # ---- the screen goes dark, and comes back at a key that is typed nowhere
    hands.press("ctrl+b")
    hands.wait_until(lambda: not any(pixel & 0xFFFFFF for pixel in screen.picture()), "the screen to go dark")
    hands.press("x")
    hands.wait_until(lambda: any(pixel & 0xFFFFFF for pixel in screen.picture()), "the screen to come back")

    # ---- the other night
    hands.press("ctrl+shift+l")
    hands.wait_until(
        lambda: any(pixel & 0xFFFFFF == GARNET_TEXT for pixel in screen.picture()), "the windows to turn red"
    )
    hands.go_to(log)
    hands.type("128/76 72 98 14 s5")
    hands.press("Return")
    hands.type("80/120")
    hands.press("Return", "Escape", "Escape")
    hands.press("F3")
    hands.type("35 im")
    hands.press("Return")

    # ---- locked in the middle of a line
    hands.go_to(pad)
    hands.type(HALF)
    hands.press("ctrl+l")
    hands.wait_until(lambda: not {home, log, pad} & screen.windows(), "the windows to close")
    hands.wait_for_windows({home, log, pad}, 1, "the window to sign in again")
    seen["windows while locked"] = len(screen.windows())

    # ---- a wrong passphrase, then the right one; the session is still there
    hands.type("not the passphrase at all")
    hands.press("Return")
    hands.wait_until(
        lambda: any(pixel & 0xFFFFFF == GARNET_MARK for pixel in screen.picture()), "a mark at the wrong passphrase"
    )
    seen["windows after a wrong passphrase"] = len(screen.windows())
    home = sign_in(screen, hands, {home, log, pad} | screen.windows())
    log, pad = hands.insist("Return", lambda: len(new := screen.windows() - {home}) == 2 and sorted(new), "the session")

    # ---- the half-typed line is back, and Enter keeps it
    hands.go_to(pad)
    (process_notes,) = vault.glob("therapy-*.kapdb")
    before = process_notes.read_bytes()
    hands.insist("Return", lambda: process_notes.read_bytes() != before, "the note")  # its first second takes no Enter

    # ---- and home
    for window in (pad, log):
        hands.go_to(window)
        hands.press("ctrl+w")
        hands.wait_until(lambda window=window: window not in screen.windows(), "the window to close")
    hands.go_to(home)
    hands.press("ctrl+w", "ctrl+w")  # the session goes on, so home asks once
    return seen


def sign_in(screen, hands, before):
    """Type the passphrase; return the window of home."""
    hands.type(PASSPHRASE)
    hands.press("Return")
    (home,) = hands.wait_for_windows(before, 1, "home")
    hands.wait_until(lambda: screen.windows() == {home}, "the window to sign in to close")
    return home


@pytest.fixture(scope="module")
def entries(evening):
    """Everything that the tester can read in the vault, by its kind."""
    clock = ManualClock(datetime(2026, 3, 4, 12, 0, tzinfo=UTC))
    library = Library.open(evening.vault, device_id="de" * 16, entropy=os.urandom, clock=clock)
    try:
        keyring = library.unlock(NAME, PASSPHRASE)
        sessions = [scope.scope_id for scope in library.scopes(keyring) if scope.scope_id != scope.patient_id]
        assert len(sessions) == 1
        read = library.read(keyring, sessions[0])
    finally:
        library.close()
    assert (read.refused, read.findings) == ((), ())
    return [entry.body for entry in read.entries]


def kind(entries, wanted):
    return [body for body in entries if isinstance(body, wanted)]


# ---------------------------------------------------------------------------------------------- the tests


class Flashing:
    """A screen that is white for one picture out of twenty."""

    def __init__(self):
        self.count = 0

    def pointer(self):
        return 640, 400

    def shown(self):
        self.count += 1
        colour = b"\xff\xff\xff\0" if self.count == 20 else bytes((0, 0, self.count % 7, 0))
        return colour * (SIZE[0] * SIZE[1])


def test_the_lamp_sees_a_flash_of_one_picture(light_of, wait):
    flashing = Flashing()
    lamp = Lamp(flashing, light_of)
    lamp.start()
    wait(lambda: flashing.count > 25, "some pictures")
    lamp.stop()

    assert lamp.brightest == pytest.approx(1.0)
    assert lamp.brightest_mean > 0.9


def test_the_evening_ends_well_and_without_a_word(evening):
    assert (evening.code, evening.said) == (0, "")


def test_a_lock_takes_every_window_but_the_one_to_sign_in(evening):
    assert evening.seen["windows while locked"] == 1
    assert evening.seen["windows after a wrong passphrase"] == 1


def test_notes_are_in_the_vault_as_they_were_typed(entries):
    assert Note(QUOTE, "quote") in entries
    assert Note(PLAIN) in entries


def test_a_mark_is_dropped_at_once_and_leaves_the_half_typed_line_alone(entries):
    marks = kind(entries, Mark)

    assert [(mark.code, mark.change) for mark in marks] == [("affect", MarkChange.POINT), ("quiet", MarkChange.START)]
    assert entries.index(marks[0]) < entries.index(Note(PLAIN)) < entries.index(marks[1])


def test_readings_and_doses_are_in_the_vault_and_what_was_refused_is_not(entries):
    (vitals,) = kind(entries, Vitals)
    (dose,) = kind(entries, Dose)

    assert (vitals.systolic_mmhg, vitals.diastolic_mmhg) == (128, 76)
    assert (vitals.heart_rate_bpm, vitals.spo2_percent, vitals.respiratory_rate_bpm, vitals.moaas) == (72, 98, 14, 5)
    assert (dose.drug, dose.dose_mg, dose.route, dose.is_rescue) == ("ketamine", Decimal(35), Route.IM, False)


def test_a_line_that_was_not_entered_before_the_lock_comes_back_and_can_be_entered_then(entries):
    assert entries.count(Note(HALF)) == 1


def test_the_commands_see_the_session_and_find_the_vault_whole(evening, kapnotes):
    sessions = kapnotes("sessions", evening.vault, "--member", NAME, passphrase=PASSPHRASE)
    verified = kapnotes("verify", evening.vault, "--member", NAME, passphrase=PASSPHRASE)

    assert sessions.code == 0
    assert f"{CODE}  session 1" in sessions.out
    assert (verified.code, verified.err) == (0, "")
    assert verified.out.endswith("contents read.\n")


def test_nothing_bright_was_ever_on_the_screen(evening):
    assert evening.lamp.pictures > 30
    assert evening.lamp.brightest <= 0.30
    assert evening.lamp.brightest_mean <= 0.010


def test_the_mouses_pointer_is_no_brighter_than_the_window_it_is_on(evening, light_of):
    pixels = evening.seen["under the pointer"]

    assert any(pixel & 0xFFFFFF for pixel in pixels), "no pointer is on the window"
    assert light_of(Counter(pixels)).brightest <= 0.30


def test_no_file_of_the_evening_holds_what_was_typed(evening):
    words = [text.encode(name) for text in (QUOTE, PLAIN, HALF, PASSPHRASE, CODE) for name in ("utf-8", "utf-16-le")]
    paths = [path for path in evening.home.rglob("*") if path.is_file()]

    assert {"shared.kapdb", "medical.kapdb", "closing"} <= {path.name for path in paths}
    assert [path.name for path in paths if any(word in path.read_bytes() for word in words)] == []


def test_a_tool_that_is_missing_is_a_failure_with_one_clear_line(screen, monkeypatch, tmp_path):
    monkeypatch.setattr("shutil.which", lambda name: None if name == "xdotool" else name)

    with pytest.raises(pytest.fail.Exception, match=r"need xdotool \(Debian: xdotool\)\.$"):
        type(screen)(tmp_path)


def test_a_program_without_a_screen_says_so_in_one_line(kapnotes):
    said = kapnotes("--vault", kapnotes.home / "none", QT_QPA_PLATFORM="")

    assert (said.code, said.out) == (2, "")
    assert said.err.count("\n") == 1
    assert "screen" in said.err
