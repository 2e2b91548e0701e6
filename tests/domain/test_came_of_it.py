"""What came of earlier sessions: each follow-up beside the blocks that it is about."""

from datetime import UTC, datetime

from kapnotes.domain.came_of_it import came_of_it
from kapnotes.domain.clock import ManualClock
from kapnotes.domain.entries import Block, Correction, Narrative, Note
from kapnotes.domain.follow_up import BlockOutcome, Contact, FollowUp, TakenUp
from kapnotes.domain.follow_up_words import follow_up_in_words
from kapnotes.domain.members import Member, Role
from kapnotes.domain.record import Record
from kapnotes.domain.searching import text_of
from kapnotes.domain.words import in_english
from tests.domain.conftest import THERAPIST, SessionScript

OTHER = Member("f" * 32, "O. Therapist", frozenset({Role.THERAPIST}))
TWO_DAYS_MIN = 2 * 24 * 60
HELD = FollowUp(
    "D. Integration, LCSW",
    Contact.PHONE,
    BlockOutcome(TakenUp.YES, "the water became a drawing"),
    BlockOutcome(TakenUp.PARTLY, "walks, not every day"),
    BlockOutcome(),
    " the letter to the sister ",
)


def session(day=2):
    return SessionScript(ManualClock(datetime(2025, 3, day, 14, 0, tzinfo=UTC)))


def add(script, body, minute, author=THERAPIST):
    return script.add(body, minute, author=author)


def test_a_follow_up_comes_with_its_session_and_the_blocks_as_they_were_written():
    script = session()
    add(script, Narrative(Block.WORDS, "all water"), 170)
    add(script, Narrative(Block.WORDS, "all water, and light"), 175)
    add(script, Note("never on a page"), 60)
    entry = add(script, HELD, TWO_DAYS_MIN)

    (came,) = came_of_it([script.record])

    assert (came.session, came.opened_at, came.held_at) == (3, script.stamp(0), script.stamp(TWO_DAYS_MIN))
    assert (came.held_by, came.entry, came.carry) == ("D. Integration, LCSW", entry, "the letter to the sister")
    assert [(one.block, one.written, one.outcome) for one in came.blocks] == [
        (Block.WORDS, "all water, and light", HELD.words),
        (Block.SHIFTS, "", HELD.shifts),
        (Block.ATTENTION, "", HELD.attention),
    ]
    assert "never on a page" not in repr(came)


def test_follow_ups_are_told_by_session_and_then_by_when_they_were_held():
    early, late = session(2), session(9)
    add(late, HELD, TWO_DAYS_MIN)
    second = add(early, HELD, TWO_DAYS_MIN + 60)
    first = add(early, HELD, TWO_DAYS_MIN)

    held = [one.entry for one in came_of_it([late.record, early.record])]

    assert [(one.happened, one.entry_id) for one in held[:2]] == [
        (first.happened, first.entry_id),
        (second.happened, second.entry_id),
    ]
    assert held[2].happened == late.stamp(TWO_DAYS_MIN)


def test_a_follow_up_stands_as_it_was_corrected_and_not_once_it_was_taken_back():
    script = session()
    kept, gone = add(script, HELD, TWO_DAYS_MIN), add(script, HELD, TWO_DAYS_MIN + 5)
    better = FollowUp("D. Integration", Contact.VIDEO, HELD.words, HELD.shifts, HELD.attention)
    add(script, Correction(kept.entry_id, "it was a video call", better), TWO_DAYS_MIN + 9)
    add(script, Correction(gone.entry_id, "twice"), TWO_DAYS_MIN + 9)

    (came,) = came_of_it([script.record])

    assert came.follow_up == better


def test_the_blocks_are_those_of_the_follow_up_s_own_author_where_there_are_any():
    script = session()
    add(script, Narrative(Block.WORDS, "mine"), 170)
    add(script, Narrative(Block.WORDS, "another's"), 171, OTHER)
    add(script, Narrative(Block.SHIFTS, "another's alone"), 172, OTHER)
    add(script, HELD, TWO_DAYS_MIN)

    (came,) = came_of_it([script.record])

    assert [one.written for one in came.blocks] == ["mine", "another's alone", ""]


def test_a_session_whose_beginning_cannot_be_read_tells_nothing():
    script = session()
    entry = add(script, HELD, TWO_DAYS_MIN)

    assert came_of_it([Record([entry]), Record()]) == ()


def test_a_follow_up_in_words_leaves_out_what_was_not_spoken_of():
    assert follow_up_in_words(HELD, in_english) == (
        "D. Integration, LCSW, by telephone; words: taken up, the water became a drawing; "
        "small shifts: partly taken up, walks, not every day; to carry on: the letter to the sister"
    )


def test_the_words_of_a_follow_up_are_found_by_the_search():
    assert text_of(HELD).split("\n") == [
        "the water became a drawing",
        "walks, not every day",
        " the letter to the sister ",
    ]
