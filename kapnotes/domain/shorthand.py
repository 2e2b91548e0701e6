"""The CRNA's one line: what is typed, as an entry's body, or the column of what is not understood.

128/76 72 98 14 s4          blood pressure, heart rate, SpO₂, respiratory rate, MOAA/S
hr72 sp98 t36.7 et38 o2 2   labelled values, in any order
x asleep                    not taken, with its reason
dose 35 im                  an amount given at once          rescue ondansetron 4 iv
inf 35/40                   an infusion of 35 mg over 40 min  inf 0 stops it, inf 0.5 sets mg/min
waste 15 Witness Name       drawn and not given
ae nausea mild: reassured   an adverse event                  do repositioned the cuff
padss 2 2 2 2 2             a scale, item by item             aldrete 2 2 2 2 2, rass -1
out partner: steady, oriented   discharge, with whom
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from kapnotes.domain.entries import (
    Action,
    AdverseEvent,
    Discharge,
    Dose,
    Infusion,
    MedicalBody,
    NotTaken,
    NotTakenReason,
    Route,
    Scale,
    Vitals,
    Waste,
)
from kapnotes.domain.errors import Misread

MAX_LINE = 4096
"""More than this is no line of a log."""

_NUMBER = re.compile(r"[0-9]{1,6}(?:[.,][0-9]{1,4})?", re.ASCII)
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
_WHOLE = {"moaas", "pain", "nausea"}
_IN_ORDER = ("heart_rate_bpm", "spo2_percent", "respiratory_rate_bpm")
SEVERITIES = ("mild", "moderate", "severe")
"""How bad an adverse event is."""

SCALE_ITEMS: dict[str, tuple[int, int, int]] = {
    "padss": (5, 0, 2),
    "aldrete": (5, 0, 2),
    "rass": (1, -5, 4),
    "cadss6": (6, 0, 4),
}
"""Number of items, lowest and highest value of an item.

