"""The demo as a list of steps in time: who types what, and which key ends it."""

import csv
import io
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files

from kapnotes.app.demo_script import NoteRow, VitalsRow
from kapnotes.domain.codebook import Codebook, CodeKind

SHORTEST_S = 8400.0
"""The demo's session lasts at least this long after the first dose: with its preparation, two hours and a half."""


class At(StrEnum):
    """The window a step is played in; `PAGE` is the page of the pad that is shown."""

    PAD = "pad"
    PAGE = "page"
    LOG = "log"


@dataclass(frozen=True, slots=True)
class Step:
    """At *t_s* from the first dose: type *text*, then press *key*, a name of the table of keys.

    On the pad `code NAME` presses the key of a code, `late -3 NAME` first types how many minutes ago it was, and
    `correct` comes before its text. On a page *key* is the name of a line, or `leave` to go back to the line of notes,
    with a picture of that name.
    """

    t_s: float
    at: At
    key: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class DemoPlan:
    """All steps in order."""

    steps: tuple[Step, ...]

    @property
    def begins_s(self) -> float:
        """Return when the first step is played."""
        return self.steps[0].t_s


def make_plan(vitals: tuple[VitalsRow, ...], notes: tuple[NoteRow, ...], codebook: Codebook) -> DemoPlan:
    """Return the steps that *vitals* and *notes* make, with the events of the shipped script around them."""
    steps = [Step(row.t_s, At.LOG, "log_enter", line) for row in vitals if (line := row.as_line())]
    steps += [_note_step(row, codebook) for row in notes]
    ends_s = max([SHORTEST_S, *(step.t_s for step in steps)])
    steps += _events(ends_s)
    return DemoPlan(tuple(sorted(steps, key=lambda step: step.t_s)))


def _note_step(row: NoteRow, codebook: Codebook) -> Step:
    if not row.code:
        return Step(row.t_s, At.PAD, "enter", row.text)
    code = codebook.named(row.code)
    is_line = code is not None and code.kind in {CodeKind.QUOTE, CodeKind.SETTING}
    if row.text and not is_line:
        return Step(row.t_s, At.PAD, "enter", f"{row.code}: {row.text}")
    return Step(row.t_s, At.PAD, f"code {row.code}", row.text)


def _events(ends_s: float) -> list[Step]:
    text = files("kapnotes.resources.demo").joinpath("events.csv").read_text(encoding="utf-8")
    return [
        Step(float(row["t_s"]) + (ends_s if row["from"] == "end" else 0.0), At(row["window"]), row["key"], row["text"])
        for row in csv.DictReader(io.StringIO(text))
    ]
