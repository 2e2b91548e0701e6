"""What a reading can be (plausibility) and what the protocol marks (limits): two different questions.

Impossible values are refused with the reason. Unusual ones are asked about once and kept. Values outside the protocol
are marked; nothing here decides anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from types import MappingProxyType

from kapnotes.domain.entries import Dose, Infusion, Vitals
from kapnotes.domain.errors import Implausible
from kapnotes.domain.slips import slip_of


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a value can be at all, and what is usual; all four ends belong to their range."""

    name: str
    unit: str
    possible: tuple[Decimal, Decimal]
    usual: tuple[Decimal, Decimal] | None

    def is_possible(self, value: Decimal) -> bool:
        """Tell whether *value* can be at all; what is no number cannot."""
        return value.is_finite() and self.possible[0] <= value <= self.possible[1]

    def is_usual(self, value: Decimal) -> bool:
        """Tell whether *value* needs no second look; a field without a usual range is never asked about."""
        return self.usual is None or self.usual[0] <= value <= self.usual[1]


def _bounds(name: str, unit: str, possible: str, usual: str = "") -> Bounds:
    def pair(text: str) -> tuple[Decimal, Decimal]:
        low, high = text.split()
        return Decimal(low), Decimal(high)

    return Bounds(name, unit, pair(possible), pair(usual) if usual else None)


BOUNDS: dict[str, Bounds] = {
    "systolic_mmhg": _bounds("systolic", "mmHg", "30 300", "70 220"),
    "diastolic_mmhg": _bounds("diastolic", "mmHg", "10 200", "30 130"),
    "heart_rate_bpm": _bounds("heart rate", "/min", "10 300", "35 180"),
    "spo2_percent": _bounds("SpO₂", "%", "1 100", "80 100"),
    "respiratory_rate_bpm": _bounds("respiratory rate", "/min", "0 80", "4 40"),
    "etco2_mmhg": _bounds("EtCO₂", "mmHg", "0 150", "15 70"),
    "temperature_c": _bounds("temperature", "°C", "25 45", "34 41"),
    "o2_l_per_min": _bounds("O₂ flow", "L/min", "0 60"),
    "moaas": _bounds("MOAA/S", "", "0 5"),
    "pain": _bounds("pain", "", "0 10"),
    "nausea": _bounds("nausea", "", "0 10"),
}
"""Bounds by the field of `Vitals`.

Source: the table "Impossible / Unusual" of the field notes (general knowledge; they must let a real monitor's HR 11.5
and RR 2.0 through, to be asked about). MOAA/S: doi 10.1186/s12871-022-01788-1.
"""

KPA_BELOW_MMHG = Decimal(40)
"""Both pressures below this: were they meant in kPa?"""


def values_of(vitals: Vitals) -> dict[str, Decimal]:
    """Return what was measured, by field, as decimals."""
    found: dict[str, Decimal] = {}
    for field in BOUNDS:
        value = getattr(vitals, field)
        if value is not None:
            found[field] = Decimal(value)
    return found


_NOTHING: Mapping[str, Decimal] = MappingProxyType({})


def require_possible(vitals: Vitals, before: Mapping[str, Decimal] = _NOTHING) -> None:
    """Refuse what cannot be; *before* are the last readings, by field, which may explain it.

    Raises:
        Implausible: a value outside the possible, not finite, or a diastolic that is not below the systolic.
    """
    values = values_of(vitals)
    for field, value in values.items():
        bounds = BOUNDS[field]
        if not bounds.is_possible(value):
            low, high = bounds.possible
            raise Implausible(
                "{name} {value} is not possible ({ends}).{hint}",
                name=bounds.name,
                value=value,
                ends=f"{low} to {high} {bounds.unit}".rstrip(),
                hint=_hint(field, values, before),
            )
    if vitals.systolic_mmhg is None or vitals.diastolic_mmhg is None:
        if (vitals.systolic_mmhg is None) != (vitals.diastolic_mmhg is None):
            raise Implausible("A blood pressure needs systolic and diastolic, as in 128/76.")
        return
    if vitals.diastolic_mmhg >= vitals.systolic_mmhg:
        raise Implausible(
            "diastolic {diastolic_mmhg} is not below systolic {systolic_mmhg}; are they swapped?",
            diastolic_mmhg=vitals.diastolic_mmhg,
            systolic_mmhg=vitals.systolic_mmhg,
        )


def _hint(field: str, values: Mapping[str, Decimal], before: Mapping[str, Decimal]) -> str:
    slip = _slip(field, values[field], before)
    was = f" It was {before[field]} before ({slip}?)." if slip else ""
    kpa = " Were both pressures meant in kPa? The log is in mmHg." if _looks_like_kpa(values) else ""
    return was + kpa


def _slip(field: str, value: Decimal, before: Mapping[str, Decimal]) -> str:
    """Return which slip explains *value*; of what has no usual range, a flow or a score, nothing is too far."""
    slip = slip_of(value, before[field]) if field in before and BOUNDS[field].usual is not None else None
    return slip or ""


def unusual_in(vitals: Vitals, before: Mapping[str, Decimal] = _NOTHING) -> tuple[str, ...]:
    """Return what deserves a second look, one phrase each; empty where all is usual.

    *before* are the last readings, by field: a value beside which a digit seems missed or doubled is asked about too.
    """
    found: list[str] = []
    values = values_of(vitals)
    if _looks_like_kpa(values):
        found.append(f"{values['systolic_mmhg']}/{values['diastolic_mmhg']} looks like kPa; the log is in mmHg")
    for field, value in values.items():
        bounds = BOUNDS[field]
        slip = _slip(field, value, before)
        if slip:
            found.append(f"{bounds.name} {value} {bounds.unit} beside {before[field]} before ({slip}?)")
        elif not bounds.is_usual(value):
            found.append(f"{bounds.name} {value} {bounds.unit} is unusual")
    return tuple(found)


