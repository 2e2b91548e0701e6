"""What the system may keep of a process that held secrets: no core after a crash, no look into it from another one."""

import os
import resource
import signal
import subprocess
import sys

import pytest

CRASH = "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"
AFTER_A_COMMAND = "from kapnotes.__main__ import main; main(['verify', 'nowhere']); "
TOLD = (
    "import ctypes, resource; print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux's")


def with_cores_allowed():
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))


def crash(code, folder):
    """Run *code* until it crashes; returns whether the kernel dumped its memory."""
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=folder, stderr=subprocess.DEVNULL, preexec_fn=with_cores_allowed
    )
    _, status = os.waitpid(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == -signal.SIGSEGV
    return os.WCOREDUMP(status)


def test_a_crash_leaves_no_core(tmp_path):
    if not crash(CRASH, tmp_path):
        pytest.skip("this system keeps no core of any process")
    for path in tmp_path.iterdir():
        path.unlink()

    assert not crash(AFTER_A_COMMAND + CRASH, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_every_command_closes_its_memory_first(tmp_path):
    said = subprocess.run(
        [sys.executable, "-c", AFTER_A_COMMAND + TOLD],
        cwd=tmp_path,
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        preexec_fn=with_cores_allowed,
    )

    assert said.stdout.decode().splitlines()[-1] == "(0, 0) 0"
