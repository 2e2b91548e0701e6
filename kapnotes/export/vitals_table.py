"""Every set of vital signs, as the record has them: in blocks beside each other where that saves pages."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from kapnotes.domain.entries import Entry, NotTaken, Vitals
from kapnotes.domain.time_axis import elapsed_text
from kapnotes.domain.vitals_chart import reason_text
from kapnotes.export.beside import GUTTER
from kapnotes.export.course import Course
from kapnotes.export.flow import Align, Column, Row, room_to_grow
from kapnotes.export.page_words import clock_time, confirmed, measure_name, taken_by_name, unit_of
from kapnotes.export.sheet import CELL, CELL_STRONG, DIM, FIGURES, Sheet
from kapnotes.export.vitals_part import MEASURES, Words, about_sets, change, elapsed_title, flagged, value_of

IN_ONE_BLOCK = 14
"""So few rows stand in one block, their remarks in words; more have numbers and the words below."""

MOST_BLOCKS = 3
GAP = 3.0
"""Points between two columns of figures."""

ROOM = 0.25
"""Points above and below a row."""

SELDOM = 0.25
"""What fewer sets than this share hold may stand in the remarks, where else there would be one block more."""

_ALWAYS = {*MEASURES[:6]}
"""What is never told in a remark, however seldom it was taken: who reads the record looks down its column."""

_WITH_CHANGE = ("systolic_mmhg", "heart_rate_bpm")
_WIDTHS = {
    "systolic_mmhg": 28.0, "diastolic_mmhg": 25.0, "map_mmhg": 22.5, "heart_rate_bpm": 25.0, "spo2_percent": 25.0,
    "respiratory_rate_bpm": 25.0, "etco2_mmhg": 23.0, "temperature_c": 20.0, "o2_l_per_min": 20.0, "moaas": 29.0,
    "pain": 24.0, "nausea": 24.0,
}  # fmt: skip
_TIME, _CHANGE, _NUMBER, _REMARK = 24.0, 22.0, 11.0, 90.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How the table is set: its blocks, its columns of measures, which have their change, what the remarks say."""

    blocks: int
    fields: tuple[str, ...]
    with_change: tuple[str, ...] = _WITH_CHANGE
    in_words: tuple[str, ...] = ()


@dataclass
class Notes:
    """Remarks by their numbers, each kept once, in the order in which they are needed."""

    numbers: dict[str, int] = field(default_factory=dict)

    def number(self, remark: str) -> int:
        """Return the number of that remark."""
        return self.numbers.setdefault(remark, len(self.numbers) + 1)

    def words(self) -> str:
        """Return all of them behind their numbers."""
        return " · ".join(f"{number} {remark}" for remark, number in self.numbers.items())


def every_set(sheet: Sheet, course: Course) -> None:
    """Add each set, each one not taken and each slot without an entry, in the order of time."""
    sets = course.record.of(Vitals)
    timed: list[tuple[float, Entry | None, Vitals | NotTaken | None]] = []
    timed += [(course.position(entry), entry, body) for entry, body in sets]
    timed += [(course.position(entry), entry, body) for entry, body in course.record.of(NotTaken)]
    if course.first_dose is not None:
        zero_s = course.record.position_s(course.first_dose)
        timed += [(zero_s + at_s, None, None) for at_s in course.missed_s()]
    if not timed:
        sheet.text(course.translate("Page", "No vital signs were recorded."))
        return
    timed.sort(key=lambda one: one[0])
    table = _Table(sheet, course, _plan(sheet, course, [vitals for _, vitals in sets], len(timed)))
    rows = [table.row(at_s, entry, body) for at_s, entry, body in timed]
    columns = table.columns()
    if table.plan.blocks == 1 and not table.is_numbered:
        sheet.grid(columns, rows, room=ROOM + 0.5)
    else:
        sheet.blocks(columns, rows, table.plan.blocks, ROOM, GAP)
    sheet.room(4)
    said = [table.notes.words()] if table.notes.numbers else []
    said.append(" ".join(about_sets(course, sets, with_change=bool(table.plan.with_change))))
    sheet.text("   ".join(said), DIM)


def _plan(sheet: Sheet, course: Course, sets: Sequence[Vitals], count: int) -> Plan:
    """Return the plan with the most blocks whose columns fit; of those the one that leaves out least."""
    fields = tuple(one for one in MEASURES if any(value_of(vitals, one) is not None for vitals in sets))
    if count <= IN_ONE_BLOCK:
        return Plan(1, fields)
    seldom = tuple(
        one
        for one in fields
        if one not in _ALWAYS and sum(value_of(vitals, one) is not None for vitals in sets) < SELDOM * len(sets)
    )
    often = tuple(one for one in fields if one not in seldom)
    ways = [
        Plan(0, fields),
        Plan(0, often, in_words=seldom),
        Plan(0, fields, with_change=_WITH_CHANGE[:1]),
        Plan(0, fields, with_change=()),
        Plan(0, often, with_change=_WITH_CHANGE[:1], in_words=seldom),
        Plan(0, often, with_change=(), in_words=seldom),
    ]
    for blocks in range(MOST_BLOCKS, 1, -1):
        wide = (sheet.width - GUTTER * (blocks - 1)) / blocks
        for way in ways if blocks == 2 else ways[:1]:
            plan = Plan(blocks, way.fields, way.with_change, way.in_words)
            columns = _Table(sheet, course, plan).columns()
            if room_to_grow(sheet.scaled(columns), wide, GAP) >= 0:
                return plan
    return Plan(1, fields)


