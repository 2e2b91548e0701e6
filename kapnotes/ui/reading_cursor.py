"""The cursor on the readings of the log: it moves from set to set by keys, and the line keeps text, caret and focus."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot

from kapnotes.domain.entries import Entry, Vitals
from kapnotes.domain.record import Record
from kapnotes.ui.log_chart import LogChart
from kapnotes.ui.log_view import LogTable
from kapnotes.ui.reading_words import reading_words
from kapnotes.ui.readout import Readout


class ReadingCursor(QObject):
    """Stands on one set, or nowhere. Chart, table and readout show the same one."""

    def __init__(
        self, record: Record, chart: LogChart, table: LogTable, readout: Readout, say: Callable[[str], None]
    ) -> None:
        super().__init__(chart)
        self._record = record
        self._chart = chart
        self._table = table
        self._readout = readout
        self._say = say
        self.reading: Entry | None = None
        self._at = 0

    @Slot()
    def back(self) -> None:
        """Go to the newest set, or to the one before the cursor's."""
        self._step(-1)

    @Slot()
    def on(self) -> None:
        """Go to the newest set, or to the one after the cursor's."""
        self._step(1)

    @Slot()
    def to_first(self) -> None:
        """Go to the first set of the session."""
        self._put(0)

    @Slot()
    def to_newest(self) -> None:
        """Go to the newest set."""
        self._put(-1)

    def _step(self, by: int) -> None:
        place = self._place()
        if place is None:
            self._put(-1)
        else:
            last = len(self._record.entries_of(Vitals)) - 1
            self._put(min(last, max(0, place + by)))

    def _place(self) -> int | None:
        """Return which set of the session it stands on, as it stands now; None where that is gone."""
        if self.reading is None:
            return None
        sought, sets = self.reading, self._record.entries_of(Vitals)
        near = range(max(0, self._at - 1), min(len(sets), self._at + 2))  # mostly nothing came in between
        found = (at for at in (*near, *range(len(sets))) if sets[at].entry_id == sought.entry_id)
        return next((at for at in found if sets[at].author_id == sought.author_id), None)

    def _put(self, place: int) -> None:
        sets = self._record.entries_of(Vitals)
        if not sets:
            self._say(self.tr("There are no vital signs yet."))
            return
        self._at = place % len(sets)
        self.reading = sets[self._at]
        self._chart.put_cursor(self.reading)
        self._table.show_cursor(self.reading.entry_id)
        words = reading_words(self._record, self.reading)
        self._chart.setAccessibleDescription(words)
        self._readout.say(words)

    def look(self) -> None:
        """Stay on the set when something was noted: its row may have moved, and a correction changes what it says."""
        if self.reading is None:
            return
        place = self._place()
        if place is None:
            self.leave()
        else:
            self._put(place)

    def leave(self) -> bool:
        """Stand nowhere; tells whether it stood anywhere."""
        if self.reading is None:
            return False
        self.reading = None
        self._chart.put_cursor(None)
        self._table.show_cursor("")
        self._readout.say("")
        self._chart.look()
        return True
