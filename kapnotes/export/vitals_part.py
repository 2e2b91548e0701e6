"""The vital signs of a page: the extremes for a summary, every set for the record."""

from dataclasses import replace
from decimal import Decimal

from kapnotes.domain.entries import Entry, NotTaken, TakenBy, Vitals
from kapnotes.domain.record import percent_from
from kapnotes.domain.time_axis import elapsed_text
from kapnotes.domain.vitals_chart import plain, reason_text
from kapnotes.export.course import Course
from kapnotes.export.flow import Align, Column, Row, Style, room_to_grow
from kapnotes.export.page_words import clock_time, confirmed, measure_name, signed, taken_by_name, unit_of
from kapnotes.export.sheet import CELL, CELL_STRONG, DIM, FIGURES, FIGURES_STRONG, Sheet

TIME_WIDTH = 29.0
ELAPSED_WIDTH = 31.0

MEASURES = (
    "systolic_mmhg", "diastolic_mmhg", "map_mmhg", "heart_rate_bpm", "spo2_percent", "respiratory_rate_bpm",
    "etco2_mmhg", "temperature_c", "o2_l_per_min", "moaas", "pain", "nausea",
)  # fmt: skip
SMALLER = 8.0
"""Font size of the extremes, which have fourteen columns."""

IN_PERCENT = {"systolic_mmhg", "diastolic_mmhg", "map_mmhg", "heart_rate_bpm", "respiratory_rate_bpm"}
"""Measures whose change is said in percent too; a percent of a percent, or of a temperature, says nothing."""

Words = tuple[str, Style]


def extremes(sheet: Sheet, course: Course) -> None:
    """Add baseline, highest, lowest and last of each measure, each with its difference from baseline."""
    translate, sets = course.translate, course.record.of(Vitals)
    if not sets:
        sheet.text(translate("Page", "No vital signs were recorded."))
        return
    columns = [Column("", 62, grows=True), Column(translate("Page", "baseline"), 30, Align.RIGHT)]
    for title in (translate("Page", "highest"), translate("Page", "lowest"), translate("Page", "last")):
        columns += [
            Column(title, 34, Align.RIGHT),
            Column(translate("Page", "Δ"), 26, Align.RIGHT),
            Column(translate("Page", "%"), 19, Align.RIGHT),
            Column(elapsed_title(course), 25, Align.RIGHT),
        ]
    rows = [row for field in MEASURES if (row := _extremes_of(sheet, course, field, sets)) is not None]
    sheet.grid(columns, rows)
    sheet.room(4)
    sheet.text(" ".join(_about(course, sets)), DIM)


def elapsed_title(course: Course) -> str:
    """Return the title of a column of T+ times, nothing where there was no dose."""
    return course.translate("Page", "T+") if course.first_dose is not None else ""


def _extremes_of(sheet: Sheet, course: Course, field: str, sets: list[tuple[Entry, Vitals]]) -> Row | None:
    found = [(value, entry) for entry, vitals in sets if (value := _value(vitals, field)) is not None]
    if not found:
        return None
    baseline = _value(course.baseline, field)
    short = course.translate("Page", "resp. rate") if field == "respiratory_rate_bpm" else ""
    name = f"{short or measure_name(field, course.translate)} {unit_of(field)}".rstrip()
    cells: list[Words] = [(name, CELL), (plain(baseline) if baseline is not None else "", FIGURES)]
    highest, lowest = max(found, key=lambda one: one[0]), min(found, key=lambda one: one[0])
    for value, entry in (highest, lowest, found[-1]):
        difference, percent = change(baseline, value, field)
        cells += [
            flagged(course, value, field),
            (difference, FIGURES),
            (percent, FIGURES),
            (course.elapsed(entry.happened), FIGURES),
        ]
    return sheet.row(*((text, replace(style, size=SMALLER)) for text, style in cells))


def _value(vitals: Vitals | None, field: str) -> Decimal | None:
    value = getattr(vitals, field, None)
    return None if value is None else Decimal(value)


def change(baseline: Decimal | None, value: Decimal | None, field: str) -> tuple[str, str]:
    """Return the difference from baseline and the same in percent, as far as they can be said."""
    if baseline is None or value is None:
        return "", ""
    percent = percent_from(baseline, value) if field in IN_PERCENT else None
    return signed(value - baseline), signed(percent) if percent is not None else ""


def flagged(course: Course, value: Decimal | None, field: str) -> Words:
    """Return a value, in bold and with a letter where it lies beyond a limit of the protocol."""
    if value is None:
        return "", FIGURES
    limit = course.record.protocol.limits.get(field) if course.record.protocol is not None else None
    if limit is None or limit.holds(value):
        return plain(value), FIGURES
    sign = course.translate("Page", "H") if value > limit.high else course.translate("Page", "L")
    return f"{sign} {plain(value)}", FIGURES_STRONG


def _about(course: Course, sets: list[tuple[Entry, Vitals]]) -> list[str]:
    translate, record = course.translate, course.record
    said = [translate("Page", "Sets of vital signs: {count}.").format(count=len(sets))]
    if record.protocol is not None:
        outside = sum(1 for _, vitals in sets if record.out_of_protocol(vitals))
        words = translate("Page", "With a value outside the protocol's limits: {count} (H above, L below).")
        said.append(words.format(count=outside))
    by_patient = sum(1 for _, vitals in sets if vitals.taken_by is TakenBy.PATIENT)
    if by_patient:
        said.append(translate("Page", "Taken by the patient: {count}.").format(count=by_patient))
    by_monitor = sum(1 for _, vitals in sets if vitals.taken_by is TakenBy.MONITOR)
    if by_monitor:
        said.append(translate("Page", "From a monitor: {count}.").format(count=by_monitor))
    if course.baseline is None:
        said.append(translate("Page", "There is no baseline, so no difference is given."))
    else:
        said.append(translate("Page", "Δ and % are differences from this session's baseline."))
    return said


