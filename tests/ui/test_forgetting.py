"""After a lock nothing that the program still holds opens anything: no key, no passphrase, no note of that seat."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit

from kapnotes.ui.fields import secret_line
from tests.ui.lock_and_look import play

ROOT = Path(__file__).resolve().parents[2]
OF_WINDOWS = "This plugin does not support "


def look_and_lock(folder, *windows):
    """Return what is in reach before a session, in it, and after the seat of each window is locked."""
    command = [sys.executable, "-m", "tests.ui.lock_and_look", str(folder), *windows]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=55, cwd=ROOT)
    assert [line for line in done.stderr.splitlines() if not line.startswith(OF_WINDOWS)] == []
    return json.loads(done.stdout)


def test_after_one_seat_is_locked_only_the_others_keys_are_left_and_after_both_nothing(tmp_path):
    before, both, left, none = look_and_lock(tmp_path, "pad", "log")

    assert {"AESGCM", "SigningKey", "Ed25519PrivateKey", "a compartment's key"} <= set(both["keys"])
    assert both["note"] > 1
    assert left["keys"].count("SigningKey") == left["keys"].count("Ed25519PrivateKey") == 1
    assert left["keys"].count("a compartment's key") == 2
    assert len(left["keys"]) < len(both["keys"])
    assert left["note"] == 1  # the one that was typed from
    assert none == before == {"keys": [], "note": 1, "passphrase": before["passphrase"]}


def test_after_both_are_locked_no_key_no_note_and_no_passphrase_is_left(tmp_path):
    before, _, _, none = look_and_lock(tmp_path, "log", "pad")

    assert none == before == {"keys": [], "note": 1, "passphrase": before["passphrase"]}


def test_a_passphrase_that_was_cleared_stands_in_nothing_that_undo_could_bring_back(qtbot):
    line = secret_line("Passphrase")
    qtbot.addWidget(line)
    qtbot.keyClicks(line, "otter lagoon")
    line.clear()

    line.setEchoMode(QLineEdit.EchoMode.Normal)
    line.undo()

    assert line.text() == ""


@pytest.mark.skipif(os.name != "posix", reason="Windows has no modes")
def test_what_the_windows_remember_is_this_users_alone(room):
    play(room)
    room.screen.settings.sync()

    kept = room.folder / "profile" / "windows.ini"
    assert kept.stat().st_size
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
