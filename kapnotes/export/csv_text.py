"""Comma-separated text that a spreadsheet shows and never runs. Source: OWASP, "CSV injection"."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

RUNS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def guarded(text: str) -> str:
    """Return *text* with an apostrophe in front where a spreadsheet would run it; white space before it hides none."""
    return f"'{text}" if text.startswith(RUNS) or text.lstrip().startswith(RUNS) else text


def csv_bytes(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return rows of text as UTF-8 with a mark that spreadsheets know it by; every cell is guarded."""
    lines = StringIO()
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow(titles)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return lines.getvalue().encode("utf-8-sig")
