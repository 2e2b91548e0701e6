"""What of a session goes on in sight when its seat is locked: its clock and its schedule, which need no key.

No word and no reading of the patient is kept, only when the first dose was and when vitals are due.
"""

from dataclasses import dataclass

from kapnotes.domain.clock import Stamp, seconds_between
from kapnotes.domain.entries import Stage
from kapnotes.domain.record import Record
from kapnotes.domain.schedule import next_due


@dataclass(frozen=True, slots=True)
class LeftRunning:
    """A session that runs on behind a lock."""

    first_dose: Stamp
    due_at_s: float | None
    """When the next vitals are due, in seconds after the first dose; None where none are."""

    def elapsed_s(self, now: Stamp) -> float:
        """Return seconds since the first dose."""
        return seconds_between(self.first_dose, now)

    def due_in_s(self, now: Stamp) -> float | None:
        """Return in how many seconds vitals are due, below zero where they are overdue."""
        return None if self.due_at_s is None else self.due_at_s - self.elapsed_s(now)


def left_running(record: Record, now: Stamp) -> LeftRunning | None:
    """Return what goes on of a session, None where no dosing runs."""
    if record.first_dose is None or record.stage is Stage.CLOSED or record.ended is not None:
        return None
    due = next_due(record, now)
    return LeftRunning(record.first_dose, due.slot_s if due is not None else None)
