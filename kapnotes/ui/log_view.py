"""The table of the vitals log as a widget: its columns as wide as what stands in them, and a row chosen by key."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from kapnotes.ui.fonts import sized
from kapnotes.ui.lamp import Lamp
from kapnotes.ui.log_cells import MARGIN, SMALL, Plan, RowPictures
from kapnotes.ui.log_row import COLUMNS
from kapnotes.ui.log_table import LogModel
from kapnotes.ui.log_titles import LogTitles

_SAMPLES = ("00:00", "T+0000", "!! 188/188", "000", "!! 000", "!! 00", "!! 00", "MOAA/S", "", "…")
_CHANGES = {2: "+00/+00  +00/+00 % ", 3: "+00  +00 % ", 4: "+000  +000 % ", 5: "+00 ", 6: "+00  +00 % "}
"""Samples of what stands in a column, and of the change from baseline beside or below it."""

_STRETCHED = 8
_SPARED = (3, 1, 6)
"""What gives way first where there is no room for words: the mean pressure, the time since the dose, RR."""

_SPARED_LOW = (3, 1, 6, 7)
"""The same in a low window: also the depth of sedation, which stands in the last set too."""

_WORDS, _FEW_WORDS = "0" * 20, "0" * 5
"""So much room the words have at least; in a low window those of a row without readings have theirs as well."""


class LogTable(QTableView):
    """Shows the rows of a `LogModel`; the keys that move it are its window's.

    A change from baseline stands beside its reading where the window is wide enough, else below it.
    """

    def __init__(self, lamp: Lamp) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Vitals and events"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setHorizontalHeader(LogTitles())
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._was_at_now = True
        self._chosen = ""
        self._rows: LogModel | None = None
        self._pictures = RowPictures(lamp)
        self._is_stacked = False
        self._is_low = False
        self._chosen_row = -1
        self.cursor_row = -1
        """The row that the cursor of the chart stands on, -1 for none."""

    def show_rows(self, model: LogModel) -> None:
        """Show *model*."""
        self._rows = model
        self.setModel(model)
        model.modelReset.connect(self._rows_moved)
        model.rowsInserted.connect(self._rows_moved)
        self._size_columns()

    # ------------------------------------------------------------------------------------------- layout

    def keep_low(self, *, is_low: bool) -> None:
        """Show readings alone, without titles and changes from baseline, where the window holds few lines."""
        if is_low is not self._is_low:
            self._is_low = is_low
            self.horizontalHeader().setVisible(not is_low)
            off, as_needed = Qt.ScrollBarPolicy.ScrollBarAlwaysOff, Qt.ScrollBarPolicy.ScrollBarAsNeeded
            self.setHorizontalScrollBarPolicy(off if is_low else as_needed)
            self._size_columns()

    def _size_columns(self) -> None:
        if self._rows is None:
            return
        header, metrics = self.horizontalHeader(), self.fontMetrics()
        header.setMinimumSectionSize(metrics.horizontalAdvance("00") + 2 * MARGIN)
        small = QFontMetrics(sized(self.font(), SMALL))
        beside, below = self._widths(metrics, small)
        words = metrics.horizontalAdvance(_FEW_WORDS if self._is_low else _WORDS)
        self._is_stacked = not self._is_low and sum(beside.values()) + words > self.viewport().width()
        has_changes_beside = not self._is_stacked and not self._is_low
        room = {one: small.horizontalAdvance(text) + MARGIN for one, text in _CHANGES.items()}
        self._pictures.room_beside = {} if self._is_low else room
        widths = beside if has_changes_beside else below
        self._rows.tell_changes_beside(is_beside=has_changes_beside)
        for column in range(len(_SAMPLES)):
            if column == _STRETCHED:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
            else:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
                header.resizeSection(column, widths[column])
        self._spare(widths, words)
        row = metrics.lineSpacing() + (4 if self._is_low else 6)
        high = metrics.height() + small.height() + 4 if self._is_stacked else row
        if self.verticalHeader().defaultSectionSize() != high:
            self.verticalHeader().setDefaultSectionSize(high)
        self.setMinimumHeight(row)  # it has what the others leave; a larger one kept a window from being small

    def _widths(self, metrics: QFontMetrics, small: QFontMetrics) -> tuple[dict[int, int], dict[int, int]]:
        """Return the widths of the columns with the changes beside the readings, and below them."""
        assert self._rows is not None  # noqa: S101 - who asks has looked
        beside, below = {}, {}
        for column, (sample, title) in enumerate(zip(_SAMPLES, self._rows.headings(), strict=True)):
            if column == _STRETCHED:
                continue
            reading, change = metrics.horizontalAdvance(sample), small.horizontalAdvance(_CHANGES.get(column, ""))
            heading = metrics.horizontalAdvance(title.split("  ")[0])
            if self._is_low:
                heading, change = 0, 0
            beside[column] = max(heading, reading + (change + MARGIN if change else 0)) + 2 * MARGIN + 2
            below[column] = max(heading, reading, change) + 2 * MARGIN + 2
        return beside, below

    def _spare(self, widths: dict[int, int], words: int) -> None:
        """Hide columns that give way to the words where the window is narrow."""
        spared = _SPARED_LOW if self._is_low else _SPARED
        left = self.viewport().width() - words
        left -= sum(width for column, width in widths.items() if column not in spared)
        for column in set(_SPARED_LOW) - set(spared):
            self.setColumnHidden(column, False)
        for column in reversed(spared):
            self.setColumnHidden(column, left < widths[column])
            left -= widths[column]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let columns give way to the words where the window is narrow."""
        was_at_now = self.is_at_now()
        super().resizeEvent(event)
        self._size_columns()
        if was_at_now and not self.chosen():
            self.go_to_now()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the program's type size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            was_at_now = self.is_at_now()
            self._size_columns()
            if was_at_now and not self.chosen():
                self.go_to_now()

    # ----------------------------------------------------------------------------------------- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows in sight, each as a picture; asked cell by cell, Qt took a frame for them."""
        if self._rows is None:
            return
        painter = QPainter(self.viewport())
        self._pictures.begin(self.font(), self._plan())
        for place in range(max(0, self.rowAt(event.rect().top())), self._rows.rowCount()):
            top = self.rowViewportPosition(place)
            if top > event.rect().bottom():
                break
            row, is_chosen = self._rows.row(place), place in {self._chosen_row, self.cursor_row}
            painter.drawPixmap(
                0, top, self._pictures.picture(row, is_saved=self._rows.is_saved(place), is_chosen=is_chosen)
            )

    def _plan(self) -> Plan:
        shown = (column for column in range(COLUMNS) if not self.isColumnHidden(column))
        columns = tuple((one, self.columnViewportPosition(one), self.columnWidth(one)) for one in shown)
        size = QSize(self.viewport().width(), self.verticalHeader().defaultSectionSize())
        return Plan(size, self.devicePixelRatioF(), columns, self._is_stacked, self._is_stacked or self._is_low)

    # ------------------------------------------------------------------------------------------ choosing

    def chosen(self) -> str:
        """Return the entry whose row is chosen, or nothing."""
        return self._chosen if self._place() is not None else ""

    def _place(self) -> int | None:
        return self._rows.place_of(self._chosen) if self._rows is not None and self._chosen else None

    def choose(self, entry_id: str) -> None:
        """Choose the row of that entry, or none, and bring it in sight."""
        self._chosen = entry_id
        self._rows_moved()
        place = self._place()
        if place is not None and self._rows is not None:
            self.scrollTo(self._rows.index(place, 0))
        self._describe(place)

    def _rows_moved(self) -> None:
        """Look anew where the chosen row is."""
        place = self._place()
        self._chosen_row = -1 if place is None else place
        self.viewport().update()

    def _describe(self, place: int | None) -> None:
        if place is None or self._rows is None:
            self.setAccessibleDescription("")
            return
        cells = (self._rows.index(place, column) for column in range(_STRETCHED + 1))
        said = " ".join(str(cell.data(Qt.ItemDataRole.AccessibleTextRole) or "") for cell in cells)
        self.setAccessibleDescription(self.tr("chosen: {}").format(" ".join(said.split())))

    def step(self, by: int) -> bool:
        """Choose the row *by* rows further down; past the newest none is chosen. Tells whether one is."""
        if self._rows is None or not self._rows.rowCount():
            return False
        here = self._place()
        place = self._last_in_sight() if here is None else here + by
        if place >= self._rows.rowCount():
            self.choose("")
            self.go_to_now()
            return False
        self.choose(self._rows.entries()[max(0, place)].entry_id)
        return True

    def step_page(self, direction: int) -> bool:
        """Choose the row a page further back (-1) or forward (1), the last or first of all at most."""
        here = self._place()
        if here is None or self._rows is None:
            return False
        page = max(1, self.viewport().height() // max(1, self.rowHeight(here)) - 1)
        place = min(max(0, here + direction * page), self._rows.rowCount() - 1)
        self.choose(self._rows.entries()[place].entry_id)
        return True

    def _last_in_sight(self) -> int:
        assert self._rows is not None  # noqa: S101 - who asks has looked
        last = self.rowAt(self.viewport().height() - 1)
        return self._rows.rowCount() - 1 if last < 0 else last

    # ------------------------------------------------------------------------------------------- moving

    def is_at_now(self) -> bool:
        """Tell whether the newest row is in sight."""
        bar = self.verticalScrollBar()
        return bar.value() >= bar.maximum() - 1

    def go_to_now(self) -> None:
        """Show the newest row."""
        self.scrollToBottom()

    def show_cursor(self, entry_id: str) -> None:
        """Mark the row of that entry and show it; with no id mark none, and go back to the newest if it was shown."""
        place = self._rows.place_of(entry_id) if self._rows is not None and entry_id else None
        if self.cursor_row < 0:
            self._was_at_now = self.is_at_now()
        self.cursor_row = -1 if place is None else place
        if place is not None and self._rows is not None:
            self.scrollTo(self._rows.index(place, 0), QAbstractItemView.ScrollHint.PositionAtCenter)
        elif self._was_at_now:
            self.scrollToBottom()
        self.viewport().update()

    def page(self, direction: int) -> None:
        """Go a page up (-1) or down (1)."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + direction * bar.pageStep())
