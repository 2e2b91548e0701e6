"""The page that takes a monitor's file into the log: its path, what its columns mean, what would be charted, and Keep.

It stands in place of table and chart while the half-typed line stays as it is. Nothing is kept before Enter on "Keep".
"""

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QListWidget, QPushButton, QVBoxLayout, QWidget

from kapnotes.app.files import typed_path
from kapnotes.app.live_session import LiveSession
from kapnotes.app.monitor_import import (
    Checked,
    Choices,
    MonitorImport,
    MonitorSet,
    MonitorTable,
    Refused,
    TwoReadings,
)
from kapnotes.app.worker import Worker
from kapnotes.domain.entries import Vitals
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.limits import BOUNDS, values_of
from kapnotes.domain.monitor_file import DayOrder, Meaning, fields_of
from kapnotes.domain.text import shortened
from kapnotes.domain.words import counted
from kapnotes.ui.fields import DimRows
from kapnotes.ui.form_parts import heading
from kapnotes.ui.key_forms import Guard
from kapnotes.ui.keys import sequence_of
from kapnotes.ui.labels import MARK_SIGN, ElidedLabel
from kapnotes.ui.page_line import PageLine
from kapnotes.ui.times import clock_time, minutes_since_dose
from kapnotes.ui.wording import error_line

LISTED = 200
"""So many rows are listed; how many there are beyond them is said."""

_MEANINGS = tuple(Meaning)


class ColumnList(QListWidget):
    """The columns of a file; left and right change what the current one means."""

    changed = Signal()
    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Columns of the file; left and right change what one means"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.meanings: list[Meaning] = []
        self._names: list[str] = []

    def show_table(self, table: MonitorTable) -> None:
        """Show the columns of *table* with what they seem to mean and their first value."""
        self.meanings = list(table.meanings)
        shortest = min(len(row.cells) for row in table.rows)
        firsts = [
            next((row.cells[place].strip() for row in table.rows if row.cells[place : place + 1] != [""]), "")
            if place < shortest
            else ""
            for place in range(len(table.header))
        ]
        self._names = [
            f"{shortened(name, 40)}  ({shortened(first, 16)})" if first else shortened(name, 40)
            for name, first in zip(table.header, firsts, strict=True)
        ]
        self.clear()
        self.addItems([self._row(place) for place in range(len(self._names))])
        self.setCurrentRow(0)

    def forget(self) -> None:
        """Show no columns."""
        self.meanings, self._names = [], []
        self.clear()

    def _row(self, place: int) -> str:
        return f"{meaning_word(self.meanings[place])}   \N{LEFTWARDS ARROW}   {self._names[place]}"

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take left, right and Enter."""
        place = self.currentRow()
        if event.key() in {Qt.Key.Key_Left, Qt.Key.Key_Right} and 0 <= place < len(self.meanings):
            step = 1 if event.key() == Qt.Key.Key_Right else -1
            index = (_MEANINGS.index(self.meanings[place]) + step) % len(_MEANINGS)
            self.meanings[place] = _MEANINGS[index]
            self.item(place).setText(self._row(place))
            self.changed.emit()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.entered.emit()
        else:
            super().keyPressEvent(event)


class KeepButton(QPushButton):
    """A button that Enter presses too."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Enter as well as the space key."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if not event.isAutoRepeat():
                self.click()
        else:
            super().keyPressEvent(event)


