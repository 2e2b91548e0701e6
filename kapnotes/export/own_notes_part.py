"""What a therapist noted, whole: entries with their times and all they ever said, states, blocks, releases."""

from collections.abc import Iterator
from typing import NamedTuple

from kapnotes.domain.around import Theme, ThemeState
from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import (
    Body,
    CheckIn,
    Correction,
    Entry,
    Intention,
    Mark,
    MarkChange,
    Narrative,
    Newer,
    Note,
    Release,
    content_of,
)
from kapnotes.domain.follow_up import FollowUp
from kapnotes.domain.follow_up_words import follow_up_in_words
from kapnotes.domain.looking_back import wanted_for_summary
from kapnotes.export.course import Course
from kapnotes.export.flow import Align, Column, Row, Style, struck
from kapnotes.export.page_words import clock_time, date_and_time, duration, long_date, short_date
from kapnotes.export.session_part import start_and_stop
from kapnotes.export.sheet import BODY, CELL, DIM, FIGURES, LABEL, QUOTE, STRONG, Sheet
from kapnotes.export.therapy_part import headings_of_blocks, quoted

Noted = Note | Mark | CheckIn | Intention | Theme | ThemeState | FollowUp
"""What is told in the order of its time; blocks and releases have parts of their own."""

_TIMES = Style(FIGURES.face, BODY.size, BODY.leading)
_BEFORE = Style(BODY.face, DIM.size, DIM.leading)
_COLUMNS = (Column("", 32), Column("", 34, Align.RIGHT), Column("", 62), Column("", 200, grows=True))


class Said(NamedTuple):
    """One version of an entry in words; `is_quote` where these are the patient's own."""

    label: str
    text: str
    is_quote: bool = False


def noted_by(course: Course, author_id: str) -> list[Entry]:
    """Return what that member entered for the own notes, as it was entered, in the order in which it happened."""
    own = (one for one in course.record.entries if course.record.persons.are_one(one.author_id, author_id))
    noted = [one for one in own if not isinstance(one.body, Correction) and isinstance(content_of(one.body), Noted)]
    return sorted(noted, key=course.position)


def what_it_is(sheet: Sheet, course: Course) -> None:
    """Say what kind of paper this is and for whom, then the facts of the session."""
    translate, made_by = course.translate, course.issue.made_by
    words = translate("Page", "For {name} alone, who wrote them.")
    rest = translate("Page", "Any other use or disclosure needs the patient's authorization (45 CFR 164.508(a)(2)).")
    heading = translate("Page", "Psychotherapy notes, kept apart from the medical record (45 CFR 164.501)")
    sheet.box([(heading, STRONG), (f"{words.format(name=made_by)} {rest}", BODY)])
    sheet.room(8)
    count = len(noted_by(course, course.issue.made_by_id))
    zero = course.first_dose
    sheet.facts(
        [
            (translate("Page", "Written by"), made_by),
            (translate("Page", "Start and stop"), start_and_stop(course)),
            (translate("Page", "T+0"), clock_time(zero) if zero is not None else translate("Page", "no dose recorded")),
            (translate("Page", "Entries"), str(count)),
        ]
    )


def in_order(sheet: Sheet, course: Course) -> None:
    """Add each entry as it stands; below it, legible, what it said before and why that was changed."""
    author_id = course.issue.made_by_id
    noted = noted_by(course, author_id)
    if not noted:
        sheet.text(course.translate("Page", "Nothing was noted."))
        return
    wanted = wanted_for_summary(course.record, author_id)
    rows: list[Row] = []
    origin = course.record.origin or noted[0].happened
    day = origin.local().date()
    for one in noted:
        if one.happened.local().date() != day:
            day = one.happened.local().date()
            rows.append(_below(sheet, long_date(day, course.translate), DIM))
        rows += _rows(sheet, course, one, is_wanted=one.entry_id in wanted)
    sheet.lines(_COLUMNS, rows, room=2.0)


