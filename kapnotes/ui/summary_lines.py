"""What can go on a summary, item by item: process notes, of which none is chosen until somebody does, and its parts."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QListView

from kapnotes.app.live_session import LiveSession
from kapnotes.domain.around import ForSummary, Theme
from kapnotes.domain.codebook import Codebook
from kapnotes.domain.entries import Addendum, Correction, Entry, Intention, LateEntry
from kapnotes.domain.looking_back import wanted_for_summary
from kapnotes.domain.page_choice import NOT_BY_DEFAULT, FixedPart, PagePart
from kapnotes.domain.release import is_releasable
from kapnotes.domain.release_states import LineState, Standing
from kapnotes.domain.text import shortened
from kapnotes.ui.pad_rows import row_for
from kapnotes.ui.summary_rows import ChoiceModel, ChoiceRow, ChoiceRows
from kapnotes.ui.summary_words import fixed_words, part_words

WANTED_SIGN = "\N{WHITE DIAMOND}"
"""Stands before a line that was meant for the summary on the pad, where the same sign is at the end of its row."""

LONGEST = 200
"""Characters of a note that a row shows; on the page it is whole."""

_Choice = tuple[frozenset[str], frozenset[PagePart]]


def changes_lines(entry: Entry) -> bool:
    """Tell whether *entry* makes another line, or changes what one says."""
    is_amendment = isinstance(entry.body, Correction | LateEntry | Addendum | ForSummary)
    return is_amendment or is_releasable(entry)


class SummaryLines(QListView):
    """One row for each process note and each part of the page, with a tick. `chosen_changed` tells of any change."""

    chosen_changed = Signal()
    told_why = Signal(str)

    def __init__(self, live: LiveSession, codebook: Codebook, *, has_notes: bool) -> None:
        super().__init__()
        self._live = live
        self._codebook = codebook
        self._has_notes = has_notes
        self._filter = ""
        self._notes: list[tuple[int, ChoiceRow, Entry]] = []
        self._parts: list[tuple[ChoiceRow, PagePart]] = []
        self._standing: dict[str, Standing] = {}
        self._made: dict[str, tuple[Entry, bool, ChoiceRow]] = {}
        self._undone: list[_Choice] = []
        self._done: list[_Choice] = []
        self._model = ChoiceModel(self)
        self.setModel(self._model)
        self._rows = ChoiceRows(self, self.row)
        self.setItemDelegate(self._rows)
        self.setAccessibleName(self.tr("What can go on the page"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # else its coming would wrap all anew
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setResizeMode(QListView.ResizeMode.Adjust)

    # ------------------------------------------------------------------------------------------- showing

    def row(self, number: int) -> ChoiceRow:
        """Return that row, from 0."""
        return self._model.rows[number]

    def rows(self) -> list[ChoiceRow]:
        """Return all rows that the filter shows."""
        return [row for number, row in enumerate(self._model.rows) if not self.isRowHidden(number)]

    def show_lines(self, chosen: Iterable[str] = (), left_out: Iterable[PagePart] = NOT_BY_DEFAULT) -> None:
        """Show what there is now, with those lines chosen and those parts left out."""
        ticked, gone = frozenset(chosen), frozenset(left_out)
        current = self.current_id()
        rows = self._note_rows(ticked) if self._has_notes else []
        rows.append(ChoiceRow(self.tr("Parts of the page; it names those that are left out")))
        parts = [part for part in PagePart if self._has_notes or part is not PagePart.EARLIER]
        rows += [ChoiceRow(part_words(part), part=part, is_ticked=part not in gone) for part in parts]
        rows.append(ChoiceRow(self.tr("Always on the page")))
        for fixed in FixedPart:
            if self._has_notes or fixed is not FixedPart.RELEASE:
                name, why = fixed_words(fixed)
                rows.append(ChoiceRow(f"{name}: {why}", why=why, is_ticked=True))
        self._notes = [(number, row, row.entry) for number, row in enumerate(rows) if row.entry is not None]
        self._parts = [(row, row.part) for row in rows if row.part is not None]
        self._model.show_rows(rows)
        self._go_to(current)
        self._hide_others()
        self.chosen_changed.emit()

    def _note_rows(self, ticked: frozenset[str]) -> list[ChoiceRow]:
        entries = [entry for entry in self._live.record.standing() if is_releasable(entry)]
        around = [entry for entry in entries if isinstance(entry.body, Intention | Theme)]
        arose = [entry for entry in entries if not isinstance(entry.body, Intention | Theme)]
        wanted = self._wanted()
        rows: list[ChoiceRow] = []
        if not entries:
            rows.append(ChoiceRow(self.tr("No process notes in this session: nothing of them can go on the page.")))
        titles = (self.tr("Intention and themes"), self.tr("What arose"))
        for title, group in zip(titles, (around, arose), strict=True):
            rows += [ChoiceRow(title)] if group else []
            for entry in group:
                row = self._row_of(entry, is_wanted=entry.entry_id in wanted)
                row.is_ticked = entry.entry_id in ticked
                rows.append(row)
        return rows

    def _row_of(self, entry: Entry, *, is_wanted: bool) -> ChoiceRow:
        """Return the row of a line; of one that is as it was the same as before: there may be hundreds."""
        known = self._made.get(entry.entry_id)
        if known is not None and known[:2] == (entry, is_wanted):
            return known[2]
        noted = row_for(entry, self._live.record, self._codebook, before=None, gap_after_s=float("inf"), is_saved=True)
        parts = [part for part in (noted.elapsed or noted.time, noted.code, shortened(noted.text, LONGEST)) if part]
        said = "  ".join(parts)
        spoken = self.tr("{}, meant for the summary").format(said) if is_wanted else ""
        row = ChoiceRow(f"{WANTED_SIGN}  {said}" if is_wanted else said, spoken, entry)
        self._made[entry.entry_id] = entry, is_wanted, row
        return row

    def _wanted(self) -> frozenset[str]:
        return wanted_for_summary(self._live.record, self._live.member.member_id)

    def show_states(self, states: dict[str, LineState]) -> None:
        """Say below each line where it stands: authorized until when, revoked, released to somebody else."""
        self._standing = {entry_id: state.standing for entry_id, state in states.items()}
        unasked, is_other = LineState(), False
        for _, row, entry in self._notes:
            is_other |= row.stand(states.get(entry.entry_id, unasked))
        if is_other:
            self.scheduleDelayedItemsLayout()
        self.viewport().update()

    def show_matching(self, words: str) -> None:
        """Show the process notes alone that hold *words*, in their text, their code or the state below them."""
        self._filter = words.strip().casefold()
        self._hide_others()

    def _hide_others(self) -> None:
        wanted = self._filter
        for number, row, _ in self._notes:
            is_hidden = bool(wanted) and wanted not in f"{row.said} {row.spoken}".casefold()
            if is_hidden is not self.isRowHidden(number):
                self.setRowHidden(number, is_hidden)

    # ------------------------------------------------------------------------------------------- choosing

    def chosen(self) -> list[Entry]:
        """Return the process notes that are ticked, whether the filter shows them or not."""
        return [entry for _, row, entry in self._notes if row.is_ticked]

    def left_out(self) -> frozenset[PagePart]:
        """Return the parts of the page that are not ticked."""
        unticked = frozenset(part for row, part in self._parts if not row.is_ticked)
        return unticked if self._has_notes else unticked | NOT_BY_DEFAULT

    def waiting(self) -> list[Entry]:
        """Return the lines that are ticked and not authorized for the recipient."""
        return [one for one in self.chosen() if self._standing.get(one.entry_id) is not Standing.AUTHORIZED]

    def note_count(self) -> int:
        """Return how many process notes there are."""
        return len(self._notes)

    def wanted_count(self) -> int:
        """Return how many of the lines were meant for the summary on the pad."""
        wanted = self._wanted()
        return sum(entry.entry_id in wanted for _, _, entry in self._notes)

    def choose_all(self) -> None:
        """Choose all process notes that the filter shows, or none of them where all of them are chosen."""
        shown = [row for number, row, _ in self._notes if not self.isRowHidden(number)]
        self._tick(shown, is_ticked=not all(row.is_ticked for row in shown))

    def choose_wanted(self) -> int:
        """Choose those meant for the summary beside what is chosen already; returns how many they are."""
        wanted = self._wanted()
        found = [row for _, row, entry in self._notes if entry.entry_id in wanted]
        self._tick(found, is_ticked=True)
        return len(found)

    def undo(self) -> bool:
        """Choose as before the last change; returns whether there was one."""
        return self._go_back(self._done, self._undone)

    def redo(self) -> bool:
        """Choose as before the last undo; returns whether there was one."""
        return self._go_back(self._undone, self._done)

    def _go_back(self, taken: list[_Choice], kept: list[_Choice]) -> bool:
        if not taken:
            return False
        kept.append(self._choice())
        chosen, left_out = taken.pop()
        for _, row, entry in self._notes:
            row.is_ticked = entry.entry_id in chosen
        for row, part in self._parts:
            row.is_ticked = part not in left_out
        self._tell()
        return True

    def _choice(self) -> _Choice:
        return frozenset(entry.entry_id for entry in self.chosen()), self.left_out()

    def _tick(self, rows: list[ChoiceRow], *, is_ticked: bool) -> None:
        before = self._choice()
        for row in rows:
            row.is_ticked = is_ticked
        if self._choice() != before:
            self._done.append(before)
            self._undone.clear()
            self._tell()

    def _tell(self) -> None:
        self.viewport().update()
        self.chosen_changed.emit()

    def _turn(self, row: ChoiceRow) -> None:
        """Choose a row, or no longer; one that is always there says why."""
        if row.is_choice:
            self._tick([row], is_ticked=not row.is_ticked)
        elif row.why:
            self.told_why.emit(row.words)

    # ----------------------------------------------------------------------------------------------- keys

    def current_id(self) -> str:
        """Return the id of the process note that is current, nothing where it is another row."""
        index = self.currentIndex()
        entry = self.row(index.row()).entry if index.isValid() else None
        return entry.entry_id if entry is not None else ""

    def _go_to(self, entry_id: str) -> None:
        """Let that line be current, else the first row that can be."""
        same = (number for number, _, entry in self._notes if entry_id and entry.entry_id == entry_id)
        rows = (number for number, row in enumerate(self._model.rows) if not row.is_heading)
        self.setCurrentIndex(self._model.index(next(same, next(rows, 0))))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Space for the current row; a letter is no search, for there is a filter."""
        index = self.currentIndex()
        if event.key() == Qt.Key.Key_Space:
            if index.isValid() and not self.isRowHidden(index.row()):
                self._turn(self.row(index.row()))
        elif event.text().isprintable() and event.text():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take a click on a tick, and make the row current that was clicked."""
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.position().x() < self._rows.words_at:
            self._turn(self.row(index.row()))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the program's type size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._rows.forget()
            self.scheduleDelayedItemsLayout()
