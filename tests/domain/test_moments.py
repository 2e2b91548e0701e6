"""When something happened, as it is typed before it, and the moment that is meant."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kapnotes.domain.clock import ManualClock
from kapnotes.domain.entries import ClockJump, Entry, Note
from kapnotes.domain.errors import Implausible, Misread
from kapnotes.domain.moments import When, moment_ago, moment_at, read_moment, read_when
from kapnotes.domain.record import Record

# ------------------------------------------------------------------------------------------- what is typed


@pytest.mark.parametrize(
    ("line", "when"),
    [
        ("-3", When(3, None, "", 2)),
        ("-3 tears", When(3, None, "tears", 3)),
        ("\N{MINUS SIGN}45  quote: water", When(45, None, "quote: water", 5)),
        ("@14:05 tears", When(None, (14, 5), "tears", 7)),
        ("@1405 tears", When(None, (14, 5), "tears", 6)),
        ("@9:05", When(None, (9, 5), "", 5)),
        ("@905\ntwo lines", When(None, (9, 5), "two lines", 5)),
    ],
)
def test_a_line_begins_with_the_time_of_what_it_says(line, when):
    assert read_when(line) == when


@pytest.mark.parametrize(
    "line",
    ["", "tears", " -3 tears", " @14:05", "-", "- 3", "-3.5 below", "-3/4", "-1234 x", "--3", "@home", "@ 14:05"],
)
def test_any_other_line_is_words(line):
    assert read_when(line) is None


@pytest.mark.parametrize("line", ["@1", "@14", "@14:5", "@24:00 x", "@14:60 x", "@14:05x", "@14:05:30 x"])
def test_what_begins_as_a_time_and_is_none_is_pointed_at(line):
    with pytest.raises(Misread, match="A time is written") as misread:
        read_when(line)
    assert misread.value.column == 1


@given(st.text())
def test_whatever_is_typed_is_read_as_a_time_and_the_rest_or_as_words_or_pointed_at(line):
    try:
        when = read_when(line)
    except Misread:
        assert line.startswith("@")
        return
    if when is not None:
        assert line[when.column :] == when.text
        assert line[0] in "@-\N{MINUS SIGN}"


@given(st.integers(0, 23), st.integers(0, 59), st.text().map(str.lstrip))
def test_every_time_of_the_day_can_be_typed(hour, minute, text):
    assert read_when(f"@{hour}:{minute:02} {text}") == When(None, (hour, minute), text, len(f"@{hour}:{minute:02} "))


def test_a_time_out_of_the_session_is_pointed_at():
    record, clock = session(30)
    clock.advance(60 * 40)

    with pytest.raises(Misread, match="41 min ago the session had not begun") as misread:
        read_moment("-41 tears", record, clock.now())
    assert misread.value.column == 1
    with pytest.raises(Misread, match="At 22:29 the session had not begun"):
        read_moment("@22:29 tears", record, clock.now())
    assert read_moment("-40 tears", record, clock.now()).happened == record.origin
    assert read_moment("tears", record, clock.now()) is None


# ------------------------------------------------------------------------------------------- what is meant


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

    assert moment_at(record, 23, 5, clock.now()).local() == datetime(2025, 3, 8, 23, 5, tzinfo=ZONE)
    assert moment_at(record, 0, 10, clock.now()).local() == datetime(2025, 3, 9, 0, 10, tzinfo=ZONE)


def test_days_later_the_days_of_the_session_are_meant():
    record, clock = session(30, 120)
    clock.advance(86_400 * 5)

    assert moment_at(record, 23, 5, clock.now()).local() == datetime(2025, 3, 8, 23, 5, tzinfo=ZONE)
    assert moment_at(record, 0, 5, clock.now()).local() == datetime(2025, 3, 9, 0, 5, tzinfo=ZONE)


def test_it_lies_in_the_session_also_after_a_restart_of_the_laptop():
    record, clock = session(30, 60)
    clock.advance(3600 * 3)
    clock.reboot("second start")

    moment = moment_at(record, 23, 15, clock.now())

    assert moment.boot_id == "manual"
    assert record.position_s(moment) == 45 * 60


def test_the_minute_in_which_the_session_began_is_in_it():
    record, clock = session(start=datetime(2025, 3, 8, 14, 0, 40, tzinfo=UTC))
    clock.advance(600)

    assert record.position_s(moment_at(record, 14, 0, clock.now())) == -40


@pytest.mark.parametrize("at", [(22, 29), (21, 0)])
def test_before_the_session_and_after_now_there_is_no_moment(at):
    record, clock = session(30)
    clock.advance(3600)

    with pytest.raises(Implausible, match="had not begun"):
        moment_at(record, *at, clock.now())
    with pytest.raises(Implausible):
        moment_at(record, 23, 31, clock.now())


# ------------------------------------------------------------------------- a session as the clocks lived it


class Lived:
    """A session that goes on by steps, with what its clock said in each minute of it."""

    def __init__(self, start):
        self.clock = ManualClock(start)
        self.record = Record()
        self.passed_s = 0
        self.said = []
        self.note()
        self.look()

    def look(self):
        now = self.clock.now().local()
        self.said.append((self.passed_s, (now.hour, now.minute), now.utcoffset()))

    def note(self, body=None):
        now = self.clock.now()
        number = len(self.record.entries) + 1
        self.record.apply(Entry(f"{number:032x}", "c" * 32, "a" * 32, now, now, body or Note("x")))

    def go_on(self, minutes):
        for _ in range(minutes):
            self.clock.advance(60)
            self.passed_s += 60
            self.look()

    def change_zone(self, by_minutes):
        """Go on to the next whole hour and let the zone change there; something is noted within the hour."""
        self.note()
        self.go_on(60 - self.clock.now().local().minute)
        self.clock.change_offset(round(self.clock.now().local().utcoffset().total_seconds() / 60) + by_minutes)
        self.said.pop()
        self.look()
        self.go_on(7)
        self.note()

    def restart(self, number):
        self.note()
        self.go_on(4)
        self.clock.reboot(f"start {number}")
        self.note()

    def set_clock(self, by_minutes):
        self.note()
        self.go_on(1)
        self.clock.jump(60 * by_minutes)
        self.note(ClockJump(60.0 * by_minutes))
        self.said.pop()
        self.look()


steps = st.lists(
    st.one_of(
        st.tuples(st.just("go_on"), st.integers(1, 90)),
        st.tuples(st.just("note"), st.none()),
        st.tuples(st.just("change_zone"), st.sampled_from([60, -60])),
        st.tuples(st.just("restart"), st.integers(1, 3)),
        st.tuples(st.just("set_clock"), st.integers(-50, 50)),
    ),
    max_size=7,
)
starts = st.integers(0, 365 * 24 * 60).map(
    lambda minutes: datetime(2025, 1, 1, tzinfo=ZONE) + timedelta(minutes=minutes)
)


def live_through(start, steps):
    lived, boots = Lived(start), set()
    for name, by in steps:
        if name == "restart" and by in boots:
            continue
        boots |= {by} if name == "restart" else set()
        getattr(lived, name)(*(() if by is None else (by,)))
    assume(lived.passed_s < 86_400)
    return lived


@given(starts, steps, st.data())
def test_so_many_minutes_ago_is_where_the_session_was_then_and_what_its_clock_said(start, steps, data):
    lived = live_through(start, steps)
    ago = data.draw(st.integers(0, lived.passed_s // 60))

    moment = moment_ago(lived.record, 60 * ago, lived.clock.now())

    assert lived.record.position_s(moment) == pytest.approx(lived.passed_s - 60 * ago, abs=1e-3)
    said = {passed_s: (at, offset) for passed_s, at, offset in lived.said}[lived.passed_s - 60 * ago]
    assert ((moment.local().hour, moment.local().minute), moment.local().utcoffset()) == said


@given(starts, steps, st.data())
def test_a_time_of_day_is_the_newest_minute_in_which_the_clock_said_so(start, steps, data):
    lived = live_through(start, steps)
    at = data.draw(st.sampled_from([said for _, said, _ in lived.said]))

    moment = moment_at(lived.record, *at, lived.clock.now())

    newest_s = max(passed_s for passed_s, said, _ in lived.said if said == at)
    assert lived.record.position_s(moment) == pytest.approx(newest_s, abs=1e-3)
    assert (moment.local().hour, moment.local().minute) == at


def test_a_minute_that_the_clock_was_set_over_as_it_began_is_an_earlier_one():
    lived = Lived(datetime(2025, 3, 8, 14, 0, tzinfo=UTC))
    lived.go_on(30)
    lived.set_clock(-20)
    lived.go_on(9)
    lived.set_clock(1)

    assert lived.record.position_s(moment_at(lived.record, 14, 21, lived.clock.now())) == 21 * 60


def test_an_hour_that_the_clock_left_out_was_not_in_the_session():
    lived = Lived(datetime(2025, 3, 30, 1, 30, tzinfo=timezone(timedelta(hours=1))))
    lived.change_zone(60)

    with pytest.raises(Implausible, match="At 02:30"):
        moment_at(lived.record, 2, 30, lived.clock.now())
