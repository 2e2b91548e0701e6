"""What a person typed or pasted, made storable without changing what it says."""

import json
import unicodedata

MAX_TEXT = 1_000_000
"""Characters of one entry; one entry of the vault holds 2 MiB less 4 bytes."""


def storable(text: str) -> str:
    """Return *text* as it was typed, but for lone surrogates, which no encoding can hold: each becomes U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


_JOINERS = frozenset("\u200c\u200d")


def hidden_sign_at(text: str) -> int | None:
    """Return where in *text* the first sign stands that no page shows: a control character, or one that is invisible.

    Tab and line feed are shown, and the joiners are, by the letters or pictures that they join. None where there is no
    such sign.
    """
    if text.isascii() and text.isprintable():
        return None
    return next((place for place, sign in enumerate(text) if _is_hidden(sign)), None)


def _is_hidden(sign: str) -> bool:
    return sign not in _JOINERS and sign not in "\t\n" and unicodedata.category(sign) in {"Cc", "Cf", "Cs"}


def one_line(text: str) -> str:
    """Return *text* with line breaks and runs of white space as single spaces, for a list or a label."""
    return " ".join(text.split())


def shortened(text: str, length: int) -> str:
    """Return *text* on one line, cut to *length* characters (at least one) with an ellipsis."""
    line = one_line(text)
    length = max(length, 1)
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def toml_string(text: str) -> str:
    """Return *text* as a TOML string; JSON's differs from it only in U+007F."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
