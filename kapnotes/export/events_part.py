"""What happened beside readings and drugs: adverse events, actions, scales, discharge, and the room."""

from collections.abc import Callable
from itertools import pairwise
from typing import TypeVar

from kapnotes.domain.adverse_events import Episode, episodes, further_ends
from kapnotes.domain.around import Agreement, SettingItem, Touch, TouchAgreement
from kapnotes.domain.assessed import EarlyDischarge, EventEnded
from kapnotes.domain.assessed_words import early_words, level_words, scale_title, sources, total_text
from kapnotes.domain.checklist import is_handed_over
from kapnotes.domain.entries import Action, Discharge, Entry, Scale, Setting, Signal, content_of
from kapnotes.domain.silent_signals import Sent, sent_signals
from kapnotes.domain.start_hold import StartHold
from kapnotes.domain.touch import is_agreed
from kapnotes.export.course import Course
from kapnotes.export.flow import Align, Column, Row
from kapnotes.export.page_words import clock_time, duration, held_text, in_words, seen_text, signal_text
from kapnotes.export.responses_part import responses
from kapnotes.export.sheet import CELL, FIGURES, Sheet
from kapnotes.export.vitals_part import ELAPSED_WIDTH, TIME_WIDTH, elapsed_title

_Kind = TypeVar("_Kind")
_Room = Setting | SettingItem | Agreement | TouchAgreement | Touch


def events(sheet: Sheet, course: Course) -> None:
    """Add adverse events and actions, scales and discharge; where there was none, say so in a line."""
    translate = course.translate
    parts = [
        (
            translate("Page", "Adverse events"),
            (
                translate("Page", "what"),
                translate("Page", "severity"),
                translate("Page", "what was done"),
                translate("Page", "over"),
            ),
            [
                *(_episode_row(sheet, course, episode) for episode in episodes(course.record)),
                *(_end_row(sheet, course, entry, end) for entry, end in further_ends(course.record)),
            ],
        ),
        (
            translate("Page", "Actions"),
            (translate("Page", "what was done"), translate("Page", "about")),
            _rows(sheet, course, Action, lambda action: (action.text, _about(course, action))),
        ),
        (
            translate("Page", "Scales"),
            (
                translate("Page", "scale"),
                translate("Page", "items"),
                translate("Page", "total"),
                translate("Page", "by which readings"),
            ),
            _rows(sheet, course, Scale, lambda scale: _scale_cells(course, scale)),
        ),
        (
            translate("Page", "Discharge"),
            (translate("Page", "leaves with"), translate("Page", "state")),
            _rows(sheet, course, Discharge, lambda discharge: (discharge.escort, _state(course, discharge))),
        ),
    ]
    sheet.facts((heading, translate("Page", "none recorded")) for heading, _, rows in parts if not rows)
    parts.insert(
        0,
        (
            translate("Page", "Start although held"),
            (translate("Page", "reason"), translate("Page", "held by")),
            _rows(sheet, course, StartHold, lambda hold: (hold.reason, held_text(hold, translate))),
        ),
    )
    for heading, titles, rows in parts:
        if rows:
            sheet.subsection(heading)
            _table(sheet, course, titles, rows)
    responses(sheet, course)


def has_setting(course: Course) -> bool:
    """Tell whether anything was noted about the room."""
    return any(isinstance(entry.body, _Room) for entry in course.record.standing())


def setting(sheet: Sheet, course: Course) -> None:
    """Add what was noted and agreed about the room: the setting and its card, agreements, touch with its times."""
    rows = [_room_row(sheet, course, entry) for entry in course.record.standing() if isinstance(entry.body, _Room)]
    columns = [Column("", TIME_WIDTH), Column("", ELAPSED_WIDTH, Align.RIGHT), Column("", 100, grows=True)]
    sheet.lines(columns, rows, room=1.0)


def _room_row(sheet: Sheet, course: Course, entry: Entry) -> Row:
    said = [in_words(entry.body, course.translate), *course.remarks(entry)]
    touch = entry.body
    if isinstance(touch, Touch) and touch.begins and not is_agreed(course.record, touch.area, entry.happened):
        said.insert(1, course.translate("Page", "outside what was agreed"))
    return sheet.row(
        (clock_time(entry.happened), FIGURES),
        (course.elapsed(entry.happened), FIGURES),
        (", ".join(part for part in said if part), CELL),
    )


def signals(sheet: Sheet, course: Course) -> None:
    """Add the silent signals between the clinicians, each with when it was seen and what came back."""
    remarks = {id(sent.entry): _seen(course, sent) for sent in sent_signals(course.record)}
    if not remarks:
        return
    sheet.subsection(course.translate("Page", "Signals between the clinicians"))
    titles = (course.translate("Page", "signal"), course.translate("Page", "sent by"), course.translate("Page", "seen"))
    rows = [
        sheet.row(
            (clock_time(entry.happened), FIGURES),
            (course.elapsed(entry.happened), FIGURES),
            (", ".join([signal_text(signal.meaning, course.translate), *course.remarks(entry)]), CELL),
            (course.person(entry.author_id), CELL),
            (remarks.get(id(entry), ""), CELL),
        )
        for entry, signal in course.record.of(Signal)
    ]
    _table(sheet, course, titles, rows)


