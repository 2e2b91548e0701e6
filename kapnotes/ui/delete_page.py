"""Deleting a patient for good: chosen by code, the code typed once more, and what it does and does not reach."""

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal, Slot

from kapnotes.app.deleting import DeletingDesk
from kapnotes.app.seat import PatientCard
from kapnotes.domain.errors import KapnotesError
from kapnotes.ui.fields import Choice, NightLine
from kapnotes.ui.forms import Form
from kapnotes.ui.key_forms import Guard, dim_text
from kapnotes.ui.wording import error_line

PROGRESS_S = 1
"""After so long it is told how long it takes already."""


class DeletePatientForm(Form):
    """One patient, chosen and named once more."""

    deleted = Signal()
    said = Signal(str, bool)

    def __init__(self, desk: DeletingDesk, guard: Guard) -> None:
        super().__init__()
        self._desk = desk
        self._guard = guard
        self._took_s = 0
        self.patient = Choice()
        self.patient.setAccessibleName(self.tr("Patient"))
        self.typed = NightLine(self.tr("The code once more"))
        self.fields.addRow(self.tr("&Patient"), self.patient)
        self.fields.addRow(self.tr("The &code once more"), self.typed)
        self.warning = dim_text(
            self.tr(
                "The keys are destroyed for everybody: nothing about the patient can be read again, and nobody can "
                "undo it. Another therapist's process notes follow at that therapist's next sign-in.\n"
                "What stays: backups made before, and pages that were printed or sent. See to those too, and first how "
                "long the law wants the record kept."
            )
        )
        self.fields.addRow(self.warning)  # across both columns: a small window shows all of it
        self.name.setText(self.tr("Delete a patient for good"))
        self.accept_button.setText(self.tr("Delete the patient"))
        self.accepted.connect(self._delete)
        self._clock = QTimer(self)
        self._clock.setInterval(1000 * PROGRESS_S)
        self._clock.timeout.connect(self._tell_how_long)

    def begin(self) -> None:
        """Ask who there is.

        Raises:
            KapnotesError: nobody can be deleted from this seat, or not now.
        """
        self.patient.clear()
        self.typed.clear()
        self._desk.patients(self._guard(self._take), self._guard(self._failed))

    def forget(self) -> None:
        """Keep no code in a field that nobody looks at."""
        self.patient.clear()
        self.typed.clear()

    def _take(self, cards: list[PatientCard]) -> None:
        self.patient.clear()
        for card in cards:
            self.patient.addItem(card.details.code, card)
        self.patient.setFocus()

    @Slot(object)
    def _delete(self, _: object) -> None:
        card = self.patient.currentData(Qt.ItemDataRole.UserRole)
        self.set_busy(is_busy=True)
        try:
            if not isinstance(card, PatientCard):
                raise KapnotesError(self.tr("There is no patient."))
            done = partial(self._done, card.details.code)
            self._desk.delete(card, self.typed.text(), self._guard(done), self._guard(self._failed))
        except KapnotesError as error:
            self.typed.setFocus()
            self._failed(error)

    def set_busy(self, *, is_busy: bool) -> None:
        """Wait for the outcome, and say how long it takes already."""
        super().set_busy(is_busy=is_busy)
        if is_busy:
            self._took_s = 0
            self._clock.start()
            self.said.emit(self.tr("The keys are being destroyed…"), False)
        else:
            self._clock.stop()

    @Slot()
    def _tell_how_long(self) -> None:
        self._took_s += PROGRESS_S
        self.said.emit(self.tr("The keys are being destroyed… {} s").format(self._took_s), False)

    def _done(self, code: str, _: object) -> None:
        self.set_busy(is_busy=False)
        self.forget()
        self.deleted.emit()
        self.said.emit(self.tr("{} is deleted, for good. Backups made before are not.").format(code), False)

    def _failed(self, error: Exception) -> None:
        self.set_busy(is_busy=False)
        self.said.emit(error_line(error), True)
