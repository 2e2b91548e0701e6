"""Searching in a therapist's notes: what was typed as a question, and whether a note answers it.

Case, accents and width do not count, nor how white space was typed. Every word must occur somewhere in the note; words
in quotation marks are a phrase and must stand together.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from kapnotes.domain.around import Theme
from kapnotes.domain.entries import Body, CheckIn, Intention, Narrative, Newer, Note, content_of
from kapnotes.domain.follow_up import FollowUp

_PARTS = re.compile(
    '["\u201c\u201d\u201e\u00ab\u00bb]([^"\u201c\u201d\u201e\u00ab\u00bb]*)["\u201c\u201d\u00ab\u00bb]?|(\\S+?)(?=\\s|["\u201c\u201d\u201e\u00ab\u00bb]|$)'
)
"""A phrase within any quotation marks, also one that is not closed yet, or a word."""

BEFORE, AFTER = 36, 200
"""Characters of a note that are shown before what was found, and from there on."""


def folded(text: str) -> str:
    """Return *text* without case, accents and width, each stretch of white space as one space."""
    return " ".join(_letters(text).split())


def _letters(text: str) -> str:
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text.casefold()).casefold())
    return "".join(char for char in plain if not unicodedata.combining(char))


@lru_cache(maxsize=4096)
def _letter(char: str) -> str:
    return _letters(char)


@dataclass(frozen=True, slots=True)
class Question:
    """The words and phrases that a note must hold, folded; none at all finds nothing."""

    parts: tuple[str, ...]

    def place_in(self, text: str) -> tuple[int, int] | None:
        """Return where in *text* the first part that occurs begins and ends, None where one of the parts is missing."""
        whole = folded(text)
        if not self.parts or not all(part in whole for part in self.parts):
            return None
        first, length = min((whole.index(part), len(part)) for part in self.parts)
        return _place(text, first, length)


def read_question(typed: str) -> Question:
    """Return what was asked."""
    found = (folded(phrase or word) for phrase, word in _PARTS.findall(typed))
    return Question(tuple(dict.fromkeys(part for part in found if part)))


def _place(text: str, first: int, length: int) -> tuple[int, int]:
    """Return which characters of *text* became the folded ones from *first* on."""
    places: list[int] = []
    is_space = True  # white space at the beginning is none of the folded text
    for place, char in enumerate(text):
        for letter in _letter(char):
            if not letter.isspace():
                places.append(place)
                is_space = False
            elif not is_space:
                places.append(place)
                is_space = True
        if len(places) >= first + length:
            break
    return places[first], places[min(first + length, len(places)) - 1] + 1


@dataclass(frozen=True, slots=True)
class Excerpt:
    """One line of a note with what was found in sight: from `start` to `stop` of `line`."""

    line: str
    start: int
    stop: int


def excerpt(text: str, place: tuple[int, int]) -> Excerpt:
    """Return *text* around *place* on one line, cut with an ellipsis where it goes on."""
    start, stop = place[0], min(place[1], place[0] + AFTER)
    first, last = max(0, start - BEFORE), min(len(text), start + AFTER)
    before, found, after = (re.sub(r"\s", " ", part) for part in (text[first:start], text[start:stop], text[stop:last]))
    before = ("\N{HORIZONTAL ELLIPSIS}" if first else "") + before
    after += "\N{HORIZONTAL ELLIPSIS}" if last < len(text) else ""
    return Excerpt(before + found + after, len(before), len(before) + len(found))


def text_of(body: Body) -> str:
    """Return the words of a process note, empty for any other entry and for one that has none."""
    content = content_of(body)
    if content is None or isinstance(content, Newer):
        return ""
    if isinstance(content, FollowUp):
        told = (content.words.text, content.shifts.text, content.attention.text, content.carry)
        return "\n".join(text for text in told if text)
    return content.text if isinstance(content, Note | CheckIn | Intention | Narrative | Theme) else ""