def _seen(course: Course, sent: Sent) -> str:
    when = seen_text(sent, course.translate)
    if sent.seen_at is None:
        return when
    return course.translate("Page", "{who} {when}").format(who=course.person(sent.seen_by), when=when)


def _episode_row(sheet: Sheet, course: Course, episode: Episode) -> Row:
    """Return one event from its first report to its end, with every severity and all that was done."""
    reports = episode.reports
    remarks = [remark for entry, _ in reports for remark in course.remarks(entry)]
    if episode.end is not None:
        remarks += course.remarks(episode.end[0])
    severities = [reports[0][1].severity]
    severities += [
        f"{clock_time(entry.happened)} {event.severity}"
        for (_, before), (entry, event) in pairwise(reports)
        if event.severity != before.severity
    ]
    done = [episode.actions[0]] if episode.actions else []
    if len(episode.actions) > 1:
        done = [f"{clock_time(entry.happened)} {event.action.strip()}" for entry, event in reports if event.action]
    return sheet.row(
        (clock_time(episode.began), FIGURES),
        (course.elapsed(episode.began), FIGURES),
        (", ".join([episode.what, *dict.fromkeys(remarks)]), CELL),
        (", ".join(severities), CELL),
        ("; ".join(done), CELL),
        (_over(course, episode), CELL),
    )


def _end_row(sheet: Sheet, course: Course, entry: Entry, end: EventEnded) -> Row:
    """Return an end that ends nothing: it was noted and stands, so it is told."""
    said = [course.translate("Page", "over, and no report of it stands open"), end.text]
    return sheet.row(
        (clock_time(entry.happened), FIGURES),
        (course.elapsed(entry.happened), FIGURES),
        (", ".join([end.what, *course.remarks(entry)]), CELL),
        ("", CELL),
        ("", CELL),
        (", ".join(part for part in said if part), CELL),
    )


def _over(course: Course, episode: Episode) -> str:
    """Return when an event was over and after how long; one that nobody ended was handed over, or is open."""
    translate, record = course.translate, course.record
    if episode.end is not None:
        lasted = duration(record.between_s(episode.began, episode.end[0].happened), translate)
        words = translate("Page", "{time}, after {duration}")
        said = words.format(time=clock_time(episode.end[0].happened), duration=lasted)
        return ", ".join(part for part in (said, episode.end[1].text) if part)
    if is_handed_over(record):
        return translate("Page", "handed over, still open")
    if record.ended is not None:
        return translate("Page", "open when the session ended")
    return translate("Page", "open")


def _scale_cells(course: Course, scale: Scale) -> tuple[str, str, str, str]:
    translate = course.translate
    level = level_words(scale, translate)
    by = "; ".join(sources(scale, course.record, translate))
    items = ", ".join(map(str, scale.items)) if len(scale.items) > 1 else ""  # of one item it is the total
    return scale_title(scale.name, translate), items, total_text(scale), level or by


def _state(course: Course, discharge: Discharge) -> str:
    early = early_words(discharge, course.translate) if isinstance(discharge, EarlyDischarge) else ""
    return ", ".join(part for part in (discharge.text, early) if part)


def _about(course: Course, action: Action) -> str:
    about = course.record.entry(action.about_id)
    if about is None:
        return ""
    return f"{clock_time(about.happened)} {in_words(content_of(about.body), course.translate)}"


def _rows(sheet: Sheet, course: Course, kind: type[_Kind], said: Callable[[_Kind], tuple[str, ...]]) -> list[Row]:
    rows: list[Row] = []
    for entry, body in course.record.of(kind):
        first, *rest = said(body)
        told = ", ".join(part for part in [first, *course.remarks(entry)] if part)
        rows.append(
            sheet.row(
                (clock_time(entry.happened), FIGURES),
                (course.elapsed(entry.happened), FIGURES),
                (told, CELL),
                *((text, CELL) for text in rest),
            )
        )
    return rows


def _table(sheet: Sheet, course: Course, titles: tuple[str, ...], rows: list[Row]) -> None:
    """Add *rows* below *titles*; short words are in narrow columns, so that longer ones have room."""
    translate = course.translate
    items_width = 45 if sheet.layout.tables_bear_headings else 62  # six items of CADSS in one line where there is room
    narrow = {
        translate("Page", "items"): items_width,
        translate("Page", "total"): 24,
        translate("Page", "severity"): 46,
    }
    columns = [
        Column(course.translate("Page", "time"), TIME_WIDTH),
        Column(elapsed_title(course), ELAPSED_WIDTH, Align.RIGHT),
        *(Column(title, narrow.get(title, 60), grows=title not in narrow) for title in titles),
    ]
    sheet.grid(columns, rows)
