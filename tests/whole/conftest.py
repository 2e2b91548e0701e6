"""One demo that all look at, how bright its windows are, and a screen of its own for the real windows."""

import os
import select
import shutil
import struct
import subprocess
from functools import cache

import pytest
from PySide6.QtCore import QDeadlineTimer

from tests.commands import Commands


@pytest.fixture(scope="session")
def kapnotes(tmp_path_factory):
    """The program's command line as its users run it, each time begun from nothing."""
    return Commands(tmp_path_factory.mktemp("home"), as_users_do=True)


@pytest.fixture(scope="session")
def demo(play, on_disk):
    """The shipped session, played once."""
    return play(on_disk("demo") / "out")


@cache
def luminance(colour):
    """Return the relative luminance of a colour 0x00RRGGBB, from 0 to 1. Source: WCAG 2.2, IEC 61966-2-1."""
    red, green, blue = (channel / 255 for channel in (colour >> 16 & 255, colour >> 8 & 255, colour & 255))
    return 0.2126 * _linear(red) + 0.7152 * _linear(green) + 0.0722 * _linear(blue)


def _linear(channel):
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


class Light:
    """How bright pixels are, counted by colour."""

    def __init__(self, colours):
        self.mean = sum(luminance(colour & 0xFFFFFF) * count for colour, count in colours.items()) / colours.total()
        self.brightest = max((luminance(colour & 0xFFFFFF) for colour in colours), default=0.0)


@pytest.fixture(scope="session")
def light_of():
    """Measures the light of counted colours."""
    return Light


# ------------------------------------------------------------------------------------- a screen of its own

NEEDED = {"Xvfb": "xvfb", "openbox": "openbox", "xdotool": "xdotool", "setpriv": "util-linux"}
WITH_ITS_PARENT = ("setpriv", "--pdeathsig", "TERM")
"""In front of a command: it ends when these tests are killed, too."""

SIZE = (1280, 800)


def wait_until(happened, what, *, seconds=20, must_happen=True):
    """Return what *happened* gives as soon as it is true; where it never is and need not be, what it gave last."""
    patience = QDeadlineTimer(int(1000 * seconds))
    while not (outcome := happened()):
        if patience.hasExpired():
            if must_happen:
                pytest.fail(f"Waited {seconds} s in vain for {what}.", pytrace=False)
            break
        select.select((), (), (), 0.02)
    return outcome


class Screen:
    """A virtual screen with a window manager. What it shows is a file, so looking costs the program nothing."""

    def __init__(self, folder):
        missing = [f"{name} (Debian: {package})" for name, package in NEEDED.items() if shutil.which(name) is None]
        if missing:
            pytest.fail(f"The tests of the real windows need {', '.join(missing)}.", pytrace=False)
        self._picture = folder / "Xvfb_screen0"
        self._processes = []
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}
        self.environment["DISPLAY"] = f":{self._start_server(folder)}"
        self._start("openbox")
        wait_until(lambda: self.xdotool("get_num_desktops"), "openbox to manage the screen")

    def _start_server(self, folder):
        """Start Xvfb on a display that is free; return its number."""
        reader, writer = os.pipe()
        self._start(
            "Xvfb", "-displayfd", str(writer), "-screen", "0", f"{SIZE[0]}x{SIZE[1]}x24",
            "-fbdir", str(folder), "-nolisten", "tcp", "-noreset", pass_fds=(writer,),
        )  # fmt: skip
        os.close(writer)
        number = b""
        with os.fdopen(reader, "rb", buffering=0) as pipe:
            while not number.endswith(b"\n"):
                ready, _, _ = select.select([pipe], (), (), 20)
                part = pipe.read(20) if ready else b""
                if not part:
                    self.close()
                    pytest.fail("Xvfb does not start.", pytrace=False)
                number += part
        return number.decode().strip()

    def _start(self, *command, **more):
        self._processes.append(
            subprocess.Popen(
                (*WITH_ITS_PARENT, *command),
                env=self.environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                **more,
            )
        )

    def close(self):
        """End window manager and server, and wait until they have ended."""
        for process in reversed(self._processes):
            process.terminate()
            process.wait(timeout=20)

    def xdotool(self, *words):
        """Run xdotool; return what it says, nothing where it fails."""
        done = subprocess.run(
            ["xdotool", *map(str, words)], env=self.environment, check=False, capture_output=True, text=True, timeout=20
        )
        return done.stdout.split() if done.returncode == 0 else []

    def windows(self):
        """Return the program's windows that can be seen."""
        return {int(number) for number in self.xdotool("search", "--onlyvisible", "--name", "^KAPnotes$")}

    def active(self):
        """Return the window that gets the keys."""
        found = self.xdotool("getactivewindow")
        return int(found[0]) if found else None

    def pointer(self):
        """Return where the mouse points."""
        x, y, *_ = (int(word.rpartition(":")[2]) for word in self.xdotool("getmouselocation")[:2])
        return x, y

    def shown(self):
        """Return what the whole screen shows, with the mouse's pointer: four bytes a pixel, blue first."""
        content = self._picture.read_bytes()
        header = struct.unpack_from(">25I", content)
        begins = header[0] + 12 * header[19]
        assert (header[4], header[5], header[11], header[12]) == (*SIZE, 32, 4 * SIZE[0])
        return content[begins : begins + 4 * SIZE[0] * SIZE[1]]

    def picture(self):
        """Return what the whole screen shows as numbers 0x??RRGGBB."""
        return memoryview(self.shown()).cast("I")


@pytest.fixture(scope="session")
def screen(tmp_path_factory):
    """The one screen of this run."""
    one = Screen(tmp_path_factory.mktemp("screen"))
    yield one
    one.close()


@pytest.fixture(scope="session")
def wait():
    """Waits for a condition: `wait(condition, "what it is")`."""
    return wait_until
