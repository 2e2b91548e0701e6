"""What the drug's own book holds beside doses: drawn, returned, how a dose was given, a pause, a second signature.

These kinds came after FORMAT 1 was frozen: what a `Dose` or an `Infusion` has no field for stands in an entry of its
own that names it and is written with it. `Countersignature` stands in `shared`, all others where the dose stands.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Drawn:
    """An amount taken out of stock for this session; what was not typed is None or empty.

    `expires` is the vial's month, as 2027-03: it may be used to the end of it.
    """

    drug: str
    drawn_mg: Decimal
    volume_ml: Decimal | None = None
    concentration_mg_per_ml: Decimal | None = None
    lot: str = ""
    expires: str = ""


@dataclass(frozen=True, slots=True)
class Returned:
    """An amount that was drawn, was neither given nor wasted, and went back to whom `returned_to` names."""

    drug: str
    returned_mg: Decimal
    returned_to: str


@dataclass(frozen=True, slots=True)
class DoseDetail:
    """Where and from what the dose `target_id` of the same author was given; what was not typed is None or empty."""

    target_id: str
    site: str = ""
    volume_ml: Decimal | None = None
    concentration_mg_per_ml: Decimal | None = None


@dataclass(frozen=True, slots=True)
class InfusionPause:
    """The stop `target_id` of the same author is a pause: the infusion is not over, it goes on or is stopped later."""

    target_id: str


class Countersigned(StrEnum):
    """What a second signature says. Source: 21 CFR 11.50(a)(3), the meaning of a signature."""

    WITNESSED_WASTE = "witnessed waste"
    CHECKED_DOSE = "checked dose"


@dataclass(frozen=True, slots=True)
class Countersignature:
    """A second member, signed in for this alone, vouches for the entry `target_id` by `target_author_id`.

    `sha256` is of what that entry said then (`countersigning.digest`): whatever changes it lets this match no more.
    """

    target_id: str
    target_author_id: str
    sha256: str
    meaning: Countersigned
    name: str
    credential: str


DrugBody = Drawn | Returned | DoseDetail | InfusionPause
"""The kinds that belong to the medical course."""
