"""The clinic's own list of rescue and adjunct drugs, as the vitals log completes a name from it."""

import re
from collections.abc import Sequence

from kapnotes.domain.clinic import RescueDrug
from kapnotes.domain.entries import Dose, MedicalBody, Route
from kapnotes.domain.errors import Misread
from kapnotes.domain.record import Record
from kapnotes.domain.typed_words import tokens_of

COMMAND = "rescue"
UNITS = ("mg", "mcg", "g", "mL", "units")
"""What a unit may be; it is a hint beside the name, for the log counts mg."""


def matches(typed: str, drugs: Sequence[RescueDrug]) -> tuple[RescueDrug, ...]:
    """Return the drugs that *typed* can mean: the one of that very name, else all that begin so."""
    word = typed.casefold()
    whole = tuple(drug for drug in drugs if drug.name.casefold() == word)
    return whole or tuple(drug for drug in drugs if drug.name.casefold().startswith(word))


def typed_drug(line: str) -> tuple[str, int] | None:
    """Return the name behind the word `rescue` and its column, None where *line* is no such line or names none yet."""
    tokens = tokens_of(line)
    if len(tokens) < 2 or tokens[0].text.casefold() != COMMAND:
        return None
    return tokens[1].text, tokens[1].column


def completed(name: str, column: int, drugs: Sequence[RescueDrug]) -> str:
    """Return the name on the list that *name* means, or *name* itself where none begins so.

    Raises:
        Misread: several begin so; with their names.
    """
    found = matches(name, drugs)
    if len(found) > 1:
        names = ", ".join(drug.name for drug in found)
        raise Misread("This may be {names}: a letter more tells which.", column, names=names)
    return found[0].name if found else name


def unknown_drug(body: MedicalBody, record: Record, drugs: Sequence[RescueDrug]) -> str:
    """Return the rescue drug of *body* where it is neither on the list nor was given in this session before."""
    if not isinstance(body, Dose) or not body.is_rescue:
        return ""
    given = (one.drug for _, one in record.of(Dose) if one.is_rescue)
    known = {name.casefold() for name in (*given, *(drug.name for drug in drugs))}
    return "" if body.drug.casefold() in known else body.drug


def read_drug(name: str, routes: str, unit: str) -> RescueDrug:
    """Return the drug of the list that these words make.

    Raises:
        Misread: the name is no single word, a route is none, or the unit is none.
    """
    name = name.strip()
    if re.fullmatch(r"[^\W\d_][\w-]{0,39}", name) is None:
        raise Misread("The name of a drug is one word that begins with a letter.", 0)
    words = tokens_of(routes.replace(",", " "))
    for token in words:
        if token.text.casefold() not in set(Route):
            raise Misread("A route is one of {names}.", token.column, names=", ".join(Route))
    if unit.strip() not in UNITS:
        raise Misread("A unit is one of {names}.", 0, names=", ".join(UNITS))
    return RescueDrug(name, tuple(dict.fromkeys(token.text.casefold() for token in words)), unit.strip())
