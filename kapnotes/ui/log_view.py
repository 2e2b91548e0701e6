"""The table of the vitals log as a widget: its columns as wide as what stands in them, and no cell to choose."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from kapnotes.ui.lamp import Lamp
from kapnotes.ui.log_table import CellDelegate, LogModel

_SAMPLES = ("00:00", "T+0000", "! 188/188", "MAP", "Δ sys %", "! 00.0", "! 00.0", "! 00.0", "MOAA/S", "", "…")
_STRETCHED = 9
_SPARED = (4, 3, 7)
"""What gives way first where there is no room for words: the change of the pressure, the mean pressure, RR."""

_WORDS = "0" * 20
"""So much room the words have at least."""


class LogTable(QTableView):
    """Shows the rows of a `LogModel`; the keys that move it are its window's."""

    def __init__(self, lamp: Lamp) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Vitals and events"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._widths: dict[int, int] = {}
        self._was_at_now = True
        self._cells = CellDelegate(lamp)
        self.setItemDelegate(self._cells)

    def show_rows(self, model: LogModel) -> None:
        """Show *model*."""
        self.setModel(model)
        self._size_columns()

    def _size_columns(self) -> None:
        header = self.horizontalHeader()
        metrics = self.fontMetrics()
        header.setMinimumSectionSize(metrics.horizontalAdvance("MAP") + 22)
        for column, sample in enumerate(_SAMPLES):
            if column == _STRETCHED:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
            else:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
                self._widths[column] = metrics.horizontalAdvance(sample) + 22
                header.resizeSection(column, self._widths[column])
        row = metrics.lineSpacing() + 6
        self.verticalHeader().setDefaultSectionSize(row)
        self.setMinimumHeight(row * 4)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let columns give way to the words where the window is narrow."""
        super().resizeEvent(event)
        if self.model() is None:
            return
        shown = set(self._widths) - set(_SPARED)
        left = event.size().width() - sum(self._widths[column] for column in shown)
        left -= self.fontMetrics().horizontalAdvance(_WORDS)
        for column in reversed(_SPARED):
            width = self._widths.get(column, 0)
            self.setColumnHidden(column, left < width)
            left -= width

    def show_cursor(self, entry_id: str) -> None:
        """Mark the row of that entry and show it; with no id mark none, and go back to the newest if it was shown."""
        model = self.model()
        row = model.row_of(entry_id) if isinstance(model, LogModel) and entry_id else -1
        bar = self.verticalScrollBar()
        if self._cells.cursor_row < 0:
            self._was_at_now = bar.value() >= bar.maximum() - 1
        self._cells.cursor_row = row
        if row >= 0:
            self.scrollTo(model.index(row, 0), QAbstractItemView.ScrollHint.PositionAtCenter)
        elif self._was_at_now:
            self.scrollToBottom()
        self.viewport().update()

    def page(self, direction: int) -> None:
        """Go a page up (-1) or down (1)."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + direction * bar.pageStep())
