"""The scales that a patient answered around a session, PHQ-9 and GAD-7: kept, corrected and taken back."""

from typing import TYPE_CHECKING

from kapnotes.app.typed_fields import RESPONSE
from kapnotes.domain.clock import NS_PER_S, Stamp
from kapnotes.domain.correcting import CORRECTED, TAKEN_BACK
from kapnotes.domain.entries import Entry
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.response_scale import ResponseScale
from kapnotes.domain.text import storable

if TYPE_CHECKING:
    from kapnotes.app.live_session import LiveSession

EARLIEST_DAYS = 14
"""So long before the session the answers are still about it: the scales ask about the last two weeks."""


class Responses:
    """What one seat keeps of a patient's answers; everybody in the practice reads them."""

    def __init__(self, live: "LiveSession") -> None:
        self._live = live

    def kept(self) -> list[tuple[Entry, ResponseScale]]:
        """Return the scales that stand, in the order in which they were answered."""
        return self._live.record.of(ResponseScale)

    def is_own(self, entry: Entry) -> bool:
        """Tell whether the member entered it and so can correct it."""
        return self._live.record.persons.are_one(entry.author_id, self._live.member.member_id)

    def keep(self, scale: ResponseScale, answered_at: Stamp, typed: str) -> Entry:
        """Keep *scale*, answered at that time; *typed* is the half-typed form that it was.

        Raises:
            KapnotesError: it was answered too long before the session.
        """
        origin = self._live.record.origin
        if origin is not None and origin.utc_ns - answered_at.utc_ns > EARLIEST_DAYS * 86_400 * NS_PER_S:
            words = "That is over {days} days before this session; keep it with the session before."
            raise KapnotesError(words, days=EARLIEST_DAYS)
        return self._live.keep(scale, answered_at, typed_as=(RESPONSE, typed))

    def correct(self, entry: Entry, scale: ResponseScale, reason: str, typed: str) -> Entry:
        """Let *scale* stand for what *entry* said; the original stays legible.

        Raises:
            KapnotesError: somebody else entered it.
        """
        return self._live.correct(entry.entry_id, reason.strip() or CORRECTED, scale, typed_as=(RESPONSE, typed))

    def take_back(self, entry: Entry, reason: str = "") -> Entry:
        """Take answers back; they stay legible.

        Raises:
            KapnotesError: somebody else entered them.
        """
        return self._live.correct(entry.entry_id, storable(reason.strip()) or TAKEN_BACK, None)
