"""What came of earlier sessions, read for the next summary by whom it belongs to."""

from dataclasses import replace

import pytest

from kapnotes.app.came_before import read_came_before
from kapnotes.domain.entries import Block, Stage
from kapnotes.domain.follow_up import BlockOutcome, Contact, FollowUp, TakenUp

HELD = FollowUp(
    "Ines, LMFT",
    Contact.VIDEO,
    BlockOutcome(TakenUp.YES, "a drawing"),
    BlockOutcome(),
    BlockOutcome(),
    "the letter",
)


@pytest.fixture
def course(team):
    """The sessions of one patient: two before, and the one that the summary is of."""
    house, therapist, crna, pad, _ = team
    pad.narrative(Block.WORDS, "all water")
    pad.enter_stage(Stage.CLOSED)
    house.clock.advance(48 * 3600)
    pad.keep(HELD)
    patient = next(card for card in patients(therapist) if card.patient_id == pad.patient_id)
    second = house.start(therapist, patient, [therapist.member, crna.member])
    house.clock.advance(7 * 24 * 3600)
    third = house.start(therapist, patient, [therapist.member, crna.member])
    return house, therapist, crna, second, third


def patients(seat):
    found = []
    seat.list_patients(found.extend, fail)
    return found


def fail(error):
    raise error


def before(seat, live):
    told = []
    read_came_before(seat, live.scope_id, live.patient_id, told.append, fail)
    (came,) = told
    return came


def test_the_follow_ups_of_the_sessions_before_come_with_their_blocks(course):
    _, therapist, _, second, third = course
    third.keep(replace(HELD, carry="of this very session"))

    came = before(therapist, third)

    assert [(one.session, one.held_by, one.carry) for one in came.came] == [(1, "Ines, LMFT", "the letter")]
    assert came.came[0].blocks[0].written == "all water"
    assert came.unread == 0
    assert before(therapist, second) == came


def test_nobody_else_reads_them(course):
    _, _, crna, _, third = course

    assert before(crna, third).came == ()
