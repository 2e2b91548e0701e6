"""Three hours of a session and 600 entries, by keyboard alone on a virtual screen, against a model that is simple.

The model is a list: what was done, and when. What the vault holds in the end must be that list.
"""

import os
import random
import select
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from kapnotes.app.presets import shipped_codebook
from kapnotes.domain.around import Agreement, SettingItem, Theme, TouchAgreement, TouchConsent
from kapnotes.domain.clock import ManualClock
from kapnotes.domain.codebook import CodeKind
from kapnotes.domain.entries import CheckIn, Dose, Intention, Mark, MarkChange, Note, Phase, Route, Setting, Stage
from kapnotes.vault.library import Library

pytestmark = pytest.mark.timeout(420)

NAME, PASSPHRASE, CODE = "T. Tester, LCSW PA", "otter lagoon violin cedar", "K-0142"
BEGIN = datetime(2026, 3, 4, 13, 0, tzinfo=UTC)
ENTRIES, LASTS_S = 600, 3 * 3600
CHECK_IN_AFTER_S = 5 * 60
WORDS = ["tears", "water", "hands", "jaw", "lamp", "brother", "river", "house", "light", "falling"]
NOT_TYPED = ("SessionOpened(", "Phase(stage=<Stage.PREPARATION", "Audit(", "Heads(", "PadUse(")
"""What the program writes by itself."""


@dataclass
class Model:
    """What was done, as (kind of thing, seconds since the begin of the evening)."""

    done: list = field(default_factory=list)
    states: set = field(default_factory=set)
    touched_s: float = 0.0
    """When the last note, mark or check-in was."""


class Typist:
    """Presses real keys of the screen, and waits until the windows have had them."""

    def __init__(self, screen, folder, wait):
        environment = screen.environment | {
            "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder), "TMPDIR": str(folder), "LC_ALL": "C.UTF-8",
            "QT_QPA_PLATFORM": "xcb",
        }  # fmt: skip
        self._screen, self._wait = screen, wait
        self._program = subprocess.Popen(
            [sys.executable, "-m", "tests.whole.evening_clock", str(folder)],
            env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
            cwd=Path(__file__).parents[2],
        )  # fmt: skip
        self._pauses = 0
        self.t_s = 0.0

    def press(self, *keys):
        """Press keys one after the other, as `ctrl+p` or `Return`."""
        self._screen.xdotool("key", "--delay", "0", *keys)

    def type(self, text):
        self._screen.xdotool("type", "--delay", "0", text)

    def settle(self):
        """Wait until all keys have arrived and all entries are on the disk."""
        self._screen.xdotool("key", "Pause")
        self._pauses += 1
        assert self._ask(f"keys {self._pauses}") == "there"

    def let_pass(self, seconds):
        """Let time pass in the room."""
        self.settle()
        self.t_s += seconds
        assert self._ask(f"advance {seconds}") == "advanced"

    def wait_for(self, wait, *places):
        """Wait until one of these places, given as `window: field` or `window`, gets the keys."""
        seen = set()

        def is_there():
            seen.add(where := self._ask("where"))
            return where in places or where.partition(": ")[0] in places

        if not wait(is_there, "", must_happen=False):
            pytest.fail(f"Nothing led to {' or '.join(places)}; there were {sorted(seen)}.", pytrace=False)

    def go_to(self, window):
        """Go from window to window until that one gets the keys."""
        self.settle()
        for _ in range(40):
            if self._ask("where").startswith(window):
                return
            self.press("ctrl+Tab")
            self.settle()
            self._wait(lambda: self._ask("where") != ": ", "a window to get the keys")
        pytest.fail(f"No key leads to the {window}.", pytrace=False)

    def leave(self):
        said = self._ask("end")
        return said, self._program.wait(timeout=20)

    def kill(self):
        with self._program:
            self._program.kill()

    def _ask(self, line):
        self._program.stdin.write(f"{line}\n")
        ready, _, _ = select.select([self._program.stdout], (), (), 30)
        return self._program.stdout.readline().rstrip("\n") if ready else "nothing"


