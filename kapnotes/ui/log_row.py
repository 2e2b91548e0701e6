"""What a row of the vitals log says: its cells, how far readings are from baseline, and any entry in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication, Qt

from kapnotes.domain.assessed import EarlyDischarge, EventEnded
from kapnotes.domain.assessed_words import early_words, scale_words
from kapnotes.domain.changes import Change, baseline_for, changes_of
from kapnotes.domain.countersigning import countersigned, vouched_in_words
from kapnotes.domain.drug_entries import Drawn, Returned
from kapnotes.domain.drug_words import beside_in_words, is_doubtful, paused_in_words, stock_in_words
from kapnotes.domain.emergency_step import EmergencyAct, EmergencyStep
from kapnotes.domain.emergency_words import step_in_words
from kapnotes.domain.entries import (
    Action,
    AdverseEvent,
    ClockJump,
    Discharge,
    Dose,
    Entry,
    Infusion,
    NotTaken,
    Phase,
    Scale,
    Signal,
    TakenBy,
    Vitals,
    Waste,
)
from kapnotes.domain.figure import plain, signed
from kapnotes.domain.holding import held_words
from kapnotes.domain.limits import BOUNDS, OutOfProtocol
from kapnotes.domain.record import Record
from kapnotes.domain.response_scale import ResponseScale
from kapnotes.domain.response_words import response_in_words
from kapnotes.domain.start_hold import StartHold
from kapnotes.ui.days import day_and_time
from kapnotes.ui.labels import MARK_SIGN
from kapnotes.ui.readings import FAR_SIGN, about_words, change_words
from kapnotes.ui.session_words import amendment_words, reason_word, route_word, seen_remark, signal_word, stage_word
from kapnotes.ui.times import clock_time, minutes_since_dose

COLUMNS = 10
WHAT = 8
"""The column of words."""

InLog = (
    Vitals
    | NotTaken
    | Dose
    | Infusion
    | Waste
    | AdverseEvent
    | EventEnded
    | Action
    | Scale
    | Discharge
    | Phase
    | Signal
    | ClockJump
    | EmergencyStep
    | StartHold
    | Drawn
    | Returned
    | ResponseScale
)
"""What has a row. The answers of the checklists have none: they stand on their own pages and would hide the course."""


COLUMN_OF = {
    "systolic_mmhg": 2,
    "diastolic_mmhg": 2,
    "heart_rate_bpm": 4,
    "spo2_percent": 5,
    "respiratory_rate_bpm": 6,
    "moaas": 7,
}
"""Which column shows a field of `Vitals`; the others stand in the last one."""

COMPARED = {2: ("systolic_mmhg", "diastolic_mmhg"), 3: ("map_mmhg",), 4: ("heart_rate_bpm",), 5: ("spo2_percent",),
             6: ("respiratory_rate_bpm",)}  # fmt: skip
"""Of which fields a column tells the change from baseline; the others tell it beside their value in the last one."""


@dataclass(frozen=True, slots=True)
class LogRow:
    """One row: its cells, how far readings are from baseline, and which columns hold one outside the protocol.

    `far` are those that hold one far outside it. What `is_struck` was taken back.
    """

    entry_id: str
    cells: tuple[str, ...]
    changes: Mapping[int, str] = field(default_factory=dict)
    marked: frozenset[int] = frozenset()
    far: frozenset[int] = frozenset()
    is_struck: bool = False


def row_of(entry: Entry, record: Record) -> LogRow:
    """Return the row of *entry*."""
    time = clock_time(entry.happened)
    elapsed = minutes_since_dose(record.elapsed_s(entry.happened))
    if isinstance(entry.body, Vitals):
        return _vitals_row(entry, entry.body, record, time, elapsed)
    translate = QCoreApplication.translate
    said = words_of(entry, record, is_pause=record.is_pause(entry))
    about = about_words(record, entry.body) if isinstance(entry.body, Action) else ""
    beside = beside_in_words(entry, record, translate)
    words = " · ".join(filter(None, (said, about, *beside, *_afterwards(entry, record))))
    is_marked = is_doubtful(entry, record) or not all(one.matches for one in countersigned(record, entry))
    return LogRow(
        entry.entry_id,
        (time, elapsed, "", "", "", "", "", "", words),
        marked=frozenset({WHAT}) if is_marked else frozenset[int](),
        is_struck=_is_struck(entry, record),
    )


def _is_struck(entry: Entry, record: Record) -> bool:
    return not record.stands(entry.entry_id, entry.author_id)


def _afterwards(entry: Entry, record: Record) -> list[str]:
    """Return what happened to *entry* after it was noted: an amendment's reason, a correction."""
    if _is_struck(entry, record):
        return []  # when and why it was taken back is told where the row is chosen
    corrected = record.corrections_of(entry.entry_id, entry.author_id)
    return [
        *vouched_in_words(record, entry, QCoreApplication.translate),
        amendment_words(record, entry),
        seen_remark(record, entry),
        QCoreApplication.translate("Log", "corrected") if corrected else "",
    ]


