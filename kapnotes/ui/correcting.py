"""The note line while it corrects an entry: what was half-typed waits, and comes back when the correction is done."""

from typing import Protocol

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QWidget

from kapnotes.app.corrections import Corrections, words_to_correct
from kapnotes.app.half_typed import CORRECTION
from kapnotes.app.live_session import LiveSession
from kapnotes.domain.codebook import Code, Codebook, CodeKind
from kapnotes.domain.correcting import BECAUSE, Correctable, recoded
from kapnotes.domain.entries import CheckIn, Correction, Entry, Mark, Note, content_of
from kapnotes.domain.errors import KapnotesError, Misread
from kapnotes.domain.text import shortened
from kapnotes.ui.keys import sequence_of
from kapnotes.ui.line import Line
from kapnotes.ui.looking_back import LookingBack
from kapnotes.ui.note_stamp import NoteStamp
from kapnotes.ui.pad_list import PadList
from kapnotes.ui.times import clock_time
from kapnotes.ui.wording import error_line


class Pad(Protocol):
    """What correcting needs of its window."""

    live: LiveSession
    line: Line
    stamp: NoteStamp
    rows: PadList
    back: LookingBack

    def say(self, text: str, *, is_mark: bool = False) -> None:
        """Show one calm line of news."""
        ...

    def turn_line(self, field: str) -> None:
        """Let the line be of *field*; what is half-typed in it waits."""
        ...

    def take_up_note(self) -> None:
        """Let the line be a note again, with what was half-typed in it."""
        ...


