"""The end of a page: amendments with their originals, the clock, and what kind of paper this is."""

from kapnotes.domain.entries import Body, ClockJump, Entry, Newer, content_of
from kapnotes.domain.figure import signed
from kapnotes.domain.page_choice import PagePart
from kapnotes.export.course import Course
from kapnotes.export.flow import GAP, Column, Row, Style, struck
from kapnotes.export.page_words import clock_time, in_words, short_date, zone
from kapnotes.export.session_part import made, what_is_doubtful, what_is_missing
from kapnotes.export.sheet import BODY, CELL, DIM, Sheet


def amendments(sheet: Sheet, course: Course) -> None:
    """Add corrections, the original struck and legible, and late entries. Source: AHIMA; 21 CFR 11.10(e)."""
    translate = course.translate
    rows: list[Row] = []
    before: dict[tuple[str, str], Body | None] = {}
    for entry, correction in course.corrections():
        key = (course.record.persons.began(entry.author_id), correction.target_id)
        own = course.record.entry(correction.target_id, entry.author_id)
        original = own or course.record.entry(correction.target_id)
        if original is None:
            continue
        said = before.get(key, content_of(original.body))
        style, now = struck(CELL), in_words(correction.replacement, translate) or translate("Page", "withdrawn")
        if own is not None:
            before[key] = correction.replacement
        else:
            style, now = CELL, translate("Page", "stands: only its own author corrects an entry")
        rows.append(
            sheet.row(
                (f"{clock_time(original.happened)} {course.elapsed_at(original.happened)}", CELL),
                (in_words(said, translate), style),
                (now, CELL),
                (correction.reason, CELL),
                (_entered(course, entry), CELL),
            )
        )
    late = _late(course)
    if not rows and not late:
        sheet.text(translate("Page", "No correction and no late entry."))
        return
    if rows:
        sheet.grid(
            [
                Column(translate("Page", "of"), 52),
                Column(translate("Page", "original"), 130, grows=True),
                Column(translate("Page", "now"), 130, grows=True),
                Column(translate("Page", "reason"), 70, grows=True),
                Column(translate("Page", "corrected"), 90, grows=True),
            ],
            rows,
        )
        sheet.room(6)
    if late:
        sheet.keep(40)
        words = translate("Page", "Late entries, made more than five minutes after what they tell, and addenda:")
        sheet.text(words, CELL, after=1)
        sheet.lines(
            [
                Column("", 52),
                Column("", 130, grows=True),
                Column("", 200 + GAP, grows=True),
                Column("", 90, grows=True),
            ],
            [
                sheet.row(
                    (f"{clock_time(entry.happened)} {course.elapsed_at(entry.happened)}", CELL),
                    (in_words(entry.body, translate), CELL),
                    (course.how_added(entry), CELL),
                    (_entered(course, entry), CELL),
                )
                for entry in late
            ],
        )


def left_out(course: Course) -> list[str]:
    """Return a line on the parts that the maker left out, so that nobody takes a missing one for an empty one."""
    translate = course.translate
    names = {
        PagePart.FIGURE: translate("Page", "the session at a glance"),
        PagePart.VITALS: translate("Page", "the vital signs"),
        PagePart.ROOM: translate("Page", "the room"),
    }
    if course.issue.came_of:
        names[PagePart.EARLIER] = translate("Page", "what came of the earlier sessions")
    gone = [name for part, name in names.items() if not course.issue.choice.shows(part)]
    words = translate("Page", "Left out by whoever made this page, and kept in the record: {parts}.")
    return [words.format(parts=", ".join(gone))] if gone else []


def has_amendments(course: Course) -> bool:
    """Tell whether anything was corrected or added later."""
    return bool(_late(course)) or next(course.corrections(), None) is not None


def _late(course: Course) -> list[Entry]:
    return [entry for entry in course.added_later() if in_words(entry.body, course.translate)]


def _entered(course: Course, entry: Entry) -> str:
    """Return when and by whom it was entered."""
    moment = entry.entered.local()
    words = course.translate("Page", "{date}, {time}, {who}")
    date = short_date(moment.date(), course.translate)
    return words.format(date=date, time=clock_time(entry.entered), who=course.person(entry.author_id))


def about_this_page(sheet: Sheet, course: Course, style: Style = BODY, *, without_amendments: bool = False) -> None:
    """Say where the times come from, what this paper is not, by whom and when it was made, and on which heads.

    *without_amendments* tells that the page has no part on them where there are none; then a sentence says so here.
    """
    translate, record = course.translate, course.record
    start = record.origin or course.issue.made_at
    clocks = translate("Page", "All times are those of the clinic's laptop ({zone}). No stamp was moved afterwards.")
    jumps = [
        translate("Page", "At {time} ({elapsed}) its clock was set by {seconds} s.").format(
            time=clock_time(entry.happened),
            elapsed=course.elapsed_at(entry.happened),
            seconds=signed(round(jump.jump_s)),
        )
        for entry, jump in record.of(ClockJump)
    ]
    said = [clocks.format(zone=zone(start))]
    said += jumps or [translate("Page", "Its clock was not seen to jump while the session ran.")]
    if without_amendments and not has_amendments(course):
        said.append(translate("Page", "There is no correction and no late entry."))
    said += what_is_missing(course) + what_is_doubtful(course)
    newer = sum(1 for entry in record.entries if isinstance(entry.body, Newer))
    if newer:
        words = translate("Page", "Entries written by a newer KAPnotes, which this page cannot show: {count}.")
        said.append(words.format(count=newer))
    said += left_out(course)
    said.append(translate("Page", "This is a record of what people noted, not a monitor and not a medical device."))
    said.append(translate("Page", "Made {how}.").format(how=made(course)))
    sheet.text(" ".join(said), style)
    if course.issue.heads:
        heads = translate("Page", "Heads of the logs that this page was made from:")
        how = translate(
            "Page", "kapnotes verify VAULT --head, with a line of these, tells whether the vault still holds it."
        )
        sheet.text("\n".join((heads, *course.issue.heads, how)), DIM)  # a head is typed from its line
    sheet.room(3)
    sheet.note_missing()
