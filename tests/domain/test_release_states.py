"""Beside each line stands whether it may be on the page, until when, or why not; each authorization stays listed."""

from dataclasses import replace
from datetime import date

import pytest

from kapnotes.domain.entries import Note, Release, SummaryIssued
from kapnotes.domain.page_choice import PageChoice
from kapnotes.domain.release import line_of, on_paper, released_from
from kapnotes.domain.release_states import LineState, Standing, given, issued, line_states
from tests.domain.test_release import AUTHORIZATION, EXPIRES, ON, SIGNED, TO

ELSE = "S. Someone"


@pytest.fixture
def note(script, therapist):
    return script.add(Note("water"), 5, author=therapist)


@pytest.fixture
def release(script, therapist, note):
    """Record an authorization of the note."""

    def released(minute=90, **other):
        return script.add(Release(replace(AUTHORIZATION, **other), (line_of(note),)), minute, author=therapist)

    return released


def state(script, note, on=ON, recipient=TO):
    return line_states(script.record, on, recipient).get(note.entry_id, LineState())


def test_a_line_that_nobody_released_was_not_asked_for(script, note):
    assert state(script, note) == LineState(Standing.UNASKED)


def test_an_authorized_line_says_until_when_and_the_longest_counts(script, note, release):
    later = date(2025, 7, 1)
    release(90, expires_on=later)
    release(91)

    assert state(script, note) == LineState(Standing.AUTHORIZED, later)


def test_an_expired_line_says_since_when(script, note, release):
    release()

    assert state(script, note, on=date(2025, 6, 2)) == LineState(Standing.EXPIRED, EXPIRES)


def test_an_authorization_that_is_signed_later_says_nothing_yet(script, note, release):
    release()

    assert state(script, note, on=date(2025, 3, 7)) == LineState(Standing.UNASKED)


def test_a_revoked_line_says_so_and_is_authorized_again_by_a_new_one(script, therapist, note, release):
    revoked = script.correct(release(), None, 95, author=therapist)
    assert state(script, note) == LineState(Standing.REVOKED, revoked.entered.local().date())

    release(96)
    assert state(script, note).standing is Standing.AUTHORIZED


def test_of_two_authorizations_one_can_be_revoked_and_the_other_stands(script, therapist, note, release):
    first, _ = release(90), release(91)
    script.correct(first, None, 95, author=therapist)

    assert state(script, note).standing is Standing.AUTHORIZED
    assert [one.revoked is not None for one in given(script.record)] == [True, False]


def test_a_line_that_was_corrected_since_is_not_authorized_any_more(script, therapist, note, release):
    release()
    script.correct(note, Note("fire"), 95, author=therapist)

    assert state(script, note) == LineState(Standing.CHANGED)


def test_a_line_that_was_released_to_another_says_to_whom(script, note, release):
    release(recipient=ELSE)

    assert state(script, note) == LineState(Standing.ELSEWHERE, recipient=ELSE)
    assert state(script, note, recipient=ELSE).standing is Standing.AUTHORIZED


def test_what_a_state_says_is_what_the_page_does(script, note, release):
    for minute, other in enumerate(({}, {"recipient": ELSE}, {"expires_on": SIGNED}), 90):
        release(minute, **other)
    for on in (SIGNED, ON, date(2025, 6, 2)):
        for recipient in (TO, ELSE, ""):
            is_on_page = bool(released_from(script.record, on, recipient))
            assert (state(script, note, on, recipient).standing is Standing.AUTHORIZED) is is_on_page


def test_of_released_lines_the_page_takes_those_that_are_chosen(script, note, release):
    release()

    assert released_from(script.record, ON, TO, PageChoice(frozenset())) == ()
    assert released_from(script.record, ON, TO, PageChoice(frozenset({note.entry_id})))[0].entries == (note,)


def test_a_choice_alone_puts_nothing_on_a_page(script, note):
    assert released_from(script.record, ON, TO, PageChoice(frozenset({note.entry_id}))) == ()


def test_what_left_is_listed_and_what_was_not_written_is_not(script, therapist):
    for minute in (100, 101):
        entry = script.add(SummaryIssued("summary", TO, 2, "0" * 64), minute, author=therapist)
    script.correct(entry, None, 102, author=therapist)

    assert [one.released_count for _, one in issued(script.record)] == [2]


def test_a_signature_on_paper_is_told_as_such_and_an_empty_name_stays_empty():
    assert on_paper("K-0142") == "K-0142 (on paper)"
    assert on_paper("") == ""
