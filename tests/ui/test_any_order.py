"""Whatever order things are done in, the record is what a simple model of it says.

The model is a list of what was noted with its second, one half-typed line, and the set of running states. The real
windows are worked by keys on a real vault; they are locked, quit and killed in between.
"""

import gc
import os
import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from PySide6.QtWidgets import QApplication

from kapnotes.app.presets import shipped_codebook
from kapnotes.domain.codebook import CodeKind
from kapnotes.domain.entries import CheckIn, Dose, Mark, MarkChange, Note
from kapnotes.domain.members import Role
from kapnotes.ui.keys import sequences_of
from kapnotes.ui.log import LogWindow
from kapnotes.ui.pad import PadWindow

LABEL = "Tess, LCSW"
BEGIN = datetime(2026, 3, 4, 13, 0, tzinfo=UTC)
CHECK_IN_S = 300
CHECK_IN_EARLY_S = 30
REPEAT_GUARD_S = 1
LATE_S = 180
CODES = shipped_codebook().codes
POINTS = [code for code in CODES if code.kind is CodeKind.POINT]
STATES = [code for code in CODES if code.kind is CodeKind.STATE]
(QUOTE,) = (code for code in CODES if code.kind is CodeKind.QUOTE)
WORDS = [
    "tears",
    "it's all water",
    "Zaunkönig ",
    "  ",
    "今日",
    "affect ",
    "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}",
    "-3",
]

pytestmark = pytest.mark.timeout(300)


@dataclass(frozen=True)
class HalfTyped:
    """The line: its text, the second of its first key (None while it is empty), and its code."""

    text: str = ""
    begun_s: int | None = None
    code: str = ""


