"""Comma-separated text that a spreadsheet shows and never runs. Source: OWASP, "CSV injection"."""

import csv
from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import StringIO

RUNS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet takes for the beginning of a formula; some take the full-width signs for the others."""

Cell = str | Decimal | int | None
"""Text is guarded; a number is written as it is, also below zero; None is an empty cell."""


def guarded(text: str) -> str:
    """Return *text* with an apostrophe in front where a spreadsheet would run it; white space before it hides none."""
    return f"'{text}" if text.startswith(RUNS) or text.lstrip().startswith(RUNS) else text


def csv_bytes(titles: Sequence[str], rows: Iterable[Sequence[Cell]], encoding: str = "utf-8-sig") -> bytes:
    """Return rows as UTF-8 with a mark that spreadsheets know it by, or in another *encoding*; text is guarded."""
    lines = StringIO()
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow(titles)
    writer.writerows([_written(cell) for cell in row] for row in rows)
    return lines.getvalue().encode(encoding)


def _written(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case Decimal():
            return f"{cell:f}"
        case int():
            return str(cell)
        case _:
            return guarded(cell)
