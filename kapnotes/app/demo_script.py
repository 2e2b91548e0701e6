"""What the demo plays: the shipped script, or the caller's own CSV, read whole and checked before anything is made.

Vitals: `t_min,systolic_mmhg,diastolic_mmhg,heart_rate_bpm,spo2_percent,respiratory_rate_bpm` (empty = not measured).
Notes: `t_s,code,text`. Both times count from the start of dosing; before it they are below zero.
"""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import as_file, files
from pathlib import Path

from kapnotes.domain.codebook import Codebook, CodeKind
from kapnotes.domain.errors import BadFile

VITALS_COLUMNS = (
    "t_min",
    "systolic_mmhg",
    "diastolic_mmhg",
    "heart_rate_bpm",
    "spo2_percent",
    "respiratory_rate_bpm",
)
NOTES_COLUMNS = ("t_s", "code", "text")
MAX_FILE_BYTES = 64 * 1024 * 1024
MAX_LINE_BYTES = 1024 * 1024
EARLIEST_S = -24 * 3600
LATEST_S = 7 * 24 * 3600
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_UNCLOSED = "unexpected end of data"
_FAULTS = {
    _UNCLOSED: "holds a quotation mark that is never closed",
    "expected after": "goes on after its closing quotation mark; write a quotation mark inside a text twice",
    "field larger": f"is longer than {MAX_LINE_BYTES // 2**20} MiB; split the text",
}
"""What the library for CSV finds, and what that means for the cell."""


@dataclass(frozen=True, slots=True)
class VitalsRow:
    """One row of vitals: seconds from the start of dosing, and the values as they are typed."""

    t_s: float
    systolic_mmhg: str
    diastolic_mmhg: str
    heart_rate_bpm: str
    spo2_percent: str
    respiratory_rate_bpm: str

    def as_line(self) -> str:
        """Return what the CRNA types for it; empty where nothing was measured."""
        words = []
        if self.systolic_mmhg or self.diastolic_mmhg:
            words.append(f"{self.systolic_mmhg}/{self.diastolic_mmhg}")
        labelled = (("hr", self.heart_rate_bpm), ("sp", self.spo2_percent), ("rr", self.respiratory_rate_bpm))
        words += [f"{label}{value}" for label, value in labelled if value]
        return " ".join(words)


@dataclass(frozen=True, slots=True)
class NoteRow:
    """One row of notes: seconds from the start of dosing, a code of the codebook or none, and the text."""

    t_s: float
    code: str
    text: str


def read_vitals_csv(path: Path) -> tuple[VitalsRow, ...]:
    """Return the rows of a CSV of vitals.

    Raises:
        BadFile: names the row, the column and what to do.
    """
    rows: list[VitalsRow] = []
    for number, cells in _rows(path, VITALS_COLUMNS):
        t_s = _time_s(path, number, "t_min", cells["t_min"], 60)
        _in_order(path, number, "t_min", rows[-1].t_s if rows else None, t_s)
        for column in VITALS_COLUMNS[1:]:
            if cells[column]:
                _number(path, number, column, cells[column])
        rows.append(VitalsRow(t_s, *(cells[column] for column in VITALS_COLUMNS[1:])))
    return tuple(rows)


def read_notes_csv(path: Path, codebook: Codebook) -> tuple[NoteRow, ...]:
    """Return the rows of a CSV of notes, whose codes are those of *codebook*.

    Raises:
        BadFile: names the row, the column and what to do.
    """
    rows: list[NoteRow] = []
    for number, cells in _rows(path, NOTES_COLUMNS):
        t_s = _time_s(path, number, "t_s", cells["t_s"], 1)
        _in_order(path, number, "t_s", rows[-1].t_s if rows else None, t_s)
        code = codebook.named(cells["code"].casefold())
        if cells["code"] and code is None:
            names = ", ".join(sorted(known.name for known in codebook.codes))
            raise _bad(path, number, "code", f"is not in the codebook; use one of {names}, or none")
        if not cells["text"].strip() and (code is None or code.kind in {CodeKind.QUOTE, CodeKind.SETTING}):
            raise _bad(
                path, number, "text", "is empty, and the code alone says nothing; write a text or delete the row"
            )
        rows.append(NoteRow(t_s, code.name if code is not None else "", cells["text"]))
    return tuple(rows)


def shipped_vitals() -> tuple[VitalsRow, ...]:
    """Return the vitals of the shipped script."""
    with _shipped("vitals.csv") as path:
        return read_vitals_csv(path)


def shipped_notes(codebook: Codebook) -> tuple[NoteRow, ...]:
    """Return the notes of the shipped script."""
    with _shipped("notes.csv") as path:
        return read_notes_csv(path, codebook)


