"""What holds for all tests: no window on a real screen, no deadline on a busy machine, one real display at a time.

Their folders are in memory where there is enough of it: every vault that is made waits dozens of times for the disk.
What must hold on a disk asks for one (`on_disk`): the evenings of tests/whole, and all that is killed.
"""

import gc
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

from tests.commands import Commands
from tests.played_demo import Demo

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # tests/whole gives its programs a screen of their own

MEMORY = Path("/dev/shm")  # noqa: S108 - files that wait for no disk, where there are such
NEEDED_BYTES = 1 << 30
"""Three times what lies there at most."""

if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > NEEDED_BYTES:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

settings.register_profile("house", deadline=None)
settings.load_profile("house")

WHOLE = Path(__file__).parent / "whole"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Let all that drives the real program run in one process, one after the other: there is one keyboard focus.

    And all that begins with the session that was played: it is played once.
    """
    for item in items:
        if WHOLE in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("display"))
        elif "played" in item.fixturenames:
            item.add_marker(pytest.mark.xdist_group("played"))
        if config.getoption("loadgroup", default=False):
            _tell_group(item)


def pytest_collection_finish(session):
    """Let no collection of garbage look at what was collected of tests again: it stays to the end, and is most of all.

    The program collects at each lock, and each test with windows once more.
    """
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item, nextitem):
    """After each file the same with what has come since: pytest keeps some of every test that has run."""
    if nextitem is None or nextitem.path != item.path:
        gc.collect()
        gc.freeze()


def _tell_group(item):
    """Put the test's group behind its id, where pytest-xdist looks for it.

    WORKAROUND https://github.com/pytest-dev/pytest-xdist/issues/1386: with pytest 9.2 it no longer does so itself.
    """
    group = item.get_closest_marker("xdist_group")
    if group is not None and "@" not in item.nodeid.rpartition("]")[2]:
        item._id = type(item._id).parse(f"{item.nodeid}@{group.args[0]}")  # noqa: SLF001 - see above


@pytest.fixture(scope="session")
def on_disk():
    """Makes an empty folder on the disk: `on_disk("evening")`."""
    with tempfile.TemporaryDirectory(prefix="kapnotes-tests-") as folder:
        yield lambda what: Path(tempfile.mkdtemp(prefix=f"{what}-", dir=folder))


@pytest.fixture(scope="session")
def kapnotes(tmp_path_factory):
    """The program's command line."""
    commands = Commands(tmp_path_factory.mktemp("home"))
    yield commands
    commands.close()


@pytest.fixture(scope="session")
def play(kapnotes):
    """Plays a demo in a process: `play(folder, "--notes", path)`."""

    def one(folder, *options, **more):
        return Demo.played(kapnotes, folder, *options, **more)

    return one
