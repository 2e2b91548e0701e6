"""Facts in words and figures, as the page says them; nothing here knows how a page is made."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from kapnotes.domain.around import Agreement, SettingItem, Touch, TouchAgreement
from kapnotes.domain.around_words import around_in_words
from kapnotes.domain.assessed import ChecklistAnswer, EarlyDischarge, EventEnded
from kapnotes.domain.assessed_words import early_words, scale_title
from kapnotes.domain.checklist import answer_words
from kapnotes.domain.clock import Stamp
from kapnotes.domain.drug_entries import DoseDetail, Drawn, InfusionPause, Returned
from kapnotes.domain.drug_words import detail_in_words, stock_in_words
from kapnotes.domain.emergency_step import EmergencyStep
from kapnotes.domain.emergency_words import step_in_words
from kapnotes.domain.entries import (
    Action,
    AdverseEvent,
    Body,
    ClockJump,
    Discharge,
    Dose,
    Infusion,
    NotTaken,
    Phase,
    Route,
    Scale,
    Setting,
    Staffing,
    Stage,
    TakenBy,
    Vitals,
    Waste,
)
from kapnotes.domain.figure import MINUS, plain, signed
from kapnotes.domain.limits import BOUNDS, values_of
from kapnotes.domain.members import Role
from kapnotes.domain.response_scale import ResponseScale
from kapnotes.domain.response_words import response_in_words
from kapnotes.domain.silent_signals import AWARE, BP, COME, IN_TWO, NOT_NOW, SAFETY, Sent
from kapnotes.domain.start_hold import HeldValue, StartHold
from kapnotes.domain.vitals_chart import reason_text
from kapnotes.domain.words import Translate


def weekday(day: date, translate: Translate) -> str:
    """Return the name of the weekday."""
    return (
        translate("Page", "Monday"),
        translate("Page", "Tuesday"),
        translate("Page", "Wednesday"),
        translate("Page", "Thursday"),
        translate("Page", "Friday"),
        translate("Page", "Saturday"),
        translate("Page", "Sunday"),
    )[day.weekday()]


def short_date(day: date, translate: Translate) -> str:
    """Return day, month in words and year."""
    months = (
        translate("Page", "January"),
        translate("Page", "February"),
        translate("Page", "March"),
        translate("Page", "April"),
        translate("Page", "May"),
        translate("Page", "June"),
        translate("Page", "July"),
        translate("Page", "August"),
        translate("Page", "September"),
        translate("Page", "October"),
        translate("Page", "November"),
        translate("Page", "December"),
    )
    return translate("Page", "{day} {month} {year}").format(day=day.day, month=months[day.month - 1], year=day.year)


def long_date(day: date, translate: Translate) -> str:
    """Return the date with its weekday."""
    return translate("Page", "{weekday} {date}").format(
        weekday=weekday(day, translate), date=short_date(day, translate)
    )


def clock_time(stamp: Stamp) -> str:
    """Return the local time as hh:mm."""
    return f"{stamp.local():%H:%M}"


def date_and_time(moment: datetime, translate: Translate) -> str:
    """Return date with weekday, and hh:mm."""
    return translate("Page", "{date}, {time}").format(date=long_date(moment.date(), translate), time=f"{moment:%H:%M}")


def short_day(day: date, translate: Translate) -> str:
    """Return weekday, day and month in three letters, as Tue 24 Nov."""
    days = (
        translate("Page", "Mon"),
        translate("Page", "Tue"),
        translate("Page", "Wed"),
        translate("Page", "Thu"),
        translate("Page", "Fri"),
        translate("Page", "Sat"),
        translate("Page", "Sun"),
    )
    months = (
        translate("Page", "Jan"),
        translate("Page", "Feb"),
        translate("Page", "Mar"),
        translate("Page", "Apr"),
        translate("PageMonth", "May"),
        translate("Page", "Jun"),
        translate("Page", "Jul"),
        translate("Page", "Aug"),
        translate("Page", "Sep"),
        translate("Page", "Oct"),
        translate("Page", "Nov"),
        translate("Page", "Dec"),
    )
    words = translate("Page", "{weekday} {day} {month}")
    return words.format(weekday=days[day.weekday()], day=day.day, month=months[day.month - 1])


def short_moment(moment: datetime, translate: Translate, *, with_year: bool = False) -> str:
    """Return a short day with its time, as Tue 24 Nov 14:07."""
    words = translate("Page", "{day} {time}")
    if with_year:
        words = translate("Page", "{day} {year}, {time}")
    return words.format(day=short_day(moment.date(), translate), year=moment.year, time=f"{moment:%H:%M}")


def zone(stamp: Stamp) -> str:
    """Return the offset from UTC at that moment, as UTC+01:00."""
    hours, minutes = divmod(abs(stamp.offset_min), 60)
    return f"UTC{MINUS if stamp.offset_min < 0 else '+'}{hours:02}:{minutes:02}"


def duration(seconds: float, translate: Translate) -> str:
    """Return whole minutes, from an hour on with hours."""
    hours, minutes = divmod(int(seconds // 60), 60)
    if hours:
        return translate("Page", "{hours} h {minutes} min").format(hours=hours, minutes=minutes)
    return translate("Page", "{minutes} min").format(minutes=minutes)


def days_between(first: datetime, last: datetime) -> list[date]:
    """Return every calendar day that the stretch touches."""
    count = (last.date() - first.date()).days
    return [first.date() + timedelta(days=index) for index in range(count + 1)]


def route_name(route: Route, translate: Translate) -> str:
    """Return how the drug is given."""
    return {
        Route.IV: translate("Page", "intravenous"),
        Route.IM: translate("Page", "intramuscular"),
        Route.NASAL: translate("Page", "nasal"),
        Route.SUBLINGUAL: translate("Page", "sublingual"),
        Route.ORAL: translate("Page", "oral"),
    }[route]


def staffing_name(staffing: Staffing, translate: Translate) -> str:
    """Return who was in the room, and what that means for the readings."""
    return {
        Staffing.TEAM: translate("Page", "therapist and nurse anaesthetist"),
        Staffing.ONE_PERSON_BOTH_ROLES: translate("Page", "one person in both roles"),
        Staffing.CRNA_ALONE: translate("Page", "nurse anaesthetist alone"),
        Staffing.THERAPIST_ALONE: translate("Page", "therapist alone; vital signs taken by the patient"),
    }[staffing]


def role_name(role: Role, translate: Translate) -> str:
    """Return a member's role."""
    return {
        Role.THERAPIST: translate("Page", "therapist"),
        Role.MEDICAL: translate("Page", "medical"),
        Role.ADMIN: translate("Page", "administration"),
    }[role]


