"""What a session noted and is not in the vault yet: written in order, and nothing called saved early."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from kapnotes.domain.entries import Entry
from kapnotes.domain.errors import SavedElsewhere
from kapnotes.domain.members import Compartment


@dataclass(frozen=True, slots=True)
class Written:
    """An entry and the compartment it goes to."""

    compartment: Compartment
    entry: Entry


Append = Callable[[Written, str], None]
"""Writes one entry about the patient of that id and returns after COMMIT; called on the writer's thread."""


class Pending:
    """One queue for each compartment. Entries are added on the windows' thread and written on the writer's."""

    def __init__(self, append: Append, patient_id: str) -> None:
        self._append = append
        self._patient_id = patient_id
        self._queues: dict[Compartment, deque[Written]] = {}
        self._elsewhere: set[str] = set()
        self._committed: deque[Entry] = deque()

    def add(self, written: Written) -> None:
        """Put an entry behind those of its compartment."""
        self._queues.setdefault(written.compartment, deque()).append(written)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Return what is not in the vault yet, oldest first in each compartment."""
        return tuple(written.entry for queue in tuple(self._queues.values()) for written in tuple(queue))

    @property
    def elsewhere_count(self) -> int:
        """Return how many of them are sealed on another disk, so that they wait and cannot be lost with the program."""
        return len(self._elsewhere)

    def write(self) -> None:
        """Write what is pending, oldest first, so that order survives a failure. Called on the writer's thread.

        A compartment that cannot be written holds up no other one.

        Raises:
            Exception: what the first compartment that failed said, `SavedElsewhere` only where no other failed worse;
                the others were written.
        """
        failure: Exception | None = None
        for queue in tuple(self._queues.values()):
            try:
                self._write_queue(queue)
            except Exception as error:  # kept until the other compartments are written, then raised
                if failure is None or isinstance(failure, SavedElsewhere):  # what waits elsewhere is safe
                    failure = error
        if failure is not None:
            raise failure

    def _write_queue(self, queue: deque[Written]) -> None:
        waits: SavedElsewhere | None = None
        for written in tuple(queue):
            entry = written.entry
            if waits is not None and entry.entry_id in self._elsewhere:
                continue  # it stands behind one that waits
            try:
                self._append(written, self._patient_id)
            except SavedElsewhere as error:
                waits = error
                self._elsewhere.add(entry.entry_id)
            else:
                queue.remove(written)
                self._elsewhere.discard(entry.entry_id)
                self._committed.append(entry)
        if waits is not None:
            raise waits

    def take_committed(self) -> list[Entry]:
        """Return what was written since the last call."""
        taken: list[Entry] = []
        while self._committed:
            taken.append(self._committed.popleft())
        return taken
