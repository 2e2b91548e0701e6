"""What using the pad took: key strokes, time between them, and how many times it was turned to.

A key that comes more than `EPISODE_GAP_S` after the one before begins a new episode; the time between the keys of one
episode is typing, the time between episodes is not. No key is known here, only when one was pressed.
"""

from kapnotes.domain.around import PadUse
from kapnotes.domain.clock import Stamp, seconds_between
from kapnotes.domain.record import Record

EPISODE_GAP_S = 10.0
"""So long without a key, and the eyes were elsewhere [general knowledge]."""


class UseCounter:
    """Counts the keys of one pad until they are taken."""

    def __init__(self) -> None:
        self._keys = 0
        self._typing_s = 0.0
        self._episodes = 0
        self._last: Stamp | None = None

    def key(self, at: Stamp) -> None:
        """Count a key that was pressed *at* a moment."""
        pause_s = None if self._last is None else seconds_between(self._last, at)
        if pause_s is not None and 0 <= pause_s <= EPISODE_GAP_S:
            self._typing_s += pause_s
        else:
            self._episodes += 1
        self._keys += 1
        self._last = at

    def take(self) -> PadUse | None:
        """Return what was counted since it was last taken, None where nothing was.

        An episode that goes on is not counted again; a rest below a whole second stays for the next time.
        """
        if not self._keys:
            return None
        use = PadUse(self._keys, int(self._typing_s), self._episodes)
        self._keys, self._episodes = 0, 0
        self._typing_s -= use.typing_s
        return use


def total_use(record: Record) -> PadUse | None:
    """Return what using the pad took in the whole session, over every time it was open; None where nobody counted."""
    parts = [use for _, use in record.of(PadUse)]
    if not parts:
        return None
    return PadUse(
        sum(use.keys for use in parts), sum(use.typing_s for use in parts), sum(use.episodes for use in parts)
    )
