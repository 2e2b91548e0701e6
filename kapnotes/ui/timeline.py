"""The notes of a session as the therapist looks back on them: rows of time, code and text, newest at the bottom."""

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea

from kapnotes.ui.lamp import Lamp
from kapnotes.ui.timeline_rows import RowPainter, TimelineRow, shown_words


class Timeline(QAbstractScrollArea):
    """Paints the rows that are in sight and no others, so that ten thousand cost as little as ten.

    One row can be chosen, by keys of the window alone: the focus never comes here.
    """

    looked_back = Signal(bool)

    def __init__(self, lamp: Lamp) -> None:
        super().__init__()
        self._lamp = lamp
        self._rows: list[TimelineRow] = []
        self._tops: list[int] = [0]
        self._index: dict[str, int] = {}
        self._chosen = ""
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setAccessibleName(self.tr("Notes of this session"))
        self.verticalScrollBar().valueChanged.connect(self._tell_looked_back)
        self._painter = RowPainter(self._lamp, self.font())

    # --------------------------------------------------------------------------------------------- rows

    def rows(self) -> tuple[TimelineRow, ...]:
        """Return what is shown, from the top."""
        return tuple(self._rows)

    def show_rows(self, rows: list[TimelineRow], *, stays: bool = False) -> None:
        """Show *rows* in place of all that was there, and go to the newest; or stay, with the row that was chosen."""
        value = self.verticalScrollBar().value()
        self._rows = rows
        self._index = {row.entry_id: place for place, row in enumerate(rows)}
        self._lay_out()
        if stays:
            self.verticalScrollBar().setValue(value)
        else:
            self.go_to_now()
        self._describe()

    def insert(self, place: int, row: TimelineRow) -> None:
        """Put *row* at *place*; who looks at the newest goes on doing so, who has chosen a row keeps it in sight."""
        is_at_now = self.is_at_now()
        top = self._tops[place]
        self._rows.insert(place, row)
        self._number_from(place)
        self._tops.insert(place, top)
        self._move(place + 1, self._height_of(row))
        bar = self.verticalScrollBar()
        if is_at_now and not self._chosen:
            self.go_to_now()
        elif top < bar.value():
            bar.setValue(bar.value() + self._tops[place + 1] - top)  # what is looked at stays where it is
        self._describe()

    def remove(self, entry_id: str) -> None:
        """Take the row of that entry away, and choose its neighbour where it was chosen."""
        place = self._index.pop(entry_id, None)
        if place is None:
            return
        del self._rows[place]
        self._number_from(place)
        height = self._tops[place + 1] - self._tops.pop(place)
        self._move(place, -height)
        if entry_id == self._chosen:
            self._chosen = self._rows[min(place, len(self._rows) - 1)].entry_id if self._rows else ""
        self._describe()

    def _number_from(self, place: int) -> None:
        for index in range(place, len(self._rows)):
            self._index[self._rows[index].entry_id] = index

    def put(self, row: TimelineRow) -> None:
        """Show *row* in place of the one of the same entry."""
        place = self._index.get(row.entry_id)
        if place is None or self._rows[place] == row:
            return
        higher = self._height_of(row) - (self._tops[place + 1] - self._tops[place])
        self._rows[place] = row
        if higher:
            self._move(place + 1, higher)
        self._repaint_row(place)
        if row.entry_id == self._chosen:
            self._describe()

    def _repaint_row(self, place: int) -> None:
        self.viewport().update(self._box(place))

    def _box(self, place: int) -> QRect:
        top = self._tops[place] - self.verticalScrollBar().value()
        return QRect(0, top, self.viewport().width(), self._tops[place + 1] - self._tops[place])

    def box_of(self, entry_id: str) -> QRect:
        """Return where the row of that entry is painted, in pixels of the viewport; an empty one where it has none."""
        place = self._index.get(entry_id)
        return QRect() if place is None else self._box(place)

    def row_of(self, entry_id: str) -> TimelineRow | None:
        """Return the row of that entry, or None."""
        place = self._index.get(entry_id)
        return None if place is None else self._rows[place]

    def _describe(self) -> None:
        chosen = self.row_of(self._chosen)
        row = chosen or (self._rows[-1] if self._rows else None)
        words = f"{row.time} {row.code} {shown_words(row)}" if row is not None else ""
        if row is not None and row.is_struck:
            words = f"{words}, {row.gap}"
        if row is not None and row.is_wanted:
            words = self.tr("{}, meant for the summary").format(words)
        self.setAccessibleDescription(self.tr("chosen: {}").format(words) if chosen is not None else words)

    # ------------------------------------------------------------------------------------------ choosing

    def chosen(self) -> str:
        """Return the entry whose row is chosen, or nothing."""
        return self._chosen if self._chosen in self._index else ""

    def choose(self, entry_id: str) -> None:
        """Choose the row of that entry, or none, and bring it in sight; only what changes is painted anew."""
        before, self._chosen = self._index.get(self._chosen), entry_id if entry_id in self._index else ""
        now = self._index.get(self._chosen)
        for place in {before, now} - {None}:
            assert place is not None  # noqa: S101 - said to the type checker
            self._repaint_row(place)
        if now is not None:
            self._bring_in_sight(now)
        self._describe()

    def step(self, by: int) -> bool:
        """Choose the row *by* rows further down; past the newest none is chosen. Tells whether one is."""
        if not self._rows:
            return False
        here = self._index.get(self._chosen)
        place = self._last_in_sight() if here is None else here + by
        if place >= len(self._rows):
            self.choose("")
            self.go_to_now()
            return False
        self.choose(self._rows[max(0, place)].entry_id)
        return True

    def step_page(self, direction: int) -> bool:
        """Choose the row a page further back (-1) or forward (1), the last or first of all at most."""
        here = self._index.get(self._chosen)
        if here is None:
            return False
        wanted = self._tops[here] + direction * max(
            self._painter.line, self.viewport().height() - 2 * self._painter.line
        )
        place = min(max(0, self._at(wanted)), len(self._rows) - 1)
        if place == here:
            place = min(max(0, here + direction), len(self._rows) - 1)
        self.choose(self._rows[place].entry_id)
        return True

    def _last_in_sight(self) -> int:
        bar = self.verticalScrollBar()
        place = self._at(bar.value() + self.viewport().height() - 1)
        is_whole = self._tops[place + 1] <= bar.value() + self.viewport().height()
        return place if is_whole else max(0, place - 1)

    def _bring_in_sight(self, place: int) -> None:
        bar = self.verticalScrollBar()
        top, bottom = self._tops[place], self._tops[place + 1]
        if top < bar.value() or bottom - top > self.viewport().height():
            bar.setValue(top)
        elif bottom > bar.value() + self.viewport().height():
            bar.setValue(bottom - self.viewport().height())

    # ------------------------------------------------------------------------------------------- layout

    def _height_of(self, row: TimelineRow) -> int:
        return self._painter.height_of(row, self.viewport().width())

    def _lay_out(self) -> None:
        """Measure every row anew."""
        self._tops = [0]
        for row in self._rows:
            self._tops.append(self._tops[-1] + self._height_of(row))
        self._set_range()

    def _move(self, place: int, by: int) -> None:
        """Let the rows from *place* on begin *by* pixels further down; they are as high as they were."""
        self._tops[place:] = [top + by for top in self._tops[place:]]
        self._set_range()

    def _set_range(self) -> None:
        top = self._tops[-1]
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, top - self.viewport().height()))
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(self._painter.line)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap anew."""
        is_at_now = self.is_at_now()
        self._lay_out()
        if is_at_now:
            self.go_to_now()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the program's type size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self.font() != self._painter.font:
            self._painter = RowPainter(self._lamp, self.font())
            self._lay_out()
            self.go_to_now()

    # ------------------------------------------------------------------------------------------ looking

    def is_at_now(self) -> bool:
        """Tell whether the newest row is in sight."""
        bar = self.verticalScrollBar()
        return bar.value() >= bar.maximum() - self._painter.line

    def go_to_now(self) -> None:
        """Show the newest row."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.maximum())

    def page(self, direction: int) -> None:
        """Go a page back (-1) or forward (1)."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + direction * max(self._painter.line, bar.pageStep() - self._painter.line))

    def _tell_looked_back(self) -> None:
        self.looked_back.emit(not self.is_at_now())

    # ----------------------------------------------------------------------------------------- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows in sight."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), QColor(self._lamp.night.ground))
        offset = self.verticalScrollBar().value()
        first = self._at(offset + event.rect().top())
        bottom = offset + event.rect().bottom()
        for place in range(first, len(self._rows)):
            if self._tops[place] > bottom:
                break
            is_cut = self._tops[place] < offset
            if is_cut and self._tops[place + 1] - self._tops[place] <= 2 * self._painter.line + self._painter.gap_line:
                continue  # half a short row at the upper edge is noise
            row = self._rows[place]
            self._painter.paint(painter, row, self._box(place), is_chosen=row.entry_id == self._chosen)

    def _at(self, y: int) -> int:
        low, high = 0, max(0, len(self._rows) - 1)
        while low < high:
            middle = (low + high) // 2
            if self._tops[middle + 1] <= y:
                low = middle + 1
            else:
                high = middle
        return low
