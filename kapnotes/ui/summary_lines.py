"""The process notes that can go on a page: none is chosen until somebody chooses it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from kapnotes.app.live_session import LiveSession
from kapnotes.domain.codebook import Codebook
from kapnotes.domain.entries import Entry
from kapnotes.domain.looking_back import wanted_for_summary
from kapnotes.domain.release import is_releasable
from kapnotes.domain.text import shortened
from kapnotes.ui.pad_rows import row_for

WANTED_SIGN = "\N{WHITE DIAMOND}"
"""Stands before a line that was meant for the summary on the pad, where the same sign is at the end of its row."""

_ENTRY = Qt.ItemDataRole.UserRole


class SummaryLines(QListWidget):
    """One line for each process note of a session, with a tick. `chosen_changed` tells of any change of the ticks."""

    chosen_changed = Signal()

    def __init__(self, live: LiveSession, codebook: Codebook) -> None:
        super().__init__()
        self._live = live
        self._codebook = codebook
        self.setAccessibleName(self.tr("Process notes that can be chosen"))
        self.setWordWrap(True)
        self.setSpacing(1)  # room between the lines, and a full window within what the night allows
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.itemChanged.connect(self.chosen_changed)

    def show_lines(self) -> None:
        """Show what can be chosen, none of it chosen."""
        wanted = self._wanted()
        self.blockSignals(True)  # else each line would count them all
        before: Entry | None = None
        for entry in self._live.record.standing():
            if is_releasable(entry):
                item = QListWidgetItem(self._words(entry, before, is_wanted=entry.entry_id in wanted), self)
                item.setData(_ENTRY, entry)
                item.setCheckState(Qt.CheckState.Unchecked)
                if entry.entry_id in wanted:
                    spoken = self.tr("{}, meant for the summary").format(item.text().removeprefix(WANTED_SIGN).strip())
                    item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
                before = entry
        self.blockSignals(False)
        if self.count():
            self.setCurrentRow(0)
        self.chosen_changed.emit()

    def _words(self, entry: Entry, before: Entry | None, *, is_wanted: bool) -> str:
        row = row_for(entry, self._live.record, self._codebook, before=before, gap_after_s=float("inf"), is_saved=True)
        sign = WANTED_SIGN if is_wanted else ""
        parts = (sign, row.elapsed or row.time, row.code, shortened(row.text, 200))
        return "  ".join(part for part in parts if part)

    def _wanted(self) -> frozenset[str]:
        return wanted_for_summary(self._live.record, self._live.member.member_id)

    def chosen(self) -> list[Entry]:
        """Return the lines that are ticked."""
        return [item.data(_ENTRY) for item in self._items() if item.checkState() is Qt.CheckState.Checked]

    def wanted_count(self) -> int:
        """Return how many of the lines were meant for the summary on the pad."""
        wanted = self._wanted()
        return sum(item.data(_ENTRY).entry_id in wanted for item in self._items())

    def choose_all(self) -> None:
        """Choose all, or none where all are chosen."""
        state = Qt.CheckState.Unchecked if len(self.chosen()) == self.count() else Qt.CheckState.Checked
        self._choose(self._items(), state)

    def choose_wanted(self) -> int:
        """Choose those meant for the summary beside what is chosen already; returns how many they are."""
        wanted = self._wanted()
        found = [item for item in self._items() if item.data(_ENTRY).entry_id in wanted]
        self._choose(found, Qt.CheckState.Checked)
        return len(found)

    def _choose(self, items: list[QListWidgetItem], state: Qt.CheckState) -> None:
        self.blockSignals(True)
        for item in items:
            item.setCheckState(state)
        self.blockSignals(False)
        self.viewport().update()
        self.chosen_changed.emit()

    def _items(self) -> list[QListWidgetItem]:
        return [self.item(row) for row in range(self.count())]