class Therapist:
    """What a therapist does in three hours; each thing is done by keys and written into the model."""

    def __init__(self, typist, model, dice):
        self._typist = typist
        self._model = model
        self._dice = dice
        codes = shipped_codebook().codes
        self._of = {kind: [code for code in codes if code.kind is kind] for kind in CodeKind}

    def words(self):
        return " ".join(self._dice.choices(WORDS, k=self._dice.randint(1, 3)))

    def do_one(self):
        """Do one thing that makes one entry."""
        things = [self.note, self.coded, self.quote, self.mark, self.mark_while_typing, self.state, self.setting]
        weights = [22, 10, 14, 20, 8, 12, 3]
        self._dice.choices(things, weights)[0]()

    def _keep(self, body, at_s=None):
        at_s = self._typist.t_s if at_s is None else at_s
        self._model.done.append((body, at_s))
        if isinstance(body, Note | Mark | CheckIn):
            self._model.touched_s = max(at_s, self._model.touched_s)

    def note(self):
        text, begun_s = self.words(), self._typist.t_s
        self._typist.type(text)
        self._typist.let_pass(self._dice.randint(1, 6))
        self._typist.press("Return")
        self._keep(Note(text), begun_s)

    def coded(self):
        code, text = self._dice.choice(self._of[CodeKind.POINT]), self.words()
        self._typist.type(f"{code.name}: {text}")
        self._typist.press("Return")
        self._keep(Note(text, code.name))

    def quote(self):
        text = self.words()
        self._typist.press("F5")
        self._typist.type(text)
        self._typist.press("Return")
        self._keep(Note(text, "quote"))

    def mark(self):
        code = self._dice.choice(self._of[CodeKind.POINT])
        self._typist.press(self._key(code))
        self._keep(Mark(code.name))

    def mark_while_typing(self):
        """A mark in the middle of a line leaves the line alone."""
        text, begun_s = self.words(), self._typist.t_s
        half = len(text) // 2
        self._typist.type(text[:half])
        self._typist.let_pass(2)
        self.mark()
        self._typist.let_pass(2)
        self._typist.type(text[half:])
        self._typist.press("Return")
        self._keep(Note(text), begun_s if half else self._typist.t_s)

    def state(self):
        code = self._dice.choice(self._of[CodeKind.STATE])
        change = MarkChange.STOP if code.name in self._model.states else MarkChange.START
        self._model.states ^= {code.name}
        self._typist.press(self._key(code))
        self._keep(Mark(code.name, change))

    def setting(self):
        text = self.words()
        self._typist.press("F11")
        self._typist.type(text)
        self._typist.press("Return")
        self._keep(Setting(text))

    def answer_check_in(self):
        """One key, where a check-in is due."""
        self._typist.press("Return")
        self._keep(CheckIn())

    def _key(self, code):
        """Return the key of a code as the screen's names go: its letter, or its F-key."""
        by_letter = f"alt+{code.letter.lower()}" if code.letter else ""
        return self._dice.choice([name for name in (by_letter, code.key.replace("Shift", "shift")) if name])


@pytest.fixture(scope="module")
def evening(screen, wait, tmp_path_factory):
    """Three hours; gives what was done and where the vault is."""
    folder = tmp_path_factory.mktemp("hours")
    typist, model, dice = Typist(screen, folder, wait), Model(), random.Random(4)  # noqa: S311 - a plan, no secret
    try:
        begin(typist, wait)
        hold(typist, Therapist(typist, model, dice), model, dice)
        typist.settle()
        assert typist.leave() == ("ended 0", 0)
    finally:
        typist.kill()
    return folder / "vault", model


