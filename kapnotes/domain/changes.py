"""How far a reading is from this session's baseline: the difference, and where that says something the percent."""

from dataclasses import dataclass
from decimal import Decimal

from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import Vitals
from kapnotes.domain.record import Record, percent_from

IN_PERCENT = {"systolic_mmhg", "diastolic_mmhg", "map_mmhg", "heart_rate_bpm", "respiratory_rate_bpm", "etco2_mmhg"}
"""Measures whose change is said in percent too; a percent of a percent, or of a temperature, says nothing."""

_COMPARED = (*sorted(IN_PERCENT), "spo2_percent", "temperature_c")


@dataclass(frozen=True, slots=True)
class Change:
    """The difference of one value from its baseline; in whole percent where that says something, else None."""

    difference: Decimal
    percent: int | None


def baseline_for(record: Record, at: Stamp) -> Vitals | None:
    """Return what a reading taken *at* is compared with; before the first dose nothing is compared."""
    first = record.first_dose
    return record.baseline if first is not None and record.between_s(first, at) > 0 else None


def changes_of(vitals: Vitals, baseline: Vitals | None) -> dict[str, Change]:
    """Return how *vitals* differs from *baseline*, by field, and `map_mmhg`; of what only one of them has nothing."""
    found: dict[str, Change] = {}
    for field in _COMPARED:
        value, base = getattr(vitals, field), getattr(baseline, field, None)
        if value is not None and base is not None:
            percent = percent_from(base, value) if field in IN_PERCENT else None
            found[field] = Change(value - base, percent)
    return found
