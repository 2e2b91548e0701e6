"""What is written for a summary, below what goes in: authorization, blocks, what has left, and where the pages go."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication, QFormLayout, QPushButton, QScrollArea, QWidget

from kapnotes.app.live_session import LiveSession
from kapnotes.app.seat import Seat
from kapnotes.ui.fields import NightLine
from kapnotes.ui.form_parts import heading
from kapnotes.ui.labels import ScaledLabel
from kapnotes.ui.summary_authorization import AuthorizationForm
from kapnotes.ui.summary_blocks import SummaryBlocks
from kapnotes.ui.summary_released import ReleasedList

LEAST_PX = 96
"""Pixels of height at least, on the smallest screen; it scrolls to where the keys are, so all of it is in reach."""


class SummaryForm(QScrollArea):
    """The parts under their titles; a therapist's has the authorization and the three blocks as well."""

    def __init__(
        self,
        seat: Seat,
        live: LiveSession,
        recipient: NightLine,
        add_files: Callable[[QFormLayout, NightLine], None],
    ) -> None:
        super().__init__()
        part = QWidget()
        fields = QFormLayout(part)
        fields.setContentsMargins(0, 0, 4, 0)
        fields.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        fields.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self.authorization: AuthorizationForm | None = None
        self.blocks: SummaryBlocks | None = None
        self.titles: dict[str, QWidget] = {}
        if seat.member.is_therapist:
            self._add_title(fields, "authorization", self.tr("Authorization for the chosen lines (45 CFR 164.508)"))
            self.authorization = AuthorizationForm(seat.member.label, self._session(live), live.now().local().date())
            self.authorization.hide()
            self._closed = ScaledLabel(0.95, is_dim=True)
            self._closed.setWordWrap(True)
            self._closed.setText(
                self.tr("Its form opens when a process note is chosen; without it nothing of one is on a page.")
            )
            self.blocks = SummaryBlocks(live)
            fields.addRow(self._closed)
            fields.addRow(self.authorization)
            self._add_title(fields, "blocks", self.tr("Written for the page"))
            fields.addRow(self.blocks)
            self._add_title(fields, "released", self.tr("What was released, and what has left"))
        else:
            self._add_title(fields, "released", self.tr("What has left"))
        self.released = ReleasedList(live, can_revoke=seat.member.is_therapist)
        fields.addRow(self.released)
        self._add_title(fields, "files", self.tr("Pages, encrypted with a passphrase of their own"))
        add_files(fields, recipient)
        for button in part.findChildren(QPushButton):
            button.setMinimumWidth(1)  # its edges give way before the form is wider than its half
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumHeight(LEAST_PX)
        self.setWidget(part)

    def _session(self, live: LiveSession) -> str:
        opened = live.record.opened
        day = (live.record.origin or live.now()).local().date().isoformat()
        words = self.tr("session {number} of {day}")
        return words.format(number=opened.number if opened is not None else 0, day=day)

    def _add_title(self, fields: QFormLayout, name: str, text: str) -> None:
        self.titles[name] = title(text)
        fields.addRow(self.titles[name])

    def open_authorization(self) -> None:
        """Show the recording of an authorization and bring it into sight; the keys stay where they are."""
        if self.authorization is not None and self.authorization.isHidden():
            self._closed.hide()
            self.authorization.show()
            QTimer.singleShot(0, self, self._show_authorization)  # once the layout has made room for it

    @Slot()
    def _show_authorization(self) -> None:
        focused = QApplication.focusWidget()
        is_elsewhere = focused is None or not self.isAncestorOf(focused)
        if self.authorization is not None and is_elsewhere:  # who is at another part of it already stays there
            self.ensureWidgetVisible(self.authorization, 0, 0)
            self.ensureWidgetVisible(self.titles["authorization"], 0, 0)

    def go_to(self, name: str) -> None:
        """Bring that part into sight, with the keys in its first field."""
        if name == "authorization":
            self.open_authorization()
        widget: QWidget | None = {
            "authorization": self.authorization.description if self.authorization is not None else None,
            "blocks": next(iter(self.blocks.of_block.values())) if self.blocks is not None else None,
            "released": self.released.list,
        }.get(name)
        if widget is not None:
            widget.setFocus()
            self.ensureWidgetVisible(widget)


def title(text: str) -> QWidget:
    """Return the title of a part."""
    label = heading(text)
    label.setWordWrap(True)
    label.setContentsMargins(0, 10, 0, 0)
    return label
