"""The keys of the pad that note by themselves: marks, states, signals, touches, the route's timer.

A line that holds nothing but a time (`-3`, `@14:05`) says when it was; it is emptied by the key that uses it. Any other
line stays as it is, and what the key notes happens now.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot

from kapnotes.app.revoking import TouchRevocation
from kapnotes.app.typed_fields import NOTE
from kapnotes.domain.clock import Stamp
from kapnotes.domain.codebook import Code, Codebook, CodeKind
from kapnotes.domain.entries import Entry
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.moments import read_moment
from kapnotes.domain.preparation import SLIP_S, touch_agreed
from kapnotes.domain.touch import areas, is_agreed, touches, usual_area
from kapnotes.ui import route_cue
from kapnotes.ui.keys import sequence_of, sequence_of_area
from kapnotes.ui.keys_overlay import Row
from kapnotes.ui.pad_rows import title_of
from kapnotes.ui.press import Press
from kapnotes.ui.session_window import SessionWindow
from kapnotes.ui.times import clock_time
from kapnotes.ui.touch_words import area_word, consent_word
from kapnotes.ui.wording import error_line

MAX_AREAS = 9


class MarkKeys(QObject):
    """What those keys do in one pad."""

    def __init__(self, window: SessionWindow, codebook: Codebook) -> None:
        super().__init__(window)
        self._window = window
        self._live = window.live
        self._codebook = codebook
        window.bind("touch", self.touch_usual)
        self._revocation = TouchRevocation(window.live)
        window.bind("no_touch", self.revoke_touch)
        window.bind("touch_slip", self.take_revocation_back)
        window.bind("pad_timer", self.answer_timer)
        for place in range(MAX_AREAS):
            sequence = sequence_of_area(place)
            window.bind_sequence(f"touch {sequence}", sequence, Press(window, self._touch, place).press)

    def listen(self) -> None:
        """Hear from now on of keys that were pressed twice."""
        self._live.repeat_ignored.add(self._show_repeat)

    def detach(self) -> None:
        """Hear no more news."""
        self._live.repeat_ignored.remove(self._show_repeat)

    def rows(self) -> tuple[Row, ...]:
        """Return the areas of touch with their keys, and what was agreed."""
        consents = touch_agreed(self._live.record)
        return tuple(
            Row(
                sequence_of_area(place),
                self.tr("touch: {area} ({consent})").format(
                    area=area_word(area), consent=consent_word(consents.get(area))
                ),
            )
            for place, area in enumerate(areas(self._live.record)[:MAX_AREAS])
        )

    # -------------------------------------------------------------------------------------------- codes

    def press(self, code: Code) -> None:
        """Drop the mark, start or stop the state, or send the signal of *code*."""
        title = title_of(code.name, self._codebook)
        if code.kind is CodeKind.SIGNAL:
            self._window.send_signal(code.name)
        elif code.kind is CodeKind.STATE or code.name in self._live.record.active_states():
            self._note(lambda at: self._live.toggle_state(code.name, at), title)
        else:
            self._note(lambda at: self._live.mark(code.name, at), title)

    def _note(self, note: Callable[[Stamp | None], Entry | None], title: str) -> None:
        """Note it now, or at the time that stands alone in the line; the line says why where it cannot be."""
        line = self._window.line
        try:
            at = self._time_in_line()
            entry = note(at)
        except KapnotesError as error:
            self._window.say(error_line(error), is_mark=True)
            return
        if at is not None and entry is not None:
            line.replace_all("")
            self._window.say(self.tr("{what}: at {time}.").format(what=title, time=clock_time(entry.happened)))

    def _time_in_line(self) -> Stamp | None:
        """Return the time that the line holds and nothing else, or None."""
        text = self._window.line.text()
        if len(text) > 20:
            return None
        line = self._live.typing.half_typed(NOTE)
        began = line.began if line is not None else self._live.now()
        moment = read_moment(text, self._live.record, began)  # as the stamp beside the line shows it
        return moment.happened if moment is not None and not moment.text.strip() else None

    def _show_repeat(self, what: str) -> None:
        title = title_of(what, self._codebook) if self._codebook.named(what) else area_word(what)
        self._window.say(self.tr("{}: pressed twice, counted once.").format(title))

    # -------------------------------------------------------------------------------------------- touch

    @Slot()
    def touch_usual(self) -> None:
        """End the touch that runs; where none does, begin one of the area agreed first."""
        running = touches(self._live.record)
        self._toggle(next(iter(running), None) or usual_area(self._live.record))

    def _touch(self, place: object) -> None:
        known = areas(self._live.record)
        if isinstance(place, int) and place < len(known):
            self._toggle(known[place])
        else:
            self._window.say(self.tr("No area of touch has that number."))

    def _toggle(self, area: str) -> None:
        before = len(self._live.record.entries)
        self._note(lambda at: self._live.marking.toggle_touch(area, at), self.tr("touch: {}").format(area_word(area)))
        record = self._live.record
        since = touches(record).get(area)
        if len(record.entries) > before and since is not None and not is_agreed(record, area, since):
            self._window.say(self.tr("not agreed: {}. It is kept.").format(area_word(area)), is_mark=True)

    @Slot()
    def revoke_touch(self) -> None:
        """Keep that no touch is wanted any more, for the rest of the session."""
        try:
            revoked = self._revocation.revoke()
        except KapnotesError as error:
            self._window.say(error_line(error), is_mark=True)
            return
        running = ", ".join(area_word(area) for area in touches(self._live.record))
        words = [self.tr("No touch from now on.") if revoked else self.tr("No touch: that is said already.")]
        if running:
            hint = self.tr("Still running: {running}; {key} ends it.")
            words.append(hint.format(running=running, key=sequence_of("touch")))
        if revoked:
            slip = self.tr("A slip? {key} within {seconds} s takes it back.")
            words.append(slip.format(key=sequence_of("touch_slip"), seconds=round(SLIP_S)))
        self._window.say(" ".join(words))

    @Slot()
    def take_revocation_back(self) -> None:
        """Take back that no touch is wanted, within the few seconds in which it may be a slip; or say why not."""
        try:
            self._revocation.take_back()
        except KapnotesError as error:
            self._window.say(error_line(error), is_mark=True)
            return
        self._window.say(self.tr("Taken back as a slip: touch is agreed as before. Both stay legible in the record."))

    def undo(self) -> bool:
        """Take a slip of that key back by undo; tells whether there was one."""
        if not self._revocation.may_be_slip:
            return False
        self.take_revocation_back()
        return True

    # -------------------------------------------------------------------------------------------- route

    @Slot()
    def answer_timer(self) -> None:
        """Answer the route's timer; a time in the line says when it was."""
        told: list[str] = []

        def note(at: Stamp | None) -> Entry | None:
            before = len(self._live.record.entries)
            told.append(route_cue.answer(self._live, at))
            return self._live.record.entries[-1] if len(self._live.record.entries) > before else None

        self._note(note, sequence_of("pad_timer"))
        for line in told:
            self._window.say(line)
