"""The lines of the drug's own book: taken out of stock, destroyed before a witness, given back.

drawn 100 50mg/ml 2ml lot A12 exp 2027-03   taken out of stock; any of mg, mL and mg/mL that makes mg
waste 15 R. Witness         drawn and not given, and who saw it destroyed
return 20 pharmacy          drawn and given back, and to whom

The name of another drug than the protocol's comes first: drawn midazolam 5, waste midazolam 3 R. Witness.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from kapnotes.domain.drug_amounts import UNITS, read_amount
from kapnotes.domain.drug_entries import Drawn, Returned
from kapnotes.domain.entries import Waste
from kapnotes.domain.errors import Misread
from kapnotes.domain.typed_words import Command, CommandLine, Grammar, Token, amount_mg_of

_EXPIRY = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])", re.ASCII)
_LOT, _EXP = "lot", "exp"
_LONGEST_LOT = 40


def _drawn(line: CommandLine) -> Drawn:
    drug, words = _drug_and_rest(line)
    amounts: list[Token] = []
    said: dict[str, str] = {}
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        keyword = word.text.casefold()
        if keyword not in {_LOT, _EXP}:
            amounts.append(word)
            continue
        if keyword in said:
            raise Misread("This value stands twice.", word.column)
        said[keyword] = _lot(waiting, word) if keyword == _LOT else _expiry(waiting, word)
    usage = line.command.misread(words[-1].end)
    if not amounts:
        raise usage
    amount = read_amount(amounts, usage)
    volume_ml, concentration = amount.volume_ml, amount.concentration_mg_per_ml
    return Drawn(drug, amount.mg, volume_ml, concentration, said.get(_LOT, ""), said.get(_EXP, ""))


def _lot(waiting: list[Token], keyword: Token) -> str:
    if not waiting or waiting[0].text.casefold() in {_LOT, _EXP}:
        raise Misread("The number of the lot comes next, as in lot A12.", keyword.end)
    if len(waiting[0].text) > _LONGEST_LOT:
        raise Misread("The number of a lot has at most {most} characters.", waiting[0].column, most=_LONGEST_LOT)
    return waiting.pop(0).text


def _expiry(waiting: list[Token], keyword: Token) -> str:
    if not waiting or _EXPIRY.fullmatch(waiting[0].text) is None:
        fault = waiting[0].column if waiting else keyword.end
        raise Misread("An expiry is year and month, as in exp 2027-03.", fault)
    return waiting.pop(0).text


def _waste(line: CommandLine) -> Waste:
    return Waste(*_drug_mg_and_whom(line))


def _returned(line: CommandLine) -> Returned:
    return Returned(*_drug_mg_and_whom(line))


def _drug_mg_and_whom(line: CommandLine) -> tuple[str, Decimal, str]:
    """Return the drug, the mg and the words behind them; mg may be a word of its own, and no other unit stands there.

    Raises:
        Misread: it is none, nobody is named, or another unit would be taken for a name and its number for mg.
    """
    drug, words = _drug_and_rest(line)
    amount_mg = amount_mg_of(words[0])
    behind = 2 if [word.text.casefold() for word in words[1:2]] == ["mg"] else 1
    if len(words) <= behind:
        raise line.command.misread(words[-1].end)
    if words[behind].text.casefold() in UNITS:
        raise line.command.misread(words[behind].column)
    return drug, amount_mg, line.text[words[behind].column :].strip()


def _drug_and_rest(line: CommandLine) -> tuple[str, Sequence[Token]]:
    """Return the drug, the protocol's where none is named, and the words behind it; a name stands before an amount."""
    words = line.words
    is_named = len(words) > 1 and words[0].text[0].isalpha() and words[1].text[0].isdigit()
    if is_named and words[0].text.casefold() not in {_LOT, _EXP}:
        return words[0].text, words[1:]
    return line.drug, words


def _drawn_line(drawn: Drawn) -> str:
    volume = _with_unit(drawn.volume_ml, "ml")
    per_ml = _with_unit(drawn.concentration_mg_per_ml, "mg/ml")
    lot = f"{_LOT} {drawn.lot}" if drawn.lot else ""
    expires = f"{_EXP} {drawn.expires}" if drawn.expires else ""
    return " ".join(filter(None, ["drawn", _named(drawn.drug), f"{drawn.drawn_mg:f}", per_ml, volume, lot, expires]))


def _waste_line(waste: Waste) -> str:
    return " ".join(filter(None, ["waste", _named(waste.drug), f"{waste.waste_mg:f}", waste.witness]))


def _returned_line(returned: Returned) -> str:
    return " ".join(filter(None, ["return", _named(returned.drug), f"{returned.returned_mg:f}", returned.returned_to]))


def _named(drug: str) -> str:
    """Return *drug* where a line can name it: one word that begins with a letter."""
    return drug if drug and drug[0].isalpha() and len(drug.split()) == 1 else ""


def _with_unit(value: Decimal | None, unit: str) -> str:
    return "" if value is None else f"{value:f}{unit}"


STOCK_LINES = (
    Grammar(
        Drawn,
        _drawn_line,
        (
            Command(
                "drawn",
                "What was drawn is mg, or ml with mg/ml, as in drawn 100 50mg/ml 2ml lot A12 exp 2027-03.",
                "drawn 100 50mg/ml 2ml lot A12 exp 2027-03",
                _drawn,
            ),
        ),
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
    Grammar(
        Returned,
        _returned_line,
        (
            Command(
                "return",
                "What went back needs mg and to whom, as in return 20 pharmacy.",
                "return 20 pharmacy",
                _returned,
            ),
        ),
    ),
)
"""How what was drawn, wasted and returned is typed."""
