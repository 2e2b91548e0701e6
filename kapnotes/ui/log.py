"""The CRNA's vitals log: chart, table, and one line that takes everything."""

from collections.abc import Iterator

from PySide6.QtCore import QSettings, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kapnotes.app.live_session import LiveSession
from kapnotes.app.log_corrections import LogCorrections
from kapnotes.app.seat import Seat
from kapnotes.app.typed_fields import LOG
from kapnotes.domain.around import SignalSeen
from kapnotes.domain.clock import Stamp
from kapnotes.domain.drug_entries import Countersignature, DoseDetail, InfusionPause
from kapnotes.domain.drug_words import open_in_words
from kapnotes.domain.entries import Correction, Entry, PatientDetails, TakenBy, Vitals, content_of
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.schedule import is_overdue, missed_slots_s, next_due
from kapnotes.domain.shorthand import MAX_LINE, line_of
from kapnotes.domain.text import shortened
from kapnotes.domain.words import Translate
from kapnotes.ui import route_cue
from kapnotes.ui.allergy_line import AllergyLine
from kapnotes.ui.around import CardLine
from kapnotes.ui.bridge import Ticker
from kapnotes.ui.care import CareStrip
from kapnotes.ui.check_door import CheckDoor
from kapnotes.ui.chips import Chips
from kapnotes.ui.countersign_door import CountersignDoor
from kapnotes.ui.cue import Cue
from kapnotes.ui.emergency_door import EmergencyDoor
from kapnotes.ui.in_steps import laid_out, painted, styled
from kapnotes.ui.keys import Where, sequence_of
from kapnotes.ui.lamp import Lamp
from kapnotes.ui.line import Line
from kapnotes.ui.log_chart import LogChart
from kapnotes.ui.log_correcting import LogCorrecting
from kapnotes.ui.log_line import LogLine, LogLookingBack, LogStamp
from kapnotes.ui.log_row import InLog
from kapnotes.ui.log_rows import LogRows
from kapnotes.ui.log_table import LogModel
from kapnotes.ui.log_view import LogTable
from kapnotes.ui.looking_back import LookingBack
from kapnotes.ui.monitor_door import MonitorDoor
from kapnotes.ui.press import Press
from kapnotes.ui.reading_cursor import ReadingCursor
from kapnotes.ui.readout import Readout
from kapnotes.ui.session_window import SAVING, TIMER, SessionWindow
from kapnotes.ui.sign_door import SignDoor
from kapnotes.ui.strip import Strip
from kapnotes.ui.times import clock_time, duration
from kapnotes.ui.wording import error_line

_STARTS = {
    "not_taken": "x ",
    "dose": "dose ",
    "infusion": "inf ",
    "rescue": "rescue ",
    "event": "ae ",
    "event_end": "end ",
    "action": "do ",
    "waste": "waste ",
    "padss": "padss ",
    "discharge": "out ",
    "drawn": "drawn ",
    "returned": "return ",
}
GIVEN = 1
"""The place of the strip for what was given: its words are the longest."""

SPACING = 4
CLOCKS = 1.8
"""How large the clocks are, as a multiple of the program's type."""

CHART_FROM_PX = 480
"""Height of the window below which its chart would be too small to read."""

LINES_FOR_CHART = 24
"""A window that holds fewer lines of its own type gives the chart's room to the table: else it held less than a row,
and the words of the chart were a quarter as large as all others."""

LINES_FOR_CHANGES = 14
"""A window that holds fewer lines of its own type shows no changes below the readings that are being typed."""

BRIEF = {0: 14, GIVEN: 19, SAVING: 6}
"""What is left of the strip where there is little room, with its shares of the width: due, given, and saving."""

MOST_MISSED = 2
"""So many missed slots have room beside each other, also late in a long session."""

BESIDE = SignalSeen | DoseDetail | InfusionPause | Countersignature
"""What stands in the row of another entry."""


