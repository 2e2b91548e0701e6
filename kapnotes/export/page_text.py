"""The one way in which text comes onto a page: cleaned, in characters the typefaces hold, as plain runs.

There is no markup here: a page is set from runs of characters, so nothing that a person typed can be taken for a
command. What the page shows is the text as typed, but for these rules:

- canonical composition (NFC); line ends of any kind are one, a tab is four spaces;
- control characters, bidi controls and other invisible signs are dropped, the zero-width joiner stays;
- variation selectors are dropped, and the joiner behind a character printed as its number;
- a character that no typeface of the page holds, and a lone surrogate, is printed as its number, `[U+1F600]`, and
  noted once at the end of the document.

Lines are broken where the measure ends, at a space where there is one, inside a word where there is none; the breaking
adds no character.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from kapnotes.export.fonts import Face, advances, holds

JOINER = "\u200d"
GREEK = ("\u0370", "\u03ff")
"""Atkinson holds four letters of Greek; a Greek word is set whole in the stand-in."""

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
_PLAIN = re.compile(r"[\n\x20-\x7e]*")
_WORDS = re.compile(r" *[^ ]+| +")


class Run(NamedTuple):
    """Characters of one typeface."""

    face: Face
    text: str


class Line(NamedTuple):
    """One line as it is drawn."""

    runs: tuple[Run, ...]
    width: float


def pdf_text(text: str, missing: set[str]) -> str:
    """Return *text* as the page can show it; characters that no typeface holds are added to *missing*."""
    if _PLAIN.fullmatch(text):
        return text
    composed = unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", text)).replace("\t", "    ")
    shown: list[str] = []
    for char in composed:
        if char in "\n ":
            shown.append(char)
        elif _is_invisible(char) or (char == JOINER and shown and shown[-1].startswith("[U+")):
            continue
        elif ord(char) in holds(Face.REGULAR) or ord(char) in holds(Face.STAND_IN):
            shown.append(char)
        else:
            missing.add(char)
            shown.append(f"[U+{ord(char):04X}]")
    return "".join(shown)


def _is_invisible(char: str) -> bool:
    if char == JOINER:
        return False
    return (
        unicodedata.category(char) in {"Cc", "Cf"} or 0xFE00 <= ord(char) <= 0xFE0F or 0xE0100 <= ord(char) <= 0xE01EF
    )


def runs_of(text: str, face: Face) -> Iterator[Run]:
    """Give *text*, which `pdf_text` returned, as runs of *face* and of its stand-in.

    A letter and its combining marks stay in one typeface.
    """
    if _PLAIN.fullmatch(text):
        if text:
            yield Run(face, text)
        return
    held = holds(face)
    current, start, index = face, 0, 0
    while index < len(text):
        end = index + 1
        while end < len(text) and (text[end] == JOINER or unicodedata.combining(text[end])):
            end += 1
        is_plain = end == index + 1 and ord(text[index]) in held and not GREEK[0] <= text[index] <= GREEK[1]
        wanted = face if is_plain else Face.STAND_IN
        if wanted is Face.STAND_IN and any(ord(char) not in holds(Face.STAND_IN) for char in text[index:end]):
            wanted = face
        if text[index] == " " and end == index + 1:
            wanted = current
        if wanted is not current:
            if index > start:
                yield Run(current, text[start:index])
            current, start = wanted, index
        index = end
    yield Run(current, text[start:])


@lru_cache(maxsize=8192)
def width_of(text: str, face: Face) -> float:
    """Return the width of *text* in parts of the font size."""
    return sum(_advance_sum(run) for run in runs_of(text, face))


def _advance_sum(run: Run) -> float:
    table = advances(run.face)
    return sum(table.get(ord(char), 0.6) for char in run.text)


def lines_of(text: str, face: Face, size: float, measure: float) -> list[Line]:
    """Return *text*, which `pdf_text` returned, broken into lines no wider than *measure*."""
    return [Line(tuple(runs_of(line, face)), width * size) for line, width in _broken(text, face, measure / size)]


def _broken(text: str, face: Face, measure: float) -> Iterator[tuple[str, float]]:
    for typed in text.split("\n"):
        line, width = "", 0.0
        for word in _WORDS.findall(typed):
            wide = width_of(word, face)
            if width + wide <= measure:
                line, width = line + word, width + wide
                continue
            if line:
                yield line, width
                word = word.lstrip(" ")
                wide = width_of(word, face)
            if wide > measure:
                *full, (word, wide) = _pieces(word, face, measure)
                yield from full
            line, width = word, wide
        yield line, width


def _pieces(word: str, face: Face, measure: float) -> list[tuple[str, float]]:
    """Return a word that is wider than the measure in pieces that fit; a mark stays with its letter."""
    table, stand_in = advances(face), advances(Face.STAND_IN)
    pieces: list[tuple[str, float]] = []
    start, width = 0, 0.0
    for index, char in enumerate(word):
        wide = table.get(ord(char)) or stand_in.get(ord(char), 0.6)
        if width + wide > measure and index > start and not unicodedata.combining(char) and char != JOINER:
            pieces.append((word[start:index], width))
            start, width = index, 0.0
        width += wide
    pieces.append((word[start:], width))
    return pieces
