"""A fork server: it imports what scripts need once, and then plays a script in a fresh child as often as it is asked.

`Engine` is the side of the tests. The server is this module run as a program; it reads one line of JSON for each child,
and its children write what they say into the same pipe, a line at a time.
"""

import atexit
import ctypes
import gc
import importlib
import json
import os
import select
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.fault import shim

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60
PR_SET_PDEATHSIG = 1


@dataclass
class Told:
    """What a child said, and how it ended: its exit code, or minus the signal that killed it."""

    lines: list[str] = field(default_factory=list)
    end: int | None = None
    calls: int = 0
    killed_ns: int | None = None
    """When it was killed from here, by the monotonic clock."""

    @property
    def was_killed_by_us(self) -> bool:
        return self.killed_ns is not None

    def ids(self, word: str) -> set[str]:
        """Return what followed *word*: the ids that were tried, or saved."""
        return {line.removeprefix(word + " ") for line in self.lines if line.startswith(word + " ")}

    @property
    def saved(self) -> set[str]:
        return self.ids("saved")

    @property
    def tried(self) -> set[str]:
        return self.ids("try")

    @property
    def was_killed(self) -> bool:
        return self.end == -signal.SIGKILL


class Engine:
    """Plays scripts in children of a fork server; as a context it leaves the server to the next engine of its kind.

    Beside the vault the server imports the modules it *reads*: what it does not, each child has to by itself.
    """

    def __init__(self, *, is_shimmed: bool, reads: Sequence[str] = ()) -> None:
        self._kind = (is_shimmed, tuple(reads))
        resting = _resting.get(self._kind)
        self._server = resting.pop() if resting else _started(is_shimmed=is_shimmed, reads=reads)
        self._is_at_work = False
        self._rest = b""

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None and not self._is_at_work and not self._rest:
            _resting.setdefault(self._kind, []).append(self._server)
        else:
            _end(self._server)

    def run(
        self,
        script: str,
        folder: Path,
        orders: shim.Orders | None = None,
        *more: object,
        kill_after_s: float | None = None,
    ) -> Told:
        """Play a script ("module:function") in *folder*; kill its process after so long, if it is still there."""
        process_id = self.begin(script, folder, orders, *more)
        told = self.kill_after(process_id, PATIENCE_S if kill_after_s is None else kill_after_s)
        assert kill_after_s is not None or not told.was_killed_by_us, f"{script} did not end: {told.lines[-3:]}"
        return told

    def kill_after(self, process_id: int, seconds: float) -> Told:
        """Hear the script for so long, then kill its process, if it is still there; return all that it said."""
        told = Told()
        deadline = time.perf_counter() + seconds
        while self._hear(told, deadline - time.perf_counter()):
            pass
        return self._kill(process_id, told)

    def kill_after_saved(self, process_id: int, count: int) -> Told:
        """Kill the script's process as soon as it has said of so many entries that they are saved."""
        told = Told()
        while len(told.saved) < count and self._hear(told, PATIENCE_S):
            pass
        return self._kill(process_id, told)

    def _kill(self, process_id: int, told: Told) -> Told:
        """Kill a script's process unless it has ended; return all that it said."""
        if told.end is None:
            told.killed_ns = time.monotonic_ns()
            os.kill(process_id, signal.SIGKILL)
            self.finish(told)
        return told

    def begin(self, script: str, folder: Path, orders: shim.Orders | None = None, *more: object) -> int:
        """Begin to play a script and return the id of its process; `finish` waits for its end."""
        job = {"script": script, "folder": str(folder), "orders": orders.environment() if orders else {}, "more": more}
        self._is_at_work = True
        self._server.stdin.write(json.dumps(job).encode() + b"\n")
        self._server.stdin.flush()
        return int(self.next_line().removeprefix("pid "))

    def next_line(self) -> str:
        """Return what a script says next."""
        line = self._line(PATIENCE_S)
        assert line is not None, f"nothing was said within {PATIENCE_S} s"
        return line

    def finish(self, told: Told | None = None) -> Told:
        """Wait until the script has ended and return all that it said since."""
        told = told or Told()
        while self._hear(told, PATIENCE_S):
            pass
        assert told.end is not None, f"a script did not end within {PATIENCE_S} s"
        return told

    def _hear(self, told: Told, patience_s: float) -> bool:
        """Take in one line; tell whether there was one in time and more may come."""
        line = self._line(patience_s)
        if line is None:
            return False
        if line.startswith("end "):
            told.end = int(line.removeprefix("end "))
            self._is_at_work = False
        elif line.startswith("calls "):
            told.calls = int(line.removeprefix("calls "))
        else:
            told.lines.append(line)
        return told.end is None

    def _line(self, patience_s: float) -> str | None:
        """Return the next line; None if there is none within so long."""
        deadline = time.perf_counter() + patience_s
        while b"\n" not in self._rest:
            left_s = deadline - time.perf_counter()
            ready, _, _ = select.select([self._server.stdout], (), (), max(0.0, left_s))
            if not ready:
                return None
            part = os.read(self._server.stdout.fileno(), 65536)
            if not part:
                raise AssertionError("the engine's server ended")
            self._rest += part
        line, _, self._rest = self._rest.partition(b"\n")
        return line.decode()


_resting: dict[tuple[bool, tuple[str, ...]], list[subprocess.Popen[bytes]]] = {}
"""Servers that have no child at work: to begin one takes longer than most scripts. With this process they end."""


def _started(*, is_shimmed: bool, reads: Sequence[str]) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    if is_shimmed:
        environment |= shim.preloaded()
    return subprocess.Popen(
        [sys.executable, "-m", "tests.fault.engine", *reads],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def _end(server: subprocess.Popen[bytes]) -> None:
    server.stdin.close()
    server.wait(timeout=PATIENCE_S)
    server.stdout.close()


@atexit.register
def _end_the_resting() -> None:
    while _resting:
        _, servers = _resting.popitem()
        for server in servers:
            _end(server)


# --------------------------------------------------------------------------------------------------- the server


def serve() -> None:
    """Fork a child for each line that comes in, and tell how it ended."""
    _end_with_the_parent()
    for module in ("tests.fault.scripts", *sys.argv[1:]):
        importlib.import_module(module)
    gc.collect()
    gc.freeze()  # no child looks through all of it for garbage
    for line in sys.stdin.buffer:
        job = json.loads(line)
        process_id = os.fork()
        if process_id == 0:
            _play(job)
        _, status = os.waitpid(process_id, 0)
        _say(f"end {os.waitstatus_to_exitcode(status)}")


def _play(job: Mapping) -> None:
    """Be the child: play the script and end, without a word to what the server has open."""
    code = 1
    _end_with_the_parent()
    try:
        _say(f"pid {os.getpid()}")
        module, _, name = job["script"].partition(":")
        script = getattr(importlib.import_module(module), name)
        is_shimmed = bool(job["orders"])
        if is_shimmed:
            os.environ.update(job["orders"], FAULT_ACK="1")
            ctypes.CDLL(None).shim_arm()
        script(Path(job["folder"]), _say, *job["more"])
        if is_shimmed:
            _say(f"calls {ctypes.CDLL(None).shim_count()}")
        code = 0
    except BaseException as error:
        traceback.print_exc()
        sys.stderr.flush()
        _say(f"died {type(error).__name__}: {' '.join(str(error).split())}")
    finally:
        os._exit(code)


def _end_with_the_parent() -> None:
    """Let nothing of this be left where the tests themselves are killed; other systems than Linux have no such call."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _say(line: str) -> None:
    os.write(1, line.encode() + b"\n")


if __name__ == "__main__":
    serve()
