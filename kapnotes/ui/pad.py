"""The therapist's note pad: one line, the time of its first key, and what was noted above it."""

from collections.abc import Iterator

from PySide6.QtCore import QSettings, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kapnotes.app.carry_over import CarryOver
from kapnotes.app.live_session import LiveSession
from kapnotes.app.note_line import keep_line
from kapnotes.app.seat import Seat
from kapnotes.app.typed_fields import NOTE
from kapnotes.domain.check_in import EARLY_S, interval_s
from kapnotes.domain.clock import Stamp
from kapnotes.domain.codebook import Code, Codebook, CodeKind
from kapnotes.domain.entries import (
    Correction,
    Entry,
    Intention,
    content_of,
)
from kapnotes.domain.errors import KapnotesError, Misread, ReadOnly, SignedOff
from kapnotes.domain.text import shortened
from kapnotes.ui import pad_check_in
from kapnotes.ui.around import Around
from kapnotes.ui.bridge import Ticker
from kapnotes.ui.code_keys import CodeKeys
from kapnotes.ui.in_steps import laid_out, painted, styled
from kapnotes.ui.keys import Where, sequence_of
from kapnotes.ui.keys_overlay import Row
from kapnotes.ui.labels import ScaledLabel
from kapnotes.ui.lamp import Lamp
from kapnotes.ui.line import Line
from kapnotes.ui.mark_keys import MarkKeys
from kapnotes.ui.note_stamp import NoteStamp
from kapnotes.ui.pad_correcting import PadCorrecting
from kapnotes.ui.pad_list import PadList
from kapnotes.ui.pad_looking_back import PadLookingBack
from kapnotes.ui.pad_room import CLOCKS, ROOMY_FROM_PX, SMALL_CLOCKS, Aside, PadRoom
from kapnotes.ui.pad_sight import PadSight
from kapnotes.ui.pad_use import PadUseKeeper
from kapnotes.ui.session_window import SessionWindow
from kapnotes.ui.sign_door import SignDoor
from kapnotes.ui.timeline import Timeline
from kapnotes.ui.times import clock_time
from kapnotes.ui.wording import error_line


