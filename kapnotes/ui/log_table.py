"""The rows of the vitals log as a table: every medical entry in the order in which it happened."""

from collections.abc import Callable

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from kapnotes.domain.changes import IN_PERCENT
from kapnotes.domain.entries import Dose, Entry, Infusion
from kapnotes.domain.record import Record
from kapnotes.ui.lamp import Lamp
from kapnotes.ui.log_row import COLUMNS, COMPARED, InLog, LogRow, alignment_of, row_of, text_of

_Index = QModelIndex | QPersistentModelIndex

_ANSWERED = {
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ForegroundRole,
    Qt.ItemDataRole.TextAlignmentRole,
    Qt.ItemDataRole.AccessibleTextRole,
}


class LogModel(QAbstractTableModel):
    """The rows as a table, for the eye and for a screen reader."""

    def __init__(self, record: Record, lamp: Lamp, is_saved: Callable[[Entry], bool]) -> None:
        super().__init__()
        self._record = record
        self._lamp = lamp
        self._is_saved = is_saved
        self._rows: dict[str, LogRow] = {}
        self._entries: list[Entry] = []
        self._places: dict[str, int] = {}
        self._changes_are_beside = False
        self.reload()

    def reload(self) -> None:
        """Show what stands now, from the top: a correction can change or take away any row."""
        self.beginResetModel()
        self._rows.clear()
        self._places.clear()
        self._entries = list(self._record.entries_of(InLog))
        gone = [entry for entry in self._record.taken_back() if isinstance(entry.body, InLog)]
        if gone:
            self._entries = sorted([*self._entries, *gone], key=lambda one: self._record.position_s(one.happened))
        self.endResetModel()

    def headings(self) -> tuple[str, ...]:
        """Return the names of the columns."""
        return (
            self.tr("time"), self.tr("T+"), self.tr("BP"), self.tr("MAP"), self.tr("HR"),
            self.tr("SpO₂"), self.tr("RR"), self.tr("MOAA/S"), self.tr("what"), "",
        )  # fmt: skip

    def tell_changes_beside(self, *, is_beside: bool) -> None:
        """Name the changes from baseline in the titles of the columns, where they stand beside the readings."""
        if self._changes_are_beside != is_beside:
            self._changes_are_beside = is_beside
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, COLUMNS - 1)

    def _title(self, section: int) -> str:
        title = self.headings()[section]
        fields = COMPARED.get(section)
        if not self._changes_are_beside or fields is None:
            return title
        return f"{title}  {self.tr('Δ  %')}" if fields[0] in IN_PERCENT else f"{title}  {self.tr('Δ')}"

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self._entries)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Return the number of columns."""
        return 0 if parent.isValid() else COLUMNS

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the name of a column."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return alignment_of(section)
        return self._title(section) if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a cell; a reading outside the protocol has a sign in front as well as its colour."""
        if role not in _ANSWERED:
            return None
        row = self.row(index.row())
        if role == Qt.ItemDataRole.DisplayRole:
            return text_of(row, index.column(), is_saved=self.is_saved(index.row()))
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == len(row.cells):
            return self.tr("saved") if self.is_saved(index.row()) else self.tr("still saving")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(row, index.column())
        if role == Qt.ItemDataRole.ForegroundRole and index.column() in row.marked:
            return QColor(self._lamp.night.mark)
        return alignment_of(index.column()) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def is_saved(self, place: int) -> bool:
        """Tell whether the entry of the row at *place* is on the disk as it stands."""
        return self._is_saved(self._entries[place])

    def _spoken(self, row: LogRow, column: int) -> str:
        words = [row.cells[column]]
        if column in row.changes:
            words.append(self.tr("{} from baseline").format(row.changes[column]))
        if column == 0 and row.is_struck:
            words.append(self.tr("taken back"))
        return ", ".join(words)

    def row(self, place: int) -> LogRow:
        """Return the row at *place*, counted from the top; it is made when it is first asked for."""
        entry = self._entries[place]
        row = self._rows.get(entry.entry_id)
        if row is None:
            row = self._rows[entry.entry_id] = row_of(entry, self._record)
        return row

    def add(self, entry: Entry) -> None:
        """Show *entry* at its place in time."""
        if not isinstance(entry.body, InLog):
            return
        place = len(self._entries)
        while place and self._record.between_s(entry.happened, self._entries[place - 1].happened) > 0:
            place -= 1
        self._places.clear()
        self.beginInsertRows(QModelIndex(), place, place)
        self._entries.insert(place, entry)
        self.endInsertRows()
        is_newest = place == len(self._entries) - 1
        if isinstance(entry.body, Dose | Infusion) or not is_newest:
            self._rows.clear()  # T+0 or the baseline may be another one now
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._entries) - 1, COLUMNS - 1))

    def mark_saved(self, entry: Entry) -> None:
        """Put the tick on the row of *entry*, or of what it corrects, once all that stands there is saved."""
        shown = self._record.corrected_in_the_end(entry)
        if shown is None or not self._is_saved(shown):
            return
        is_newest = bool(self._entries) and self._entries[-1].entry_id == shown.entry_id  # one that was just noted is
        place = len(self._entries) - 1 if is_newest else self.place_of(shown.entry_id)
        if place is not None:
            cell = self.index(place, COLUMNS - 1)
            self.dataChanged.emit(cell, cell)

    def place_of(self, entry_id: str) -> int | None:
        """Return the row of that entry, counted from the top, or None."""
        if not self._places:
            self._places = {entry.entry_id: place for place, entry in enumerate(self._entries)}
        return self._places.get(entry_id)

    def entries(self) -> tuple[Entry, ...]:
        """Return what is shown, from the top."""
        return tuple(self._entries)
