"""What was released and what has left of a session: each with its day and whom it is for, and revocable one by one."""

from datetime import date

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kapnotes.app.live_session import LiveSession
from kapnotes.domain.release_states import given, issued
from kapnotes.domain.words import counted
from kapnotes.ui.keys import sequence_of
from kapnotes.ui.labels import ScaledLabel
from kapnotes.ui.page_line import KeyList
from kapnotes.ui.summary_words import given_words, issued_words

ROWS = 4

_REASON = "revoked by the patient"
"""Why a release is taken back, as it is recorded."""


class ReleasedList(QWidget):
    """Authorizations and pages, the newest first. A key revokes the current authorization when it is pressed twice."""

    said = Signal(str, bool)
    revoked = Signal()

    def __init__(self, live: LiveSession, *, can_revoke: bool) -> None:
        super().__init__()
        self._live = live
        self._asked = ""
        self.list = KeyList(
            self.tr("Authorizations, and what has left") if can_revoke else self.tr("What has left"),
            {Qt.Key.Key_Delete: "revoke", Qt.Key.Key_Backspace: "revoke"},
            self.tr("Nothing was released and nothing has left yet.")
            if can_revoke
            else self.tr("Nothing has left yet."),
            ROWS,
        )
        self.list.pressed_on.connect(self._press)
        self.hint = ScaledLabel(0.85, is_dim=True)
        self.hint.setWordWrap(True)
        words = self.tr("Del revokes the authorization of the row, {} all of them; pages that have left stay out.")
        self.hint.setText(words.format(sequence_of("revoke")))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)
        column.addWidget(self.hint)
        self.hint.setVisible(can_revoke)

    def show_rows(self, on: date) -> None:
        """Show what there is on day *on*."""
        record = self._live.record
        rows = [(one.entry, one.entry.entry_id, given_words(one, on)) for one in given(record)]
        rows += [(entry, f"issued {entry.entry_id}", issued_words(entry, body)) for entry, body in issued(record)]
        rows.sort(key=lambda row: record.position_s(row[0].entered))
        self.list.show_rows([(row_id, text) for _, row_id, text in reversed(rows)])

    def standing(self) -> list[str]:
        """Return the ids of the authorizations that are not revoked."""
        return [one.entry.entry_id for one in given(self._live.record) if one.revoked is None]

    @Slot(str, str)
    def _press(self, does: str, row_id: str) -> None:
        del does
        if row_id not in self.standing():
            self.said.emit(self.tr("This row is no authorization that could be revoked."), True)
        elif row_id != self._asked:
            self._asked = row_id
            self.said.emit(self.tr("Del once more revokes this authorization; pages that have left stay out."), True)
        else:
            self._asked = ""
            self._revoke([row_id])

    def ask_for_all(self) -> None:
        """Revoke every authorization when it is asked for twice."""
        standing = self.standing()
        if not standing:
            self.said.emit(self.tr("There is no authorization to revoke."), False)
        elif self._asked != "all":
            self._asked = "all"
            question = self.tr("{} once more revokes every authorization of this session; pages already made stay.")
            self.said.emit(question.format(sequence_of("revoke")), True)
        else:
            self._asked = ""
            self._revoke(standing)

    def _revoke(self, ids: list[str]) -> None:
        for entry_id in ids:
            self._live.revoke(entry_id, _REASON)
        one, many = self.tr("{count} authorization is revoked."), self.tr("{count} authorizations are revoked.")
        self.said.emit(counted(len(ids), one, many), False)
        self.revoked.emit()
