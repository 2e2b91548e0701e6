"""The line of a set of vitals: values in their places, labelled values in any order, or both.

128/76 72 98 14 s4            blood pressure, heart rate, SpO₂, respiratory rate; MOAA/S with its label
hr72 sp98 rr14 t36.7 et38 o2 2 s4 p1 n0   every value can have its label, before it or as a word before it
bp 128/76, HR=72, spo2 98, 98%, 36,7      are understood too; a percent sign says SpO₂

What a number without a label is does not hang on where the labelled ones stand: heart rate, SpO₂ and respiratory rate
that no label names are taken in this order from the numbers without one. So `72 14 sp98` is heart rate 72 and
respiratory rate 14, as `sp98 72 14` is.
"""

import re
from decimal import Decimal

from kapnotes.domain.entries import Vitals
from kapnotes.domain.errors import Misread
from kapnotes.domain.typed_words import Grammar, Token, number_of

_PRESSURE = "bp"
_FIELD_OF = {
    "bp": _PRESSURE,
    "hr": "heart_rate_bpm",
    "sp": "spo2_percent",
    "spo": "spo2_percent",
    "spo2": "spo2_percent",
    "rr": "respiratory_rate_bpm",
    "t": "temperature_c",
    "temp": "temperature_c",
    "et": "etco2_mmhg",
    "etco2": "etco2_mmhg",
    "o2": "o2_l_per_min",
    "s": "moaas",
    "moaas": "moaas",
    "p": "pain",
    "pain": "pain",
    "n": "nausea",
    "nausea": "nausea",
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
_LABELLED = re.compile(r"(spo2|etco2|o2|[a-z]+)[:=]*(.*)", re.ASCII | re.IGNORECASE | re.DOTALL)
_WHOLE = {"moaas", "pain", "nausea"}
_IN_ORDER = ("heart_rate_bpm", "spo2_percent", "respiratory_rate_bpm")


def read_vitals(tokens: list[Token]) -> Vitals:
    """Return the set that *tokens* are, each word a value with its label or in its place.

    Raises:
        Misread: at the first word that is not understood.
    """
    found: dict[str, Decimal] = {}
    bare: list[Token] = []
    waiting: tuple[str, Token] | None = None
    for token in tokens:
        if waiting is not None:
            _put_labelled(found, waiting[0], token, waiting[1])
            waiting = None
        elif "/" in token.text and not token.text[0].isalpha():
            _put_labelled(found, _PRESSURE, token, token)
        elif token.text[0].isdigit() and token.text.endswith("%"):
            _put_labelled(found, "spo2_percent", token, token)
        elif token.text[0].isdigit():
            number_of(token)
            bare.append(token)
        else:
            field, value = _labelled(token)
            if value is None:
                waiting = (field, token)
            else:
                _put_labelled(found, field, value, token)
    if waiting is not None:
        raise Misread("A number is missing after this.", waiting[1].end)
    _put_bare(found, bare)
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


def _labelled(token: Token) -> tuple[str, Token | None]:
    """Return the field of a labelled word and its number, None where the number is the next word."""
    match = _LABELLED.fullmatch(token.text) if token.text.isascii() else None
    field = _FIELD_OF.get(match[1].lower()) if match is not None else None
    if token.text[:1] == "@" and token.text[1:2].isdecimal():
        raise Misread("An earlier time is a late entry: late 14:05 why: 128/76 72 98 14.", token.column)
    if match is None or field is None:
        raise Misread("This is not understood: a reading is a number, or label and number, as in hr72.", token.column)
    return field, Token(match[2], token.column + match.start(2)) if match[2] else None


def _put_labelled(found: dict[str, Decimal], field: str, value: Token, at: Token) -> None:
    """Take *value* for *field*; *at* is the word that says which field it is."""
    if field == _PRESSURE:
        _put_pressure(found, value, at)
        return
    if field == "spo2_percent" and value.text.endswith("%"):
        value = Token(value.text[:-1], value.column)
    _put(found, field, number_of(value), at)


def _put_pressure(found: dict[str, Decimal], value: Token, at: Token) -> None:
    high, slash, low = value.text.partition("/")
    ends = Token(high, value.column), Token(low, value.column + len(high) + len(slash))
    for end in ends:
        if not end.text:
            raise Misread("A blood pressure is two numbers without a space, as in 128/76.", end.column)
    numbers = [number_of(end) for end in ends]
    _put(found, "systolic_mmhg", numbers[0], at)
    _put(found, "diastolic_mmhg", numbers[1], at)


def _put_bare(found: dict[str, Decimal], bare: list[Token]) -> None:
    """Take the numbers without a label, in their order, for what no label named."""
    places = [field for field in _IN_ORDER if field not in found]
    if len(bare) > len(places):
        raise Misread(
            "One number too many: without a label they are heart rate, SpO₂, respiratory rate.",
            bare[len(places)].column,
        )
    for field, token in zip(places, bare, strict=False):
        found[field] = number_of(token)


def _put(found: dict[str, Decimal], field: str, value: Decimal, at: Token) -> None:
    if field in found:
        raise Misread("This value stands twice.", at.column)
    if field in _WHOLE and value != int(value):
        raise Misread("A whole number is needed here.", at.column)
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
