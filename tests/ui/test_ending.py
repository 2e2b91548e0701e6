"""The end of the program: what the disk takes is there afterwards, and what it does not take is counted."""

from kapnotes.domain.entries import Note
from kapnotes.ui.pad import PadWindow


def test_a_half_typed_note_whose_draft_cannot_be_written_is_entered_when_the_program_ends(
    room, pad, monkeypatch, refusing
):
    with monkeypatch.context() as broken:
        broken.setattr("kapnotes.vault.files.sync_data", refusing)
        room.type(pad, "her hand opens")
        assert room.screen.close() == 0
    room.begin()

    home = room.sign_in("Tess, LCSW")
    room.join(home)
    again = room.window(PadWindow)
    assert [note for _, note in again.live.record.of(Note)] == [Note("her hand opens")]
    assert again.line.text() == ""


def test_entries_that_no_disk_takes_are_counted_when_the_program_ends(room, pad, monkeypatch, refusing):
    monkeypatch.setattr(room.program.library, "append", refusing)
    pad.live.note("one")
    pad.live.note("two")

    assert room.screen.close() == 2

    room.begin()
