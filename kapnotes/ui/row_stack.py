"""Rows on top of each other, each made and measured when somebody comes near it, so that ten thousand cost nothing."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate

from kapnotes.ui.timeline_rows import TimelineRow


class RowStack:
    """The rows of a timeline from the top down. What nobody came near yet counts as one line high.

    *make* gives the row of a place, *height_of* its pixels, and *line* is how many a row has at least. Whoever inserts
    or removes a row here does so in what *make* reads, too.
    """

    def __init__(
        self,
        entry_ids: Sequence[str],
        make: Callable[[int], TimelineRow],
        height_of: Callable[[TimelineRow], int],
        line: int,
    ) -> None:
        self._make = make
        self._height_of = height_of
        self._line = line
        self._ids = list(entry_ids)
        self._rows: list[TimelineRow | None] = [None] * len(self._ids)
        self._heights: list[int | None] = [None] * len(self._ids)
        self._tops: list[int] | None = None
        self._places: dict[str, int] | None = None

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self._ids)

    # --------------------------------------------------------------------------------------------- rows

    def id_at(self, place: int) -> str:
        """Return the entry of the row at *place*."""
        return self._ids[place]

    def place_of(self, entry_id: str) -> int | None:
        """Return the place of the row of that entry, or None."""
        if self._places is None:
            self._places = {one: place for place, one in enumerate(self._ids)}
        return self._places.get(entry_id)

    def row(self, place: int) -> TimelineRow:
        """Return the row at *place*, made now if nobody asked for it before."""
        row = self._rows[place]
        if row is None:
            row = self._rows[place] = self._make(place)
        return row

    def insert(self, place: int, row: TimelineRow) -> None:
        """Put *row* at *place*; at the end, as most often, nothing is counted anew for it."""
        is_last = place == len(self._ids)
        self._ids.insert(place, row.entry_id)
        self._rows.insert(place, row)
        self._heights.insert(place, None)
        if not is_last:
            self._tops = self._places = None
            return
        if self._tops is not None:
            self._tops.append(self._tops[-1] + self._line)
        if self._places is not None:
            self._places[row.entry_id] = place

    def remove(self, place: int) -> None:
        """Take the row at *place* away."""
        del self._ids[place], self._rows[place], self._heights[place]
        self._tops = self._places = None

    def put(self, place: int, row: TimelineRow) -> None:
        """Let *row* stand at *place* in place of another one of the same entry."""
        self._rows[place] = row
        if self._heights[place] is not None:
            self._heights[place] = None
            self.measure(place)

    # ------------------------------------------------------------------------------------------ heights

    @property
    def height(self) -> int:
        """Return how high all rows are together."""
        return self._all_tops()[-1]

    def top(self, place: int) -> int:
        """Return where the row at *place* begins; behind the last row it is where that ends."""
        return self._all_tops()[place]

    def at(self, y: int) -> int:
        """Return the place of the row that stands at *y*, the first or the last one for what is beyond."""
        return max(0, min(bisect_right(self._all_tops(), y), len(self._ids)) - 1)

    def measure(self, place: int) -> bool:
        """Measure the row at *place* where nobody did; tells whether it is another height than it counted for."""
        if self._heights[place] is not None:
            return False
        height = self._heights[place] = self._height_of(self.row(place))
        tops = self._tops
        is_other = tops is None or tops[place + 1] - tops[place] != height
        if tops is not None and place == len(self._ids) - 1:
            tops[-1] = tops[-2] + height
        elif is_other:
            self._tops = None
        return is_other

    def measure_around(self, place: int, above: int, below: int) -> bool:
        """Measure the row at *place* and so many pixels above and below it; tells whether anything moved by that."""
        was_moved = self.measure(place)
        for step, room in ((-1, above), (1, below)):
            at = place + step
            while room > 0 and 0 <= at < len(self._ids):
                was_moved |= self.measure(at)
                room -= self._heights[at] or 0
                at += step
        return was_moved

    def forget_heights(self, line: int) -> None:
        """Let every row be measured anew when somebody comes near it; *line* is how high one is at least."""
        self._line = line
        self._heights = [None] * len(self._ids)
        self._tops = None

    def _all_tops(self) -> list[int]:
        if self._tops is None:
            heights = (self._line if height is None else height for height in self._heights)
            self._tops = list(accumulate(heights, initial=0))
        return self._tops
