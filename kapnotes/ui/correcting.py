"""A line while it corrects an entry: what was half-typed waits, and comes back when the correction is done."""

from typing import Protocol

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QWidget

from kapnotes.app.corrections import Corrections
from kapnotes.app.live_session import LiveSession
from kapnotes.domain.correcting import BECAUSE
from kapnotes.domain.entries import CheckIn, Correction, Entry, Mark, content_of
from kapnotes.domain.errors import KapnotesError, Misread
from kapnotes.domain.text import shortened
from kapnotes.ui.keys import sequence_of
from kapnotes.ui.line import Line
from kapnotes.ui.looking_back import LookingBack, Rows
from kapnotes.ui.times import clock_time
from kapnotes.ui.wording import error_line


class Stamp(Protocol):
    """What stands left of the line."""

    def corrects(self, time: str) -> str:
        """Return what stands beside a line that corrects the entry of *time*."""
        ...

    def show_correction(self, words: str, code: str) -> None:
        """Show that the line corrects an entry, and its code."""
        ...


class Window(Protocol):
    """What correcting needs of its window."""

    live: LiveSession
    line: Line
    own_field: str
    """The field of the line while it corrects nothing."""

    @property
    def stamp(self) -> Stamp:
        """Return what stands left of the line."""
        ...

    @property
    def rows(self) -> Rows:
        """Return which entries have a row."""
        ...

    @property
    def back(self) -> LookingBack:
        """Return what chooses rows."""
        ...

    def say(self, text: str, *, is_mark: bool = False, lasts: bool = False) -> None:
        """Show one calm line of news."""
        ...

    def turn_line(self, field: str) -> None:
        """Let the line be of *field*; what is half-typed in it waits."""
        ...

    def take_up_line(self) -> None:
        """Let the line be what it was before, with what was half-typed in it."""
        ...

    def came_back(self) -> None:
        """Note that what stands in the line came back just now."""
        ...


