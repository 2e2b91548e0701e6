"""When the therapist is asked for a check-in: so long after what was noted last, counted from the first dose.

The interval is that of the session's protocol [5 minutes: general knowledge].
"""

from kapnotes.domain.around import Touch
from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import CheckIn, Dose, Infusion, Mark, Note, Stage
from kapnotes.domain.record import Record

EARLY_S = 30.0
"""A check-in may be answered this long before it is due, and a gap is one only when it is longer by this."""

STANDARD_MIN = 5
"""Minutes between two check-ins where no protocol says otherwise."""


def interval_s(record: Record) -> float:
    """Return the seconds after which the next check-in is due."""
    return 60.0 * (record.protocol.check_in_min if record.protocol is not None else STANDARD_MIN)


def left_s(record: Record, now: Stamp) -> float | None:
    """Return the seconds to the next check-in, below zero where it is due; None while no dosing runs.

    Everything is measured by the record, so it is right after a suspend, a restart and a clock that was set.
    """
    first = record.first_dose
    if first is None or record.stage in {Stage.CLOSING, Stage.CLOSED}:
        return None
    return record.once(_due_s, _ASKED_BY) - record.between_s(first, now)


_ASKED_BY = Note | Mark | CheckIn | Touch | Dose | Infusion
"""Kinds of entries that can change when the next check-in is due."""


def _due_s(record: Record) -> float:
    """Return the seconds from the first dose after which the next check-in is due."""
    last = (record.newest_entry(kind) for kind in (Note, Mark, CheckIn, Touch))
    since_s = [record.elapsed_s(entry.happened) or 0.0 for entry in last if entry is not None]
    return max([0.0, *since_s]) + interval_s(record)
