"""A therapist's own notes on paper: whole, with every time and correction, and nothing of another therapist's."""

from dataclasses import replace

import pytest

from kapnotes.domain.around import ForSummary, Theme, ThemeState
from kapnotes.domain.entries import (
    Block,
    CheckIn,
    Correction,
    Intention,
    LateEntry,
    Mark,
    MarkChange,
    Narrative,
    Note,
    Participant,
)
from kapnotes.domain.follow_up import BlockOutcome, Contact, FollowUp, TakenUp
from kapnotes.domain.members import Role
from kapnotes.export.own_notes import own_notes_pdf

OTHER = "e" * 32


@pytest.fixture
def noted(session):
    """An hour of notes of every kind, of which some were changed afterwards."""
    session.add(Intention("look underneath"), 1)
    theme = session.add(Theme("the workshop"), 2)
    session.vitals(128, 76, 72, 12)
    session.dose()
    session.quote = session.add(Note("it's all water", "quote"), 45)
    session.add(Mark("challenging", MarkChange.START), 50)
    session.add(Mark("challenging", MarkChange.STOP), 58)
    session.add(Mark("quiet", MarkChange.START), 60)
    session.add(Mark("imagery"), 61)
    session.add(CheckIn(""), 65)
    slip = session.add(Note("hands unclench", "body"), 66)
    session.add(Correction(slip.entry_id, "a slip", Note("hand unclenches", "body")), 68)
    gone = session.add(Note("a word too much"), 69)
    session.add(Correction(gone.entry_id, "not hers", None), 70)
    session.add(ForSummary(session.quote.entry_id, True), 71)
    session.add(ThemeState(theme.entry_id, False), 72)
    session.add(LateEntry("was not noted", Note("hands were held")), 40, entered=80)
    session.narrate(Block.WORDS, "cold water", 90)
    session.narrate(Block.WORDS, "warm water", 95)
    return session


@pytest.fixture
def words_of(make):
    return lambda session, **more: make(own_notes_pdf, session, **more).words()


def test_every_note_stands_there_with_its_times_its_state_and_all_that_was_said_before(noted, words_of):
    noted.release(noted.quote)
    noted.close()

    words = words_of(noted)

    for said in (
        "Psychotherapy notes, kept apart from the medical record (45 CFR 164.501)",
        "For Jane Roe, LCSW alone, who wrote them.",
        "13:21 −0:19 intention look underneath",
        "14:05 0:25 quote “it's all water” meant for the summary",
        "14:10 0:30 challenging begins",
        "14:21 0:41 imagery (mark)",
        "14:25 0:45 check-in quiet, inward",
        "14:26 0:46 body hand unclenches body: hands unclench corrected 14:28: a slip",
        "14:29 0:49 note a word too much taken back 14:30: not hers",
        "14:32 0:52 theme settled: the workshop",
        "14:00 0:20 note hands were held late entry: was not noted · entered 14:40",
        "challenging 14:10 T+0:30 14:18 T+0:38 8 min",
        "quiet 14:20 T+0:40 not ended 1 h 0 min",
        "cold water written Friday 13 November 2026, 14:50 warm water",
        "To Ida Kern, for integration sessions; lines: 1; signed by the patient on 13 November 2026",
        "Not signed yet: Jane Roe, LCSW.",
        "Page 1 of 2",
        "KAP-HEAD shared 211",
    ):
        assert said in words, said


def test_what_another_therapist_wrote_is_not_on_it(new_session, make):
    theo = Participant(OTHER, "Theo Roe, LMFT", (Role.THERAPIST,))
    session = new_session().open(others=(theo,))
    session.add(Note("mine"), 30)
    hers = session.add(Note("Zitronenfalter"), 31, author=OTHER)
    session.add(Correction(hers.entry_id, "Segelfalter", Note("Distelfalter")), 32, author=OTHER)
    session.add(Narrative(Block.SHIFTS, "Schwalbenschwanz"), 33, author=OTHER)
    session.add(Mark("Perlmuttfalter", MarkChange.START), 34, author=OTHER)
    session.record.apply(replace(hers, body=Note("Kaisermantel")))

    page = make(own_notes_pdf, session)

    assert "mine" in page.words()
    found = [name for name in (b"Zitronen", b"Segel", b"Distel", b"Schwalben", b"Perlmutt", b"Kaiser")
             if name in page.inside()]  # fmt: skip
    assert found == []


def test_a_follow_up_of_days_later_stands_with_its_day(session, words_of):
    outcome = BlockOutcome(TakenUp.PARTLY, "called the brother")
    session.dose()
    session.add(FollowUp("Ida Kern, LMFT", Contact.PHONE, BlockOutcome(), outcome, BlockOutcome(), "the door"), 2940)

    assert (
        "Sunday 15 November 2026 14:20 48:40 follow-up Ida Kern, LMFT, by telephone; small shifts: partly taken up, "
        "called the brother; to carry on: the door"
    ) in words_of(session)


def test_where_nothing_was_noted_it_says_so(session, words_of):
    words = words_of(session)

    assert "Nothing was noted." in words
    assert "Nothing was written." in words
    assert "None. No line of these notes was released." in words
    assert "T+0 no dose recorded" in words


def test_another_program_finds_no_fault_and_nothing_readable_outside_the_lock(noted, make):
    page = make(own_notes_pdf, noted)

    assert "No syntax or stream encoding errors found" in page.check()
    with page.opened() as document:
        assert document.encryption.R == 6
    assert not [said for said in (b"water", b"Psychotherapy", b"K-0142") if said in page.pdf]
