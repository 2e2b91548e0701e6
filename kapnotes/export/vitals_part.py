"""What tables of vital signs have in common: changes from baseline, limits, and what was left out."""

from decimal import Decimal

from kapnotes.domain.entries import Entry, NotTaken, TakenBy, Vitals
from kapnotes.domain.figure import plain, signed
from kapnotes.domain.record import percent_from
from kapnotes.domain.time_axis import elapsed_text
from kapnotes.domain.vitals_chart import reason_text
from kapnotes.export.course import Course
from kapnotes.export.flow import Style
from kapnotes.export.sheet import FIGURES, FIGURES_STRONG, Sheet

TIME_WIDTH = 29.0
ELAPSED_WIDTH = 31.0

MEASURES = (
    "systolic_mmhg", "diastolic_mmhg", "map_mmhg", "heart_rate_bpm", "spo2_percent", "respiratory_rate_bpm",
    "etco2_mmhg", "temperature_c", "o2_l_per_min", "moaas", "pain", "nausea",
)  # fmt: skip
IN_PERCENT = {"systolic_mmhg", "diastolic_mmhg", "map_mmhg", "heart_rate_bpm", "respiratory_rate_bpm"}
"""Measures whose change is said in percent too; a percent of a percent, or of a temperature, says nothing."""

Words = tuple[str, Style]


def elapsed_title(course: Course) -> str:
    """Return the title of a column of T+ times, nothing where there was no dose."""
    return course.translate("Page", "T+") if course.first_dose is not None else ""


def value_of(vitals: Vitals | None, field: str) -> Decimal | None:
    """Return one measure of a set, None where it was not measured."""
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


def about_sets(course: Course, sets: list[tuple[Entry, Vitals]], *, with_change: bool = True) -> list[str]:
    """Return how many sets there are, whose they are, and what the signs in a table of them mean."""
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
    elif with_change:
        said.append(translate("Page", "Δ and % are differences from this session's baseline."))
    return said


def gaps(sheet: Sheet, course: Course, style: Style) -> None:
    """Say which slots of the protocol nobody answered, and which sets were left out on purpose."""
    translate = course.translate
    missed = [f"T+{elapsed_text(at_s)}" for at_s in course.missed_s()]
    left_out = [
        f"{course.elapsed_at(entry.happened)} {reason_text(body, translate)}"
        for entry, body in course.record.of(NotTaken)
    ]
    if missed:
        words = translate("Page", "Vital signs due by the protocol without any entry: {times}.")
        sheet.text(words.format(times=", ".join(missed)), style)
    if left_out:
        words = translate("Page", "Vital signs not taken: {list}.")
        sheet.text(words.format(list=", ".join(left_out)), style)
