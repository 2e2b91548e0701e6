"""What a session noted and is not in the vault yet: written in order, and nothing called saved early."""

from collections import deque
from collections.abc import Callable, Sequence
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


AppendTogether = Callable[[Compartment, Sequence[Entry], str], None]
"""Writes entries about the patient of that id, all of them or none, and returns after COMMIT; on the same thread."""


AT_ONCE = 32
"""So many entries go into the record, or are told to be saved, in one turn of the windows."""


class Pending:
    """One queue for each compartment. Entries are added on the windows' thread and written on the writer's."""

    def __init__(self, append: Append, append_together: AppendTogether, patient_id: str) -> None:
        self._append = append
        self._append_together = append_together
        self._patient_id = patient_id
        self._queues: dict[Compartment, deque[tuple[Written, ...]]] = {}
        self._elsewhere: set[str] = set()
        self._committed: deque[Entry] = deque()

    def add(self, written: Written) -> None:
        """Put an entry behind those of its compartment."""
        self.add_together((written,))

    def add_together(self, written: tuple[Written, ...]) -> None:
        """Put entries of one compartment behind those that are there; they are written in one transaction."""
        self._queues.setdefault(written[0].compartment, deque()).append(written)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Return what is not in the vault yet, oldest first in each compartment."""
        return tuple(
            written.entry for queue in tuple(self._queues.values()) for together in tuple(queue) for written in together
        )

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

    def _write_queue(self, queue: deque[tuple[Written, ...]]) -> None:
        waits: SavedElsewhere | None = None
        for together in tuple(queue):
            ids = {written.entry.entry_id for written in together}
            if waits is not None and ids <= self._elsewhere:
                continue  # it stands behind one that waits
            try:
                self._write(together)
            except SavedElsewhere as error:
                waits = error
                self._elsewhere |= ids
            else:
                queue.remove(together)
                self._elsewhere -= ids
                self._committed.extend(written.entry for written in together)
        if waits is not None:
            raise waits

    def _write(self, together: tuple[Written, ...]) -> None:
        if len(together) == 1:
            self._append(together[0], self._patient_id)
        else:
            entries = [written.entry for written in together]
            self._append_together(together[0].compartment, entries, self._patient_id)

    def take_committed(self, most: int | None = None) -> list[Entry]:
        """Return what was written since the last call, *most* of them at the most."""
        taken: list[Entry] = []
        while self._committed and (most is None or len(taken) < most):
            taken.append(self._committed.popleft())
        return taken
