"""What a session knows of what a typed line leaves out; see `typed_words.Known`."""

from kapnotes.domain.adverse_events import name_key, newest_open, open_episodes
from kapnotes.domain.assessed import ComputedScale, EarlyDischarge, EventEnded, ItemSource, Unmet
from kapnotes.domain.clock import Stamp
from kapnotes.domain.errors import CannotTell
from kapnotes.domain.record import Record
from kapnotes.domain.scales import computed_item
from kapnotes.domain.stay import stay


class KnownOf:
    """What *record* knew *at* a moment; for what is added late it works out neither scores nor the rule."""

    def __init__(self, record: Record, at: Stamp, *, is_late: bool = False) -> None:
        self._record = record
        self._at = at
        self._is_late = is_late

    def computed_item(self, name: str, item: int) -> ItemSource:
        """Return what an item of a scale follows from; raises `CannotTell`."""
        if self._is_late:
            raise CannotTell("A scale that is added late is typed with all its items.")
        return computed_item(self._record, name, item, self._at)

    def end_of(self, what: str) -> EventEnded:
        """Return the end of the newest open event that is called so, or begins so; raises `CannotTell`."""
        found = newest_open(self._record, what)
        if found is not None:
            return EventEnded(found.reports[0][0].entry_id, found.what)
        if open_episodes(self._record):
            raise CannotTell("No open adverse event is called so; those that are open stand below the line.")
        raise CannotTell("No adverse event is open.")

    def unmet(self) -> tuple[Unmet, ...]:
        """Return what of the protocol's rule of discharge is not met; nothing without a rule or a dose."""
        found = None if self._is_late else stay(self._record, self._at)
        return () if found is None else found.unmet


class KnownThen:
    """What was known when *said* was entered, for a correction of it: nothing is worked out from what came later."""

    def __init__(self, said: object) -> None:
        self._said = said

    def computed_item(self, name: str, item: int) -> ItemSource:
        """Return what the item followed from then; raises `CannotTell`."""
        if isinstance(self._said, ComputedScale) and self._said.name == name:
            for source in self._said.sources:
                if source.item == item:
                    return source
        raise CannotTell("No reading tells this item; type it.")

    def end_of(self, what: str) -> EventEnded:
        """Return the end of the same event; raises `CannotTell`."""
        if isinstance(self._said, EventEnded) and name_key(self._said.what).startswith(name_key(what)):
            return EventEnded(self._said.event_id, self._said.what)
        raise CannotTell("A correction ends the same adverse event.")

    def unmet(self) -> tuple[Unmet, ...]:
        """Return what was not met then."""
        return self._said.unmet if isinstance(self._said, EarlyDischarge) else ()
