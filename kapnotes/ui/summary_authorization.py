"""The recording of an authorization: it opens beside the rest when a line is chosen that has none, and blocks nothing.

Source: 45 CFR 164.508(c)(1), what it must say, and (c)(2), what the patient must be told.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QFormLayout, QPushButton, QWidget

from kapnotes.domain.entries import Authorization
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.release import on_paper
from kapnotes.domain.words import counted
from kapnotes.ui.fields import NightLine
from kapnotes.ui.keys import sequence_of
from kapnotes.ui.labels import ScaledLabel

AUTHORIZED_DAYS = 30
"""How long an authorization is proposed to hold; the field can be changed."""


class AuthorizationForm(QWidget):
    """Who discloses what to whom, for what, until when, and who signed. `changed` tells of any key in it."""

    changed = Signal()
    record_asked = Signal()

    def __init__(self, discloser: str, session: str, today: date) -> None:
        super().__init__()
        self._discloser = discloser
        self._session = session
        self._proposed: dict[str, str] = {}
        self.parties = ScaledLabel(0.95, is_dim=True)
        self.parties.setWordWrap(True)
        self.waiting = ScaledLabel(0.95, is_dim=True)
        self.waiting.setWordWrap(True)
        self.description = NightLine(self.tr("What is disclosed"))
        self.purpose = NightLine(self.tr("Purpose"))
        self.purpose.setPlaceholderText(self.tr("such as: integration of this session"))
        self.expires_on = NightLine(self.tr("Expires on"))
        self.signed_by = NightLine(self.tr("Signed by"))
        self.signed_by.setPlaceholderText(self.tr("the patient, or who may sign and why: for K-0142, guardian"))
        self.signed_on = NightLine(self.tr("Signed on"))
        self.on_paper = QCheckBox(self.tr("Signed on pa&per, kept with the chart"))
        self.record = QPushButton(self.tr("Record the authorization ({})").format(sequence_of("release")))
        self.told = ScaledLabel(0.85, is_dim=True)
        self.told.setWordWrap(True)
        self.told.setText(
            self.tr(
                "The paper tells the patient: it can be revoked in writing at any time, care does not depend on it, "
                "and what is disclosed may be disclosed again. The patient keeps a copy."
            )
        )
        self._lines: dict[str, NightLine] = {
            "description": self.description,
            "purpose": self.purpose,
            "expires_on": self.expires_on,
            "signed_by": self.signed_by,
            "signed_on": self.signed_on,
        }
        self._add_rows()
        self._propose("signed_on", today.isoformat())
        self._propose("expires_on", (today + timedelta(days=AUTHORIZED_DAYS)).isoformat())
        for line in self._lines.values():
            line.textChanged.connect(self.changed)
        self.on_paper.toggled.connect(self.changed)
        self.record.clicked.connect(self._ask)
        self.show_waiting(0, "")

    def _add_rows(self) -> None:
        fields = QFormLayout(self)
        fields.setContentsMargins(0, 0, 0, 0)
        fields.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        fields.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        fields.addRow(self.waiting)
        fields.addRow(self.parties)
        fields.addRow(self.tr("W&hat is disclosed"), self.description)
        fields.addRow(self.tr("For &what"), self.purpose)
        fields.addRow(self.tr("E&xpires on"), self.expires_on)
        fields.addRow(self.tr("Signed &by"), self.signed_by)
        fields.addRow(self.tr("Signed &on"), self.signed_on)
        fields.addRow("", self.on_paper)
        fields.addRow("", self.record)
        fields.addRow(self.told)

    def show_waiting(self, count: int, recipient: str) -> None:
        """Say how many chosen lines have no authorization, and propose to describe them, where nobody typed that."""
        to = recipient or self.tr("nobody yet; write above for whom the page is")
        self.parties.setText(self.tr("{who} discloses to {to}.").format(who=self._discloser, to=to))
        if count:
            one = self.tr("{count} chosen line has no authorization for this recipient and is not on the page.")
            many = self.tr("{count} chosen lines have no authorization for this recipient and are not on the page.")
            self.waiting.setText(counted(count, one, many))
            one = self.tr("{count} line of the process notes of {session}, as it is printed on the page")
            many = self.tr("{count} lines of the process notes of {session}, as they are printed on the page")
            self._propose("description", counted(count, one, many, session=self._session))
        else:
            self.waiting.setText(self.tr("Every chosen line is authorized."))

    def _propose(self, name: str, text: str) -> None:
        """Put *text* into a field that nobody typed into; the caret stays at its begin."""
        line = self._lines[name]
        if line.text() in {"", self._proposed.get(name, "")} and not line.hasFocus():
            self._proposed[name] = text
            line.setText(text)
            line.setCursorPosition(0)

    @Slot()
    def _ask(self) -> None:
        self.record_asked.emit()

    def read(self, recipient: str, today: date) -> Authorization:
        """Return what is typed as an authorization that holds *today*; whether it is complete the domain says.

        Raises:
            KapnotesError: a day is none, or it does not hold today; the line says which field to correct.
        """
        signer = self.signed_by.text().strip()
        authorization = Authorization(
            discloser=self._discloser,
            recipient=recipient.strip(),
            description=self.description.text().strip(),
            purpose=self.purpose.text().strip(),
            expires_on=self._day(self.expires_on),
            signed_by=on_paper(signer) if self.on_paper.isChecked() else signer,
            signed_on=self._day(self.signed_on),
        )
        if authorization.signed_on > today:
            raise KapnotesError("The authorization is signed in the future; correct “Signed on”.")
        if authorization.expires_on < today:
            raise KapnotesError("The authorization has expired; correct “Expires on”.")
        return authorization

    def _day(self, line: NightLine) -> date:
        try:
            return date.fromisoformat(line.text().strip())
        except ValueError:
            name = line.accessibleName()
            raise KapnotesError(self.tr("{}: write the day as 2026-12-22.").format(name)) from None

    def typed(self) -> dict[str, str]:
        """Return what somebody typed, by the names of the fields; what is only proposed is not among it."""
        typed = {name: line.text() for name, line in self._lines.items() if line.text() != self._proposed.get(name, "")}
        return typed | ({"on_paper": "yes"} if self.on_paper.isChecked() else {})

    def put_back(self, typed: Mapping[str, str]) -> None:
        """Put back what somebody had typed."""
        for name, line in self._lines.items():
            if name in typed:
                line.setText(typed[name])
                line.setCursorPosition(0)
        self.on_paper.setChecked("on_paper" in typed)

    def begin_anew(self) -> None:
        """Be ready for the next authorization: what describes the lines is theirs alone, the rest may be the same."""
        self.description.setText(self._proposed.get("description", ""))
        self.description.setCursorPosition(0)
