"""Which entries have a row in one vitals log, whose they are, and how each is spoken of in a line of news."""

from kapnotes.app.live_session import LiveSession
from kapnotes.domain.correcting import earlier_bodies
from kapnotes.domain.entries import Entry, Vitals
from kapnotes.domain.shorthand import is_typed, line_of
from kapnotes.ui.log_row import words_of
from kapnotes.ui.log_table import LogModel


class LogRows:
    """The rows of one log's table, as entries."""

    def __init__(self, live: LiveSession, model: LogModel) -> None:
        self._live = live
        self._model = model

    def entry(self, entry_id: str) -> Entry | None:
        """Return the entry of that row as it stands, or None."""
        place = self._model.place_of(entry_id) if entry_id else None
        return None if place is None else self._model.entries()[place]

    def newest_own(self) -> Entry | None:
        """Return the member's newest entry that has a row and is typed, or None."""
        typed = (one for one in reversed(self._model.entries()) if is_typed(one.body))
        return next((one for one in typed if self.is_own(one) and self.stands(one)), None)

    def is_own(self, entry: Entry) -> bool:
        """Tell whether the member of this seat wrote *entry*, under whichever id."""
        return self._live.record.persons.are_one(entry.author_id, self._live.member.member_id)

    def stands(self, entry: Entry) -> bool:
        """Tell whether *entry* was not taken back."""
        return self._live.record.stands(entry.entry_id, entry.author_id)

    def words_of(self, entry: Entry) -> tuple[str, str]:
        """Return nothing for a code, which no entry of a log has, and what *entry* says."""
        said = line_of(entry.body) if isinstance(entry.body, Vitals) else words_of(entry, self._live.record)
        return "", said

    def earlier(self, entry: Entry) -> tuple[str, ...]:
        """Return what *entry* said before it said what it says now, oldest first, as it was typed."""
        record = self._live.record
        bodies = earlier_bodies(record, entry)
        return tuple(line_of(body) for body in bodies if is_typed(body))