Source: PADSS clinician.com/articles/38390; Aldrete doi 10.1186/s42077-022-00234-1; RASS palliative.stanford.edu;
CADSS-6 PubMed 33418362 (scores only, no item text).
"""


@dataclass(frozen=True, slots=True)
class Token:
    """One word of the line and the column it starts at."""

    text: str
    column: int


@dataclass(frozen=True, slots=True)
class _Line:
    """A line whose first word was a command: the words behind it, and what the protocol fills in."""

    text: str
    words: list[Token]
    drug: str
    route: Route


def tokens_of(line: str) -> list[Token]:
    """Return the words of *line* with their columns."""
    return [Token(match.group(), match.start()) for match in re.finditer(r"\S+", line)]


def read_line(line: str, *, drug: str, route: Route) -> MedicalBody:
    """Return the body that *line* stands for; *drug* and *route* are the protocol's, for what the line leaves out.

    Raises:
        Misread: with the column of the first word that is not understood, or where a missing one belongs.
    """
    if len(line) > MAX_LINE:
        raise Misread(
            "A line holds at most {max_line} characters; this one has {len}.",
            MAX_LINE,
            max_line=MAX_LINE,
            len=len(line),
        )
    tokens = tokens_of(line)
    if not tokens:
        raise Misread("Type the readings, as in 128/76 72 98 14 s4.", 0)
    first = tokens[0]
    word = first.text.casefold()
    if word in SCALE_ITEMS:
        return _scale(word, tokens)
    command = _COMMANDS.get(word)
    if command is not None:
        if len(tokens) == 1:
            raise Misread(_USAGE[word], first.column + len(first.text))
        return command(_Line(line, tokens[1:], drug, route))
    return _vitals(tokens)


# ---------------------------------------------------------------------------------------------- vitals


def _vitals(tokens: list[Token]) -> Vitals:
    found: dict[str, Decimal] = {}
    position = 0
    waiting: tuple[str, Token] | None = None
    for token in tokens:
        if waiting is not None:
            _put(found, waiting[0], _number(token), waiting[1])
            waiting = None
        elif "/" in token.text:
            _pressure(found, token)
        elif token.text[0].isdigit():
            while position < len(_IN_ORDER) and _IN_ORDER[position] in found:
                position += 1
            if position == len(_IN_ORDER):
                raise Misread("One number too many: after BP come heart rate, SpO₂, respiratory rate.", token.column)
            _put(found, _IN_ORDER[position], _number(token), token)
        else:
            field, rest = _labelled(token)
            if rest is None:
                waiting = (field, token)
            else:
                _put(found, field, _number(rest), token)
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
    _put(found, "systolic_mmhg", _number(Token(high, token.column)), token)
    _put(found, "diastolic_mmhg", _number(Token(low, token.column + len(high) + 1)), token)


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


def _number(token: Token) -> Decimal:
    if _NUMBER.fullmatch(token.text) is None:
        raise Misread("This is not a number.", token.column)
    return Decimal(token.text.replace(",", "."))


# --------------------------------------------------------------------------------------------- commands


def _not_taken(line: _Line) -> NotTaken:
    try:
        reason = NotTakenReason(line.words[0].text.casefold())
    except ValueError:
        raise Misread("A reason is one of {names}.", line.words[0].column, names=", ".join(NotTakenReason)) from None
    _no_more(line.words, 1)
    return NotTaken(reason)


def _dose(line: _Line) -> Dose:
    dose_mg = _amount_mg(line.words[0])
    route = _route(line.words[1]) if len(line.words) > 1 else line.route
    _no_more(line.words, 2)
    return Dose(line.drug, dose_mg, route)


def _rescue(line: _Line) -> Dose:
    drug = _name(line.words[0])
    _require_words(line, 2, "rescue")
    dose_mg = _amount_mg(line.words[1])
    _require_words(line, 3, "rescue")
    route = _route(line.words[2])
    _no_more(line.words, 3)
    return Dose(drug, dose_mg, route, is_rescue=True)


def _infusion(line: _Line) -> Infusion:
    first = line.words[0]
    planned, slash, minutes = first.text.partition("/")
    if not slash:
        rate_mg_per_min, planned_mg = _number(first), None
    else:
        planned_mg = _amount_mg(Token(planned, first.column))
        over = Token(minutes, first.column + len(planned) + 1)
        rate_mg_per_min = _rate(planned_mg, _number(over), over)
    _no_more(line.words, 1)
    return Infusion(line.drug, rate_mg_per_min, planned_mg)


def _rate(planned_mg: Decimal, over_min: Decimal, token: Token) -> Decimal:
    if over_min <= 0:
        raise Misread("An infusion lasts longer than 0 minutes; inf 0 stops it.", token.column)
    rate_mg_per_min = (planned_mg / over_min).quantize(Decimal("0.0001"))
    if rate_mg_per_min <= 0:
        raise Misread("This rate is too small to be kept; inf 0 stops the infusion.", token.column)
    return rate_mg_per_min


def _waste(line: _Line) -> Waste:
    waste_mg = _amount_mg(line.words[0])
    _require_words(line, 2, "waste")
    return Waste(line.drug, waste_mg, _rest(line.text, line.words[1]))


def _adverse_event(line: _Line) -> AdverseEvent:
    start = line.words[0].column
    head, _, action = _rest(line.text, line.words[0]).partition(":")
    words = tokens_of(head)
    severity = words[-1].text.casefold() if words else ""
    if severity not in SEVERITIES:
        fault = words[-1].column if len(words) > 1 else len(head)
        raise Misread(_USAGE["ae"], start + fault)
    if len(words) < 2:
        raise Misread(_USAGE["ae"], start)
    return AdverseEvent(" ".join(word.text for word in words[:-1]), severity, action.strip())


def _action(line: _Line) -> Action:
    return Action(_rest(line.text, line.words[0]))


def _discharge(line: _Line) -> Discharge:
    escort, _, state = _rest(line.text, line.words[0]).partition(":")
    if not escort.strip():
        raise Misread(_USAGE["out"], line.words[0].column)
    return Discharge(escort.strip(), state.strip())


def _scale(name: str, tokens: list[Token]) -> Scale:
    count, low, high = SCALE_ITEMS[name]
    values = tokens[1:]
    items = tuple(_item(token, low, high) for token in values[:count])
    if len(values) != count:
        fault = values[count].column if len(values) > count else tokens[-1].column + len(tokens[-1].text)
        raise Misread(
            "{name} has {count} items, each {low} to {high}.", fault, name=name, count=count, low=low, high=high
        )
    return Scale(name, items)


def _item(token: Token, low: int, high: int) -> int:
    if re.fullmatch(r"[+-]?[0-9]", token.text, re.ASCII) is None or not low <= int(token.text) <= high:
        raise Misread("An item is a whole number from {low} to {high}.", token.column, low=low, high=high)
    return int(token.text)


def _amount_mg(token: Token) -> Decimal:
    number = token.text[:-2] if token.text.lower().endswith("mg") else token.text
    value = _number(Token(number, token.column))
    if value <= 0:
        raise Misread("An amount is above 0 mg.", token.column)
    return value


def _route(token: Token) -> Route:
    try:
        return Route(token.text.casefold())
    except ValueError:
        raise Misread("A route is one of {names}.", token.column, names=", ".join(Route)) from None


def _name(token: Token) -> str:
    if not token.text[0].isalpha():
        raise Misread("The name of the drug comes first.", token.column)
    return token.text


def _rest(line: str, token: Token) -> str:
    return line[token.column :].strip()


def _require_words(line: _Line, count: int, command: str) -> None:
    if len(line.words) < count:
        raise Misread(_USAGE[command], line.words[-1].column + len(line.words[-1].text))


def _no_more(tokens: list[Token], count: int) -> None:
    if len(tokens) > count:
        raise Misread("Nothing more belongs on this line.", tokens[count].column)


_USAGE = {
    "x": f"Not taken needs its reason: {', '.join(NotTakenReason)}.",
    "dose": "An amount in mg comes next, as in dose 35 im.",
    "rescue": "A rescue drug needs name, mg and route, as in rescue ondansetron 4 iv.",
    "inf": "An infusion is mg over minutes, as in inf 35/40; inf 0 stops it.",
    "waste": "Waste needs mg and its witness, as in waste 15 R. Witness.",
    "ae": "An event is what, then mild, moderate or severe, then: what was done.",
    "do": "Say what was done about it.",
    "out": "Say who takes the patient home, then: in what state.",
}
_COMMANDS: dict[str, Callable[[_Line], MedicalBody]] = {
    "x": _not_taken,
    "dose": _dose,
    "rescue": _rescue,
    "inf": _infusion,
    "waste": _waste,
    "ae": _adverse_event,
    "do": _action,
    "out": _discharge,
}
COMMAND_WORDS = (*_COMMANDS, *SCALE_ITEMS)
"""Every word that a line may begin with, for the table of keys and the tests."""
