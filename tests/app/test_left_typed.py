"""What no draft takes is entered when the seat leaves, as what it is, or as a note where nobody agreed to it."""

from kapnotes.app.left_typed import NOT_ENTERED, LeftTyped
from kapnotes.app.typed_fields import CORRECTION, NOTE
from kapnotes.domain.around import Agreement
from kapnotes.domain.entries import Block, LateEntry, Narrative, Note


def test_half_a_correction_that_no_draft_takes_is_entered_as_a_note_and_corrects_nothing(team):
    house, therapist, _, pad, _ = team
    entry = pad.note("one")
    pad.typing.read_from(NOTE, lambda: ("half a thought", ""))
    field = f"{CORRECTION}{entry.entry_id}"
    pad.typing.begin(NOTE)
    pad.typing.turn(NOTE, field)
    pad.typing.read_from(field, lambda: ("one and a hal", "body"))
    pad.typing.look()

    assert LeftTyped(pad).enter() == 2
    texts = sorted(note.text for _, note in house.on_disk(therapist, pad).of(Note))
    assert texts == ["half a thought", "one", "one and a hal"]


def test_what_no_draft_takes_is_entered_as_a_note_because_nobody_agreed_to_it(team):
    house, therapist, _, pad, _ = team
    pad.typing.read_from("agreement", lambda: ("half an agreem", ""))
    pad.typing.look()

    assert LeftTyped(pad).enter() == 1
    assert [note.text for _, note in house.on_disk(therapist, pad).of(Note)] == ["half an agreem"]
    assert pad.record.of(Agreement) == []


def test_half_a_block_of_the_summary_is_entered_as_that_block_and_is_no_note(team):
    house, therapist, _, pad, _ = team
    pad.typing.read_from(f"summary {Block.SHIFTS}", lambda: ("calm, then", ""))
    pad.typing.look()
    assert LeftTyped(pad).unkept

    assert LeftTyped(pad).enter() == 1
    assert house.on_disk(therapist, pad).newest(Narrative) == Narrative(Block.SHIFTS, "calm, then")
    assert not LeftTyped(pad).unkept


def test_what_is_half_typed_when_the_program_ends_is_entered_where_there_is_no_draft(team):
    house, therapist, _, pad, _ = team
    pad.typing.read_from(NOTE, lambda: ("half a thought", "body"))
    pad.typing.look()

    LeftTyped(pad).keep_or_enter()

    assert house.on_disk(therapist, pad).newest(Note) == Note("half a thought", "body")
    assert pad.record.entries[-1].body == LateEntry(NOT_ENTERED, Note("half a thought", "body"))