def _shipped(name: str) -> AbstractContextManager[Path]:
    return as_file(files("kapnotes.resources.demo").joinpath(name))


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Give each row with its number in the file (the header is row 1), every cell stripped but the text."""
    csv.field_size_limit(MAX_LINE_BYTES)
    text = _text(path)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] = []
    row, begins, count = 1, 1, 0
    try:
        header = [name.strip().casefold() for name in next(reader, [])]
        for column in columns:
            if header.count(column) != 1:
                what = "is missing" if column not in header else "stands twice"
                raise BadFile(
                    "{name} row 1: column {column_} {what}; the header is {names}.",
                    name=path.name,
                    column_=column,
                    what=what,
                    names=",".join(columns),
                )
        places = [header.index(column) for column in columns]
        begins = reader.line_num + 1
        for cells in reader:
            row, begins = begins, reader.line_num + 1
            if not cells:
                continue
            count += 1
            if len(cells) != len(header):
                raise BadFile(
                    "{name} row {row}: {found} cells where the header has {wanted}; "
                    "put quotes around a text that holds a comma.",
                    name=path.name,
                    row=row,
                    found=len(cells),
                    wanted=len(header),
                )
            for place, cell in enumerate(cells):
                if "\0" in cell:
                    raise _bad(path, row, header[place], "holds a NUL byte; save the file as text, in UTF-8")
            yield (
                row,
                {
                    column: cells[place] if column == "text" else cells[place].strip()
                    for column, place in zip(columns, places, strict=True)
                },
            )
    except csv.Error as error:
        what = next((meaning for words, meaning in _FAULTS.items() if words in str(error)), str(error))
        lines = io.StringIO(text, newline="").readlines()[begins - 1 : reader.line_num]
        raise _bad(path, begins, _broken_column("".join(lines), header or list(columns)), what) from None
    if not count:
        raise BadFile(
            "{name} row 2: nothing stands below the header; write rows, or leave the option out.", name=path.name
        )


def _broken_column(record: str, header: list[str]) -> str:
    """Return the name of the column in which the reading of *record* broke off."""
    if _fault_of(record) != _UNCLOSED:
        good, bad = 0, len(record)
        while bad - good > 1:
            middle = (good + bad) // 2
            good, bad = (middle, bad) if _fault_of(record[:middle]) in {"", _UNCLOSED} else (good, middle)
        record = record[:good]
    cells = next(csv.reader(io.StringIO(record, newline="")), [""])
    return header[min(len(cells), len(header)) - 1]


def _fault_of(record: str) -> str:
    try:
        list(csv.reader(io.StringIO(record, newline=""), strict=True))
    except csv.Error as error:
        return str(error)
    return ""


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise BadFile("{name}: cannot be read ({strerror}).", name=path.name, strerror=error.strerror) from None
    if len(content) > MAX_FILE_BYTES:
        raise BadFile(
            "{name}: larger than {max_file_bytes} MiB; split the file.",
            name=path.name,
            max_file_bytes=MAX_FILE_BYTES // 2**20,
        )
    for number, line in enumerate(content.split(b"\n"), start=1):
        if len(line) > MAX_LINE_BYTES:
            column = _longest_cell(line, content)
            raise _bad(path, number, column, f"longer than {MAX_LINE_BYTES // 2**20} MiB; split the text")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise BadFile("{name} row {row}: not UTF-8; save the file as UTF-8.", name=path.name, row=row) from None


def _longest_cell(line: bytes, content: bytes) -> str:
    """Return the name of the column that makes *line* too long."""
    header = content.split(b"\n", 1)[0].decode("utf-8", "replace").lstrip("\ufeff").strip().split(",")
    sizes = [len(cell) for cell in line.split(b",", len(header) - 1)]
    return header[sizes.index(max(sizes))][:40]


def _time_s(path: Path, row: int, column: str, text: str, unit_s: int) -> float:
    t_s = float(_number(path, row, column, text) * unit_s)
    if not EARLIEST_S <= t_s <= LATEST_S:
        raise _bad(path, row, column, "is more than a day before or a week after the start of dosing")
    return t_s


def _in_order(path: Path, row: int, column: str, before_s: float | None, t_s: float) -> None:
    if before_s is not None and t_s < before_s:
        raise _bad(path, row, column, "runs backwards; sort the rows by time")


def _number(path: Path, row: int, column: str, text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise _bad(path, row, column, "is not a number; write digits with a point, as in 98.2")
    value = Decimal(text)
    if abs(value) >= 10**7:
        raise _bad(path, row, column, "has too many digits")
    return value


def _bad(path: Path, row: int, column: str, what: str) -> BadFile:
    return BadFile("{name} row {row}, column {column_}: {what}.", name=path.name, row=row, column_=column, what=what)
