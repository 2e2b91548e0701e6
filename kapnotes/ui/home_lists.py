"""The lists of home: patients, sessions, and what of the one that one is at is worth a line."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidgetItem, QVBoxLayout, QWidget

from kapnotes.app.program import Program
from kapnotes.app.seat import PatientCard, Seat, SessionCard
from kapnotes.domain.entries import Stage
from kapnotes.ui.backup_line import BackupLine
from kapnotes.ui.cards import CARD, CardList
from kapnotes.ui.due_windows import DueWindows
from kapnotes.ui.form_parts import heading
from kapnotes.ui.frame import Frame
from kapnotes.ui.key_notices import KeyNotices
from kapnotes.ui.keys import sequence_of
from kapnotes.ui.labels import ScaledLabel
from kapnotes.ui.notices import Notices
from kapnotes.ui.page_line import PageLine
from kapnotes.ui.patient_line import PatientLine
from kapnotes.ui.session_line import session_line


class HomeLists(QWidget):
    """The first page of home. A patient chosen is asked to start with, a session chosen is opened."""

    patient_chosen = Signal(object)
    session_chosen = Signal(object)

    def __init__(self, program: Program, seat: Seat, home: Frame, about_keys: KeyNotices) -> None:
        super().__init__()
        self._seat = seat
        self.all_patients: list[PatientCard] = []
        self.is_read = False
        """Whether the patients were read once: until then that none is shown says nothing."""
        self.all_sessions: list[SessionCard] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        found = self.tr("find by code  ({})").format(sequence_of("find"))
        self.search = PageLine(self.tr("Find a patient or a session by code"), found)
        self.search.entered.connect(self._go_to_found)
        self.search.textChanged.connect(self.show_found)
        column.addWidget(self.search)
        self.notices = Notices(seat, home)
        column.addWidget(self.notices)
        column.addWidget(about_keys)
        self.due = DueWindows(seat)
        column.addWidget(self.due)
        row = QHBoxLayout()
        self.patients = CardList()
        self.patients.setAccessibleName(self.tr("Patients"))
        self.patients.chosen.connect(self.patient_chosen)
        self.sessions = CardList()
        self.sessions.setAccessibleName(self.tr("Sessions"))
        self.sessions.chosen.connect(self.session_chosen)
        self.sessions.itemDoubleClicked.connect(self._open_item)
        for title, cards, stretch in (
            (self.tr("Patients"), self.patients, 2),
            (self.tr("Sessions, newest first"), self.sessions, 3),
        ):
            part = QVBoxLayout()
            part.addWidget(heading(title))
            part.addWidget(cards, 1)
            row.addLayout(part, stretch)
        column.addLayout(row, 1)
        self.course = PatientLine(seat)
        self.course.setVisible(seat.member.is_therapist)
        column.addWidget(self.course)
        self.patients.currentItemChanged.connect(self.look_at_patient)
        self.sessions.currentItemChanged.connect(self.look_at_patient)
        foot = QHBoxLayout()
        foot.addWidget(self._hint(), 1)
        self.backup = BackupLine(program.backups, program.clock)
        foot.addWidget(self.backup, 0, Qt.AlignmentFlag.AlignBottom)
        column.addLayout(foot)

    def _hint(self) -> ScaledLabel:
        hint = ScaledLabel(0.85, is_dim=True)
        hint.setWordWrap(True)
        hint.setText(
            self.tr(
                "{start} start · {patient} new patient · {course} course · {seat} other clinician · {lock} lock · "
                "{keys} all keys"
            ).format(
                start=sequence_of("start"),
                patient=sequence_of("new_patient"),
                course=sequence_of("course"),
                seat=sequence_of("second_seat"),
                lock=sequence_of("lock"),
                keys=sequence_of("keys"),
            )
        )
        return hint

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the windows that fall due take no more than their part of a small window."""
        super().resizeEvent(event)
        self.due.fit(self.height())

    def detach(self) -> None:
        """Read nothing more, and hear no more of backups."""
        self.course.stop()
        self.due.stop()
        self.backup.detach()

    # ---------------------------------------------------------------------------------------- what is shown

    def show_patients(self, cards: list[PatientCard]) -> None:
        """Show these patients."""
        self.all_patients = cards
        self.is_read = True
        self.notices.look()
        self.show_found()

    def add_patient(self, card: PatientCard) -> None:
        """Show *card* beside the others, and be at it."""
        self.all_patients.append(card)
        self.patients.show_cards([(self._patient_line(one), one) for one in self.all_patients], keep=card)

    def show_sessions(self, cards: list[SessionCard], window_h: tuple[int, int]) -> None:
        """Show these sessions, and which of their windows fall due in the clinic's hours."""
        known = {card.scope_id for card in self.all_sessions}
        begun = next((card for card in cards if card.scope_id not in known), None) if known or cards else None
        is_first_look = not self.all_sessions
        self.all_sessions = cards
        self._show(begun)
        window = self.window()
        if is_first_look and cards and window.focusWidget() in {None, self.search, self.patients}:
            self.sessions.setFocus()
        if self._seat.member.is_therapist:
            self.due.look(cards, window_h)

    @Slot()
    def show_found(self) -> None:
        """Show what holds the code that is looked for."""
        self._show()

    def _show(self, begun: SessionCard | None = None) -> None:
        """Show the lists; a session that has just begun is the current one, so that Enter opens it."""
        wanted = self.search.text().strip().casefold()
        self.patients.show_cards(
            [(self._patient_line(card), card) for card in self.all_patients if wanted in card.details.code.casefold()]
        )
        self.sessions.show_cards(
            [(session_line(card), card) for card in self.all_sessions if wanted in card.opened.patient_code.casefold()],
            keep=begun,
        )
        self.look_at_patient()

    def _patient_line(self, card: PatientCard) -> str:
        details = card.details
        weight = self.tr("{} kg").format(details.weight_kg) if details.weight_kg is not None else ""
        allergies = self.tr("allergies: {}").format(details.allergies) if details.allergies else ""
        return "   ".join(part for part in (details.code, weight, allergies) if part)

    def is_told_of(self, stage: Stage) -> bool:
        """Tell whether the newest session is shown to be in that stage, and the lines below it are as they stand."""
        return bool(self.all_sessions) and self.all_sessions[0].stage is stage and not self.course.is_looking

    # ---------------------------------------------------------------------------------------- where one is

    @Slot()
    def look_at_patient(self) -> None:
        """Let the course's lines be about the patient one is at."""
        if not self._seat.member.is_therapist or self._seat.is_locked:
            return
        card = self.patient()
        patient_id = card.patient_id if card is not None else ""
        newest = next((one for one in self.all_sessions if one.patient_id == patient_id), None)
        self.course.show_patient(patient_id, card.details.code if card is not None else "", newest)

    def patient(self) -> PatientCard | None:
        """Return the patient one is at: that of the session where the keys are there, or of the window that is due."""
        session, card = self._session_at_the_keys(), self.patients.current_card()
        if session is not None:
            return next((one for one in self.all_patients if one.patient_id == session.patient_id), None)
        return card if isinstance(card, PatientCard) else None

    def session(self) -> SessionCard | None:
        """Return the session one is at; where the keys are at a patient, that patient's newest one."""
        at_the_keys = self._session_at_the_keys()
        if at_the_keys is not None:
            return at_the_keys
        card = self.patients.current_card()
        patient_id = card.patient_id if isinstance(card, PatientCard) else ""
        return next((one for one in self.all_sessions if one.patient_id == patient_id), None)

    def _session_at_the_keys(self) -> SessionCard | None:
        cards = self.due.list if self.due.list.hasFocus() else self.sessions if self.sessions.hasFocus() else None
        card = cards.current_card() if cards is not None else None
        return card if isinstance(card, SessionCard) else None

    def take_focus(self) -> None:
        """Give the keys to the sessions, or to the patients where there is no session."""
        (self.sessions if self.all_sessions else self.patients).setFocus()

    @Slot()
    def _go_to_found(self) -> None:
        """Lead from what is looked for to the session that was found, or to the patient where none was."""
        (self.sessions if self.sessions.count() or not self.patients.count() else self.patients).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Esc in the line that finds: all is shown again, and the keys are at the lists."""
        if event.key() == Qt.Key.Key_Escape and self.search.hasFocus():
            self.search.clear()
            self.take_focus()
        else:
            super().keyPressEvent(event)

    @Slot(object)
    def _open_item(self, item: QListWidgetItem) -> None:
        self.session_chosen.emit(item.data(CARD))
