"""What one seat noted, from the record to the disk, and who is told that it is there."""

from collections.abc import Callable

from kapnotes.app.listeners import Listeners
from kapnotes.app.pending import AT_ONCE, Pending, Written
from kapnotes.app.worker import Submit, rest
from kapnotes.domain.entries import Entry
from kapnotes.domain.record import Record


class Saving:
    """Lets nothing be called saved before COMMIT returned, and tries again what failed.

    *write_behind* writes, on the writer's thread, what comes behind all that is pending; *settled* hears first of each
    id that is on the disk.
    """

    def __init__(
        self,
        record: Record,
        pending: Pending,
        submit: Submit,
        *,
        write_behind: Callable[[], None],
        settled: Callable[[str], None],
    ) -> None:
        self.saved: Listeners[Entry] = Listeners()
        self.failed: Listeners[Exception] = Listeners()
        self.untold: set[str] = set()
        """Ids of what was noted and of which nobody was told yet that it is on the disk: rows and strip follow that."""
        self._record = record
        self._pending = pending
        self._submit = submit
        self._write_behind = write_behind
        self._settled = settled
        self._has_failed = False

    # ------------------------------------------------------------------------------------------- asking

    @property
    def unsaved(self) -> tuple[Entry, ...]:
        """Return what this seat noted and is not on the disk yet, oldest first in each compartment."""
        return self._pending.entries

    @property
    def elsewhere_count(self) -> int:
        """Return how many of the unsaved are kept on another disk, sealed, until the vault's takes them."""
        return self._pending.elsewhere_count

    @property
    def at_risk_count(self) -> int:
        """Return how many entries stand in memory alone because the last try to save them failed."""
        return len(self.unsaved) - self.elsewhere_count if self._has_failed else 0

    @property
    def has_failed(self) -> bool:
        """Tell whether the last try to save failed; nothing is lost, it is tried again."""
        return self._has_failed

    def is_saved(self, entry_id: str) -> bool:
        """Tell whether that entry is on the disk, whichever seat made it, and its windows were told so."""
        return entry_id not in self.untold

    def is_saved_as_it_stands(self, entry: Entry) -> bool:
        """Tell whether *entry* is on the disk with every correction of it, so that what stands of it is."""
        waiting = [entry]
        while waiting:
            one = waiting.pop()
            if not self.is_saved(one.entry_id):
                return False
            waiting.extend(self._record.corrections_of(one.entry_id, one.author_id))
        return True

    # ------------------------------------------------------------------------------------------ writing

    def take(self, written: tuple[Written, ...]) -> None:
        """Put entries of one compartment on their way to the disk, in one write."""
        self.untold.update(one.entry.entry_id for one in written)
        self._pending.add_together(written)
        self._submit_pending()

    def retry(self) -> None:
        """Try again to save what is not saved yet."""
        if self.unsaved:
            self._submit_pending()

    def _submit_pending(self) -> None:
        self._submit(self.write, self._tell_saved, self._tell_failed)

    def write(self) -> None:
        """Write what is pending, oldest first, and what comes behind it. Called on the writer's thread.

        Raises:
            Exception: what the first compartment that failed said; the others were written.
        """
        self._pending.write()
        self._write_behind()

    # ------------------------------------------------------------------------------------------ telling

    def hear_saved(self, entry: Entry) -> None:
        """Take the news that the other seat's entry is on the disk."""
        if entry.entry_id in self.untold:
            self._tell(entry)

    def tell_the_rest(self) -> None:
        """Tell what is on the disk and nobody was told of: this seat is gone, and its drafts are closed."""
        for entry in self._pending.take_committed():
            self.untold.discard(entry.entry_id)
            self.saved.tell(entry)

    def _tell_saved(self, _: None) -> None:
        self._has_failed = False
        self._tell_committed()

    def _tell_failed(self, error: Exception) -> None:
        self._has_failed = True
        self._tell_committed()
        self.failed.tell(error)

    def _tell_committed(self) -> None:
        """Tell what is on the disk; of many a few at a time, between which the windows live."""
        committed = self._pending.take_committed(AT_ONCE)
        for entry in committed:
            self._tell(entry)
        if len(committed) == AT_ONCE:
            self._submit(rest, self._tell_more, self._tell_rest)

    def _tell_more(self, _: None) -> None:
        self._tell_committed()

    def _tell_rest(self, _: Exception) -> None:
        """Tell all at once: the writer takes no more."""
        for entry in self._pending.take_committed():
            self._tell(entry)

    def _tell(self, entry: Entry) -> None:
        self.untold.discard(entry.entry_id)
        self._settled(entry.entry_id)
        self.saved.tell(entry)