class LogWindow(SessionWindow):
    """One session as the CRNA holds it; for a therapist alone, what the patient measured."""

    own_field = LOG
    back: LookingBack
    correcting: LogCorrecting

    def __init__(
        self,
        seat: Seat,
        live: LiveSession,
        lamp: Lamp,
        ticker: Ticker,
        settings: QSettings,
        translate: Translate,
    ) -> None:
        super().__init__(Where.LOG, "log", seat, live, settings)
        self._lamp = lamp
        self._ticker = ticker
        self._translate = translate
        self.is_brief = False
        """Whether there is room for the most important places of the strip alone."""
        self.taken_by = TakenBy.STAFF if seat.member.is_medical else TakenBy.PATIENT

    # ------------------------------------------------------------------------------------------ building

    def build(self) -> Iterator[None]:
        """Put the window together, the chart drawn."""
        shown = len(self.live.record.entries)
        yield from self._build_body()
        self._bind_keys()
        yield
        self.monitor = MonitorDoor(self, self.seat.program.slow_worker)
        self.checks = CheckDoor(self)
        self.checks.patient_read.connect(self._take_patient)
        self.countersign = CountersignDoor(self)
        self.sign = SignDoor(self)
        self._begin_listening(shown)
        yield
        yield from styled(self)
        self.share_room()
        laid_out(self)
        yield
        yield from self.chart.draw_ahead()
        yield from painted(self)

    def _bind_keys(self) -> None:
        for name, start in _STARTS.items():
            self.bind(name, Press(self, self._begin_with, start).press)
        self.bind("pause", self._begin_pause)
        self.bind("log_stage", self.next_stage)
        self.bind("log_sign", self._ask_sign)
        self.bind("log_timer", self._answer_timer)
        self.bind("log_up", self.back.page_up, repeats=True)
        self.bind("log_down", self.back.page_down, repeats=True)
        self.bind("row_up", self.back.up, repeats=True)
        self.bind("row_down", self.back.down, repeats=True)
        self.bind("correct", self.correcting.correct)
        self.bind("retract", self.correcting.take_back)
        self.bind("cursor_back", self.cursor_on_chart.back, repeats=True)
        self.bind("cursor_on", self.cursor_on_chart.on, repeats=True)
        self.bind("cursor_first", self.cursor_on_chart.to_first)
        self.bind("cursor_newest", self.cursor_on_chart.to_newest)
        self.bind("chart_hour", self.chart.turn_view)
        self.bind("log_summary", self.ask_summary)
        self.bind("responses", self.ask_responses)

    def _begin_listening(self, shown: int) -> None:
        """Hear the news from now on; what came since *shown* entries were there is shown now."""
        self.listen(self._ticker)
        if len(self.live.record.entries) > shown:
            self.model.reload()
            self.agreed.show_session(self.live.record)
        self.look()
        self.table.scrollToBottom()
        self.keep_line(LOG, self.line, self._half_typed)
        if not self.correcting.resume():
            self.take_up_line()
        self.checks.begin()
        self.line.setFocus()

    def _build_body(self) -> Iterator[None]:
        lamp, body = self._lamp, QWidget()
        column = self._column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING)
        self.allergies = AllergyLine(self.live)
        column.addLayout(self.head(CLOCKS, self.allergies))
        self.chart = LogChart(self.live, lamp, self._translate, self._ticker.turns)
        column.addWidget(self.chart, 5)
        yield
        self.model = LogModel(self.live.record, lamp, self.live.saving.is_saved_as_it_stands)
        self.table = LogTable(lamp)
        self.table.show_rows(self.model)
        column.addWidget(self.table, 4)
        yield
        self.agreed = CardLine()
        for giving_way in (self.chart, self.agreed):
            giving_way.setMinimumHeight(1)  # what is hidden in a small window keeps none from being small
        self.agreed.show_session(self.live.record)
        column.addWidget(self.agreed)
        self.chips = Chips(self.tr("As it will be logged"), lamp)
        column.addWidget(self.chips)
        self.line = Line(takes_breaks=False, limit=MAX_LINE)
        self.line.setAccessibleName(self.tr("Readings, or a command"))
        self.line.setPlaceholderText(
            self.tr("128/76 72 98 14 s4   BP HR SpO₂ RR MOAA/S · {} all keys").format(sequence_of("keys"))
        )
        self.close_line_if_read_only(self.line)
        self.line.entered.connect(self._enter)
        self.line.first_key.connect(self._begin)
        self.line.emptied.connect(self._emptied)
        self.line.textChanged.connect(self._leave_cursor)
        self.line.clear_asked_once.connect(self.say_esc)
        self.line.cleared.connect(self.say_cleared)
        self.stamp = LogStamp()
        beside = QHBoxLayout()
        beside.addWidget(self.stamp)
        beside.addWidget(self.line, 1)
        column.addLayout(beside)
        yield
        self.rows = LogRows(self.live, self.model)
        self.back = LogLookingBack(self, self, self.table)
        self.correcting = LogCorrecting(self, self, LogCorrections(self.live))
        self.entry = LogLine(self, self, lamp, self._translate)
        self.line.undo_asked_when_empty.connect(self.correcting.undo)
        self.line.ask_at_escape(self._leaves_by_esc)
        yield
        self.cue = Cue(lamp)
        self.cue.setVisible(route_cue.has_timers(self.live))
        column.addWidget(self.cue)
        timer = (self.tr("route"),) if route_cue.has_timers(self.live) else ()
        names = (self.tr("vitals"), self.tr("given"), self.tr("missed"), self.tr("saving"), *timer)
        self._open = len(names)
        shares = {0: 6, GIVEN: 8, 2: 4, SAVING: 4, TIMER: 5, self._open: 4}
        self.strip = Strip(*names, self.tr("drawn, open"), shares=shares)
        column.addWidget(self.strip)
        yield
        self.care = CareStrip(self.live)
        self.care.setMinimumHeight(1)
        column.addWidget(self.care)
        self.readout = Readout(body, self.table, self.agreed, self.chips)
        self.cursor_on_chart = ReadingCursor(self.live.record, self.chart, self.table, self.readout, self.say)
        self.emergency = EmergencyDoor(self, body, lamp, (self.chart, self.table, self.agreed, self.chips))
        self.entry.logged.connect(self.emergency.entered)
        self.set_body(body)
        self._show_title()

    @Slot(object)
    def _take_patient(self, patient: PatientDetails | None) -> None:
        self.allergies.show_patient(patient)
        self._show_title()

    def _show_title(self) -> None:
        """Say in the bar what the window is; where there is no row for the allergies they stand first in it."""
        words = self.tr("KAPnotes · vitals log of {}").format(self.seat.member.label)
        self.set_title(f"{self.allergies.text()} · {words}" if self.is_low and self.allergies.text() else words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the room to the table where there is too little for the rest."""
        super().resizeEvent(event)
        self.share_room()

    def share_room(self) -> None:
        """Let the chart give way first, then what the pad shows too, then all but line, due, given and last sets."""
        if not hasattr(self, "cursor_on_chart"):
            return
        has_room, lines, is_low = self.height() >= CHART_FROM_PX, self.lines_held(), self.keep_low(CLOCKS)
        self.allergies.setVisible(not is_low)
        self._show_title()
        was_brief, self.is_brief = self.is_brief, is_low or not has_room
        self._column.setSpacing(0 if is_low else SPACING)
        self.chart.setVisible(has_room and lines >= LINES_FOR_CHART)
        self.agreed.setVisible(has_room and lines >= LINES_FOR_CHART)  # the pad shows it too
        self.care.setVisible(has_room and not is_low)
        self.table.keep_low(is_low=is_low)
        timer = {TIMER: 10} if route_cue.has_timers(self.live) else {}
        self.strip.give_way(BRIEF | timer if self.is_brief else None, is_nameless=is_low)
        self.chips.keep_low(is_low=lines < LINES_FOR_CHANGES)
        self.strip.show_cell(GIVEN, self._given_words(self.live.now()))
        if was_brief is not self.is_brief:
            self.strip.show_cell(0, self._due_words(is_brief=self.is_brief))
            self.entry.look()
        self.cursor_on_chart.look()

    # -------------------------------------------------------------------------------------------- typing

    @Slot()
    def _begin(self) -> None:
        self.correcting.forget_newest()
        self.live.typing.begin(self._field, by_undo=self.line.is_rewinding)

    @Slot()
    def _leave_cursor(self) -> None:
        self.cursor_on_chart.leave()

    @Slot()
    def _emptied(self) -> None:
        self.live.typing.drop(self._field)
        if not self.correcting.is_on:
            self.stamp.show_line(None)

    def _half_typed(self) -> tuple[str, str]:
        return self.line.text(), ""

    @Slot(str)
    def _enter(self, text: str) -> None:
        if not self.is_unseen(text):
            self.entry.enter(text)

    def take_up_line(self) -> None:
        """Let the line be one of the log again, with what was half-typed in it; one that corrects goes on doing so."""
        if self.correcting.is_on:
            return
        if self._field != LOG:
            self.turn_line(LOG)
        waiting = self.bring_back()
        self.stamp.show_line(waiting.began if waiting is not None and waiting.is_restored else None)

    def begin_line(self, start: str) -> None:
        """Begin another line with *start*, but for one that corrects an entry: that has to be done first."""
        if self.correcting.is_on:
            self.say(self.tr("The line corrects an entry: Enter or Esc first."), is_mark=True)
        else:
            super().begin_line(start)

    def look_at_line(self) -> None:
        """Show as chips what the line says."""
        self.entry.look()

    def waiting_line(self) -> str:
        """Return which half-typed line waits, and how it comes back."""
        waiting = None if self.correcting.is_on else self.live.typing.waiting(LOG)
        if waiting is None:
            return ""
        return self.tr("waits: {line}   Enter or Esc: it is back").format(line=shortened(waiting.text, 60))

    def _leaves_by_esc(self) -> bool:
        left = self.cursor_on_chart.leave() or self.correcting.escape() or self.back.escape()
        if left or self.line.text() or self.live.typing.waiting(LOG) is None:
            return left
        self.take_up_line()
        return True

    def _begin_with(self, start: object) -> None:
        if not self.is_on_line:
            self.leave_page()
        self.entry.begin_with(str(start))

    @Slot()
    def _ask_sign(self) -> None:
        if self.correcting.is_on:
            self.say(self.tr("The line corrects an entry: Enter or Esc first."), is_mark=True)
        elif half_typed := self.checks.half_typed():
            words = self.tr("Something is half-typed in the checklist of {}: enter or clear it first.")
            self.say(words.format(half_typed), is_mark=True)
        else:
            self.sign.ask()

    @Slot()
    def _begin_pause(self) -> None:
        self._begin_with("inf go" if self.live.record.infusion_is_paused else "inf pause")

    # ------------------------------------------------------------------------------------------- showing

    def show_entry(self, entry: Entry) -> None:
        """Show *entry* in table and chart; who looks at the newest row goes on doing so."""
        self.agreed.hear(entry, self.live.record)
        self.allergies.look()
        self._show_title()
        shown = self.live.record.as_it_stands(entry)
        is_correction = isinstance(entry.body, Correction) or isinstance(content_of(entry.body), BESIDE)
        if not is_correction and (shown is None or not isinstance(shown.body, InLog)):
            self._ticker.turns.ask(self._look_beside)  # the other window shows it; here it changes little
            return
        is_at_now = self.table.is_at_now() and not self.table.chosen()
        if is_correction:
            self.model.reload()
            self.back.look()
        elif shown is not None:
            self.model.add(shown)
        if is_at_now:
            self.table.scrollToBottom()
        self.correcting.noted(entry)
        self.chart.refresh()
        self.cursor_on_chart.look()
        super().show_entry(entry)

    def _look_beside(self) -> None:
        """Show what an entry without a row can change: it may answer the timer, or an item of a checklist."""
        self._look_saving()
        self._look_timer()
        self.care.look()
        self.checks.look()

    def show_entries(self, entries: tuple[Entry, ...]) -> None:
        """Show many at once: the table and the chart are made once."""
        self.model.reload()
        self.table.scrollToBottom()
        self.chart.refresh()
        self.cursor_on_chart.look()
        super().show_entries(entries)

    def detach(self) -> None:
        """Keep nothing of a monitor's file, and hear no more news."""
        self.monitor.detach()
        self.checks.detach()
        self.countersign.detach()
        super().detach()

    def show_saved(self, entry: Entry) -> None:
        """Put the tick on the row of *entry*."""
        self.model.mark_saved(entry)
        super().show_saved(entry)

    def count_on(self, now: Stamp) -> None:
        """Show the clocks, what is due, and what counts seconds on a page or over the chart, as it is *now*."""
        super().count_on(now)
        self.strip.show_cell(0, self._due_words(is_brief=self.is_brief))
        self._look_timer()
        self.monitor.look()
        self.checks.look()
        self.emergency.look()
        self.countersign.look()

    @Slot()
    def look(self) -> None:
        """Show all as it is now."""
        super().look()
        record, now = self.live.record, self.live.now()
        self.chart.look()
        self.strip.show_cell(GIVEN, self._given_words(now))
        if self.is_brief and not self.line.text():
            self.entry.look()  # the newest set stands there, also one from elsewhere
        self.strip.show_cell(self._open, open_in_words(record, now, self._translate))
        missed = missed_slots_s(record, now)
        self.strip.show_cell(2, self._missed_words([f"T+{int(slot_s // 60)}" for slot_s in missed]))
        self.care.look()

    def _given_words(self, now: Stamp) -> str:
        """Return what was given and what the infusion does; in a brief strip without mg/kg, and that it runs.

        Where there are few lines, mg/kg gives way to what is over the plan.
        """
        record = self.live.record
        words = self.tr("{} mg").format(record.given_mg(now)) if record.first_dose is not None else ""
        is_over = record.is_over_plan(now)
        is_short = self.is_brief or (is_over and self.lines_held() < LINES_FOR_CHART)
        per_kg = None if is_short else record.given_mg_per_kg(now)
        if words and per_kg is not None:
            words = f"{words}  {self.tr('{} mg/kg').format(per_kg)}"
        if is_over:
            over = self.tr("{} over plan") if self.is_brief else self.tr("{}, over plan: inf 0")
            words = over.format(words)
        elif record.infusion_is_paused:
            words = self.tr("{}, paused").format(words)
        elif self.is_brief and record.infusion_is_running:
            words = self.tr("{}, runs").format(words)
        return words

    def _missed_words(self, missed: list[str]) -> str:
        """Return the missed slots; of many how many there are, and the newest: all of them stand at the sign-off."""
        if len(missed) <= MOST_MISSED:
            return ", ".join(missed)
        return self.tr("{count}, last {newest}").format(count=len(missed), newest=missed[-1])

    def last_set(self) -> str:
        """Return when the newest set was taken, and the set as it would be typed, where the table may not show it."""
        found = self.live.record.of(Vitals) if self.is_brief else []
        if not found:
            return ""
        entry, vitals = found[-1]
        return self.tr("last {time}:  {readings}").format(time=clock_time(entry.happened), readings=line_of(vitals))

    def _look_timer(self) -> None:
        if route_cue.has_timers(self.live):
            self.strip.show_cell(TIMER, route_cue.timer_words(self.live))
            self.cue.look(route_cue.is_asking(self.live), self.live.record.position_s(self.live.now()))

    @Slot()
    def _answer_timer(self) -> None:
        try:
            self.say(route_cue.answer(self.live))
        except KapnotesError as error:
            self.say(error_line(error), is_mark=True)

    def times_in_sight(self) -> tuple[str, ...]:
        """Return the time since the first dose, and when the next vitals are due."""
        due, timer = self._due_words(), route_cue.timer_in_sight(self.live)
        return (*super().times_in_sight(), self.tr("vitals {}").format(due) if due else "", timer)

    def _due_words(self, *, is_brief: bool = False) -> str:
        due = next_due(self.live.record, self.live.now())
        if due is None:
            return ""
        if due.slot_s is None:
            return self.tr("baseline due")
        if due.in_s > 0:
            return self.tr("due in {}").format(duration(due.in_s))
        if not is_overdue(due):
            return self.tr("due now")
        overdue = self.tr("overdue {}") if is_brief else self.tr("overdue by {}")
        return overdue.format(duration(due.in_s))
