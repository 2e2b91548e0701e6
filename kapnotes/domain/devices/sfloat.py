"""SFLOAT: the sixteen-bit decimal floats of medical devices, exactly, with the precision that was sent.

Source: IEEE 11073-20601, 2.2.4: the low 12 bits are a mantissa, the high 4 an exponent of ten, both two's complement.
"""

from decimal import Decimal
from enum import Enum


class NoValue(Enum):
    """The five codes that say why there is no value."""

    NAN = 0x07FF
    NOT_AT_THIS_RESOLUTION = 0x0800
    PLUS_INFINITY = 0x07FE
    MINUS_INFINITY = 0x0802
    RESERVED = 0x0801


Sfloat = Decimal | NoValue

_SPECIAL = {one.value: one for one in NoValue}
_MANTISSAS = range(-(1 << 11), 1 << 11)
_EXPONENTS = range(-8, 8)


def decode_sfloat(code: int) -> Sfloat:
    """Return what the sixteen bits *code* mean; the exponent of the decimal is the precision of the device."""
    if code in _SPECIAL:
        return _SPECIAL[code]
    mantissa, exponent = _signed(code & 0xFFF, 12), _signed(code >> 12 & 0xF, 4)
    return Decimal((int(mantissa < 0), tuple(int(digit) for digit in str(abs(mantissa))), exponent))


def encode_sfloat(value: Sfloat) -> int:
    """Return the sixteen bits for *value* with just its precision.

    Raises:
        ValueError: it has too many digits, too high an exponent, or the bits mean that there is no value.
    """
    if isinstance(value, NoValue):
        return value.value
    sign, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        raise ValueError("not a number")
    mantissa = int("".join(map(str, digits))) * (-1 if sign else 1)
    code = (exponent & 0xF) << 12 | mantissa & 0xFFF
    if mantissa not in _MANTISSAS or exponent not in _EXPONENTS or code in _SPECIAL:
        raise ValueError("does not fit into sixteen bits")
    return code


def _signed(bits: int, width: int) -> int:
    return bits - (1 << width) if bits >> (width - 1) else bits
