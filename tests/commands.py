"""Runs the commands of the program, each in a process of its own, and tells what it left behind.

A fresh process spends most of its time on reading Python and the modules. Where the answer is what is tested, the
process is forked from one that has read them once (`command_server.py`): its own memory, files, exit and death, and the
same `main`. With words before a command or another environment, and for all that shows windows, it begins from nothing.

Passphrases cost little to try (`light_kapnotes.py`), but where the program is run as its users do.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PASSPHRASE_FD = 3
"""Where a forked command finds its passphrase."""


@dataclass(frozen=True)
class Said:
    """What a command left behind: its exit code, and what it said."""

    code: int
    out: str
    err: str


class Commands:
    """Runs the commands of the program as processes, in a home of their own, without any screen."""

    def __init__(self, home, *, as_users_do=False):
        self.home = home
        self.program = [sys.executable, "-P", "-m", "kapnotes" if as_users_do else "tests.light_kapnotes"]
        self._is_fresh = as_users_do
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "HOME": str(home),
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_RUNTIME_DIR": str(home),
            "TMPDIR": str(home),
            "LC_ALL": "C.UTF-8",
            "QT_QPA_PLATFORM": "offscreen",
        }
        self._forks = None

    def __call__(self, *arguments, passphrase=None, before=(), timeout_s=55, is_fresh=False, **environment):
        """Run `kapnotes` with *arguments*; the words of *before* go in front of it, as of a shell's prefix."""
        words = [str(word) for word in arguments]
        with contextlib.ExitStack() as stack:
            reader = None
            if passphrase is not None:
                reader, writer = os.pipe()
                stack.callback(os.close, reader)
                os.write(writer, f"{passphrase}\n".encode())
                os.close(writer)
            if is_fresh or self._is_fresh or before or environment or sys.platform != "linux":
                return self._run(words, reader, before, timeout_s, self.environment | environment)
            if self._forks is None:
                self._forks = Forks(self.environment)
            return self._forks.run(words, reader, timeout_s)

    def close(self):
        """End the process that the commands are forked from."""
        if self._forks is not None:
            self._forks.close()

    def _run(self, words, reader, before, timeout_s, environment):
        handed = () if reader is None else (reader,)
        if reader is not None:
            words = [*words, "--passphrase-fd", str(reader)]
        done = subprocess.run(
            [*before, *self.program, *words],
            check=False,
            capture_output=True,
            timeout=timeout_s,
            stdin=subprocess.DEVNULL,
            pass_fds=handed,
            env=environment,
        )
        return Said(done.returncode, done.stdout.decode(), done.stderr.decode())


class Forks:
    """The side of the tests of `command_server.py`."""

    def __init__(self, environment):
        self._socket, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with other:
            self._server = subprocess.Popen(
                [sys.executable, "-P", "-m", "tests.command_server", str(other.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(other.fileno(),),
                env=environment,
            )

    def run(self, words, reader, timeout_s):
        """Run one command; its passphrase comes from *reader* where there is one."""
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            handed = [out.fileno(), err.fileno()]
            if reader is not None:
                handed.append(reader)
                words = [*words, "--passphrase-fd", str(PASSPHRASE_FD)]
            self._socket.settimeout(timeout_s)
            socket.send_fds(self._socket, [json.dumps(words).encode()], handed)
            process_id = int(self._socket.recv(64))
            try:
                code = int(self._socket.recv(64))
            except TimeoutError:
                os.kill(process_id, signal.SIGKILL)
                self._socket.settimeout(None)
                self._socket.recv(64)
                raise subprocess.TimeoutExpired(words, timeout_s) from None
            out.seek(0)
            err.seek(0)
            return Said(code, out.read().decode(), err.read().decode())

    def close(self):
        """End the server, which has no command at work any more."""
        self._socket.close()
        self._server.wait(timeout=20)
