"""The rows of the vitals log: every medical entry in the order in which it happened."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QCoreApplication, QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from kapnotes.domain.assessed import EarlyDischarge, EventEnded
from kapnotes.domain.assessed_words import early_words, scale_words
from kapnotes.domain.countersigning import countersigned, vouched_in_words
from kapnotes.domain.drug_entries import Drawn, Returned
from kapnotes.domain.drug_words import beside_in_words, is_doubtful, paused_in_words, stock_in_words
from kapnotes.domain.emergency_step import EmergencyAct, EmergencyStep
from kapnotes.domain.emergency_words import step_in_words
from kapnotes.domain.entries import (
    Action,
    AdverseEvent,
    ClockJump,
    Discharge,
    Dose,
    Entry,
    Infusion,
    NotTaken,
    Phase,
    Scale,
    Signal,
    TakenBy,
    Vitals,
    Waste,
)
from kapnotes.domain.holding import held_words
from kapnotes.domain.limits import BOUNDS, OutOfProtocol
from kapnotes.domain.record import Record, percent_from
from kapnotes.domain.start_hold import StartHold
from kapnotes.ui.fields import tick
from kapnotes.ui.frame import MARK_SIGN
from kapnotes.ui.lamp import Lamp
from kapnotes.ui.times import clock_time, minutes_since_dose
from kapnotes.ui.wording import amendment_words, reason_word, route_word, seen_remark, signal_word, stage_word

_Index = QModelIndex | QPersistentModelIndex
SAVED = Qt.ItemDataRole.UserRole
"""The role that tells whether a row's entry is on the disk."""

COLUMNS = 11
WHAT = 9
"""The column of words."""
CURSOR_PX = 3
"""How wide the bar is at the row of the cursor, which is not marked by its ground alone."""
_MARGIN = 6
_ANSWERED = {
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ForegroundRole,
    Qt.ItemDataRole.TextAlignmentRole,
    Qt.ItemDataRole.AccessibleTextRole,
    SAVED,
}

InLog = (
    Vitals
    | NotTaken
    | Dose
    | Infusion
    | Waste
    | AdverseEvent
    | EventEnded
    | Action
    | Scale
    | Discharge
    | Phase
    | Signal
    | ClockJump
    | EmergencyStep
    | StartHold
    | Drawn
    | Returned
)
"""What has a row. The answers of the checklists have none: they stand on their own pages and would hide the course."""


COLUMN_OF = {
    "systolic_mmhg": 2,
    "diastolic_mmhg": 2,
    "heart_rate_bpm": 5,
    "spo2_percent": 6,
    "respiratory_rate_bpm": 7,
    "moaas": 8,
}
"""Which column shows a field of `Vitals`; the others stand in the last one."""


@dataclass(frozen=True, slots=True)
class LogRow:
    """One row: its cells, and which columns hold a reading outside the protocol."""

    entry_id: str
    cells: tuple[str, ...]
    marked: frozenset[int] = frozenset()


def row_of(entry: Entry, record: Record) -> LogRow:
    """Return the row of *entry*."""
    time = clock_time(entry.happened)
    elapsed = minutes_since_dose(record.elapsed_s(entry.happened))
    if isinstance(entry.body, Vitals):
        return _vitals_row(entry, entry.body, record, time, elapsed)
    translate = QCoreApplication.translate
    said = words_of(entry, record, is_pause=record.is_pause(entry))
    words = " · ".join(filter(None, (said, *beside_in_words(entry, record, translate), *_afterwards(entry, record))))
    is_marked = is_doubtful(entry, record) or not all(one.matches for one in countersigned(record, entry))
    marked = frozenset({WHAT}) if is_marked else frozenset[int]()
    return LogRow(entry.entry_id, (time, elapsed, "", "", "", "", "", "", "", words), marked)


