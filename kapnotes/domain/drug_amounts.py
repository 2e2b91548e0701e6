"""Amounts of a drug as they are typed: mg, mL and mg/mL in any order, held against each other.

100            mg           2ml          volume          50mg/ml      concentration

A unit may also be a word of its own ("50 mg/ml"). Where all three stand they must agree; where mg is left out it is
computed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kapnotes.domain.errors import Misread
from kapnotes.domain.infusion import HUNDREDTH_MG
from kapnotes.domain.typed_words import Token, number_of

_AMOUNT = re.compile(r"([0-9][0-9.,]*)(mg/ml|mg|ml|)", re.ASCII | re.IGNORECASE)
UNITS = {"mg", "ml", "mg/ml"}
"""What may stand behind a number as a word of its own."""
TEN_THOUSANDTH_MG = Decimal("0.0001")
_MOST_MG = Decimal(999_999)


@dataclass(frozen=True, slots=True)
class Amount:
    """How much: always in mg; volume and concentration where they were typed."""

    mg: Decimal
    volume_ml: Decimal | None
    concentration_mg_per_ml: Decimal | None


def amounts_ahead(words: Sequence[Token]) -> int:
    """Return how many of *words*, from the first, are amounts or their units."""
    count = 0
    while count < len(words):
        is_unit = bool(count) and words[count].text.casefold() in UNITS and words[count - 1].text[-1].isdigit()
        if not words[count].text[0].isdigit() and not is_unit:
            break
        count += 1
    return count


def read_amount(words: Sequence[Token], usage: Misread) -> Amount:
    """Return the amount that *words* say together; *usage* is raised where mg can neither be read nor computed.

    Raises:
        Misread: a word is no amount, one stands twice, or the three disagree; *usage*.
    """
    found: dict[str, tuple[Decimal, Token]] = {}
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        unit = ""
        if waiting and waiting[0].text.casefold() in UNITS:
            unit = waiting.pop(0).text
        match = _AMOUNT.fullmatch(word.text)
        if match is None or (unit and match[2]):
            raise Misread("This is not an amount in mg, ml or mg/ml.", word.column)
        unit = (unit or match[2]).casefold() or "mg"
        if unit in found:
            raise Misread("This value stands twice.", word.column)
        value = number_of(Token(match[1], word.column))
        if value <= 0:
            raise Misread("An amount is above 0 mg.", word.column)
        found[unit] = value, word
    return _held_together(found, usage)


def _held_together(found: dict[str, tuple[Decimal, Token]], usage: Misread) -> Amount:
    volume_ml = found["ml"][0] if "ml" in found else None
    per_ml = found["mg/ml"][0] if "mg/ml" in found else None
    computed_mg = _normal((volume_ml * per_ml).quantize(TEN_THOUSANDTH_MG)) if volume_ml and per_ml else None
    if "mg" not in found:
        if computed_mg is None:
            raise usage
        if not 0 < computed_mg <= _MOST_MG:
            raise Misread("So much cannot be: volume times concentration is no amount.", found["ml"][1].column)
        return Amount(computed_mg, volume_ml, per_ml)
    mg = found["mg"][0]
    if computed_mg is not None and computed_mg.quantize(HUNDREDTH_MG) != mg.quantize(HUNDREDTH_MG):
        raise Misread(
            "{volume} mL of {concentration} mg/mL are {computed} mg, not {mg} mg.",
            max(token.column for _, token in found.values()),
            volume=_normal(volume_ml),
            concentration=_normal(per_ml),
            computed=computed_mg,
            mg=_normal(mg),
        )
    return Amount(mg, volume_ml, per_ml)


def _normal(value: Decimal | None) -> Decimal:
    """Return an amount without idle zeros, never as an exponent."""
    return Decimal(f"{(value or Decimal(0)).normalize():f}")
