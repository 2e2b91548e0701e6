"""The page of a checklist: up and down choose an item, one key answers it, and a short text can stand with it.

It stands in place of table and chart while the half-typed line stays as it is; each answer is an entry at once.
"""

from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from kapnotes.app.live_session import LiveSession
from kapnotes.app.typed_fields import CHECK
from kapnotes.domain.assessed import ChecklistAnswer, CheckState
from kapnotes.domain.checklist import ITEMS, Checklist, answers, item_word, list_word, open_items, state_word
from kapnotes.domain.checklist_facts import known_of
from kapnotes.domain.entries import PatientDetails
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.text import one_line, storable
from kapnotes.ui.labels import ElidedLabel
from kapnotes.ui.page_line import Drafted, PageLine
from kapnotes.ui.wording import error_line

_ANSWERS = {
    Qt.Key.Key_Y: CheckState.YES,
    Qt.Key.Key_N: CheckState.NO,
    Qt.Key.Key_Minus: CheckState.NOT_APPLICABLE,
    Qt.Key.Key_Delete: CheckState.OPEN,
}
_COLUMNS = 4
ITEM_PART, TEXT_PART = 0.42, 0.38
"""The part of the width that the items take at most, and of what is left the part of the short texts."""

_FIELD_OF = {item: field for field, item in CHECK.items()}


