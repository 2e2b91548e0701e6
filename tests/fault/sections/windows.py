"""The real windows, killed while somebody types: what was shown as saved is there, and of the keys all but the last."""

import importlib.util
import json
import random
from dataclasses import dataclass

from kapnotes.vault.verify import verify
from tests.fault.engine import Engine, Told
from tests.fault.scene import scene
from tests.fault.table import Row, Scale, Tally
from tests.fault.window_scripts import MS_PER_KEY, TYPED

ORDER = 45
KILLS = 200
KILLS_AFTER_A_PAUSE = 50
MODULE = "tests.fault.window_scripts"
SCRIPTS = f"{MODULE}:"
LONGEST_LOST_MS = 250
PAUSE_S = 1.0
LONGEST_S = 4.0
DRAFTS = "kapnotes.vault.drafts"
"""What keeps a half-typed line; without it only what was entered can be found again."""


@dataclass(frozen=True)
class Kills:
    """Kill so often; *seed* is that of the dice."""

    count: int
    seed: int


def run(scale: Scale) -> list[Row]:
    """Kill the windows at random moments, in the middle of typing and a second after it."""
    while_typing = scale.spread(kill_while_typing, _jobs(scale.of(KILLS), scale))
    after_a_pause = scale.spread(kill_after_a_pause, _jobs(scale.of(KILLS_AFTER_A_PAUSE), scale))
    if not has_drafts():
        only = "only of what was entered"
        return [
            Row("the windows, killed while somebody types", while_typing + after_a_pause, remark=only),
            Row(f"typing, of which at most {LONGEST_LOST_MS} ms are lost", wants="half-typed lines on the disk"),
        ]
    return [
        Row(f"the windows, killed while somebody types; at most {LONGEST_LOST_MS} ms of keys lost", while_typing),
        Row("the windows, killed a second after the last key; no key lost", after_a_pause),
    ]


def _jobs(count: int, scale: Scale) -> list[Kills]:
    each = -(-count // (2 * scale.workers))
    return [Kills(min(each, count - first), first) for first in range(0, count, each)]


def has_drafts() -> bool:
    """Tell whether the vault keeps half-typed lines."""
    return importlib.util.find_spec(DRAFTS) is not None


def kill_while_typing(kills: Kills) -> Tally:
    """Kill the windows at any moment of the typing."""
    dice = random.Random(kills.seed)  # noqa: S311 - a moment, no secret
    return _kill(kills, [(1_000_000, dice.uniform(0.1, LONGEST_S)) for _ in range(kills.count)], LONGEST_LOST_MS)


def kill_after_a_pause(kills: Kills) -> Tally:
    """Kill the windows a second after the last of some keys."""
    dice = random.Random(-1 - kills.seed)  # noqa: S311
    longest = round(1000 * LONGEST_S / MS_PER_KEY)
    counts = [dice.randrange(1, longest) for _ in range(kills.count)]
    return _kill(kills, [(keys, keys * MS_PER_KEY / 1000 + PAUSE_S) for keys in counts], 1000 * PAUSE_S / 2)


def _kill(kills: Kills, plans: list[tuple[int, float]], lost_ms: float) -> Tally:
    tally = Tally()
    with scene() as here, Engine(is_shimmed=False, reads=(MODULE,)) as engine:
        begun = here.copy()
        assert engine.run(SCRIPTS + "begin_session", begun).end == 0
        for keys, seconds in plans:
            folder = here.copy_of(begun)
            process_id = engine.begin(SCRIPTS + "typing", folder, None, keys)
            assert engine.next_line() == "typing"
            typed = engine.kill_after(process_id, seconds)
            found = engine.run(SCRIPTS + "what_is_found", folder)
            faults = _faults(typed, found, lost_ms)
            faults += [finding.line for finding in verify(folder / "vault").findings if finding.code]
            here.drop(folder)
            tally.add(f"killed after {seconds:.2f} s of typing, {len(keys_of(typed))} keys", faults)
    return tally


def keys_of(typed: Told) -> list[int]:
    """Return when each key was taken in by the window, in nanoseconds."""
    return [int(line.split()[2]) for line in typed.lines if line.startswith("key ")]


def _faults(typed: Told, found: Told, lost_ms: float) -> list[str]:
    if not typed.was_killed:
        return [f"the windows ended by themselves: {typed.lines[-1:]}"]
    if found.end != 0:
        return [f"the windows do not open again: {found.lines[-1:]}"]
    lost = typed.saved - found.ids("found")
    faults = [f"{len(lost)} of {len(typed.saved)} entries that were shown as saved are lost"] if lost else []
    if has_drafts():
        faults += _faults_of_text(keys_of(typed), typed.killed_ns, found, lost_ms)
    return faults


def _faults_of_text(keys: list[int], killed_ns: int, found: Told, lost_ms: float) -> list[str]:
    """Return what is missing of the keys that are older than *lost_ms*, and what stands there twice or out of place."""
    notes, line = (json.loads(text) for word in ("notes", "line") for text in found.ids(word))
    there = "".join(f"{note}\n" for note in notes) + line
    old = sum((killed_ns - key_ns) / 1e6 > lost_ms for key_ns in keys)
    typed = TYPED * (len(keys) // len(TYPED) + 2)
    if not typed.startswith(there):
        return [f"what stands there is not what was typed: {there[-60:]!r}"]
    if len(there) < old:
        lost = (killed_ns - keys[len(there)]) / 1e6
        return [f"{len(keys) - len(there)} of {len(keys)} keys are lost, those of the last {lost:.0f} ms"]
    return []
