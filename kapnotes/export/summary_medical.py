"""The medical course on a summary: a paragraph, and one small table; the medical record has every reading."""

from kapnotes.domain.adverse_events import Episode, episodes, further_ends
from kapnotes.domain.assessed import EarlyDischarge
from kapnotes.domain.assessed_words import early_words, level_words, scale_title, total_text
from kapnotes.domain.entries import Action, Discharge, Dose, Entry, Infusion, Scale, TakenBy, Vitals
from kapnotes.domain.figure import plain
from kapnotes.domain.start_hold import StartHold
from kapnotes.export.course import Course
from kapnotes.export.flow import Align, Column, Row
from kapnotes.export.page_words import clock_time, held_text, measure_name, route_name, taken_by_name, unit_of
from kapnotes.export.sheet import BODY, CELL, CELL_STRONG, DIM, FIGURES, Sheet
from kapnotes.export.summary_prose import medical_prose
from kapnotes.export.vitals_part import change, elapsed_title, flagged, gaps, value_of

IN_SUMMARY = (
    "systolic_mmhg", "diastolic_mmhg", "heart_rate_bpm", "spo2_percent", "respiratory_rate_bpm", "etco2_mmhg",
    "temperature_c", "o2_l_per_min", "moaas", "pain", "nausea",
)  # fmt: skip


def medical_course(sheet: Sheet, course: Course, *, with_vitals: bool) -> None:
    """Add the paragraph, the table, and what of the protocol's readings is not there, where readings are wanted."""
    sheet.text(medical_prose(course, with_vitals=with_vitals), BODY, after=6)
    sets = course.record.of(Vitals) if with_vitals else []
    _table(sheet, course, sets)
    sheet.room(3)
    sheet.text(" ".join(_about(course, [vitals for _, vitals in sets])), DIM)
    if with_vitals:
        gaps(sheet, course, CELL)


def _about(course: Course, sets: list[Vitals]) -> list[str]:
    """Return what the signs of the table mean, and which readings nobody of the staff took."""
    translate = course.translate
    said = [translate("Page", "The medical record of the session has every reading.")]
    if sets and course.record.protocol is not None:
        said.append(translate("Page", "H and L: above and below the protocol's limits."))
    if sets and course.baseline is not None:
        said.append(translate("Page", "%: change from this session's baseline."))
    for taken_by, words in (
        (TakenBy.PATIENT, translate("Page", "Taken by the patient: {count}.")),
        (TakenBy.MONITOR, translate("Page", "From a monitor: {count}.")),
    ):
        count = sum(1 for vitals in sets if vitals.taken_by is taken_by)
        if count:
            said.append(words.format(count=count))
    return said


def _table(sheet: Sheet, course: Course, sets: list[tuple[Entry, Vitals]]) -> None:
    translate = course.translate
    columns = [Column("", 92), Column(translate("Page", "baseline"), 40, Align.RIGHT)]
    for title in (translate("Page", "lowest"), translate("Page", "highest"), translate("Page", "last")):
        columns += [
            Column(title, 40, Align.RIGHT, grows=True),
            Column(translate("Page", "%"), 24, Align.RIGHT),
            Column(elapsed_title(course), 27, Align.RIGHT),
        ]
    rows = [row for field in IN_SUMMARY if (row := _range_of(sheet, course, field, sets)) is not None]
    if not rows:
        columns = [columns[0], Column("", 100, grows=True)]
    rows += [
        sheet.row((label, CELL), (said, CELL_STRONG if is_strong else CELL))
        for label, said, is_strong in _facts(course)
        if said
    ]
    sheet.grid(columns, rows, room=1.6)


def _range_of(sheet: Sheet, course: Course, field: str, sets: list[tuple[Entry, Vitals]]) -> Row | None:
    """Return baseline, lowest, highest and last of one measure, each with its change from baseline and its T+ time."""
    found = [(value, entry) for entry, vitals in sets if (value := value_of(vitals, field)) is not None]
    if not found:
        return None
    baseline = value_of(course.baseline, field)
    name = f"{measure_name(field, course.translate)} {unit_of(field)}".rstrip()
    cells = [(name, CELL), (plain(baseline) if baseline is not None else "", FIGURES)]
    lowest, highest = min(found, key=lambda one: one[0]), max(found, key=lambda one: one[0])
    for value, entry in (lowest, highest, found[-1]):
        cells += [
            flagged(course, value, field),
            (change(baseline, value, field)[1], FIGURES),
            (course.elapsed(entry.happened), FIGURES),
        ]
    return sheet.row(*cells)


