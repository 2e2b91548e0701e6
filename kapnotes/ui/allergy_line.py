"""The line of the log in which the allergies are always in sight."""

from PySide6.QtCore import QCoreApplication, Slot

from kapnotes.app.live_session import LiveSession
from kapnotes.domain.allergies import allergies_in_words
from kapnotes.domain.entries import PatientDetails
from kapnotes.ui.labels import ElidedLabel


class AllergyLine(ElidedLabel):
    """One line that keeps its place from the beginning; the whole of a long one is told by its tool tip as well."""

    def __init__(self, live: LiveSession) -> None:
        super().__init__(0.9)
        self._live = live
        self._noted: str | None = None
        self.setAccessibleName(self.tr("Allergies"))
        self.look()

    @Slot(object)
    def show_patient(self, patient: PatientDetails | None) -> None:
        """Show from now on also what stands with the patient."""
        self._noted = patient.allergies if patient is not None else ""
        self.look()

    def look(self) -> None:
        """Show what stands now."""
        words = allergies_in_words(self._live.record, self._noted, QCoreApplication.translate)
        if words != self.text():
            self.setText(words)
            self.setToolTip(words)
