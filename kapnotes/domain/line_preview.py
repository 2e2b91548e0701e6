"""What a line that is still being typed says so far, without finding fault with a word that is not finished."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from kapnotes.domain.entries import MedicalBody, Vitals
from kapnotes.domain.errors import Misread
from kapnotes.domain.limits import values_of


@dataclass(frozen=True, slots=True)
class Preview:
    """What is understood (None where nothing is), the part of the line that says so, and what is said about it.

    `fault` is what is wrong with words that are finished; `hint` is what comes next where nothing is wrong and
    a word has just been finished.
    `open_fields` are the readings whose digits may still be coming: nobody judges them yet.
    """

    body: MedicalBody | None = None
    said: str = ""
    fault: Misread | None = None
    hint: Misread | None = None
    open_fields: frozenset[str] = frozenset()


def preview_of(line: str, read: Callable[[str], MedicalBody], *, is_over: bool) -> Preview:
    """Return what *line* says so far; *read* reads a whole line, *is_over* tells that typing has paused.

    The last word is unfinished as long as no space follows it and typing goes on.
    """
    words = line.rstrip()
    if not words:
        return Preview()
    open_from = len(line) if is_over or len(words) < len(line) else _last_word(line)
    body, fault = _read(line, read)
    if fault is None:
        before, _ = _read(line[:open_from], read) if open_from < len(line) else (body, None)
        return Preview(body, line, open_fields=_changed(before, body))
    if is_over or fault.column < min(open_from, len(words)):
        understood, _ = _read(line[: fault.column], read)
        return Preview(understood, line[: fault.column], fault=fault)
    before, _ = _read(line[:open_from], read)
    return Preview(before, line[:open_from], hint=fault if open_from == len(line) else None)


def _last_word(line: str) -> int:
    found = re.search(r"\S+$", line)
    return found.start() if found is not None else len(line)


def _read(line: str, read: Callable[[str], MedicalBody]) -> tuple[MedicalBody | None, Misread | None]:
    try:
        return read(line), None
    except Misread as misread:
        return None, misread


def _changed(before: MedicalBody | None, now: MedicalBody | None) -> frozenset[str]:
    """Return the readings that the last word changed."""
    if not isinstance(now, Vitals):
        return frozenset()
    was = values_of(before) if isinstance(before, Vitals) else {}
    return frozenset(field for field, value in values_of(now).items() if was.get(field) != value)