class _Table:
    """The rows and the columns of one plan."""

    def __init__(self, sheet: Sheet, course: Course, plan: Plan) -> None:
        self._sheet, self._course = sheet, course
        self.plan = plan
        self.notes = Notes()

    @property
    def is_numbered(self) -> bool:
        """Tell whether a remark is a number, with its words below the table."""
        return self.plan.blocks > 1

    def columns(self) -> list[Column]:
        """Return the columns, as narrow as their figures allow."""
        translate = self._course.translate
        titles = _titles(self._course)
        columns = [
            Column(translate("Page", "time"), _TIME),
            Column(elapsed_title(self._course), _TIME, Align.RIGHT),
        ]
        for one in self.plan.fields:
            columns.append(Column(titles[one], _WIDTHS[one], Align.RIGHT))
            if one in self.plan.with_change:
                columns.append(Column(translate("Page", "Δ %"), _CHANGE, Align.RIGHT))
        if self.is_numbered:
            return [*columns, Column("", _NUMBER, grows=True)]
        return [*columns, Column(translate("Page", "remark"), _REMARK, grows=True)]

    def row(self, at_s: float, entry: Entry | None, body: Vitals | NotTaken | None) -> Row:
        """Return a set, one not taken, or a slot that nobody answered."""
        if entry is None or body is None:
            return self._missed(at_s)
        times: list[Words] = [(clock_time(entry.happened), FIGURES), (self._course.elapsed(entry.happened), FIGURES)]
        if isinstance(body, NotTaken):
            words = self._course.translate("Page", "not taken: {reason}")
            said = words.format(reason=reason_text(body, self._course.translate))
            return self._sheet.row(*times, (", ".join([said, *self._course.remarks(entry)]), CELL_STRONG))
        return self._set(times, entry, body)

    def _set(self, cells: list[Words], entry: Entry, vitals: Vitals) -> Row:
        course = self._course
        for one in self.plan.fields:
            value = value_of(vitals, one)
            cells.append(flagged(course, value, one))
            if one in self.plan.with_change:
                cells.append((change(value_of(course.baseline, one), value, one)[1], FIGURES))
        said = [course.translate("Page", "baseline")] if vitals is course.baseline else []
        for one in self.plan.in_words:
            value = value_of(vitals, one)
            if value is not None:
                name = measure_name(one, course.translate)
                said.append(f"{name} {flagged(course, value, one)[0]} {unit_of(one)}".rstrip())
        said += [taken_by_name(vitals.taken_by, course.translate), confirmed(vitals, course.translate)]
        said += course.remarks(entry)
        remarks = [part for part in said if part]
        if self.is_numbered:
            cells.append((" ".join(str(self.notes.number(one)) for one in remarks), DIM))
        else:
            cells.append((", ".join(remarks), CELL))
        return self._sheet.row(*cells)

    def _missed(self, at_s: float) -> Row:
        zero = self._course.first_dose
        since_s = at_s - self._course.record.position_s(zero) if zero is not None else 0.0
        when = clock_time(zero.shifted(since_s)) if zero is not None else ""
        words = self._course.translate("Page", "due by the protocol, no entry")
        return self._sheet.row((when, FIGURES), (elapsed_text(since_s), FIGURES), (words, CELL_STRONG))


def _titles(course: Course) -> dict[str, str]:
    translate = course.translate
    return {
        "systolic_mmhg": translate("Page", "SBP\nmmHg"),
        "diastolic_mmhg": translate("Page", "DBP\nmmHg"),
        "map_mmhg": translate("Page", "MAP\nmmHg"),
        "heart_rate_bpm": translate("Page", "HR\n/min"),
        "spo2_percent": translate("Page", "SpO₂\n%"),
        "respiratory_rate_bpm": translate("Page", "RR\n/min"),
        "etco2_mmhg": translate("Page", "EtCO₂\nmmHg"),
        "temperature_c": translate("Page", "temp\n°C"),
        "o2_l_per_min": translate("Page", "O₂\nL/min"),
        "moaas": translate("Page", "MOAA/S\n0 to 5"),
        "pain": translate("Page", "pain\n0 to 10"),
        "nausea": translate("Page", "nausea\n0 to 10"),
    }
