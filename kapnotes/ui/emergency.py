"""Reading in an emergency: the sessions, and the medical course of one of them, with the last dose first."""

from collections.abc import Iterator

from PySide6.QtCore import QSettings, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from kapnotes.app.emergency import Course, EmergencySeat
from kapnotes.app.seat import SessionCard
from kapnotes.domain.entries import Entry, Vitals
from kapnotes.domain.figure import AnyShape
from kapnotes.domain.limits import BOUNDS, values_of
from kapnotes.domain.vitals_chart import VitalsChart
from kapnotes.domain.words import Translate
from kapnotes.ui.bridge import Ticker
from kapnotes.ui.cards import CardList
from kapnotes.ui.figure_view import FigureView
from kapnotes.ui.form_parts import heading
from kapnotes.ui.frame import Frame
from kapnotes.ui.keys import Where, sequence_of
from kapnotes.ui.labels import ScaledLabel
from kapnotes.ui.lamp import Lamp
from kapnotes.ui.log_row import COLUMNS, words_of
from kapnotes.ui.log_table import LogModel
from kapnotes.ui.log_view import LogTable
from kapnotes.ui.session_line import session_line
from kapnotes.ui.times import clock_time, duration, since_dose
from kapnotes.ui.wording import error_line, unread_words

CHART_FROM_PX = 560
"""Height of the window below which its chart would be too small to read beside the table."""

DAY_S = 86_400


