"""The lines of the drug: an amount given, a rescue drug, an infusion, what was drawn and not given.

dose 35 im                  an amount given at once          rescue ondansetron 4 iv
inf 35/40                   an infusion of 35 mg over 40 min  inf 0 stops it, inf 0.5 sets mg/min
waste 15 Witness Name       drawn and not given
"""

from decimal import ROUND_HALF_EVEN, Decimal

from kapnotes.domain.entries import Dose, Infusion, Waste
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

_RATE_PLACES = Decimal("0.0001")
_LONGEST_MIN = Decimal(999999)


def _dose(line: CommandLine) -> Dose:
    dose_mg = amount_mg_of(line.words[0])
    route = route_of(line.words[1]) if len(line.words) > 1 else line.route
    no_more_than(line, 2)
    return Dose(line.drug, dose_mg, route)


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
    planned, slash, minutes = first.text.partition("/")
    if not slash:
        rate_mg_per_min, planned_mg = number_of(first), None
    else:
        planned_mg = amount_mg_of(Token(planned, first.column))
        over = Token(minutes, first.column + len(planned) + 1)
        rate_mg_per_min = _rate(planned_mg, number_of(over), over)
    no_more_than(line, 1)
    return Infusion(line.drug, rate_mg_per_min, planned_mg)


def _rate(planned_mg: Decimal, over_min: Decimal, token: Token) -> Decimal:
    if over_min <= 0:
        raise Misread("An infusion lasts longer than 0 minutes; inf 0 stops it.", token.column)
    rate_mg_per_min = (planned_mg / over_min).quantize(_RATE_PLACES)
    if rate_mg_per_min <= 0:
        raise Misread("This rate is too small to be kept; inf 0 stops the infusion.", token.column)
    return rate_mg_per_min


def _waste(line: CommandLine) -> Waste:
    waste_mg = amount_mg_of(line.words[0])
    require_words(line, 2)
    return Waste(line.drug, waste_mg, rest_of(line, 1))


def _dose_line(dose: Dose) -> str:
    if dose.is_rescue:
        return f"rescue {dose.drug} {dose.dose_mg:f} {dose.route}"
    return f"dose {dose.dose_mg:f} {dose.route}"


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


def _waste_line(waste: Waste) -> str:
    return f"waste {waste.waste_mg:f} {waste.witness}"


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
        (Command("inf", "An infusion is mg over minutes, as in inf 35/40; inf 0 stops it.", "inf 35/40", _infusion),),
    ),
    Grammar(
        Waste,
        _waste_line,
        (
            Command(
                "waste", "Waste needs mg and its witness, as in waste 15 R. Witness.", "waste 15 R. Witness", _waste
            ),
        ),
    ),
)
"""How what was given and what was not given is typed."""
