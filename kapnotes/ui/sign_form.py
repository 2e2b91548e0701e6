"""The calm form by which a clinician signs the own record of a session: what is missing first, then the signature."""

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtWidgets import QScrollArea, QWidget

from kapnotes.app.signing import Signature
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.members import Member
from kapnotes.ui.fields import NightLine
from kapnotes.ui.forms import Form
from kapnotes.ui.labels import MARK_SIGN, ScaledLabel

NARROWEST = 480
"""Pixels that the lines of what is missing have at least."""

SHOWN = 9
"""So many lines of what is missing fit the smallest window; further ones are counted."""


def scrolled(form: QWidget) -> QScrollArea:
    """Return *form* so that all of it is in reach on the smallest screen."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(form)
    return area


class SignForm(Form):
    """Name, credential and meaning as they will be printed. With something missing it asks why it is signed so."""

    typed_on = Signal()
    """Somebody changed a field."""

    def __init__(self, member: Member) -> None:
        super().__init__()
        self._missing: tuple[str, ...] = ()
        name, _, credential = member.label.rpartition(",")
        self.missing = ScaledLabel(0.95)
        self.missing.setWordWrap(True)
        self.missing.setAccessibleName(self.tr("What is missing"))
        self.printed_name = NightLine(self.tr("Printed name"), (name or member.label).strip())
        self.credential = NightLine(self.tr("Credential"), credential.strip() if name else "")
        self.meaning = NightLine(self.tr("Meaning"), self.tr("These entries are mine, complete and accurate."))
        self.reason = NightLine(self.tr("Why it is signed although something is missing"))
        self.reason.setPlaceholderText(self.tr("why it is signed so; Esc goes back and adds it"))
        self.fields.addRow(self.missing)
        self.fields.addRow(self.tr("&Name"), self.printed_name)
        self.fields.addRow(self.tr("&Credential"), self.credential)
        self.fields.addRow(self.tr("&Meaning"), self.meaning)
        self.fields.addRow(self.tr("&Why so"), self.reason)
        self.lines = {
            "name": self.printed_name,
            "credential": self.credential,
            "meaning": self.meaning,
            "reason": self.reason,
        }
        self._at_first = self.values()
        for line in self.lines.values():
            line.textEdited.connect(self._typed)
        self.name.setText(self.tr("Sign your own record"))
        self.accept_button.setText(self.tr("Sign; afterwards it only grows, by marked additions"))

    def values(self) -> dict[str, str]:
        """Return what the fields hold."""
        return {name: line.text() for name, line in self.lines.items()}

    def is_half_typed(self) -> bool:
        """Tell whether somebody changed what stood in the fields at first."""
        return self.values() != self._at_first

    @Slot()
    def _typed(self) -> None:
        self.typed_on.emit()

    def fill(self, typed: Mapping[str, str]) -> None:
        """Put what was *typed* into the fields, into the others what stands there at first."""
        for name, line in self.lines.items():
            line.setText(typed.get(name, self._at_first[name]))
        self.meaning.setCursorPosition(0)

    def begin(self, missing: tuple[str, ...], typed: Mapping[str, str]) -> None:
        """Show what is *missing*, and what was *typed* before; who has to give a reason begins there."""
        self._missing = missing
        lines = [f"{MARK_SIGN} {line}" for line in missing[:SHOWN]]
        if len(missing) > SHOWN:
            lines.append(self.tr("{} further").format(len(missing) - SHOWN))
        self.missing.setText("\n".join(lines) or self.tr("Nothing is missing."))
        self.missing.setMinimumHeight(self.missing.heightForWidth(NARROWEST))  # a form's row would cut it
        self.fill(typed)
        self.fields.setRowVisible(self.reason, bool(missing))
        (self.reason if missing else self.accept_button).setFocus()

    def signature(self) -> Signature:
        """Return what is signed; the reason for signing with gaps is part of the meaning.

        Raises:
            KapnotesError: something is missing, and no reason is given.
        """
        meaning = self.meaning.text().strip()
        if self._missing:
            reason = self.reason.text().strip()
            if not reason:
                raise KapnotesError("Something is missing: say why it is signed so, or go back with Esc and add it.")
            wording = QCoreApplication.translate(
                "SignForm", "{meaning} Signed although something is missing ({count}): {reason}"
            )
            meaning = wording.format(meaning=meaning, count=len(self._missing), reason=reason)
        return Signature(self.printed_name.text(), self.credential.text(), meaning)
