"""The course of a patient: every session with its dose, PHQ-9 and GAD-7 over time, open themes, what came of each."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QSettings, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QPlainTextEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from kapnotes.app.course_view import CourseSoFar, CourseView
from kapnotes.app.live_session import LiveSession
from kapnotes.app.seat import PatientCard, Seat, SessionCard
from kapnotes.domain.course_row import CourseRow
from kapnotes.domain.entries import Stage
from kapnotes.domain.figure import AnyShape, plain
from kapnotes.domain.follow_up_words import follow_up_in_words, state_word
from kapnotes.domain.response_figure import response_figure
from kapnotes.domain.response_scale import GAD7, PHQ9
from kapnotes.domain.response_words import response_in_words
from kapnotes.domain.text import one_line
from kapnotes.domain.words import counted
from kapnotes.ui.days import day_and_time
from kapnotes.ui.figure_view import FigureView
from kapnotes.ui.frame import Frame
from kapnotes.ui.keys import Where
from kapnotes.ui.labels import MARK_SIGN, ElidedLabel, ScaledLabel
from kapnotes.ui.lamp import Lamp
from kapnotes.ui.session_words import route_word, stage_word
from kapnotes.ui.wording import error_line

FIGURE_FROM_LINES = 28
"""A window that holds fewer lines of its own type gives the figure's room to the table."""

SMALL = 0.75
"""The type of the figure, as a part of the program's."""

COLUMNS = 7


class CourseTable(QTableWidget):
    """A row for each session, the newest first; Enter opens the current one."""

    chosen = Signal()

    def __init__(self) -> None:
        super().__init__(0, COLUMNS)
        self.setAccessibleName(self.tr("Sessions of this patient, the newest first"))
        self.setHorizontalHeaderLabels(
            [
                self.tr("no."),
                self.tr("day"),
                self.tr("route"),
                self.tr("given"),
                self.tr("PHQ-9"),
                self.tr("GAD-7"),
                self.tr("follow-up"),
            ]
        )
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._widest_px = 0
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._fit()

    def show_rows(self, rows: list[tuple[str, ...]]) -> None:
        """Show *rows*, cell by cell; what says so already is not touched."""
        self.setRowCount(len(rows))
        for place, row in enumerate(rows):
            for column, text in enumerate(row):
                cell = self.item(place, column)
                if cell is None:
                    self.setItem(place, column, QTableWidgetItem(text))
                elif cell.text() != text:
                    cell.setText(text)
        self._fit()

    def texts(self) -> list[tuple[str, ...]]:
        """Return what the rows say, from the top."""
        found = [[self.item(row, column) for column in range(COLUMNS)] for row in range(self.rowCount())]
        return [tuple("" if cell is None else cell.text() for cell in row) for row in found]

    def changeEvent(self, event: QEvent) -> None:
        """Follow the program's type size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the last column what is left, and at least what its words take."""
        super().resizeEvent(event)
        self._fit_last()

    def _fit(self) -> None:
        metrics, rows = self.fontMetrics(), self.texts()
        for column in range(COLUMNS):
            title = self.horizontalHeaderItem(column)
            texts = {"" if title is None else title.text(), *(row[column] for row in rows)}
            width = max(map(metrics.horizontalAdvance, texts)) + 20
            if column == COLUMNS - 1:
                self._widest_px = width
            elif self.columnWidth(column) != width:
                self.setColumnWidth(column, width)
        self._fit_last()
        self.verticalHeader().setDefaultSectionSize(metrics.lineSpacing() + 6)
        self.setMinimumHeight(3 * (metrics.lineSpacing() + 6))

    def _fit_last(self) -> None:
        left = self.viewport().width() - sum(map(self.columnWidth, range(COLUMNS - 1)))
        self.setColumnWidth(COLUMNS - 1, max(self._widest_px, left))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Enter; no letter searches."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if self.currentRow() >= 0:
                self.chosen.emit()
        elif event.key() == Qt.Key.Key_Escape or event.text():
            event.ignore()
        else:
            super().keyPressEvent(event)


