"""The integration sessions that followed one session: recorded, corrected and taken back by who holds process notes."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kapnotes.app.typed_fields import FOLLOW_UP
from kapnotes.domain.audit_acts import FOLLOW_UP_WITHDRAWN, FOLLOWED_UP
from kapnotes.domain.came_of_it import written_for
from kapnotes.domain.clock import Stamp
from kapnotes.domain.correcting import CORRECTED, TAKEN_BACK
from kapnotes.domain.entries import Audit, Block, Entry
from kapnotes.domain.errors import KapnotesError, NotEntitled
from kapnotes.domain.follow_up import FollowUp
from kapnotes.domain.text import storable

if TYPE_CHECKING:
    from kapnotes.app.live_session import LiveSession


@dataclass(frozen=True, slots=True)
class Recorded:
    """One follow-up as it stands, and whether it is the member's own to correct."""

    entry: Entry
    follow_up: FollowUp
    is_own: bool


class FollowUps:
    """What one seat records of how a session went on. A follow-up is told to everybody, what it says is not."""

    def __init__(self, live: "LiveSession") -> None:
        self._live = live

    def recorded(self) -> tuple[Recorded, ...]:
        """Return the follow-ups that stand, in the order in which they were held."""
        record, member_id = self._live.record, self._live.member.member_id
        return tuple(
            Recorded(entry, follow_up, record.persons.are_one(entry.author_id, member_id))
            for entry, follow_up in record.of(FollowUp)
        )

    def tell_untold(self) -> None:
        """Tell everybody of own follow-ups of which nobody was told, because the program ended in between."""
        told = {audit.subject for _, audit in self._live.record.of(Audit) if audit.action == FOLLOWED_UP}
        for one in self.recorded():
            if one.is_own and one.entry.entry_id not in told and not self._live.is_read_only:
                self._live.keep(Audit(FOLLOWED_UP, one.entry.entry_id))

    def written(self, block: Block) -> str:
        """Return what that block of the summary says, as it may be read here; empty where it says nothing."""
        return written_for(self._live.record, block, self._live.member.member_id)

    def record(self, follow_up: FollowUp, held_at: Stamp, typed: str) -> Entry:
        """Keep that the patient was seen, at *held_at*; *typed* is the half-typed form that it was.

        Raises:
            KapnotesError: it does not say who held it, or was held before the session began.
            NotEntitled: the member holds no process notes.
        """
        self._require_whole(follow_up)
        origin = self._live.record.origin
        if origin is not None and held_at.utc_ns < origin.utc_ns:
            raise KapnotesError("That was before the session began; correct “when”.")
        entry = self._live.keep(follow_up, held_at, typed_as=(FOLLOW_UP, typed))
        self._live.keep(Audit(FOLLOWED_UP, entry.entry_id))  # that there is one is for everybody, what it says is not
        return entry

    def correct(self, entry: Entry, follow_up: FollowUp, reason: str, typed: str) -> Entry:
        """Let *follow_up* stand for what *entry* said; the original stays legible.

        Raises:
            KapnotesError: it does not say who held it, or somebody else wrote it.
        """
        self._require_whole(follow_up)
        return self._live.correct(entry.entry_id, reason.strip() or CORRECTED, follow_up, typed_as=(FOLLOW_UP, typed))

    def take_back(self, entry: Entry, reason: str = "") -> Entry:
        """Take a follow-up back: its window is open again where there is no other.

        Raises:
            KapnotesError: somebody else wrote it.
        """
        made = self._live.correct(entry.entry_id, storable(reason.strip()) or TAKEN_BACK, None)
        self._live.keep(Audit(FOLLOW_UP_WITHDRAWN, entry.entry_id))
        return made

    def _require_whole(self, follow_up: FollowUp) -> None:
        if not self._live.member.is_therapist:
            raise NotEntitled("A follow-up is recorded by a therapist: it is of process notes.")
        if not follow_up.held_by.strip():
            raise KapnotesError("Write who held the integration session.")