class Correcting(QObject):
    """Correcting, taking back and undoing by keys, in one pad.

    `code` is the code of what is corrected, as long as it is.
    """

    def __init__(self, pad: Pad, parent: QWidget, codebook: Codebook) -> None:
        super().__init__(parent)
        self.code = ""
        self._pad = pad
        self._codebook = codebook
        self._corrections = Corrections(pad.live)
        self._target: Entry | None = None
        self._asked = ""
        self._had_chosen = False
        self._newest: tuple[Entry, ...] = ()
        pad.back.moved.connect(self._forget_question)
        pad.line.textChanged.connect(self._forget_question)

    @property
    def is_on(self) -> bool:
        """Tell whether the line corrects an entry."""
        return self._target is not None

    # --------------------------------------------------------------------------------------- beginning

    @Slot()
    def correct(self) -> None:
        """Put the chosen row, or the newest own one, into the line to correct it."""
        had_chosen = self._pad.back.chosen() is not None
        entry = None if self.is_on else self._pad.back.own_or_newest()
        if entry is not None:
            self._begin(entry, had_chosen=had_chosen)

    def _begin(self, entry: Entry, text: str | None = None, code: str | None = None, *, had_chosen: bool) -> None:
        try:
            stands = self._corrections.as_it_stands(entry)
        except KapnotesError as error:
            self._pad.say(error_line(error), is_mark=True)
            return
        pad, (words, its_code) = self._pad, words_to_correct(stands)
        pad.turn_line(f"{CORRECTION}{entry.entry_id}")
        self._target, self._had_chosen, self._asked = stands, had_chosen, ""
        self.code = its_code if code is None else code
        pad.live.typing.begin(f"{CORRECTION}{entry.entry_id}")
        pad.line.setPlainText(words if text is None else text)
        pad.line.moveCursor(QTextCursor.MoveOperation.End)
        pad.back.choose(stands)
        self._show_stamp()
        hint = self.tr("Enter corrects it{reason}, Esc leaves it as it was; it stays legible. Why: at the end, // why.")
        needed = self.tr(" with a reason") if self._corrections.needs_reason else ""
        pad.say(hint.format(reason=needed))

    def resume(self) -> bool:
        """Take up a correction that a lock, a closed window or a crash left half-typed; tells whether there was one."""
        typing = self._pad.live.typing
        while field := typing.correction():
            target_id = field.removeprefix(CORRECTION)
            entry = self._pad.live.record.entry(target_id, self._pad.live.member.member_id)
            line = typing.bring_back(field)
            if entry is None or line is None or self._pad.live.record.as_it_stands(entry) is None:
                typing.turn_into_note(field)
                continue
            self._begin(entry, line.text, line.code, had_chosen=False)
            time = clock_time(entry.happened)
            self._pad.say(self.tr("The half-typed correction of {} is back: Enter corrects, Esc leaves.").format(time))
            return True
        return False

    # ------------------------------------------------------------------------------------------ typing

    def enter(self, text: str) -> None:
        """Correct the entry to *text*.

        Raises:
            KapnotesError: it cannot be; the line stays as it is.
        """
        target = self._target
        if target is None:
            return
        code, text = self._code_and_words(target, text)
        made = self._corrections.enter(target, text, code)
        self._finish()
        self._newest = made
        if not made:
            self._pad.say(self.tr("Nothing was changed."))
        elif isinstance(made[0].body, Correction) and made[0].body.replacement is None:
            self._say_taken_back(target)
        else:
            self._pad.say(self.tr("Corrected; the original stays legible. On an empty line Ctrl+Z undoes it."))

    def _code_and_words(self, target: Entry, text: str) -> tuple[str, str]:
        """Return code and words of a corrected note, whose code can be typed before it as in any other note."""
        prefix, rest = self._codebook.split_prefix(text)
        known = self._codebook.named(prefix)
        was_there = self._codebook.split_prefix(words_to_correct(target)[0])[0] == prefix
        if not isinstance(target.body, Note) or known is None or known.kind is CodeKind.SETTING or was_there:
            return self.code, text
        return recoded(target.body, known), rest

    def take_code(self, code: Code) -> bool:
        """Let the key of *code* be about what is corrected; tells whether it is. A silent signal goes its way."""
        if self._target is None or code.kind is CodeKind.SIGNAL:
            return False
        try:
            other = recoded(self._target.body, code)
        except KapnotesError as error:
            self._pad.say(error_line(error), is_mark=True)
            return True
        self.code = "" if other == self.code and isinstance(self._target.body, Note) else other
        self._pad.live.typing.changed()
        self._show_stamp()
        return True

    def _show_stamp(self) -> None:
        if self._target is not None:
            words = self.tr("corrects {}").format(clock_time(self._target.happened))
            self._pad.stamp.show_words(words, self.code)

    def escape(self) -> bool:
        """Leave the correction by Esc, by a second one where something was changed; tells whether there was one."""
        if self._target is None:
            return False
        is_changed = (self._pad.line.text(), self.code) != words_to_correct(self._target)
        if is_changed and self._asked != "leave":
            self._asked = "leave"
            self._pad.say(self.tr("Esc once more leaves the correction; the entry stays as it was."))
        else:
            self._finish()
        return True

    def _finish(self) -> None:
        """Let the line be a note again."""
        if self._target is not None:
            self._pad.live.typing.drop(f"{CORRECTION}{self._target.entry_id}")
        self._target, self.code, self._asked = None, "", ""
        self._pad.say("")
        self._pad.line.clear()
        if not self._had_chosen:
            self._pad.back.unchoose()
        if not self.resume():
            self._pad.take_up_note()

    # ------------------------------------------------------------------------------------ taking back

    @Slot()
    def take_back(self) -> None:
        """Take the chosen row back, or the newest own one, when the key is pressed twice."""
        had_chosen = self._pad.back.chosen() is not None
        entry = self._target or self._pad.back.own_or_newest()
        if entry is None:
            return
        if not self._pad.rows.stands(entry) and not self.is_on:
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
                self._pad.say(words.format(key=sequence_of("retract"), row=self._row_words(stands)))
            else:
                self._take_back(stands)
        except KapnotesError as error:
            self._pad.say(error_line(error), is_mark=True)

    def _ask_reason(self, entry: Entry, *, had_chosen: bool) -> None:
        if not self.is_on:
            self._begin(entry, BECAUSE.lstrip(), had_chosen=had_chosen)
        self._pad.say(self.tr("You signed: type why it is taken back after //, and nothing before it; then Enter."))

    def _take_back(self, entry: Entry) -> None:
        made = self._corrections.take_back(entry)
        if self.is_on:
            self._finish()
        elif not self._had_chosen:
            self._pad.back.unchoose()
        self._asked = ""
        self._newest = made
        self._say_taken_back(entry)

    def _bring_back(self, entry: Entry) -> None:
        try:
            self._newest = self._corrections.bring_back(entry)
        except KapnotesError as error:
            self._pad.say(error_line(error), is_mark=True)
            return
        self._pad.say(self.tr("Stands again: {}").format(self._row_words(entry)))

    def _say_taken_back(self, entry: Entry) -> None:
        words = self.tr("Taken back: {row}. On an empty line Ctrl+Z brings it back.")
        self._pad.say(words.format(row=self._row_words(entry)))

    def _row_words(self, entry: Entry) -> str:
        code, words = self._pad.rows.words_of(entry)
        return shortened(" ".join(part for part in (clock_time(entry.happened), code, words) if part), 60)

    # ------------------------------------------------------------------------------------------- undo

    def noted(self, entry: Entry) -> None:
        """Remember what was noted last, for undo."""
        is_new = not isinstance(entry.body, Correction) and isinstance(content_of(entry.body), Correctable)
        if is_new and self._pad.rows.is_own(entry):
            self._newest = (entry,)

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
            if isinstance(newest[0].body, Correction):
                self._newest = self._corrections.undo(newest)
                self._pad.say(self.tr("Undone; Ctrl+Z once more does it again."))
            elif isinstance(content_of(newest[0].body), Mark | CheckIn):
                self._newest = self._corrections.take_back(newest[0])
                self._say_taken_back(newest[0])
            else:
                self._begin(newest[0], had_chosen=self._pad.back.chosen() is not None)
        except Misread as error:
            self._newest = newest
            self._pad.say(error_line(error), is_mark=True)

    @Slot()
    def _forget_question(self) -> None:
        self._asked = ""
