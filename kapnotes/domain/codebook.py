"""The therapist's codebook: what each key of the pad stands for, read from TOML and written to it."""

import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum

from kapnotes.domain.errors import BadFile
from kapnotes.domain.text import one_line, toml_string

_KEYS = {"title", "key", "letter", "kind", "embark"}
_F_KEY = re.compile(r"(?:(ctrl|shift)\+)?f([1-9]|1[0-9]|2[0-4])", re.ASCII | re.IGNORECASE)

VERBATIM = "quote"
"""The one code under which a line is the patient's own words; whatever reads entries knows it by this name."""


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

    def without(self, name: str) -> "Codebook":
        """Return the codebook without that code; what was noted under it keeps its name."""
        return Codebook(tuple(code for code in self.codes if code.name != name))

    def having(self, code: Code) -> "Codebook":
        """Return the codebook with *code* in place of the one of its name, or behind all others.

        Raises:
            BadFile: its key or letter stands for another one already.
        """
        is_known = self.named(code.name) is not None
        codes = tuple(code if one.name == code.name else one for one in self.codes)
        codes = codes if is_known else (*codes, code)
        try:
            _require_apart(codes)
        except ValueError as error:
            raise BadFile("Codebook: {reason}.", reason=one_line(str(error))) from None
        return Codebook(codes)

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


def codebook_text(codebook: Codebook) -> str:
    """Return *codebook* as TOML, as `read_codebook` takes it."""
    lines: list[str] = []
    for code in codebook.codes:
        lines.append(f"[{toml_string(code.name)}]")
        rows = {"title": code.title, "key": code.key, "letter": code.letter, "kind": code.kind, "embark": code.embark}
        lines += [f"{key} = {toml_string(value)}" for key, value in rows.items() if value or key == "title"]
    return "\n".join((*lines, ""))


def read_code(name: str, title: str, key: str, letter: str, kind: CodeKind, embark: str = "") -> Code:
    """Return the code that these words make, as they would in a file.

    Raises:
        BadFile: it has no name or title, or its key or letter cannot be one.
    """
    row = {"title": title, "key": key, "letter": letter, "kind": str(kind), "embark": embark}
    try:
        return _code(name, row)
    except ValueError as error:
        raise BadFile("Codebook: {reason}.", reason=one_line(str(error))) from None


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
    letter = words.get("letter", "").strip().upper()
    if letter and (len(letter) > 1 or not letter.isalpha()):
        raise ValueError(f"the letter of “{name}” is one letter")
    kind = CodeKind(words.get("kind", "point"))
    if (kind is CodeKind.QUOTE) != (name.strip().casefold() == VERBATIM):
        raise ValueError(f"“{VERBATIM}” alone is of the kind quote")
    return Code(
        name=name.strip().casefold(),
        title=words["title"],
        key=_f_key(name, words.get("key", "").strip()),
        letter=letter,
        kind=kind,
        embark=words.get("embark", ""),
    )


def _f_key(name: str, key: str) -> str:
    """Return the key as it is written everywhere, Shift+F1; any other key belongs to the line or to the program."""
    found = _F_KEY.fullmatch(key)
    if key and found is None:
        raise ValueError(f"the key of “{name}” is F1 to F24, alone or with Shift or Ctrl")
    if found is None:
        return ""
    return f"{found[1].title()}+F{found[2]}" if found[1] else f"F{found[2]}"


def _text(key: str, value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"“{key}” is a text in quotes")
    return value
