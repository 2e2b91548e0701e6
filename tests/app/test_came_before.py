"""What came of earlier sessions, read for the next summary by whom it belongs to."""

import os
from dataclasses import replace

import pytest

from kapnotes.app.came_before import read_came_before
from kapnotes.app.documents import Document
from kapnotes.app.paper import PaperDesk
from kapnotes.app.worker import InlineWorker
from kapnotes.domain.entries import Block, Stage
from kapnotes.domain.follow_up import BlockOutcome, Contact, FollowUp, TakenUp
from kapnotes.domain.page_choice import PageChoice
from kapnotes.domain.words import in_english

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


def test_notes_that_did_not_open_at_the_sign_in_are_told_as_unread_and_the_summary_is_made(course, tmp_path, caught):
    house, _, _, _, third = course
    house.program.close()
    (notes,) = house.vault.glob("therapy-*.kapdb")
    notes.write_bytes(b"")
    house = type(house)(house.folder)
    opened, saved = caught(), caught()
    house.program.open_vault(house.vault, opened.append, opened.failed)
    seat = house.sign_in("Tess, LCSW")
    again = house.join(seat)
    assert again.scope_id == third.scope_id

    came = before(seat, again)
    desk = PaperDesk(seat, again, InlineWorker(), os.urandom, in_english)
    desk.choice = PageChoice(left_out=frozenset())
    desk.save(Document.TEXT, "Ines", tmp_path / "summary.txt", saved.append, saved.failed)

    assert (came.came, came.unread) == ((), 2)
    text = " ".join(saved.last.content.decode().split())
    assert "2 earlier sessions could not be read whole, so follow-ups may be missing here." in text
    house.program.close()


def test_keys_that_go_in_the_middle_cost_no_more_than_their_sessions(course, monkeypatch):
    house, therapist, _, _, third = course
    read, told = house.program.library.read, []

    def and_lock(keyring, scope_id, **what):
        back = read(keyring, scope_id, **what)
        keyring.drop()
        return back

    monkeypatch.setattr(house.program.library, "read", and_lock)
    read_came_before(therapist, third.scope_id, third.patient_id, told.append, fail)

    assert [(came.came, came.unread) for came in told] == [((), 2)]


def test_a_fault_is_told_once_and_no_course_after_it(course, monkeypatch):
    house, therapist, _, _, third = course
    told, faults = [], []

    def break_down(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr(house.program.library, "read", break_down)
    read_came_before(therapist, third.scope_id, third.patient_id, told.append, faults.append)

    assert (told, [type(one) for one in faults]) == ([], [ZeroDivisionError])


def test_nobody_else_reads_them(course):
    _, _, crna, _, third = course

    assert before(crna, third).came == ()
