"""The fields of a protocol as they are typed, one line each: what is wrong is told with its column.

dose       ketamine iv 0.5 mg/kg over 40    esketamine nasal 56 84 mg device 28 rest 5
vitals     baseline, at 5 40, every 10 to infusion end, every 15 to discharge, end, completion
measure    bp hr spo2 rr moaas
hold       systolic 140, diastolic 90
mark       systolic 90 160, spo2 92 100
phases     0 10 40 60
discharge  60 after end, 90 after dose, floor 120, padss 9, form rems, submit 7
timers     swish 10 spit, device rest 5 next device
fasting    food 120, liquid 30, other_nasal 60

`protocol_as_typed` writes the same lines.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from kapnotes.domain.entries import Route
from kapnotes.domain.errors import Misread
from kapnotes.domain.limits import BOUNDS, Limit
from kapnotes.domain.protocol import FASTING, FIELD_OF, MAX_WHOLE, MEASURES, CueTimer, PlannedDose, VitalsRule
from kapnotes.domain.text import hidden_sign_at
from kapnotes.domain.typed_words import Token, tokens_of

_NUMBER = re.compile(r"[0-9]{1,7}(?:\.[0-9]{1,4})?", re.ASCII)
_AT = ("baseline", "end", "completion")
_UNTIL = {("infusion", "end"): "infusion_end", ("discharge",): "discharge"}


@dataclass(frozen=True, slots=True)
class DischargeRule:
    """When the patient may leave: the numbers of the protocol, each None where it says nothing."""

    stay_after_end_min: int | None = None
    stay_after_dose_min: int | None = None
    floor_min: int | None = None
    padss: int | None = None
    form: str = ""
    submit_days: int | None = None


# ---------------------------------------------------------------------------------------------- reading


def read_words(line: str) -> str:
    """Return a title or a source.

    Raises:
        Misread: it is empty.
    """
    words = " ".join(line.split())
    hidden = hidden_sign_at(words)
    if hidden is not None:
        raise Misread("A sign that nobody sees stands here; no page would show it. Take it out.", hidden)
    if not words:
        raise Misread("This must not be empty.", 0)
    return words


def read_name(line: str) -> str:
    """Return the short name by which sessions know the protocol.

    Raises:
        Misread: it is none.
    """
    name = line.strip()
    if re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", name, re.ASCII) is None:
        raise Misread("A short name is small letters, digits and hyphens, as in iv-40.", 0)
    return name


def read_dose(line: str) -> PlannedDose:
    """Return the dose plan; an amount that is left out is entered at the session."""
    tokens = tokens_of(line)
    if len(tokens) < 2:
        raise Misread("A dose plan begins with drug and route, as in ketamine iv.", len(line))
    drug, route, *rest = tokens
    if route.text not in set(Route):
        raise Misread("A route is one of {names}.", route.column, names=", ".join(Route))
    amounts: list[Decimal] = []
    found: dict[str, Decimal | int | bool] = {}
    place = 0
    while place < len(rest):
        token = rest[place]
        following = rest[place + 1] if place + 1 < len(rest) else None
        if token.text in {"mg", "mg/kg"}:
            _put_amounts(found, token, amounts)
        elif token.text in {"over", "rest", "device", "bolus"}:
            if following is None:
                raise Misread("Something is missing behind this.", token.column + len(token.text))
            if token.text in found:
                raise Misread("This stands twice.", token.column)
            found[token.text] = _of_dose(token.text, following)
            place += 1
        else:
            amounts.append(_amount(token))
        place += 1
    if amounts and "mg" not in found and "mg/kg" not in found:
        raise Misread("Say mg or mg/kg behind the amount.", len(line))
    per_kg, over, device, rest_min, bolus = (found.get(key) for key in ("mg/kg", "over", "device", "rest", "bolus"))
    return PlannedDose(
        drug=drug.text,
        route=Route(route.text),
        mg_per_kg=per_kg if isinstance(per_kg, Decimal) else None,
        amounts_mg=tuple(amounts) if "mg" in found else (),
        over_min=over if isinstance(over, int) else None,
        device_mg=device if isinstance(device, Decimal) else None,
        rest_min=rest_min if isinstance(rest_min, int) else None,
        bolus=bolus if isinstance(bolus, bool) else None,
    )


def _put_amounts(found: dict[str, Decimal | int | bool], unit: Token, amounts: list[Decimal]) -> None:
    if "mg" in found or "mg/kg" in found:
        raise Misread("This stands twice.", unit.column)
    if not amounts:
        raise Misread("The amount comes before its unit, as in 0.5 mg/kg.", unit.column)
    if unit.text == "mg/kg" and len(amounts) > 1:
        raise Misread("One amount for each kg, as in 0.5 mg/kg.", unit.column)
    found[unit.text] = amounts[0]


def _of_dose(word: str, token: Token) -> Decimal | int | bool:
    if word == "device":
        return _amount(token)
    if word == "bolus":
        if token.text not in {"yes", "no"}:
            raise Misread("A bolus is yes or no.", token.column)
        return token.text == "yes"
    return _whole(token, least=1 if word == "over" else 0)


def read_vitals(line: str) -> tuple[VitalsRule, ...]:
    """Return the schedule."""
    rules = tuple(_rule(words, end) for words, end in _parts(line))
    if not rules:
        raise Misread("When are vitals taken? As in baseline, every 10 to infusion end.", 0)
    return rules


def _rule(words: list[Token], end: int) -> VitalsRule:
    first, rest = words[0], words[1:]
    if first.text in _AT:
        _no_more(words, 1)
        return VitalsRule(at=first.text)
    if first.text == "at":
        if not rest:
            raise Misread("Minutes after the first dose come here, as in at 5 40.", end)
        return VitalsRule(at_min=tuple(sorted({_whole(token, least=1) for token in rest})))
    if first.text == "every":
        if not rest:
            raise Misread("Minutes come here, as in every 10 to infusion end.", end)
        every_min = _whole(rest[0], least=1)
        if len(rest) < 2 or rest[1].text != "to":
            raise Misread("Say until when: to infusion end, or to discharge.", rest[1].column if rest[1:] else end)
        until = _UNTIL.get(tuple(token.text for token in rest[2:]))
        if until is None:
            raise Misread("Say until when: to infusion end, or to discharge.", rest[2].column if rest[2:] else end)
        return VitalsRule(every_min=every_min, until=until)
    raise Misread("A rule is baseline, at 5, every 10 to infusion end, end, or completion.", first.column)


def read_measure(line: str) -> tuple[str, ...]:
    """Return what is measured."""
    tokens = tokens_of(line.replace(",", " "))
    if not tokens:
        raise Misread("What is measured? Any of {names}.", 0, names=", ".join(MEASURES))
    for place, token in enumerate(tokens):
        if token.text not in MEASURES:
            raise Misread("Nobody measures this; any of {names}.", token.column, names=", ".join(MEASURES))
        if token.text in [one.text for one in tokens[:place]]:
            raise Misread("This stands twice.", token.column)
    return tuple(token.text for token in tokens)


def read_hold(line: str) -> dict[str, Decimal]:
    """Return above what the start is held, by field of `Vitals`; nothing holds it where the line is empty."""
    found: dict[str, Decimal] = {}
    for words, end in _parts(line):
        field = _field(words[0], found)
        if len(words) < 2:
            raise Misread("A limit comes here, as in systolic 140.", end)
        _no_more(words, 2)
        found[field] = _value(field, words[1])
    return found


def read_mark(line: str) -> dict[str, Limit]:
    """Return the limits outside which a reading is marked, by field of `Vitals`."""
    found: dict[str, Limit] = {}
    for words, end in _parts(line):
        field = _field(words[0], found)
        if len(words) < 3:
            raise Misread("Two limits come here, the low one first, as in systolic 90 160.", end)
        _no_more(words, 3)
        low, high = _value(field, words[1]), _value(field, words[2])
        if low >= high:
            raise Misread("The low limit {low} is not below the high one {high}.", words[1].column, low=low, high=high)
        found[field] = Limit(low, high)
    return found


def read_phases(line: str) -> tuple[int, int, int, int]:
    """Return when onset, peak, return and recovery begin, in minutes after the first dose."""
    tokens = tokens_of(line)
    minutes = [_whole(token) for token in tokens]
    if len(minutes) != 4:
        raise Misread("Four minutes: onset, peak, return, recovery, as in 0 10 40 60.", len(line))
    for place in range(1, 4):
        if minutes[place] < minutes[place - 1]:
            raise Misread("This phase begins before the one that it follows.", tokens[place].column)
    onset, peak, back, recovery = minutes
    return onset, peak, back, recovery


def read_check_in(line: str) -> int:
    """Return the minutes between two check-ins."""
    tokens = tokens_of(line)
    if not tokens:
        raise Misread("Minutes come here, as in 5.", 0)
    _no_more(tokens, 1)
    return _whole(tokens[0], least=1)


def read_discharge(line: str) -> DischargeRule:
    """Return when the patient may leave."""
    found: dict[str, int | str] = {}
    for words, end in _parts(line):
        key, value = _of_discharge(words, end)
        if key in found:
            raise Misread("This stands twice.", words[0].column)
        found[key] = value
    numbers = {key: value for key, value in found.items() if isinstance(value, int)}
    return DischargeRule(
        numbers.get("after end"),
        numbers.get("after dose"),
        numbers.get("floor"),
        numbers.get("padss"),
        str(found.get("form", "")),
        numbers.get("submit"),
    )


def _of_discharge(words: list[Token], end: int) -> tuple[str, int | str]:
    said = [token.text for token in words]
    if said[0] in {"floor", "padss", "form", "submit"}:
        if len(words) < 2:
            raise Misread("Something is missing behind this.", end)
        _no_more(words, 2)
        if said[0] == "form":
            return "form", said[1]
        number = _whole(words[1])
        if said[0] == "padss" and number > 10:
            raise Misread("PADSS is 0 to 10.", words[1].column)
        return said[0], number
    if said[0].isdigit():
        if said[1:] not in (["after", "end"], ["after", "dose"]):
            raise Misread("Minutes after what? As in 60 after end, or 90 after dose.", end)
        return " ".join(said[1:]), _whole(words[0])
    raise Misread("As in 60 after end, 90 after dose, floor 120, padss 9.", words[0].column)


def read_timers(line: str) -> tuple[CueTimer, ...]:
    """Return the quiet cues of the route: what is timed, its minutes, and what comes then."""
    timers: list[CueTimer] = []
    for words, end in _parts(line):
        place = next((place for place, token in enumerate(words) if token.text.isdigit()), None)
        if not place or place == len(words) - 1:
            raise Misread("A timer is what, its minutes, and what comes then, as in swish 10 spit.", end)
        name, then = (" ".join(token.text for token in part) for part in (words[:place], words[place + 1 :]))
        timers.append(CueTimer(name, _whole(words[place], least=1), then))
    return tuple(timers)


def read_fasting(line: str) -> dict[str, int]:
    """Return for how many minutes the patient keeps away from what."""
    found: dict[str, int] = {}
    for words, end in _parts(line):
        what = words[0].text
        if what not in FASTING:
            raise Misread("Fasting is from one of {names}.", words[0].column, names=", ".join(FASTING))
        if what in found:
            raise Misread("This stands twice.", words[0].column)
        if len(words) < 2:
            raise Misread("Minutes come here, as in food 120.", end)
        _no_more(words, 2)
        found[what] = _whole(words[1])
    return {what: found[what] for what in FASTING if what in found}


# ------------------------------------------------------------------------------------ one word of a line


def _parts(line: str) -> Iterator[tuple[list[Token], int]]:
    """Give the words between commas, each part with the column of its end."""
    start = 0
    for part in line.split(","):
        end = start + len(part.rstrip())
        words = [Token(token.text, token.column + start) for token in tokens_of(part)]
        if words:
            yield words, end
        elif line.strip():
            raise Misread("Something is missing between the commas.", start)
        start += len(part) + 1


def _field(token: Token, found: dict[str, object] | dict[str, Decimal] | dict[str, Limit]) -> str:
    field = FIELD_OF.get(token.text)
    if field is None:
        raise Misread("Nobody measures this; any of {names}.", token.column, names=", ".join(FIELD_OF))
    if field in found:
        raise Misread("This stands twice.", token.column)
    return field


def _value(field: str, token: Token) -> Decimal:
    value = _amount(token)
    low, high = BOUNDS[field].possible
    if not low <= value <= high:
        raise Misread("{name} is {low} to {high}.", token.column, name=BOUNDS[field].name, low=low, high=high)
    return value


def _amount(token: Token) -> Decimal:
    if _NUMBER.fullmatch(token.text) is None:
        raise Misread("This is not a number.", token.column)
    amount = Decimal(token.text)
    if amount <= 0:
        raise Misread("A number above zero belongs here.", token.column)
    return amount


def _whole(token: Token, *, least: int = 0) -> int:
    if re.fullmatch(r"[0-9]{1,5}", token.text, re.ASCII) is None or not least <= int(token.text) <= MAX_WHOLE:
        raise Misread("A whole number from {least} to {most} belongs here.", token.column, least=least, most=MAX_WHOLE)
    return int(token.text)


def _no_more(words: list[Token], count: int) -> None:
    if len(words) > count:
        raise Misread("Nothing more belongs here.", words[count].column)


READ: dict[str, Callable[[str], object]] = {
    "name": read_name,
    "title": read_words,
    "source": read_words,
    "dose": read_dose,
    "vitals": read_vitals,
    "measure": read_measure,
    "hold": read_hold,
    "mark": read_mark,
    "phases": read_phases,
    "check_in": read_check_in,
    "discharge": read_discharge,
    "timers": read_timers,
    "fasting": read_fasting,
}
"""How each field of the form is read, in the order of the form."""
