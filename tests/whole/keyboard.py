"""Keys of a virtual screen, pressed in the real program, whose clock others move; and how an evening of two begins."""

import os
import select
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kapnotes.domain.clock import ManualClock
from kapnotes.domain.record import Record
from kapnotes.vault.library import Library

THERAPIST, NURSE, PASSPHRASE, CODE = "T. Tester, LCSW", "C. Tester, CRNA", "otter lagoon violin cedar", "K-0142"
BEGIN = datetime(2026, 3, 4, 13, 0, tzinfo=UTC)


class Fingers:
    """Presses keys of the screen, by one xdotool for all: to begin another for each takes longer than the key."""

    def __init__(self, screen):
        self._process = subprocess.Popen(
            ["xdotool", "-"], env=screen.environment, stdin=subprocess.PIPE, text=True, bufsize=1
        )

    def press(self, *keys):
        self._do("key --delay 0", *keys)

    def type(self, text):
        assert not set(text) & set("\"'$\\\n"), "signs that mean something to xdotool's script"
        self._do("type --delay 0 --", f'"{text}"')

    def close(self):
        with self._process:
            self._process.kill()

    def _do(self, *words):
        self._process.stdin.write(f"{' '.join(words)}\n")


class Typist:
    """Presses real keys of the screen, and waits until the windows have had them."""

    def __init__(self, screen, folder, wait):
        environment = screen.environment | {
            "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder), "TMPDIR": str(folder), "LC_ALL": "C.UTF-8",
            "QT_QPA_PLATFORM": "xcb",
        }  # fmt: skip
        self._wait = wait
        self._fingers = Fingers(screen)
        self._program = subprocess.Popen(
            [sys.executable, "-m", "tests.whole.evening_clock", str(folder)],
            env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
            cwd=Path(__file__).parents[2],
        )  # fmt: skip
        self._pauses = 0
        self.t_s = 0.0

    def press(self, *keys):
        """Press keys one after the other, as `ctrl+p` or `Return`."""
        self._fingers.press(*keys)

    def type(self, text):
        self._fingers.type(text)

    def settle(self):
        """Wait until all keys have arrived and all entries are on the disk."""
        self._fingers.press("Pause")
        self._pauses += 1
        assert self._ask(f"keys {self._pauses}") == "there"

    def let_pass(self, seconds):
        """Let time pass in the room."""
        self.settle()
        self.t_s += seconds
        assert self._ask(f"advance {seconds}") == "advanced"

    def wait_for(self, wait, *places):
        """Wait until one of these places, given as `window: field` or `window`, gets the keys."""
        seen = set()

        def is_there():
            seen.add(where := self._ask("where"))
            return where in places or where.partition(": ")[0] in places

        if not wait(is_there, "", must_happen=False):
            pytest.fail(f"Nothing led to {' or '.join(places)}; there were {sorted(seen)}.", pytrace=False)

    def go_to(self, window):
        """Go from window to window until that one gets the keys."""
        self.settle()
        for _ in range(40):
            if self._ask("where").startswith(window):
                return
            self.press("ctrl+Tab")
            self.settle()
            self._wait(lambda: self._ask("where") != ": ", "a window to get the keys")
        pytest.fail(f"No key leads to the {window}.", pytrace=False)

    def press_until(self, key, place):
        """Press a key until that field gets the keys."""
        for _ in range(40):
            self.settle()
            if self._ask("where") == place:
                return
            self.press(key)
        pytest.fail(f"{key} leads nowhere to {place}.", pytrace=False)

    def leave(self):
        said = self._ask("end")
        return said, self._program.wait(timeout=20)

    def kill(self):
        self._fingers.close()
        with self._program:
            self._program.kill()

    def _ask(self, line):
        self._program.stdin.write(f"{line}\n")
        ready, _, _ = select.select([self._program.stdout], (), (), 30)
        return self._program.stdout.readline().rstrip("\n") if ready else "nothing"


def begin(typist, wait):
    """Make the vault, sign both in, make a patient, and begin a session; the vitals log gets the keys."""
    typist.wait_for(wait, "sign-in: Your name")
    typist.type(THERAPIST)
    typist.press("Tab", "space", "Tab", "Tab")
    typist.type(PASSPHRASE)
    typist.press("Tab")
    typist.type(PASSPHRASE)
    typist.press("Return")
    typist.settle()  # the page of the new vault has a passphrase, too
    typist.wait_for(wait, "sign-in: Passphrase")
    typist.type(PASSPHRASE)
    typist.press("Return")
    typist.wait_for(wait, "home")
    typist.press("ctrl+p")
    typist.type(CODE)
    typist.press("Tab")
    typist.type("70")
    typist.press("Return")
    typist.settle()
    typist.press("ctrl+m")
    typist.type(NURSE)
    typist.press("Tab", "Tab", "space", "Tab")
    typist.type(PASSPHRASE)
    typist.press("Tab")
    typist.type(PASSPHRASE)
    typist.press("Return")
    typist.settle()
    typist.press("ctrl+n", "Return")
    typist.wait_for(wait, "note pad")
    typist.go_to("home")
    typist.press("ctrl+o")
    typist.wait_for(wait, "sign-in: Passphrase")
    typist.type(PASSPHRASE)
    typist.press("Return")
    typist.wait_for(wait, "home")
    typist.press_until("Tab", "home: Sessions")
    typist.press("Return")
    typist.wait_for(wait, "vitals log")


def standing_in(vault):
    """Return what stands in the one session of *vault*, all that the two can read, in the order it happened."""
    library = Library.open(vault, device_id="de" * 16, entropy=os.urandom, clock=ManualClock(BEGIN + timedelta(days=1)))
    entries = {}
    try:
        for name in (THERAPIST, NURSE):
            keyring = library.unlock(name, PASSPHRASE)
            (session,) = [scope.scope_id for scope in library.scopes(keyring) if scope.scope_id != scope.patient_id]
            read = library.read(keyring, session)
            assert (read.refused, read.findings) == ((), ())
            entries |= {entry.entry_id: entry for entry in read.entries}
    finally:
        library.close()
    return list(Record(entries.values()).standing())
