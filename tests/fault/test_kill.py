"""Killed at any moment, the program loses no entry that it showed as saved, and its vault opens as ever."""

import contextlib
import random
import signal
import subprocess
import sys

import pytest

KILLS = 8
CHUNK = 4
ENTRIES = 64
"""About what the shipped session saves; after so many come the pages and the close."""

LONGEST_S = 4.5
"""About as long as the whole session takes to play."""


def kill_after_entries(process, count):
    """Kill the player as soon as it has said so many entries; return all that it said."""
    said = []
    while len(said) < count and (line := process.stdout.readline()):
        said.append(line)
    process.kill()
    rest, fault = process.communicate()
    assert fault == b""
    return [*said, *rest.splitlines(keepends=True)]


def kill_after_seconds(process, seconds):
    """Kill the player after so long, unless it has ended; return all that it said."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=seconds)
    process.kill()
    rest, fault = process.communicate()
    assert fault == b""
    return rest.splitlines(keepends=True)


@pytest.mark.parametrize("first", range(0, KILLS, CHUNK))
def test_a_kill_at_any_moment_loses_nothing_that_was_shown_as_saved(player, left_by, on_disk, first):
    folders = on_disk("killed")
    for number in range(first, first + CHUNK):
        folder = folders / f"{number}"
        place = (number + random.random()) / KILLS  # noqa: S311 - a moment within the session, no secret
        if number % 2:
            moment = f"after {place * ENTRIES:.0f} entries"
            lines = kill_after_entries(player(folder), round(place * ENTRIES))
            assert len(lines) >= round(place * ENTRIES), moment
        else:
            moment = f"after {place * LONGEST_S:.3f} s"
            lines = kill_after_seconds(player(folder), place * LONGEST_S)
        said = {line.decode().strip() for line in lines if line.endswith(b"\n")} - {"end"}
        left = left_by(folder, said)

        if not left.vault.exists():
            assert said == set(), moment
            continue
        text, code = left.check()
        assert code == 0, (moment, text)
        ids = left.ids()
        assert said <= ids, f"{moment}: {len(said - ids)} of {len(said)} are lost"
        text, code = left.check(left.therapist)
        assert code == 0, (moment, text)


def test_killing_whoever_looks_at_the_vault_loses_nothing(played, kapnotes):
    """Looking writes as well: who signed in, and when the seat was locked."""
    before = played.ids()
    command = [sys.executable, "-m", "kapnotes", "sessions", str(played.vault), "--member", played.therapist]
    (played.folder / "passphrase").write_text(played.passphrase(played.therapist), encoding="utf-8")
    command += ["--passphrase-file", str(played.folder / "passphrase")]
    for number in range(16):
        process = subprocess.Popen(command, env=kapnotes.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        kill_after_seconds(process, 0.15 + number * 0.03)

        assert played.check()[1] == 0, number

    assert before <= played.ids()
    assert played.check(played.crna)[1] == 0


def hear_interrupts():
    """Let a child hear them also where these tests run in the background of a shell, which takes them away."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize("lines", [1, 2, 3, 4, 5])
def test_a_demo_that_is_stopped_says_so_in_one_line_and_leaves_a_whole_vault(kapnotes, on_disk, lines):
    folder = on_disk("stopped") / "out"
    command = [sys.executable, "-m", "kapnotes", "demo", "--out", str(folder)]
    process = subprocess.Popen(
        command, env=kapnotes.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=hear_interrupts
    )
    for _ in range(lines):
        process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, fault = process.communicate(timeout=30)

    assert (process.returncode, fault) == (130, b"kapnotes: Stopped.\n")
    assert kapnotes("verify", folder / "vault").code == 0
