"""The sheet to copy into the SPRAVATO REMS monitoring form; nothing is sent, and what is not recorded is a blank."""

from kapnotes.domain.adverse_events import Episode
from kapnotes.domain.assessed import CheckState
from kapnotes.domain.checklist import item_word, state_word
from kapnotes.domain.entries import Entry, Vitals
from kapnotes.domain.figure import plain
from kapnotes.domain.rems import DRUGS, EVENTS, RemsSheet, rems_sheet
from kapnotes.domain.words import Translate
from kapnotes.export.course import Course
from kapnotes.export.page_words import clock_time, long_date
from kapnotes.export.sheet import DIM, Sheet

BLANK = "________________"

IN_ONE_PIECE = 270.0
"""How many points the sheet takes where nothing was recorded: it is copied from one page."""


def rems(sheet: Sheet, course: Course) -> None:
    """Add the section where the protocol asks for the form; nothing for any other session."""
    found = rems_sheet(course.record)
    if found is None:
        return
    translate = course.translate
    sheet.section(translate("Page", "To copy into the SPRAVATO REMS form"), keep=IN_ONE_PIECE)
    sheet.text(_due(found, translate), DIM)
    sheet.facts((name, said or BLANK) for name, said in (*_session(found, course), *_course(found, course)))


def _due(found: RemsSheet, translate: Translate) -> str:
    how = translate("Page", "A blank was not recorded here. Nothing is sent by this program.")
    if found.submit_by is None:
        return how
    words = translate("Page", "Submit by {date}. {how}")
    return words.format(date=long_date(found.submit_by, translate), how=how)


def _session(found: RemsSheet, course: Course) -> list[tuple[str, str]]:
    translate, opened = course.translate, course.record.opened
    people = ", ".join(one.label for one in opened.participants) if opened is not None else ""
    takes = [f"{item_word(drug, translate)}: {_taken(found, drug, translate)}" for drug in DRUGS]
    given = ", ".join(f"{clock_time(entry.happened)} {plain(dose.dose_mg)} mg" for entry, dose in found.devices)
    dose = translate("Page", "{mg} mg ({devices})")
    return [
        (translate("Page", "Name, born, sex"), ""),
        (translate("Page", "First treatment"), translate("Page", "session {} in this vault").format(found.number)),
        (translate("Page", "Medicines"), "; ".join(takes)),
        (translate("Page", "Clinicians, setting"), f"{people}; {BLANK}"),
        (translate("Page", "Date"), long_date(found.treated_on, translate) if found.treated_on is not None else ""),
        (translate("Page", "Dose"), dose.format(mg=plain(found.total_mg), devices=given) if found.total_mg else ""),
        (translate("Page", "Lot"), ", ".join(found.lots)),
    ]


def _taken(found: RemsSheet, drug: str, translate: Translate) -> str:
    answer = found.takes.get(drug)
    if answer is None:
        return BLANK
    return " ".join(part for part in (state_word(answer.state, translate), answer.text) if part)


def _course(found: RemsSheet, course: Course) -> list[tuple[str, str]]:
    translate = course.translate
    minutes = translate("Page", "{} min")
    ready = translate("Page", "{} min, by the score") if found.ready_min is not None else ""
    return [
        (
            translate("Page", "First device to end"),
            minutes.format(found.minutes) + _short(found, translate) if found.minutes is not None else "",
        ),
        (translate("Page", "Ready, 2 h aside"), ready.format(found.ready_min)),
        (translate("Page", "Vitals acceptable"), _acceptable(found, translate)),
        (translate("Page", "BP before"), _pressure(found.before)),
        (translate("Page", "BP at 40 min"), _pressure(found.at_40)),
        (translate("Page", "BP at completion"), _pressure(found.at_end)),
        (translate("Page", "Lowest MOAA/S"), _lowest(found, course)),
        *((_event_word(name, translate), _events(found.events[name], course)) for name in EVENTS),
    ]


def _short(found: RemsSheet, translate: Translate) -> str:
    """Return that the two hours were not reached, where they were not. Source: spravatohcp.com (at least 2 hours)."""
    if found.minutes is None or found.minutes >= 120:
        return ""
    return translate("Page", ", less than 120")


def _acceptable(found: RemsSheet, translate: Translate) -> str:
    words = translate("Page", "before the dose: {before}; before leaving: {leaving}")
    return words.format(
        before=_answer(found.acceptable_before, translate), leaving=_answer(found.acceptable_at_end, translate)
    )


def _answer(state: CheckState | None, translate: Translate) -> str:
    return BLANK if state is None else state_word(state, translate)


def _pressure(found: tuple[Entry, Vitals] | None) -> str:
    if found is None or found[1].systolic_mmhg is None or found[1].diastolic_mmhg is None:
        return ""
    return f"{plain(found[1].systolic_mmhg)}/{plain(found[1].diastolic_mmhg)}, {clock_time(found[0].happened)}"


def _lowest(found: RemsSheet, course: Course) -> str:
    if found.lowest_moaas is None:
        return ""
    entry, score = found.lowest_moaas
    return f"{score}, {clock_time(entry.happened)} {course.elapsed_at(entry.happened)}"


def _event_word(name: str, translate: Translate) -> str:
    return {
        "sedation": translate("Page", "Sedation"),
        "dissociation": translate("Page", "Dissociation"),
        "respiratory depression": translate("Page", "Respiratory depression"),
    }[name]


def _events(found: tuple[Episode, ...], course: Course) -> str:
    """Return each event with its worst severity, onset and resolution; nothing recorded is a blank, not a "no"."""
    translate = course.translate
    words = translate("Page", "{severity}, onset {onset}, resolved {resolved}")
    return "; ".join(
        words.format(
            severity=one.worst,
            onset=course.elapsed_at(one.began),
            resolved=course.elapsed_at(one.ended) if one.ended is not None else BLANK,
        )
        for one in found
    )
