"""Rows of what can go on a summary: words, a tick, and below them where the line stands; each is measured once."""

from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from kapnotes.domain.entries import Entry
from kapnotes.domain.page_choice import PagePart
from kapnotes.domain.release_states import LineState, Standing
from kapnotes.ui.fonts import sized
from kapnotes.ui.palette import dim_of
from kapnotes.ui.summary_words import state_words

MARGIN_PX, BETWEEN_PX = 8, 8
"""Left and right of a row, and between its tick and its words."""

AROUND_PX = 4
"""Above and below the words of a row."""

SMALLER = 0.85
"""The type of headings and of states, of the program's."""

_Index = QModelIndex | QPersistentModelIndex
_WRAP = int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignLeft) | int(Qt.AlignmentFlag.AlignTop)


@dataclass(slots=True)
class ChoiceRow:
    """A process note, a part of the page, a part that is always there and says *why*, or none of them: a heading."""

    words: str
    spoken: str = ""
    entry: Entry | None = None
    part: PagePart | None = None
    why: str = ""
    is_ticked: bool = False
    stands: LineState = field(default_factory=LineState)
    """Where a process note stands for the recipient."""
    has_state: bool = False
    """Whether a line below the words says so: what a row is high is known without it being put into words."""

    def stand(self, stands: LineState) -> bool:
        """Let the line stand there; returns whether the row is another height by it."""
        self.stands, before = stands, self.has_state
        self.has_state = self.is_ticked or stands.standing is not Standing.UNASKED
        return self.has_state is not before

    @property
    def state(self) -> str:
        """Return where the line stands in words, put together for the rows that are seen or searched."""
        return state_words(self.stands, is_chosen=self.is_ticked) if self.has_state else ""

    @property
    def is_heading(self) -> bool:
        """Tell whether it is a title over others."""
        return self.entry is None and self.part is None and not self.why

    @property
    def is_choice(self) -> bool:
        """Tell whether its tick can be changed."""
        return self.entry is not None or self.part is not None

    @property
    def said(self) -> str:
        """Return all that the row says, as it is searched and heard."""
        return f"{self.words}  \N{EM DASH} {self.state}" if self.has_state else self.words


class ChoiceModel(QAbstractListModel):
    """The rows, as views and screen readers ask for them."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: list[ChoiceRow] = []

    def show_rows(self, rows: list[ChoiceRow]) -> None:
        """Let these be the rows."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return how many rows there are; none has rows of its own."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return words and tick of a row."""
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.said
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.spoken}, {row.state}" if row.spoken and row.has_state else row.spoken or row.said
        if role == Qt.ItemDataRole.CheckStateRole and not row.is_heading:
            return Qt.CheckState.Checked if row.is_ticked else Qt.CheckState.Unchecked
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Return nothing for a heading, which no key stops at."""
        row = self.rows[index.row()]
        if row.is_heading:
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return flags | Qt.ItemFlag.ItemIsUserCheckable if row.is_choice else flags


class ChoiceRows(QStyledItemDelegate):
    """Paints rows dimly, the current one in the colour of text, and remembers how high each is at a width."""

    def __init__(self, view: QListView, row_of: Callable[[int], ChoiceRow]) -> None:
        super().__init__(view)
        self._view = view
        self._row_of = row_of
        self._heights: dict[tuple[str, bool], int] = {}
        self._width = 0
        self.forget()

    def forget(self) -> None:
        """Measure anew, because the typeface is another one."""
        self._font = self._view.font()
        self._small = sized(self._font, SMALLER)
        self._metrics, self._small_metrics = QFontMetrics(self._font), QFontMetrics(self._small)
        self._box_px = self._view.style().pixelMetric(QStyle.PixelMetric.PM_IndicatorWidth)
        self._heights.clear()

    @property
    def words_at(self) -> int:
        """Return where the words of a row begin; left of it a click is on the tick."""
        return MARGIN_PX + self._box_px + BETWEEN_PX

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the size of a row at the width of the list."""
        del option
        width = self._view.viewport().width()
        if width != self._width:
            self._width = width
            self._heights.clear()
        row = self._row_of(index.row())
        key = row.words, row.is_heading
        if key not in self._heights:
            self._heights[key] = self._height(row, width)
        state = self._small_metrics.lineSpacing() if row.has_state else 0
        return QSize(width, self._heights[key] + state)

    def _height(self, row: ChoiceRow, width: int) -> int:
        metrics = self._small_metrics if row.is_heading else self._metrics
        left = MARGIN_PX if row.is_heading else self.words_at
        room = QRect(0, 0, max(40, width - left - MARGIN_PX), 1 << 20)
        return metrics.boundingRect(room, _WRAP, row.words).height() + 2 * AROUND_PX

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint the ground of the current row, the tick, the words, and the state below them."""
        row, rect, palette = self._row_of(index.row()), option.rect, self._view.palette()
        is_current = index == self._view.currentIndex()
        painter.save()
        if is_current:
            painter.fillRect(rect, palette.highlight())
        dim = dim_of(palette)
        painter.setPen(palette.text().color() if is_current and self._view.hasFocus() else dim)
        left = MARGIN_PX if row.is_heading else self.words_at
        words = rect.adjusted(left, AROUND_PX, -MARGIN_PX, -AROUND_PX)
        painter.setFont(self._small if row.is_heading else self._font)
        painter.drawText(words, _WRAP, row.words)
        if not row.is_heading:
            self._paint_tick(painter, option, row)
        if row.has_state:
            painter.setFont(self._small)
            line = QRect(words.left(), words.bottom() + 1, words.width(), self._small_metrics.lineSpacing())
            line.moveBottom(rect.bottom() - AROUND_PX)
            state = self._small_metrics.elidedText(row.state, Qt.TextElideMode.ElideRight, line.width())
            painter.drawText(line, int(Qt.AlignmentFlag.AlignLeft), state)
        painter.restore()

    def _paint_tick(self, painter: QPainter, option: QStyleOptionViewItem, row: ChoiceRow) -> None:
        tick = QStyleOptionViewItem(option)
        middle = option.rect.top() + AROUND_PX + self._metrics.lineSpacing() // 2
        tick.rect = QRect(MARGIN_PX, middle - self._box_px // 2, self._box_px, self._box_px)
        tick.state = QStyle.StateFlag.State_Enabled
        tick.state |= QStyle.StateFlag.State_On if row.is_ticked else QStyle.StateFlag.State_Off
        if row.is_choice or row.is_ticked:
            element = QStyle.PrimitiveElement.PE_IndicatorItemViewItemCheck
            self._view.style().drawPrimitive(element, tick, painter, self._view)