class CourseWindow(Frame):
    """One patient's course. It shows what was read and keeps nothing."""

    session_entered = Signal(object, object)
    follow_up_asked = Signal(object, object)
    responses_asked = Signal(object, object)
    left = Signal(object)

    def __init__(self, seat: Seat, patient: PatientCard, lamp: Lamp, settings: QSettings) -> None:
        super().__init__(Where.COURSE, "course", settings)
        self.seat = seat
        self.patient = patient
        self._view = CourseView(seat)
        self._so_far: CourseSoFar | None = None
        self._chosen = ""
        self._was_left = False
        self._wanted: Callable[[LiveSession], None] | None = None
        """What a key asked for before the course was read: which session it is about was not in sight yet."""
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        self.head = ScaledLabel(1.15, is_bold=True)
        self.head.setText(self.tr("Course of {}").format(patient.details.code))
        column.addWidget(self.head)
        self.figure = FigureView(self._draw, lamp)
        self.figure.setAccessibleName(self.tr("PHQ-9 and GAD-7 over time"))
        column.addWidget(self.figure, 3)
        self.table = CourseTable()
        self.table.chosen.connect(self._open)
        self.table.currentCellChanged.connect(self._show_detail)
        column.addWidget(self.table, 4)
        self.detail = QPlainTextEdit()
        self.detail.setReadOnly(True)
        self.detail.viewport().setBackgroundRole(QPalette.ColorRole.AlternateBase)  # the ground of its frame
        self.detail.setAccessibleName(self.tr("What was answered in the chosen session, and what came of it"))
        self.detail.setTabChangesFocus(True)
        column.addWidget(self.detail, 2)
        self.themes = ElidedLabel(0.9, is_dim=True)
        self.themes.setAccessibleName(self.tr("Open themes of this patient"))
        self.themes.setVisible(seat.member.is_therapist)
        column.addWidget(self.themes)
        self.progress = ScaledLabel(0.9, is_dim=True)
        self.progress.keep_room_for("0")
        self.progress.setAccessibleName(self.tr("How far the course is read"))
        column.addWidget(self.progress)
        self.set_body(body)
        self.set_title(
            self.tr("KAPnotes · course of {code}, read by {who}").format(
                code=patient.details.code, who=seat.member.label
            )
        )
        self.bind("course_follow_up", self._ask_follow_up)
        self.bind("course_responses", self._ask_responses)
        self.bind("course_leave", self._leave)
        self._fit_detail()
        self.table.setFocus()
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Read the course anew."""
        self.progress.setText(self.tr("reading…"))
        self._view.look(self.patient.patient_id, self.if_open(self._take), self.if_open(self._failed))

    # ---------------------------------------------------------------------------------------- what is shown

    def _take(self, so_far: CourseSoFar) -> None:
        """Show how far the course is read; lines that are there stay until all of it is read anew."""
        if so_far.is_whole or self._so_far is None or not self._so_far.is_whole:
            is_shown = so_far.is_whole or so_far.read % 5 == 1
            if is_shown:
                self._show(so_far)
        self.progress.setText(self._progress_words(so_far))

    def _show(self, so_far: CourseSoFar) -> None:
        self._so_far = so_far
        rows = self._rows()
        self.table.show_rows([self._cells(row) for row in rows])
        chosen = next((place for place, row in enumerate(rows) if row.scope_id == self._chosen), 0)
        if rows:
            self.table.setCurrentCell(chosen, 0)
        self._show_figure()
        self.figure.setAccessibleDescription(self._figure_words(rows))
        self.figure.refresh()
        said = "  ·  ".join(one_line(theme.text) for theme in so_far.themes)
        if so_far.is_whole:
            self.themes.setText(self.tr("open themes: {}").format(said) if said else self.tr("no open theme"))
        self._show_detail()
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self._enter(wanted)

    def _rows(self) -> list[CourseRow]:
        """Return the lines, the newest session first."""
        return list(reversed(self._so_far.rows)) if self._so_far is not None else []

    def row(self) -> CourseRow | None:
        """Return the line one is at."""
        rows, place = self._rows(), self.table.currentRow()
        return rows[place] if 0 <= place < len(rows) else None

    def _cells(self, row: CourseRow) -> tuple[str, ...]:
        return (
            str(row.number),
            f"{row.opened_at.local():%Y-%m-%d}",
            route_word(row.route),
            self._given_words(row),
            _totals(row, PHQ9),
            _totals(row, GAD7),
            self._follow_up_words(row),
        )

    def _given_words(self, row: CourseRow) -> str:
        if not row.sees_doses:
            return self.tr("not yours to read")
        if row.given is None:
            return self.tr("nothing")
        given = self.tr("{} mg").format(plain(row.given.given_mg))
        if row.given.per_kg_mg is None:
            return given
        return self.tr("{given}, {per_kg} mg/kg").format(given=given, per_kg=plain(row.given.per_kg_mg))

    def _follow_up_words(self, row: CourseRow) -> str:
        if row.follow_ups:
            held_at = row.follow_ups[-1][0]
            return self.tr("held {}").format(day_and_time(held_at))
        if row.is_followed_up:
            return self.tr("recorded by another therapist")
        if row.stage is not Stage.CLOSED:
            return stage_word(row.stage)
        if row.window is None:
            return ""
        state = row.window.state(self.seat.program.clock.now())
        return state_word(state, QCoreApplication.translate)

    @Slot()
    def _show_detail(self) -> None:
        row = self.row()
        if row is None:
            is_empty = self._so_far is not None and self._so_far.is_whole
            self.detail.setPlainText(self.tr("This patient has no session yet.") if is_empty else "")
            return
        if self._so_far is not None and self._so_far.is_whole:  # until then the newest is the one, whichever it is
            self._chosen = row.scope_id
        translate = QCoreApplication.translate
        told = [(at, response_in_words(scale, translate)) for at, scale in row.responses]
        told += [
            (at, self.tr("Follow-up: {}").format(follow_up_in_words(follow_up, translate)))
            for at, follow_up in row.follow_ups
        ]
        given = [(row.opened_at, f"{row.given.drugs} {self._given_words(row)}")] if row.given is not None else []
        in_order = sorted([*given, *told], key=lambda one: one[0].utc_ns)
        lines = [f"{day_and_time(at)}   {words}" for at, words in in_order]
        if row.window is not None:
            words = self.tr("Integration window {opens} to {closes}: {state}")
            lines.append(
                words.format(
                    opens=day_and_time(row.window.opens),
                    closes=day_and_time(row.window.closes),
                    state=self._follow_up_words(row),
                )
            )
        text = "\n".join(lines) or self.tr("Nothing was answered and nothing recorded.")
        if self.detail.toPlainText() != text:
            self.detail.setPlainText(text)

    def _figure_words(self, rows: list[CourseRow]) -> str:
        """Return what the figure shows, for who cannot see it: the newest total of each scale."""
        translate = QCoreApplication.translate
        newest = {
            scale.name: f"{day_and_time(at)} {response_in_words(scale, translate)}"
            for row in reversed(rows)
            for at, scale in row.responses
        }
        return "; ".join(newest.values())

    def _progress_words(self, so_far: CourseSoFar) -> str:
        if so_far.is_whole:
            far = counted(so_far.all, self.tr("{count} session"), self.tr("{count} sessions"))
        else:
            far = self.tr("{read} of {all} sessions read…").format(read=so_far.read, all=so_far.all)
        unread = counted(
            so_far.unread,
            self.tr("{sign} {count} session could not be read, or not all of it"),
            self.tr("{sign} {count} sessions could not be read, or not all of them"),
            sign=MARK_SIGN,
        )
        parts = (far, unread if so_far.unread else "")
        return " · ".join(part for part in parts if part)

    def _draw(self, width: float, height: float) -> tuple[AnyShape, ...]:
        rows = self._so_far.rows if self._so_far is not None else ()
        size = SMALL * self.fontInfo().pixelSize()
        return response_figure(rows, width, height, QCoreApplication.translate, size).shapes

    def _failed(self, error: Exception) -> None:
        self._wanted = None
        self.progress.setText("")
        self.say(error_line(error), is_mark=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the figure give its room to the table in a small window."""
        super().resizeEvent(event)
        self._show_figure()

    def _show_figure(self) -> None:
        has_room = self.height() >= FIGURE_FROM_LINES * self.fontMetrics().lineSpacing()
        self.figure.setVisible(has_room and any(row.responses for row in self._rows()))

    def changeEvent(self, event: QEvent) -> None:
        """Read anew when somebody comes back to it: a follow-up may have been recorded meanwhile."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit_detail()
            self._show_figure()
            self.figure.refresh()
        if event.type() != QEvent.Type.ActivationChange or self.is_closed or self.seat.is_locked:
            return
        if not self.isActiveWindow():
            self._was_left = True
        elif self._was_left:
            self._was_left = False
            self.refresh()

    def _fit_detail(self) -> None:
        self.detail.setMinimumHeight(2 * self.detail.fontMetrics().lineSpacing() + 14)

    # ------------------------------------------------------------------------------------------------- keys

    @Slot()
    def _open(self) -> None:
        self._enter(self._entered)

    @Slot()
    def _ask_follow_up(self) -> None:
        if not self.seat.member.is_therapist:
            self.say(self.tr("A follow-up is recorded by a therapist."), is_mark=True)
            return
        self._enter(self._ask_follow_up_of)

    @Slot()
    def _ask_responses(self) -> None:
        self._enter(self._ask_responses_of)

    def _enter(self, then: Callable[[LiveSession], None]) -> None:
        """Open the session one is at; before the course is read, as soon as it is: lines still come above it."""
        if self._so_far is None or not self._so_far.is_whole:
            self._wanted = then
            return
        row = self.row()
        if row is None:
            self.say(self.tr("This patient has no session yet."), is_mark=True)
            return
        self.say("")
        card = SessionCard(row.scope_id, self.patient.patient_id, row.opened, row.opened_at, row.stage)
        self.seat.open_session(card, self.if_open(then), self.if_open(self._failed))

    def _entered(self, live: LiveSession) -> None:
        self.session_entered.emit(self.seat, live)

    def _ask_follow_up_of(self, live: LiveSession) -> None:
        self.follow_up_asked.emit(self, live)

    def _ask_responses_of(self, live: LiveSession) -> None:
        self.responses_asked.emit(self, live)

    @Slot()
    def _leave(self) -> None:
        self.left.emit(self)

    def detach(self) -> None:
        """Read no further, and let go what was read."""
        self._view.stop()
        self._so_far = None
        self.detail.clear()
        self.themes.setText("")
        self.table.setRowCount(0)


def _totals(row: CourseRow, name: str) -> str:
    """Return the totals of one scale around a session, in the order they were answered; item 9 above zero is told."""
    translate = QCoreApplication.translate
    said: list[str] = []
    for _, scale in row.responses:
        if scale.name != name:
            continue
        total = str(scale.total) if scale.total is not None else translate("CourseWindow", "incomplete")
        marked = translate("CourseWindow", "{sign} item 9: {answer}").format(sign=MARK_SIGN, answer=scale.self_harm)
        said.append(f"{total} {marked}" if scale.self_harm else total)
    return ", ".join(said)
