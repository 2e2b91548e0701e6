"""What holds for all tests: no window on a real screen, no deadline on a busy machine, one real display at a time."""

import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # tests/whole gives its programs a screen of their own

settings.register_profile("house", deadline=None)
settings.load_profile("house")

WHOLE = Path(__file__).parent / "whole"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Let all that drives the real program run in one process, one after the other: there is one keyboard focus."""
    for item in items:
        if WHOLE in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("display"))
        if config.getoption("loadgroup", default=False):
            _tell_group(item)


def _tell_group(item):
    """Put the test's group behind its id, where pytest-xdist looks for it.

    WORKAROUND https://github.com/pytest-dev/pytest-xdist/issues/1386: with pytest 9.2 it no longer does so itself.
    """
    group = item.get_closest_marker("xdist_group")
    if group is not None and "@" not in item.nodeid.rpartition("]")[2]:
        item._id = type(item._id).parse(f"{item.nodeid}@{group.args[0]}")  # noqa: SLF001 - see above


@dataclass(frozen=True)
class Said:
    """What a command left behind: its exit code, and what it said."""

    code: int
    out: str
    err: str


class Commands:
    """Runs the commands of the program as processes, in a home of their own, without any screen."""

    def __init__(self, home):
        self.home = home
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_RUNTIME_DIR": str(home),
            "TMPDIR": str(home),
            "LC_ALL": "C.UTF-8",
            "QT_QPA_PLATFORM": "offscreen",
        }

    def __call__(self, *arguments, passphrase=None, before=(), timeout_s=55, **environment):
        """Run `kapnotes` with *arguments*; the words of *before* go in front of it, as of a shell's prefix."""
        command = [*before, sys.executable, "-m", "kapnotes", *map(str, arguments)]
        handed = ()
        if passphrase is not None:
            reader, writer = os.pipe()
            os.write(writer, f"{passphrase}\n".encode())
            os.close(writer)
            command += ["--passphrase-fd", str(reader)]
            handed = (reader,)
        try:
            done = subprocess.run(
                command,
                check=False,
                capture_output=True,
                timeout=timeout_s,
                stdin=subprocess.DEVNULL,
                pass_fds=handed,
                env=self.environment | environment,
            )
        finally:
            for descriptor in handed:
                os.close(descriptor)
        return Said(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture(scope="session")
def kapnotes(tmp_path_factory):
    """The program's command line."""
    return Commands(tmp_path_factory.mktemp("home"))


class Demo:
    """What a demo left behind, and what other programs read in it."""

    therapist = "Demo Therapist, LCSW"
    crna = "Demo Nurse, CRNA"

    def __init__(self, folder, said):
        self.folder = folder
        self.vault = folder / "vault"
        self.said = said

    def passphrase(self, name):
        """Return what a member or a page opens with."""
        lines = (self.folder / "passphrases.txt").read_text(encoding="utf-8").splitlines()
        return dict(line.rsplit(": ", 1) for line in lines if ": " in line)[name]

    def words(self, page):
        """Return what pdftotext reads on a page, cell by cell in the order of drawing."""
        command = ["pdftotext", "-raw", "-upw", self.passphrase(page), str(self.folder / page), "-"]
        return subprocess.run(command, check=True, capture_output=True).stdout.decode()

    def pixels(self):
        """Give each picture of a window with its pixels, as numbers 0xffRRGGBB with how often they occur."""
        from PySide6.QtGui import QImage

        for path in sorted(self.folder.glob("*.png")):
            image = QImage(str(path)).convertToFormat(QImage.Format.Format_RGB32)
            yield path.name, Counter(memoryview(image.constBits()).cast("B").cast("I"))


@pytest.fixture(scope="session")
def play(kapnotes):
    """Plays a demo in a process: `play(folder, "--notes", path)`."""

    def one(folder, *options, **more):
        return Demo(folder, kapnotes("demo", "--out", folder, *options, **more))

    return one
