"""What becomes of a half-typed line when a key begins a command: it goes behind that, or is a line of its own."""

from collections.abc import Callable

from kapnotes.domain.entries import MedicalBody, Vitals
from kapnotes.domain.errors import Misread
from kapnotes.domain.shorthand import first_word

_NUMBER_FIRST = frozenset({"dose", "inf", "waste", "drawn", "return", "padss"})
"""Commands behind which an amount or a score comes first; behind the others it is words."""


def goes_behind(start: str, text: str, read: Callable[[str], MedicalBody]) -> bool:
    """Tell whether the half-typed *text* is meant for the command *start*; *read* reads a whole line.

    Readings behind a command that takes words, and another command, are lines of their own: there they would be
    swallowed. Behind one that takes a number it is what can be read so, whatever is still missing at its end.
    """
    typed = text.strip()
    if not typed or start.split()[0] not in _NUMBER_FIRST:
        return not typed or not (first_word(typed) or _begins_readings(typed, read))
    line = f"{start}{typed}"
    try:
        read(line)
    except Misread as misread:
        return misread.column >= len(line)
    return True


def _begins_readings(typed: str, read: Callable[[str], MedicalBody]) -> bool:
    if typed[0].isdecimal():
        return True
    try:
        return isinstance(read(typed), Vitals)
    except Misread:
        return False