def _vitals_row(entry: Entry, vitals: Vitals, record: Record, time: str, elapsed: str) -> LogRow:
    translate = QCoreApplication.translate
    outside = record.out_of_protocol(vitals)
    pressure = f"{vitals.systolic_mmhg}/{vitals.diastolic_mmhg}" if vitals.systolic_mmhg is not None else ""
    changes = changes_of(vitals, baseline_for(record, entry.happened))
    further = [
        translate("Log", "outside: {}").format(", ".join(_outside_word(out) for out in outside)) if outside else "",
        *(_further_word(field, value, changes) for field, value in _further(vitals)),
        translate("Log", "by the patient") if vitals.taken_by is TakenBy.PATIENT else "",
        translate("Log", "monitor") if vitals.taken_by is TakenBy.MONITOR else "",
        _unusual_words(vitals),
        *_afterwards(entry, record),
    ]
    cells = (
        time,
        elapsed,
        pressure,
        _text(vitals.map_mmhg),
        _text(vitals.heart_rate_bpm),
        _text(vitals.spo2_percent),
        _text(vitals.respiratory_rate_bpm),
        _text(vitals.moaas),
        " · ".join(part for part in further if part),
    )
    said = {column: change_words(changes, *fields) for column, fields in COMPARED.items()}
    return LogRow(
        entry.entry_id,
        cells,
        {column: words for column, words in said.items() if words},
        frozenset(COLUMN_OF[out.field] for out in outside if out.field in COLUMN_OF),
        frozenset(COLUMN_OF[out.field] for out in outside if out.field in COLUMN_OF and out.is_far),
        _is_struck(entry, record),
    )


def _further_word(field: str, value: object, changes: Mapping[str, Change]) -> str:
    words = f"{BOUNDS[field].name} {value}"
    change = change_words(changes, field)
    return f"{words} ({change})" if change else words


def _unusual_words(vitals: Vitals) -> str:
    """Return that something in a set is unusual: a person confirmed it, a monitor's row did nobody."""
    translate = QCoreApplication.translate
    if not vitals.unusual:
        return ""
    by_monitor = vitals.taken_by is TakenBy.MONITOR
    return translate("Log", "unusual") if by_monitor else translate("Log", "confirmed unusual")


def _further(vitals: Vitals) -> list[tuple[str, object]]:
    fields = ("temperature_c", "etco2_mmhg", "o2_l_per_min", "pain", "nausea")
    return [(field, getattr(vitals, field)) for field in fields if getattr(vitals, field) is not None]


def _text(value: object) -> str:
    return "" if value is None else str(value)


