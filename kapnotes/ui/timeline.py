"""The notes of a session as the therapist looks back on them: rows of time, code and text, newest at the bottom."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QRect, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea

from kapnotes.ui.lamp import Lamp
from kapnotes.ui.row_stack import RowStack
from kapnotes.ui.timeline_rows import RowPainter, TimelineRow, shown_words


class _Sight(NamedTuple):
    """What is looked at: the row at the upper edge, and how many pixels of it are above that."""

    entry_id: str = ""
    place: int = -1
    within_px: int = 0


NEWEST = _Sight()
"""The newest row at the lower edge."""


def _no_row(place: int) -> TimelineRow:
    raise IndexError(place)


class Timeline(QAbstractScrollArea):
    """Makes, measures and paints the rows that are near and no others, so that ten thousand cost as little as ten.

    One row can be chosen, by keys of the window alone: the focus never comes here.
    """

    def __init__(self, lamp: Lamp) -> None:
        super().__init__()
        self._lamp = lamp
        self._painter = RowPainter(self._lamp, self.font())
        self._chosen = ""
        self._wide = 0
        self._rows = self._stack((), _no_row)
        self._moves_itself = False
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setAccessibleName(self.tr("Notes of this session"))
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)

    def _stack(self, entry_ids: Sequence[str], make: Callable[[int], TimelineRow]) -> RowStack:
        return RowStack(entry_ids, make, self._height_of, self._painter.least)

    # --------------------------------------------------------------------------------------------- rows

    def rows(self) -> tuple[TimelineRow, ...]:
        """Return all rows, from the top."""
        return tuple(self._rows.row(place) for place in range(len(self._rows)))

    def show_rows(self, entry_ids: Sequence[str], make: Callable[[int], TimelineRow], *, stays: bool = False) -> None:
        """Show a row for each of *entry_ids* in place of all that was there, and go to the newest.

        *make* gives the row of a place when it is needed. Where it *stays*, what is looked at stays where it is.
        """
        sight = self._sight()
        self._rows = self._stack(entry_ids, make)
        self._settle(sight if stays else NEWEST)
        self.viewport().update()
        self._describe()

    def insert(self, place: int, row: TimelineRow) -> None:
        """Put *row* at *place*; who looks at the newest goes on doing so, who has chosen a row keeps it in sight."""
        sight = NEWEST if self.is_at_now() and not self._chosen else self._sight()
        before = self._in_sight()
        self._rows.insert(place, row)
        self._settle(sight)
        self._repaint_what_changed(before)
        self._describe()

    def remove(self, entry_id: str) -> None:
        """Take the row of that entry away, and choose its neighbour where it was chosen."""
        place = self._rows.place_of(entry_id)
        if place is None:
            return
        sight, before = self._sight(), self._in_sight()
        self._rows.remove(place)
        if entry_id == self._chosen:
            self._chosen = self._rows.id_at(min(place, len(self._rows) - 1)) if self._rows else ""
            before.clear()  # the neighbour looks otherwise now
        self._settle(sight)
        self._repaint_what_changed(before)
        self._describe()

    def put(self, row: TimelineRow) -> None:
        """Show *row* in place of the one of the same entry."""
        place = self._rows.place_of(row.entry_id)
        if place is None or self._rows.row(place) == row:
            return
        sight, height, before = self._sight(), self._rows.height, self._in_sight()
        self._rows.put(place, row)
        if self._rows.height != height:
            self._settle(sight)
            self._repaint_what_changed(before)
        self._repaint_row(place)
        if row.entry_id == self._chosen:
            self._describe()

    def _repaint_row(self, place: int) -> None:
        self.viewport().update(self._box(place))

    def _in_sight(self) -> dict[str, tuple[int, int]]:
        """Return where the rows in sight begin and end, in pixels from the upper edge, by their entries."""
        if not self._rows:
            return {}
        offset, top = self.verticalScrollBar().value(), self._rows.top
        places = range(self._rows.at(offset), self._rows.at(offset + self.viewport().height() - 1) + 1)
        return {self._rows.id_at(place): (top(place) - offset, top(place + 1) - offset) for place in places}

    def _repaint_what_changed(self, before: Mapping[str, tuple[int, int]]) -> None:
        """Move what is painted of the rows that were in sight *before* to where they are now; paint all other places.

        Most often one row came at the lower edge: it alone is painted, and the one that leaves at the upper edge.
        """
        now, viewport = self._in_sight(), self.viewport()
        stayed = [(before[one], now[one]) for one in now if one in before]
        moves = {is_at - was_at for was, now_is in stayed for was_at, is_at in zip(was, now_is, strict=True)}
        if len(moves) != 1:
            viewport.update()
            return
        move, high = moves.pop(), viewport.height()
        if move:
            viewport.scroll(0, move)
        kept: list[list[int]] = []
        for (was_top, _), (top, bottom) in stayed:
            if was_top < 0 or top < 0:
                continue  # a row that is cut at the upper edge is not painted
            ends = min(bottom, high, high + move)
            if kept and kept[-1][1] == top:
                kept[-1][1] = ends
            else:
                kept.append([max(top, move), ends])
        stale = QRegion(viewport.rect())
        for top, ends in kept:
            stale -= QRect(0, top, viewport.width(), ends - top)
        viewport.update(stale)

    def _box(self, place: int) -> QRect:
        top = self._rows.top(place)
        return QRect(
            0, top - self.verticalScrollBar().value(), self.viewport().width(), self._rows.top(place + 1) - top
        )

    def box_of(self, entry_id: str) -> QRect:
        """Return where the row of that entry is painted, in pixels of the viewport; an empty one where it has none."""
        place = self._rows.place_of(entry_id)
        if place is None:
            return QRect()
        self._come_near(place)
        return self._box(place)

    def row_of(self, entry_id: str) -> TimelineRow | None:
        """Return the row of that entry, or None."""
        place = self._rows.place_of(entry_id)
        return None if place is None else self._rows.row(place)

    def _describe(self) -> None:
        chosen = self.row_of(self._chosen)
        row = chosen or (self._rows.row(len(self._rows) - 1) if self._rows else None)
        words = f"{row.time} {row.code} {shown_words(row)}" if row is not None else ""
        if row is not None and row.is_struck:
            words = f"{words}, {row.gap}"
        if row is not None and row.is_wanted:
            words = self.tr("{}, meant for the summary").format(words)
        self.setAccessibleDescription(self.tr("chosen: {}").format(words) if chosen is not None else words)

    # ------------------------------------------------------------------------------------------ choosing

    def chosen(self) -> str:
        """Return the entry whose row is chosen, or nothing."""
        return self._chosen if self._rows.place_of(self._chosen) is not None else ""

    def choose(self, entry_id: str) -> None:
        """Choose the row of that entry, or none, and bring it in sight; only what changes is painted anew."""
        before, now = self._rows.place_of(self._chosen), self._rows.place_of(entry_id)
        self._chosen = entry_id if now is not None else ""
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
        here = self._rows.place_of(self._chosen)
        place = self._last_in_sight() if here is None else here + by
        if place >= len(self._rows):
            self.choose("")
            self.go_to_now()
            return False
        self.choose(self._rows.id_at(max(0, place)))
        return True

    def step_page(self, direction: int) -> bool:
        """Choose the row a page further back (-1) or forward (1), the last or first of all at most."""
        here = self._rows.place_of(self._chosen)
        if here is None:
            return False
        self._come_near(here)
        page = max(self._painter.line, self.viewport().height() - 2 * self._painter.line)
        place = self._rows.at(self._rows.top(here) + direction * page)
        if place == here:
            place = min(max(0, here + direction), len(self._rows) - 1)
        self.choose(self._rows.id_at(place))
        return True

    def _last_in_sight(self) -> int:
        bottom = self.verticalScrollBar().value() + self.viewport().height()
        place = self._rows.at(bottom - 1)
        return place if self._rows.top(place + 1) <= bottom else max(0, place - 1)

    def _bring_in_sight(self, place: int) -> None:
        self._come_near(place)
        bar, high = self.verticalScrollBar(), self.viewport().height()
        top, bottom = self._rows.top(place), self._rows.top(place + 1)
        if top < bar.value() or bottom - top > high:
            bar.setValue(top)
        elif bottom > bar.value() + high:
            bar.setValue(bottom - high)

    # ------------------------------------------------------------------------------------------- layout

    def _height_of(self, row: TimelineRow) -> int:
        return self._painter.height_of(row, self._wide)

    def _sight(self) -> _Sight:
        """Return what is looked at."""
        bar = self.verticalScrollBar()
        if not self._rows or bar.value() == bar.maximum():
            return NEWEST
        place = self._rows.at(bar.value())
        return _Sight(self._rows.id_at(place), place, bar.value() - self._rows.top(place))

    def _settle(self, sight: _Sight) -> None:
        """Look at *sight*, with all that is in sight and a page around it measured: so the keys of a page are exact."""
        page, last = max(self.viewport().height(), self._painter.line), len(self._rows) - 1
        place = last
        if sight is not NEWEST:
            found = self._rows.place_of(sight.entry_id)
            place = min(sight.place, last) if found is None else found
        if place >= 0:
            self._rows.measure_around(place, 2 * page, 2 * page)
        self._moves_itself = True
        self._set_range()
        bar = self.verticalScrollBar()
        bar.setValue(bar.maximum() if sight is NEWEST else self._rows.top(max(0, place)) + sight.within_px)
        self._moves_itself = False

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Paint anew what a key or the wheel brings in sight; who settles on rows says what is to be painted."""
        if not self._moves_itself:
            super().scrollContentsBy(dx, dy)

    def _come_near(self, place: int) -> None:
        """Measure the row at *place* and a page around it; what is looked at stays where it is."""
        sight, page = self._sight(), self.viewport().height()
        if self._rows.measure_around(place, page, page):
            self._settle(sight)
            self.viewport().update()

    @Slot()
    def _scrolled(self) -> None:
        sight = self._sight()
        place = len(self._rows) - 1 if sight is NEWEST else sight.place
        page = self.viewport().height()
        if self._rows and self._rows.measure_around(place, 2 * page, 2 * page):
            self._settle(sight)
            self.viewport().update()

    def _set_range(self) -> None:
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, self._rows.height - self.viewport().height()))
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(self._painter.line)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap anew."""
        sight = NEWEST if self.is_at_now() else self._sight()
        if self.viewport().width() != self._wide:
            self._wide = self.viewport().width()
            self._rows.forget_heights(self._painter.least)
        self._settle(sight)
        self.viewport().update()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the program's type size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self.font() != self._painter.font:
            self._painter = RowPainter(self._lamp, self.font())
            self._rows.forget_heights(self._painter.least)
            self._settle(NEWEST)
            self.viewport().update()

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

    # ----------------------------------------------------------------------------------------- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows in sight."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), QColor(self._lamp.night.ground))
        offset, stale = self.verticalScrollBar().value(), event.region()
        bottom = offset + event.rect().bottom()
        for place in range(self._rows.at(offset + event.rect().top()), len(self._rows)):
            top = self._rows.top(place)
            if top > bottom:
                break
            if not stale.intersects(self._box(place)):
                continue
            is_short = self._rows.top(place + 1) - top <= 2 * self._painter.line + self._painter.gap_line
            if top < offset and is_short:
                continue  # half a short row at the upper edge is noise
            row = self._rows.row(place)
            self._painter.paint(painter, row, self._box(place), is_chosen=row.entry_id == self._chosen)
