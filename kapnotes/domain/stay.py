"""When the patient may leave by the protocol: how long the stay is, and the score. Facts for a person who decides.

While an infusion runs or is paused, its end is not known: it is taken to end as planned, or now where that has passed.
So as long as it goes on, whatever its rate, the time to leave never comes nearer by itself.
"""

import math
from dataclasses import dataclass

from kapnotes.domain.assessed import Scale, Unmet
from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import Infusion
from kapnotes.domain.protocol import Protocol
from kapnotes.domain.record import Record


@dataclass(frozen=True, slots=True)
class StayPart:
    """One part of the stay: "after_end", "after_dose" or "floor". Times are seconds from the first dose."""

    part: str
    needed_min: int
    begins_s: float
    is_running: bool
    """Whether it begins with the end of an infusion that still runs, or is paused."""

    @property
    def ends_s(self) -> float:
        """Return from when on it is met."""
        return self.begins_s + self.needed_min * 60.0


@dataclass(frozen=True, slots=True)
class Stay:
    """The rule of discharge at one moment. `left_s` is zero once all parts of the stay are met."""

    parts: tuple[StayPart, ...]
    at_s: float
    score_needed: int | None
    score: int | None

    @property
    def ready_s(self) -> float | None:
        """Return the seconds from the first dose at which the stay is long enough; None where no stay is asked for."""
        return max((part.ends_s for part in self.parts), default=None)

    @property
    def left_s(self) -> float:
        """Return the seconds until then, never below zero."""
        return 0.0 if self.ready_s is None else max(0.0, self.ready_s - self.at_s)

    @property
    def is_running(self) -> bool:
        """Tell whether an infusion runs after which a part of the stay begins."""
        return any(part.is_running for part in self.parts)

    @property
    def unmet(self) -> tuple[Unmet, ...]:
        """Return what is not met, the stay first."""
        found = [
            Unmet(part.part, part.needed_min, None if part.is_running else int((self.at_s - part.begins_s) // 60))
            for part in self.parts
            if part.is_running or part.ends_s > self.at_s
        ]
        if self.score_needed is not None and (self.score is None or self.score < self.score_needed):
            found.append(Unmet("padss", self.score_needed, self.score))
        return tuple(found)


def stay(record: Record, now: Stamp) -> Stay | None:
    """Return the rule of discharge as it stands at *now*; None before the first dose and without a rule.

    After a dose is after the last one, or after the end of an infusion [general knowledge]. The score is the newest one
    since the first dose. Source of the numbers: the session's protocol.
    """
    protocol, at_s = record.protocol, record.elapsed_s(now)
    if protocol is None or at_s is None:
        return None
    parts = _parts(record, protocol, at_s)
    if not parts and protocol.padss is None:
        return None
    return Stay(parts, at_s, protocol.padss, padss_score(record))


def padss_score(record: Record) -> int | None:
    """Return the newest PADSS total since the first dose, None where none was scored."""
    first = record.first_dose
    for entry, scale in reversed(record.of(Scale)):
        if first is None or record.between_s(first, entry.happened) < 0:
            return None
        if scale.name == "padss":
            return scale.total
    return None


def whole_minutes(seconds: float) -> int:
    """Return minutes, rounded up: nobody is told that it is time a moment before."""
    return math.ceil(seconds / 60.0 - 1e-9)


def _parts(record: Record, protocol: Protocol, at_s: float) -> tuple[StayPart, ...]:
    ended = record.dosing_ended
    ended_s = record.elapsed_s(ended) if ended is not None else None
    is_running = ended_s is None
    begins_s = _planned_end_s(record, protocol, at_s) if ended_s is None else ended_s
    parts = [
        StayPart(name, minutes, begins_s, is_running)
        for name, minutes in (("after_end", protocol.stay_after_end_min), ("after_dose", protocol.stay_after_dose_min))
        if minutes is not None
    ]
    if protocol.floor_min is not None:
        parts.append(StayPart("floor", protocol.floor_min, 0.0, is_running=False))
    return tuple(parts)


def _planned_end_s(record: Record, protocol: Protocol, at_s: float) -> float:
    """Return when the infusion that is not over ends by the latest plan entered for it, and never before now."""
    ends_s: list[float] = []
    began_s: float | None = None
    for entry, infusion in record.of(Infusion):
        set_s = record.elapsed_s(entry.happened) or 0.0
        if infusion.rate_mg_per_min <= 0:
            if not record.is_pause(entry):
                began_s, ends_s = None, []
            continue
        began_s = set_s if began_s is None else began_s
        if infusion.planned_mg is not None:
            ends_s.append(set_s + float(infusion.planned_mg / infusion.rate_mg_per_min) * 60.0)
    if began_s is not None and not ends_s:
        ends_s.append(began_s + (protocol.dose.over_min or 0) * 60.0)
    return max([at_s, *ends_s])
