"""The CRNA's vitals log: chart, table, and one line that takes everything."""

from PySide6.QtCore import QSettings, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kapnotes.app.half_typed import LOG
from kapnotes.app.live_session import LiveSession
from kapnotes.app.seat import Seat
from kapnotes.domain.around import SignalSeen
from kapnotes.domain.drug_entries import Countersignature, DoseDetail, InfusionPause
from kapnotes.domain.drug_words import against_plan_in_words, attached_in_words, open_in_words
from kapnotes.domain.entries import Correction, Entry, MedicalBody, TakenBy, Vitals, content_of
from kapnotes.domain.errors import KapnotesError, LeavesEarly, Misread, NeedsConfirmation, ScoreDiffers, StartHeld
from kapnotes.domain.holding import WORD, split_hold, starts
from kapnotes.domain.limits import BOUNDS, values_of
from kapnotes.domain.rescue import matches, typed_drug
from kapnotes.domain.schedule import is_overdue, missed_slots_s, next_due
from kapnotes.domain.words import Translate
from kapnotes.ui import route_cue
from kapnotes.ui.around import CardLine
from kapnotes.ui.bridge import Ticker
from kapnotes.ui.care import CareStrip, question
from kapnotes.ui.check_door import CheckDoor
from kapnotes.ui.clinic_words import drug_line
from kapnotes.ui.countersign_door import CountersignDoor
from kapnotes.ui.cue import Cue
from kapnotes.ui.emergency_door import EmergencyDoor
from kapnotes.ui.frame import ElidedLabel
from kapnotes.ui.keys import Where
from kapnotes.ui.lamp import Lamp
from kapnotes.ui.line import Line
from kapnotes.ui.log_chart import LogChart
from kapnotes.ui.log_table import InLog, LogModel, words_of
from kapnotes.ui.log_view import LogTable
from kapnotes.ui.monitor_door import MonitorDoor
from kapnotes.ui.press import Press
from kapnotes.ui.reading_cursor import ReadingCursor
from kapnotes.ui.readout import Readout
from kapnotes.ui.session_window import TIMER, SessionWindow
from kapnotes.ui.strip import Strip
from kapnotes.ui.times import duration
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
CHART_FROM_PX = 480
"""Height of the window below which its chart would be too small to read."""

BESIDE = SignalSeen | DoseDetail | InfusionPause | Countersignature
"""What stands in the row of another entry."""


