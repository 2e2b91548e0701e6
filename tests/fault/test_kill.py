"""Killed at any moment, the program loses no entry that it showed as saved, and its vault opens as ever."""

import random
import signal
import subprocess

import pytest

from tests.fault.engine import Engine

KILLS = 6
CHUNK = 3
ENTRIES = 100
"""About what the shipped session saves; after so many come the pages and the close."""

LONGEST_S = 4.5
"""About as long as the whole session takes to play."""

LOOK_S = 0.15
"""About as long as a look at the vault takes."""

MODULE = "tests.fault.play"


@pytest.mark.parametrize("first", range(0, KILLS, CHUNK))
def test_a_kill_at_any_moment_loses_nothing_that_was_shown_as_saved(left_by, on_disk, first):
    folders = on_disk("killed")
    with Engine(is_shimmed=False, reads=(MODULE,)) as engine:
        for number in range(first, first + CHUNK):
            folder = folders / f"{number}"
            place = (number + random.random()) / KILLS  # noqa: S311 - a moment within the session, no secret
            process_id = engine.begin(f"{MODULE}:demo_session", folder)
            if number % 2:
                moment = f"after {place * ENTRIES:.0f} entries"
                told = engine.kill_after_saved(process_id, round(place * ENTRIES))
                assert len(told.saved) >= round(place * ENTRIES), moment
            else:
                moment = f"after {place * LONGEST_S:.3f} s"
                told = engine.kill_after(process_id, place * LONGEST_S)
            assert told.was_killed or told.end == 0, (moment, told.lines[-1:])
            left = left_by(folder, told.saved)

            if not left.vault.exists():
                assert told.saved == set(), moment
                continue
            text, code = left.check()
            assert code == 0, (moment, text)
            ids = left.ids()
            assert told.saved <= ids, f"{moment}: {len(told.saved - ids)} of {len(told.saved)} are lost"
            text, code = left.check(left.therapist)
            assert code == 0, (moment, text)


def test_killing_whoever_looks_at_the_vault_loses_nothing(played):
    """Looking writes as well: who signed in, and when the seat was locked."""
    before, ends = played.ids(), set()
    (played.folder / "passphrase").write_text(played.passphrase(played.therapist), encoding="utf-8")
    with Engine(is_shimmed=False, reads=(MODULE,)) as engine:
        for number in range(16):
            process_id = engine.begin(f"{MODULE}:list_sessions", played.folder, None, played.therapist)
            assert engine.next_line() == "looks"
            told = engine.kill_after(process_id, number * LOOK_S / 16)
            ends.add(told.was_killed)
            assert told.was_killed or told.lines[-1] == "looked 0", told

            assert played.check()[1] == 0, number

    assert True in ends
    assert before <= played.ids()
    assert played.check(played.crna)[1] == 0


def hear_interrupts():
    """Let a child hear them also where these tests run in the background of a shell, which takes them away."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize("lines", [1, 3, 5])
def test_a_demo_that_is_stopped_says_so_in_one_line_and_leaves_a_whole_vault(kapnotes, on_disk, lines):
    folder = on_disk("stopped") / "out"
    process = subprocess.Popen(
        [*kapnotes.program, "demo", "--out", str(folder)],
        env=kapnotes.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=hear_interrupts,
    )  # fmt: skip
    for _ in range(lines):
        process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, fault = process.communicate(timeout=30)

    assert (process.returncode, fault) == (130, b"kapnotes: Stopped.\n")
    assert kapnotes("verify", folder / "vault").code == 0