def _afterwards(entry: Entry, record: Record) -> list[str]:
    """Return what happened to *entry* after it was noted: an amendment's reason, a correction."""
    corrected = record.corrections_of(entry.entry_id, entry.author_id)
    return [
        *vouched_in_words(record, entry, QCoreApplication.translate),
        amendment_words(record, entry),
        seen_remark(record, entry),
        QCoreApplication.translate("Log", "corrected") if corrected else "",
    ]


def _vitals_row(entry: Entry, vitals: Vitals, record: Record, time: str, elapsed: str) -> LogRow:
    translate = QCoreApplication.translate
    outside = record.out_of_protocol(vitals)
    pressure = f"{vitals.systolic_mmhg}/{vitals.diastolic_mmhg}" if vitals.systolic_mmhg is not None else ""
    change = ""
    baseline, first = record.baseline, record.first_dose
    is_after_dose = first is not None and record.between_s(first, entry.happened) > 0
    if (
        is_after_dose
        and baseline is not None
        and vitals.systolic_mmhg is not None
        and baseline.systolic_mmhg is not None
    ):
        change = f"{percent_from(baseline.systolic_mmhg, vitals.systolic_mmhg):+d}"
    further = [
        translate("Log", "outside: {}").format(", ".join(_outside_word(out) for out in outside)) if outside else "",
        *(f"{BOUNDS[field].name} {value}" for field, value in _further(vitals)),
        translate("Log", "by the patient") if vitals.taken_by is TakenBy.PATIENT else "",
        translate("Log", "monitor") if vitals.taken_by is TakenBy.MONITOR else "",
        _unusual_words(vitals),
        *_afterwards(entry, record),
    ]
    cells = (
        time,
        elapsed,
        pressure,
        _text(vitals.map_mmhg),
        change,
        _text(vitals.heart_rate_bpm),
        _text(vitals.spo2_percent),
        _text(vitals.respiratory_rate_bpm),
        _text(vitals.moaas),
        " · ".join(part for part in further if part),
    )
    return LogRow(entry.entry_id, cells, frozenset(COLUMN_OF[out.field] for out in outside if out.field in COLUMN_OF))


def _unusual_words(vitals: Vitals) -> str:
    """Return that something in a set is unusual: a person confirmed it, a monitor's row did nobody."""
    translate = QCoreApplication.translate
    if not vitals.unusual:
        return ""
    by_monitor = vitals.taken_by is TakenBy.MONITOR
    return translate("Log", "unusual") if by_monitor else translate("Log", "confirmed unusual")


def _further(vitals: Vitals) -> list[tuple[str, object]]:
    fields = ("temperature_c", "etco2_mmhg", "o2_l_per_min", "pain", "nausea")
    return [(field, getattr(vitals, field)) for field in fields if getattr(vitals, field) is not None]


def _text(value: object) -> str:
    return "" if value is None else str(value)


