"""The head of a page: who, when, how and how much."""

from kapnotes.domain.entries import Dose, Entry, Phase, SessionOpened, Stage
from kapnotes.domain.figure import plain
from kapnotes.domain.words import counted
from kapnotes.export.course import Course
from kapnotes.export.page_words import (
    clock_time,
    date_and_time,
    long_date,
    role_name,
    stage_name,
    zone,
)
from kapnotes.export.sheet import STRONG, Sheet


def title(sheet: Sheet, course: Course, text: str) -> None:
    """Add the title with patient, session and date below."""
    sheet.title(text, session_line(course))


def warnings(sheet: Sheet, course: Course) -> None:
    """Say what must be known before anything on the page is believed; nothing where all is well."""
    said = what_is_missing(course) + what_is_doubtful(course)
    for words in said:
        sheet.text(words, STRONG)
    if said:
        sheet.room(6)


def what_is_missing(course: Course) -> list[str]:
    """Return a line on entries that could not be read; none where all could."""
    if course.issue.unread <= 0:
        return []
    one = course.translate(
        "Page", "{count} entry of this session could not be read (damaged or refused); totals may be incomplete."
    )
    many = course.translate(
        "Page", "{count} entries of this session could not be read (damaged or refused); totals may be incomplete."
    )
    return [counted(course.issue.unread, one, many)]


def what_is_doubtful(course: Course) -> list[str]:
    """Return a line on each entry that counts for nothing."""
    return [_doubt(course, entry) for entry in course.doubtful]


def _doubt(course: Course, entry: Entry) -> str:
    translate, opened = course.translate, entry.body
    when = translate("Page", "{when} by {who}").format(
        when=date_and_time(entry.entered.local(), translate), who=course.person(entry.author_id)
    )
    if not isinstance(opened, SessionOpened):
        words = translate("Page", "An entry of {entered} bears the id of an earlier one and does not count.")
        return words.format(entered=when)
    weight = f"{plain(opened.weight_kg)} kg" if opened.weight_kg is not None else translate("Page", "no weight")
    words = translate(
        "Page", "This session was opened a second time, {entered} ({weight}, {protocol}); it does not count."
    )
    return words.format(entered=when, weight=weight, protocol=opened.protocol_name)


def session_line(course: Course) -> str:
    """Return patient code, number of the session and date on one line."""
    translate, opened = course.translate, course.record.opened
    if opened is None:
        return course.patient.code if course.patient is not None else translate("Page", "no session opened")
    said = [
        opened.patient_code,
        translate("Page", "session {number}").format(number=opened.number),
        session_date(course),
    ]
    return " · ".join(part for part in said if part)


def made(course: Course) -> str:
    """Return by whom and when the page was made."""
    words = course.translate("Page", "by {who}, {when} ({zone})")
    when = date_and_time(course.issue.made_at.local(), course.translate)
    return words.format(who=course.issue.made_by, when=when, zone=zone(course.issue.made_at))


def total_dose(course: Course) -> str:
    """Return what was given in all, in mg and mg/kg; rescue drugs do not count."""
    translate, record = course.translate, course.record
    if course.first_dose is None:
        return translate("Page", "none recorded")
    given_mg, per_kg = course.given_mg(), course.per_kg(course.given_mg())
    drugs = [dose.drug for _, dose in record.of(Dose) if not dose.is_rescue]
    drugs += [segment.infusion.drug for segment in course.segments()]
    named = ", ".join(dict.fromkeys(drugs))
    if per_kg is None:
        words = translate("Page", "{drugs} {mg} mg (no weight noted)")
        return words.format(drugs=named, mg=plain(given_mg))
    words = translate("Page", "{drugs} {mg} mg ({per_kg} mg/kg)")
    return words.format(drugs=named, mg=plain(given_mg), per_kg=plain(per_kg))


def session_date(course: Course) -> str:
    """Return the day on which the session began, with its weekday."""
    start = course.record.origin
    return long_date(start.local().date(), course.translate) if start is not None else ""


def start_and_stop(course: Course) -> str:
    """Return when it began and ended, with the zone; nothing where its beginning is not there."""
    record, translate = course.record, course.translate
    start = record.began(Stage.PREPARATION) or record.origin
    if start is None:
        return ""
    stop = record.began(Stage.CLOSED)
    if stop is None:
        words = translate("Page", "{start}, not closed yet ({zone})")
        return words.format(start=clock_time(start), zone=zone(start))
    is_same_day = start.local().date() == stop.local().date()
    ended = clock_time(stop) if is_same_day else date_and_time(stop.local(), translate)
    words = translate("Page", "{start} to {stop} ({zone})")
    return words.format(start=clock_time(start), stop=ended, zone=zone(start))


def people(course: Course, between: str = "\n") -> str:
    """Return who was in the room, each with the roles held then."""
    translate, opened = course.translate, course.record.opened
    words = translate("Page", "{label} ({roles})")
    return between.join(
        words.format(label=person.label, roles=", ".join(role_name(role, translate) for role in person.roles))
        for person in (opened.participants if opened is not None else ())
    )


def phases(course: Course, but: frozenset[Stage] = frozenset()) -> str:
    """Return the stages *but* some, each with when it was entered."""
    words = course.translate("Page", "{stage} {time}")
    return ", ".join(
        words.format(stage=stage_name(phase.stage, course.translate), time=clock_time(entry.happened))
        for entry, phase in course.record.of(Phase)
        if phase.stage not in but
    )


def protocol_name(course: Course) -> str:
    """Return the name of the protocol with its version, nothing where there was none."""
    protocol = course.record.protocol
    if protocol is None:
        return ""
    words = course.translate("Page", "{title}, version {version}")
    return words.format(title=protocol.title, version=protocol.version)
