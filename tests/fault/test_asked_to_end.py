"""Asked to end, as at the end of a login, the program goes at once, and what was half-typed comes back."""

import json
import os
import signal
import time

import pytest

from kapnotes.vault.verify import verify
from tests.fault.engine import Engine
from tests.fault.scene import scene
from tests.fault.window_scripts import HALF

MODULE = "tests.fault.window_scripts"
SCRIPTS = f"{MODULE}:"
HEARD_MS = 500
"""Python's own handlers run only with the next line of Python: without a waking of Qt it took up to a second."""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_a_program_that_is_asked_to_end_keeps_the_half_typed_line_and_closes_the_vault(number):
    with scene() as here, Engine(is_shimmed=False, reads=(MODULE,)) as engine:
        folder = here.copy()
        assert engine.run(SCRIPTS + "begin_session", folder).end == 0
        process_id = engine.begin(SCRIPTS + "typing_until_asked_to_end", folder)
        assert engine.next_line() == "typing"
        asked_ns = time.monotonic_ns()
        os.kill(process_id, number)
        told = engine.finish()
        found = engine.run(SCRIPTS + "what_is_found", folder)
        report = verify(folder / "vault")

    assert told.end == 0
    (heard_ns,) = (int(line.split()[1]) for line in told.lines if line.startswith("heard "))
    assert (heard_ns - asked_ns) / 1e6 < HEARD_MS
    assert [json.loads(line) for line in found.ids("line")] == [HALF]
    assert [json.loads(notes) for notes in found.ids("notes")] == [[]]
    assert report.exit_code == 0
