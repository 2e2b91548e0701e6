"""Taking all touch back by one key, and the few seconds in which a slip of that key is taken back itself."""

from kapnotes.app.live_session import LiveSession
from kapnotes.domain.entries import Entry
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.preparation import SLIP_S

SLIPPED = "the key was pressed by mistake"
"""The reason of the corrections by which a slip is taken back."""


class TouchRevocation:
    """What that key does in one window. It knows the last press, for as long as it may be a slip."""

    def __init__(self, live: LiveSession) -> None:
        self._live = live
        self._made: tuple[Entry, ...] = ()

    def revoke(self) -> tuple[Entry, ...]:
        """Keep that no touch is wanted any more; returns what was added, nothing where that is said already."""
        made = self._live.marking.revoke_touch()
        self._made = made or self._made
        return made

    @property
    def may_be_slip(self) -> bool:
        """Tell whether the last press can still be taken back."""
        return bool(self._made) and self._since_s() <= SLIP_S

    def take_back(self) -> tuple[Entry, ...]:
        """Let what was agreed before the last press hold again; returns what was added.

        Raises:
            KapnotesError: nothing was revoked here, or too long ago: then it stands for the session.
        """
        if not self._made:
            raise KapnotesError("No touch was taken back here a moment ago.")
        if not self.may_be_slip:
            raise KapnotesError("That is too long ago: no touch, for the rest of the session.")
        made, self._made = self._made, ()
        return tuple(self._live.correct(entry.entry_id, SLIPPED, None) for entry in made)

    def _since_s(self) -> float:
        return self._live.record.between_s(self._made[0].entered, self._live.now())
