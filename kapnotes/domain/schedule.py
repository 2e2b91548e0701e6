"""When vitals are due by the session's protocol, and which slots were missed. It reminds; it decides nothing.

A set answers a slot where it holds the blood pressure that the protocol measures: a lone heart rate silences nothing.
The schedule ends when the patient leaves or the session is closed.
"""

import math
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import pairwise

from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import NotTaken, Vitals
from kapnotes.domain.protocol import Protocol, VitalsRule
from kapnotes.domain.record import Record

MAX_EARLY_S = 150.0
"""A set may come this much before its slot, and at most a quarter of the interval [general knowledge]."""

HORIZON_S = 72 * 3600.0
"""No schedule runs longer than this after the first dose."""


@dataclass(frozen=True, slots=True)
class Due:
    """The next set: its slot (seconds after the first dose, None for the baseline) and the seconds left.

    Below zero it is overdue by that much.
    """

    slot_s: float | None
    in_s: float


def next_due(record: Record, now: Stamp) -> Due | None:
    """Return the next set that the protocol asks for, or None where nothing is due any more."""
    protocol = record.protocol
    if protocol is None or record.ended is not None:
        return None
    elapsed_s = record.elapsed_s(now)
    if elapsed_s is None:
        wants_baseline = any(rule.at == "baseline" for rule in protocol.vitals)
        is_answered = record.baseline is not None or record.newest(NotTaken) is not None
        return Due(None, 0.0) if wants_baseline and not is_answered else None
    answers_s = _answers_s(record)
    answered_s = answers_s[-1] if answers_s else float("-inf")
    slots = slots_s(record, elapsed_s + MAX_EARLY_S)  # the next one may be answered already
    for slot_s, opens_s in zip(slots, _openings_s(slots), strict=True):
        if opens_s > answered_s:
            return Due(slot_s, slot_s - elapsed_s)
    return None


def missed_slots_s(record: Record, now: Stamp) -> tuple[float, ...]:
    """Return the slots (seconds after the first dose) that neither a set nor a "not taken" answers, up to *now*.

    A slot is missed when the next one opens. The last is not among them while the session runs: it can still be
    answered.
    """
    elapsed_s = record.elapsed_s(now)
    if elapsed_s is None:
        return ()
    slots = slots_s(record, elapsed_s)
    opens_s = _openings_s(slots)
    closes_s = [*opens_s[1:], math.inf][: len(slots)]
    is_over = _end_s(record) <= elapsed_s
    answers_s = _answers_s(record)
    return tuple(
        slot_s
        for slot_s, opens, closes in zip(slots, opens_s, closes_s, strict=True)
        if (is_over or closes <= elapsed_s) and bisect_left(answers_s, opens) == bisect_left(answers_s, closes)
    )


def slots_s(record: Record, elapsed_s: float) -> list[float]:
    """Return the slots after the first dose, in seconds, up to the first one later than *elapsed_s*.

    Where the session has ended by then, there is none later than its end.
    """
    protocol = record.protocol
    if protocol is None:
        return []
    end_s = _end_s(record)
    has_ended = end_s <= elapsed_s
    elapsed_s = min(elapsed_s, end_s)
    found: set[float] = set()
    last_s = 0.0
    for rule in protocol.vitals:
        if rule.every_min:
            repeated = _repeated(rule, record, protocol, last_s, min(elapsed_s, HORIZON_S))
            found.update(repeated)
            last_s = max([last_s, *repeated])
        elif rule.at_min:
            found.update(minute * 60.0 for minute in rule.at_min)
        elif rule.at in {"end", "completion"}:
            found.add(_end_min(protocol) * 60.0)
    ordered = sorted(found)
    passed = bisect_right(ordered, elapsed_s)
    return ordered[: passed if has_ended else passed + 1]


def _repeated(rule: VitalsRule, record: Record, protocol: Protocol, from_s: float, elapsed_s: float) -> list[float]:
    step_s = rule.every_min * 60.0
    ends_s = _infusion_end_s(record, protocol) if rule.until == "infusion_end" else None
    slots: list[float] = []
    at_s = from_s + step_s
    while ends_s is None or at_s <= ends_s:
        slots.append(at_s)
        if at_s > elapsed_s:
            break
        at_s += step_s
    return slots


def _infusion_end_s(record: Record, protocol: Protocol) -> float | None:
    """Return the end of the infusion in seconds; None while it runs, the planned length where there was none."""
    if record.infusion_is_running:
        return None
    ended = record.infusion_ended
    ended_s = record.elapsed_s(ended) if ended is not None else None
    return (protocol.dose.over_min or 0) * 60.0 if ended_s is None else ended_s


def _end_s(record: Record) -> float:
    """Return when the patient left or the session was closed, whichever was first; infinite while it runs."""
    end_s = record.elapsed_s(record.ended) if record.ended is not None else None
    return math.inf if end_s is None else end_s


def _end_min(protocol: Protocol) -> int:
    return protocol.floor_min or protocol.stay_after_dose_min or protocol.phases_min[3]


def _answers_s(record: Record) -> list[float]:
    """Return when slots were answered after the first dose, in seconds, in order."""
    wants_pressure = record.protocol is not None and "bp" in record.protocol.measure
    answers = [
        *(entry for entry, vitals in record.of(Vitals) if not wants_pressure or vitals.systolic_mmhg is not None),
        *(entry for entry, _ in record.of(NotTaken)),
    ]
    times_s = (record.elapsed_s(entry.happened) for entry in answers)
    return sorted(at_s for at_s in times_s if at_s is not None and at_s >= 0)


def _openings_s(slots: list[float]) -> list[float]:
    """Return from when on a set counts for each slot."""
    steps = (later - earlier for earlier, later in pairwise([0.0, *slots]))
    return [slot_s - min(MAX_EARLY_S, step_s / 4) for slot_s, step_s in zip(slots, steps, strict=True)]
