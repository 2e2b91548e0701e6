"""What is assessed and answered: scales, checklists, the end of an adverse event, and with whom a patient leaves."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Scale:
    """A clinician's scale, item by item; the total is computed, never typed."""

    name: str
    items: tuple[int, ...]

    @property
    def total(self) -> int:
        """Return the sum of the items."""
        return sum(self.items)


@dataclass(frozen=True, slots=True)
class ItemSource:
    """The reading that an item of a scale follows from: `score` is what its table says, whatever was typed.

    `item` counts from 1, `field` is of `Vitals`; `baseline` is what it was compared with, None where the table compares
    with nothing. `o2_l_per_min` is the oxygen that the table asks for, 0 on air, None where it asks for none.
    """

    item: int
    score: int
    field: str
    value: Decimal
    baseline: Decimal | None
    reading_id: str
    baseline_id: str = ""
    o2_l_per_min: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ComputedScale(Scale):
    """A scale with items that follow from readings, and from which; an item can be typed otherwise, and stands so."""

    sources: tuple[ItemSource, ...] = ()

    @property
    def differing(self) -> tuple[ItemSource, ...]:
        """Return the sources whose items were typed otherwise."""
        return tuple(source for source in self.sources if self.items[source.item - 1] != source.score)


@dataclass(frozen=True, slots=True)
class Discharge:
    """The patient leaves: with whom, and in what state."""

    escort: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Unmet:
    """One part of the protocol's rule of discharge that was not met: minutes of a stay, or points of a scale.

    `part` is "after_end", "after_dose", "floor" or "padss"; `found` is None where nothing was scored or given.
    """

    part: str
    needed: int
    found: int | None


@dataclass(frozen=True, slots=True)
class EarlyDischarge(Discharge):
    """The patient leaves before the protocol's rule is met: what was not met then, and why all the same."""

    reason: str = ""
    unmet: tuple[Unmet, ...] = ()


@dataclass(frozen=True, slots=True)
class EventEnded:
    """The adverse event `what`, which the entry `event_id` began, is over."""

    event_id: str
    what: str
    text: str = ""


class CheckState(StrEnum):
    """How an item of a checklist stands; `OPEN` takes an answer back, or is a remark before there is one."""

    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "na"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class ChecklistAnswer:
    """What was answered to one item of a checklist, by the item's code; the newest answer counts."""

    item: str
    state: CheckState
    text: str = ""
