"""The CRNA's one line: what is typed, as an entry's body, or the column of what is not understood.

128/76 72 98 14 s4          blood pressure, heart rate, SpO₂, respiratory rate, MOAA/S
hr72 sp98 t36.7 et38 o2 2   labelled values, in any order
x asleep                    not taken, with its reason
dose 35 im left deltoid     an amount given at once          rescue ondansetron 4 iv
dose 0.7ml 50mg/ml im       the same by volume: 35 mg
inf 35/40                   an infusion of 35 mg over 40 min  inf 0 stops it, inf 0.5 sets mg/min
inf pause                   it rests                         inf go: on at the rate before
drawn 100 50mg/ml 2ml lot A12 exp 2027-03   taken out of stock
waste 15 Witness Name       drawn and not given              return 20 pharmacy
ae nausea mild: reassured   an adverse event                  do repositioned the cuff
padss 2 2 2 2               a scale, item by item             aldrete 2 2 2 2 2, rass -1
out partner: steady, oriented   discharge, with whom
em colour comes back        a note in an emergency's timeline  em o2 10
"""

from decimal import Decimal
from typing import Any, TypeGuard

from kapnotes.domain.drug_entries import DoseDetail, InfusionPause
from kapnotes.domain.drug_lines import DRUG_LINES, attached
from kapnotes.domain.emergency_lines import EMERGENCY_LINES
from kapnotes.domain.entries import MedicalBody, Route
from kapnotes.domain.errors import Misread
from kapnotes.domain.event_lines import EVENT_LINES
from kapnotes.domain.scale_lines import SCALE_LINES
from kapnotes.domain.stock_lines import STOCK_LINES
from kapnotes.domain.text import hidden_sign_at
from kapnotes.domain.typed_words import CommandLine, Grammar, Known, NothingKnown, tokens_of
from kapnotes.domain.vitals_line import VITALS_LINES, read_vitals

MAX_LINE = 4096
"""More than this is no line of a log."""

GRAMMARS: tuple[Grammar[Any], ...] = (
    *VITALS_LINES,
    *EVENT_LINES,
    *DRUG_LINES,
    *STOCK_LINES,
    *SCALE_LINES,
    *EMERGENCY_LINES,
)
"""Every kind of body that is typed; another kind comes in with its grammar beside its parser."""

COMMANDS = {command.word: command for grammar in GRAMMARS for command in grammar.commands}
"""Every word that a line may begin with, for the line, the table of keys and the tests."""

_GRAMMAR_OF = {grammar.kind: grammar for grammar in GRAMMARS}


_NOTHING_KNOWN = NothingKnown()


def read_line(
    line: str,
    *,
    drug: str,
    route: Route,
    paused_rate_mg_per_min: Decimal | None = None,
    known: Known = _NOTHING_KNOWN,
) -> MedicalBody:
    """Return the body that *line* stands for; what it leaves out is the protocol's *drug* and *route*, or is *known*.

    *paused_rate_mg_per_min* is at what rate an infusion that is paused goes on, None where none is.

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
    hidden = hidden_sign_at(line)
    if hidden is not None:
        raise Misread("A sign that nobody sees stands here; no page would show it. Take it out.", hidden)
    tokens = tokens_of(line)
    if not tokens:
        raise Misread("Type the readings, as in 128/76 72 98 14 s4.", 0)
    command = COMMANDS.get(tokens[0].text.casefold())
    if command is None:
        return read_vitals(tokens)
    if len(tokens) == 1:
        raise command.misread(tokens[0].end)
    return command.read(CommandLine(line, tokens[1:], drug, route, command, paused_rate_mg_per_min, known))


def read_attached(line: str, route: Route) -> DoseDetail | InfusionPause | None:
    """Return what *line*, which `read_line` understands, says beyond its body, None for most.

    It goes into an entry of its own, which is to name the body's entry as its target.
    """
    tokens = tokens_of(line)
    command = COMMANDS.get(tokens[0].text.casefold()) if len(tokens) > 1 else None
    return None if command is None else attached(CommandLine(line, tokens[1:], "", route, command))


def first_word(line: str) -> str:
    """Return the command that *line* begins with; empty where it is a set of vitals."""
    words = tokens_of(line[:MAX_LINE])
    word = words[0].text.casefold() if words else ""
    return word if word in COMMANDS else ""


def is_typed(body: object) -> TypeGuard[MedicalBody]:
    """Tell whether *body* is of a kind that has a line; the others come from keys, forms and files."""
    return type(body) in _GRAMMAR_OF


def line_of(body: MedicalBody) -> str:
    """Return the line that is read as *body* again, with everything written out that the protocol would fill in.

    Raises:
        KeyError: this kind is never typed.
    """
    line: str = _GRAMMAR_OF[type(body)].write(body)
    return line
