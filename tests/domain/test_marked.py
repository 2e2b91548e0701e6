"""An action is about one marked reading: the one that waits, or the one whose time it names."""

import pytest

from kapnotes.domain.entries import Action, Vitals
from kapnotes.domain.errors import Misread
from kapnotes.domain.marked import meant_by, unanswered


@pytest.fixture
def marked(script):
    """A high reading, a usual one, and another high one."""
    first = script.log("170/90", minute=5)
    script.log("128/76", minute=10)
    second = script.log("165/90", minute=15)
    return script, first, second


def id_of(found):
    return found[0].entry_id if found[0] is not None else None


def test_without_a_time_it_is_the_newest_that_waits(marked):
    script, first, second = marked
    assert [one.entry_id for one in unanswered(script.record)] == [first.entry_id, second.entry_id]
    assert meant_by(script.record, "rested") == (script.record.as_it_stands(second), "rested")

    script.add(Action("rested", second.entry_id), minute=16)
    assert id_of(meant_by(script.record, "cuff moved")) == first.entry_id

    script.add(Action("cuff moved", first.entry_id), minute=17)
    assert unanswered(script.record) == []
    assert id_of(meant_by(script.record, "rested more")) == second.entry_id


def test_a_time_names_one_also_where_it_was_answered(marked):
    script, first, _ = marked
    at = f"{first.happened.local():%H:%M}"

    assert meant_by(script.record, f"@{at}  cuff  moved") == (script.record.as_it_stands(first), "cuff  moved")
    assert id_of(meant_by(script.record, f"@{first.happened.local():%H:%M:%S} x")) == first.entry_id


def test_of_two_in_one_minute_the_second_tells_which(script):
    first, second = script.log("170/90", minute=5), script.log("172/90", minute=5.5)
    times = [f"{one.happened.local():%H:%M:%S}" for one in (first, second)]

    assert id_of(meant_by(script.record, f"@{times[0][:5]} x")) == second.entry_id
    assert [id_of(meant_by(script.record, f"@{time} x")) for time in times] == [first.entry_id, second.entry_id]


def test_a_time_without_a_marked_reading_is_misread_and_so_is_one_without_words(marked):
    script, first, _ = marked
    usual = f"{script.stamp(10).local():%H:%M}"
    for text, column in ((f"@{usual} x", 0), ("@25:99 x", 0), (f"@{first.happened.local():%H:%M} ", 7)):
        with pytest.raises(Misread) as misread:
            meant_by(script.record, text)
        assert misread.value.column == column


def test_without_a_marked_reading_it_is_about_none(script):
    script.log("128/76", minute=5)

    assert meant_by(script.record, "rested") == (None, "rested")


def test_what_is_marked_is_worked_out_anew_only_with_a_new_reading(marked):
    script, first, _ = marked
    runs = script.record.marked_runs
    script.add(Action("cuff moved", first.entry_id), minute=16)
    unanswered(script.record)
    meant_by(script.record, "rested")
    assert script.record.marked_runs is runs

    third = script.log("175/95", minute=17)
    assert [one.entry_id for one in script.record.marked_runs[-1]] == [runs[-1][0].entry_id, third.entry_id]
    script.correct(third, None, minute=18)
    assert script.record.marked_runs == runs


def test_a_reading_is_in_a_run_exactly_where_the_protocol_marks_it(script):
    lines = ("90/50 50 92 10", "89/50", "160/100 120 100 25", "161/90", "hr49", "hr121", "sp91", "rr9", "rr26", "t40")
    for minute, line in enumerate(lines, 2):
        script.log(line, minute=minute)

    record = script.record
    in_runs = {entry.entry_id for run in record.marked_runs for entry in run}
    assert in_runs == {entry.entry_id for entry, vitals in record.of(Vitals) if record.out_of_protocol(vitals)}
    assert len(in_runs) == 7