def _facts(course: Course) -> list[tuple[str, str, bool]]:
    """Return the rows below the ranges: label, what is said, and whether it must be seen at once."""
    translate, record = course.translate, course.record
    none = translate("Page", "none recorded")
    events = _adverse_events(course)
    held = [_with_remarks(course, entry, f"{hold.reason} ({held_text(hold, translate)})")
            for entry, hold in record.of(StartHold)]  # fmt: skip
    actions = [_with_remarks(course, entry, action.text) for entry, action in record.of(Action)]
    scales = [_with_remarks(course, entry, _scale(course, scale)) for entry, scale in record.of(Scale)]
    return [
        (translate("Page", "Doses"), _joined(_doses(course, is_rescue=False)) or none, False),
        (translate("Page", "Rescue drugs"), _joined(_doses(course, is_rescue=True)) or none, False),
        (translate("Page", "Start although held"), _joined(held), True),
        (translate("Page", "Adverse events"), _joined(events) or none, bool(events)),
        (translate("Page", "Actions"), _joined(actions), False),
        (translate("Page", "Scales"), _joined(scales), False),
        (translate("Page", "Discharge"), _joined(_discharges(course)) or none, False),
    ]


def _joined(parts: list[str]) -> str:
    """Return *parts*, each on a line of its own."""
    return "\n".join(parts)


def _with_remarks(course: Course, entry: Entry, said: str) -> str:
    """Return what an entry says behind its time, and how it came about where that was not at once."""
    when = f"{clock_time(entry.happened)} {course.elapsed_at(entry.happened)}"
    if course.first_dose is None:
        when = clock_time(entry.happened)
    return f"{when}  {', '.join(part for part in [said, *course.remarks(entry)] if part)}"


def _doses(course: Course, *, is_rescue: bool) -> list[str]:
    translate, record = course.translate, course.record
    timed: list[tuple[float, str]] = []
    for entry, dose in record.of(Dose):
        if dose.is_rescue is not is_rescue:
            continue
        per_kg = None if is_rescue else course.per_kg(dose.dose_mg)
        said = [
            translate("Page", "{drug} {amount} mg").format(drug=dose.drug, amount=plain(dose.dose_mg)),
            translate("Page", "{amount} mg/kg").format(amount=plain(per_kg)) if per_kg is not None else "",
            route_name(dose.route, translate),
            taken_by_name(dose.taken_by, translate),
        ]
        timed.append((course.position(entry), _with_remarks(course, entry, ", ".join(filter(None, said)))))
    pauses = [entry.happened for entry, _ in record.of(Infusion) if record.is_pause(entry)]
    for segment in [] if is_rescue else course.segments():
        words = translate("Page", "{drug} {amount} mg, infusion, {rate} mg/min until {stop}")
        if segment.stop in pauses:
            words = translate("Page", "{drug} {amount} mg, infusion, {rate} mg/min until it was paused at {stop}")
        if segment.is_running:
            words = translate(
                "Page", "{drug} {amount} mg, infusion, {rate} mg/min, no stop recorded; counted until {stop}"
            )
        said_of = words.format(
            drug=segment.infusion.drug,
            amount=plain(segment.amount_mg),
            rate=plain(segment.infusion.rate_mg_per_min),
            stop=clock_time(segment.stop),
        )
        timed.append((record.position_s(segment.start), _with_remarks(course, segment.entry, said_of)))
    return [said for _, said in sorted(timed, key=lambda one: one[0])]


def _adverse_events(course: Course) -> list[str]:
    told = [_episode(course, one) for one in episodes(course.record)]
    words = course.translate("Page", "over: {what}, and no report of it stands open")
    return told + [
        _with_remarks(course, entry, words.format(what=end.what)) for entry, end in further_ends(course.record)
    ]


def _episode(course: Course, episode: Episode) -> str:
    translate = course.translate
    entry = episode.reports[0][0]
    said = [episode.what, episode.worst, "; ".join(episode.actions)]
    if episode.end is None:
        said.append(translate("Page", "open"))
    else:
        over = translate("Page", "over at {time}").format(time=clock_time(episode.end[0].happened))
        said.append(" ".join(part for part in (over, episode.end[1].text) if part))
    remarks = [one for report, _ in episode.reports[1:] for one in course.remarks(report)]
    return ", ".join([_with_remarks(course, entry, ", ".join(filter(None, said))), *dict.fromkeys(remarks)])


def _scale(course: Course, scale: Scale) -> str:
    items = f"({', '.join(map(str, scale.items))})" if len(scale.items) > 1 else ""
    level = level_words(scale, course.translate)
    return " ".join(
        part for part in (scale_title(scale.name, course.translate), total_text(scale), items, level) if part
    )


def _discharges(course: Course) -> list[str]:
    translate = course.translate
    told = []
    for entry, discharge in course.record.of(Discharge):
        early = early_words(discharge, translate) if isinstance(discharge, EarlyDischarge) else ""
        escort = discharge.escort.strip()
        said = [translate("Page", "with {escort}").format(escort=escort) if escort else "", discharge.text, early]
        told.append(_with_remarks(course, entry, ", ".join(filter(None, said))))
    return told
