"""Three hours of a session and 600 entries, by keyboard alone on a virtual screen, against a model that is simple.

The model is a list: what was done, and when. What the vault holds in the end must be that list.
"""

import random
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

import pytest

from kapnotes.app.presets import shipped_codebook
from kapnotes.domain.around import Agreement, SettingItem, Theme, Touch, TouchAgreement, TouchConsent
from kapnotes.domain.codebook import CodeKind
from kapnotes.domain.entries import (
    CheckIn,
    Dose,
    Intention,
    Mark,
    MarkChange,
    Note,
    Phase,
    Route,
    Setting,
    Signal,
    Stage,
)
from kapnotes.domain.start_hold import StartHold
from tests.whole.keyboard import BEGIN, Typist, begin, standing_in

pytestmark = pytest.mark.timeout(420)

ENTRIES, LASTS_S = 600, 3 * 3600
CHECK_IN_AFTER_S = 5 * 60
AGO_S = 3 * 60
WORDS = ["tears", "water", "hands", "jaw", "lamp", "brother", "river", "house", "light", "falling"]
NOT_TYPED = ("SessionOpened(", "Phase(stage=<Stage.PREPARATION", "Audit(", "Heads(", "PadUse(")
"""What the program writes by itself."""


@dataclass
class Model:
    """What was done, as (kind of thing, seconds since the begin of the evening)."""

    done: list = field(default_factory=list)
    states: dict = field(default_factory=dict)
    """The running ones, and those that ran: whether it runs, and when it last changed."""

    touched_s: float = 0.0
    """When the last note, mark, check-in or touch was."""

    signals_wait: int = 0


