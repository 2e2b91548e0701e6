"""What of a session goes on in sight when its seat is locked: its clock, its schedule, its timer, which need no key.

No word and no reading of the patient is kept, only how long dosing had gone on, when vitals are due, and the timer of
the route.
"""

from dataclasses import dataclass, replace

from kapnotes.domain.clock import Stamp, seconds_between
from kapnotes.domain.entries import Stage
from kapnotes.domain.record import Record
from kapnotes.domain.route_timers import RouteTimer, route_timer
from kapnotes.domain.schedule import next_due


@dataclass(frozen=True, slots=True)
class LeftRunning:
    """A session that runs on behind a lock. What had passed by then is kept, because the record alone can tell it."""

    locked: Stamp
    elapsed_then_s: float
    due_at_s: float | None
    """When the next vitals are due, in seconds after the first dose; None where none are."""
    timer_then: RouteTimer | None = None

    def elapsed_s(self, now: Stamp) -> float:
        """Return seconds since the first dose."""
        return self.elapsed_then_s + seconds_between(self.locked, now)

    def due_in_s(self, now: Stamp) -> float | None:
        """Return in how many seconds vitals are due, below zero where they are overdue."""
        return None if self.due_at_s is None else self.due_at_s - self.elapsed_s(now)

    def timer(self, now: Stamp) -> RouteTimer | None:
        """Return the timer of the route, None where none ran."""
        then = self.timer_then
        return None if then is None else replace(then, left_s=then.left_s - seconds_between(self.locked, now))


def left_running(record: Record, now: Stamp) -> LeftRunning | None:
    """Return what goes on of a session, None where no dosing runs."""
    elapsed_s = record.elapsed_s(now)
    if elapsed_s is None or record.stage is Stage.CLOSED or record.ended is not None:
        return None
    due = next_due(record, now)
    return LeftRunning(now, elapsed_s, due.slot_s if due is not None else None, route_timer(record, now))
