"""The system's lock and sleep are heard on a real bus; without a bus, or with a dead one, nobody waits."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("hears_the_system.py")
needs_bus = pytest.mark.skipif(not shutil.which("dbus-run-session"), reason="needs dbus-run-session (Debian: dbus)")


def run(*arguments, before=(), **environment):
    command = [*before, sys.executable, str(SCRIPT), *arguments]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=40, env={**os.environ, **environment}
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def on_a_bus(*arguments):
    """Run it under a bus that is the session's and the system's in one."""
    shell = 'DBUS_SYSTEM_BUS_ADDRESS="$DBUS_SESSION_BUS_ADDRESS" exec "$@"'
    return run(*arguments, before=("dbus-run-session", "--", "sh", "-c", shell, "sh"))


@needs_bus
@pytest.mark.parametrize("signal", ["sleep", "lock", "screen saver"])
def test_what_the_system_says_asks_for_the_lock(signal):
    assert "lock asked" in on_a_bus(signal)


@needs_bus
def test_waking_up_asks_for_nothing():
    assert "lock asked" not in on_a_bus("wake")


def seconds(lines):
    return float(lines[0].split()[2])


def test_without_a_bus_nobody_waits(tmp_path):
    nowhere = f"unix:path={tmp_path}/nowhere"
    lines = run(DBUS_SYSTEM_BUS_ADDRESS=nowhere, DBUS_SESSION_BUS_ADDRESS=nowhere)

    assert seconds(lines) < 0.5
    assert lines[-1] == "ends"


def test_with_a_bus_that_never_answers_nobody_waits(tmp_path):
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(f"{tmp_path}/silent")
        silent.listen()
        address = f"unix:path={tmp_path}/silent"
        lines = run(DBUS_SYSTEM_BUS_ADDRESS=address, DBUS_SESSION_BUS_ADDRESS=address)

    assert seconds(lines) < 0.5
    assert lines[-1] == "ends"
