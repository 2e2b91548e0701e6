"""Saving fails sometimes; what was noted is kept, tried again in order, and never called saved before it is."""

import pytest

from kapnotes.domain.entries import Note
from kapnotes.domain.errors import InputOutput


@pytest.fixture
def broken_disk(team, monkeypatch):
    """A switch: while it is off, the disk refuses every append."""
    house = team[0]
    library = house.program.library
    append = library.append
    state = {"works": False}

    def maybe(*arguments, **named):
        if not state["works"]:
            raise InputOutput("The disk cannot write.")
        return append(*arguments, **named)

    monkeypatch.setattr(library, "append", maybe)
    yield state
    state["works"] = True


@pytest.mark.usefixtures("broken_disk")
def test_a_failed_save_is_told_and_the_entry_stays_in_the_record(team):
    _, _, _, pad, _ = team
    told, failed = [], []
    pad.saved.add(told.append)
    pad.save_failed.add(failed.append)

    note = pad.note("kept")

    assert told == []
    assert [str(error) for error in failed] == ["The disk cannot write."]
    assert pad.unsaved == (note,)
    assert note in pad.record.entries


def test_what_failed_is_tried_again_and_saved_in_the_order_in_which_it_was_noted(team, broken_disk):
    house, therapist, _, pad, _ = team
    told = []
    pad.saved.add(told.append)
    notes = [pad.note(word) for word in ("one", "two", "three")]
    broken_disk["works"] = True

    house.program.tick()

    assert told == notes
    assert [note.text for _, note in house.on_disk(therapist, pad).of(Note)] == ["one", "two", "three"]


def test_locking_a_seat_first_saves_what_is_left(team, broken_disk):
    house, therapist, _, pad, _ = team
    note = pad.note("typed just before the lock")
    broken_disk["works"] = True

    house.program.lock(therapist)
    again = house.sign_in(therapist.member.label)

    assert note in house.on_disk(again, pad).entries


def test_a_seat_that_cannot_save_keeps_its_keys_until_it_can(team, broken_disk):
    house, therapist, _, pad, _ = team
    note = pad.note("typed while the disk was away")

    house.program.lock(therapist)
    broken_disk["works"] = True
    house.program.tick()
    again = house.sign_in(therapist.member.label)

    assert note in house.on_disk(again, pad).entries
