"""What the demo plays: the shipped script, or the caller's own CSV, read whole and checked before anything is made.

Vitals: `t_min,systolic_mmhg,diastolic_mmhg,heart_rate_bpm,spo2_percent,respiratory_rate_bpm` (empty = not measured).
Notes: `t_s,code,text`. Both times count from the start of dosing; before it they are below zero.
"""

import csv
import io
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
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
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
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
        for cells in reader:
            if not cells:
                continue
            if len(cells) != len(header):
                raise BadFile(
                    "{name} row {row}: {found} cells where the header has {wanted}; "
                    "put quotes around a text that holds a comma.",
                    name=path.name,
                    row=reader.line_num,
                    found=len(cells),
                    wanted=len(header),
                )
            yield (
                reader.line_num,
                {
                    column: cells[place] if column == "text" else cells[place].strip()
                    for column, place in zip(columns, places, strict=True)
                },
            )
    except csv.Error as error:
        raise BadFile("{name} row {row}: {reason}.", name=path.name, row=reader.line_num, reason=error) from None


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise BadFile(
                "{name}: larger than {max_file_bytes} MiB; split the file.",
                name=path.name,
                max_file_bytes=MAX_FILE_BYTES // 2**20,
            )
        content = path.read_bytes()
    except OSError as error:
        raise BadFile("{name}: cannot be read ({strerror}).", name=path.name, strerror=error.strerror) from None
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
    try:
        value = Decimal(text) if text.isascii() else Decimal("nan")
    except InvalidOperation:
        value = Decimal("nan")
    if not value.is_finite():
        raise _bad(path, row, column, "is not a number; write digits with a point, as in 98.2")
    if abs(value) >= 10**7:
        raise _bad(path, row, column, "has too many digits")
    return value


def _bad(path: Path, row: int, column: str, what: str) -> BadFile:
    return BadFile("{name} row {row}, column {column_}: {what}.", name=path.name, row=row, column_=column, what=what)