def stage_name(stage: Stage, translate: Translate) -> str:
    """Return what the session is doing."""
    return {
        Stage.PREPARATION: translate("Page", "preparation"),
        Stage.DOSING: translate("Page", "dosing"),
        Stage.RETURN: translate("Page", "return"),
        Stage.CLOSING: translate("Page", "closing"),
        Stage.CLOSED: translate("Page", "closed"),
    }[stage]


def taken_by_name(taken_by: TakenBy, translate: Translate) -> str:
    """Return where a reading comes from; nothing for the staff, the usual case."""
    return {
        TakenBy.STAFF: "",
        TakenBy.PATIENT: translate("Page", "taken by patient"),
        TakenBy.MONITOR: translate("Page", "monitor"),
    }[taken_by]


def measure_name(field: str, translate: Translate) -> str:
    """Return the name of a field of `Vitals`."""
    return {
        "systolic_mmhg": translate("Page", "systolic"),
        "diastolic_mmhg": translate("Page", "diastolic"),
        "map_mmhg": translate("Page", "MAP"),
        "heart_rate_bpm": translate("Page", "heart rate"),
        "spo2_percent": translate("Page", "SpO₂"),
        "respiratory_rate_bpm": translate("Page", "respiratory rate"),
        "etco2_mmhg": translate("Page", "EtCO₂"),
        "temperature_c": translate("Page", "temperature"),
        "o2_l_per_min": translate("Page", "O₂ flow"),
        "moaas": translate("Page", "MOAA/S"),
        "pain": translate("Page", "pain"),
        "nausea": translate("Page", "nausea"),
    }[field]


def unit_of(field: str) -> str:
    """Return the unit of a field of `Vitals`; it is the same in every language."""
    return "mmHg" if field == "map_mmhg" else BOUNDS[field].unit


def signal_text(meaning: str, translate: Translate) -> str:
    """Return a silent signal between the clinicians; one of a codebook's own as it is called there."""
    known = {
        SAFETY: translate("Page", "please look: safety"),
        COME: translate("Page", "please come"),
        BP: translate("Page", "blood pressure now?"),
        NOT_NOW: translate("Page", "not now"),
        IN_TWO: translate("Page", "in two minutes"),
        AWARE: translate("Page", "aware"),
    }
    return known.get(meaning, meaning)


def held_text(hold: StartHold, translate: Translate) -> str:
    """Return what of the baseline held the start."""
    if not hold.held:
        return translate("Page", "no baseline")
    return ", ".join(_held_value(one, translate) for one in hold.held)


def _held_value(one: HeldValue, translate: Translate) -> str:
    name, unit = measure_name(one.field, translate), unit_of(one.field)
    if one.value is None:
        return translate("Page", "{measure} not measured").format(measure=name)
    words = translate("Page", "{measure} {value} above {limit} {unit}")
    return words.format(measure=name, value=plain(one.value), limit=plain(one.limit), unit=unit)


