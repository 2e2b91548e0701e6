"""The clinicians' scales: how many items, which values, and how the items score that follow from readings.

Percentages are compared as they are and never rounded first: 20.1 % is above 20 %.
"""

from collections.abc import Callable
from decimal import Decimal

from kapnotes.domain.assessed import ItemSource
from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import Entry, Vitals
from kapnotes.domain.errors import CannotTell
from kapnotes.domain.limits import BOUNDS
from kapnotes.domain.record import Record

SCALE_ITEMS: dict[str, tuple[int, int, int]] = {
    "padss": (5, 0, 2),
    "aldrete": (5, 0, 2),
    "rass": (1, -5, 4),
    "moaas": (1, 0, 5),
    "cadss6": (6, 0, 4),
}
"""Number of items, lowest and highest value of an item.

Source: PADSS clinician.com/articles/38390; Aldrete doi 10.1186/s42077-022-00234-1; RASS palliative.stanford.edu;
MOAA/S doi 10.1186/s12871-022-01788-1; CADSS-6 PubMed 33418362 (scores only, no item text).
"""

PADSS_VITALS, ALDRETE_PRESSURE, ALDRETE_SPO2 = ("padss", 1), ("aldrete", 3), ("aldrete", 5)
COMPUTED = {"padss": (1,), "aldrete": (3, 5)}
"""The items that follow from readings, counted from 1."""

Compute = Callable[[str, int], ItemSource]
"""Returns what an item follows from, by scale and item; raises `CannotTell`."""


def padss_vitals_score(baseline: Decimal, value: Decimal) -> int:
    """Return 2 up to 20 % off baseline, 1 up to 40 %, 0 beyond. Source: clinician.com/articles/38390."""
    off = _off(baseline, value)
    return 2 if off <= 20 * baseline else 1 if off <= 40 * baseline else 0


def aldrete_pressure_score(baseline: Decimal, value: Decimal) -> int:
    """Return 2 up to 20 % off baseline, 1 below 50 %, 0 from 50 % on. Source: doi 10.1186/s42077-022-00234-1."""
    off = _off(baseline, value)
    return 2 if off <= 20 * baseline else 1 if off < 50 * baseline else 0


def aldrete_spo2_score(spo2_percent: Decimal, *, is_on_o2: bool) -> int | None:
    """Return 2 above 92 % on air, 1 above 90 % on oxygen, 0 below 90 % on it; None where the table is silent.

    It is silent for 92 % and less on air, and for exactly 90 % on oxygen. Source: doi 10.1186/s42077-022-00234-1.
    """
    if not is_on_o2:
        return 2 if spo2_percent > 92 else None
    return 1 if spo2_percent > 90 else 0 if spo2_percent < 90 else None


def _off(baseline: Decimal, value: Decimal) -> Decimal:
    """Return a hundred times the distance, to be compared with so many times the baseline."""
    return abs(value - baseline) * 100


def computed_item(record: Record, name: str, item: int, at: Stamp) -> ItemSource:
    """Return what an item of a scale follows from: the newest readings up to *at*, against this session's baseline.

    Raises:
        CannotTell: a reading is missing, or the table is silent for it; says which.
    """
    if (name, item) == PADSS_VITALS:
        fields = ("systolic_mmhg", "diastolic_mmhg", "heart_rate_bpm")
        return _worst(record, item, fields, padss_vitals_score, at)
    if (name, item) == ALDRETE_PRESSURE:
        return _worst(record, item, ("systolic_mmhg", "diastolic_mmhg"), aldrete_pressure_score, at)
    if (name, item) == ALDRETE_SPO2:
        return _oxygen(record, item, at)
    raise CannotTell("No reading tells this item; type it.")


def _worst(
    record: Record, item: int, fields: tuple[str, ...], score: Callable[[Decimal, Decimal], int], at: Stamp
) -> ItemSource:
    """Return the field that is furthest from the baseline, in percent of it [which one: general knowledge]."""
    found = [_compared(record, item, field, score, at) for field in fields]
    return max(found, key=_share_off)


def _share_off(source: ItemSource) -> Decimal:
    return abs(source.value - source.baseline) / source.baseline if source.baseline else Decimal(0)


def _compared(record: Record, item: int, field: str, score: Callable[[Decimal, Decimal], int], at: Stamp) -> ItemSource:
    name, base = BOUNDS[field].name, record.baseline_entry
    before = getattr(record.baseline, field) if record.baseline is not None else None
    if base is None or before is None or before <= 0:
        raise CannotTell("The baseline has no {name}: type all items.", name=name)
    newest = _newest(record, field, at)
    if newest is None:
        raise CannotTell("No {name} since the first dose: type all items.", name=name)
    entry, value = newest
    return ItemSource(item, score(before, value), field, value, before, entry.entry_id, base.entry_id)


def _oxygen(record: Record, item: int, at: Stamp) -> ItemSource:
    newest = _newest(record, "spo2_percent", at)
    if newest is None:
        raise CannotTell("No {name} since the first dose: type all items.", name=BOUNDS["spo2_percent"].name)
    entry, spo2 = newest
    flow = _flow_at(record, entry)
    score = aldrete_spo2_score(spo2, is_on_o2=flow > 0)
    if score is None:
        if flow > 0:
            raise CannotTell("The table is silent for SpO₂ {spo2} % on oxygen: type this item too.", spo2=spo2)
        raise CannotTell("The table is silent for SpO₂ {spo2} % on air: type this item too.", spo2=spo2)
    return ItemSource(item, score, "spo2_percent", spo2, None, entry.entry_id, o2_l_per_min=flow)


def _flow_at(record: Record, entry: Entry) -> Decimal:
    """Return the oxygen that the set names. Where it names none, that is air only if none ran before."""
    earlier: Decimal | None = None
    for one, vitals in record.of(Vitals):
        if one.entry_id == entry.entry_id and one.author_id == entry.author_id:
            if vitals.o2_l_per_min is not None:
                return vitals.o2_l_per_min
            break
        earlier = earlier if vitals.o2_l_per_min is None else vitals.o2_l_per_min
    if earlier:
        raise CannotTell("Oxygen was noted before this SpO₂ and not with it: type this item too.")
    return Decimal(0)


def _newest(record: Record, field: str, at: Stamp) -> tuple[Entry, Decimal] | None:
    """Return the last reading of *field* after the first dose and up to *at*, with its entry."""
    first = record.first_dose
    if first is None:
        return None
    for entry, vitals in reversed(record.of(Vitals)):
        if record.between_s(first, entry.happened) <= 0:
            return None
        value = getattr(vitals, field)
        if value is not None and record.between_s(entry.happened, at) >= 0:
            return entry, value
    return None
