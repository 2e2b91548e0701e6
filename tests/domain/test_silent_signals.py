"""Which silent signals wait, and which were seen by whom and when."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapnotes.domain.around import SignalSeen
from kapnotes.domain.clock import ManualClock
from kapnotes.domain.entries import Note, Participant, Signal
from kapnotes.domain.members import Role
from kapnotes.domain.record import Record
from kapnotes.domain.silent_signals import (
    ANSWERS,
    AWARE,
    COME,
    MEANINGS,
    SEEN_SHOWN_S,
    has_others,
    sent_by,
    sent_signals,
    waiting_for,
)
from tests.domain.conftest import SessionScript

PEOPLE = ("a" * 32, "b" * 32, "e" * 32)


@pytest.fixture(scope="module")
def script_once():
    """A session whose opening many runs share."""
    return SessionScript(ManualClock(datetime(2025, 3, 8, 14, 0, tzinfo=UTC)))


def meanings(found):
    return [one.meaning for one in found]


def test_a_signal_waits_for_the_other_and_never_for_its_sender(script, therapist, crna):
    script.add(Signal(COME), 5, author=therapist)

    assert meanings(waiting_for(script.record, crna.member_id)) == [COME]
    assert waiting_for(script.record, therapist.member_id) == ()


def test_what_was_seen_waits_no_more_and_its_sender_knows_when(script, therapist, crna):
    sent = script.add(Signal(COME), 5, author=therapist)
    script.add(SignalSeen(sent.entry_id), 6, author=crna)

    assert waiting_for(script.record, crna.member_id) == ()
    told = sent_by(script.record, therapist.member_id, script.stamp(7))
    assert [(one.seen_at, one.seen_by) for one in told] == [(script.stamp(6), crna.member_id)]


def test_nobody_sees_an_own_signal(script, therapist, crna):
    sent = script.add(Signal(COME), 5, author=therapist)
    script.add(SignalSeen(sent.entry_id), 6, author=therapist)

    assert meanings(waiting_for(script.record, crna.member_id)) == [COME]


def test_several_wait_in_the_order_in_which_they_were_sent(script, therapist, crna):
    script.add(Signal("bp"), 9, author=therapist)
    script.add(Signal(COME), 5, author=therapist)

    assert meanings(waiting_for(script.record, crna.member_id)) == [COME, "bp"]


def test_an_answer_is_told_with_what_it_answers(script, therapist, crna):
    sent = script.add(Signal(COME), 5, author=therapist)
    script.add(Signal("not_now"), 6, author=crna)
    script.add(SignalSeen(sent.entry_id), 6, author=crna)

    assert sent_by(script.record, therapist.member_id, script.stamp(7))[0].answer == "not_now"
    assert meanings(waiting_for(script.record, therapist.member_id)) == ["not_now"]


def test_aware_as_an_answer_asks_for_none(script, therapist, crna):
    sent = script.add(Signal(COME), 5, author=therapist)
    script.add(Signal(AWARE), 6, author=crna)
    script.add(SignalSeen(sent.entry_id), 6, author=crna)

    assert waiting_for(script.record, therapist.member_id) == ()
    assert sent_by(script.record, crna.member_id, script.stamp(6)) == ()


def test_aware_that_answers_nothing_waits_like_any_other(script, therapist, crna):
    script.add(Signal(AWARE), 6, author=crna)

    assert meanings(waiting_for(script.record, therapist.member_id)) == [AWARE]


def test_what_was_seen_is_told_for_a_while_and_what_was_not_for_as_long_as_it_takes(script, therapist, crna):
    sent = script.add(Signal(COME), 5, author=therapist)
    assert sent_by(script.record, therapist.member_id, script.stamp(500))
    seen = script.add(SignalSeen(sent.entry_id), 6, author=crna)

    assert sent_by(script.record, therapist.member_id, seen.happened.shifted(SEEN_SHOWN_S - 1))
    assert sent_by(script.record, therapist.member_id, seen.happened.shifted(SEEN_SHOWN_S)) == ()


def test_a_signal_that_was_taken_back_waits_no_more(script, therapist, crna):
    sent = script.add(Signal(COME), 5, author=therapist)
    script.correct(sent, None, 6, author=therapist)

    assert waiting_for(script.record, crna.member_id) == ()


def test_who_is_alone_has_nobody_to_signal_to(script, therapist, crna):
    assert not has_others(script.record, crna.member_id)
    assert has_others(script.record, therapist.member_id)
    script.add(Note("x"), 5, author=therapist)
    assert has_others(script.record, crna.member_id)


def test_one_person_with_two_ids_is_alone(script, therapist, crna):
    script.add(Signal(COME), 5, author=replace(crna, member_id="f" * 32))
    persons = script.record.persons.__class__({"f" * 32: crna.member_id})
    record = Record(script.record.entries, persons)

    assert not has_others(record, crna.member_id)
    assert waiting_for(record, crna.member_id) == ()


# ---------------------------------------------------------------------------------------------- properties

ID = st.sampled_from([f"{number:032x}" for number in range(900, 905)])
WHO = st.sampled_from(PEOPLE)
SENT = st.tuples(WHO, ID, st.builds(Signal, st.sampled_from([*MEANINGS, "safety", "own word"])), st.integers(1, 9))
SEEN = st.tuples(WHO, st.uuids().map(lambda one: one.hex), st.builds(SignalSeen, ID), st.integers(1, 9))
TOLD = st.lists(SENT | SEEN, max_size=14, unique_by=lambda one: one[:2])
"""Any author, any of few ids: so two authors share one, and each sees what is not there, is its own, or came later."""


def written(script, told):
    return [
        replace(script.entry(body, minute), author_id=author, entry_id=entry_id)
        for author, entry_id, body, minute in told
    ]


def as_told(one):
    return one.entry.author_id, one.entry.entry_id, one.seen_at, one.seen_by, one.answer, one.is_last_word


@given(TOLD, st.randoms(use_true_random=False))
def test_what_follows_is_the_same_for_every_order_of_arrival(script_once, told, random):
    entries = written(script_once, told)
    shuffled = list(entries)
    random.shuffle(shuffled)
    one, other = Record([script_once.opened, *entries]), Record([script_once.opened, *shuffled])

    assert list(map(as_told, sent_signals(one))) == list(map(as_told, sent_signals(other)))
    for who in PEOPLE:
        assert list(map(as_told, waiting_for(one, who))) == list(map(as_told, waiting_for(other, who)))


@given(TOLD)
def test_a_signal_is_seen_exactly_if_somebody_else_says_so_and_then_at_the_first_time(script_once, told):
    entries = written(script_once, told)
    record = Record([script_once.opened, *entries])
    found = sent_signals(record)

    assert len(found) == sum(isinstance(entry.body, Signal) for entry in entries)
    for one in found:
        seen = [
            (entry.happened.utc_ns, entry.author_id)
            for entry in entries
            if isinstance(entry.body, SignalSeen)
            and entry.body.target_id == one.entry.entry_id
            and entry.author_id != one.entry.author_id
        ]
        assert (one.seen_at is not None) == bool(seen)
        if seen:
            assert (one.seen_at.utc_ns, one.seen_by) == min(seen)


@given(TOLD)
def test_seeing_the_first_again_and_again_empties_the_queue_in_order(script_once, told):
    record = Record([script_once.opened, *written(script_once, told)])
    me, count = PEOPLE[0], 0
    before = None
    while waiting := waiting_for(record, me):
        first = waiting[0]
        assert first.entry.author_id != me
        assert first.seen_at is None
        moment = record.position_s(first.entry.happened)
        assert before is None or moment >= before
        before = moment
        count += 1
        seen = script_once.entry(SignalSeen(first.entry.entry_id), 20)
        record.apply(replace(seen, author_id=me, entry_id=f"{1000 + count:032x}"))
        assert len(waiting_for(record, me)) < len(waiting)

    assert count <= len(told)


@given(TOLD)
def test_an_aware_that_answers_is_never_waited_on_and_every_answer_came_from_who_saw(script_once, told):
    record = Record([script_once.opened, *written(script_once, told)])
    for one in sent_signals(record):
        assert not one.is_last_word or one.meaning == AWARE
        assert one.answer in {"", *ANSWERS}
        if one.answer:
            answers = [entry for entry, body in record.of(Signal) if body.meaning in ANSWERS]
            assert any((a.author_id, a.happened) == (one.seen_by, one.seen_at) for a in answers)
    assert not any(one.is_last_word for who in PEOPLE for one in waiting_for(record, who))


def test_participants_count_before_they_noted_anything(script, therapist, crna):
    opened = replace(script.opened.body, participants=(Participant(crna.member_id, "C", (Role.MEDICAL,)),))
    record = Record([replace(script.opened, body=opened, author_id=therapist.member_id)])

    assert has_others(record, therapist.member_id)
