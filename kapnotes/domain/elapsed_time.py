"""Time in one session: seconds between moments, across starts of the laptop and jumps of its wall clock."""

from collections.abc import Sequence

from kapnotes.domain.clock import NS_PER_S, Stamp, is_measured_by_wall_clock, seconds_between


class ElapsedTime:
    """What the entries of a session tell of its time: when it was opened, each start of the laptop, each jump noted."""

    def __init__(self) -> None:
        self.origin: Stamp | None = None
        """The moment the session was opened; before that is known, when its first entry happened."""
        self._opened_boot: str | None = None
        self._jumps: list[tuple[Stamp, float]] = []
        self._boots: dict[str, int] = {}

    def begin(self, happened: Stamp) -> None:
        """Count from *happened*, unless something is there to count from."""
        if self.origin is None:
            self.origin = happened

    def open(self, happened: Stamp, entered: Stamp) -> None:
        """Count from the opening of the session, which *happened*, and was *entered* in the first start of all."""
        self.origin = happened
        self._opened_boot = entered.boot_id

    def jump(self, at: Stamp, jump_s: float) -> None:
        """Take a jump of the wall clock *at* that moment as no time."""
        self._jumps.append((at, jump_s))

    def note_start(self, entered: Stamp) -> None:
        """Note in which start of the laptop something was *entered*."""
        self._boots.setdefault(entered.boot_id, len(self._boots))

    def knows_start(self, stamp: Stamp) -> bool:
        """Tell whether anything was entered in that start of the laptop."""
        return stamp.boot_id in self._boots

    def position_s(self, stamp: Stamp) -> float:
        """Return seconds from the opening of the session to *stamp*."""
        return 0.0 if self.origin is None else self.between_s(self.origin, stamp)

    def between_s(self, earlier: Stamp, later: Stamp) -> float:
        """Return the seconds from *earlier* to *later*.

        Across a restart of the laptop only the wall clock is left; the jumps of it that were noted in between do not
        count as time.
        """
        measured_s = seconds_between(earlier, later)
        if not is_measured_by_wall_clock(earlier, later):
            return measured_s
        if self._boot(earlier) > self._boot(later):
            return -self.between_s(later, earlier)
        return measured_s - sum(jump_s for at, jump_s in self._jumps if self._is_between(earlier, at, later))

    def all_between_s(self, earlier: Stamp, stamps: Sequence[Stamp]) -> list[float]:
        """Return for each of *stamps* the seconds from *earlier*, as `between_s` counts them.

        Thousands of readings are asked for at once, and mostly no start of the laptop lies between.
        """
        boot_id, boot_ns = earlier.boot_id, earlier.boot_ns
        return [
            (stamp.boot_ns - boot_ns) / NS_PER_S if stamp.boot_id == boot_id else self.between_s(earlier, stamp)
            for stamp in stamps
        ]

    def _boot(self, stamp: Stamp) -> int:
        """Return which start of the laptop it was, by the order of the entries; one without entries is the newest.

        The opening was before all else, even where a clock set back lets later entries be read first.
        """
        if stamp.boot_id == self._opened_boot:
            return -1
        return self._boots.get(stamp.boot_id, len(self._boots))

    def _is_between(self, earlier: Stamp, at: Stamp, later: Stamp) -> bool:
        if at.boot_id == earlier.boot_id:
            return at.boot_ns > earlier.boot_ns
        if at.boot_id == later.boot_id:
            return at.boot_ns <= later.boot_ns
        return self._boot(earlier) < self._boot(at) < self._boot(later)
