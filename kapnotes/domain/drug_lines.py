"""The lines of what is given: a dose, a rescue drug, an infusion with its rates and pauses.

dose 35 im                  an amount given at once          rescue ondansetron 4 iv
dose 35 im left deltoid     and where                        dose 0.7ml 50mg/ml im   by volume
inf 35/40                   an infusion of 35 mg over 40 min  inf 0 stops it, inf 0.5 sets mg/min
inf pause                   it rests                         inf go: on at the rate before
"""

from decimal import ROUND_HALF_EVEN, Decimal

from kapnotes.domain.drug_amounts import UNITS, amounts_ahead, read_amount
from kapnotes.domain.drug_entries import DoseDetail, InfusionPause
from kapnotes.domain.entries import Dose, Infusion
from kapnotes.domain.errors import Misread
from kapnotes.domain.typed_words import (
    Command,
    CommandLine,
    Grammar,
    Token,
    amount_mg_of,
    drug_of,
    no_more_than,
    number_of,
    require_words,
    rest_of,
    route_of,
)

_PAUSE, _GO = "pause", "go"
_RATE_PLACES = Decimal("0.0001")
_LONGEST_MIN = Decimal(999999)


def attached(line: CommandLine) -> DoseDetail | InfusionPause | None:
    """Return what a line that is understood says beyond its body: where a dose went, from what, or that it is a pause.

    The id of the body's entry is still to be filled in.
    """
    match line.command.word:
        case "dose":
            _, detail = _dose_with_detail(line)
            return detail
        case "inf" if line.words[0].text.casefold() == _PAUSE:
            return InfusionPause("")
        case _:
            return None


def _dose(line: CommandLine) -> Dose:
    dose, _ = _dose_with_detail(line)
    return dose


def _dose_with_detail(line: CommandLine) -> tuple[Dose, DoseDetail | None]:
    """Return the dose, and what it has no field for; amounts stand before the route or behind it, the site last."""
    words = line.words
    ahead = amounts_ahead(words)
    if not ahead:
        amount_mg_of(words[0])
    behind = amounts_ahead(words[ahead + 1 :])
    route = route_of(words[ahead]) if len(words) > ahead else line.route
    amount = read_amount([*words[:ahead], *words[ahead + 1 : ahead + 1 + behind]], line.command.misread(words[-1].end))
    site = _site(line, ahead + 1 + behind)
    dose = Dose(line.drug, amount.mg, route)
    if not site and amount.volume_ml is None and amount.concentration_mg_per_ml is None:
        return dose, None
    return dose, DoseDetail("", site, amount.volume_ml, amount.concentration_mg_per_ml)


def _site(line: CommandLine, word: int) -> str:
    if len(line.words) <= word:
        return ""
    if line.words[word].text.casefold() in UNITS or not line.words[word].text[0].isalpha():
        raise Misread("Behind the route comes the site, as in left deltoid.", line.words[word].column)
    return rest_of(line, word)


def _rescue(line: CommandLine) -> Dose:
    drug = drug_of(line.words[0])
    require_words(line, 2)
    dose_mg = amount_mg_of(line.words[1])
    require_words(line, 3)
    route = route_of(line.words[2])
    no_more_than(line, 3)
    return Dose(drug, dose_mg, route, is_rescue=True)


def _infusion(line: CommandLine) -> Infusion:
    first = line.words[0]
    if first.text.casefold() in {_PAUSE, _GO}:
        no_more_than(line, 1)
        return Infusion(line.drug, _rate_of_word(line))
    planned, slash, minutes = first.text.partition("/")
    if not slash:
        rate_mg_per_min, planned_mg = number_of(first), None
    else:
        planned_mg = amount_mg_of(Token(planned, first.column))
        over = Token(minutes, first.column + len(planned) + 1)
        rate_mg_per_min = _rate(planned_mg, number_of(over), over)
    no_more_than(line, 1)
    return Infusion(line.drug, rate_mg_per_min, planned_mg)


def _rate_of_word(line: CommandLine) -> Decimal:
    if line.words[0].text.casefold() == _PAUSE:
        return Decimal(0)
    if line.paused_rate_mg_per_min is None:
        raise Misread("No infusion is paused; inf 0.5 sets a rate in mg/min.", line.words[0].column)
    return line.paused_rate_mg_per_min


def _rate(planned_mg: Decimal, over_min: Decimal, token: Token) -> Decimal:
    if over_min <= 0:
        raise Misread("An infusion lasts longer than 0 minutes; inf 0 stops it.", token.column)
    rate_mg_per_min = (planned_mg / over_min).quantize(_RATE_PLACES)
    if rate_mg_per_min <= 0:
        raise Misread("This rate is too small to be kept; inf 0 stops the infusion.", token.column)
    return rate_mg_per_min


def _dose_line(dose: Dose) -> str:
    if dose.is_rescue:
        return f"rescue {dose.drug} {dose.dose_mg:f} {dose.route}"
    return f"dose {dose.dose_mg:f} {dose.route}"


def line_with(line: str, attached: DoseDetail | InfusionPause | None) -> str:
    """Return the *line* of a dose or a stop with what stands beside it, so that it is read with that again."""
    match attached:
        case InfusionPause():
            return f"inf {_PAUSE}"
        case DoseDetail(_, site, volume_ml, per_ml):
            volume = "" if volume_ml is None else f"{volume_ml:f}ml"
            return " ".join(filter(None, [line, volume, "" if per_ml is None else f"{per_ml:f}mg/ml", site]))
        case _:
            return line


def _infusion_line(infusion: Infusion) -> str:
    if infusion.planned_mg is None or infusion.rate_mg_per_min <= 0:
        return f"inf {infusion.rate_mg_per_min:f}"
    return f"inf {infusion.planned_mg:f}/{_minutes(infusion.planned_mg, infusion.rate_mg_per_min):f}"


def _minutes(planned_mg: Decimal, rate_mg_per_min: Decimal) -> Decimal:
    """Return the shortest number of minutes that is read as this rate again."""
    exact_min = min(planned_mg / rate_mg_per_min, _LONGEST_MIN)
    for places in range(4):
        over_min = exact_min.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)
        if over_min > 0 and (planned_mg / over_min).quantize(_RATE_PLACES) == rate_mg_per_min:
            return over_min
    return exact_min.quantize(_RATE_PLACES)


DRUG_LINES = (
    Grammar(
        Dose,
        _dose_line,
        (
            Command("dose", "An amount in mg comes next, as in dose 35 im.", "dose 35 im", _dose),
            Command(
                "rescue",
                "A rescue drug needs name, mg and route, as in rescue ondansetron 4 iv.",
                "rescue ondansetron 4 iv",
                _rescue,
            ),
        ),
    ),
    Grammar(
        Infusion,
        _infusion_line,
        (
            Command(
                "inf",
                "An infusion is mg over minutes, as in inf 35/40; inf pause, inf go, inf 0 stops it.",
                "inf 35/40",
                _infusion,
            ),
        ),
    ),
)
"""How what was given is typed."""
