"""One row of the timeline: what it says, how high it is, and how it is painted."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPolygonF, QTextLayout, QTextOption

from kapnotes.ui.fonts import sized
from kapnotes.ui.lamp import Lamp
from kapnotes.ui.night_style import tick

MAX_SHOWN = 2000
"""Characters of one note that the list shows; the whole is kept and printed."""

WORDS = 18
"""Digits of width that the words of a row have at least; else the time since the dose and the code give way."""


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One row. `gap` is a quiet line above it, as "12 min, nothing noted"; `is_saved` puts the tick.

    `is_wanted` puts the sign of a line that is meant for the summary, `is_struck` strikes out what was taken back;
    its `gap` says when.
    """

    entry_id: str
    time: str
    elapsed: str
    code: str
    text: str
    is_quote: bool = False
    is_saved: bool = False
    gap: str = ""
    remark: str = ""
    is_wanted: bool = False
    is_struck: bool = False


class RowPainter:
    """Measures and paints rows in one font; heights are in pixels: of a `line`, of a `gap_line`, `least` of a row."""

    def __init__(self, lamp: Lamp, font: QFont) -> None:
        self._lamp = lamp
        self.font = font
        self._fonts = {"text": font, "quote": _italic(font), "small": sized(font, 0.82)}
        self._metrics = {name: QFontMetrics(one) for name, one in self._fonts.items()}
        metrics = self._metrics["text"]
        self.line = metrics.lineSpacing()
        self.least = self.line + 6
        self.gap_line = self._metrics["small"].lineSpacing() + 6
        time = metrics.horizontalAdvance("00:00") + 14
        elapsed = metrics.horizontalAdvance("T+000") + 14
        code = metrics.horizontalAdvance("intention echo") + 18
        self._columns = (12, 12 + time, 12 + time + elapsed, 12 + time + elapsed + code)
        self._words_px = metrics.horizontalAdvance("0" * WORDS)
        self._tick = metrics.horizontalAdvance("\N{CHECK MARK}") + 14
        self._signs = self._tick + round(self.line * 0.8)

    def height_of(self, row: TimelineRow, width: int) -> int:
        """Return how many pixels *row* takes from top to bottom in a timeline of *width* pixels."""
        name = "quote" if row.is_quote else "text"
        text, room = self._words(row, width), self._room(width)
        lines = 1
        if "\n" in text or self._metrics[name].horizontalAdvance(text) > room:
            lines = _lines_of(text, self._fonts[name], room)
        return self.least + (lines - 1) * self.line + (self.gap_line if row.gap else 0)

    def _is_narrow(self, width: int) -> bool:
        """Tell whether the words stand right behind the time, with their code: they had too little room."""
        return width - self._columns[3] - self._signs < self._words_px

    def _words(self, row: TimelineRow, width: int) -> str:
        return "  ".join(filter(None, (row.code, shown_words(row)))) if self._is_narrow(width) else shown_words(row)

    def _left(self, width: int) -> int:
        return self._columns[1 if self._is_narrow(width) else 3]

    def _room(self, width: int) -> int:
        return max(80, width - self._left(width) - self._signs)

    def paint(self, painter: QPainter, row: TimelineRow, box: QRect, *, is_chosen: bool) -> None:
        """Paint *row* into *box*; the chosen one has a bar at its left and a ground of its own."""
        night = self._lamp.night
        text, dim = QColor(night.text), QColor(night.dim)
        top = box.top()
        if row.gap:
            painter.setFont(self._fonts["small"])
            painter.setPen(dim)
            painter.drawText(self._columns[2], top, box.width(), self.gap_line, _MIDDLE, row.gap)
            top += self.gap_line
        if is_chosen:
            rest = QRect(0, top, box.width(), box.bottom() + 1 - top)
            painter.fillRect(rest, QColor(night.chosen))
            painter.fillRect(QRect(0, top, 4, rest.height()), text)
            dim = text  # dim text would be hard to read on that ground
        top += 3
        painter.setFont(self._fonts["text"])
        painter.setPen(dim)
        painter.drawText(self._columns[0], top, 400, self.line, _TOP, row.time)
        is_narrow = self._is_narrow(box.width())
        if not is_narrow:
            painter.drawText(self._columns[1], top, 400, self.line, _TOP, row.elapsed)
        painter.setPen(dim if row.is_struck else text)
        painter.setFont(_struck(self._fonts["text"]) if row.is_struck else self._fonts["text"])
        if not is_narrow:
            painter.drawText(self._columns[2], top, self._columns[3] - self._columns[2], self.line, _TOP, row.code)
        font = self._fonts["quote" if row.is_quote else "text"]
        painter.setFont(_struck(font) if row.is_struck else font)
        words = QRectF(self._left(box.width()), top, self._room(box.width()), box.bottom() - top)
        painter.drawText(words, self._words(row, box.width()), _wrapping())
        painter.setPen(dim)
        painter.setFont(self._fonts["text"])
        self._paint_signs(painter, row, box.width(), top)

    def _paint_signs(self, painter: QPainter, row: TimelineRow, width: int, top: int) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row.is_wanted:
            middle, half = QPointF(width - self._signs + self.line * 0.4, top + self.line * 0.5), self.line * 0.24
            corners = (QPointF(0, -half), QPointF(half, 0), QPointF(0, half), QPointF(-half, 0))
            painter.drawPolygon(QPolygonF([middle + corner for corner in corners]))
        if row.is_saved:
            side = self.line * 0.45
            painter.drawPolyline(tick(QRectF(width - self._tick + 4, top + self.line * 0.28, side * 1.1, side)))
        else:
            painter.drawText(width - self._tick, top, self._tick, self.line, _TOP, "\N{HORIZONTAL ELLIPSIS}")


_TOP = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
_MIDDLE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


def _wrapping() -> QTextOption:
    option = QTextOption(_TOP)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return option


def _lines_of(text: str, font: QFont, width: int) -> int:
    """Return how many lines *text* takes, wrapped between words where there are any."""
    layout = QTextLayout(text.replace("\n", "\u2028"), font)
    layout.setTextOption(_wrapping())
    layout.beginLayout()
    count = 0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        count += 1
    layout.endLayout()
    return max(1, count)


def _struck(font: QFont) -> QFont:
    other = QFont(font)
    other.setStrikeOut(True)
    return other


def _italic(font: QFont) -> QFont:
    other = QFont(font)
    other.setItalic(True)
    return other


def shown_words(row: TimelineRow) -> str:
    """Return the words of *row* with its remark, as they are painted."""
    text = row.text if len(row.text) <= MAX_SHOWN else row.text[:MAX_SHOWN] + "…"
    return f"{text}   ({row.remark})" if row.remark else text
