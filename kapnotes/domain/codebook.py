"""The therapist's codebook: what each key of the pad stands for, read from TOML."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum

from kapnotes.domain.errors import BadFile
from kapnotes.domain.text import one_line

_KEYS = {"title", "key", "letter", "kind", "embark"}


class CodeKind(StrEnum):
    """What a code does when its key is pressed."""

    POINT = "point"
    STATE = "state"
    QUOTE = "quote"
    SETTING = "setting"
    SIGNAL = "signal"


@dataclass(frozen=True, slots=True)
class Code:
    """One code: its name, its key, and what pressing it does. `embark` is the EMBARK domain, or empty."""

    name: str
    title: str
    key: str
    letter: str
    kind: CodeKind
    embark: str = ""


@dataclass(frozen=True, slots=True)
class Codebook:
    """All codes in the order of their keys."""

    codes: tuple[Code, ...]

    def named(self, name: str) -> Code | None:
        """Return the code of that name, or None."""
        return next((code for code in self.codes if code.name == name), None)

    def split_prefix(self, line: str) -> tuple[str, str]:
        """Return the code that *line* begins with (`quote: it's all water`) and the rest; no code is empty."""
        head, colon, rest = line.partition(":")
        if colon and self.named(head.strip().casefold()) is not None:
            return head.strip().casefold(), rest.lstrip()
        return "", line


def read_codebook(text: str) -> Codebook:
    """Return the codebook that *text* (TOML) holds.

    Raises:
        BadFile: the text is no TOML, a value is of the wrong kind, or a name, key or letter stands twice.
    """
    try:
        table = tomllib.loads(text)
        codes = tuple(_code(name, row) for name, row in table.items())
        _require_apart(codes)
    except KeyError as error:
        raise BadFile("Codebook: the key {key} is missing.", key=one_line(str(error))) from None
    except (TypeError, ValueError, RecursionError) as error:
        raise BadFile("Codebook: {reason}.", reason=one_line(str(error))) from None
    return Codebook(codes)


def _require_apart(codes: tuple[Code, ...]) -> None:
    for what in ("name", "key", "letter"):
        used: set[str] = set()
        for code in codes:
            value = getattr(code, what).casefold()
            if value and value in used:
                raise ValueError(f"the {what} “{getattr(code, what)}” stands for two codes")
            used.add(value)


def _code(name: str, row: object) -> Code:
    if not isinstance(row, dict):
        raise TypeError(f"“{name}” is a table, as in [{name}]")
    if not name.strip() or ":" in name:
        raise ValueError("a code has a name, and no colon in it")
    unknown = sorted(set(row) - _KEYS)
    if unknown:
        raise ValueError(f"nobody knows the key “{unknown[0]}” of “{name}”")
    words = {key: _text(key, value) for key, value in row.items()}
    letter = words.get("letter", "").upper()
    if len(letter) > 1:
        raise ValueError(f"the letter of “{name}” is one letter")
    return Code(
        name=name.strip().casefold(),
        title=words["title"],
        key=words.get("key", ""),
        letter=letter,
        kind=CodeKind(words.get("kind", "point")),
        embark=words.get("embark", ""),
    )


def _text(key: str, value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"“{key}” is a text in quotes")
    return value