class EmergencyWindow(Frame):
    """A list and a course; nothing can be typed here."""

    def __init__(
        self, seat: EmergencySeat, lamp: Lamp, ticker: Ticker, settings: QSettings, translate: Translate
    ) -> None:
        super().__init__(Where.EMERGENCY, "emergency", settings)
        self.seat = seat
        self.course: Course | None = None
        self._lamp = lamp
        self._ticker = ticker
        self._translate = translate
        self._pages = QStackedWidget()
        self._list = self._list_page()
        self._course = self._course_page()
        self._pages.addWidget(self._list)
        self._pages.addWidget(self._course)
        self.set_body(self._pages)
        self.set_title(self.tr("KAPnotes · emergency reading: everybody will see that the record was opened"))
        self.bind("read_list", self._show_list)
        self.bind("read_again", self.read_again)
        self.bind("read_up", self._page_up)
        self.bind("read_down", self._page_down)
        ticker.add(self._look)
        self.sessions.setFocus()
        self.read_again()

    def detach(self) -> None:
        """Count no more."""
        self._ticker.remove(self._look)

    def _list_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(heading(self.tr("Sessions, newest first: Enter shows doses, vital signs and events")))
        self.sessions = CardList()
        self.sessions.setAccessibleName(self.tr("Sessions"))
        self.sessions.chosen.connect(self._read)
        column.addWidget(self.sessions, 1)
        return page

    def _course_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        self.who = ScaledLabel(0.95, is_dim=True)
        self.given = ScaledLabel(1.4, is_bold=True)
        self.given.setAccessibleName(self.tr("Last dose"))
        self.vitals = ScaledLabel(1.1)
        self.vitals.setAccessibleName(self.tr("Last vital signs"))
        for label in (self.who, self.given, self.vitals):
            label.setWordWrap(True)
            column.addWidget(label)
        self.chart = FigureView(self._draw, self._lamp)
        self.chart.setAccessibleName(self.tr("Vitals chart"))
        column.addWidget(self.chart, 4)
        self.table = LogTable(self._lamp)
        column.addWidget(self.table, 5)
        return page

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the room to the table where there is too little for a chart that could be read."""
        super().resizeEvent(event)
        self.chart.setVisible(event.size().height() >= CHART_FROM_PX)

    # ------------------------------------------------------------------------------------------- reading

    @Slot()
    def read_again(self) -> None:
        """Read the list and the course that is shown anew."""
        self.seat.list_sessions(self.if_open(self._take_sessions), self.if_open(self._failed))
        if self.course is not None:
            self._read(self.course.card)

    def _take_sessions(self, cards: list[SessionCard]) -> None:
        self.sessions.show_cards([(session_line(card), card) for card in cards])
        if not cards:
            self.say(self.tr("There is no session in this vault."))

    @Slot(object)
    def _read(self, card: SessionCard) -> None:
        self.seat.read_course(card, self.if_open(self._show), self.if_open(self._failed))

    def _failed(self, error: Exception) -> None:
        self.say(error_line(error), is_mark=True)

    # ------------------------------------------------------------------------------------------- showing

    def _show(self, course: Course) -> None:
        self.course = course
        self.model = LogModel(course.record, self._lamp, lambda _: True)
        self.table.show_rows(self.model)
        self.table.hideColumn(COLUMNS - 1)  # all of it is on the disk
        self._pages.setCurrentWidget(self._course)
        unread = f"{unread_words(course.unread)}." if course.unread else ""
        self.say(
            unread or self.tr("{} goes back to the sessions.").format(sequence_of("read_list")), is_mark=bool(unread)
        )
        self._look()
        self.chart.refresh()
        self.table.scrollToBottom()

    @Slot()
    def _show_list(self) -> None:
        self.course = None
        self.say("")
        self._pages.setCurrentWidget(self._list)
        self.sessions.setFocus()

    @Slot()
    def _look(self) -> None:
        """Say what was given last and measured last, and how long ago."""
        course = self.course
        if course is None:
            return
        self.who.setText(self._who(course))
        dose, rescue = course.last_given(is_rescue=False), course.last_given(is_rescue=True)
        lines = [self._ago(course, entry) for entry in (dose, rescue) if entry is not None]
        self.given.setText("\n".join(lines) or self.tr("no dose is noted"))
        self.vitals.setText(self._last_vitals(course))

    def _who(self, course: Course) -> str:
        patient = course.patient
        weight = self.tr("{} kg").format(patient.weight_kg) if patient and patient.weight_kg is not None else ""
        allergies = self.tr("allergies: {}").format(patient.allergies) if patient and patient.allergies else ""
        total = self.tr("{} mg in all").format(course.record.given_mg(self.seat.program.clock.now()))
        return "   ".join(part for part in (session_line(course.card), weight, allergies, total) if part)

    def _ago(self, course: Course, entry: Entry) -> str:
        what, time = words_of(entry, course.record), clock_time(entry.happened)
        seconds = course.record.between_s(entry.happened, self.seat.program.clock.now())
        if not 0 <= seconds < DAY_S:
            return self.tr("{what}, {day} at {time}").format(
                what=what, day=f"{entry.happened.local():%Y-%m-%d}", time=time
            )
        return self.tr("{what}, at {time}, {ago} ago").format(what=what, time=time, ago=duration(seconds))

    def _last_vitals(self, course: Course) -> str:
        found = course.record.of(Vitals)
        if not found:
            return self.tr("no vital signs are noted")
        entry, vitals = found[-1]
        readings = "  ".join(f"{BOUNDS[field].name} {value}" for field, value in values_of(vitals).items())
        return self.tr("vital signs at {time}: {readings}").format(time=clock_time(entry.happened), readings=readings)

    def times_in_sight(self) -> tuple[str, ...]:
        """Return the time since the first dose; it may stand on a cover."""
        if self.course is None:
            return ()
        return (since_dose(self.course.record.elapsed_s(self.seat.program.clock.now())),)

    def _draw(self, width: float, height: float) -> Iterator[AnyShape | None]:
        if self.course is None:
            return iter(())
        record, now = self.course.record, self.seat.program.clock.now()
        return VitalsChart(record, width, height, record.ended or now, self._translate).shapes()

    @Slot()
    def _page_up(self) -> None:
        self.table.page(-1)

    @Slot()
    def _page_down(self) -> None:
        self.table.page(1)
