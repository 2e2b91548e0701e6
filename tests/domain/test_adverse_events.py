"""Adverse events from their first report to their end."""

import pytest

from kapnotes.domain.adverse_events import episodes, newest_open, open_episodes
from kapnotes.domain.assessed import EventEnded
from kapnotes.domain.entries import AdverseEvent, Route
from kapnotes.domain.errors import Misread
from kapnotes.domain.known import KnownOf
from kapnotes.domain.shorthand import read_line


def end(script, line, minute):
    known = KnownOf(script.record, script.stamp(minute))
    return script.add(read_line(line, drug="ketamine", route=Route.IV, known=known), minute)


def test_an_event_runs_from_its_first_report_to_its_end(script):
    first = script.log("ae nausea mild: waited", 20)
    end(script, "end nausea: after ondansetron", 32)

    (episode,) = episodes(script.record)

    assert (episode.what, episode.severity, episode.is_open) == ("nausea", "mild", False)
    assert (episode.began, episode.ended) == (script.stamp(20), script.stamp(32))
    assert episode.end[1] == EventEnded(first.entry_id, "nausea", "after ondansetron")


def test_a_worse_report_of_an_open_event_belongs_to_it(script):
    script.log("ae nausea mild: waited", 20)
    script.log("ae Nausea severe: ondansetron", 30)
    script.log("ae nausea moderate", 40)

    (episode,) = episodes(script.record)

    assert (episode.severity, episode.worst) == ("moderate", "severe")
    assert episode.began == script.stamp(20)
    assert episode.actions == ("waited", "ondansetron")


def test_after_its_end_the_same_name_is_a_new_event(script):
    script.log("ae nausea mild", 20)
    end(script, "end nausea", 30)
    script.log("ae nausea mild", 50)

    assert [one.is_open for one in episodes(script.record)] == [False, True]


def test_an_end_closes_the_newest_open_event_that_is_called_so_or_begins_so(script):
    script.log("ae headache mild", 20)
    script.log("ae nausea mild", 25)
    script.log("ae head rush mild", 30)

    assert newest_open(script.record, "headache").what == "headache"
    assert newest_open(script.record, "HEAD").what == "head rush"
    end(script, "end head", 40)

    assert [one.what for one in open_episodes(script.record)] == ["headache", "nausea"]


@pytest.mark.parametrize(("events", "why"), [((), "No adverse event is open."), (("nausea",), "called so")])
def test_an_end_of_nothing_is_refused_at_its_place(script, events, why):
    for event in events:
        script.log(f"ae {event} mild", 20)

    with pytest.raises(Misread, match=why) as misread:
        end(script, "end headache", 30)
    assert misread.value.column == 4


def test_an_end_that_is_taken_back_leaves_the_event_open(script):
    script.log("ae nausea mild", 20)
    ended = end(script, "end nausea", 30)
    script.correct(ended, None, 31)

    assert [one.what for one in open_episodes(script.record)] == ["nausea"]


def test_an_event_that_is_corrected_away_takes_its_end_with_it(script):
    event = script.log("ae nausea mild", 20)
    end(script, "end nausea", 30)
    script.correct(event, None, 31)

    assert episodes(script.record) == ()


def test_the_end_of_a_worse_report_ends_the_whole_event(script):
    script.add(AdverseEvent("nausea", "mild"), 20)
    worse = script.add(AdverseEvent("nausea", "severe"), 30)
    script.add(EventEnded(worse.entry_id, "nausea"), 40)

    assert open_episodes(script.record) == ()


def test_an_event_whose_first_report_is_taken_back_stays_ended(script):
    first = script.log("ae nausea mild: water", minute=6)
    script.log("ae nausea severe: ondansetron", minute=8)
    end = script.add(EventEnded(first.entry_id, "nausea", "better"), minute=20)
    script.correct(first, None, minute=21)

    (episode,) = episodes(script.record)

    assert episode.severity == "severe"
    assert episode.end == (end, end.body)


def test_an_end_without_its_report_ends_no_later_event_while_the_report_stands(script):
    first = script.log("ae nausea mild: water", minute=6)
    script.add(EventEnded(first.entry_id, "nausea"), minute=8)
    script.log("ae nausea mild: again", minute=10)
    script.add(EventEnded(first.entry_id, "nausea"), minute=12)

    assert [one.is_open for one in episodes(script.record)] == [False, True]