def words_of(entry: Entry, record: Record, *, is_pause: bool = False) -> str:
    """Return any entry of *record* but a set of vitals in one line; a stop of the infusion may be a pause of it."""
    translate = QCoreApplication.translate
    match entry.body:
        case NotTaken(reason):
            return translate("Log", "not taken: {}").format(reason_word(reason))
        case Dose() as dose:
            wording = (
                translate("Log", "rescue: {drug} {mg} mg {route}")
                if dose.is_rescue
                else translate("Log", "dose: {drug} {mg} mg {route}")
            )
            words = wording.format(drug=dose.drug, mg=dose.dose_mg, route=route_word(dose.route))
            by_patient = translate("Log", "by the patient") if dose.taken_by is TakenBy.PATIENT else ""
            return " · ".join(part for part in (words, by_patient) if part)
        case Infusion(drug, rate, _) if rate == 0 and is_pause:
            return paused_in_words(drug, translate)
        case Infusion(drug, rate, _) if rate == 0:
            return translate("Log", "infusion stopped: {drug}").format(drug=drug)
        case Infusion(drug, rate, planned):
            words = translate("Log", "infusion: {drug} {rate} mg/min").format(drug=drug, rate=plain(rate))
            return words if planned is None else f"{words}, {translate('Log', '{} mg planned').format(planned)}"
        case Waste(drug, mg, witness):
            return translate("Log", "waste: {drug} {mg} mg, witness {witness}").format(
                drug=drug, mg=mg, witness=witness
            )
        case AdverseEvent(what, severity, action):
            words = translate("Log", "adverse event: {what}, {severity}").format(what=what, severity=severity)
            return f"{words}: {action}" if action else words
        case Action(text, _):
            return translate("Log", "done: {}").format(text)
        case Scale() as scale:
            return scale_words(scale, record, translate)
        case Discharge(escort, text) as discharge:
            words = translate("Log", "discharged with {}").format(escort)
            early = early_words(discharge, translate) if isinstance(discharge, EarlyDischarge) else ""
            return " · ".join(part for part in (f"{words}: {text}" if text else words, early) if part)
        case EventEnded(event_id, what, text):
            began = record.entry(event_id)
            since = clock_time(began.happened) if began is not None else ""
            wording = translate("Log", "over: {what}, since {time}") if since else translate("Log", "over: {what}")
            words = wording.format(what=what, time=since)
            return f"{words}: {text}" if text else words
        case Drawn() | Returned() as stock:
            return stock_in_words(stock, translate, entry.happened)
        case EmergencyStep() as step:
            words = step_in_words(step, translate)
            is_edge = step.act in {EmergencyAct.BEGAN, EmergencyAct.ENDED}
            return words if is_edge else translate("Log", "emergency: {}").format(words)
        case StartHold(reason) as hold:
            words = translate("Log", "although held: {reason} ({what})")
            return words.format(what=held_words(hold), reason=reason)
        case ResponseScale() as answered:
            words = response_in_words(answered, translate)
            is_of_the_day = record.origin is None or record.origin.local().date() == entry.happened.local().date()
            return words if is_of_the_day else f"{day_and_time(entry.happened)}: {words}"
        case Phase(stage):
            return translate("Log", "stage: {}").format(stage_word(stage))
        case Signal(meaning):
            return translate("Log", "signal: {}").format(signal_word(meaning))
        case ClockJump(jump_s):
            return translate("Log", "the clock of this laptop was set by {} s").format(signed(round(jump_s)))
        case _:
            return ""


def _outside_word(out: OutOfProtocol) -> str:
    translate = QCoreApplication.translate
    name = BOUNDS[out.field].name
    if out.is_far:
        wording = translate("Log", "{} far above") if out.is_high else translate("Log", "{} far below")
    else:
        wording = translate("Log", "{} high") if out.is_high else translate("Log", "{} low")
    return wording.format(name)


def alignment_of(column: int) -> Qt.AlignmentFlag:
    """Return on which side the words of a column stand."""
    side = Qt.AlignmentFlag.AlignRight if 1 <= column <= 7 else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def text_of(row: LogRow, column: int, *, is_saved: bool) -> str:
    """Return what stands in a column of *row*; in the last one nothing where its entry is on the disk."""
    if column == len(row.cells):
        return "" if is_saved else "\N{HORIZONTAL ELLIPSIS}"
    text = row.cells[column]
    if column not in row.marked:
        return text
    return f"{FAR_SIGN if column in row.far else MARK_SIGN} {text}"
