"""The sessions that are open, some in several seats: what one seat adds the others hear, and a lock stops no clock."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from kapnotes.domain.clock import Clock, Stamp, jump_s
from kapnotes.domain.members import SHARED, may_read

if TYPE_CHECKING:
    from kapnotes.app.left_running import LeftRunning
    from kapnotes.app.live_session import LiveSession
    from kapnotes.app.pending import Written
    from kapnotes.domain.drafts import DraftLine
    from kapnotes.domain.entries import Body, Entry

JUMP_TOLERANCE_S = 2.0
"""A wall clock that moves more than this against the boot clock has jumped; less is a time server at work."""


class SharedSessions:
    """Lives on the thread of the windows.

    *here* gives the sessions of all seats that are signed in, *held_up* those of seats that are locked and could not
    save everything yet; *hear_saved* hears of each entry of a session that is on the disk, once.
    """

    def __init__(
        self,
        clock: Clock,
        here: "Callable[[], Iterable[LiveSession]]",
        held_up: "Callable[[], Iterable[LiveSession]]",
        hear_saved: "Callable[[Body], None]",
    ) -> None:
        self.here = here
        """Gives every session that is open in any seat."""
        self._clock = clock
        self._held_up = held_up
        self._hear_saved = hear_saved
        self._left: dict[str, LeftRunning] = {}
        self._last_look: Stamp | None = None

    @property
    def is_any_running(self) -> bool:
        """Tell whether a session is open in any seat and not closed."""
        return any(not live.record.is_closed for live in self.here())

    # ---------------------------------------------------------------------------------------- between seats

    def opened(self, live: "LiveSession") -> "tuple[DraftLine, ...] | None":
        """Let a seat that opens a session catch up with what the others added and may not have saved yet.

        Returns what the same member's seat has half-typed that is leaving and could not keep it; None without one.
        """
        handed: tuple[DraftLine, ...] | None = None
        self._left.pop(live.scope_id, None)
        live.saved.add(partial(self._relay_saved, live))
        for other in self._others(live):
            entries = [one.entry for one in other.made if may_read(live.member, one.compartment)]
            live.hear(entries, is_saved=other.saving.is_saved)
            if other.member.member_id == live.member.member_id:
                handed = (*(handed or ()), *other.typing.hand_over())
        return handed

    def share(self, source: "LiveSession", written: "Sequence[Written]") -> None:
        """Hand entries to the other seats in the same session that may read where they stand."""
        for live in self._others(source):
            entries = [one.entry for one in written if may_read(live.member, one.compartment)]
            live.hear(entries, is_saved=source.saving.is_saved)

    def _relay_saved(self, source: "LiveSession", entry: "Entry") -> None:
        if entry.author_id == source.member.member_id:
            self._hear_saved(entry.body)
            for live in self._others(source):
                live.saving.hear_saved(entry)

    def _others(self, live: "LiveSession") -> "list[LiveSession]":
        """Return the same session in other seats, also in those that something holds up."""
        every = [*self.here(), *self._held_up()]
        return [other for other in every if other is not live and other.scope_id == live.scope_id]

    # ---------------------------------------------------------------------------------------- behind a lock

    def note_running(self, lives: "Iterable[LiveSession]") -> None:
        """Note what of the sessions of a seat that is locked goes on in sight."""
        from kapnotes.app.left_running import left_running

        now = self._clock.now()
        for live in lives:
            left = left_running(live.record, now)
            if left is not None:
                self._left[live.scope_id] = left

    def left_running(self) -> "tuple[LeftRunning, ...]":
        """Return the sessions that run on and that no seat has open."""
        if not self._left:
            return ()
        here = {live.scope_id for live in self.here()}
        return tuple(left for scope_id, left in self._left.items() if scope_id not in here)

    # -------------------------------------------------------------------------------------------- the clock

    def look_at_clock(self) -> None:
        """Mark it once in every session that runs if the wall clock was set since the last look."""
        now = self._clock.now()
        if self._last_look is not None:
            jumped_s = jump_s(self._last_look, now)
            if abs(jumped_s) > JUMP_TOLERANCE_S:
                running = (live for live in self.here() if _takes_clock_jumps(live))
                for live in {live.scope_id: live for live in running}.values():
                    live.mark_clock_jump(jumped_s)
        self._last_look = now


def _takes_clock_jumps(live: "LiveSession") -> bool:
    """Tell whether a jump is to be marked: not in a session that is over, nor by who has signed it already."""
    return not live.is_read_only and not live.record.is_closed and not live.signing.is_closed(SHARED)
