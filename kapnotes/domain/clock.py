"""Time, handed in: a wall clock for people and a boot clock for durations."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Protocol

NS_PER_S = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Stamp:
    """One moment, as both clocks of the laptop saw it.

    `utc_ns` counts from 1970-01-01 UTC; `offset_min` is the local offset from UTC at that moment;
    `boot_ns` counts from the start of the laptop and includes sleep; `boot_id` names that start.
    """

    utc_ns: int
    offset_min: int
    boot_ns: int
    boot_id: str

    def local(self) -> datetime:
        """Return the aware local time, to the microsecond."""
        zone = timezone(timedelta(minutes=self.offset_min))
        seconds, rest_ns = divmod(self.utc_ns, NS_PER_S)
        moment = datetime.fromtimestamp(seconds, UTC) + timedelta(microseconds=rest_ns // 1000)
        return moment.astimezone(zone)

    def shifted(self, seconds: float) -> "Stamp":
        """Return the moment *seconds* later (earlier where negative) on both clocks."""
        delta_ns = round(seconds * NS_PER_S)
        return replace(self, utc_ns=self.utc_ns + delta_ns, boot_ns=self.boot_ns + delta_ns)


def seconds_between(earlier: Stamp, later: Stamp) -> float:
    """Return the seconds from *earlier* to *later*.

    The boot clock counts, because a wall clock can be set; after a restart of the laptop only the wall clock is left
    (see `is_measured_by_wall_clock`).
    """
    if is_measured_by_wall_clock(earlier, later):
        return (later.utc_ns - earlier.utc_ns) / NS_PER_S
    return (later.boot_ns - earlier.boot_ns) / NS_PER_S


def is_measured_by_wall_clock(earlier: Stamp, later: Stamp) -> bool:
    """Tell whether the laptop was restarted between the two moments."""
    return earlier.boot_id != later.boot_id


def jump_s(earlier: Stamp, later: Stamp) -> float:
    """Return by how many seconds the wall clock jumped between the two, beyond the time that really passed."""
    if is_measured_by_wall_clock(earlier, later):
        return 0.0
    return ((later.utc_ns - earlier.utc_ns) - (later.boot_ns - earlier.boot_ns)) / NS_PER_S


class Clock(Protocol):
    """Gives the time; nothing else in the program asks the system for it."""

    def now(self) -> Stamp:
        """Return this moment."""
        ...


class ManualClock:
    """A clock that moves only when told: three hours in a millisecond."""

    def __init__(self, start: datetime, boot_id: str = "manual") -> None:
        offset = start.utcoffset()
        if offset is None:
            raise ValueError("the start needs a time zone")
        since_epoch = start - datetime(1970, 1, 1, tzinfo=UTC)
        self._utc_ns = (since_epoch // timedelta(microseconds=1)) * 1000
        self._offset_min = int(offset.total_seconds() // 60)
        self._boot_ns = 0
        self._boot_id = boot_id

    def now(self) -> Stamp:
        """Return the moment the clock stands at."""
        return Stamp(self._utc_ns, self._offset_min, self._boot_ns, self._boot_id)

    def advance(self, seconds: float) -> None:
        """Let *seconds* pass on both clocks."""
        self._utc_ns += round(seconds * NS_PER_S)
        self._boot_ns += round(seconds * NS_PER_S)

    def jump(self, seconds: float) -> None:
        """Set the wall clock forward (or back), as a person or a time server does."""
        self._utc_ns += round(seconds * NS_PER_S)

    def change_offset(self, minutes: int) -> None:
        """Let the local time be another one from now on, as at the beginning of summer time."""
        self._offset_min = minutes

    def reboot(self, boot_id: str) -> None:
        """Start the laptop anew: the boot clock begins again under a new name."""
        self._boot_ns = 0
        self._boot_id = boot_id