def _rows(sheet: Sheet, course: Course, entry: Entry, *, is_wanted: bool) -> Iterator[Row]:
    now, changes = course.record.as_it_stands(entry), _changes(course, entry)
    said = _in_words(course, now.body if now is not None else _last_said(entry, changes))
    style = QUOTE if said.is_quote else BODY
    yield sheet.row(
        (clock_time(entry.happened), _TIMES),
        (course.elapsed(entry.happened), _TIMES),
        (said.label, LABEL),
        (said.text, style if now is not None else struck(style)),
    )
    remarks = [course.how_added(entry), _entered(course, entry)]
    if is_wanted:
        remarks.append(course.translate("Page", "meant for the summary"))
    remark = " · ".join(part for part in remarks if part)
    if remark:
        yield _below(sheet, remark, DIM)
    yield from _history(sheet, course, entry, changes)


def _entered(course: Course, entry: Entry) -> str:
    """Return when it was entered, where that was long after it happened."""
    if not course.record.is_late(entry) and not course.how_added(entry):
        return ""
    return course.translate("Page", "entered {when}").format(when=_when(course, entry.entered, entry.happened))


def _when(course: Course, at: Stamp, beside: Stamp) -> str:
    """Return the time of a change, with its day where that is another one."""
    if at.local().date() == beside.local().date():
        return clock_time(at)
    return date_and_time(at.local(), course.translate)


def _history(sheet: Sheet, course: Course, entry: Entry, changes: list[tuple[Entry, Correction]]) -> Iterator[Row]:
    """Give what *entry* said before each change of it, struck and legible, and when and why it was changed.

    What was taken back is struck where it stands.
    """
    translate = course.translate
    before = content_of(entry.body)
    for change, correction in changes:
        said = _in_words(course, before)
        old = ": ".join(part for part in (said.label, said.text) if part)
        if correction.replacement is None:
            words = translate("Page", "taken back {when}: {reason}")
        else:
            words = translate("Page", "corrected {when}: {reason}")
            if before is not None and old:
                yield _below(sheet, old, struck(_BEFORE))
        when = _when(course, change.entered, entry.happened)
        yield _below(sheet, words.format(when=when, reason=correction.reason), DIM)
        before = correction.replacement or before


def _last_said(entry: Entry, changes: list[tuple[Entry, Correction]]) -> Body | None:
    """Return what an entry said before it was taken back."""
    said = [content_of(entry.body), *(correction.replacement for _, correction in changes)]
    return next((body for body in reversed(said) if body is not None), None)


def _changes(course: Course, entry: Entry) -> list[tuple[Entry, Correction]]:
    """Return the corrections of *entry*, and those of them, in the order in which they were entered."""
    record = course.record
    found: dict[str, tuple[Entry, Correction]] = {}
    waiting = [entry]
    for one in waiting:
        for more in record.corrections_of(one.entry_id, one.author_id):
            if more.entry_id not in found and isinstance(more.body, Correction):
                found[more.entry_id] = (more, more.body)
                waiting.append(more)
    return sorted(found.values(), key=lambda change: record.position_s(change[0].entered))


def _below(sheet: Sheet, text: str, style: Style) -> Row:
    """Return a line below an entry, under its text."""
    return sheet.row(("", DIM), ("", DIM), ("", DIM), (text, style))


def _in_words(course: Course, body: Body | None) -> Said:
    translate = course.translate
    match body:
        case Intention(text):
            return Said(translate("Page", "intention"), text, True)
        case Theme(text):
            return Said(translate("Page", "theme"), text)
        case ThemeState(target_id, is_open):
            words = translate("Page", "open again: {theme}") if is_open else translate("Page", "settled: {theme}")
            return Said(translate("Page", "theme"), words.format(theme=_theme(course, target_id)))
        case FollowUp() as follow_up:
            return Said(translate("Page", "follow-up"), follow_up_in_words(follow_up, translate))
        case CheckIn(text):
            return Said(translate("Page", "check-in"), text or translate("Page", "quiet, inward"))
        case Note(text, "quote"):
            return Said(translate("Page", "quote"), quoted(course, text), True)
        case Note(text, code):
            return Said(code or translate("Page", "note"), text)
        case Mark(code, change):
            words = {
                MarkChange.POINT: translate("Page", "(mark)"),
                MarkChange.START: translate("Page", "begins"),
                MarkChange.STOP: translate("Page", "ends"),
            }[change]
            return Said(code, words)
        case Newer(kind, _):
            return Said(kind, translate("Page", "entry of a newer version"))
        case _:
            return Said("", "")


