"""The short forms of home: a new patient, a new member, the start of a session. Enter accepts, Esc leaves."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

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

from kapnotes.app.passphrase import require_strong
from kapnotes.app.presets import Preset
from kapnotes.app.profile import Entropy
from kapnotes.app.seat import PatientCard, read_weight_kg
from kapnotes.app.staffing import staffing_of
from kapnotes.domain.entries import SessionOpened, Staffing
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.members import Member, Role
from kapnotes.ui.clinic_words import preset_line
from kapnotes.ui.fields import Choice, NightLine
from kapnotes.ui.form_parts import RoleBoxes, narrow
from kapnotes.ui.frame import ScaledLabel
from kapnotes.ui.new_passphrase import NewPassphrase
from kapnotes.ui.wording import staffing_word


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


class NewPatientForm(Form):
    """A patient by code, weight and allergies."""

    def __init__(self) -> None:
        super().__init__()
        self.code = NightLine()
        self.weight = NightLine()
        self.allergies = NightLine()
        self.code.setPlaceholderText(self.tr("a code, not a name, as in K-0142"))
        for line, name in (
            (self.code, self.tr("&Code")),
            (self.weight, self.tr("&Weight, kg")),
            (self.allergies, self.tr("&Allergies")),
        ):
            line.setAccessibleName(name.replace("&", ""))
            self.fields.addRow(name, line)
        self.name.setText(self.tr("New patient"))
        self.accept_button.setText(self.tr("Add the patient"))

    def begin(self) -> None:
        """Empty the form."""
        for line in (self.code, self.weight, self.allergies):
            line.clear()
        self.code.setFocus()

    def facts(self) -> tuple[str, Decimal | None, str]:
        """Return code, weight in kg and allergies.

        Raises:
            Implausible: the weight cannot be.
        """
        return self.code.text(), read_weight_kg(self.weight.text()), self.allergies.text()


class NewMemberForm(Form):
    """A member with name, roles and an own passphrase."""

    def __init__(self, entropy: Entropy) -> None:
        super().__init__()
        self.label = NightLine(self.tr("Name"))
        self.label.setPlaceholderText(self.tr("as it stands on the record, with credential"))
        self.roles = RoleBoxes()
        self.fields.addRow(self.tr("&Name"), self.label)
        self.fields.addRow(self.tr("Roles"), self.roles)
        self.passphrase = NewPassphrase(self.fields, self.tr("&Passphrase"), entropy)
        self.name.setText(self.tr("New member"))
        self.accept_button.setText(self.tr("Add the member"))

    def forget(self) -> None:
        """Keep no passphrase in a field that nobody looks at."""
        self.passphrase.forget()

    def begin(self) -> None:
        """Empty the form, offer words, and go to its first field."""
        self.empty()
        self.label.setFocus()

    def empty(self) -> None:
        """Empty the form and offer words."""
        self.label.clear()
        self.passphrase.begin()
        self.roles.therapist.setChecked(False)
        self.roles.medical.setChecked(False)

    def facts(self, known: Iterable[str]) -> tuple[str, frozenset[Role], str]:
        """Return name, roles and passphrase, in which no word counts that is *known*.

        Raises:
            KapnotesError: the name is empty, no role is ticked, or the passphrase will not do.
        """
        label = self.label.text().strip()
        if not label:
            raise KapnotesError(self.tr("Write the name as it shall stand on the record."))
        first = self.passphrase.first.text()
        require_strong(first, self.passphrase.again.text(), [*known, label])
        return label, self.roles.roles(), first


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
        self.staffing.setText(staffing_word(staffing) if staffing is not None else self.tr("Nobody is in the room."))

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