# ---------------------------------------------------------------------------------------------------- every set


def every_set(sheet: Sheet, course: Course) -> None:
    """Add each set, each one not taken and each slot without an entry, in the order of time."""
    translate, record = course.translate, course.record
    sets = record.of(Vitals)
    fields = [field for field in MEASURES if any(_value(vitals, field) is not None for _, vitals in sets)]
    columns = _columns(course, fields, sheet.width)
    in_words: list[str] = []
    while fields and room_to_grow(columns, sheet.width) < 0:
        in_words.insert(0, fields.pop())
        columns = _columns(course, fields, sheet.width)
    timed: list[tuple[float, Row]] = [
        (record.position_s(entry.happened), _set_row(sheet, course, entry, vitals, fields, in_words))
        for entry, vitals in sets
    ]
    timed += [
        (record.position_s(entry.happened), _not_taken_row(sheet, course, entry, body))
        for entry, body in record.of(NotTaken)
    ]
    if course.first_dose is not None:
        zero_s = record.position_s(course.first_dose)
        timed += [(zero_s + at_s, _missed_row(sheet, course, at_s)) for at_s in course.missed_s()]
    if not timed:
        sheet.text(translate("Page", "No vital signs were recorded."))
        return
    rows = [row for _, row in sorted(timed, key=lambda one: one[0])]
    sheet.grid(columns, rows, room=1.6)
    sheet.room(4)
    sheet.text(" ".join(_about(course, sets)), DIM)


def _columns(course: Course, fields: list[str], width: float) -> list[Column]:
    """Return the columns, as narrow as their words allow where else the remark would be squeezed."""
    wide = _columns_of(course, fields, is_dense=False)
    return wide if room_to_grow(wide, width) >= 0 else _columns_of(course, fields, is_dense=True)


def _columns_of(course: Course, fields: list[str], *, is_dense: bool) -> list[Column]:
    translate = course.translate
    titles = {
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
    columns = [
        Column(translate("Page", "time"), DENSE_TIME_WIDTH if is_dense else TIME_WIDTH),
        Column(elapsed_title(course), DENSE_TIME_WIDTH if is_dense else ELAPSED_WIDTH, Align.RIGHT),
    ]
    for field in fields:
        usual = 31 if field != "moaas" else 35
        columns.append(Column(titles[field], _DENSE.get(field, 26) if is_dense else usual, Align.RIGHT))
        if field in _WITH_CHANGE:
            columns.append(Column(translate("Page", "Δ %"), 19 if is_dense else 23, Align.RIGHT))
    return [*columns, Column(translate("Page", "remark"), 72 if is_dense else 80, grows=True)]


DENSE_TIME_WIDTH = 25.0
_DENSE = {"moaas": 31, "nausea": 28}
"""Points of a column in a table of many; the others need less."""


_WITH_CHANGE = {"systolic_mmhg", "heart_rate_bpm"}


def _set_row(sheet: Sheet, course: Course, entry: Entry, vitals: Vitals, fields: list[str], in_words: list[str]) -> Row:
    """Return a set; what has no column of its own is said in the remark."""
    cells = _times(course, entry)
    for field in fields:
        value = _value(vitals, field)
        cells.append(flagged(course, value, field))
        if field in _WITH_CHANGE:
            cells.append((change(_value(course.baseline, field), value, field)[1], FIGURES))
    said = [course.translate("Page", "baseline")] if vitals is course.baseline else []
    for field in in_words:
        value = _value(vitals, field)
        if value is not None:
            name = measure_name(field, course.translate)
            said.append(f"{name} {flagged(course, value, field)[0]} {unit_of(field)}".rstrip())
    said += [taken_by_name(vitals.taken_by, course.translate), confirmed(vitals, course.translate)]
    said += course.remarks(entry)
    return sheet.row(*cells, (", ".join(part for part in said if part), CELL))


def _not_taken_row(sheet: Sheet, course: Course, entry: Entry, body: NotTaken) -> Row:
    words = course.translate("Page", "not taken: {reason}").format(reason=reason_text(body, course.translate))
    return sheet.row(*_times(course, entry), (", ".join([words, *course.remarks(entry)]), CELL_STRONG))


def _missed_row(sheet: Sheet, course: Course, at_s: float) -> Row:
    zero = course.first_dose
    when = clock_time(zero.shifted(at_s)) if zero is not None else ""
    words = course.translate("Page", "due by the protocol, no entry")
    return sheet.row((when, FIGURES), (elapsed_text(at_s), FIGURES), (words, CELL_STRONG))


def _times(course: Course, entry: Entry) -> list[Words]:
    return [(clock_time(entry.happened), FIGURES), (course.elapsed(entry.happened), FIGURES)]


def gaps(sheet: Sheet, course: Course) -> None:
    """Say which slots of the protocol nobody answered, and which sets were left out on purpose."""
    translate = course.translate
    missed = [f"T+{elapsed_text(at_s)}" for at_s in course.missed_s()]
    left_out = [
        f"{course.elapsed_at(entry.happened)} {reason_text(body, translate)}"
        for entry, body in course.record.of(NotTaken)
    ]
    if missed:
        words = translate("Page", "Vital signs due by the protocol without any entry: {times}.")
        sheet.text(words.format(times=", ".join(missed)))
    if left_out:
        words = translate("Page", "Vital signs not taken: {list}.")
        sheet.text(words.format(list=", ".join(left_out)))
