"""The audit trail: who did what with which record, newest first. It shows nothing of what any record says."""

from pathlib import Path

from PySide6.QtCore import QSettings, Qt, Slot
from PySide6.QtWidgets import QAbstractItemView, QFormLayout, QListWidget, QVBoxLayout, QWidget

from kapnotes.app.audit_desk import AuditDesk, Trail
from kapnotes.app.files import typed_path
from kapnotes.app.seat import Seat
from kapnotes.domain.audit import TrailRow
from kapnotes.domain.words import counted
from kapnotes.ui.fields import NightLine
from kapnotes.ui.frame import Frame
from kapnotes.ui.keys import Where, sequence_of
from kapnotes.ui.labels import MARK_SIGN, ScaledLabel
from kapnotes.ui.wording import error_line, unread_words

SHOWN = 5_000
"""So many of the newest rows can be searched here; the file has all of them."""


class AuditWindow(Frame):
    """One list, one line to filter it by, one line for the file."""

    def __init__(self, seat: Seat, desk: AuditDesk, folder: Path, settings: QSettings) -> None:
        super().__init__(Where.AUDIT, "audit", settings)
        self.seat = seat
        self._desk = desk
        self._rows: list[TrailRow] = []
        self._unread = 0
        self._before: int | None = None
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        self.filter = NightLine(self.tr("Filter by person, deed, session or day"))
        self.filter.setPlaceholderText(self.tr("type to filter: a person, a deed, a session, a day"))
        self.filter.textChanged.connect(self._show)
        column.addWidget(self.filter)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Audit trail, newest first"))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setUniformItemSizes(True)
        column.addWidget(self.list, 1)
        self.count = ScaledLabel(0.9, is_dim=True)
        column.addWidget(self.count)
        fields = QFormLayout()
        day = f"{seat.program.clock.now().local():%Y-%m-%d}"
        self.path = NightLine(self.tr("Save as CSV"), str(folder / f"audit trail {day}.csv"))
        fields.addRow(self.tr("&Save as ({})").format(sequence_of("audit_save")), self.path)
        column.addLayout(fields)
        self.set_body(body)
        self.set_title(self.tr("KAPnotes · audit trail, read by {}").format(seat.member.label))
        self.bind("audit_save", self._save)
        self.bind("audit_filter", self._focus_filter)
        self.bind("audit_leave", self.close)
        self.filter.setFocus()
        self._read()

    def rows(self) -> tuple[str, ...]:
        """Return what is shown, from the top."""
        return tuple(self.list.item(row).text() for row in range(self.list.count()))

    def _read(self) -> None:
        self._desk.read(self._before, self.if_open(self._take), self.if_open(self._failed))

    def _take(self, trail: Trail) -> None:
        """Show a page and ask for the one before it: in between, others use the vault."""
        self._rows.extend(trail.rows)
        self._unread += trail.unread
        self._before = trail.before
        wanted = self._wanted()
        self.list.addItems([row.line() for row in trail.rows if _fits(row, wanted)])
        self._say_count()
        if trail.before is not None and len(self._rows) < SHOWN:
            self._read()

    def _wanted(self) -> list[str]:
        return self.filter.text().casefold().split()

    @Slot()
    def _show(self) -> None:
        wanted = self._wanted()
        self.list.clear()
        self.list.addItems([row.line() for row in self._rows if _fits(row, wanted)])
        self._say_count()

    def _say_count(self) -> None:
        one, many = self.tr("{shown} of {count} line"), self.tr("{shown} of {count} lines")
        words = counted(len(self._rows), one, many, shown=self.list.count())
        older = self.tr("older ones are in the file") if self._before is not None else ""
        unread = f"{MARK_SIGN} {unread_words(self._unread)}" if self._unread else ""
        self.count.setText(" · ".join(part for part in (words, older, unread) if part))

    @Slot()
    def _focus_filter(self) -> None:
        self.filter.setFocus()
        self.filter.selectAll()

    @Slot()
    def _save(self) -> None:
        if not self.path.text().strip():
            self.say(self.tr("Say where the file shall be."), is_mark=True)
            return
        path = typed_path(self.path.text())
        self._desk.save(path, self.if_open(self._saved), self.if_open(self._failed))

    def _saved(self, count: int) -> None:
        one, many = self.tr("{count} line is in {name}."), self.tr("{count} lines are in {name}.")
        self.say(counted(count, one, many, name=Path(self.path.text()).name))

    def _failed(self, error: Exception) -> None:
        self.say(error_line(error), is_mark=True)


def _fits(row: TrailRow, wanted: list[str]) -> bool:
    """Tell whether every word that is wanted stands somewhere in the row."""
    line = row.line().casefold()
    return all(word in line for word in wanted)
