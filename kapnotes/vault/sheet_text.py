"""A recovery sheet's seed as text that a person copies by hand, and back.

32 bytes are 52 signs of Crockford's base 32 (no I, L, O, U), in four lines of 13 signs and a check sign. The check is
taken in the field of 32 elements, each sign weighed by another power of a generator and the line's number mixed in: so
one wrong sign, any two signs exchanged, and two lines exchanged are each noticed, and the line is named.

Source: D. Crockford, Base 32 (alphabet, and O read as 0, I and L as 1).
"""

from kapnotes.domain.errors import Misread
from kapnotes.vault.identity import SEED_LENGTH

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LINES = 4
DATA_SIGNS = 13
LINE_SIGNS = DATA_SIGNS + 1
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
_SPARE_BITS = LINES * DATA_SIGNS * 5 - SEED_LENGTH * 8


def written(seed: bytes) -> tuple[str, ...]:
    """Return the four lines of a seed, each in three groups: `XXXXX-XXXXX-XXXX`."""
    number = int.from_bytes(seed, "big") << _SPARE_BITS
    signs = [number >> 5 * place & 31 for place in reversed(range(LINES * DATA_SIGNS))]
    lines = []
    for index in range(LINES):
        data = signs[index * DATA_SIGNS : (index + 1) * DATA_SIGNS]
        line = "".join(ALPHABET[sign] for sign in (*data, _check(data, index)))
        lines.append("-".join((line[:5], line[5:10], line[10:])))
    return tuple(lines)


def read(lines: str) -> bytes:
    """Return the seed of a sheet, typed in any case, with or without dashes, spaces and line breaks, or scanned.

    Raises:
        Misread: names the line that is not as it was printed; its column is the line's index.
    """
    signs = _plain(lines)
    number = 0
    for index in range(LINES):
        line = signs[index * LINE_SIGNS : (index + 1) * LINE_SIGNS]
        number = number << 5 * DATA_SIGNS | _line(line, index)
    if len(signs) > LINES * LINE_SIGNS:
        raise Misread("A recovery sheet has {lines} lines; this is more than that.", LINES - 1, lines=LINES)
    if number & (1 << _SPARE_BITS) - 1:
        raise _mistyped(LINES - 1)
    return (number >> _SPARE_BITS).to_bytes(SEED_LENGTH, "big")


def read_line(typed: str, index: int) -> None:
    """See that one line is as it was printed.

    Raises:
        Misread: it is not.
    """
    _line(_plain(typed), index)


def _plain(typed: str) -> str:
    return "".join(char for char in typed.upper() if not char.isspace() and char not in "-.").translate(_READ_AS)


def _line(signs: str, index: int) -> int:
    if len(signs) != LINE_SIGNS:
        raise Misread(
            "Line {line} of the sheet has {signs} signs; this has {length}.",
            index,
            line=index + 1,
            signs=LINE_SIGNS,
            length=len(signs),
        )
    values = [ALPHABET.find(sign) for sign in signs]
    if -1 in values or _check(values[:-1], index) != values[-1]:
        raise _mistyped(index)
    number = 0
    for value in values[:-1]:
        number = number << 5 | value
    return number


def _mistyped(index: int) -> Misread:
    return Misread("Line {line} is not as it is printed on the sheet; compare it sign by sign.", index, line=index + 1)


def _check(data: list[int], index: int) -> int:
    """Return the check sign: Σ sign · 2^(place + 1), and the line's number · 2^14, in GF(32) with x^5 + x^2 + 1."""
    check = 0
    for value in (index + 1, *reversed(data)):
        check = _doubled(check ^ value)
    return check


def _doubled(value: int) -> int:
    value <<= 1
    return value ^ 0b100101 if value & 32 else value
