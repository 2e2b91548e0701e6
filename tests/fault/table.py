"""What a section of `make fault` tells: rows of one table, and how much of it shall be done."""

import multiprocessing
import os
import unicodedata
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

Job = TypeVar("Job")

HEADINGS = ("tried", "how often", "lost or damaged", "verdict", "not run for want of", "remark")


@dataclass
class Tally:
    """How often something was tried, and one line for each time that it went wrong."""

    times: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, case: str, faults: Sequence[str]) -> None:
        """Count one try; *faults* are what was wrong with it."""
        self.times += 1
        if faults:
            self.faults.append(f"{case}: {'; '.join(faults)}")

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.times + other.times, self.faults + other.faults)


@dataclass(frozen=True)
class Row:
    """One row. A self-test is good if it *must fail* and does; a row that was not run names what it *wants*."""

    what: str
    tally: Tally = field(default_factory=Tally)
    must_fail: bool = False
    wants: str = ""
    remark: str = ""

    @property
    def is_good(self) -> bool:
        """Tell whether it shows what it must; what was not run shows nothing, and spoils nothing."""
        if self.wants:
            return True
        return self.tally.times > 0 and bool(self.tally.faults) is self.must_fail

    def cells(self) -> tuple[str, ...]:
        if self.wants:
            return (self.what, "–", "–", "not run", self.wants, self.remark)
        lost = f"{len(self.tally.faults):,}"
        if self.must_fail:
            verdict = "ok: red, as it must be" if self.is_good else "FAILED: it saw nothing"
        else:
            verdict = "ok" if self.is_good else "FAILED"
        return (self.what, f"{self.tally.times:,}", lost, verdict, "", self.remark)


@dataclass(frozen=True)
class Scale:
    """How much is done: a *share* of the full counts, by so many processes."""

    share: float = 1.0
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)

    def of(self, count: int) -> int:
        """Return the share of a full count, at least one."""
        return max(1, round(count * self.share))

    def spread(self, function: Callable[[Job], Tally], jobs: Sequence[Job]) -> Tally:
        """Do *function*, which stands in a module, with each job on all processors; return all their tallies as one."""
        total = Tally()
        if self.workers == 1:
            for job in jobs:
                total += function(job)
            return total
        with ProcessPoolExecutor(self.workers, multiprocessing.get_context("spawn")) as pool:
            for tally in pool.map(function, jobs):
                total += tally
        return total


def chunks(numbers: Sequence[int], count: int) -> list[list[int]]:
    """Deal numbers out into at most *count* hands, each from everywhere."""
    return [hand for start in range(count) if (hand := list(numbers[start::count]))]


def draw(rows: Sequence[Row]) -> str:
    """Return the table as lines of text, and below it the first faults of every row that failed."""
    lines = [HEADINGS, *(row.cells() for row in rows)]
    widths = [max(_width(line[column]) for line in lines) for column in range(len(HEADINGS))]
    drawn = [
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
    drawn.insert(1, "─" * (sum(widths) + 2 * len(widths) - 2))
    for row in rows:
        if not row.is_good:
            drawn += ["", f"{row.what}:", *(f"  {fault}" for fault in row.tally.faults[:10])]
    return "\n".join(drawn)


def _width(text: str) -> int:
    return sum(0 if unicodedata.combining(char) else 1 for char in text)
