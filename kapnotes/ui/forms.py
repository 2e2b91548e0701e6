"""What the short forms of home have in common, and the one that starts a session. Enter accepts, Esc leaves."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from kapnotes.app.presets import Preset
from kapnotes.app.seat import PatientCard
from kapnotes.app.staffing import staffing_of
from kapnotes.domain.entries import Route, SessionOpened, Staffing
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.members import Member
from kapnotes.ui.clinic_words import preset_line
from kapnotes.ui.fields import Choice
from kapnotes.ui.form_parts import narrow
from kapnotes.ui.labels import MARK_SIGN, ScaledLabel
from kapnotes.ui.session_words import route_word, staffing_word


class Form(QWidget):
    """A page of home with a few fields."""

    accepted = Signal(object)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        inner = QWidget()
        column = QVBoxLayout(inner)
        self.name = ScaledLabel(1.5, is_bold=True)
        column.addWidget(self.name)
        self.fields = QFormLayout()
        self.fields.setContentsMargins(0, 12, 0, 8)
        column.addLayout(self.fields)
        self.accept_button = QPushButton()
        self.accept_button.clicked.connect(self.accept)
        self.buttons = QHBoxLayout()
        self.buttons.addWidget(self.accept_button)
        self.buttons.addStretch(1)
        column.addLayout(self.buttons)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(narrow(inner, 580))

    @Slot()
    def accept(self) -> None:
        """Hand the form over; while its outcome is awaited, a second Enter does nothing."""
        if self.accept_button.isEnabled():
            self.accepted.emit(self)

    def set_busy(self, *, is_busy: bool) -> None:
        """Wait for an outcome, or take Enter again."""
        self.accept_button.setEnabled(not is_busy)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Enter and Esc wherever the focus is."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            button = self.focusWidget()
            if isinstance(button, QPushButton) and button is not self.accept_button:
                button.click()
            elif not event.isAutoRepeat():
                self.accept()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class StartForm(Form):
    """Protocol and people of a new session; all is filled in, so that Enter starts it."""

    def __init__(self) -> None:
        super().__init__()
        self._patient: PatientCard | None = None
        self.who = ScaledLabel(1.0)
        self.protocol = Choice()
        self.protocol.setAccessibleName(self.tr("Protocol"))
        self.people = QListWidget()
        self.people.setAccessibleName(self.tr("In the room"))
        self.people.setMaximumHeight(120)
        self.people.itemChanged.connect(self._show_staffing)
        self.protocol.currentIndexChanged.connect(self._show_staffing)
        self.staffing = ScaledLabel(0.95, is_dim=True)
        self.staffing.setWordWrap(True)
        self.fields.addRow(self.tr("Patient"), self.who)
        self.fields.addRow(self.tr("&Protocol"), self.protocol)
        self.fields.addRow(self.tr("&In the room"), self.people)
        self.fields.addRow("", self.staffing)
        self.name.setText(self.tr("Start a session"))
        self.accept_button.setText(self.tr("Start the session"))

    def begin(
        self,
        patient: PatientCard,
        members: tuple[Member, ...],
        signed_in: list[Member],
        last: SessionOpened | None,
        presets: Sequence[Preset],
    ) -> None:
        """Fill in the patient, *presets* with the protocol of the *last* session chosen, and who is signed in."""
        self._patient = patient
        self.protocol.clear()
        for preset in presets:
            self.protocol.addItem(preset_line(preset), preset)
        self.who.setText(patient.details.code)
        if last is not None:
            names = [self.protocol.itemData(index).protocol.name for index in range(self.protocol.count())]
            if last.protocol_name in names:
                self.protocol.setCurrentIndex(names.index(last.protocol_name))
        here = {member.member_id for member in signed_in}
        self.people.clear()
        for member in members:
            item = QListWidgetItem(member.label, self.people)
            item.setData(Qt.ItemDataRole.UserRole, member)
            state = Qt.CheckState.Checked if member.member_id in here else Qt.CheckState.Unchecked
            item.setCheckState(state)
        self.protocol.setFocus()

    def _chosen(self) -> list[Member]:
        rows = (self.people.item(row) for row in range(self.people.count()))
        return [item.data(Qt.ItemDataRole.UserRole) for item in rows if item.checkState() is Qt.CheckState.Checked]

    @Slot()
    def _show_staffing(self) -> None:
        staffing = staffing_of(self._chosen())
        preset: Preset | None = self.protocol.currentData()
        route = preset.protocol.dose.route if preset is not None else None
        is_doubtful = staffing is Staffing.THERAPIST_ALONE and route in {Route.IV, Route.IM}
        if staffing is None:
            self.staffing.setText(self.tr("Nobody is in the room."))
        elif route is not None and is_doubtful:
            words = self.tr("{mark} {route} by a therapist alone: tick who gives it, or choose another protocol.")
            self.staffing.setText(words.format(mark=MARK_SIGN, route=route_word(route)))
        else:
            self.staffing.setText(staffing_word(staffing))
        self.staffing.set_mark(is_doubtful)

    def facts(self) -> tuple[PatientCard, Preset, Staffing, list[Member]]:
        """Return patient, protocol, staffing and people.

        Raises:
            KapnotesError: nobody is ticked.
        """
        chosen = self._chosen()
        staffing = staffing_of(chosen)
        if staffing is None or self._patient is None:
            raise KapnotesError(self.tr("Tick who is in the room."))
        return self._patient, self.protocol.currentData(), staffing, chosen
