"""What the demo plays: the shipped script, or the caller's own CSV, read whole and checked before anything is made.

Vitals: `t_min,systolic_mmhg,diastolic_mmhg,heart_rate_bpm,spo2_percent,respiratory_rate_bpm` (empty = not measured).
Notes: `t_s,code,text`. Both times count from the start of dosing; before it they are below zero.
"""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import as_file, files
from pathlib import Path

from kapnotes.app.csv_file import CsvRow, bad_cell, csv_rows, read_csv_text
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
EARLIEST_S = -24 * 3600
LATEST_S = 7 * 24 * 3600
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


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
    rows = csv_rows(read_csv_text(path), path.name, columns)
    header = [name.strip().casefold() for name in next(rows, CsvRow(1, [])).cells]
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
    count = 0
    for row, cells in rows:
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
        yield (
            row,
            {
                column: cells[place] if column == "text" else cells[place].strip()
                for column, place in zip(columns, places, strict=True)
            },
        )
    if not count:
        raise BadFile(
            "{name} row 2: nothing stands below the header; write rows, or leave the option out.", name=path.name
        )


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
    return bad_cell(path.name, row, column, what)