def words_of(entry: Entry, record: Record, *, is_pause: bool = False) -> str:
    """Return any entry of *record* but a set of vitals in one line; a stop of the infusion may be a pause of it."""
    translate = QCoreApplication.translate
    match entry.body:
        case NotTaken(reason):
            return translate("Log", "not taken: {}").format(reason_word(reason))
        case Dose() as dose:
            wording = (
                translate("Log", "rescue: {drug} {mg} mg {route}")
                if dose.is_rescue
                else translate("Log", "dose: {drug} {mg} mg {route}")
            )
            words = wording.format(drug=dose.drug, mg=dose.dose_mg, route=route_word(dose.route))
            by_patient = translate("Log", "by the patient") if dose.taken_by is TakenBy.PATIENT else ""
            return " · ".join(part for part in (words, by_patient) if part)
        case Infusion(drug, rate, _) if rate == 0 and is_pause:
            return paused_in_words(drug, translate)
        case Infusion(drug, rate, _) if rate == 0:
            return translate("Log", "infusion stopped: {drug}").format(drug=drug)
        case Infusion(drug, rate, planned):
            words = translate("Log", "infusion: {drug} {rate} mg/min").format(drug=drug, rate=rate.normalize())
            return words if planned is None else f"{words}, {translate('Log', '{} mg planned').format(planned)}"
        case Waste(drug, mg, witness):
            return translate("Log", "waste: {drug} {mg} mg, witness {witness}").format(
                drug=drug, mg=mg, witness=witness
            )
        case AdverseEvent(what, severity, action):
            words = translate("Log", "adverse event: {what}, {severity}").format(what=what, severity=severity)
            return f"{words}: {action}" if action else words
        case Action(text, _):
            return translate("Log", "done: {}").format(text)
        case Scale() as scale:
            return scale_words(scale, record, translate)
        case Discharge(escort, text) as discharge:
            words = translate("Log", "discharged with {}").format(escort)
            early = early_words(discharge, translate) if isinstance(discharge, EarlyDischarge) else ""
            return " · ".join(part for part in (f"{words}: {text}" if text else words, early) if part)
        case EventEnded(event_id, what, text):
            began = record.entry(event_id)
            since = clock_time(began.happened) if began is not None else ""
            wording = translate("Log", "over: {what}, since {time}") if since else translate("Log", "over: {what}")
            words = wording.format(what=what, time=since)
            return f"{words}: {text}" if text else words
        case Drawn() | Returned() as stock:
            return stock_in_words(stock, translate, entry.happened)
        case EmergencyStep() as step:
            words = step_in_words(step, translate)
            is_edge = step.act in {EmergencyAct.BEGAN, EmergencyAct.ENDED}
            return words if is_edge else translate("Log", "emergency: {}").format(words)
        case StartHold(reason) as hold:
            words = translate("Log", "although held: {reason} ({what})")
            return words.format(what=held_words(hold), reason=reason)
        case Phase(stage):
            return translate("Log", "stage: {}").format(stage_word(stage))
        case Signal(meaning):
            return translate("Log", "signal: {}").format(signal_word(meaning))
        case ClockJump(jump_s):
            return translate("Log", "the clock of this laptop was set by {} s").format(jump_s)
        case _:
            return ""


def _outside_word(out: OutOfProtocol) -> str:
    translate = QCoreApplication.translate
    wording = translate("Log", "{} high") if out.is_high else translate("Log", "{} low")
    return wording.format(BOUNDS[out.field].name)


class CellDelegate(QStyledItemDelegate):
    """Paints a cell as its words and nothing else: asked of the style, a table in sight took longer than a frame.

    The tick of what is on the disk is drawn, because not every typeface has one.
    """

    def __init__(self, lamp: Lamp) -> None:
        super().__init__()
        self._lamp = lamp
        self.cursor_row = -1
        """The row at which the cursor of the chart stands, -1 for none."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint a tick where the entry is saved, else what the cell says."""
        text = index.data()
        if index.row() == self.cursor_row:
            painter.fillRect(option.rect, QColor(self._lamp.night.chosen))
            if index.column() == 0:
                bar = option.rect.adjusted(0, 1, CURSOR_PX - option.rect.width(), -1)
                painter.fillRect(bar, QColor(self._lamp.night.text))
        if text:
            rect = option.rect.adjusted(_MARGIN, 0, -_MARGIN, 0)
            painter.setFont(option.font)
            painter.setPen(index.data(Qt.ItemDataRole.ForegroundRole) or QColor(self._lamp.night.text))
            shown = option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
            painter.drawText(rect, _alignment(index.column()), shown)
        elif index.column() == COLUMNS - 1 and index.data(SAVED):
            self._paint_tick(painter, option)

    def _paint_tick(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        rect = QRectF(option.rect)
        side = rect.height() * 0.36
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(self._lamp.night.dim))
        painter.drawPolyline(tick(QRectF(rect.left() + _MARGIN, rect.center().y() - side / 2, side * 1.1, side)))
        painter.restore()


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if 1 <= column <= 8 else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