class CheckTable(QTableWidget):
    """The items of a list; Y, N, minus and Del answer the current one, Enter goes to its text."""

    answered = Signal(str)
    entered = Signal()

    def __init__(self, name: str) -> None:
        super().__init__(0, _COLUMNS)
        self.setAccessibleName(name)
        self.setHorizontalHeaderLabels(
            [self.tr("answer"), self.tr("item"), self.tr("text"), self.tr("the record says")]
        )
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.horizontalHeader().setHighlightSections(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)  # no allergy is cut off
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def show_rows(self, rows: list[tuple[str, ...]]) -> None:
        """Show *rows*, cell by cell; the current one stays current, and what says so already is not touched."""
        self.setRowCount(len(rows))
        for place, row in enumerate(rows):
            for column, text in enumerate(row):
                cell = self.item(place, column)
                if cell is None:
                    self.setItem(place, column, QTableWidgetItem(text))
                elif cell.text() != text:
                    cell.setText(text)
        self._fit()
        if rows and self.currentRow() < 0:
            self.setCurrentCell(0, 0)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the program's type size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width anew; in a narrow window the items wrap, so that what the record says has room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        metrics, rows, room = self.fontMetrics(), self.texts(), self.viewport().width()
        needed = [
            max(metrics.horizontalAdvance(text) for text in [*(row[column] for row in rows), self.tr("answer")]) + 24
            for column in (0, 1)
        ]
        answer, item = needed[0], min(needed[1], round(ITEM_PART * room))
        text = round(TEXT_PART * (room - answer - item))
        for column, width in enumerate((answer, item, text, room - answer - item - text)):
            if self.columnWidth(column) != width:
                self.setColumnWidth(column, width)
        self.verticalHeader().setMinimumSectionSize(metrics.lineSpacing() + 6)

    def texts(self) -> list[tuple[str, ...]]:
        """Return what the rows say, from the top."""
        found = [[self.item(row, column) for column in range(_COLUMNS)] for row in range(self.rowCount())]
        return [tuple("" if cell is None else cell.text() for cell in row) for row in found]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the answers and Enter, lead on beyond the last item; no letter searches."""
        state = _ANSWERS.get(Qt.Key(event.key()))
        is_plain = not event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
        if state is not None and is_plain:
            if not event.isAutoRepeat():
                self.answered.emit(state.value)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Down and self.currentRow() >= self.rowCount() - 1:
            self.focusNextChild()
        elif event.key() == Qt.Key.Key_Escape or event.text():
            event.ignore()
        else:
            super().keyPressEvent(event)


class CheckPage(QWidget):
    """One of the two lists, with a line for a short text below it."""

    left = Signal()
    said = Signal(str, bool)

    def __init__(self, live: LiveSession, checklist: Checklist) -> None:
        super().__init__()
        self._live = live
        self._checklist = checklist
        self._items = ITEMS[checklist]
        self._patient: PatientDetails | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.head = ElidedLabel(1.2, is_bold=True)
        column.addWidget(self.head)
        self.times = ElidedLabel(is_dim=True)
        self.times.setAccessibleName(self.tr("Time since the first dose, and what is due"))
        column.addWidget(self.times)
        keys = ElidedLabel(is_dim=True)
        keys.setText(self.tr("Y yes · N no · − not applicable · Del open again · Enter a short text · Esc the line"))
        column.addWidget(keys)
        self.table = CheckTable(list_word(checklist, QCoreApplication.translate))
        self.table.answered.connect(self._answer)
        self.table.entered.connect(self._to_text)
        self.table.currentCellChanged.connect(self._show_text)
        column.addWidget(self.table, 1)
        self.text = PageLine(self.tr("Text"), self.tr("a short text to the chosen item; Enter keeps it"))
        self.text.entered.connect(self._keep_text)
        self._drafts = {
            item: Drafted(self.text, _FIELD_OF[item], live.typing, partial(self._kept_text, item))
            for item in self._items  # an item's draft is compared with its own text, also once another is the current
        }
        self._drafted: Drafted | None = None
        column.addWidget(self.text)

    def begin(self) -> None:
        """Take the keys: where a text is half-typed, else at the first open item, else where they were."""
        self.look()
        typing = self._live.typing
        half_typed = [item for item in self._items if typing.half_typed(_FIELD_OF[item]) is not None]
        first = [*half_typed, *open_items(self._live.record, self._checklist)]
        if first:
            self.table.setCurrentCell(self._items.index(first[0]), 0)
        self._show_text()
        self.table.setFocus()

    def end(self) -> None:
        """Leave what is half-typed to its draft."""
        if self._drafted is not None:
            self._drafted.end()
        self._drafted = None

    def look(self) -> None:
        """Show every item with its answer, and beside it what the record knows now."""
        translate, record, now = QCoreApplication.translate, self._live.record, self._live.now()
        given = answers(record)
        self.table.show_rows(
            [
                (
                    state_word(given[item][1].state, translate) if item in given else "",
                    item_word(item, translate),
                    one_line(given[item][1].text) if item in given else "",
                    known_of(item, record, now, translate, self._patient),
                )
                for item in self._items
            ]
        )
        count = len(open_items(record, self._checklist))
        words = self.tr("{list}: {count} open") if count else self.tr("{list}: all answered")
        self.head.setText(words.format(list=list_word(self._checklist, translate), count=count))

    def show_patient(self, patient: PatientDetails | None) -> None:
        """Show from now on also what stands with the patient, and not in the session."""
        self._patient = patient
        self.look()

    @property
    def item(self) -> str:
        """Return the code of the current item."""
        return self._items[max(0, self.table.currentRow())]

    def _kept(self, item: str) -> ChecklistAnswer | None:
        found = answers(self._live.record).get(item)
        return None if found is None else found[1]

    @Slot(str)
    def _answer(self, value: str) -> None:
        if (
            self._keep(ChecklistAnswer(self.item, CheckState(value), self._kept_text(self.item)))
            and value != CheckState.OPEN
        ):
            self.table.setCurrentCell(min(self.table.currentRow() + 1, len(self._items) - 1), 0)

    @Slot()
    def _to_text(self) -> None:
        self.text.setFocus()

    @Slot()
    def _show_text(self) -> None:
        """Show what is half-typed for the current item, else its text; what is typed is a draft of that item."""
        self.end()
        self._drafted = self._drafts[self.item]
        self._drafted.begin()

    def _kept_text(self, item: str) -> str:
        kept = self._kept(item)
        return kept.text if kept is not None else ""

    @Slot(str)
    def _keep_text(self, typed: str) -> None:
        kept = self._kept(self.item)
        state = kept.state if kept is not None else CheckState.OPEN
        text = storable(typed.strip())
        if text == self._kept_text(self.item) or self._keep(
            ChecklistAnswer(self.item, state, text), (_FIELD_OF[self.item], text)
        ):
            self.table.setFocus()

    def _keep(self, answer: ChecklistAnswer, typed_as: tuple[str, str] | None = None) -> bool:
        try:
            self._live.keep(answer, typed_as=typed_as)
        except KapnotesError as error:
            self.said.emit(error_line(error), True)
            return False
        self.said.emit("", False)
        self.look()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Esc: from the text, which stays half-typed, to the list; from the list to the line."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.text.hasFocus():
            self.table.setFocus()
        else:
            self.left.emit()
