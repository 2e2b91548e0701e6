"""What is typed into the line of the vitals log: shown as chips while it is typed, looked at, and logged by Enter."""

from typing import Protocol

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from kapnotes.app.live_session import LiveSession
from kapnotes.domain.clock import Stamp
from kapnotes.domain.correcting import split_reason
from kapnotes.domain.drug_entries import InfusionPause
from kapnotes.domain.drug_words import against_plan_in_words, attached_in_words
from kapnotes.domain.entries import Action, Entry, MedicalBody, TakenBy, Vitals
from kapnotes.domain.errors import KapnotesError, LeavesEarly, Misread, NeedsConfirmation, ScoreDiffers, StartHeld
from kapnotes.domain.holding import WORD, split_hold, starts
from kapnotes.domain.limits import BOUNDS
from kapnotes.domain.line_begun import goes_behind
from kapnotes.domain.line_preview import Preview, preview_of
from kapnotes.domain.marked import unanswered
from kapnotes.domain.rescue import matches, typed_drug
from kapnotes.domain.shorthand import MAX_LINE
from kapnotes.domain.text import shortened
from kapnotes.domain.words import Translate
from kapnotes.ui.care import question
from kapnotes.ui.chips import Chips
from kapnotes.ui.clinic_words import drug_line
from kapnotes.ui.correcting import Correcting
from kapnotes.ui.keys import sequence_of
from kapnotes.ui.lamp import Lamp
from kapnotes.ui.line import Line
from kapnotes.ui.line_stamp import LineStamp
from kapnotes.ui.log_chips import chips_of, trouble_in
from kapnotes.ui.log_row import words_of
from kapnotes.ui.log_rows import LogRows
from kapnotes.ui.looking_back import LookingBack, RowList
from kapnotes.ui.pad_rows import taken_back_words
from kapnotes.ui.readings import about_words
from kapnotes.ui.stop_words import stop_words
from kapnotes.ui.times import clock_time
from kapnotes.ui.wording import error_line

PAUSE_MS = 1500
"""After so long without a key a word counts as finished, also where no space follows it."""

_DO = "do "


class Log(Protocol):
    """What the line needs of its window."""

    live: LiveSession
    line: Line
    chips: Chips
    stamp: "LogStamp"
    rows: LogRows
    taken_by: TakenBy

    @property
    def back(self) -> LookingBack:
        """Return what chooses rows."""
        ...

    @property
    def correcting(self) -> Correcting:
        """Return what corrects entries in the line."""
        ...

    def say(self, text: str, *, is_mark: bool = False, lasts: bool = False) -> None:
        """Show one calm line of news."""
        ...

    def last_set(self) -> str:
        """Return the newest set in words, where the window has no room to show it otherwise; else nothing."""
        ...

    def waiting_line(self) -> str:
        """Return which half-typed line waits for this one to be done, in words; else nothing."""
        ...

    def begin_line(self, start: str) -> None:
        """Begin another line; what is half-typed waits."""
        ...

    def take_up_line(self) -> None:
        """Show a half-typed line that waits, and the time it has."""
        ...

    def look_at_line(self) -> None:
        """Show as chips what the line says."""
        ...


class LogStamp(LineStamp):
    """The stamp of the log's line: what is entered happens now, but for a line that came back."""

    def __init__(self) -> None:
        super().__init__(QCoreApplication.translate("LogStamp", "Time of the entry"))
        self.show_line(None)

    def show_line(self, began: Stamp | None) -> None:
        """Show that the entry happens now, or when it *began* where the line came back."""
        now = QCoreApplication.translate("LogStamp", "now")
        self.show_words(clock_time(began, with_seconds=True) if began is not None else now)

    def show_correction(self, words: str, code: str) -> None:
        """Show that the line corrects an entry; there are no codes here."""
        self.show_words(words, code)


class LogLookingBack(LookingBack):
    """The keys that look back in one log; what is looked at stands in the place of the chips."""

    def __init__(self, log: Log, parent: QWidget, shown_in: RowList) -> None:
        super().__init__(parent, log.rows, shown_in)
        self._log = log

    def say(self, text: str) -> None:
        """Show one calm line of news."""
        self._log.say(text)

    def can_correct(self, entry: Entry) -> bool:
        """Tell whether *entry* is an own one of a kind that is corrected here."""
        return self._log.rows.is_own(entry) and self._log.correcting.is_correctable(entry)

    def look(self) -> None:
        """Tell the keys for the chosen row, and what it said before; the next key in the line brings the chips back."""
        chosen = self.chosen()
        if chosen is None or self._log.correcting.is_on:
            self._log.look_at_line()
            return
        if not self._log.rows.stands(chosen):
            self._log.chips.show_words(self.hint(chosen), taken_back_words(self._log.live.record, chosen))
            return
        was = " \N{RIGHTWARDS ARROW} ".join(self._log.rows.earlier(chosen))
        struck = self.tr("was: {}").format(shortened(was, 300)) if was else ""
        self._log.chips.show_words(self.hint(chosen), struck, is_struck=True)


