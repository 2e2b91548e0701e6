"""Whether a reading of a device is charted, charted with a mark, or never: said by one pure function.

It decides nothing about the patient. What the device objects to itself, and what cannot be, never gets into the record
silently; what was refused is told with its reason and saved nowhere.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from kapnotes.domain.devices.readings import (
    BloodPressure,
    CuffPressure,
    HeartRate,
    Reading,
    Saturation,
    as_mmhg,
    number,
)
from kapnotes.domain.entries import TakenBy, Vitals
from kapnotes.domain.errors import Implausible
from kapnotes.domain.limits import require_possible, unusual_in, values_of


@dataclass(frozen=True, slots=True)
class Judged:
    """What is charted, marked by its own `unusual`, or nothing and why not."""

    vitals: Vitals | None
    never: tuple[str, ...] = ()

    @property
    def is_marked(self) -> bool:
        """Tell whether it is charted with a mark."""
        return self.vitals is not None and bool(self.vitals.unusual)


def judge(reading: Reading) -> Judged:
    """Return what of *reading* is charted: its marks stand in `Vitals.unusual`, where it is no `Vitals` in `never`."""
    if isinstance(reading, CuffPressure):
        return Judged(None, ("the cuff is still at work; that is no blood pressure",))
    never = tuple(objection.words for objection in reading.objections if not objection.may_be_charted)
    if never:
        return Judged(None, never)
    vitals = _vitals(reading)
    if not values_of(vitals):
        return Judged(None, ("it holds no value",))
    try:
        require_possible(vitals)
    except Implausible as error:
        return Judged(None, (str(error),))
    marks = tuple(f"{reading.source}: {objection.words}" for objection in reading.objections)
    return Judged(replace(vitals, unusual=(*marks, *unusual_in(vitals))))


def _vitals(reading: BloodPressure | HeartRate | Saturation) -> Vitals:
    match reading:
        case BloodPressure():
            systolic, diastolic = number(reading.systolic), number(reading.diastolic)
            return Vitals(
                systolic_mmhg=None if systolic is None else _plain(as_mmhg(systolic, reading.unit)),
                diastolic_mmhg=None if diastolic is None else _plain(as_mmhg(diastolic, reading.unit)),
                heart_rate_bpm=_plain(number(reading.pulse_bpm)),
                taken_by=TakenBy.MONITOR,
            )
        case HeartRate():
            return Vitals(heart_rate_bpm=Decimal(reading.heart_rate_bpm), taken_by=TakenBy.MONITOR)
        case Saturation():
            return Vitals(
                heart_rate_bpm=_plain(number(reading.pulse_bpm)),
                spo2_percent=_plain(number(reading.spo2_percent)),
                taken_by=TakenBy.MONITOR,
            )


def _plain(value: Decimal | None) -> Decimal | None:
    """Return *value* as people write it: 12E+1 is 120."""
    exponent = value.as_tuple().exponent if value is not None else 0
    return value.quantize(Decimal(1)) if value is not None and isinstance(exponent, int) and exponent > 0 else value