def _looks_like_kpa(values: Mapping[str, Decimal]) -> bool:
    pair = [values[field] for field in ("systolic_mmhg", "diastolic_mmhg") if field in values]
    return len(pair) == 2 and all(value.is_finite() and value < KPA_BELOW_MMHG for value in pair)


POSSIBLE_MG = Decimal(1000)
"""More than this is no dose of the session's drug but a slip of the finger [general knowledge]."""

POSSIBLE_RESCUE_MG = Decimal(10_000)
"""The same for a rescue drug: some are given by the gram, as magnesium sulfate 2,000 mg [general knowledge]."""

USUAL_MG = Decimal(500)
"""More than this at once is asked about; lozenges of 300 mg are usual [general knowledge]."""

USUAL_MG_PER_MIN = Decimal(10)
"""An infusion faster than this is asked about; the usual rates are below 2 mg/min [general knowledge]."""


def require_possible_dose(body: Dose | Infusion) -> None:
    """Refuse an amount that nobody gives.

    Raises:
        Implausible: above the possible, below zero, or not finite; a dose of nothing.
    """
    rescue = isinstance(body, Dose) and body.is_rescue
    most = POSSIBLE_RESCUE_MG if rescue else POSSIBLE_MG
    for amount, unit in _amounts_of(body):
        if not amount.is_finite() or not 0 <= amount <= most:
            raise Implausible(
                "{drug} {amount} {unit} is not possible (0 to {most} {unit}).",
                drug=body.drug,
                amount=amount,
                unit=unit,
                most=most,
            )
    if isinstance(body, Dose) and body.dose_mg == 0:
        raise Implausible("A dose of 0 mg is no dose.")


def unusual_dose(body: Dose | Infusion) -> tuple[str, ...]:
    """Return what of a dose deserves a second look, one phrase each; empty where all is usual."""
    usual = {"mg": USUAL_MG, "mg/min": USUAL_MG_PER_MIN}
    return tuple(
        f"{body.drug} {amount.normalize():f} {unit} is unusual (more than {usual[unit]} {unit})"
        for amount, unit in _amounts_of(body)
        if amount > usual[unit]
    )


def _amounts_of(body: Dose | Infusion) -> list[tuple[Decimal, str]]:
    """Return the amounts in mg and the rates in mg/min that *body* names."""
    if isinstance(body, Dose):
        return [(body.dose_mg, "mg")]
    planned = [(body.planned_mg, "mg")] if body.planned_mg is not None else []
    return [*planned, (body.rate_mg_per_min, "mg/min")]


@dataclass(frozen=True, slots=True)
class Limit:
    """The protocol's range for one field; both ends are within."""

    low: Decimal
    high: Decimal

    def holds(self, value: Decimal) -> bool:
        """Tell whether *value* is within."""
        return self.low <= value <= self.high


class Severity(IntEnum):
    """How far a value stands out, the mildest first; a value is of the most severe level that holds."""

    WITHIN = 0
    """Nothing is said."""
    OUTSIDE = 1
    """Outside the protocol's range: marked, and what was done is asked for."""
    UNUSUAL = 2
    """Outside what is usual at all: a second Enter confirms it. Where the protocol has a range, it is far outside."""
    IMPOSSIBLE = 3
    """Refused."""


def severity_of(field: str, value: Decimal, limit: Limit | None) -> Severity:
    """Return how far *value* stands out; *limit* is the protocol's range, None where it has none.

    The most severe level is asked about first, so that a milder one hides none. A protocol whose range is wider than
    what is usual takes nothing away from the question: that is about the finger, the range about the patient.

    Source: the field notes: impossible is refused, unusual asks a second Enter, a protocol's limit only marks.
    """
    bounds = BOUNDS[field]
    if not bounds.is_possible(value):
        return Severity.IMPOSSIBLE
    if not bounds.is_usual(value):
        return Severity.UNUSUAL
    if limit is not None and not limit.holds(value):
        return Severity.OUTSIDE
    return Severity.WITHIN


@dataclass(frozen=True, slots=True)
class OutOfProtocol:
    """One value of a set outside the protocol's limits."""

    field: str
    value: Decimal
    limit: Limit

    @property
    def is_high(self) -> bool:
        """Tell on which side it lies."""
        return self.value > self.limit.high

    @property
    def is_far(self) -> bool:
        """Tell whether it is unusual at all as well, which a second Enter confirmed."""
        return severity_of(self.field, self.value, self.limit) >= Severity.UNUSUAL


def out_of_protocol(vitals: Vitals, limits: dict[str, Limit]) -> tuple[OutOfProtocol, ...]:
    """Return the values of *vitals* outside *limits* (by field), in the order of `BOUNDS`."""
    return tuple(
        OutOfProtocol(field, value, limits[field])
        for field, value in values_of(vitals).items()
        if field in limits and not limits[field].holds(value)
    )


def is_within(vitals: Vitals, limits: dict[str, Limit]) -> bool:
    """Tell whether all values of *vitals* are within *limits*; thousands of readings are asked at once."""
    measured = ((getattr(vitals, field), limit) for field, limit in limits.items())
    return all(value is None or limit.holds(value) for value, limit in measured)
