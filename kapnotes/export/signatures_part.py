"""Who signed what, when and with what meaning. Source: 21 CFR 11.50: printed name, date and time, meaning."""

from kapnotes.domain.custody import SignOff
from kapnotes.domain.entries import Entry
from kapnotes.domain.members import CompartmentKind, Role
from kapnotes.export.course import Course
from kapnotes.export.flow import Column
from kapnotes.export.page_words import clock_time, short_date, zone
from kapnotes.export.sheet import CELL, Sheet


def signatures(sheet: Sheet, course: Course) -> None:
    """Add each signature, who has not signed, and how much was added after a signature."""
    translate = course.translate
    signed = _together(course)
    if signed:
        sheet.grid(
            [
                Column(translate("Page", "signed by"), 100, grows=True),
                Column(translate("Page", "own record of"), 85, grows=True),
                Column(translate("Page", "date and time"), 160, grows=True),
                Column(translate("Page", "meaning"), 120, grows=True),
            ],
            [
                sheet.row(
                    (", ".join(part for part in (first.name, first.credential) if part), CELL),
                    (", ".join(_part(one, course) for one in parts), CELL),
                    (_when(entry, course), CELL),
                    (first.meaning, CELL),
                )
                for entry, first, parts in signed
            ],
        )
        sheet.room(6)
    elif course.record.opened is None:
        sheet.text(translate("Page", "Nobody has signed."))
    for label in _unsigned(course):
        sheet.text(translate("Page", "Not signed yet: {label}.").format(label=label))
    added = sum(1 for entry in course.record.entries if course.record.is_after_signature(entry))
    if added:
        words = translate("Page", "Entries added after their author had signed, each marked as such: {count}.")
        sheet.text(words.format(count=added))


def _together(course: Course) -> list[tuple[Entry, SignOff, list[SignOff]]]:
    """Return each act of signing once: a clinician signs all parts of the own record at one moment."""
    acts: dict[tuple[str, int, str, str, str], tuple[Entry, SignOff, list[SignOff]]] = {}
    for entry, one in course.record.sign_offs:
        act = (entry.author_id, entry.entered.utc_ns, one.name, one.credential, one.meaning)
        acts.setdefault(act, (entry, one, []))[2].append(one)
    return list(acts.values())


def _when(entry: Entry, course: Course) -> str:
    words = course.translate("Page", "{date}, {time} ({zone})")
    day = short_date(entry.entered.local().date(), course.translate)
    return words.format(date=day, time=clock_time(entry.entered), zone=zone(entry.entered))


def _part(signed: SignOff, course: Course) -> str:
    return {
        CompartmentKind.SHARED: course.translate("Page", "the session"),
        CompartmentKind.MEDICAL: course.translate("Page", "medical record"),
        CompartmentKind.THERAPY: course.translate("Page", "process notes"),
    }[signed.compartment.kind]


def _unsigned(course: Course) -> list[str]:
    opened = course.record.opened
    people = opened.participants if opened is not None else ()
    began = course.record.persons.began
    signed = {began(entry.author_id) for entry, _ in course.record.sign_offs}
    clinicians = (one for one in people if {Role.THERAPIST, Role.MEDICAL} & set(one.roles))
    return [one.label for one in clinicians if began(one.member_id) not in signed]
