"""The stretches of constant rate that an infusion consists of, and from when to when it lasts, pauses included."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import Entry, Infusion

HUNDREDTH_MG = Decimal("0.01")
"""Amounts are summed as they are and rounded to this once, at the end."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One stretch at one rate; where `is_running` nobody has stopped it and `stop` is the moment it is counted to."""

    entry: Entry
    infusion: Infusion
    stop: Stamp
    is_running: bool

    exact_mg: Decimal
    """What was given in this stretch, not rounded, to be summed."""

    @property
    def start(self) -> Stamp:
        """Return when this rate was set."""
        return self.entry.happened

    @property
    def amount_mg(self) -> Decimal:
        """Return what was given in this stretch, in hundredths of a mg, to be shown."""
        return self.exact_mg.quantize(HUNDREDTH_MG)


@dataclass(frozen=True, slots=True)
class Course:
    """One infusion from its start to its stop, with the pauses in between; `stop` is None until it is stopped."""

    start: Stamp
    stop: Stamp | None


@dataclass(frozen=True, slots=True)
class Flow:
    """What an infusion does at one moment: its rate, and while it is paused the rate at which it goes on."""

    rate_mg_per_min: Decimal = Decimal(0)
    paused_rate_mg_per_min: Decimal | None = None

    @property
    def is_running(self) -> bool:
        """Tell whether the drug runs."""
        return self.rate_mg_per_min > 0

    @property
    def is_paused(self) -> bool:
        """Tell whether it rests and was not stopped."""
        return self.paused_rate_mg_per_min is not None


def after(flow: Flow, infusion: Infusion, *, is_pause: bool) -> Flow:
    """Return what *flow* becomes by *infusion*; what does not run cannot be paused."""
    if infusion.rate_mg_per_min > 0:
        return Flow(infusion.rate_mg_per_min)
    if not is_pause:
        return Flow()
    return Flow(Decimal(0), flow.rate_mg_per_min) if flow.is_running else flow


def courses(infusions: Iterable[tuple[Entry, Infusion]], is_pause: Callable[[Entry], bool]) -> list[Course]:
    """Return each infusion from start to stop, in order: a pause ends none, a start after a stop begins another."""
    found: list[Course] = []
    flow = Flow()
    for entry, infusion in infusions:
        was_on = flow.is_running or flow.is_paused
        flow = after(flow, infusion, is_pause=is_pause(entry))
        is_on = flow.is_running or flow.is_paused
        if is_on and not was_on:
            found.append(Course(entry.happened, None))
        elif was_on and not is_on:
            found[-1] = Course(found[-1].start, entry.happened)
    return found


def segments(
    infusions: Iterable[tuple[Entry, Infusion]],
    until: Stamp,
    ended: Stamp | None,
    between_s: Callable[[Stamp, Stamp], float],
) -> list[Segment]:
    """Return the stretches up to *until*, in order.

    What nobody stopped is counted no further than *ended*: nobody gives anything once the patient has left.
    """
    found: list[Segment] = []
    before: tuple[Entry, Infusion] | None = None

    def add(stop: Stamp, *, is_running: bool) -> None:
        if before is not None and before[1].rate_mg_per_min > 0:
            entry, infusion = before
            minutes = Decimal(repr(between_s(entry.happened, stop))) / 60
            found.append(Segment(entry, infusion, stop, is_running, infusion.rate_mg_per_min * minutes))

    for entry, infusion in infusions:
        if between_s(entry.happened, until) >= 0:
            add(entry.happened, is_running=False)
            before = entry, infusion
    stop = until
    if before is not None and ended is not None and between_s(ended, until) > 0:
        stop = ended if between_s(before[0].happened, ended) >= 0 else until
    add(stop, is_running=True)
    return found