class LogLine(QObject):
    """Reads the line of one window with every key, and enters it."""

    logged = Signal()

    def __init__(self, log: Log, parent: QWidget, lamp: Lamp, translate: Translate) -> None:
        super().__init__(parent)
        self._log = log
        self._translate = translate
        self._lamp = lamp
        self._asked_about = ""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._paused)
        log.line.textChanged.connect(self._typed)
        log.line.too_long.connect(self._say_too_long)

    # -------------------------------------------------------------------------------------------- typing

    @Slot()
    def _typed(self) -> None:
        if self._log.line.text() != self._asked_about:
            self._asked_about = ""
        self._pause.start()
        self._look(is_over=False)

    @Slot()
    def _paused(self) -> None:
        self._look(is_over=True)

    def look(self) -> None:
        """Show what the line says, as finished as it is."""
        self._look(is_over=not self._pause.isActive())

    def _look(self, *, is_over: bool) -> None:
        log, text = self._log, self._log.line.text()
        log.line.show_fault(None)
        if not text.strip() or len(text) > MAX_LINE:
            log.chips.show_words((log.waiting_line() or log.last_set()) if not text.strip() else "")
            if log.back.chosen() is not None and not log.correcting.is_on:
                log.back.look()
            return
        said = split_reason(text)[0] if log.correcting.is_on else text
        preview = preview_of(said, self._read, is_over=is_over)
        drug = self._drug_hint(said) if preview.body is None else ""
        if drug:
            log.chips.show_words(drug)
            return
        if preview.fault is not None:
            log.line.show_fault(preview.fault.column, self._lamp.night.mark)
            below, is_mark = error_line(preview.fault), True
        else:
            below, is_mark = error_line(preview.hint) if preview.hint is not None else "", False
        target = log.correcting.target
        self._show(
            preview, target.happened if target is not None else log.live.lines.happens(said), below, is_mark=is_mark
        )

    def _show(self, preview: Preview, at: Stamp, below: str, *, is_mark: bool) -> None:
        body, open_fields = preview.body, preview.open_fields
        log, record = self._log, self._log.live.record
        target = log.correcting.target
        if isinstance(body, Vitals):
            if not below:
                below = trouble_in(body, record, at, open_fields, target.entry_id if target is not None else "")
                is_mark = bool(below)
            log.chips.show_chips(chips_of(body, record, at, open_fields), below, is_mark=is_mark)
        elif body is None:
            log.chips.show_words("", below, is_mark=is_mark)
        else:
            if isinstance(body, Action) and not below:
                below = about_words(record, body)
            log.chips.show_words(
                self._words_of(preview.said, Entry("", "", "", at, at, body), body), below, is_mark=is_mark
            )

    def _words_of(self, text: str, entry: Entry, body: MedicalBody) -> str:
        """Return what will be logged; of a dose its mg/kg by this session's weight, and beside it the plan."""
        live, translate = self._log.live, self._translate
        attached = live.lines.attached(text)
        words = words_of(entry, live.record, is_pause=isinstance(attached, InfusionPause))
        said = split_hold(text) if starts(body) else None
        why = self.tr("although held: {}").format(said[1]) if said is not None else ""
        plan = against_plan_in_words(live.record, body, translate)
        return "  ·  ".join(filter(None, [words, attached_in_words(attached, translate), *plan, why]))

    def _drug_hint(self, text: str) -> str:
        """Return what the name behind `rescue` means so far, while the amount is still to come."""
        typed = typed_drug(text)
        if typed is None or len(text.split()) > 2:
            return ""
        found = matches(typed[0], self._log.live.rescue_drugs())
        if not found:
            return self.tr("{} is not on the clinic's list").format(typed[0])
        return "  ·  ".join(drug_line(drug) for drug in found[:3])

    def _read(self, text: str) -> MedicalBody:
        body = self._log.live.lines.read(text, taken_by=self._log.taken_by)
        if not self._log.correcting.is_on:
            self._log.live.lines.require_flow(text, body)
        return body

    @Slot(int)
    def _say_too_long(self, length: int) -> None:
        words = self.tr(
            "A line of the log holds {most:,} characters; the clipboard has {length:,}. Nothing was pasted."
        )
        self._log.say(words.format(most=MAX_LINE, length=length), is_mark=True)

    # ------------------------------------------------------------------------------------------ entering

    def enter(self, text: str) -> None:
        """Log *text*, or correct an entry to it; what cannot be stays in the line, and why is said."""
        if not text.strip() and not self._log.correcting.is_on:
            self._log.take_up_line()
            return
        try:
            self._enter(text, is_confirmed=bool(text) and self._asked_about == text)
        except (NeedsConfirmation, ScoreDiffers, LeavesEarly) as asked:
            self._asked_about = text
            self._log.say(question(asked, self._log.live), is_mark=True)
        except StartHeld as held:
            self._log.line.replace_all(f"{text.strip()} {WORD} ")
            self._log.say(error_line(held), is_mark=True)
        except KapnotesError as error:
            if isinstance(error, Misread):
                self._log.line.choose_word(error.column)
                self._log.line.show_fault(min(error.column, len(text)), self._lamp.night.mark)
            self._log.say(error_line(error), is_mark=True)

    def _enter(self, text: str, *, is_confirmed: bool) -> None:
        if self._log.correcting.is_on:
            self._log.correcting.enter(text, is_confirmed=is_confirmed)
            return
        entry = self._log.live.log(text, is_confirmed=is_confirmed, taken_by=self._log.taken_by)
        self._log.line.clear()
        self._log.say("")
        self._log.take_up_line()
        stopped = stop_words(self._log.live.record, entry)
        if stopped:
            self._log.say(stopped)
        else:
            self._say_marks(entry)
        self.logged.emit()

    def _say_marks(self, entry: Entry) -> None:
        """Say what of *entry* lies outside the protocol, the most severe first, and how what was done is noted."""
        outside = self._log.live.record.out_of_protocol(entry.body) if isinstance(entry.body, Vitals) else ()
        if not outside:
            return
        far = [f"{BOUNDS[out.field].name} {out.value}" for out in outside if out.is_far]
        near = [f"{BOUNDS[out.field].name} {out.value}" for out in outside if not out.is_far]
        said = [self.tr("Far outside the protocol: {}.").format(", ".join(far)) if far else ""]
        said.append(self.tr("Outside the protocol: {}.").format(", ".join(near)) if near else "")
        asked = self.tr("What was done?  {key} do …").format(key=sequence_of("action"))
        self._log.say(" ".join(part for part in (*said, asked) if part), is_mark=True)

    # ------------------------------------------------------------------------------------- commands by key

    def begin_with(self, start: str) -> None:
        """Begin the line with a command; what was typed for it stays behind it, and a line of its own waits."""
        line = self._log.line
        if self._log.correcting.is_on:
            self._log.say(self.tr("The line corrects an entry: Enter or Esc first."), is_mark=True)
        elif not line.text().startswith(start):
            self._begin_command(start)
        elif start == _DO:
            self._name_next_reading()
        line.setFocus()

    def _begin_command(self, start: str) -> None:
        """Put *start* before what was typed for it, else begin another line with it; an action names its reading."""
        log = self._log
        if goes_behind(start, log.line.text(), self._read):
            log.line.replace_all(f"{start}{log.line.text().strip()}")
        else:
            log.begin_line(start)
        if start == _DO:
            self._name_next_reading()

    def _name_next_reading(self) -> None:
        """Let what was done be about a marked reading that waits; where several do, each press names the next one."""
        text = self._log.line.text()
        waiting = [self._at(entry) for entry in reversed(unanswered(self._log.live.record))]
        first, _, rest = text.removeprefix(_DO).partition(" ")
        said = rest if first.startswith("@") else text.removeprefix(_DO).strip()
        if len(waiting) < 2:
            return
        place = (waiting.index(first) + 1) % len(waiting) if first in waiting else 0
        self._log.line.replace_all(f"{_DO}{waiting[place]} {said.strip()}")

    def _at(self, entry: Entry) -> str:
        """Return the time by which an action names *entry*: with seconds where another stands in the same minute."""
        times = [clock_time(one.happened) for one in unanswered(self._log.live.record)]
        is_alone = times.count(clock_time(entry.happened)) == 1
        return f"@{clock_time(entry.happened, with_seconds=not is_alone)}"
