"""The stretches of constant rate that an infusion consists of."""

from dataclasses import dataclass
from decimal import Decimal

from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import Dose, Entry, Infusion
from kapnotes.domain.record import Record


@dataclass(frozen=True, slots=True)
class Segment:
    """One stretch at one rate; where `is_running` nobody has stopped it yet and `stop` is the moment asked about."""

    entry_id: str
    drug: str
    rate_mg_per_min: Decimal
    start: Stamp
    stop: Stamp
    is_running: bool

    amount_mg: Decimal
    """What was given in this stretch, in hundredths of a mg."""


def segments(record: Record, until: Stamp) -> list[Segment]:
    """Return the stretches of *record* up to *until*, in order; `Record.given_mg` counts the same."""
    found: list[Segment] = []
    before: tuple[Entry, Infusion] | None = None
    for entry, infusion in record.of(Infusion):
        if record.between_s(entry.happened, until) < 0:
            continue
        if before is not None and before[1].rate_mg_per_min > 0:
            found.append(_segment(record, *before, entry.happened, is_running=False))
        before = (entry, infusion)
    if before is not None and before[1].rate_mg_per_min > 0:
        found.append(_segment(record, *before, until, is_running=True))
    return found


def _segment(record: Record, entry: Entry, infusion: Infusion, stop: Stamp, *, is_running: bool) -> Segment:
    minutes = Decimal(repr(record.between_s(entry.happened, stop))) / 60
    amount_mg = (infusion.rate_mg_per_min * minutes).quantize(Decimal("0.01"))
    rate_mg_per_min = infusion.rate_mg_per_min
    return Segment(entry.entry_id, infusion.drug, rate_mg_per_min, entry.happened, stop, is_running, amount_mg)


def total_mg(record: Record, until: Stamp) -> Decimal:
    """Return doses but rescue drugs, and the stretches, up to *until*: the sum of the lines as a page prints them."""
    doses = (
        dose.dose_mg
        for entry, dose in record.of(Dose)
        if not dose.is_rescue and record.between_s(entry.happened, until) >= 0
    )
    return sum(doses, Decimal(0)) + sum((one.amount_mg for one in segments(record, until)), Decimal(0))