class MonitorPage(QWidget):
    """One file at a time, from its path to what is kept of it."""

    left = Signal()
    kept = Signal(str)
    said = Signal(str, bool)

    def __init__(self, live: LiveSession, worker: Worker, guard: Guard) -> None:
        super().__init__()
        self._live = live
        self._guard = guard
        self._import = MonitorImport(live, worker)
        self._table: MonitorTable | None = None
        self._checked: Checked | None = None
        self._asked = 0
        self._order: DayOrder | None = None
        self._leaves_out_values = False
        self._build()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        title = ElidedLabel(1.2, is_bold=True)
        title.setText(self.tr("Readings from a monitor's file (CSV)"))
        self.times = ElidedLabel(1.2, is_dim=True)
        self.times.setAccessibleName(self.tr("Time since the first dose, and what is due"))
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(self.times, 1)
        column.addLayout(head)
        fields = QFormLayout()
        self.path = PageLine(self.tr("File"), self.tr("the file's path; Enter reads it, Esc goes back to the line"))
        self.path.entered.connect(self._look)
        self.origin = PageLine(self.tr("Minute 0 was at"), self.tr("empty: the first dose; or a time, as 14:05"))
        self.origin.entered.connect(self._origin_entered)
        fields.addRow(self.tr("File"), self.path)
        fields.addRow(self.tr("Minute 0 was at"), self.origin)
        column.addLayout(fields)
        self.choices = ElidedLabel(0.95, is_dim=True)
        self.choices.setAccessibleName(self.tr("What is done with impossible values and with days as 3/4/2026"))
        column.addWidget(self.choices)
        halves = QHBoxLayout()
        halves.setSpacing(16)
        column.addLayout(halves, 1)
        left = QVBoxLayout()
        left.addWidget(heading(self.tr("Columns: left and right change one")))
        self.columns = ColumnList()
        self.columns.changed.connect(self._check)
        self.columns.entered.connect(self._to_button)
        left.addWidget(self.columns, 1)
        halves.addLayout(left, 2)
        right = QVBoxLayout()
        right.addWidget(heading(self.tr("As it would be charted")))
        self.preview = _rows(self.tr("As it would be charted"))
        right.addWidget(self.preview, 3)
        right.addWidget(heading(self.tr("Not kept, and unusual")))
        self.objections = _rows(self.tr("Rows that are not kept, and unusual ones"))
        right.addWidget(self.objections, 2)
        halves.addLayout(right, 3)
        foot = QHBoxLayout()
        self.keep_button = KeepButton()
        self.keep_button.clicked.connect(self._keep)
        self.state = ElidedLabel(0.95, is_dim=True)
        self.state.setAccessibleName(self.tr("What would be kept"))
        foot.addWidget(self.keep_button)
        foot.addWidget(self.state, 1)
        column.addLayout(foot)
        self._show_nothing()
        self._show_choices()

    def begin(self) -> None:
        """Take the keys; what was chosen before is still there.

        Raises:
            KapnotesError: readings of a monitor may not be kept here.
        """
        self._import.require_may_keep()
        self.path.setFocus()
        self.path.selectAll()

    def forget(self) -> None:
        """Keep nothing of a file in memory."""
        self._asked += 1
        self._import.stop()
        self._table = None
        self._order, self._leaves_out_values = None, False
        self._show_choices()
        self._show_nothing()

    def finish(self) -> None:
        """Keep what was asked to be kept, and nothing else of a file: the window closes.

        Raises:
            KapnotesError: it was not kept.
        """
        try:
            self._import.finish()
        finally:
            self.forget()

    # ------------------------------------------------------------------------------------------ reading

    @Slot(str)
    def _look(self, typed: str) -> None:
        if not typed.strip():
            self.said.emit(self.tr("Write the path of the file."), False)
            return
        self.forget()
        self.said.emit("", False)
        self.state.setText(self.tr("reading…"))
        asked = self._asked

        def took(table: MonitorTable) -> None:
            if asked == self._asked:
                self._show_table(table)

        def failed(error: Exception) -> None:
            if asked == self._asked:
                self._show_nothing()
                self.said.emit(error_line(error), True)

        self._import.look(typed_path(typed), self._guard(took), self._guard(failed))

    def _show_table(self, table: MonitorTable) -> None:
        self._table = table
        self.columns.show_table(table)
        self._check()
        if self.path.hasFocus():
            self.columns.setFocus()

    @Slot(str)
    def _origin_entered(self, _: str) -> None:
        self._check()
        self.columns.setFocus()

    @Slot()
    def _check(self) -> None:
        if self._table is None:
            return
        self._show_checked(None)
        self.said.emit("", False)
        choices = Choices(self.origin.text(), self._order, self._leaves_out_values)
        guard = self._guard
        try:
            self._import.check(
                self._table,
                self.columns.meanings,
                choices,
                guard(self._progress),
                guard(self._show_checked),
                guard(self._failed),
            )
        except TwoReadings as error:
            self.state.setText("")
            self.said.emit(f"{error_line(error)} ({sequence_of('monitor_days')})", True)
        except KapnotesError as error:
            self._failed(error)

    # ---------------------------------------------------------------------------------------- choosing

    @Slot()
    def choose_days(self) -> None:
        """Read 3/4/2026 in the next way: as the file tells, day first, month first."""
        orders = [None, *DayOrder]
        self._order = orders[(orders.index(self._order) + 1) % len(orders)]
        self._show_choices()
        self._check()

    @Slot()
    def choose_values(self) -> None:
        """Let an impossible value keep its whole row out, or only itself."""
        self._leaves_out_values = not self._leaves_out_values
        self._show_choices()
        self._check()

    def _show_choices(self) -> None:
        if self._leaves_out_values:
            values = self.tr("an impossible value is left out, its row is kept")
        else:
            values = self.tr("an impossible value keeps its row out")
        days = {
            None: self.tr("as the file tells"),
            DayOrder.DAY_FIRST: self.tr("day/month"),
            DayOrder.MONTH_FIRST: self.tr("month/day"),
        }
        words = self.tr("{values_key}  {values}   ·   {days_key}  3/4/2026: {days}")
        self.choices.setText(
            words.format(
                values_key=sequence_of("monitor_values"),
                values=values,
                days_key=sequence_of("monitor_days"),
                days=days[self._order],
            )
        )

    def _progress(self, done: int) -> None:
        count = len(self._table.rows) if self._table is not None else 0
        one, many = self.tr("{done} of {count} row checked"), self.tr("{done} of {count} rows checked")
        self.state.setText(self.tr("{} · Esc stops").format(counted(count, one, many, done=done)))

    def _failed(self, error: Exception) -> None:
        self.state.setText("")
        self.said.emit(error_line(error), True)

    # ------------------------------------------------------------------------------------------ showing

    def _show_nothing(self) -> None:
        self.columns.forget()
        self._show_checked(None)

    def _show_checked(self, checked: Checked | None) -> None:
        self._checked = checked
        self.preview.clear()
        self.objections.clear()
        self.keep_button.setEnabled(checked is not None and bool(checked.sets))
        count = len(checked.sets) if checked is not None else 0
        keep = counted(count, self.tr("Keep {count} set"), self.tr("Keep {count} sets"))
        self.keep_button.setText(keep if count else self.tr("Nothing to keep"))
        self.state.setText("")
        if checked is None:
            return
        self.preview.addItems([self._set_words(one) for one in checked.sets[:LISTED]])
        unusual = [one for one in checked.sets if one.vitals.unusual]
        self.objections.addItems(
            [
                *(self._refused_words(one) for one in checked.refused[:LISTED]),
                *(self._left_out_words(one) for one in checked.left_out[:LISTED]),
                *(self._unusual_words(one) for one in unusual[:LISTED]),
            ]
        )
        self.state.setText(self._state_words(checked))

    def _state_words(self, checked: Checked) -> str:
        more = self.tr("the first {} of each are listed").format(LISTED)
        sets, refused, left_out = len(checked.sets), len(checked.refused), len(checked.left_out)
        said = (
            (1, counted(sets, self.tr("{count} set to keep"), self.tr("{count} sets to keep"))),
            (checked.unusual, self.tr("{} unusual, kept and marked").format(checked.unusual)),
            (refused, counted(refused, self.tr("{count} row not kept"), self.tr("{count} rows not kept"))),
            (left_out, counted(left_out, self.tr("{count} value left out"), self.tr("{count} values left out"))),
            (checked.known, self.tr("{} in the record already").format(checked.known)),
            (
                checked.empty,
                counted(
                    checked.empty, self.tr("{count} row without a reading"), self.tr("{count} rows without a reading")
                ),
            ),
            (max(sets, refused, left_out) > LISTED, more),
        )
        return " · ".join(words for count, words in said if count)

    def _when(self, one: MonitorSet) -> str:
        elapsed = minutes_since_dose(self._live.record.elapsed_s(one.placed.stamp))
        return "   ".join(part for part in (clock_time(one.placed.stamp), elapsed) if part)

    def _set_words(self, one: MonitorSet) -> str:
        sign = f"   {MARK_SIGN}" if one.vitals.unusual else ""
        return f"{self._when(one)}   {vitals_words(one.vitals)}{sign}"

    def _unusual_words(self, one: MonitorSet) -> str:
        words = self.tr("line {row}, kept: {what}")
        return words.format(row=one.row, what="; ".join(one.vitals.unusual))

    def _left_out_words(self, one: Refused) -> str:
        words = self.tr("line {row}, {column}, left out: {reason}")
        return words.format(row=one.row, column=shortened(one.column, 30), reason=error_line(one.reason))

    def _refused_words(self, one: Refused) -> str:
        where = self.tr("line {row}, {column}") if one.column else self.tr("line {row}")
        what = where.format(row=one.row, column=shortened(one.column, 30))
        return f"{MARK_SIGN} {what}: {error_line(one.reason)}"

    # --------------------------------------------------------------------------------------------- keys

    @Slot()
    def _to_button(self) -> None:
        if self.keep_button.isEnabled():
            self.keep_button.setFocus()

    @Slot()
    def _keep(self) -> None:
        checked, table = self._checked, self._table
        if checked is None or table is None:
            return
        self._checked = None
        self.state.setText(self.tr("keeping…"))
        asked = self._asked

        def kept(count: int) -> None:
            if asked == self._asked:
                self._say_kept(count, checked, table)

        def failed(error: Exception) -> None:
            if asked == self._asked:
                self._checked = checked
                self.state.setText(self._state_words(checked))
                self.said.emit(error_line(error), True)

        try:
            self._import.keep(checked, self._guard(kept), self._guard(failed))
        except KapnotesError as error:
            failed(error)

    def _say_kept(self, count: int, checked: Checked, table: MonitorTable) -> None:
        one = self.tr("{count} set kept as the monitor's, from {name}.")
        many = self.tr("{count} sets kept as the monitor's, from {name}.")
        words = counted(count, one, many, name=table.name)
        if checked.refused:
            one = self.tr("{words} Not kept: {count} row, listed here; Esc goes back.")
            many = self.tr("{words} Not kept: {count} rows, listed here; Esc goes back.")
            words = counted(len(checked.refused), one, many, words=words)
            self.keep_button.setEnabled(False)
            self.keep_button.setText(self.tr("Kept"))
            self.state.setText("")
            self.path.setFocus()
            self.said.emit(words, False)
        else:
            self.forget()
            self.kept.emit(words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Esc: it stops the check that is going on, else it goes back to the line."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self._import.is_running:
            self._import.stop()
            self.state.setText(self.tr("stopped; nothing was kept"))
        else:
            self.left.emit()


def _rows(name: str) -> QListWidget:
    rows = QListWidget()
    rows.setAccessibleName(name)
    rows.setItemDelegate(DimRows(rows))
    rows.setUniformItemSizes(True)
    rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return rows


def vitals_words(vitals: Vitals) -> str:
    """Return the values of a set in one line, as short as the log's own columns."""
    values = values_of(vitals)
    systolic, diastolic = values.pop("systolic_mmhg", None), values.pop("diastolic_mmhg", None)
    pressure = [f"{systolic}/{diastolic}"] if systolic is not None else []
    return "  ".join([*pressure, *(f"{BOUNDS[field].name} {value}" for field, value in values.items())])


def meaning_word(meaning: Meaning) -> str:
    """Return what a column means, with its unit."""
    translate = QCoreApplication.translate
    known = {
        Meaning.UNUSED: translate("Monitor", "not used"),
        Meaning.T_MIN: translate("Monitor", "time in minutes"),
        Meaning.T_S: translate("Monitor", "time in seconds"),
        Meaning.CLOCK: translate("Monitor", "time of the clock"),
        Meaning.PRESSURE: translate("Monitor", "systolic/diastolic mmHg"),
        Meaning.SYSTOLIC_KPA: translate("Monitor", "systolic kPa"),
        Meaning.DIASTOLIC_KPA: translate("Monitor", "diastolic kPa"),
        Meaning.ETCO2_KPA: translate("Monitor", "EtCO₂ kPa"),
        Meaning.TEMPERATURE_F: translate("Monitor", "temperature °F"),
    }
    if meaning in known:
        return known[meaning]
    bounds = BOUNDS[fields_of(meaning)[0]]
    return f"{bounds.name} {bounds.unit}".strip()