def seen_text(sent: Sent, translate: Translate) -> str:
    """Return when a silent signal was seen, and what came back with that; an answer nobody has to see."""
    if sent.seen_at is None:
        return translate("Page", "an answer") if sent.is_last_word else translate("Page", "not seen")
    time = clock_time(sent.seen_at)
    if not sent.answer:
        return time
    words = translate("Page", "{time}, answered “{answer}”")
    return words.format(time=time, answer=signal_text(sent.answer, translate))


def confirmed(vitals: Vitals, translate: Translate) -> str:
    """Return which unusual values a second Enter kept, or what was unusual in a monitor's row, or nothing."""
    if not vitals.unusual:
        return ""
    names = [measure_name(what, translate) if what in BOUNDS else what for what in vitals.unusual]
    if vitals.taken_by is TakenBy.MONITOR:
        return translate("Page", "unusual: {what}").format(what=", ".join(names))
    return translate("Page", "confirmed as read: {what}").format(what=", ".join(names))


def in_words(body: Body | None, translate: Translate) -> str:
    """Return what an entry of the shared or the medical record says; nothing for any other."""
    match body:
        case Vitals():
            return _vitals_in_words(body, translate)
        case NotTaken():
            return translate("Page", "vital signs not taken: {reason}").format(reason=reason_text(body, translate))
        case Dose():
            return _dose_in_words(body, translate)
        case Infusion(drug, rate, _):
            if rate == 0:
                return translate("Page", "infusion of {drug} stopped").format(drug=drug)
            return translate("Page", "infusion of {drug} at {rate} mg/min").format(drug=drug, rate=plain(rate))
        case Waste(drug, amount, witness):
            words = translate("Page", "waste of {drug}, {amount} mg, witness {witness}")
            return words.format(drug=drug, amount=plain(amount), witness=witness)
        case Drawn() | Returned():
            return stock_in_words(body, translate)
        case DoseDetail():
            return translate("Page", "of a dose: {}").format(detail_in_words(body, translate))
        case InfusionPause():
            return translate("Page", "the infusion is paused")
        case AdverseEvent(what, severity, action):
            return ", ".join(part for part in (what, severity, action) if part)
        case Scale(name, items):
            items_said = ", ".join(str(item) for item in items)
            return f"{scale_title(name, translate)}: {items_said} = {body.total}"
        case ResponseScale():
            return response_in_words(body, translate)
        case StartHold(reason) as hold:
            words = translate("Page", "started although held ({what}): {reason}")
            return words.format(what=held_text(hold, translate), reason=reason)
        case Phase(stage):
            return translate("Page", "phase: {stage}").format(stage=stage_name(stage, translate))
        case Discharge(escort, text):
            early = early_words(body, translate) if isinstance(body, EarlyDischarge) else ""
            return ", ".join(part for part in (translate("Page", "discharge"), escort, text, early) if part)
        case EventEnded(_, what, text):
            over = translate("Page", "adverse event over: {what}").format(what=what)
            return ", ".join(part for part in (over, text) if part)
        case ChecklistAnswer():
            return answer_words(body, translate)
        case EmergencyStep():
            return step_in_words(body, translate)
        case Setting(text) | Action(text):
            return text
        case Agreement() | SettingItem() | Touch() | TouchAgreement():
            return around_in_words(body, translate)
        case ClockJump(jump_s):
            return translate("Page", "clock set by {seconds} s").format(seconds=signed(Decimal(round(jump_s))))
        case _:
            return ""


def _dose_in_words(dose: Dose, translate: Translate) -> str:
    words = translate("Page", "{drug} {amount} mg {route}")
    said = [words.format(drug=dose.drug, amount=plain(dose.dose_mg), route=route_name(dose.route, translate))]
    if dose.is_rescue:
        said.append(translate("Page", "rescue drug"))
    said.append(taken_by_name(dose.taken_by, translate))
    return ", ".join(part for part in said if part)


def _vitals_in_words(vitals: Vitals, translate: Translate) -> str:
    values = values_of(vitals)
    said: list[str] = []
    systolic, diastolic = values.pop("systolic_mmhg", None), values.pop("diastolic_mmhg", None)
    if systolic is not None and diastolic is not None:
        pressure = translate("Page", "blood pressure {systolic}/{diastolic}")
        said.append(pressure.format(systolic=plain(systolic), diastolic=plain(diastolic)))
    said += [
        f"{measure_name(field, translate)} {plain(value)} {unit_of(field)}".rstrip() for field, value in values.items()
    ]
    return ", ".join([*said, *filter(None, [taken_by_name(vitals.taken_by, translate)])])
