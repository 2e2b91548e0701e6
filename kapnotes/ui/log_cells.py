"""How a cell of the vitals log is painted: a reading, and dimly beside or below it how far it is from baseline."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from kapnotes.ui.fields import tick
from kapnotes.ui.fonts import sized
from kapnotes.ui.lamp import Lamp
from kapnotes.ui.log_table import CHANGE, COLUMNS, SAVED, STRUCK, alignment_of

MARGIN = 6
SMALL = 0.7
"""The size of a change from baseline, as a part of the reading's."""

_BAR = 4
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_Index = QModelIndex | QPersistentModelIndex


class CellDelegate(QStyledItemDelegate):
    """Paints a cell as its words and nothing else: asked of the style, a table in sight took longer than a frame.

    The tick of what is on the disk is drawn, because not every typeface has one. `is_stacked` puts the change from
    baseline below the reading, where there is no room beside it; `chosen` is the chosen row, -1 for none.
    """

    def __init__(self, lamp: Lamp) -> None:
        super().__init__()
        self._lamp = lamp
        self.is_stacked = False
        self.chosen = -1
        self.cursor_row = -1
        self.room_beside: dict[int, int] = {}
        """Pixels at the right of a column for the change, kept free also in rows without one."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint a tick where the entry is saved, else what the cell says."""
        text = index.data()
        is_chosen = index.row() in {self.chosen, self.cursor_row}
        if is_chosen:
            self._paint_choice(painter, option.rect, index.column())
        if text:
            self._paint_words(painter, option, index, text, is_chosen=is_chosen)
        elif index.column() == COLUMNS - 1 and index.data(SAVED):
            self._paint_tick(painter, option)

    def _paint_choice(self, painter: QPainter, rect: QRect, column: int) -> None:
        """Give the chosen row a ground of its own and a bar at its left."""
        painter.fillRect(rect, QColor(self._lamp.night.chosen))
        if column == 0:
            painter.fillRect(QRect(rect.left(), rect.top(), _BAR, rect.height()), QColor(self._lamp.night.text))

    def _paint_words(
        self, painter: QPainter, option: QStyleOptionViewItem, index: _Index, text: str, *, is_chosen: bool
    ) -> None:
        rect, night = option.rect.adjusted(MARGIN, 0, -MARGIN, 0), self._lamp.night
        is_struck, change = bool(index.data(STRUCK)), index.data(CHANGE)
        colour = index.data(Qt.ItemDataRole.ForegroundRole) or QColor(night.text)
        if is_struck:
            colour = QColor(night.text if is_chosen else night.dim)
        font = _struck(option.font) if is_struck else option.font
        where, metrics = alignment_of(index.column()), QFontMetrics(font)
        room = rect if self.is_stacked else rect.adjusted(0, 0, -self.room_beside.get(index.column(), 0), 0)
        if change:
            small = sized(option.font, SMALL)
            painter.setFont(small)
            painter.setPen(QColor(night.text if is_chosen else night.dim))  # dim on that ground is hard to read
            room = self._paint_change(painter, rect, room, change, QFontMetrics(small), metrics)
        painter.setFont(font)
        painter.setPen(colour)
        painter.drawText(room, where, metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width()))

    def _paint_change(
        self, painter: QPainter, rect: QRect, room: QRect, change: str, small: QFontMetrics, metrics: QFontMetrics
    ) -> QRect:
        """Paint the change right of *room*, or at the lower edge of *rect*; returns where the reading stands."""
        if self.is_stacked:
            top = rect.top() + (rect.height() - metrics.height() - small.height()) // 2
            below = QRect(rect.left(), top + metrics.height(), rect.width(), small.height())
            shown = small.elidedText(change, Qt.TextElideMode.ElideRight, rect.width())
            painter.drawText(below, _RIGHT, shown)
            return QRect(rect.left(), top, rect.width(), metrics.height())
        beside = QRect(room.right() + 1 + MARGIN, rect.top(), rect.right() - room.right() - MARGIN, rect.height())
        shown = small.elidedText(change, Qt.TextElideMode.ElideRight, beside.width())
        painter.drawText(beside, _LEFT, shown)
        return room

    def _paint_tick(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        rect = QRectF(option.rect)
        side = rect.height() * (0.24 if self.is_stacked else 0.36)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(self._lamp.night.dim))
        painter.drawPolyline(tick(QRectF(rect.left() + MARGIN, rect.center().y() - side / 2, side * 1.1, side)))
        painter.restore()


def _struck(font: QFont) -> QFont:
    other = QFont(font)
    other.setStrikeOut(True)
    return other
