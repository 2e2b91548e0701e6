"""The words of a typed line with their columns, and what one word can be: a number, an amount, a route, a name."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Generic, Protocol, TypeVar

from kapnotes.domain.assessed import EventEnded, ItemSource, Unmet
from kapnotes.domain.entries import MedicalBody, Route
from kapnotes.domain.errors import CannotTell, Misread

_NUMBER = re.compile(r"[0-9]{1,6}(?:[.,][0-9]{1,4})?", re.ASCII)
KindT = TypeVar("KindT", bound=MedicalBody)


@dataclass(frozen=True, slots=True)
class Token:
    """One word of the line and the column it starts at."""

    text: str
    column: int

    @property
    def end(self) -> int:
        """Return the column behind the word."""
        return self.column + len(self.text)


class Known(Protocol):
    """What the session knows of what a line leaves out."""

    def computed_item(self, name: str, item: int) -> ItemSource:
        """Return what an item (from 1) of a scale follows from; raises `CannotTell`."""
        ...

    def end_of(self, what: str) -> EventEnded:
        """Return the end of the newest open event of that name, or beginning so; raises `CannotTell`."""
        ...

    def unmet(self) -> tuple[Unmet, ...]:
        """Return what of the protocol's rule of discharge is not met."""
        ...


class NothingKnown:
    """A session of which nothing is known."""

    def computed_item(self, name: str, item: int) -> ItemSource:
        """Raise: no reading is there."""
        del name, item
        raise CannotTell("No reading tells this item; type it.")

    def end_of(self, what: str) -> EventEnded:
        """Raise: no event is open."""
        del what
        raise CannotTell("No adverse event is open.")

    def unmet(self) -> tuple[Unmet, ...]:
        """Return nothing: there is no rule."""
        return ()


@dataclass(frozen=True, slots=True)
class CommandLine:
    """A line whose first word was a command: the words behind it (one at least), and what is filled in.

    Drug and route are the protocol's; `paused_rate_mg_per_min` is of an infusion that is paused, None where none is.
    `known` is what else the session knows.
    """

    text: str
    words: list[Token]
    drug: str
    route: Route
    command: "Command"
    paused_rate_mg_per_min: Decimal | None = None
    known: Known = field(default_factory=NothingKnown)


@dataclass(frozen=True, slots=True)
class Command:
    """A word that a line may begin with: what belongs behind it, a line as an example, and what reads it.

    `usage` is an error's template, filled with `facts`.
    """

    word: str
    usage: str
    example: str
    read: Callable[[CommandLine], MedicalBody]
    facts: Mapping[str, object] = field(default_factory=dict)

    def misread(self, column: int) -> Misread:
        """Return the fault of a line that is not typed as this command is, at *column*."""
        return Misread(self.usage, column, **self.facts)


@dataclass(frozen=True, slots=True)
class Grammar(Generic[KindT]):
    """How one kind of body is typed: the words that begin its lines, and what writes a body as the line it came from.

    A kind whose lines another kind's word begins has no commands of its own, and is written all the same.
    """

    kind: type[KindT]
    write: Callable[[KindT], str]
    commands: tuple[Command, ...] = ()


def tokens_of(line: str) -> list[Token]:
    """Return the words of *line* with their columns."""
    return [Token(match.group(), match.start()) for match in re.finditer(r"\S+", line)]


def number_of(token: Token) -> Decimal:
    """Return the number that *token* is, with a point or a comma, in ASCII digits.

    Raises:
        Misread: it is none.
    """
    if _NUMBER.fullmatch(token.text) is None:
        raise Misread("This is not a number.", token.column)
    return Decimal(token.text.replace(",", "."))


def amount_mg_of(token: Token) -> Decimal:
    """Return the amount that *token* is, in mg, above zero; the unit may stand behind it.

    Raises:
        Misread: it is none.
    """
    number = token.text[:-2] if token.text.lower().endswith("mg") else token.text
    value = number_of(Token(number, token.column))
    if value <= 0:
        raise Misread("An amount is above 0 mg.", token.column)
    return value


def route_of(token: Token) -> Route:
    """Return the route that *token* names.

    Raises:
        Misread: it names none.
    """
    word = token.text.casefold()
    try:
        return _SHORT_ROUTES[word] if word in _SHORT_ROUTES else Route(word)
    except ValueError:
        raise Misread("A route is one of {names}.", token.column, names=", ".join(Route)) from None


_SHORT_ROUTES = {"sl": Route.SUBLINGUAL, "po": Route.ORAL}
"""Routes as orders abbreviate them [general knowledge]; "in" is none of them, because a slip makes it of "im"."""


def drug_of(token: Token) -> str:
    """Return the drug that *token* names.

    Raises:
        Misread: it does not begin with a letter.
    """
    if not token.text[0].isalpha():
        raise Misread("The name of the drug comes first.", token.column)
    return token.text


def rest_of(line: CommandLine, word: int = 0) -> str:
    """Return the text of *line* from its word number *word* (from 0, behind the command) to its end."""
    return line.text[line.words[word].column :].strip()


def require_words(line: CommandLine, count: int) -> None:
    """Refuse a *line* with fewer than *count* words behind its command.

    Raises:
        Misread: behind the last word, with what belongs there.
    """
    if len(line.words) < count:
        raise line.command.misread(line.words[-1].end)


def no_more_than(line: CommandLine, count: int) -> None:
    """Refuse a *line* with more than *count* words behind its command.

    Raises:
        Misread: at the first word too many.
    """
    if len(line.words) > count:
        raise Misread("Nothing more belongs on this line.", line.words[count].column)
