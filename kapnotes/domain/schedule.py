"""When vitals are due by the session's protocol, and which slots were missed. It reminds; it decides nothing.

A set answers a slot where it holds the blood pressure that the protocol measures: a lone heart rate silences nothing.
The schedule ends when the patient leaves or the session is closed.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from kapnotes.domain.clock import Stamp
from kapnotes.domain.drug_entries import InfusionPause
from kapnotes.domain.entries import Discharge, Dose, Infusion, NotTaken, Phase, Vitals
from kapnotes.domain.protocol import Protocol, end_min
from kapnotes.domain.record import Record

MAX_EARLY_S = 150.0
"""A set may come this much before its slot, and at most a quarter of the interval [general knowledge]."""

DUE_FOR_S = 60.0
"""For so long after its slot a set is just due, and then overdue [general knowledge]."""

HORIZON_S = 72 * 3600.0
"""No schedule runs longer than this after the first dose."""


@dataclass(frozen=True, slots=True)
class Due:
    """The next set: its slot (seconds after the first dose, None for the baseline) and the seconds left.

    Below zero it is overdue by that much.
    """

    slot_s: float | None
    in_s: float


def is_overdue(due: Due) -> bool:
    """Tell whether *due* is later than just due: a minute after its slot, when nobody is about to take it any more."""
    return due.in_s <= -DUE_FOR_S


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
    slot_s = record.once(_unanswered_slot_s, _ASKED_BY)
    return None if slot_s is None else Due(slot_s, slot_s - elapsed_s)


_ASKED_BY = Dose | Infusion | InfusionPause | Vitals | NotTaken | Phase | Discharge
"""Kinds of entries that can change what is asked for next; time alone does not."""


def _unanswered_slot_s(record: Record) -> float | None:
    """Return the first slot that opens later than the last answer, None where none is left."""
    answered_s = record.answered_s[-1] if record.answered_s else float("-inf")
    slots = slots_s(record, max(0.0, answered_s) + MAX_EARLY_S)  # the next one may be answered already
    opened = zip(slots, _openings_s(slots), strict=True)
    return next((slot_s for slot_s, opens_s in opened if opens_s > answered_s), None)


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
    answers_s = record.answered_s
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
    stretches: list[_Stretch] = [_Stretch(0.0, math.inf)]
    for rule in protocol.vitals:
        if rule.every_min:
            during = _infusions_s(record, protocol) if rule.until == "infusion_end" else stretches
            found.update(_repeated(rule.every_min * 60.0, during, min(elapsed_s, HORIZON_S)))
            if rule.until == "infusion_end":
                stretches = _between(rule.every_min * 60.0, during)
        elif rule.at_min:
            found.update(minute * 60.0 for minute in rule.at_min)
        elif rule.at in {"end", "completion"}:
            found.add(end_min(protocol) * 60.0)
    ordered = sorted(found)
    passed = bisect_right(ordered, elapsed_s)
    return ordered[: passed if has_ended else passed + 1]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A stretch of the session in which slots are repeated: counted from `from_s`, up to `to_s`."""

    from_s: float
    to_s: float


def _repeated(step_s: float, stretches: Iterable[_Stretch], elapsed_s: float) -> Iterator[float]:
    """Give the slots of each stretch up to the first one later than *elapsed_s*."""
    for stretch in stretches:
        at_s = stretch.from_s + step_s
        while at_s <= stretch.to_s:
            yield at_s
            if at_s > elapsed_s:
                break
            at_s += step_s


def _infusions_s(record: Record, protocol: Protocol) -> list[_Stretch]:
    """Return from when to when the rule of the infusion holds.

    The first stretch counts from the first dose. A pause belongs to its infusion: it asks for as much as before, and
    no slot comes into being backwards when the drug goes on. What is begun after a stop counts from its own start.
    Where nothing was infused yet, or only after the length that the protocol plans, that length is the first stretch.
    """
    planned_s = (protocol.dose.over_min or 0) * 60.0
    found: list[_Stretch] = []
    for course in record.infusions():
        from_s = record.elapsed_s(course.start) or 0.0
        to_s = record.elapsed_s(course.stop) if course.stop is not None else None
        if not found and from_s > planned_s:
            found.append(_Stretch(0.0, planned_s))
        found.append(_Stretch(from_s if found else 0.0, math.inf if to_s is None else to_s))
    return found or [_Stretch(0.0, planned_s)]


def _between(step_s: float, during: list[_Stretch]) -> list[_Stretch]:
    """Return the stretches after each of *during*, counted from its last slot and up to the next one's start."""
    starts = [*(later.from_s for later in during[1:]), math.inf]
    found: list[_Stretch] = []
    for stretch, next_s in zip(during, starts, strict=True):
        if stretch.to_s < math.inf:
            last_s = stretch.from_s + step_s * math.floor((stretch.to_s - stretch.from_s) / step_s)
            found.append(_Stretch(last_s, math.nextafter(next_s, 0.0)))
    return found


def _end_s(record: Record) -> float:
    """Return when the patient left or the session was closed, whichever was first; infinite while it runs."""
    end_s = record.elapsed_s(record.ended) if record.ended is not None else None
    return math.inf if end_s is None else end_s


def _openings_s(slots: list[float]) -> list[float]:
    """Return from when on a set counts for each slot."""
    steps = (later - earlier for earlier, later in pairwise([0.0, *slots]))
    return [slot_s - min(MAX_EARLY_S, step_s / 4) for slot_s, step_s in zip(slots, steps, strict=True)]