FOR_SUMMARY, SEEN, SET = "ForSummary", "SignalSeen", "Vitals"
"""Entries whose content names another entry, or is tested elsewhere: here they count by their kind."""


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
        things = {
            self.note: 22, self.coded: 10, self.quote: 14, self.mark: 20, self.mark_while_typing: 8, self.state: 10,
            self.state_of_before: 3, self.note_of_before: 4, self.corrected: 4, self.taken_back: 2, self.undone: 2,
            self.meant_for_summary: 4, self.touch: 4, self.signal: 2, self.looked_back: 3, self.setting: 3,
        }  # fmt: skip
        self._dice.choices(list(things), list(things.values()))[0]()

    def _keep(self, body, at_s=None):
        at_s = self._typist.t_s if at_s is None else at_s
        self._model.done.append((body, at_s))
        if isinstance(body, Note | Mark | CheckIn | Touch):
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
        self._typist.press(self._key(code))
        self._change(code, self._typist.t_s)

    def _change(self, code, at_s):
        runs, _ = self._model.states.get(code.name, (False, -LASTS_S))
        self._model.states[code.name] = not runs, at_s
        self._keep(Mark(code.name, MarkChange.STOP if runs else MarkChange.START), at_s)

    def state_of_before(self):
        """Alone in the line, `-3` puts the next mark three minutes back."""
        at_s = self._typist.t_s - AGO_S
        quiet = [c for c in self._of[CodeKind.STATE] if self._model.states.get(c.name, (False, -LASTS_S))[1] <= at_s]
        self._typist.type("-3")
        if quiet:
            code = self._dice.choice(quiet)
            self._typist.press(self._key(code))
            self._change(code, at_s)
        else:
            self._typist.press("Escape", "Escape")
            self.mark()

    def note_of_before(self):
        text = self.words()
        self._typist.type(f"-3 {text}")
        self._typist.press("Return")
        self._keep(Note(text), self._typist.t_s - AGO_S)

    def corrected(self):
        """A note with a slip in it, put right a moment later; what was half-typed meanwhile waits."""
        self.note()
        self._typist.let_pass(2)
        self._typist.type("half ")
        begun_s, (slip, at_s) = self._typist.t_s, self._model.done.pop()
        text, rest = self.words(), self.words()
        self._typist.press("ctrl+e", "ctrl+a")
        self._typist.type(text)
        self._typist.press("Return")
        self._model.done.append((Note(text, slip.code), at_s))
        self._typist.type(rest)
        self._typist.press("Return")
        self._keep(Note(f"half {rest}"), begun_s)

    def taken_back(self):
        self.note()
        self._typist.press("ctrl+u", "ctrl+u")
        self._model.done.pop()

    def undone(self):
        """The words come back into the line, under the time of their first key."""
        self.note()
        more = self.words()
        self._typist.press("ctrl+z")
        self._typist.type(more)
        self._typist.press("Return")
        note, at_s = self._model.done.pop()
        self._model.done.append((Note(note.text + more), at_s))

    def meant_for_summary(self):
        self.quote()
        self._typist.press("ctrl+d")
        self._model.done.append((FOR_SUMMARY, self._typist.t_s))

    def touch(self):
        runs = sum(isinstance(body, Touch) for body, _ in self._model.done) % 2 == 1
        self._typist.press("alt+h")
        self._keep(Touch("hand", begins=not runs))

    def signal(self):
        """The therapist asks, the nurse sees it at the next look."""
        self._typist.press("ctrl+shift+2")
        self._keep(Signal("bp"))
        self._model.signals_wait += 1

    def looked_back(self):
        """Rows above are looked at while a line is half-typed; nothing of it changes."""
        text, begun_s = self.words(), self._typist.t_s
        self._typist.type(text)
        self._typist.press(*["ctrl+Up"] * self._dice.randint(1, 9), "ctrl+j", "Prior", "Escape", "Escape", "alt+End")
        self._typist.press("Return")
        self._keep(Note(text), begun_s)

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
def evening(screen, wait, on_disk):
    """Three hours; gives what was done and where the vault is."""
    folder = on_disk("hours")
    typist, model, dice = Typist(screen, folder, wait), Model(), random.Random(4)  # noqa: S311 - a plan, no secret
    try:
        begin(typist, wait)
        hold(typist, Therapist(typist, model, dice), model, dice)
        typist.settle()
        assert typist.leave() == ("ended 0", 0)
    finally:
        typist.kill()
    return folder / "vault", model


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
    typist.type("no cuff in this play")
    typist.press("Return")
    model.done.append((StartHold("no cuff in this play"), typist.t_s))
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
        if number % 100 == 50:
            look_in_the_log(typist, model)


def look_in_the_log(typist, model):
    """The nurse logs a set and says of each signal that it was seen."""
    typist.let_pass(2)
    typist.go_to("vitals log")
    typist.type("128/76 72 98 14")
    typist.press("Return")
    for _ in range(model.signals_wait):
        typist.press("ctrl+Return")
        model.done.append((SEEN, typist.t_s))
    model.signals_wait = 0
    model.done.append((SET, typist.t_s))
    typist.go_to("note pad")


# ---------------------------------------------------------------------------------------------- the tests


@pytest.fixture(scope="module")
def found(evening):
    """Everything that the two can read in the vault, with the seconds at which it happened."""
    vault, _ = evening
    standing = standing_in(vault)
    assert len(standing) > ENTRIES
    return Counter((said(entry.body), round((entry.happened.local() - BEGIN).total_seconds())) for entry in standing)


def said(body):
    kind = body if isinstance(body, str) else type(body).__name__
    return kind if kind in {FOR_SUMMARY, SEEN, SET} else repr(body)


def test_the_vault_holds_what_was_done_and_when(evening, found):
    _, model = evening
    done = Counter((said(body), round(at_s)) for body, at_s in model.done)

    assert done - found == Counter()


def test_the_vault_holds_nothing_else(evening, found):
    _, model = evening
    done = Counter((said(body), round(at_s)) for body, at_s in model.done)

    assert all(body.startswith(NOT_TYPED) for body, _ in found - done)
