"""CSV from outside, read whole and carefully: a file that is none gives one clear line, and every cell is only text."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from kapnotes.domain.errors import BadFile

MAX_FILE_BYTES = 64 * 1024 * 1024
MAX_LINE_BYTES = 1024 * 1024
DELIMITERS = ",;\t|"
_UNCLOSED = "unexpected end of data"
_FAULTS = {
    _UNCLOSED: "holds a quotation mark that is never closed",
    "expected after": "goes on after its closing quotation mark; write a quotation mark inside a text twice",
    "field larger": f"is longer than {MAX_LINE_BYTES // 2**20} MiB; split the text",
}
"""What the library for CSV finds, and what that means for the cell."""


class CsvRow(NamedTuple):
    """One row: the number of its first line in the file (the header is line 1), and its cells as they stand there."""

    row: int
    cells: list[str]


def read_csv_text(path: Path) -> str:
    """Return the text of a CSV file.

    Raises:
        BadFile: it cannot be read, is too large, has a line that is too long, or is not UTF-8.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise BadFile("{name}: cannot be read ({strerror}).", name=path.name, strerror=error.strerror) from None
    except ValueError:  # as with a zero byte in it
        raise BadFile("{name}: no file can have such a name.", name=path.name) from None
    if len(content) > MAX_FILE_BYTES:
        raise BadFile(
            "{name}: larger than {max_file_bytes} MiB; split the file.",
            name=path.name,
            max_file_bytes=MAX_FILE_BYTES // 2**20,
        )
    for number, line in enumerate(content.split(b"\n"), start=1):
        if len(line) > MAX_LINE_BYTES:
            column = _longest_cell(line, content)
            raise bad_cell(path.name, number, column, f"longer than {MAX_LINE_BYTES // 2**20} MiB; split the text")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise BadFile("{name} row {row}: not UTF-8; save the file as UTF-8.", name=path.name, row=row) from None


def delimiter_of(line: str) -> str:
    """Return the delimiter that stands most often in *line*, a header; a comma where there is none."""
    return max(DELIMITERS, key=lambda sign: (line.count(sign), sign == ","))


def csv_rows(text: str, name: str, columns: Sequence[str] = (), delimiter: str = ",") -> Iterator[CsvRow]:
    """Give the rows of *text* but the empty ones, the header first; *columns* name those of a file without header.

    Raises:
        BadFile: the row cannot be told apart; names it and the column.
    """
    csv.field_size_limit(MAX_LINE_BYTES)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    header: list[str] = []
    begins = 1
    try:
        for cells in reader:
            row, begins = begins, reader.line_num + 1
            if not cells:
                continue
            header = header or [cell.strip().casefold() for cell in cells]
            for place, cell in enumerate(cells):
                if "\0" in cell:
                    column = header[min(place, len(header) - 1)]
                    raise bad_cell(name, row, column, "holds a NUL byte; save the file as text, in UTF-8")
            yield CsvRow(row, cells)
    except csv.Error as error:
        what = next((meaning for words, meaning in _FAULTS.items() if words in str(error)), str(error))
        lines = "".join(io.StringIO(text, newline="").readlines()[begins - 1 : reader.line_num])
        raise bad_cell(name, begins, _broken_column(lines, header or list(columns), delimiter), what) from None


def bad_cell(name: str, row: int, column: str, what: str) -> BadFile:
    """Return what is wrong with one cell, as an error."""
    return BadFile("{name} row {row}, column {column_}: {what}.", name=name, row=row, column_=column, what=what)


def _broken_column(record: str, header: Sequence[str], delimiter: str) -> str:
    """Return the name of the column in which the reading of *record* broke off."""
    if _fault_of(record, delimiter) != _UNCLOSED:
        good, bad = 0, len(record)
        while bad - good > 1:
            middle = (good + bad) // 2
            good, bad = (middle, bad) if _fault_of(record[:middle], delimiter) in {"", _UNCLOSED} else (good, middle)
        record = record[:good]
    cells = next(csv.reader(io.StringIO(record, newline=""), delimiter=delimiter), [""])
    return header[min(len(cells), len(header)) - 1] if header else "1"


def _fault_of(record: str, delimiter: str) -> str:
    try:
        list(csv.reader(io.StringIO(record, newline=""), strict=True, delimiter=delimiter))
    except csv.Error as error:
        return str(error)
    return ""


def _longest_cell(line: bytes, content: bytes) -> str:
    """Return the name of the column that makes *line* too long."""
    first = content.split(b"\n", 1)[0][:MAX_LINE_BYTES].decode("utf-8", "replace").lstrip("\ufeff").strip()
    delimiter = delimiter_of(first)
    header = first.split(delimiter)
    sizes = [len(cell) for cell in line.split(delimiter.encode(), len(header) - 1)]
    return header[sizes.index(max(sizes))][:40]
