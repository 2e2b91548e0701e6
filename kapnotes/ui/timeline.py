"""The notes of a session as the therapist looks back on them: rows of time, code and text, newest at the bottom."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QAbstractScrollArea

from kapnotes.ui.fields import tick
from kapnotes.ui.fonts import sized
from kapnotes.ui.palette import Night

MAX_SHOWN = 2000
"""Characters of one note that the list shows; the whole is kept and printed."""


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One row. `gap` is a quiet line above it, as "12 min, nothing noted"; `is_saved` puts the tick."""

    entry_id: str
    time: str
    elapsed: str
    code: str
    text: str
    is_quote: bool = False
    is_saved: bool = False
    gap: str = ""
    remark: str = ""


class Timeline(QAbstractScrollArea):
    """Paints the rows that are in sight and no others, so that ten thousand cost as little as ten."""

    looked_back = Signal(bool)

    def __init__(self, night: Night) -> None:
        super().__init__()
        self._night = night
        self._rows: list[TimelineRow] = []
        self._tops: list[int] = [0]
        self._index: dict[str, int] = {}
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setAccessibleName(self.tr("Notes of this session"))
        self.verticalScrollBar().valueChanged.connect(self._tell_looked_back)
        self._measure_fonts()

    # --------------------------------------------------------------------------------------------- rows

    def rows(self) -> tuple[TimelineRow, ...]:
        """Return what is shown, from the top."""
        return tuple(self._rows)

    def show_rows(self, rows: list[TimelineRow]) -> None:
        """Show *rows* in place of all that was there, and go to the newest."""
        self._rows = rows
        self._index = {row.entry_id: place for place, row in enumerate(rows)}
        self._lay_out(0)
        self.go_to_now()

    def insert(self, place: int, row: TimelineRow) -> None:
        """Put *row* at *place*; who looks at the newest goes on doing so."""
        is_at_now = self.is_at_now()
        self._rows.insert(place, row)
        for index in range(place, len(self._rows)):
            self._index[self._rows[index].entry_id] = index
        self._lay_out(place)
        if is_at_now:
            self.go_to_now()
        self._describe()

    def put(self, row: TimelineRow) -> None:
        """Show *row* in place of the one of the same entry."""
        place = self._index.get(row.entry_id)
        if place is None or self._rows[place] == row:
            return
        has_moved = self._height_of(row) != self._tops[place + 1] - self._tops[place]
        self._rows[place] = row
        if has_moved:
            self._lay_out(place)
        top = self._tops[place] - self.verticalScrollBar().value()
        self.viewport().update(0, top, self.viewport().width(), self._tops[place + 1] - self._tops[place])

    def row_of(self, entry_id: str) -> TimelineRow | None:
        """Return the row of that entry, or None."""
        place = self._index.get(entry_id)
        return None if place is None else self._rows[place]

    def _describe(self) -> None:
        last = self._rows[-1]
        self.setAccessibleDescription(f"{last.time} {last.code} {last.text}")

    # ------------------------------------------------------------------------------------------- layout

    def _measure_fonts(self) -> None:
        font = self.font()
        self._fonts = {
            "text": font,
            "quote": _italic(font),
            "small": sized(font, 0.82),
        }
        metrics = QFontMetrics(font)
        small = QFontMetrics(self._fonts["small"])
        self._line = metrics.lineSpacing()
        self._gap_line = small.lineSpacing() + 6
        time = metrics.horizontalAdvance("00:00") + 14
        elapsed = metrics.horizontalAdvance("T+000") + 14
        code = metrics.horizontalAdvance("intention echo") + 18
        self._columns = (8, 8 + time, 8 + time + elapsed, 8 + time + elapsed + code)
        self._tick = metrics.horizontalAdvance("\N{CHECK MARK}") + 14

    def _height_of(self, row: TimelineRow) -> int:
        width = max(80, self.viewport().width() - self._columns[3] - self._tick)
        font = self._fonts["quote" if row.is_quote else "text"]
        text = _shown(row)
        lines = 1
        if "\n" in text or QFontMetrics(font).horizontalAdvance(text) > width:
            lines = _lines_of(text, font, width)
        return lines * self._line + 6 + (self._gap_line if row.gap else 0)

    def _lay_out(self, place: int) -> None:
        del self._tops[place + 1 :]
        top = self._tops[place]
        for row in self._rows[place:]:
            top += self._height_of(row)
            self._tops.append(top)
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, top - self.viewport().height()))
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(self._line)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap anew."""
        is_at_now = self.is_at_now()
        self._lay_out(0)
        if is_at_now:
            self.go_to_now()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the program's type size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure_fonts()
            self._lay_out(0)
            self.go_to_now()

    # ------------------------------------------------------------------------------------------ looking

    def is_at_now(self) -> bool:
        """Tell whether the newest row is in sight."""
        bar = self.verticalScrollBar()
        return bar.value() >= bar.maximum() - self._line

    def go_to_now(self) -> None:
        """Show the newest row."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.maximum())

    def page(self, direction: int) -> None:
        """Go a page back (-1) or forward (1)."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + direction * max(self._line, bar.pageStep() - self._line))

    def _tell_looked_back(self) -> None:
        self.looked_back.emit(not self.is_at_now())

    # ----------------------------------------------------------------------------------------- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows in sight."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), QColor(self._night.ground))
        offset = self.verticalScrollBar().value()
        first = self._at(offset + event.rect().top())
        bottom = offset + event.rect().bottom()
        for place in range(first, len(self._rows)):
            if self._tops[place] > bottom:
                break
            is_cut = self._tops[place] < offset
            if is_cut and self._tops[place + 1] - self._tops[place] <= 2 * self._line + self._gap_line:
                continue  # half a short row at the upper edge is noise
            self._paint_row(painter, self._rows[place], self._tops[place] - offset, self._tops[place + 1] - offset)

    def _at(self, y: int) -> int:
        low, high = 0, max(0, len(self._rows) - 1)
        while low < high:
            middle = (low + high) // 2
            if self._tops[middle + 1] <= y:
                low = middle + 1
            else:
                high = middle
        return low

    def _paint_row(self, painter: QPainter, row: TimelineRow, top: int, bottom: int) -> None:
        text, dim = QColor(self._night.text), QColor(self._night.dim)
        if row.gap:
            painter.setFont(self._fonts["small"])
            painter.setPen(dim)
            painter.drawText(self._columns[2], top, self.viewport().width(), self._gap_line, _MIDDLE, row.gap)
            top += self._gap_line
        top += 3
        painter.setFont(self._fonts["text"])
        painter.setPen(dim)
        painter.drawText(self._columns[0], top, 400, self._line, _TOP, row.time)
        painter.drawText(self._columns[1], top, 400, self._line, _TOP, row.elapsed)
        painter.setPen(text)
        painter.drawText(self._columns[2], top, self._columns[3] - self._columns[2], self._line, _TOP, row.code)
        width = self.viewport().width()
        painter.setFont(self._fonts["quote" if row.is_quote else "text"])
        box = QRectF(self._columns[3], top, max(80, width - self._columns[3] - self._tick), bottom - top)
        painter.drawText(box, _shown(row), _wrapping())
        painter.setPen(dim)
        painter.setFont(self._fonts["text"])
        if row.is_saved:
            side = self._line * 0.45
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.drawPolyline(tick(QRectF(width - self._tick + 4, top + self._line * 0.28, side * 1.1, side)))
        else:
            painter.drawText(width - self._tick, top, self._tick, self._line, _TOP, "\N{HORIZONTAL ELLIPSIS}")


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


def _italic(font: QFont) -> QFont:
    other = QFont(font)
    other.setItalic(True)
    return other


def _shown(row: TimelineRow) -> str:
    text = row.text if len(row.text) <= MAX_SHOWN else row.text[:MAX_SHOWN] + "…"
    return f"{text}   ({row.remark})" if row.remark else text