class PadWindow(SessionWindow):
    """One session as the therapist holds it."""

    search_asked = Signal(object)
    follow_up_asked = Signal(object)
    own_field = NOTE

    def __init__(
        self, seat: Seat, live: LiveSession, codebook: Codebook, lamp: Lamp, ticker: Ticker, settings: QSettings
    ) -> None:
        super().__init__(Where.PAD, "pad", seat, live, settings)
        self._codebook = codebook
        self._code = ""
        self._has_begun = False
        """Whether a first key came that the window has not spoken of yet."""
        self._lamp = lamp
        self._ticker = ticker

    # ------------------------------------------------------------------------------------------ building

    def build(self) -> Iterator[None]:
        """Put the window together, the rows in sight measured."""
        yield from self._build_body()
        self._bind_keys()
        self.sign = SignDoor(self)
        yield
        self._begin_listening()
        yield
        yield from styled(self)
        self.share_room()
        laid_out(self)
        yield
        yield from painted(self)

    def _begin_listening(self) -> None:
        self.around.listen()
        self._mark_keys.listen()
        self.listen(self._ticker)
        self.rows.show_all()
        self._show_intention()
        self.look()
        self.keep_line(NOTE, self.line, self._half_typed)
        if not self.correcting.resume():
            self._bring_back()
        self.around.begin()
        self.line.setFocus()

    def _build_body(self) -> Iterator[None]:
        lamp, body = self._lamp, QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self.head(CLOCKS))
        self.sight = PadSight(self.live, self._codebook, lamp, self)
        self.ribbon, self.cue, self.strip = self.sight.ribbon, self.sight.cue, self.sight.strip
        self.legend = self.sight.legend
        column.addWidget(self.ribbon)
        self.intention = ScaledLabel(0.95, is_dim=True)
        self.intention.setWordWrap(True)
        self.intention.setAccessibleName(self.tr("Intention"))
        column.addWidget(self.intention)
        self.around = Around(self, CarryOver(self.seat, self.live), self._ticker.turns)
        column.addWidget(self.around.line)
        yield
        self.timeline = Timeline(lamp)
        self.rows = PadList(self.timeline, self.live, self._codebook, self._gap_after_s)
        column.addWidget(self.timeline, 1)
        self.back = PadLookingBack(self, self, self._codebook)
        self.aside = Aside(self.back.place)
        column.insertWidget(column.indexOf(self.timeline), self.aside)
        column.addWidget(self.back.place)
        yield
        entry = QHBoxLayout()
        self.line = Line(takes_breaks=True)
        self.line.setAccessibleName(self.tr("Note"))
        self._invitation = self.tr("type; the time is that of the first key · {} all keys").format(sequence_of("keys"))
        self.line.setPlaceholderText(self._invitation)
        self.close_line_if_read_only(self.line)
        self.line.entered.connect(self._enter)
        self.line.first_key.connect(self._begin)
        self.line.painted.connect(self._show_begun)
        self.line.painted.connect(self.around.wait)
        self.line.emptied.connect(self._emptied)
        self.line.clear_asked_once.connect(self.say_esc)
        self.line.cleared.connect(self.say_cleared)
        self.line.too_long.connect(self._say_too_long)
        self.stamp = NoteStamp(self.live, self.line, self._codebook)
        self.correcting = PadCorrecting(self, self, self._codebook)
        self.line.undo_asked_when_empty.connect(self._undo)
        entry.addWidget(self.stamp)
        entry.addWidget(self.line, 1)
        column.addLayout(entry)
        yield
        column.addWidget(self.cue)
        column.addWidget(self.strip)
        column.addWidget(self.legend)
        giving_way = (self.legend, self.intention, self.around.line)
        self._room = PadRoom(column, self.aside, self.back.place, self.strip, giving_way)
        self._use = PadUseKeeper(self, self.live)
        self.set_body(body)
        self.set_title(self.tr("KAPnotes · note pad of {}").format(self.seat.member.label))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the room to the rows where there is little."""
        super().resizeEvent(event)
        self.share_room()

    def share_room(self) -> None:
        """Let the keys, the clocks, the intention and the ribbon give way to the rows."""
        if not hasattr(self, "_use"):
            return
        is_low = self.keep_low(SMALL_CLOCKS if self.height() < ROOMY_FROM_PX else CLOCKS)
        self._room.fit(self.height(), is_low=is_low)
        self.sight.be_thin(self._room.is_small)
        self.ribbon.setVisible(not is_low)
        self.strip.show_whole(is_shown=not is_low)
        if not (self.live.is_read_only or self.live.signing.signed() or self.correcting.is_on):
            self.line.setPlaceholderText(self.tr("type") if is_low else self._invitation)
        self._show_intention()

    def _bind_keys(self) -> None:
        self._mark_keys = MarkKeys(self, self._codebook)
        self.bind("intention", self._keep_intention)
        self.bind("pad_stage", self.next_stage)
        self.bind("pad_sign", self._ask_sign)
        self.bind("blank", self.blank_asked.emit)
        self.line.ask_at_escape(self._leaves_by_esc)
        self.bind("pad_up", self.back.page_up, repeats=True)
        self.bind("pad_down", self.back.page_down, repeats=True)
        self.bind("pad_now", self.back.leave)
        self.bind("row_up", self.back.up, repeats=True)
        self.bind("row_down", self.back.down, repeats=True)
        self.bind("correct", self.correcting.correct)
        self.bind("retract", self.correcting.take_back)
        self.bind("only", self.back.only)
        self.bind("want", self.back.want)
        self.bind("search", self._ask_search)
        self.bind("pad_summary", self.ask_summary)
        self.bind("responses", self.ask_responses)
        self.bind("follow_up", self._ask_follow_up)
        self._code_keys = CodeKeys(self, self._codebook, self._press_code)

    @Slot()
    def ask_summary(self) -> None:
        """Ask for the summary, and leave the page: both show its blocks, and one of them does at a time."""
        self.around.leave()
        super().ask_summary()

    @Slot()
    def _ask_search(self) -> None:
        self.search_asked.emit(self)

    @Slot()
    def _ask_follow_up(self) -> None:
        self.follow_up_asked.emit(self)

    def further_keys(self) -> tuple[Row, ...]:
        """Return the keys of the codebook."""
        return (*self._code_keys.rows(), *self._mark_keys.rows())

    # -------------------------------------------------------------------------------------------- typing

    @Slot()
    def _begin(self) -> None:
        """Take the time of a line's first key; what the window says of it follows once the letter is painted."""
        self.correcting.forget_newest()
        self._has_begun = True
        if self.correcting.is_on:
            self.live.typing.begin(self._field, by_undo=self.line.is_rewinding)
            return
        line = self.live.typing.begin(NOTE, by_undo=self.line.is_rewinding)
        if self.line.is_rewinding:
            self._code = line.code

    @Slot()
    def _show_begun(self) -> None:
        if not self._has_begun:
            return
        self._has_begun = False
        self.say("")
        line = self.live.typing.half_typed(NOTE)
        if line is not None and not self.correcting.is_on:
            self._show_stamp(line.began)

    def _half_typed(self) -> tuple[str, str]:
        return self.line.text(), self.correcting.code if self.correcting.is_on else self._code

    def _bring_back(self) -> None:
        """Put back a half-typed line, under the time of its first key and the code it was pressed for."""
        line = self.bring_back()
        if line is not None:
            self._code = line.code
            self._show_stamp(line.began)

    def take_up_line(self) -> None:
        """Let the line be a note again, with what was half-typed in it."""
        self.turn_line(NOTE)
        self._code = ""
        self._show_stamp(None)
        self._bring_back()

    @Slot()
    def _emptied(self) -> None:
        if self._field != NOTE:
            self.live.typing.drop(self._field, self.correcting.code)
            return
        self.live.typing.drop(NOTE, self._code)
        self.say("")
        self._code = ""  # a code belongs to the line it was pressed for, never to the next one
        self._show_stamp(None)

    def _show_stamp(self, stamp: Stamp | None) -> None:
        self.stamp.show_line(stamp, self._code)

    @Slot(str)
    def _enter(self, text: str) -> None:
        if self.is_unseen(text):
            return
        try:
            if self.correcting.is_on:
                self.correcting.enter(text)
                return
            if not text.strip():
                self._answer_check_in()
                return
            began = self.live.begin_note()
            entry = keep_line(self.live, self._codebook, text, self._code)
        except KapnotesError as error:
            if isinstance(error, Misread):
                self.line.put_caret(error.column)
            self.say(error_line(error), is_mark=True)
            return
        self._code = ""
        self.line.clear()
        self._show_stamp(None)
        self.say(self._noted_words(entry, began))
        self._bring_back()

    def _noted_words(self, entry: Entry, began: Stamp) -> str:
        """Return when a line was noted that names a time: its row stands there, where nobody may look just now."""
        is_of_before = entry.happened != began and self.live.signing.signed() is None
        return self.tr("Noted at {}.").format(clock_time(entry.happened)) if is_of_before else ""

    @Slot()
    def _undo(self) -> None:
        if not self._mark_keys.undo():
            self.correcting.undo()

    def _press_code(self, code: object) -> None:
        """Do what the key of a code does; the half-typed line stays as it is."""
        assert isinstance(code, Code)  # noqa: S101 - Qt-side callbacks carry plain objects
        if self.correcting.take_code(code):
            return
        if code.kind not in {CodeKind.QUOTE, CodeKind.SETTING}:
            self._mark_keys.press(code)
            return
        if self.around.page is not None:
            return  # nobody would see what the line becomes
        try:
            self._code = "" if self._code == code.name else code.name
            self.live.typing.changed()
            self._show_stamp(self.live.begin_note() if self.line.text() else None)
        except (SignedOff, ReadOnly) as error:
            self.say(error_line(error), is_mark=True)

    def _answer_check_in(self) -> None:
        if self._code:
            self._code = ""
            self._show_stamp(None)
            return
        words = pad_check_in.answer(self.live)
        if words:
            self.say(words)

    @Slot()
    def _keep_intention(self) -> None:
        if self._says_it_corrects():
            return
        if self.around.go_to_intention():
            return
        if not self.line.text().strip():
            self.say(self.tr("Type the intention first, then {}.").format(sequence_of("intention")))
            return
        try:
            self.live.intention(self.line.text())
        except (SignedOff, ReadOnly) as error:
            self.say(error_line(error), is_mark=True)
            return
        self._code = ""
        self.line.clear()
        self.say("")
        self._bring_back()

    def _leaves_by_esc(self) -> bool:
        return self.correcting.escape() or self.back.escape()

    @Slot()
    def _ask_sign(self) -> None:
        if not self._says_it_corrects():
            self.sign.ask()

    def _says_it_corrects(self) -> bool:
        if self.correcting.is_on:
            self.say(self.tr("The line corrects an entry: Enter or Esc first."), is_mark=True)
        return self.correcting.is_on

    @Slot(int)
    def _say_too_long(self, length: int) -> None:
        self.say(self.tr("One entry holds 1,000,000 characters; the clipboard has {:,}.").format(length), is_mark=True)

    # ------------------------------------------------------------------------------------------- showing

    def _gap_after_s(self) -> float:
        return interval_s(self.live.record) + EARLY_S

    def show_entry(self, entry: Entry) -> None:
        """Show what was noted, here or in the other seat."""
        self.rows.show_entry(entry)
        self.back.look()
        self.correcting.noted(entry)
        if isinstance(entry.body, Correction) or isinstance(content_of(entry.body), Intention):
            self._show_intention()
        super().show_entry(entry)

    def _show_intention(self) -> None:
        intention = self.live.record.newest(Intention)
        text = f"“{shortened(intention.text, 300)}”" if intention is not None else ""
        self.intention.setText(text)
        self.intention.setVisible(bool(text) and not self._room.is_small)
        self.aside.show_words(text, self.around.line.text())

    def show_saved(self, entry: Entry) -> None:
        """Put the tick on the row of *entry*."""
        self.rows.mark_saved(entry)
        super().show_saved(entry)

    def detach(self) -> None:
        """Hear no more news."""
        self.around.detach()
        super().detach()
        self._mark_keys.detach()
        self._use.keep()

    # ------------------------------------------------------------------------------------------- looking

    def count_on(self, now: Stamp) -> None:
        """Show the clocks, timers and states as they are *now*."""
        super().count_on(now)
        self.sight.count_on(now)

    @Slot()
    def look(self) -> None:
        """Show all as it is now."""
        super().look()
        self._use.look()
        self.aside.show_words(self.intention.text(), self.around.line.text())
        self.sight.look()

    def times_in_sight(self) -> tuple[str, ...]:
        """Return the time since the first dose, and when the next check-in is due."""
        return (*super().times_in_sight(), *self.sight.due())
