"""How a row of the vitals log is painted: readings, and dimly beside or below each how far it is from baseline."""

from typing import NamedTuple

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPixmap

from kapnotes.ui.fonts import sized
from kapnotes.ui.lamp import Lamp
from kapnotes.ui.log_row import COLUMNS, WHAT, LogRow, alignment_of, text_of
from kapnotes.ui.night_style import tick

MARGIN = 6
SMALL = 0.7
"""The size of a change from baseline, as a part of the reading's."""

KEPT = 200
"""So many rows are kept as pictures; a screen holds fewer."""

_BAR = 4
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class Plan(NamedTuple):
    """How rows are laid out: their size, and of each column that is shown its number, its left edge and its width.

    `is_stacked` puts the change from baseline below the reading, where there is no room beside it. `lends_room` gives
    the words of a row without readings the places of these.
    """

    size: QSize
    scale: float
    columns: tuple[tuple[int, int, int], ...]
    is_stacked: bool
    lends_room: bool = False


class _Faces:
    """The typeface of a table in its three forms, made once and not for each cell."""

    def __init__(self, font: QFont) -> None:
        self.font = QFont(font)
        self.struck = _struck(font)
        self.small = sized(font, SMALL)
        self.metrics = QFontMetrics(self.font)
        self.small_metrics = QFontMetrics(self.small)


class _Kept(NamedTuple):
    """The picture of a row, and what it says."""

    row: LogRow
    is_saved: bool
    is_chosen: bool
    picture: QPixmap


class RowPictures:
    """Paints each row once, and keeps its picture as long as it says the same: a table in sight took a frame to paint.

    The tick of what is on the disk is drawn, because not every typeface has one.
    """

    def __init__(self, lamp: Lamp) -> None:
        self._lamp = lamp
        self._night = lamp.night
        self._faces = _Faces(QFont())
        self._plan = Plan(QSize(), 1.0, (), is_stacked=False)
        self._pictures: dict[str, _Kept] = {}
        self.room_beside: dict[int, int] = {}
        """Pixels at the right of a column for the change, kept free also in rows without one."""

    def begin(self, font: QFont, plan: Plan) -> None:
        """Paint in *font* by *plan* from now on, in the colours of this moment."""
        if self._plan == plan and self._night == self._lamp.night and self._faces.font == font:
            return
        self._plan, self._night, self._faces = plan, self._lamp.night, _Faces(font)
        self._pictures.clear()

    def picture(self, row: LogRow, *, is_saved: bool, is_chosen: bool) -> QPixmap:
        """Return the picture of *row*."""
        kept = self._pictures.get(row.entry_id)
        if kept is None or (kept.row, kept.is_saved, kept.is_chosen) != (row, is_saved, is_chosen):
            if len(self._pictures) >= KEPT:
                self._pictures.clear()
            kept = _Kept(row, is_saved, is_chosen, self._paint(row, is_saved=is_saved, is_chosen=is_chosen))
            self._pictures[row.entry_id] = kept
        return kept.picture

    def _paint(self, row: LogRow, *, is_saved: bool, is_chosen: bool) -> QPixmap:
        plan = self._plan
        picture = QPixmap(plan.size * plan.scale)
        picture.setDevicePixelRatio(plan.scale)
        picture.fill(QColor(self._night.ground))
        painter = QPainter(picture)
        lent = self._lent(row, is_saved=is_saved) if plan.lends_room else 0
        for column, left, width in plan.columns:
            cell = QRect(left, 0, width, plan.size.height())
            if column == WHAT:
                cell.setLeft(left - lent)
            if is_chosen:
                self._paint_choice(painter, cell, column)
            text = text_of(row, column, is_saved=is_saved)
            if text:
                self._paint_words(painter, cell, row, column, text, is_chosen=is_chosen)
            elif column == COLUMNS - 1:
                self._paint_tick(painter, cell)
        painter.end()
        return picture

    def _lent(self, row: LogRow, *, is_saved: bool) -> int:
        """Return how many pixels the places of readings before the words have, where none of them says anything."""
        readings = [(column, width) for column, _, width in self._plan.columns if 1 < column < WHAT]
        is_bare = not any(text_of(row, column, is_saved=is_saved) for column, _ in readings)
        return sum(width for _, width in readings) if is_bare else 0

    def _paint_choice(self, painter: QPainter, rect: QRect, column: int) -> None:
        """Give the chosen row a ground of its own and a bar at its left."""
        painter.fillRect(rect, QColor(self._night.chosen))
        if column == 0:
            painter.fillRect(QRect(rect.left(), rect.top(), _BAR, rect.height()), QColor(self._night.text))

    def _paint_words(
        self, painter: QPainter, cell: QRect, row: LogRow, column: int, text: str, *, is_chosen: bool
    ) -> None:
        rect, night, faces = cell.adjusted(MARGIN, 0, -MARGIN, 0), self._night, self._faces
        colour = night.mark if column in row.marked else night.text
        if row.is_struck:
            colour = night.text if is_chosen else night.dim
        room = rect if self._plan.is_stacked else rect.adjusted(0, 0, -self.room_beside.get(column, 0), 0)
        change = row.changes.get(column, "")
        if change and (self._plan.is_stacked or column in self.room_beside):
            painter.setFont(faces.small)
            painter.setPen(QColor(night.text if is_chosen else night.dim))  # dim on that ground is hard to read
            room = self._paint_change(painter, rect, room, change)
        painter.setFont(faces.struck if row.is_struck else faces.font)
        painter.setPen(QColor(colour))
        shown = faces.metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, alignment_of(column), shown)

    def _paint_change(self, painter: QPainter, rect: QRect, room: QRect, change: str) -> QRect:
        """Paint the change right of *room*, or at the lower edge of *rect*; returns where the reading stands."""
        small, metrics = self._faces.small_metrics, self._faces.metrics
        if self._plan.is_stacked:
            top = rect.top() + (rect.height() - metrics.height() - small.height()) // 2
            below = QRect(rect.left(), top + metrics.height(), rect.width(), small.height())
            shown = small.elidedText(change, Qt.TextElideMode.ElideRight, rect.width())
            painter.drawText(below, _RIGHT, shown)
            return QRect(rect.left(), top, rect.width(), metrics.height())
        beside = QRect(room.right() + 1 + MARGIN, rect.top(), rect.right() - room.right() - MARGIN, rect.height())
        shown = small.elidedText(change, Qt.TextElideMode.ElideRight, beside.width())
        painter.drawText(beside, _LEFT, shown)
        return room

    def _paint_tick(self, painter: QPainter, cell: QRect) -> None:
        rect = QRectF(cell)
        side = rect.height() * (0.24 if self._plan.is_stacked else 0.36)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(self._night.dim))
        painter.drawPolyline(tick(QRectF(rect.left() + MARGIN, rect.center().y() - side / 2, side * 1.1, side)))


def _struck(font: QFont) -> QFont:
    other = QFont(font)
    other.setStrikeOut(True)
    return other
