"""The lines of the scales, item by item: padss 2 2 2 2 2, aldrete 2 2 2 2 2, rass -1, cadss6 0 1 0 2 0 0."""

import re
from functools import partial

from kapnotes.domain.entries import Scale
from kapnotes.domain.errors import Misread
from kapnotes.domain.typed_words import Command, CommandLine, Grammar, Token

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


def _scale(name: str, line: CommandLine) -> Scale:
    count, low, high = SCALE_ITEMS[name]
    items = tuple(_item(token, low, high) for token in line.words[:count])
    if len(line.words) != count:
        fault = line.words[count].column if len(line.words) > count else line.words[-1].end
        raise line.command.misread(fault)
    return Scale(name, items)


def _item(token: Token, low: int, high: int) -> int:
    if re.fullmatch(r"[+-]?[0-9]", token.text, re.ASCII) is None or not low <= int(token.text) <= high:
        raise Misread("An item is a whole number from {low} to {high}.", token.column, low=low, high=high)
    return int(token.text)


def _scale_line(scale: Scale) -> str:
    return " ".join([scale.name, *map(str, scale.items)])


def _command(name: str) -> Command:
    count, low, high = SCALE_ITEMS[name]
    example = " ".join([name, *[str(high)] * count])
    facts = {"name": name, "count": count, "low": low, "high": high}
    return Command(name, "{name} has {count} items, each {low} to {high}.", example, partial(_scale, name), facts)


SCALE_LINES = (Grammar(Scale, _scale_line, tuple(map(_command, SCALE_ITEMS))),)
"""How a scale is typed."""
