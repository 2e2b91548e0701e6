"""The lines of the scales, item by item: padss 2 2 2 2 2, aldrete 2 2 2 2 2, rass -1, moaas 4, cadss6 0 1 0 2 0 0.

Items that follow from readings may be left out: padss 2 2 2 2, aldrete 2 2 2, or aldrete 2 2 2 1 with SpO₂ typed.
"""

import re
from functools import partial

from kapnotes.domain.assessed import ComputedScale, ItemSource, Scale
from kapnotes.domain.errors import CannotTell, Misread
from kapnotes.domain.scales import COMPUTED, SCALE_ITEMS
from kapnotes.domain.typed_words import Command, CommandLine, Grammar, Token


def _scale(name: str, line: CommandLine) -> Scale:
    count, low, high = SCALE_ITEMS[name]
    computed = COMPUTED.get(name, ())
    typed = [_item(token, low, high) for token in line.words[:count]]
    absent = count - len(line.words)
    if not 0 <= absent <= len(computed):
        raise line.command.misread(line.words[count].column if absent < 0 else line.words[-1].end)
    known = {item: _source(name, item, line, is_needed=item in computed[:absent]) for item in computed}
    sources = tuple(source for source in known.values() if source is not None)
    for source in sources:
        if source.item in computed[:absent]:
            typed.insert(source.item - 1, source.score)
    items = tuple(typed)
    return ComputedScale(name, items, sources) if sources else Scale(name, items)


def _source(name: str, item: int, line: CommandLine, *, is_needed: bool) -> ItemSource | None:
    """Return what an item follows from, None where it is typed and nothing tells it."""
    try:
        return line.known.computed_item(name, item)
    except CannotTell as why:
        if is_needed:
            raise Misread(why.template, line.words[-1].end, **why.facts) from None
        return None


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


SCALE_LINES = (
    Grammar(Scale, _scale_line, tuple(map(_command, SCALE_ITEMS))),
    Grammar(ComputedScale, _scale_line),
)
"""How a scale is typed."""
