"""Looking back from a line, on the pad and in the log: a chosen row, and what it said before.

The focus stays in the line with whatever is half-typed there; only the keys below move the chosen row.
"""

from typing import Protocol

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from kapnotes.domain.entries import Entry
from kapnotes.ui.keys import sequence_of


class Rows(Protocol):
    """Which entries have a row."""

    def entry(self, entry_id: str) -> Entry | None:
        """Return the entry of that row as it stands, or None."""
        ...

    def newest_own(self) -> Entry | None:
        """Return the member's newest entry that has a row, or None."""
        ...

    def is_own(self, entry: Entry) -> bool:
        """Tell whether the member of this seat wrote *entry*."""
        ...

    def stands(self, entry: Entry) -> bool:
        """Tell whether *entry* was not taken back."""
        ...

    def words_of(self, entry: Entry) -> tuple[str, str]:
        """Return code and words of *entry* as its row says them."""
        ...


class RowList(Protocol):
    """What shows the rows, one of which can be chosen."""

    def chosen(self) -> str:
        """Return the entry whose row is chosen, or nothing."""
        ...

    def choose(self, entry_id: str) -> None:
        """Choose the row of that entry, or none, and bring it in sight."""
        ...

    def step(self, by: int) -> bool:
        """Choose the row *by* rows further down; past the newest none is chosen. Tells whether one is."""
        ...

    def step_page(self, direction: int) -> bool:
        """Choose the row a page further back (-1) or forward (1), where one is chosen. Tells whether one is."""
        ...

    def page(self, direction: int) -> None:
        """Go a page back (-1) or forward (1)."""
        ...

    def go_to_now(self) -> None:
        """Show the newest row."""
        ...


class LookingBack(QObject):
    """The keys that look back in one window: among its *rows*, in the *list* that shows them."""

    moved = Signal()

    def __init__(self, parent: QWidget, rows: Rows, shown_in: RowList) -> None:
        super().__init__(parent)
        self._rows = rows
        self._list = shown_in

    def say(self, text: str) -> None:
        """Show one calm line of news; whoever derives from this has a place for it."""
        raise NotImplementedError

    def look(self) -> None:
        """Say what is looked at, in its fixed place; whoever derives from this has one."""
        raise NotImplementedError

    def can_correct(self, entry: Entry) -> bool:
        """Tell whether the keys that correct and take back do something with the row of *entry*."""
        raise NotImplementedError

    def chosen(self) -> Entry | None:
        """Return the entry of the chosen row, or None."""
        return self._rows.entry(self._list.chosen())

    def choose(self, entry: Entry) -> None:
        """Choose the row of *entry*."""
        self._list.choose(entry.entry_id)
        self.look()

    def own_or_newest(self) -> Entry | None:
        """Return the chosen row, else the newest own one, which is chosen then; None with a word why there is none."""
        entry = self.chosen() or self._rows.newest_own()
        if entry is None:
            self.say(self.tr("There is nothing of yours to look back on yet."))
        elif not self._rows.is_own(entry):
            self.say(self.tr("That is the other clinician's; only its author changes it."))
            entry = None
        else:
            self.choose(entry)
        return entry

    @Slot()
    def up(self) -> None:
        """Choose the row above; the last one in sight where none is chosen."""
        self._list.step(-1)
        self.look_elsewhere()

    @Slot()
    def down(self) -> None:
        """Choose the row below; past the newest none is chosen."""
        if self._list.chosen():
            self._list.step(1)
        self.look_elsewhere()

    @Slot()
    def page_up(self) -> None:
        """Look a page back, with the chosen row where there is one."""
        self._page(-1)

    @Slot()
    def page_down(self) -> None:
        """Look a page forward, with the chosen row where there is one."""
        self._page(1)

    def _page(self, direction: int) -> None:
        if not self._list.step_page(direction):
            self._list.page(direction)
        self.look_elsewhere()

    @Slot()
    def leave(self) -> None:
        """Go back to now: no row is chosen."""
        self._list.choose("")
        self._list.go_to_now()
        self.look_elsewhere()

    def unchoose(self) -> None:
        """Choose no row."""
        self._list.choose("")
        self.look()

    def look_elsewhere(self) -> None:
        """Tell that another row is looked at."""
        self.moved.emit()
        self.look()

    @property
    def is_looking(self) -> bool:
        """Tell whether there is anything to leave."""
        return bool(self._list.chosen())

    def escape(self) -> bool:
        """Leave by Esc; tells whether there was anything to leave."""
        is_looking = self.is_looking
        if is_looking:
            self.leave()
        return is_looking

    def hint(self, entry: Entry, further: str = "") -> str:
        """Return the keys that do something with the row of *entry*; *further* are the window's own."""
        if not self.can_correct(entry):
            return further
        if not self._rows.stands(entry):
            return self.tr("{retract} lets it stand again").format(retract=sequence_of("retract"))
        words = self.tr("{correct} correct · {retract} take back")
        own = words.format(correct=sequence_of("correct"), retract=sequence_of("retract"))
        return " · ".join(part for part in (own, further) if part)
