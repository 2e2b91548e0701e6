"""The stretches of constant rate that an infusion consists of."""

from dataclasses import dataclass
from decimal import Decimal

from kapnotes.domain.clock import Stamp, seconds_between
from kapnotes.domain.entries import Dose, Infusion
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

    @property
    def amount_mg(self) -> Decimal:
        """Return what was given in this stretch, in hundredths of a mg."""
        minutes = Decimal(repr(seconds_between(self.start, self.stop))) / 60
        return (self.rate_mg_per_min * minutes).quantize(Decimal("0.01"))


def segments(record: Record, until: Stamp) -> list[Segment]:
    """Return the stretches of *record* up to *until*, in order; `Record.given_mg` counts the same."""
    found: list[Segment] = []
    before: tuple[str, Infusion, Stamp] | None = None
    for entry, infusion in record.of(Infusion):
        if seconds_between(entry.happened, until) < 0:
            continue
        if before is not None and before[1].rate_mg_per_min > 0:
            found.append(
                Segment(before[0], before[1].drug, before[1].rate_mg_per_min, before[2], entry.happened, False)
            )
        before = (entry.entry_id, infusion, entry.happened)
    if before is not None and before[1].rate_mg_per_min > 0:
        found.append(Segment(before[0], before[1].drug, before[1].rate_mg_per_min, before[2], until, True))
    return found


def total_mg(record: Record, until: Stamp) -> Decimal:
    """Return doses but rescue drugs, and the stretches, up to *until*: the sum of the lines as a page prints them."""
    doses = (
        dose.dose_mg
        for entry, dose in record.of(Dose)
        if not dose.is_rescue and seconds_between(entry.happened, until) >= 0
    )
    return sum(doses, Decimal(0)) + sum((one.amount_mg for one in segments(record, until)), Decimal(0))
