"""How long a seat has had no key, and what follows from it: covered, guarded by the passphrase, locked."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from kapnotes.domain.clock import Stamp, seconds_between


@dataclass(frozen=True, slots=True)
class IdleLimits:
    """After how long without a key. The one place for these numbers; `wiring` hands them in.

    Source: 45 CFR 164.312(a)(2)(iii) asks for an automatic log-off after a time that the practice sets.
    """

    cover_s: float = 180.0
    """Then the seat's windows are covered; their clocks and what is due stay in sight."""

    grace_s: float = 60.0
    """So long after that one key brings them back; later only the passphrase."""

    drop_s: float = 900.0
    """Then the seat is locked and its keys are dropped; what is half-typed stays a draft."""

    grace_in_room_s: float = 720.0
    """So long instead while the drug works: both clinicians are in the room, and long silences are the work itself."""

    drop_in_room_s: float = 3600.0
    """So long instead while the drug works."""

    gap_s: float = 60.0
    """If nobody looked for so long, the laptop slept; then every seat is locked."""


class Idle(IntEnum):
    """What a seat without a key is."""

    AWAKE = 0
    COVERED = 1
    GUARDED = 2
    GONE = 3


class SeatIdle:
    """How long one seat has had no key."""

    def __init__(self, limits: IdleLimits, now: Stamp, is_in_room: Callable[[], bool]) -> None:
        self._limits = limits
        self._last = now
        self._is_in_room = is_in_room

    def touch(self, now: Stamp) -> None:
        """Take a key or a click; behind a cover that asks for the passphrase it changes nothing."""
        if self.look(now) < Idle.GUARDED:
            self._last = now

    def recognise(self, now: Stamp) -> None:
        """Take the right passphrase."""
        self._last = now

    def look(self, now: Stamp) -> Idle:
        """Return what the seat is now."""
        limits, idle_s = self._limits, seconds_between(self._last, now)
        if idle_s < limits.cover_s:
            return Idle.AWAKE
        is_in_room = self._is_in_room()
        if idle_s >= (limits.drop_in_room_s if is_in_room else limits.drop_s):
            return Idle.GONE
        grace_s = limits.grace_in_room_s if is_in_room else limits.grace_s
        return Idle.GUARDED if idle_s >= limits.cover_s + grace_s else Idle.COVERED