class Correcting(QObject):
    """Correcting, taking back and undoing by keys, in one window.

    `code` is the code of what is corrected, as long as it is.
    """

    def __init__(self, window: Window, parent: QWidget, corrections: Corrections) -> None:
        super().__init__(parent)
        self.code = ""
        self._window = window
        self._corrections = corrections
        self._target: Entry | None = None
        self._asked = ""
        self._had_chosen = False
        self._newest: tuple[Entry, ...] = ()
        self._invitation = ""
        window.back.moved.connect(self._forget_question)
        window.line.painted.connect(self._forget_question)

    @property
    def is_on(self) -> bool:
        """Tell whether the line corrects an entry."""
        return self._target is not None

    @property
    def target(self) -> Entry | None:
        """Return the entry that is corrected, as it stood when that began, or None."""
        return self._target

    # --------------------------------------------------------------------------------------- beginning

    @Slot()
    def correct(self) -> None:
        """Put the chosen row, or the newest own one, into the line to correct it."""
        had_chosen = self._window.back.chosen() is not None
        entry = None if self.is_on else self._window.back.own_or_newest()
        if entry is not None:
            self._begin(entry, had_chosen=had_chosen)

    def _begin(self, entry: Entry, text: str | None = None, code: str | None = None, *, had_chosen: bool) -> None:
        try:
            stands = self._corrections.as_it_stands(entry)
        except KapnotesError as error:
            self._window.say(error_line(error), is_mark=True)
            return
        window, (words, its_code) = self._window, self._corrections.words_to_correct(stands)
        field = f"{self._corrections.prefix}{entry.entry_id}"
        window.turn_line(field)
        self._target, self._had_chosen, self._asked = stands, had_chosen, ""
        self.code = its_code if code is None else code
        window.live.typing.begin(field)
        if not self._invitation:
            self._invitation = window.line.placeholderText()
        window.line.setPlaceholderText("")  # it invites to a new entry
        window.line.setPlainText(words if text is None else text)
        window.line.moveCursor(QTextCursor.MoveOperation.End)
        window.back.choose(stands)
        self.show_stamp()
        hint = self.tr("Enter corrects it{reason}, Esc leaves it as it was; it stays legible. Why: at the end, // why.")
        needed = self.tr(" with a reason") if self._corrections.needs_reason else ""
        window.say(hint.format(reason=needed))

    def resume(self) -> bool:
        """Take up a correction that a lock, a closed window or a crash left half-typed; tells whether there was one."""
        typing = self._window.live.typing
        while field := typing.correction(self._corrections.prefix):
            target_id = field.removeprefix(self._corrections.prefix)
            entry = self._window.live.record.entry(target_id, self._window.live.member.member_id)
            line = typing.bring_back(field)
            if entry is None or line is None or self._window.live.record.as_it_stands(entry) is None:
                typing.turn_into(field, self._window.own_field)
                continue
            self._begin(entry, line.text, line.code, had_chosen=False)
            self._window.came_back()
            time = clock_time(entry.happened)
            self._window.say(
                self.tr("The half-typed correction of {} is back: Enter corrects, Esc leaves.").format(time)
            )
            return True
        return False

    # ------------------------------------------------------------------------------------------ typing

    def enter(self, text: str, *, is_confirmed: bool = False) -> None:
        """Correct the entry to *text*.

        Raises:
            KapnotesError: it cannot be; the line stays as it is.
        """
        target = self._target
        if target is None:
            return
        code, text = self.code_and_words(target, text)
        made = self._corrections.enter(target, text, code, is_confirmed=is_confirmed)
        self._finish()
        self._newest = made
        if not made:
            self._window.say(self.tr("Nothing was changed."))
        elif isinstance(made[0].body, Correction) and made[0].body.replacement is None:
            self._say_taken_back(target)
        else:
            self._window.say(self.corrected_words(target))

    def code_and_words(self, target: Entry, text: str) -> tuple[str, str]:
        """Return code and words that *text* says *target* shall have; a window without codes has nothing to add."""
        del target
        return self.code, text

    def corrected_words(self, target: Entry) -> str:
        """Return what is said once *target*, as it stood before, is corrected."""
        del target
        return self.tr("Corrected; the original stays legible. On an empty line Ctrl+Z undoes it.")

    def show_stamp(self) -> None:
        """Say beside the line which entry it corrects, and its code."""
        if self._target is not None:
            stamp = self._window.stamp
            stamp.show_correction(stamp.corrects(clock_time(self._target.happened)), self.code)

    def escape(self) -> bool:
        """Leave the correction by Esc, by a second one where something was changed; tells whether there was one."""
        if self._target is None:
            return False
        is_changed = (self._window.line.text(), self.code) != self._corrections.words_to_correct(self._target)
        if is_changed and self._asked != "leave":
            self._asked = "leave"
            self._window.say(self.tr("Esc once more leaves the correction; the entry stays as it was."), lasts=True)
        else:
            self._finish()
        return True

    def _finish(self) -> None:
        """Let the line be what it was before."""
        if self._target is not None:
            self._window.live.typing.drop(f"{self._corrections.prefix}{self._target.entry_id}")
        self._target, self.code, self._asked = None, "", ""
        self._window.line.setPlaceholderText(self._invitation)
        self._invitation = ""
        self._window.say("")
        self._window.line.clear()
        if not self._had_chosen:
            self._window.back.unchoose()
        if not self.resume():
            self._window.take_up_line()

    # ------------------------------------------------------------------------------------ taking back

    @Slot()
    def take_back(self) -> None:
        """Take the chosen row back, or the newest own one, when the key is pressed twice."""
        had_chosen = self._window.back.chosen() is not None
        entry = self._target or self._window.back.own_or_newest()
        if entry is None:
            return
        if not self._window.rows.stands(entry) and not self.is_on:
            self._bring_back(entry)
            return
        had_chosen = had_chosen and not (self._asked == entry.entry_id and not self._had_chosen)
        try:
            stands = self._corrections.as_it_stands(entry)
            if self._corrections.needs_reason:
                self._ask_reason(stands, had_chosen=had_chosen)
            elif self._asked != entry.entry_id:
                self._asked, self._had_chosen = entry.entry_id, had_chosen if not self.is_on else self._had_chosen
                words = self.tr("{key} once more takes it back: {row}. It stays legible in the record.")
                self._window.say(words.format(key=sequence_of("retract"), row=self._rows_words(stands)), lasts=True)
            else:
                self._take_back(stands)
        except KapnotesError as error:
            self._window.say(error_line(error), is_mark=True)

    def _ask_reason(self, entry: Entry, *, had_chosen: bool) -> None:
        if not self.is_on:
            self._begin(entry, BECAUSE.lstrip(), had_chosen=had_chosen)
        self._window.say(self.tr("You signed: type why it is taken back after //, and nothing before it; then Enter."))

    def _take_back(self, entry: Entry) -> None:
        made = self._corrections.take_back(entry)
        if self.is_on:
            self._finish()
        elif not self._had_chosen:
            self._window.back.unchoose()
        self._asked = ""
        self._newest = made
        self._say_taken_back(entry)

    def _bring_back(self, entry: Entry) -> None:
        try:
            self._newest = self._corrections.bring_back(entry)
        except KapnotesError as error:
            self._window.say(error_line(error), is_mark=True)
            return
        self._window.say(self.tr("Stands again: {}").format(self._rows_words(entry)))

    def _say_taken_back(self, entry: Entry) -> None:
        self._window.say(self.taken_back_words(entry))

    def taken_back_words(self, entry: Entry) -> str:
        """Return what is said once *entry* is taken back."""
        words = self.tr("Taken back: {row}. On an empty line Ctrl+Z brings it back.")
        return words.format(row=self._rows_words(entry))

    def _rows_words(self, entry: Entry) -> str:
        """Return the words of *entry*, and of what goes with it."""
        other = self._corrections.goes_with(entry)
        if other is None:
            return self._row_words(entry)
        return self.tr("{one}, and with it {other}").format(one=self._row_words(entry), other=self._row_words(other))

    def _row_words(self, entry: Entry) -> str:
        code, words = self._window.rows.words_of(entry)
        return shortened(" ".join(part for part in (clock_time(entry.happened), code, words) if part), 60)

    # ------------------------------------------------------------------------------------------- undo

    def noted(self, entry: Entry) -> None:
        """Remember what was noted last, for undo."""
        is_new = not isinstance(entry.body, Correction) and self.is_correctable(entry)
        if is_new and self._window.rows.is_own(entry):
            self._newest = (entry,)

    def is_correctable(self, entry: Entry) -> bool:
        """Tell whether *entry* comes into the line; what stands beside another, as the site of a dose, does not."""
        return self._corrections.is_correctable(content_of(entry.body) or entry.body)

    def goes_at_once(self, entry: Entry) -> bool:
        """Tell whether undo takes *entry* back at once, and puts no words into the line."""
        return isinstance(content_of(entry.body), Mark | CheckIn)

    def forget_newest(self) -> None:
        """Forget what undo would undo, because something else is typed."""
        self._newest, self._asked = (), ""

    @Slot()
    def undo(self) -> None:
        """Undo what was done last: a note comes into the line, a mark goes, a correction is taken back."""
        newest, self._newest = self._newest, ()
        if not newest or self.is_on:
            return
        try:
            if isinstance(newest[0].body, Correction) or not self.is_correctable(newest[0]):
                self._newest = self._corrections.undo(newest)
                self._window.say(self.tr("Undone; Ctrl+Z once more does it again."))
            elif self.goes_at_once(newest[0]):
                self._newest = self._corrections.take_back(newest[0])
                self._say_taken_back(newest[0])
            else:
                self._begin(newest[0], had_chosen=self._window.back.chosen() is not None)
        except Misread as error:
            self._newest = newest
            self._window.say(error_line(error), is_mark=True)

    @Slot()
    def _forget_question(self) -> None:
        self._asked = ""
