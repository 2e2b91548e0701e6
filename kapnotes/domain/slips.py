"""A reading beside the one before it: was a digit missed, or one too many typed? Asked about, never refused for it."""

from decimal import Decimal
from enum import StrEnum

_NEAR = Decimal("0.1")
"""With one digit more or less it would be within this part of the reading before [general knowledge]."""

_FAR = 2
"""As it stands it is at most the half or at least the double of the reading before [general knowledge]."""


class Slip(StrEnum):
    """What the finger may have done."""

    MISSED = "a digit missed"
    DOUBLED = "a digit too many"


def slip_of(value: Decimal, before: Decimal) -> Slip | None:
    """Return the slip that explains *value* beside the reading *before*; None where none does it plainly.

    Plainly is: far from the reading before as it stands, and near to it with one digit more, or one less.
    """
    if not value.is_finite() or value < 0 or before <= 0:
        return None
    typed = f"{value:f}"
    if value * _FAR <= before and any(_is_near(one, before) for one in _with_one_more(typed)):
        return Slip.MISSED
    if value >= before * _FAR and any(_is_near(one, before) for one in _with_one_less(typed)):
        return Slip.DOUBLED
    return None


def _is_near(typed: str, before: Decimal) -> bool:
    return abs(Decimal(typed) - before) <= before * _NEAR


def _with_one_more(typed: str) -> list[str]:
    return [typed[:place] + digit + typed[place:] for place in range(len(typed) + 1) for digit in "0123456789"]


def _with_one_less(typed: str) -> list[str]:
    """Return *typed* without one of its digits, and with a point where one may have been missed."""
    less = [typed[:place] + typed[place + 1 :] for place in range(len(typed)) if typed[place].isdigit()]
    pointed = [typed[:place] + "." + typed[place:] for place in range(1, len(typed)) if "." not in typed]
    return [one for one in (*less, *pointed) if any(map(str.isdigit, one)) and not one.startswith(".")]