class LogWindow(SessionWindow):
    """One session as the CRNA holds it; for a therapist alone, what the patient measured."""

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
        self._translate = translate
        self._asked_about = ""
        self._taken_by = TakenBy.STAFF if seat.member.is_medical else TakenBy.PATIENT
        self._build(lamp)
        for name, start in _STARTS.items():
            self.bind(name, Press(self, self._begin_with, start).press)
        self.bind("pause", self._begin_pause)
        self.bind("log_stage", self.next_stage)
        self.bind("log_sign", self.ask_sign)
        self.bind("log_timer", self._answer_timer)
        self.bind("log_up", self._page_up)
        self.bind("log_down", self._page_down)
        self.bind("cursor_back", self.cursor_on_chart.back, repeats=True)
        self.bind("cursor_on", self.cursor_on_chart.on, repeats=True)
        self.bind("cursor_first", self.cursor_on_chart.to_first)
        self.bind("cursor_newest", self.cursor_on_chart.to_newest)
        self.bind("chart_hour", self.chart.turn_view)
        self.bind("log_summary", self.ask_summary)
        self.monitor = MonitorDoor(self, seat.program.slow_worker)
        self.checks = CheckDoor(self)
        self.countersign = CountersignDoor(self)
        self.listen(ticker)
        self.look()
        self.table.scrollToBottom()
        self.keep_line(LOG, self.line, self._half_typed)
        self.bring_back()
        self.line.setFocus()

    # ------------------------------------------------------------------------------------------ building

    def _build(self, lamp: Lamp) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self.head(1.8))
        self.chart = LogChart(self.live, lamp, self._translate)
        column.addWidget(self.chart, 5)
        self.model = LogModel(self.live.record, lamp, self.live.is_saved)
        self.table = LogTable(lamp)
        self.table.show_rows(self.model)
        column.addWidget(self.table, 4)
        self.agreed = CardLine()
        for giving_way in (self.chart, self.agreed):
            giving_way.setMinimumHeight(1)  # what is hidden in a small window keeps none from being small
        self.agreed.show_session(self.live.record)
        column.addWidget(self.agreed)
        self.chips = ElidedLabel(0.95, is_dim=True)
        self.chips.setAccessibleName(self.tr("As it will be logged"))
        column.addWidget(self.chips)
        self.line = Line(takes_breaks=False)
        self.line.setAccessibleName(self.tr("Readings, or a command"))
        self.line.setPlaceholderText(self.tr("128/76 72 98 14 s4   BP HR SpO₂ RR MOAA/S"))
        self.close_line_if_read_only(self.line)
        self.line.entered.connect(self._enter)
        self.line.first_key.connect(self._begin)
        self.line.emptied.connect(self._emptied)
        self.line.textChanged.connect(self._preview)
        self.line.clear_asked_once.connect(self.say_esc)
        column.addWidget(self.line)
        self.cue = Cue(lamp)
        self.cue.setVisible(route_cue.has_timers(self.live))
        column.addWidget(self.cue)
        timer = (self.tr("route"),) if route_cue.has_timers(self.live) else ()
        names = (self.tr("vitals"), self.tr("given"), self.tr("missed"), self.tr("saving"), *timer)
        self.strip = Strip(*names, self.tr("drawn, open"))
        self._open = len(names)
        column.addWidget(self.strip)
        self.care = CareStrip(self.live)
        self.care.setMinimumHeight(1)
        column.addWidget(self.care)
        self.readout = Readout(body, self.table, self.agreed, self.chips)
        self.cursor_on_chart = ReadingCursor(self.live.record, self.chart, self.table, self.readout, self.say)
        self.line.ask_at_escape(self.cursor_on_chart.leave)
        self.emergency = EmergencyDoor(self, body, lamp, (self.chart, self.table, self.agreed, self.chips))
        self.set_body(body)
        self.set_title(self.tr("KAPnotes · vitals log of {}").format(self.seat.member.label))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the room to the table where there is too little for the rest."""
        super().resizeEvent(event)
        has_room = event.size().height() >= CHART_FROM_PX
        self.chart.setVisible(has_room)
        self.agreed.setVisible(has_room)
        self.care.setVisible(has_room)
        self.cursor_on_chart.look()

    # -------------------------------------------------------------------------------------------- typing

    @Slot()
    def _begin(self) -> None:
        self.live.typing.begin(LOG, self.line.text(), by_undo=self.line.is_rewinding)

    @Slot()
    def _emptied(self) -> None:
        self.live.typing.drop(LOG)

    def _half_typed(self) -> tuple[str, str]:
        return self.line.text(), ""

    @Slot()
    def _preview(self) -> None:
        self.cursor_on_chart.leave()
        text = self.line.text()
        if text != self._asked_about:
            self._asked_about = ""
        if not text.strip():
            self.chips.setText("")
            return
        try:
            body = self.live.read(text, taken_by=self._taken_by)
            self.live.require_flow(text, body)
        except Misread as misread:
            words = self.tr("at sign {column}: {reason}")
            fault = words.format(column=misread.column + 1, reason=error_line(misread))
            self.chips.setText(self._drug_hint(text) or fault)
            return
        if isinstance(body, Vitals):
            chips = [
                f"{BOUNDS[field].name} {value} {BOUNDS[field].unit}".strip() for field, value in values_of(body).items()
            ]
            self.chips.setText("  ·  ".join(chips))
        else:
            self.chips.setText(self._chips_of(text, body))

    def _chips_of(self, text: str, body: MedicalBody) -> str:
        """Return what will be logged; of a dose its mg/kg by this session's weight, and beside it the plan."""
        now, attached = self.live.now(), self.live.read_attached(text)
        entry = Entry("", "", "", now, now, body)
        words = words_of(entry, self.live.record, is_pause=isinstance(attached, InfusionPause))
        said = split_hold(text) if starts(body) else None
        why = self.tr("although held: {}").format(said[1]) if said is not None else ""
        plan = against_plan_in_words(self.live.record, body, self._translate)
        beyond = attached_in_words(attached, self._translate)
        return "  ·  ".join(filter(None, [words, beyond, *plan, why]))

    def _drug_hint(self, text: str) -> str:
        """Return what the name behind `rescue` means so far, while the amount is still to come."""
        typed = typed_drug(text)
        if typed is None or len(text.split()) > 2:
            return ""
        found = matches(typed[0], self.live.rescue_drugs())
        if not found:
            return self.tr("{} is not on the clinic's list").format(typed[0])
        return "  ·  ".join(drug_line(drug) for drug in found[:3])

    @Slot(str)
    def _enter(self, text: str) -> None:
        if not text.strip():
            return
        try:
            entry = self.live.log(text, is_confirmed=self._asked_about == text, taken_by=self._taken_by)
        except Misread as misread:
            self.line.put_caret(misread.column)
            self.say(error_line(misread), is_mark=True)
        except (NeedsConfirmation, ScoreDiffers, LeavesEarly) as asked:
            self._asked_about = text
            self.say(question(asked, self.live), is_mark=True)
        except StartHeld as held:
            self.line.replace_all(f"{text.strip()} {WORD} ")
            self.say(error_line(held), is_mark=True)
        except KapnotesError as error:
            self.say(error_line(error), is_mark=True)
        else:
            self.line.clear()
            self._say_marks(entry)
            self.bring_back()
            self.emergency.entered()

    def _say_marks(self, entry: Entry) -> None:
        outside = self.live.record.out_of_protocol(entry.body) if isinstance(entry.body, Vitals) else ()
        if outside:
            names = ", ".join(f"{BOUNDS[out.field].name} {out.value}" for out in outside)
            self.say(self.tr("Outside the protocol: {}. What was done?  do …").format(names), is_mark=True)
        else:
            self.say("")

    def _begin_with(self, start: object) -> None:
        if not self.is_on_line:
            self.leave_page()
        text = self.line.text()
        if not text.startswith(str(start)):
            self.line.replace_all(f"{start}{text.strip()}")
        self.line.setFocus()

    @Slot()
    def _begin_pause(self) -> None:
        self._begin_with("inf go" if self.live.record.infusion_is_paused else "inf pause")

    # ------------------------------------------------------------------------------------------- showing

    def show_entry(self, entry: Entry) -> None:
        """Show *entry* in table and chart; who looks at the newest row goes on doing so."""
        self.agreed.hear(entry, self.live.record)
        shown = self.live.record.as_it_stands(entry)
        is_correction = isinstance(entry.body, Correction) or isinstance(content_of(entry.body), BESIDE)
        if not is_correction and (shown is None or not isinstance(shown.body, InLog)):
            self._look_saving()  # the other window shows it; here it changes nothing
            self._look_timer()  # but may answer this
            self.care.look()
            self.checks.look()
            return
        bar = self.table.verticalScrollBar()
        is_at_now = bar.value() >= bar.maximum() - 1
        if is_correction:
            self.model.reload()
        elif shown is not None:
            self.model.add(shown, is_saved=self.live.is_saved(entry.entry_id))
        if is_at_now:
            self.table.scrollToBottom()
        self.chart.refresh()
        self.cursor_on_chart.look()
        super().show_entry(entry)

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
        self.countersign.detach()
        super().detach()

    def show_saved(self, entry: Entry) -> None:
        """Put the tick on the row of *entry*."""
        self.model.mark_saved(entry.entry_id)
        super().show_saved(entry)

    @Slot()
    def look(self) -> None:
        """Show the clocks, what is due and what was given as it is now."""
        super().look()
        record, now = self.live.record, self.live.now()
        self.chart.look()
        self.strip.show_cell(0, self._due_words(), is_mark=False)
        given_mg = record.given_mg(now)
        per_kg = record.given_mg_per_kg(now)
        words = self.tr("{} mg").format(given_mg) if record.first_dose is not None else ""
        over = record.is_over_plan(now)
        if over:
            words = self.tr("{}, over plan: inf 0 stops it").format(words)
        elif record.infusion_is_paused:
            words = self.tr("{}, paused").format(words)
        self.strip.show_cell(
            1, f"{words}  {self.tr('{} mg/kg').format(per_kg)}" if words and per_kg is not None else words
        )
        self.strip.show_cell(self._open, open_in_words(record, now, self._translate))
        missed = missed_slots_s(record, now)
        self.strip.show_cell(2, ", ".join(f"T+{int(slot_s // 60)}" for slot_s in missed[-4:]))
        self._look_timer()
        self.care.look()
        self.monitor.look()
        self.checks.look()
        self.emergency.look()
        self.countersign.look()

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

    def _due_words(self) -> str:
        due = next_due(self.live.record, self.live.now())
        if due is None:
            return ""
        if due.slot_s is None:
            return self.tr("baseline due")
        if due.in_s > 0:
            return self.tr("due in {}").format(duration(due.in_s))
        if not is_overdue(due):
            return self.tr("due now")
        return self.tr("overdue by {}").format(duration(due.in_s))

    @Slot()
    def _page_up(self) -> None:
        self.table.page(-1)

    @Slot()
    def _page_down(self) -> None:
        self.table.page(1)
