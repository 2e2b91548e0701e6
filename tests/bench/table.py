"""What a row of the table is: what was measured, the bare reference beside it, the bar, and whether it holds."""

import statistics
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

HEADINGS = ("what", "measured", "bare, same run", "ratio", "bar", "", "remark")


WHY_MISSED = {
    "key press to painted": "the 8 ms hold with room to spare; what is ours beside a bare text: a caret in the "
    "palette's colour, the line that grows, the first key's time, drafts that are sealed",
    "Enter on the pad": "look at the bare insert beside it: where its own p99 is over 10 ms the disk is slow, and the "
    "ratio of two tails of a busy disk is noise; p50 tells",
    "the part of it in the vault": "as above",
    "windows blocked: opening": "two windows of some fifty widgets are built and painted ahead in steps; the turn in "
    "which one is shown, and the other one painted without the focus, is the longest",
    "windows blocked": "the turn's wall time holds the other thread's and the machine's share of two cores; what was "
    "computed in it stands in brackets",
    "32 hours of a monitor": "look at what was computed in all and at the bare table beside it: the rest is waiting "
    "for a processor or the disk",
    "verify": "look at the bare reference: where nothing else runs, one core takes 10 s for the same rows",
    "start to sign-in": "no entry, cipher or vault is imported before the first window; of what is left beside a bare "
    "one more than half is PySide's, which makes Qt's namespace, the style's classes and their enums when they are "
    "first named; then the form itself",
    "open a session": "four fifths are the vault: each entry is decrypted, read, and written again to see that it is "
    "spelt as ours; look at the bare reference, which tells how fast the processor is today",
    "a running session": "six labels of two windows count seconds; look at the bare window beside it, whose one label "
    "costs what a third of ours do: a second apart all caches are cold",
}
"""Why a row misses its bar today, by how its name begins; the longest beginning counts."""


@dataclass(frozen=True)
class Row:
    """One row; `is_ok` is None where there is no bar, only something worth knowing."""

    what: str
    measured: str
    bare: str = "–"
    ratio: str = "–"
    bar: str = "–"
    is_ok: bool | None = None
    remark: str = ""

    def cells(self):
        verdict = {True: "ok", False: "MISSED", None: ""}[self.is_ok]
        return (self.what, self.measured, self.bare, self.ratio, self.bar, verdict, self._remark())

    def _remark(self):
        if self.is_ok is not False:
            return self.remark
        fitting = [beginning for beginning in WHY_MISSED if self.what.startswith(beginning)]
        reason = WHY_MISSED[max(fitting, key=len)] if fitting else "not explained yet"
        return f"why: {reason} · {self.remark}"


@dataclass
class Sample:
    """Times in milliseconds, and the percentiles that are told of them."""

    times_ms: list[float] = field(default_factory=list)

    def add(self, seconds):
        self.times_ms.append(1000 * seconds)

    def percentile(self, percent):
        ordered = sorted(self.times_ms)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]

    @property
    def p50(self):
        return statistics.median(self.times_ms)

    @property
    def p99(self):
        return self.percentile(99)

    @property
    def longest(self):
        return max(self.times_ms)

    def words(self):
        return f"{milliseconds(self.p50)} / {milliseconds(self.p99)} ms"


def pooled(rounds: Sequence[Sequence[float]]) -> Sample:
    """Return all rounds as one sample."""
    return Sample([time_ms for one in rounds for time_ms in one])


def middle_p99(rounds: Sequence[Sequence[float]]) -> float:
    """Return the median of the rounds' p99: other programs disturb a round, seldom most of them."""
    return statistics.median(Sample(list(one)).p99 for one in rounds)


def spread(rounds: Sequence[Sequence[float]]) -> str:
    """Return the p99 of each round, so that noise is seen."""
    return ", ".join(milliseconds(Sample(list(one)).p99) for one in rounds)


def milliseconds(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:.0f}"


def times(value: float) -> str:
    return f"{value:.2f} ×"


def draw(rows: Sequence[Row]) -> str:
    """Return the table as lines of text."""
    lines = [HEADINGS, *(row.cells() for row in rows)]
    widths = [max(_width(line[column]) for line in lines) for column in range(len(HEADINGS) - 1)]
    drawn = [
        "  ".join([*(_padded(cell, width) for cell, width in zip(line, widths, strict=False)), line[-1]]).rstrip()
        for line in lines
    ]
    return "\n".join([drawn[0], "─" * max(map(_width, drawn[:1])), *drawn[1:]])


def _width(text):
    return sum(0 if unicodedata.combining(char) else 1 for char in text)


def _padded(text, width):
    return text + " " * (width - _width(text))