def _theme(course: Course, target_id: str) -> str:
    found = (theme.text for entry, theme in course.record.of(Theme) if entry.entry_id == target_id)
    return next(found, course.translate("Page", "of another session"))


def stretches(sheet: Sheet, course: Course) -> None:
    """Add how long each state lasted; nothing where there was none."""
    translate = course.translate
    rows: list[Row] = []
    for code, start, stop in _states(course):
        lasted = duration(course.record.between_s(start, stop or course.until), translate)
        rows.append(
            sheet.row(
                (code, CELL),
                (f"{clock_time(start)} {course.elapsed_at(start)}", CELL),
                (f"{clock_time(stop)} {course.elapsed_at(stop)}" if stop else translate("Page", "not ended"), CELL),
                (lasted, CELL),
            )
        )
    if not rows:
        return
    sheet.subsection(translate("Page", "How long states lasted"))
    titles = (
        translate("Page", "state"),
        translate("Page", "from"),
        translate("Page", "to"),
        translate("Page", "lasted"),
    )
    sheet.grid([Column(one, 100, grows=True) for one in titles], rows)


def _states(course: Course) -> Iterator[tuple[str, Stamp, Stamp | None]]:
    """Give each stretch of a state of the own notes, by its start; one that nobody ended has no end."""
    author_id, running = course.issue.made_by_id, dict[str, Stamp]()
    found: list[tuple[str, Stamp, Stamp | None]] = []
    for entry, mark in course.record.of(Mark):
        if not course.record.persons.are_one(entry.author_id, author_id):
            continue
        if mark.change is MarkChange.START:
            running.setdefault(mark.code, entry.happened)
        elif mark.change is MarkChange.STOP and mark.code in running:
            found.append((mark.code, running.pop(mark.code), entry.happened))
    found += [(code, start, None) for code, start in running.items()]
    yield from sorted(found, key=lambda one: course.record.position_s(one[1]))


def for_the_summary(sheet: Sheet, course: Course) -> None:
    """Add the three blocks, every version of each: the newest counts, the older ones are struck."""
    translate, record = course.translate, course.record
    written = [
        (entry, body)
        for entry, body in record.of(Narrative)
        if record.persons.are_one(entry.author_id, course.issue.made_by_id)
    ]
    if not written:
        sheet.text(translate("Page", "Nothing was written."))
    for block, heading in headings_of_blocks(translate).items():
        versions = [(entry, body) for entry, body in written if body.block is block]
        if not versions:
            continue
        sheet.subsection(heading)
        for entry, body in versions:
            is_newest = entry is versions[-1][0]
            sheet.text(body.text or translate("Page", "Nothing to report."), BODY if is_newest else struck(_BEFORE))
            if len(versions) > 1:
                words = translate("Page", "written {when}")
                sheet.text(words.format(when=date_and_time(entry.entered.local(), translate)), DIM)


def authorizations(sheet: Sheet, course: Course) -> None:
    """Add to whom lines were released, under which authorization, and which of these were revoked."""
    translate, record = course.translate, course.record
    made = [
        (entry, entry.body)
        for entry in record.entries
        if isinstance(entry.body, Release) and record.persons.are_one(entry.author_id, course.issue.made_by_id)
    ]
    if not made:
        sheet.text(translate("Page", "None. No line of these notes was released."))
    for entry, release in made:
        said = release.authorization
        words = translate("Page", "To {recipient}, for {purpose}; lines: {count}; signed by {name} on {signed}")
        line = words.format(
            count=len(release.lines),
            recipient=said.recipient,
            purpose=said.purpose,
            name=said.signed_by,
            signed=short_date(said.signed_on, translate),
        )
        until = translate("Page", "holds until {day}").format(day=short_date(said.expires_on, translate))
        sheet.text(f"{line}; {until}.", BODY if record.stands(entry.entry_id, entry.author_id) else struck(BODY))
        for change in record.corrections_of(entry.entry_id, entry.author_id):
            revoked = translate("Page", "revoked {when}").format(when=date_and_time(change.entered.local(), translate))
            sheet.text(revoked, DIM)
