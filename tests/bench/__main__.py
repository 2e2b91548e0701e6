"""`make bench`: the numbers of the design, each beside a bare reference that was measured in the same run.

python -m tests.bench [--sessions N] [--only WORD]

Each measurement runs in a fresh process of its own. The table goes to the terminal and to build/bench.txt. A bar that
is missed is no error of this program, so the exit code is 0 unless a measurement itself failed.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import cached_property
from importlib import import_module
from itertools import count
from pathlib import Path

from tests.bench import vaults
from tests.bench.table import Row, draw

ROOT = Path(__file__).resolve().parents[2]
RUN = vaults.BUILD / "bench-run"
PATIENCE_S = 120
PARTS = (
    "keys",
    "enter",
    "turns",
    "start",
    "unlock",
    "check",
    "paper",
    "preview",
    "idle",
    "memory",
    "sessions",
    "monitor",
)


class Failed(Exception):
    """A measuring process ended without an answer."""


class Bench:
    """What the parts share: this run's folder, the vaults, and ways to measure in a process of its own."""

    def __init__(self, sessions: int) -> None:
        self.sessions = sessions
        self._copies = count(1)

    # ------------------------------------------------------------------------------------------- vaults

    @cached_property
    def _running(self):
        return vaults.running_session(RUN / "running", vaults.RUNNING)

    @cached_property
    def _thousand(self):
        return vaults.running_session(RUN / "thousand", vaults.THOUSAND)

    def running_session(self) -> Path:
        """Return a fresh copy of a vault with a session of 600 notes that still runs."""
        return self._copy(self._running)

    def thousand_entries(self) -> Path:
        """Return a fresh copy of a vault with a session of 1,000 entries that still runs."""
        return self._copy(self._thousand)

    def three_hours(self) -> Path:
        """Return a new vault with a session of three hours and 300 notes that still runs."""
        return vaults.running_session(RUN / "three-hours", vaults.LONG, length_s=10800.0).folder

    def empty(self) -> Path:
        """Return a new vault in which nothing happened yet."""
        return vaults.empty_vault(self.folder()).folder

    @cached_property
    def _kept(self):
        """Make both large vaults at once, where they are not there yet: there is a processor for each."""
        with ProcessPoolExecutor(max_workers=2) as pool:
            both = pool.submit(vaults.of_many_entries), pool.submit(vaults.of_many_sessions, self.sessions)
            return [one.result() for one in both]

    def vault_of_many_entries(self):
        """Return the kept vault of 100,000 entries; it is only read."""
        return self._kept[0]

    def vault_of_many_sessions(self) -> Path:
        """Return a fresh copy of the vault of many sessions."""
        return self._copy(self._kept[1])

    def _copy(self, place) -> Path:
        """Return a copy that is wholly on the disk: what is measured must not wait for it."""
        folder = Path(shutil.copytree(place.folder, self.folder()))
        for path in folder.rglob("*"):
            if path.is_file():
                with path.open("rb+") as file:
                    os.fsync(file.fileno())
        return folder

    def folder(self) -> Path:
        """Return a name in this run's folder that nothing has yet."""
        return RUN / f"{next(self._copies)}"

    # ---------------------------------------------------------------------------------------- processes

    def start(self, *arguments) -> subprocess.Popen:
        """Start a Python of its own with *arguments*; it sees no display and nobody's own profile."""
        return subprocess.Popen(
            [sys.executable, *map(str, arguments)],
            cwd=ROOT,
            env=_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def finish(self, process: subprocess.Popen):
        """Return what that process answers."""
        try:
            said, complained = process.communicate(timeout=PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            raise Failed(f"{' '.join(process.args[1:])} did not end within {PATIENCE_S} s") from None
        if process.returncode:
            said = "\n".join(line for line in complained.splitlines() if not line.startswith("This plugin does not"))
            raise Failed(f"{' '.join(process.args[1:])} ended with {process.returncode}:\n{said}")
        return json.loads(said.splitlines()[-1])

    def child(self, module, *arguments):
        """Run one of our modules in a process of its own and return what it answers."""
        return self.finish(self.start("-m", module, *arguments))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--sessions", type=int, default=20_000, help="how many sessions the large vault holds")
    parser.add_argument("--only", choices=PARTS, action="append", help="measure this part; may be given again")
    options = parser.parse_args()
    shutil.rmtree(RUN, ignore_errors=True)
    RUN.mkdir(parents=True)
    bench, rows, code = Bench(options.sessions), [], 0
    began = time.perf_counter()
    for name in options.only or PARTS:
        told = time.perf_counter()
        try:
            rows += import_module(f"tests.bench.{name}").rows(bench)
        except Failed as failure:
            sys.stderr.write(f"{failure}\n")
            rows.append(Row(name, "not measured", remark="its process failed; what it said is above"))
            code = 1
        sys.stderr.write(f"{name}: {time.perf_counter() - told:.0f} s\n")
    text = f"{draw(rows)}\n\n{_machine()}; {time.perf_counter() - began:.0f} s\n"
    sys.stdout.write(text)
    if not options.only:
        (vaults.BUILD / "bench.txt").write_text(text, encoding="utf-8")
    shutil.rmtree(RUN, ignore_errors=True)
    return code


def _environment() -> dict[str, str]:
    """Return the environment of the measured processes: like an installed program, they find their modules compiled."""
    ours = {
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_DATA_HOME": str(RUN / "data"),
        "PYTHONPYCACHEPREFIX": str(vaults.BUILD / "bench-pycache"),
    }
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | ours


def _machine() -> str:
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


if __name__ == "__main__":
    sys.exit(main())
