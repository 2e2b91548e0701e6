"""What one seat does with the silent signals of its session: send one, answer, and say that one was seen."""

from kapnotes.app.live_session import LiveSession
from kapnotes.app.marking import REPEAT_GUARD_S
from kapnotes.domain.around import SignalSeen
from kapnotes.domain.entries import Addendum, Entry, Signal
from kapnotes.domain.members import SHARED
from kapnotes.domain.silent_signals import ANSWERS, Sent, has_others, sent_by, waiting_for


class SilentSignals:
    """The signals of *live*, as the member of its seat sends and sees them."""

    def __init__(self, live: LiveSession) -> None:
        self._live = live

    @property
    def has_others(self) -> bool:
        """Tell whether there is anybody in the session to signal to."""
        return has_others(self._live.record, self._live.member.member_id)

    def send(self, meaning: str) -> Entry | None:
        """Send *meaning*; an answer says with it that the oldest signal that waits was seen.

        Returns None where the key was pressed twice: the same meaning within `REPEAT_GUARD_S`.

        Raises:
            ReadOnly: nothing can be noted here.
            SignedOff: the own record is signed.
        """
        live = self._live
        now, me = live.now(), live.member.member_id
        own = [entry for entry, body in live.record.of(Signal) if entry.author_id == me and body.meaning == meaning]
        if own and abs(live.record.between_s(own[-1].happened, now)) < REPEAT_GUARD_S:
            return None
        waiting = self.waiting() if meaning in ANSWERS else ()
        entry = live.signal(meaning)
        if waiting:  # behind the answer: if it is lost with the power, the signal waits again
            live.keep(SignalSeen(waiting[0].entry.entry_id), entry.happened)
        return entry

    def see(self) -> Sent | None:
        """Say that the oldest signal that waits was seen, and return it; None where none waits.

        Who has signed is still in the room and says so too: as an addendum, like all that follows a signature.
        """
        waiting = self.waiting()
        if not waiting:
            return None
        target_id = waiting[0].entry.entry_id
        seen = SignalSeen(target_id)
        is_signed = self._live.signing.is_closed(SHARED)
        self._live.keep(Addendum(target_id, "seen after the signature", seen) if is_signed else seen)
        return waiting[0]

    def waiting(self) -> tuple[Sent, ...]:
        """Return what waits to be seen here, oldest first; nothing where nothing can be noted."""
        return () if self._live.is_read_only else waiting_for(self._live.record, self._live.member.member_id)

    def sent(self) -> tuple[Sent, ...]:
        """Return the own signals that were not seen yet, else the one that was seen last; see `sent_by`."""
        return sent_by(self._live.record, self._live.member.member_id, self._live.now()) if self.has_others else ()
