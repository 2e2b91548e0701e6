"""Why a session began although its protocol held the start: an entry of the medical record."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class HeldValue:
    """One value of the baseline above what the protocol allows; `value` is None where it was not measured."""

    field: str
    value: Decimal | None
    limit: Decimal


@dataclass(frozen=True, slots=True)
class StartHold:
    """The first dose was given all the same, and why. `held` is empty where there was no baseline at all."""

    reason: str
    held: tuple[HeldValue, ...] = ()
