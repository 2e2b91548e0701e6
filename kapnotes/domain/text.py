"""What a person typed or pasted, made storable without changing what it says."""

MAX_TEXT = 1_000_000
"""Characters of one entry; one entry of the vault holds 2 MiB less 4 bytes."""


def storable(text: str) -> str:
    """Return *text* as it was typed, but for lone surrogates, which no encoding can hold: each becomes U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def one_line(text: str) -> str:
    """Return *text* with line breaks and runs of white space as single spaces, for a list or a label."""
    return " ".join(text.split())


def shortened(text: str, length: int) -> str:
    """Return *text* on one line, cut to *length* characters (at least one) with an ellipsis."""
    line = one_line(text)
    length = max(length, 1)
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
