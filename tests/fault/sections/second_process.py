"""A vault that is open is opened by nobody else, and who comes second is told at once and writes nothing."""

import os
import signal
from pathlib import Path

from tests.fault.engine import Engine
from tests.fault.scene import scene
from tests.fault.shim import Orders
from tests.fault.table import Row, Scale, Tally

ORDER = 50
SCRIPT = "tests.fault.scripts:one_more"
CROWD = "tests.fault.scripts:crowd"
UNFINISHED = "tests.fault.scripts:die_writing"
LONGEST_MS = 300
AT_ONCE = 200
REFUSALS = 200
AFTER_A_CRASH = 200


def run(scale: Scale) -> list[Row]:
    """Come second, also to one that is stopped; and come all at once."""
    rows = [
        Row(f"a second process: refused within {LONGEST_MS} ms without a write", refuse(scale.of(REFUSALS))),
        Row("the same while the first is stopped", refuse(scale.of(REFUSALS), is_stopped=True)),
    ]
    count = max(20, scale.of(AT_ONCE))
    rows.append(Row(f"{count} starts at the same moment, one vault", start_at_once(count)))
    crashes = start_after_a_crash(scale.of(AFTER_A_CRASH))
    return [*rows, Row("2 starts at the same moment on a vault that died while it wrote", crashes)]


def refuse(count: int, *, is_stopped: bool = False) -> Tally:
    """Open a vault so often that another process holds, which may be stopped as by a debugger or Ctrl+Z."""
    tally = Tally()
    with scene() as here, Engine(is_shimmed=False) as holder, Engine(is_shimmed=True) as engine:
        folder = here.copy()
        process_id = holder.begin(SCRIPT, folder)
        assert holder.next_line() == "opened"
        if is_stopped:
            os.kill(process_id, signal.SIGSTOP)
        before = _state(folder / "vault")
        for number in range(count):
            told = engine.run(SCRIPT, folder, Orders(folder))
            faults = _faults_of_refusal(told.lines[0], LONGEST_MS)
            if told.calls:
                faults.append(f"it changed something by {told.calls} calls")
            if _state(folder / "vault") != before:
                faults.append("a file was changed")
            tally.add(f"number {number + 2}", faults)
        if is_stopped:
            os.kill(process_id, signal.SIGCONT)
        (folder / "go on").touch()
        tally.add("the first", [] if holder.finish().lines == ["closed"] else ["it did not close as ever"])
    return tally


def start_at_once(count: int) -> Tally:
    """Let so many processes open a vault at the same moment: one gets it, the others are told."""
    tally = Tally()
    with scene() as here, Engine(is_shimmed=False) as engine:
        folder = here.copy()
        said = engine.run(CROWD, folder, None, count).lines
        answers, rest = said[:count], said[count:]
        for answer in answers:
            tally.add("one of them", [] if answer == "opened" else _faults_of_refusal(answer))
        if answers.count("opened") != 1 or rest != ["closed"]:
            tally.faults.append(f"{answers.count('opened')} of {count} opened it; then: {rest}")
        (folder / "go on").touch()
        tally.add("one that comes later", [] if engine.run(SCRIPT, folder).lines == ["opened", "closed"] else ["no"])
    return tally


def start_after_a_crash(count: int) -> Tally:
    """Let two processes open a vault whose last transaction has to be rolled back: one gets it, so often."""
    tally = Tally()
    with scene() as here, Engine(is_shimmed=False) as engine:
        for number in range(count):
            folder = here.copy()
            engine.run(UNFINISHED, folder)
            answers = engine.run(CROWD, folder, None, 2).lines[:2]
            faults = [] if answers.count("opened") == 1 else [f"two starts: {answers}"]
            for answer in answers:
                faults += [] if answer == "opened" else _faults_of_refusal(answer)
            tally.add(f"crash {number + 1}", faults)
            here.drop(folder)
    return tally


def _faults_of_refusal(answer: str, longest_ms: int | None = None) -> list[str]:
    words = answer.split()
    if words[:2] != ["refused", "VaultInUse"]:
        return [f"it was not refused as one that comes second: {answer}"]
    if longest_ms is not None and int(words[2]) > longest_ms:
        return [f"it was told only after {words[2]} ms"]
    return []


def _state(folder: Path) -> dict[str, tuple[int, int]]:
    """Return size and time of change of every file; opening one here would be no harm, but is no need either."""
    return {path.name: (path.stat().st_size, path.stat().st_mtime_ns) for path in folder.iterdir()}