def begin(typist, wait):
    """Make the vault, sign in, make a patient, and begin a session; the baseline and the first dose are in the log."""
    typist.wait_for(wait, "sign-in: Your name")
    typist.type(NAME)
    typist.press("Tab", "space", "Tab", "space", "Tab")
    typist.type(PASSPHRASE)
    typist.press("Tab")
    typist.type(PASSPHRASE)
    typist.press("Return")
    typist.wait_for(wait, "sign-in: Passphrase")
    typist.type(PASSPHRASE)
    typist.press("Return")
    typist.wait_for(wait, "home")
    typist.press("ctrl+p")
    typist.type(CODE)
    typist.press("Tab")
    typist.type("70")
    typist.press("Return")
    typist.settle()
    typist.press("ctrl+n", "Return")
    typist.wait_for(wait, "note pad", "vitals log")


def prepare(typist, model):
    """Go down the page of the preparation; its key gives the line back."""
    typist.press("ctrl+p", "Down")
    typist.type("the river")
    typist.press("Return", "Down")
    typist.type("a raised hand ends the music")
    typist.press("Return", "Down")
    typist.press("y", "Down", "a", "Down", "Down", "Down")
    typist.type("left knee no")
    typist.press("Return", "Down")
    typist.type("one lamp")
    typist.press("Return", "ctrl+p")
    touched = [("hand", TouchConsent.YES), ("shoulder", TouchConsent.ASK), ("left knee", TouchConsent.NO)]
    prepared = [Theme("the river"), Agreement("a raised hand ends the music"), SettingItem(2, "one lamp")]
    prepared += [TouchAgreement(area, consent) for area, consent in touched]
    model.done += [(body, typist.t_s) for body in prepared]


def hold(typist, therapist, model, dice):
    """Prepare, begin the dosing, and note 600 things in three hours, answering each check-in that falls due."""
    typist.go_to("note pad")
    typist.type("to look underneath")
    typist.press("ctrl+i")
    model.done.append((Intention("to look underneath"), typist.t_s))
    prepare(typist, model)
    typist.let_pass(300)
    typist.go_to("vitals log")
    typist.type("dose 35 im")
    typist.press("Return")
    model.done += [(Dose("ketamine", Decimal(35), Route.IM), typist.t_s), (Phase(Stage.DOSING), typist.t_s)]
    model.touched_s = typist.t_s
    typist.go_to("note pad")
    begun_s = typist.t_s
    for number in range(ENTRIES):
        wanted_s = begun_s + LASTS_S * (number + 1) / ENTRIES
        typist.let_pass(max(2.0, round(wanted_s + dice.uniform(-9, 9) - typist.t_s)))
        if typist.t_s - model.touched_s >= CHECK_IN_AFTER_S:
            therapist.answer_check_in()
        else:
            therapist.do_one()


# ---------------------------------------------------------------------------------------------- the tests


@pytest.fixture(scope="module")
def found(evening):
    """Everything that the therapist can read in the vault, with the seconds at which it happened."""
    vault, _ = evening
    library = Library.open(vault, device_id="de" * 16, entropy=os.urandom, clock=ManualClock(BEGIN + timedelta(days=1)))
    try:
        keyring = library.unlock(NAME, PASSPHRASE)
        (session,) = [scope.scope_id for scope in library.scopes(keyring) if scope.scope_id != scope.patient_id]
        read = library.read(keyring, session)
    finally:
        library.close()
    assert (read.refused, read.findings) == ((), ())
    return Counter(
        (repr(entry.body), round((entry.happened.local() - BEGIN).total_seconds())) for entry in read.entries
    )


def test_the_vault_holds_what_was_done_and_when(evening, found):
    _, model = evening
    done = Counter((repr(body), round(at_s)) for body, at_s in model.done)

    assert done - found == Counter()


def test_the_vault_holds_nothing_else(evening, found):
    _, model = evening
    done = Counter((repr(body), round(at_s)) for body, at_s in model.done)

    assert all(body.startswith(NOT_TYPED) for body, _ in found - done)
