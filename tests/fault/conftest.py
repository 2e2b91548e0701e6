"""A session played into a vault whose passphrases cost little to try, so that it can be broken many times."""

import contextlib
import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kapnotes.app import quiet
from kapnotes.app.creating import create_vault
from kapnotes.domain.clock import ManualClock
from kapnotes.domain.members import Role
from kapnotes.vault.kdf import KdfCost
from kapnotes.vault.library import VAULT_SCOPE, Library
from kapnotes.vault.verify import verify
from kapnotes.wiring import build_quiet_program
from tests.fault import shim
from tests.fault.engine import Engine
from tests.fault.odd_demo import write_odd_input

LIGHT = KdfCost(64, 1, 1)
LONGEST_S = 170
"""When playing is given up; the limit of the test that asked for it mostly comes first."""


@dataclass(frozen=True)
class Played:
    """What a player left: its folder, and the ids of the entries it said were saved."""

    folder: Path
    said: tuple[str, ...]

    therapist = "Demo Therapist, LCSW"
    crna = "Demo Nurse, CRNA"

    @property
    def vault(self):
        return self.folder / "vault"

    def passphrase(self, name):
        lines = (self.folder / "passphrases.txt").read_text(encoding="utf-8").splitlines()
        return dict(line.rsplit(": ", 1) for line in lines if ": " in line)[name]

    def files(self):
        """Return the files of the vault that hold anything of the record; a draft is none of it yet."""
        apart = {"attempts", ".ballast"}
        there = (path for path in sorted(self.vault.iterdir()) if path.suffix != ".draft")
        return [path for path in there if path.stat().st_size and path.name not in apart]

    def check(self, label=None, passphrase=None):
        """Verify as the command line does; returns the lines it would say and the exit code."""
        if label and passphrase is None:
            passphrase = self.passphrase(label)
        text, code = quiet.check(self.vault, label, passphrase, as_json=False)
        return text.splitlines(), code

    @contextlib.contextmanager
    def opened(self):
        """Yield the vault, open, and close it again."""
        clock = ManualClock(datetime(2026, 3, 4, 12, 0, tzinfo=UTC))
        library = Library.open(self.vault, device_id="de" * 16, entropy=os.urandom, clock=clock)
        try:
            yield library
        finally:
            library.close()

    def session(self):
        """Return the id of the session that was played."""
        return (self.folder / "session").read_text(encoding="ascii")

    def ids(self):
        """Return the ids of all entries that its members can read; everything must be readable."""
        found, findings = self.read()
        assert findings == []
        return found

    def read(self):
        """Return the ids of all entries that its members can read, and what was found wrong while reading."""
        found, findings = set(), []
        with self.opened() as library:
            for member in library.members():
                keyring = library.unlock(member.label, self.passphrase(member.label))
                for scope in [VAULT_SCOPE, *(scope.scope_id for scope in library.scopes(keyring))]:
                    read = library.read(keyring, scope)
                    findings += [*read.refused, *read.findings]
                    found |= {entry.entry_id for entry in read.entries}
        return found, findings

    def count(self):
        """Return how many entries the vault holds in all."""
        return verify(self.vault).entries

    def copy(self, folder):
        shutil.copytree(self.folder, folder)
        return Played(folder, self.said)


@pytest.fixture(scope="session")
def _compiler():
    """Skip where no C compiler is, so that nothing can stand between a program and the system; in CI that is red."""
    try:
        shim.library()
    except shim.NoCompiler as missing:
        wanted = f"What stands between the vault and the system needs {missing}."
        if os.environ.get("CI"):
            pytest.fail(wanted, pytrace=False)
        pytest.skip(wanted)


@pytest.fixture(scope="session")
def _played(tmp_path_factory):
    folder = tmp_path_factory.mktemp("played") / "out"
    with Engine(is_shimmed=False, reads=("tests.fault.play",)) as engine:
        told = engine.run("tests.fault.play:demo_session", folder, kill_after_s=LONGEST_S)
    assert told.end == 0, told.lines[-1:]
    played = Played(folder, tuple(told.saved))
    with played.opened() as library:
        keyring = library.unlock(Played.therapist, played.passphrase(Played.therapist))
        (session,) = [scope for scope in library.scopes(keyring) if scope.scope_id != scope.patient_id]
    (folder / "session").write_text(session.scope_id, encoding="ascii")
    return played


@pytest.fixture
def played(_played, tmp_path):
    """A whole session in a closed vault; each test has a copy of its own."""
    return _played.copy(tmp_path / "out")


@pytest.fixture(scope="session")
def _small(tmp_path_factory):
    folder = tmp_path_factory.mktemp("small") / "out"
    folder.mkdir()
    passphrase = "otter lagoon violin cedar"
    program = build_quiet_program(profile=folder / "profile", cost=LIGHT)
    create_vault(program, folder / "vault", Played.therapist, frozenset({Role.THERAPIST}), passphrase)
    (folder / "passphrases.txt").write_text(f"{Played.therapist}: {passphrase}\n", encoding="utf-8")
    return Played(folder, ())


@pytest.fixture
def small(_small, tmp_path):
    """A vault with one member and nothing in it; each test has a copy of its own."""
    return _small.copy(tmp_path / "small")


@pytest.fixture(scope="session")
def odd_demo(play, tmp_path_factory):
    """One demo for all who look for its notes where they must not stand, and for what it refuses."""
    folder = tmp_path_factory.mktemp("odd")
    return play(folder / "out", *write_odd_input(folder), timeout_s=LONGEST_S)


@pytest.fixture(scope="session")
def left_by():
    """Tells what a player left, by its folder and what it said."""
    return Played


@pytest.fixture(autouse=True)
def _seen_by_nobody(request):
    """Let each test begin on a computer that never saw a vault: its copies of one vault are no older states of it."""
    if "kapnotes" in request.fixturenames:
        home = request.getfixturevalue("kapnotes").home
        (home / "data" / "kapnotes" / "anchors.json").unlink(missing_ok=True)
