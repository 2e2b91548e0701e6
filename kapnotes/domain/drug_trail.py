"""The drug's own book of a session: drawn = given + wasted + returned, in mg, for each drug that was drawn.

Source: ketamine is a Schedule III substance (21 CFR 1304.21: complete and accurate records of each); that the open
balance shows until it is zero is the house's rule.
"""

from dataclasses import dataclass
from decimal import Decimal

from kapnotes.domain.clock import Stamp
from kapnotes.domain.drug_entries import DoseDetail, Drawn, InfusionPause, Returned
from kapnotes.domain.entries import Addendum, Body, Dose, Entry, LateEntry, Waste
from kapnotes.domain.infusion import HUNDREDTH_MG
from kapnotes.domain.record import Record


@dataclass(frozen=True, slots=True)
class Balance:
    """What became of one drug, exact; `drug` is the name as it was first typed."""

    drug: str
    drawn_mg: Decimal
    given_mg: Decimal
    wasted_mg: Decimal
    returned_mg: Decimal

    @property
    def open_mg(self) -> Decimal:
        """Return what is neither given nor wasted nor returned, in hundredths of a mg; the sum is rounded once.

        Below zero more went out than was drawn.
        """
        left = self.drawn_mg - self.given_mg - self.wasted_mg - self.returned_mg
        return left.quantize(HUNDREDTH_MG).normalize() + 0


def balances(record: Record, until: Stamp) -> list[Balance]:
    """Return the balance of each drug that was drawn, as of *until*, in the order in which they were first drawn."""
    names: dict[str, str] = {}
    for _, drawn in record.of(Drawn):
        names.setdefault(_folded(drawn.drug), drawn.drug)
    return [_balance(record, folded, name, until) for folded, name in names.items()]


def open_balances(record: Record, until: Stamp) -> list[Balance]:
    """Return the balances that are not zero."""
    return [balance for balance in balances(record, until) if balance.open_mg != 0]


def balance_of(record: Record, drug: str, until: Stamp) -> Balance | None:
    """Return the balance of *drug*, None where nothing of it was drawn."""
    return next((one for one in balances(record, until) if _folded(one.drug) == _folded(drug)), None)


def _balance(record: Record, folded: str, name: str, until: Stamp) -> Balance:
    def so_far(entry: Entry, drug: str) -> bool:
        return _folded(drug) == folded and record.between_s(entry.happened, until) >= 0

    doses = (dose.dose_mg for entry, dose in record.of(Dose) if so_far(entry, dose.drug))
    flowed = (one.exact_mg for one in record.segments(until) if _folded(one.infusion.drug) == folded)
    return Balance(
        name,
        sum((drawn.drawn_mg for entry, drawn in record.of(Drawn) if so_far(entry, drawn.drug)), Decimal(0)),
        sum(doses, Decimal(0)) + sum(flowed, Decimal(0)),
        sum((waste.waste_mg for entry, waste in record.of(Waste) if so_far(entry, waste.drug)), Decimal(0)),
        sum((back.returned_mg for entry, back in record.of(Returned) if so_far(entry, back.drug)), Decimal(0)),
    )


def _folded(drug: str) -> str:
    return " ".join(drug.split()).casefold()


def attachment_of(record: Record, entry: Entry) -> Entry | None:
    """Return what the author of *entry* says beyond it, as it stands: a dose's detail, or that a stop is a pause."""
    said = [(by, one.target_id) for by, one in record.of(DoseDetail)]
    said += [(by, one.target_id) for by, one in record.of(InfusionPause)]
    own = [
        by
        for by, target_id in said
        if target_id == entry.entry_id and record.persons.are_one(by.author_id, entry.author_id)
    ]
    return own[-1] if own else None


def detail_of(record: Record, entry: Entry) -> DoseDetail | None:
    """Return where and from what a dose was given, as its own author says last; None where nothing is said."""
    found = attachment_of(record, entry)
    return found.body if found is not None and isinstance(found.body, DoseDetail) else None


def agrees(dose: Dose, detail: DoseDetail) -> bool:
    """Tell whether volume and concentration, where both are known, make the dose; a correction of it may end that."""
    if detail.volume_ml is None or detail.concentration_mg_per_ml is None:
        return True
    computed_mg = detail.volume_ml * detail.concentration_mg_per_ml
    return computed_mg.quantize(HUNDREDTH_MG) == dose.dose_mg.quantize(HUNDREDTH_MG)


def is_expired(drawn: Drawn, at: Stamp) -> bool:
    """Tell whether the vial's month was over when it was drawn; a vial is used to the end of its month.

    Source: USP <7>, an expiry by month means its last day.
    """
    return bool(drawn.expires) and drawn.expires < f"{at.local():%Y-%m}"


def as_beside(body: Body, attached: DoseDetail | InfusionPause) -> Body:
    """Return *attached* as it stands beside *body*: a late entry's is late for the same reason."""
    match body:
        case LateEntry(reason):
            return LateEntry(reason, attached)
        case Addendum(target_id, reason):
            return Addendum(target_id, reason, attached)
        case _:
            return attached
