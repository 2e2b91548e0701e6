"""Two dim lines at home about the patient one is at: what goes on from earlier sessions, and what the pad took."""

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kapnotes.app.course_glance import CourseGlance, Glance
from kapnotes.app.seat import Seat, SessionCard
from kapnotes.domain.entries import Stage
from kapnotes.domain.text import one_line
from kapnotes.ui.labels import ElidedLabel
from kapnotes.ui.pad_use import use_line

LOOK_AFTER_MS = 250
"""Who goes along the list with the arrows is not read every patient's notes for."""


class PatientLine(QWidget):
    """Always there with its two lines, so that nothing moves; for therapists alone, whose notes it reads."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        self._glance = CourseGlance(seat)
        self._patient_id = ""
        self._code = ""
        self._newest: SessionCard | None = None
        self.is_looking = False
        """Whether what is shown will be shown anew in a moment."""
        self.themes = ElidedLabel(0.85, is_dim=True)
        self.themes.setAccessibleName(self.tr("What is to be carried on, and the open themes of this patient"))
        self.use = ElidedLabel(0.85, is_dim=True)
        self.use.setAccessibleName(self.tr("Use of the pad in the newest session"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.themes)
        column.addWidget(self.use)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(LOOK_AFTER_MS)
        self._pause.timeout.connect(self.look)

    def show_patient(self, patient_id: str, code: str, newest: SessionCard | None) -> None:
        """Be about that patient in a moment; *newest* is the newest session. Nothing of another one stays in sight."""
        if patient_id != self._patient_id:
            self.themes.setText("")
            self.use.setText("")
        self._patient_id, self._code, self._newest = patient_id, code, newest
        self.is_looking = bool(patient_id)
        self._pause.start()

    def stop(self) -> None:
        """Look no further."""
        self._pause.stop()
        self._glance.stop()

    @Slot()
    def look(self) -> None:
        """Read the own notes of the patient one is at."""
        self._pause.stop()
        if self._patient_id:
            self._glance.look(self._patient_id, self._show)

    def _show(self, glance: Glance) -> None:
        if glance.patient_id != self._patient_id:
            return
        self.is_looking = False
        said = "  ·  ".join(one_line(theme.text) for theme in glance.themes)
        carry = ""
        if glance.carried is not None:
            text, number = glance.carried
            carry = self.tr("to carry on from session {number}: {text}").format(number=number, text=one_line(text))
        parts = (
            self._code,
            carry,
            self.tr("open themes: {themes}").format(themes=said) if said else self.tr("no open theme"),
            self.tr("(sessions not read: {})").format(glance.unread) if glance.unread else "",
        )
        self.themes.setText("   ".join(part for part in parts if part))
        newest = self._newest
        use = glance.use.get(newest.scope_id) if newest is not None and newest.stage is Stage.CLOSED else None
        self.use.setText(use_line(use, newest.opened.number) if use is not None and newest is not None else "")
