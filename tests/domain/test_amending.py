"""The line that adds to a signed record, and the time that it names."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapnotes.domain.amending import AmendmentLine, moment_of, read_amendment
from kapnotes.domain.clock import ManualClock
from kapnotes.domain.entries import Entry, Note
from kapnotes.domain.errors import Implausible, Misread
from kapnotes.domain.record import Record


def test_a_late_entry_says_when_why_and_what():
    assert read_amendment("late 14:05 the hands were full: body: tears") == AmendmentLine(
        (14, 5), "the hands were full", "body: tears", 32
    )


def test_an_addendum_says_why_and_what():
    assert read_amendment("  Add asked afterwards : 120/70") == AmendmentLine(None, "asked afterwards", "120/70", 25)


@pytest.mark.parametrize("line", ["", "later he wept", "120/70", "additional: x", "latest: x", "lately 14:05 a: b"])
def test_any_other_line_is_none(line):
    assert read_amendment(line) is None


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("late why: what", 5),
        ("late 24:00 why: what", 11),
        ("late 14:60 why: what", 11),
        ("late 14:05 what", 11),
        ("late 14:05 : what", 11),
        ("late 14:05 why:  ", 11),
        ("add what", 4),
    ],
)
def test_what_is_lacking_is_pointed_at(line, column):
    with pytest.raises(Misread) as misread:
        read_amendment(line)
    assert misread.value.column == column


words = st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters=":"), min_size=1).filter(
    lambda text: text.strip()
)


@given(st.integers(0, 23), st.integers(0, 59), words, words)
def test_what_is_written_is_what_is_read(hour, minute, reason, text):
    if not reason.strip() or reason.strip() != reason.strip().strip():
        return
    line = f"late {hour:02}:{minute:02} {reason}:{text}"
    read = read_amendment(line)
    assert (read.at, read.reason, read.text) == ((hour, minute), reason.strip(), text.strip())
    assert line[read.column :].strip() == read.text


# -------------------------------------------------------------------------------------------- its moment


ZONE = timezone(timedelta(hours=2))


def session(*minutes, start=None):
    """Return a record with notes at *minutes* after 22:30, and its clock."""
    clock = ManualClock(start or datetime(2025, 3, 8, 22, 30, tzinfo=ZONE))
    record, begun = Record(), clock.now()
    for number, minute in enumerate((0, *minutes), 1):
        at = begun.shifted(60 * minute)
        record.apply(Entry(f"{number:032x}", "c" * 32, "a" * 32, at, at, Note("x")))
    return record, clock


def test_the_moment_is_the_newest_of_that_time():
    record, clock = session(30, 60)
    clock.advance(60 * 120)

    assert moment_of(record, 23, 5, clock.now()).local() == datetime(2025, 3, 8, 23, 5, tzinfo=ZONE)
    assert moment_of(record, 0, 10, clock.now()).local() == datetime(2025, 3, 9, 0, 10, tzinfo=ZONE)


def test_days_later_the_days_of_the_session_are_meant():
    record, clock = session(30, 120)
    clock.advance(86_400 * 5)

    assert moment_of(record, 23, 5, clock.now()).local() == datetime(2025, 3, 8, 23, 5, tzinfo=ZONE)
    assert moment_of(record, 0, 5, clock.now()).local() == datetime(2025, 3, 9, 0, 5, tzinfo=ZONE)


def test_it_lies_in_the_session_also_after_a_restart_of_the_laptop():
    record, clock = session(30, 60)
    clock.advance(3600 * 3)
    clock.reboot("second start")

    moment = moment_of(record, 23, 15, clock.now())

    assert moment.boot_id == "manual"
    assert record.position_s(moment) == 45 * 60


def test_the_minute_in_which_the_session_began_is_in_it():
    record, clock = session(start=datetime(2025, 3, 8, 14, 0, 40, tzinfo=UTC))
    clock.advance(600)

    assert record.position_s(moment_of(record, 14, 0, clock.now())) == -40


@pytest.mark.parametrize("at", [(22, 29), (21, 0)])
def test_before_the_session_and_after_now_there_is_no_moment(at):
    record, clock = session(30)
    clock.advance(3600)

    with pytest.raises(Implausible, match="had not begun"):
        moment_of(record, *at, clock.now())
    with pytest.raises(Implausible):
        moment_of(record, 23, 31, clock.now())