class LogModel(QAbstractTableModel):
    """The rows as a table, for the eye and for a screen reader."""

    def __init__(self, record: Record, lamp: Lamp, is_saved: Callable[[str], bool]) -> None:
        super().__init__()
        self._record = record
        self._lamp = lamp
        self._is_saved = is_saved
        self._rows: dict[str, LogRow] = {}
        self._entries: list[Entry] = []
        self._unsaved: set[str] = set()
        self._places: dict[str, int] = {}
        self.reload()

    def reload(self) -> None:
        """Show what stands now, from the top: a correction can change or take away any row."""
        self.beginResetModel()
        self._rows.clear()
        self._places.clear()
        self._entries = [entry for entry in self._record.standing() if isinstance(entry.body, InLog)]
        self._unsaved = {entry.entry_id for entry in self._entries if not self._is_saved(entry.entry_id)}
        self.endResetModel()

    def headings(self) -> tuple[str, ...]:
        """Return the names of the columns."""
        return (
            self.tr("time"), self.tr("T+"), self.tr("BP"), self.tr("MAP"), self.tr("Δ sys %"), self.tr("HR"),
            self.tr("SpO₂"), self.tr("RR"), self.tr("MOAA/S"), self.tr("what"), "",
        )  # fmt: skip

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
            return _alignment(section)
        return self.headings()[section] if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a cell; a reading outside the protocol has a sign in front as well as its colour."""
        if role not in _ANSWERED:
            return None
        row = self._row(index.row())
        if role == Qt.ItemDataRole.DisplayRole:
            if index.column() == len(row.cells):
                return "\N{HORIZONTAL ELLIPSIS}" if row.entry_id in self._unsaved else ""
            text = row.cells[index.column()]
            return f"{MARK_SIGN} {text}" if index.column() in row.marked else text
        if role == SAVED and index.column() == len(row.cells):
            return row.entry_id not in self._unsaved
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == len(row.cells):
            return self.tr("still saving") if row.entry_id in self._unsaved else self.tr("saved")
        if role == Qt.ItemDataRole.ForegroundRole and index.column() in row.marked:
            return QColor(self._lamp.night.mark)
        return _alignment(index.column()) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def _row(self, place: int) -> LogRow:
        entry = self._entries[place]
        row = self._rows.get(entry.entry_id)
        if row is None:
            row = self._rows[entry.entry_id] = row_of(entry, self._record)
        return row

    def add(self, entry: Entry, *, is_saved: bool) -> None:
        """Show *entry* at its place in time."""
        if not isinstance(entry.body, InLog):
            return
        place = len(self._entries)
        while place and self._record.between_s(entry.happened, self._entries[place - 1].happened) > 0:
            place -= 1
        if not is_saved:
            self._unsaved.add(entry.entry_id)
        self._places.clear()
        self.beginInsertRows(QModelIndex(), place, place)
        self._entries.insert(place, entry)
        self.endInsertRows()
        if isinstance(entry.body, Dose | Infusion):
            self._rows.clear()  # T+0 may be another one now
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._entries) - 1, COLUMNS - 1))

    def mark_saved(self, entry_id: str) -> None:
        """Put the tick on the row of that entry."""
        if entry_id in self._unsaved:
            self._unsaved.discard(entry_id)
            cell = self.index(self._place(entry_id), COLUMNS - 1)
            self.dataChanged.emit(cell, cell)

    def _place(self, entry_id: str) -> int:
        """Return the place of that entry: one that was just noted is the last; of a file's there are many."""
        if self._entries[-1].entry_id == entry_id:
            return len(self._entries) - 1
        if not self._places:
            self._places = {entry.entry_id: place for place, entry in enumerate(self._entries)}
        return self._places[entry_id]

    def row_of(self, entry_id: str) -> int:
        """Return the row of that entry, -1 where it has none."""
        places = (row for row, entry in enumerate(self._entries) if entry.entry_id == entry_id)
        return next(places, -1)

    def entries(self) -> tuple[Entry, ...]:
        """Return what is shown, from the top."""
        return tuple(self._entries)
