"""The drugs of a page: doses, infusion segments, rescue drugs and waste, with the total."""

from decimal import Decimal

from kapnotes.domain.countersigning import vouched_in_words
from kapnotes.domain.drug_words import beside_in_words
from kapnotes.domain.entries import Dose, Entry, Infusion, Waste
from kapnotes.domain.figure import plain
from kapnotes.export.course import Course
from kapnotes.export.flow import Align, Column, Row
from kapnotes.export.page_words import clock_time, route_name, taken_by_name
from kapnotes.export.sheet import CELL, CELL_STRONG, FIGURES, FIGURES_STRONG, Sheet
from kapnotes.export.vitals_part import ELAPSED_WIDTH, TIME_WIDTH, elapsed_title


def drugs(sheet: Sheet, course: Course) -> None:
    """Add everything given and wasted in the order of time, and the total below."""
    translate = course.translate
    rows = [row for _, row in sorted(_timed_rows(sheet, course), key=lambda one: one[0])]
    if not rows:
        sheet.text(translate("Page", "No dose is recorded."))
        return
    if course.first_dose is not None:
        rows.append(_total_row(sheet, course))
    sheet.grid(
        [
            Column(translate("Page", "time"), TIME_WIDTH),
            Column(elapsed_title(course), ELAPSED_WIDTH, Align.RIGHT),
            Column(translate("Page", "drug"), 60, grows=True),
            Column(translate("Page", "mg"), 40, Align.RIGHT),
            Column(translate("Page", "mg/kg"), 40, Align.RIGHT),
            Column(translate("Page", "how"), 120, grows=True),
        ],
        rows,
    )


def waste(sheet: Sheet, course: Course) -> None:
    """Add what was drawn, not given, and destroyed before a witness; nothing where there was none."""
    translate = course.translate
    wasted = course.record.of(Waste)
    if not wasted:
        return
    sheet.subsection(translate("Page", "Waste"))
    sheet.grid(
        [
            Column(translate("Page", "time"), TIME_WIDTH),
            Column(elapsed_title(course), ELAPSED_WIDTH, Align.RIGHT),
            Column(translate("Page", "drug"), 60, grows=True),
            Column(translate("Page", "mg"), 40, Align.RIGHT),
            Column(translate("Page", "witness"), 166, grows=True),
        ],
        [
            sheet.row(
                (clock_time(entry.happened), FIGURES),
                (course.elapsed(entry.happened), FIGURES),
                (body.drug, CELL),
                (plain(body.waste_mg), FIGURES),
                (", ".join([*_witness(course, entry, body), *course.remarks(entry)]), CELL),
            )
            for entry, body in wasted
        ],
    )


def _witness(course: Course, entry: Entry, waste: Waste) -> list[str]:
    """Return the witness as named, and whether a second member signed it."""
    signed = vouched_in_words(course.record, entry, course.translate)
    return [waste.witness, *(signed or [course.translate("Page", "named, not signed")])]


def _timed_rows(sheet: Sheet, course: Course) -> list[tuple[float, Row]]:
    translate, record = course.translate, course.record
    timed: list[tuple[float, Row]] = []
    for entry, dose in record.of(Dose):
        beside = [*beside_in_words(entry, record, translate), *vouched_in_words(record, entry, translate)]
        how = [route_name(dose.route, translate), *beside, taken_by_name(dose.taken_by, translate)]
        if dose.is_rescue:
            how.insert(0, translate("Page", "rescue drug"))
        row = _row(sheet, course, entry, dose.drug, dose.dose_mg, how, counts=not dose.is_rescue)
        timed.append((record.position_s(entry.happened), row))
    pauses = [entry.happened for entry, _ in record.of(Infusion) if record.is_pause(entry)]
    for segment in course.segments():
        words = translate("Page", "infusion, {rate} mg/min until {stop}")
        if segment.stop in pauses:
            words = translate("Page", "infusion, {rate} mg/min until it was paused at {stop}")
        if segment.is_running:
            words = translate("Page", "infusion, {rate} mg/min, no stop recorded; counted until {stop}")
        how = [
            words.format(rate=plain(segment.infusion.rate_mg_per_min), stop=clock_time(segment.stop)),
            *beside_in_words(segment.entry, record, translate),
            *vouched_in_words(record, segment.entry, translate),
        ]
        row = _row(sheet, course, segment.entry, segment.infusion.drug, segment.amount_mg, how)
        timed.append((record.position_s(segment.start), row))
    return timed


def _row(
    sheet: Sheet, course: Course, entry: Entry, drug: str, amount_mg: Decimal, how: list[str], counts: bool = True
) -> Row:
    per_kg = course.per_kg(amount_mg) if counts else None
    return sheet.row(
        (clock_time(entry.happened), FIGURES),
        (course.elapsed(entry.happened), FIGURES),
        (drug, CELL),
        (plain(amount_mg), FIGURES),
        (plain(per_kg) if per_kg is not None else "", FIGURES),
        (", ".join(part for part in [*how, *course.remarks(entry)] if part), CELL),
    )


def _total_row(sheet: Sheet, course: Course) -> Row:
    per_kg = course.per_kg(course.given_mg())
    return sheet.row(
        ("", CELL),
        ("", CELL),
        (course.translate("Page", "total given"), CELL_STRONG),
        (plain(course.given_mg()), FIGURES_STRONG),
        (plain(per_kg) if per_kg is not None else "", FIGURES_STRONG),
        (course.translate("Page", "rescue drugs not counted"), CELL),
    )
