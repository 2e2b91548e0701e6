"""The line of a set of vitals: 128/76 72 98 14 s4, or hr72 sp98 t36.7 et38 o2 2, labelled values in any order."""

import re
from decimal import Decimal

from kapnotes.domain.entries import Vitals
from kapnotes.domain.errors import Misread
from kapnotes.domain.typed_words import Grammar, Token, number_of

_LABELLED = re.compile(r"([a-z]+|o2)[:=]?([0-9.,]*)", re.ASCII | re.IGNORECASE)
_FIELD_OF = {
    "hr": "heart_rate_bpm",
    "sp": "spo2_percent",
    "spo": "spo2_percent",
    "rr": "respiratory_rate_bpm",
    "t": "temperature_c",
    "et": "etco2_mmhg",
    "o2": "o2_l_per_min",
    "s": "moaas",
    "p": "pain",
    "n": "nausea",
}
_LABEL_OF = {
    "heart_rate_bpm": "hr",
    "spo2_percent": "sp",
    "respiratory_rate_bpm": "rr",
    "temperature_c": "t",
    "etco2_mmhg": "et",
    "o2_l_per_min": "o2 ",
    "moaas": "s",
    "pain": "p",
    "nausea": "n",
}
_WHOLE = {"moaas", "pain", "nausea"}
_IN_ORDER = ("heart_rate_bpm", "spo2_percent", "respiratory_rate_bpm")


def read_vitals(tokens: list[Token]) -> Vitals:
    """Return the set that *tokens* are, each word a value with its label or in its place.

    Raises:
        Misread: at the first word that is not understood.
    """
    found: dict[str, Decimal] = {}
    position = 0
    waiting: tuple[str, Token] | None = None
    for token in tokens:
        if waiting is not None:
            _put(found, waiting[0], number_of(token), waiting[1])
            waiting = None
        elif "/" in token.text:
            _pressure(found, token)
        elif token.text[0].isdigit():
            while position < len(_IN_ORDER) and _IN_ORDER[position] in found:
                position += 1
            if position == len(_IN_ORDER):
                raise Misread("One number too many: after BP come heart rate, SpO₂, respiratory rate.", token.column)
            _put(found, _IN_ORDER[position], number_of(token), token)
        else:
            field, rest = _labelled(token)
            if rest is None:
                waiting = (field, token)
            else:
                _put(found, field, number_of(rest), token)
    if waiting is not None:
        raise Misread("A number is missing after this.", waiting[1].column + len(waiting[1].text))
    return Vitals(
        systolic_mmhg=found.get("systolic_mmhg"),
        diastolic_mmhg=found.get("diastolic_mmhg"),
        heart_rate_bpm=found.get("heart_rate_bpm"),
        spo2_percent=found.get("spo2_percent"),
        respiratory_rate_bpm=found.get("respiratory_rate_bpm"),
        temperature_c=found.get("temperature_c"),
        etco2_mmhg=found.get("etco2_mmhg"),
        o2_l_per_min=found.get("o2_l_per_min"),
        moaas=_whole(found, "moaas"),
        pain=_whole(found, "pain"),
        nausea=_whole(found, "nausea"),
    )


def _whole(found: dict[str, Decimal], field: str) -> int | None:
    return int(found[field]) if field in found else None


def _pressure(found: dict[str, Decimal], token: Token) -> None:
    high, _, low = token.text.partition("/")
    for end in (Token(high, token.column), Token(low, token.column + len(high) + 1)):
        if not end.text:
            raise Misread("A blood pressure is two numbers without a space, as in 128/76.", end.column)
    _put(found, "systolic_mmhg", number_of(Token(high, token.column)), token)
    _put(found, "diastolic_mmhg", number_of(Token(low, token.column + len(high) + 1)), token)


def _labelled(token: Token) -> tuple[str, Token | None]:
    """Return the field of a labelled word and its number, None where the number is the next word."""
    text = token.text.lower() if token.text.isascii() else ""
    if text.startswith("o2"):
        label, rest = "o2", text[2:]
    elif text.startswith("spo2"):
        label, rest = "sp", text[4:]
    else:
        match = _LABELLED.fullmatch(text)
        if match is None:
            raise Misread("This is not understood.", token.column)
        label, rest = match.group(1), match.group(2)
    field = _FIELD_OF.get(label)
    if field is None:
        raise Misread("This is not understood.", token.column)
    rest = rest.lstrip(":=")
    return field, Token(rest, token.column + len(token.text) - len(rest)) if rest else None


def _put(found: dict[str, Decimal], field: str, value: Decimal, token: Token) -> None:
    if field in found:
        raise Misread("This value stands twice.", token.column)
    if field in _WHOLE and value != int(value):
        raise Misread("A whole number is needed here.", token.column)
    found[field] = value


def _vitals_line(found: Vitals) -> str:
    words = []
    if found.systolic_mmhg is not None and found.diastolic_mmhg is not None:
        words.append(f"{found.systolic_mmhg:f}/{found.diastolic_mmhg:f}")
    for field, label in _LABEL_OF.items():
        value = getattr(found, field)
        if value is not None:
            words.append(f"{label}{value:f}" if isinstance(value, Decimal) else f"{label}{value}")
    return " ".join(words)


VITALS_LINES = (Grammar(Vitals, _vitals_line),)
"""How a set of vitals is typed: no word begins it."""
