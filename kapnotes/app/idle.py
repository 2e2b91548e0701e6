"""How long a seat has had no key, and what follows from it: covered, guarded by the passphrase, locked."""

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

    def __init__(self, limits: IdleLimits, now: Stamp) -> None:
        self._limits = limits
        self._last = now

    def touch(self, now: Stamp) -> None:
        """Take a key or a click; behind a cover that asks for the passphrase it changes nothing."""
        if self.look(now) < Idle.GUARDED:
            self._last = now

    def recognise(self, now: Stamp) -> None:
        """Take the right passphrase."""
        self._last = now

    def look(self, now: Stamp) -> Idle:
        """Return what the seat is now."""
        idle_s = seconds_between(self._last, now)
        if idle_s >= self._limits.drop_s:
            return Idle.GONE
        if idle_s >= self._limits.cover_s + self._limits.grace_s:
            return Idle.GUARDED
        return Idle.COVERED if idle_s >= self._limits.cover_s else Idle.AWAKE