class Evening(RuleBasedStateMachine):
    """What may happen in a session, in any order."""

    room_in: object
    """Gives a room in a new folder that holds a copy of another one, at some second after the begin."""

    numbers = count()

    @initialize()
    def begin(self):
        self.now_s = 0
        self.noted = []
        self.half = HalfTyped()
        self.back = None
        self.states = set()
        self.pressed_s = {}
        self.dose_s = None
        self.room = self.room_in(None)
        self.enter_session()

    def enter_session(self):
        """Sign in and open the session."""
        home = self.room.sign_in(LABEL)
        self.room.join(home)
        self.log = self.room.window(LogWindow)
        self.pad = self.room.window(PadWindow)

    # ------------------------------------------------------------------------------------------------- typing

    @rule(words=st.sampled_from(WORDS))
    def type(self, words):
        self.room.type(self.pad, words)
        begun_s = self.now_s if self.half.begun_s is None else self.half.begun_s
        self.half = replace(self.half, text=self.half.text + words, begun_s=begun_s)

    @rule()
    def enter(self):
        self.room.press(self.pad, "Return")
        if self.half.text and self.back == (self.half.text, self.now_s):
            return  # it came back this second: nobody has seen it yet
        if self.half.text.strip():
            self.noted.append((Note(self.half.text, self.half.code), self.half.begun_s))
            self.half = HalfTyped()
        elif self.half.code:
            self.half = replace(self.half, code="")
        elif self.is_check_in_due():
            self.noted.append((CheckIn(), self.now_s))

    @rule()
    def clear(self):
        self.room.press(self.pad, "Escape")
        self.room.press(self.pad, "Escape")
        if self.half.text:
            self.half = HalfTyped()

    @precondition(lambda self: self.half.text)
    @rule()
    def clear_and_bring_back(self):
        """Undo brings a cleared line back as it was: its text, the time of its first key, its code."""
        self.room.press(self.pad, "Escape")
        self.room.press(self.pad, "Escape")
        self.room.pass_time(1)
        self.now_s += 1
        self.room.press(self.pad, "Ctrl+Z")

    @precondition(lambda self: self.half == HalfTyped() and self.now_s >= LATE_S)
    @rule()
    def note_of_before(self):
        self.room.line(self.pad, "-3 hands")
        self.noted.append((Note("hands"), self.now_s - LATE_S))

    # -------------------------------------------------------------------------------------------- corrections

    @precondition(lambda self: any(isinstance(body, Note) for body, _ in self.noted))
    @rule(data=st.data(), words=st.sampled_from(WORDS))
    def correct(self, data, words):
        """Another text under the same time and code; what is half-typed waits meanwhile."""
        place = self.choose_a_note(data)
        note, at_s = self.noted[place]
        self.room.press(self.pad, "Ctrl+E")
        self.room.press(self.pad, "Ctrl+A")
        self.room.line(self.pad, f"corrected {words}")
        self.room.press(self.pad, "Alt+End")
        self.noted[place] = (Note(f"corrected {words}", note.code), at_s)
        self.wait_for_the_line()

    @precondition(lambda self: any(isinstance(body, Note) for body, _ in self.noted))
    @rule(data=st.data())
    def correct_over_a_lock(self, data):
        """A half-typed correction comes back before the line that waits, and Enter corrects."""
        place = self.choose_a_note(data)
        note, at_s = self.noted[place]
        self.room.press(self.pad, "Ctrl+E")
        self.room.press(self.pad, "Ctrl+A")
        self.room.type(self.pad, "corrected later")
        self.lock()
        self.let_pass(1)
        self.room.press(self.pad, "Return")
        self.room.press(self.pad, "Alt+End")
        self.noted[place] = (Note("corrected later", note.code), at_s)
        self.wait_for_the_line()

    def wait_for_the_line(self):
        """What was half-typed is back this moment; a code alone was pressed for no line."""
        self.half = self.half if self.half.text else HalfTyped()
        self.back = self.half.text, self.now_s

    @precondition(lambda self: any(isinstance(body, Note) for body, _ in self.noted))
    @rule(data=st.data())
    def take_back(self, data):
        place = self.choose_a_note(data)
        self.room.press(self.pad, "Ctrl+U")
        self.room.press(self.pad, "Ctrl+U")
        self.room.press(self.pad, "Alt+End")
        del self.noted[place]

    def choose_a_note(self, data):
        """Go up from the newest row to one of the notes; return its place in the model."""
        place = data.draw(st.sampled_from([p for p, (body, _) in enumerate(self.noted) if isinstance(body, Note)]))
        self.room.press(self.pad, "Alt+End")
        for _ in self.pad.timeline.rows():
            self.room.press(self.pad, "Ctrl+Up")
            chosen = self.pad.back.chosen()
            if (chosen.body, self.second_of(chosen)) == self.noted[place]:
                return place
        raise AssertionError(f"no row shows {self.noted[place]}")

    @rule()
    def quote(self):
        self.room.press(self.pad, QUOTE.key)
        self.half = replace(self.half, code="" if self.half.code else QUOTE.name)

    # ------------------------------------------------------------------------------------------ marks, states

    @rule(code=st.sampled_from(POINTS), data=st.data())
    def mark(self, code, data):
        self.room.press(self.pad, data.draw(st.sampled_from(sequences_of(code))))
        at_s = self.time_meant()
        if at_s >= 0 and not self.is_repeat(code):
            self.keep_mark(Mark(code.name), at_s)

    @rule(code=st.sampled_from(STATES), data=st.data())
    def state(self, code, data):
        self.room.press(self.pad, data.draw(st.sampled_from(sequences_of(code))))
        at_s = self.time_meant()
        of_code = [one_s for body, one_s in self.noted if isinstance(body, Mark) and body.code == code.name]
        if at_s >= max([0, *of_code]) and not self.is_repeat(code):
            change = MarkChange.STOP if code.name in self.states else MarkChange.START
            self.states ^= {code.name}
            self.keep_mark(Mark(code.name, change), at_s)

    @precondition(lambda self: self.half == HalfTyped() and self.now_s >= LATE_S)
    @rule(code=st.sampled_from(STATES), data=st.data())
    def state_that_changed_before(self, code, data):
        self.type("-3")
        self.state(code, data)
        if self.half.text:  # it could not be then: the line stays
            self.clear()

    def time_meant(self):
        """Return the second that a key means now: the line may hold nothing but "three minutes ago"."""
        return self.now_s - LATE_S if self.half.text.rstrip() == "-3" else self.now_s

    def keep_mark(self, mark, at_s):
        if self.time_meant() != self.now_s:
            self.half = HalfTyped()  # the time is used up
        self.noted.append((mark, at_s))
        self.pressed_s[mark.code] = self.now_s

    @precondition(lambda self: self.dose_s is None)
    @rule()
    def dose(self):
        self.room.line(self.log, "dose 35 im hold no cuff")
        self.dose_s = self.now_s

    # ---------------------------------------------------------------------------------------------- time, ends

    @rule(seconds=st.sampled_from([1, 2, 20, 271, 300, 1800]))
    def let_pass(self, seconds):
        self.now_s += seconds
        self.room.pass_time(seconds)

    @rule()
    def lock(self):
        self.room.press(self.pad, "Ctrl+L")
        self.come_back()

    @rule(is_started_anew=st.booleans())
    def quit(self, is_started_anew):
        """Quit and start the program again, or the whole laptop."""
        assert self.room.screen.close() == 0
        if is_started_anew:
            self.room.clock.reboot(f"boot {next(self.numbers)}")
        self.room.begin()
        self.come_back()

    @rule()
    def kill(self):
        """What is on the disk at this moment is all that is left; 250 ms after the last key that is everything."""
        self.pad.live.typing.look()
        self.room.wait(lambda: self.pad.live.typing.is_kept and not self.pad.live.saving.unsaved, "the disk")
        killed = self.room
        self.room = self.room_in(killed)
        killed.close()
        self.come_back()

    def come_back(self):
        if not self.half.text:
            self.half = HalfTyped()
        self.enter_session()
        self.back = self.half.text, self.now_s

    # -------------------------------------------------------------------------------------------------- rules

    def is_repeat(self, code):
        """Tell whether a mark of this code was dropped within the guard, so that this one is a slip."""
        return self.now_s - self.pressed_s.get(code.name, -LATE_S) < REPEAT_GUARD_S

    def is_check_in_due(self):
        if self.dose_s is None:
            return False
        last_s = max([self.dose_s, *(at_s for _, at_s in self.noted)])
        return self.now_s - last_s >= CHECK_IN_S - CHECK_IN_EARLY_S

    # ---------------------------------------------------------------------------------------------- comparing

    @invariant()
    def the_record_is_what_the_model_says(self):
        record = self.pad.live.record
        found = [(e.body, self.second_of(e)) for e in record.standing() if isinstance(e.body, Note | Mark | CheckIn)]

        assert sorted(map(repr, found)) == sorted(map(repr, self.noted))
        assert set(record.active_states()) == self.states
        assert [self.second_of(entry) for entry, _ in record.of(Dose)] == ([] if self.dose_s is None else [self.dose_s])

    @invariant()
    def the_line_is_what_the_model_says(self):
        assert self.pad.line.text() == self.half.text
        begun_s = self.half.begun_s
        assert not self.half.text or self.pad.stamp.text().startswith(f"{BEGIN + timedelta(seconds=begun_s):%H:%M:%S}")

    def second_of(self, entry):
        return self.room.second_of(entry.happened)

    def teardown(self):
        if not hasattr(self, "room"):
            return
        try:
            self.quit(is_started_anew=False)
            self.the_record_is_what_the_model_says()
            self.the_line_is_what_the_model_says()
        finally:
            self.room.close()
            QApplication.processEvents()
            gc.collect()


def test_any_order_of_things_gives_the_record_of_a_simple_model(room, new_room, tmp_path):
    home = room.make(LABEL, Role.THERAPIST, Role.MEDICAL)
    room.patient(home)
    room.start(home)
    assert room.screen.close() == 0
    places = count()

    def room_in(killed):
        folder = tmp_path / f"copy {next(places)}"
        source = room if killed is None else killed
        shutil.copytree(source.folder, folder, ignore=shutil.ignore_patterns("copy *"))
        if killed is not None:
            return new_room(folder, killed.clock)
        return new_room(folder)

    class Here(Evening):
        pass

    Here.room_in = staticmethod(room_in)
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=int(os.environ.get("ORDERS", "3")),
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.target],
        ),
    )
