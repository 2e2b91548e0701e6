"""Correcting, taking back and undoing from the note line, by real keys; the original stays legible."""

import pytest

from kapnotes.domain.entries import CheckIn, Correction, Intention, Mark, MarkChange, Note, Setting, Signal
from tests.ui.test_sign_form import sign
from tests.ui.test_typing_survives import WAYS, kept, open_again


def bodies(pad, kind):
    return [body for _, body in pad.live.record.of(kind)]


def corrections(pad):
    return [entry.body for entry in pad.live.record.entries if isinstance(entry.body, Correction)]


def shown(pad):
    return [(row.time, row.code, row.text, row.remark) for row in pad.timeline.rows() if row.code != "stage"]


def retype(room, pad, text):
    """Put *text* in place of what is in the line, as a person does."""
    room.press(pad, "Ctrl+A")
    room.type(pad, text)


def test_the_chosen_row_is_corrected_under_its_own_time_and_code(room, pad):
    pad.live.note("it's all wter", "quote")
    room.pass_time(700)
    pad.live.note("later")
    room.press(pad, "Ctrl+Up")
    room.press(pad, "Ctrl+Up")

    room.press(pad, "Ctrl+E")
    assert pad.line.text() == "it's all wter"
    assert pad.stamp.text() == "corrects 13:00  quote"
    for _ in range(4):
        room.press(pad, "Backspace")
    room.line(pad, "water")
    room.saved(pad)

    assert shown(pad) == [("13:00", "quote", "“it's all water”", "corrected"), ("13:11", "", "later", "")]
    (correction,) = corrections(pad)
    assert (correction.reason, correction.replacement) == ("corrected by the author", Note("it's all water", "quote"))
    assert (pad.line.text(), pad.stamp.text()) == ("", "")
    assert pad.line.hasFocus()


def test_what_a_corrected_row_said_before_is_struck_out_in_its_place(room, pad):
    pad.live.note("one")
    for text in ("two", "three"):
        room.press(pad, "Ctrl+E")
        retype(room, pad, text)
        room.press(pad, "Return")
    assert pad.back.place.was.text() == ""
    room.press(pad, "Ctrl+Up")

    assert pad.back.place.was.text() == "was: one → two"
    assert pad.back.place.was.font().strikeOut()
    assert bodies(pad, Note) == [Note("three")]


def test_a_half_typed_line_waits_and_comes_back_with_its_time_and_code(room, pad):
    pad.live.note("wrng")
    room.press(pad, "F5")
    room.type(pad, "it's al")
    before = pad.stamp.text()
    room.pass_time(30)
    room.press(pad, "Ctrl+E")
    retype(room, pad, "wrong")
    room.press(pad, "Return")

    assert (pad.line.text(), pad.stamp.text()) == ("it's al", before)
    room.line(pad, "l")
    assert bodies(pad, Note) == [Note("wrong"), Note("it's all", "quote")]


def test_a_reason_is_typed_after_a_sign_of_its_own(room, pad):
    pad.live.note("he laughed")
    room.press(pad, "Ctrl+E")
    retype(room, pad, "he wept // misheard in the dark")
    room.press(pad, "Return")

    assert bodies(pad, Note) == [Note("he wept")]
    assert corrections(pad)[0].reason == "misheard in the dark"


def test_esc_leaves_the_entry_as_it_was_at_once_or_by_a_second_one_where_something_was_typed(room, pad):
    pad.live.note("kept")
    room.type(pad, "half")
    room.press(pad, "Ctrl+E")
    room.press(pad, "Escape")
    assert pad.line.text() == "half"

    room.press(pad, "Ctrl+E")
    room.type(pad, " not")
    room.press(pad, "Escape")
    assert pad.line.text() == "kept not"
    assert "Esc once more" in pad.news()
    room.press(pad, "Escape")
    assert pad.line.text() == "half"
    assert bodies(pad, Note) == [Note("kept")]
    assert corrections(pad) == []


def test_enter_without_a_change_adds_nothing(room, pad):
    pad.live.note("as it is")
    room.press(pad, "Ctrl+E")
    room.press(pad, "Return")

    assert corrections(pad) == []
    assert "Nothing was changed" in pad.news()


def test_a_marks_code_is_corrected_by_the_key_of_another_and_no_mark_is_dropped(room, pad):
    room.press(pad, "F1")
    room.press(pad, "Ctrl+E")
    room.press(pad, "F2")
    assert pad.stamp.text() == "corrects 13:00  body"
    room.press(pad, "Return")

    assert bodies(pad, Mark) == [Mark("body")]
    assert len([entry for entry in pad.live.record.entries if isinstance(entry.body, Mark)]) == 1


def test_the_code_of_a_state_is_corrected_at_its_begin_and_its_end(room, pad):
    room.press(pad, "F9")
    room.pass_time(60)
    room.press(pad, "F9")
    room.pass_time(60)
    room.press(pad, "Ctrl+E")
    room.press(pad, "F10")
    room.press(pad, "Return")

    assert bodies(pad, Mark) == [Mark("support", MarkChange.START), Mark("support", MarkChange.STOP)]
    assert pad.live.record.active_states() == {}


def test_a_note_gets_another_code_by_key_and_by_prefix(room, pad):
    pad.live.note("a wave", "body")
    room.press(pad, "Ctrl+E")
    room.press(pad, "F3")
    room.press(pad, "Return")
    assert bodies(pad, Note) == [Note("a wave", "imagery")]

    room.press(pad, "Ctrl+E")
    retype(room, pad, "memory: a wave")
    room.press(pad, "Return")
    assert bodies(pad, Note) == [Note("a wave", "memory")]


def test_a_note_is_not_sent_to_everybody_by_a_correction_and_a_signal_is_still_sent(room, pad, log):
    pad.live.note("private")
    room.press(pad, "Ctrl+E")
    room.press(pad, "F11")
    assert "cannot be the code" in pad.news()
    room.press(pad, "F12")
    room.press(pad, "Return")

    assert bodies(log, Setting) == []
    assert bodies(log, Signal) == [Signal("safety")]
    assert bodies(pad, Note) == [Note("private")]


def test_what_others_wrote_is_not_corrected(room, pad, log):
    log.live.signal("come")
    room.press(pad, "Ctrl+Up")
    for key in ("Ctrl+E", "Ctrl+U", "Ctrl+U"):
        room.press(pad, key)
        assert "other clinician" in pad.news()

    assert corrections(pad) == []
    assert pad.line.text() == ""


def test_the_intention_and_the_signature_wait_while_an_entry_is_corrected(room, pad):
    pad.live.note("kept")
    room.press(pad, "Ctrl+E")
    for key in ("Ctrl+I", "Ctrl+Shift+S"):
        room.press(pad, key)
        assert "The line corrects an entry" in pad.news()

    assert bodies(pad, Intention) == []
    assert not pad.sign.form.isVisible()


# --------------------------------------------------------------------------------------------- taking back


def test_an_entry_made_by_mistake_is_taken_back_by_a_key_pressed_twice(room, pad):
    pad.live.note("kept")
    pad.live.note("a slip")
    room.type(pad, "half")
    room.press(pad, "Ctrl+U")
    assert "once more takes it back: 13:00 a slip" in pad.news()
    assert bodies(pad, Note) == [Note("kept"), Note("a slip")]
    room.press(pad, "Ctrl+U")

    assert [row[2] for row in shown(pad)] == ["kept"]
    assert corrections(pad)[0] == Correction(corrections(pad)[0].target_id, "entered by mistake", None)
    assert (pad.line.text(), pad.timeline.chosen()) == ("half", "")


@pytest.mark.parametrize("between", ["Escape", "Ctrl+Up", "X"])
def test_anything_between_the_two_keys_takes_nothing_back(room, pad, between):
    pad.live.note("one")
    pad.live.note("two")
    room.press(pad, "Ctrl+U")
    room.press(pad, between)
    room.press(pad, "Ctrl+U")

    assert corrections(pad) == []


def test_undo_brings_back_what_was_taken_back_and_takes_it_back_again(room, pad):
    pad.live.note("one")
    room.press(pad, "Ctrl+U")
    room.press(pad, "Ctrl+U")
    assert shown(pad) == []
    room.press(pad, "Ctrl+Z")
    assert [row[2] for row in shown(pad)] == ["one"]
    room.press(pad, "Ctrl+Z")
    assert shown(pad) == []


def test_a_state_begun_by_mistake_is_taken_back_with_its_end(room, pad):
    room.press(pad, "F9")
    room.pass_time(60)
    room.press(pad, "F9")
    room.press(pad, "Ctrl+Up")
    room.press(pad, "Ctrl+Up")
    room.press(pad, "Ctrl+U")
    room.press(pad, "Ctrl+U")

    assert bodies(pad, Mark) == []


def test_an_end_by_mistake_is_taken_back_alone_and_the_state_runs_on(room, pad):
    room.press(pad, "F9")
    room.pass_time(60)
    room.press(pad, "F9")
    room.press(pad, "Ctrl+U")
    room.press(pad, "Ctrl+U")

    assert list(pad.live.record.active_states()) == ["challenging"]


def test_what_was_taken_back_is_still_read_struck_out_with_when_and_why_and_can_stand_again(room, pad):
    pad.live.note("kept")
    pad.live.note("a slip", "body")
    pad.live.note("another")
    for _ in range(2):
        room.pass_time(60)
        room.press(pad, "Ctrl+U")
        room.press(pad, "Ctrl+U")
    room.press(pad, "Ctrl+J")

    assert pad.back.place.words.text() == "only: taken back (2)"
    assert [(row.code, row.text, row.is_struck, row.gap) for row in pad.timeline.rows()] == [
        ("body", "a slip", True, "taken back 13:02: entered by mistake"),
        ("", "another", True, "taken back 13:01: entered by mistake"),
    ]
    room.press(pad, "Ctrl+E")
    assert not pad.correcting.is_on
    room.press(pad, "Ctrl+Up")
    room.press(pad, "Ctrl+Up")
    assert "Ctrl+U lets it stand again" in pad.back.place.words.text()
    assert pad.timeline.accessibleDescription().endswith("a slip, taken back 13:02: entered by mistake")
    room.press(pad, "Ctrl+E")
    assert "was taken back" in pad.news()
    room.press(pad, "Ctrl+U")
    assert "Stands again: 13:00 body a slip" in pad.news()
    assert [row.text for row in pad.timeline.rows()] == ["another"]
    room.press(pad, "Escape")
    assert [row[2] for row in shown(pad)] == ["kept", "a slip"]
    assert bodies(pad, Note) == [Note("kept"), Note("a slip", "body")]


def test_where_nothing_was_taken_back_the_key_says_how_it_is_used(room, pad):
    pad.live.note("kept")
    room.press(pad, "Ctrl+J")

    assert pad.rows.only == ""
    assert "Choose a row" in pad.news()


# --------------------------------------------------------------------------------------------------- undo


def test_right_after_enter_undo_takes_the_note_up_again_to_correct_it(room, pad):
    room.press(pad, "F5")
    room.line(pad, "it's all wter")
    room.press(pad, "Ctrl+Z")
    assert (pad.line.text(), pad.stamp.text()) == ("it's all wter", "corrects 13:00  quote")
    retype(room, pad, "it's all water")
    room.press(pad, "Return")
    assert bodies(pad, Note) == [Note("it's all water", "quote")]

    room.press(pad, "Ctrl+Z")
    assert bodies(pad, Note) == [Note("it's all wter", "quote")]
    room.press(pad, "Ctrl+Z")
    assert bodies(pad, Note) == [Note("it's all water", "quote")]


def test_right_after_its_key_undo_takes_a_mark_back(room, pad):
    room.press(pad, "F1")
    room.press(pad, "Ctrl+Z")
    assert bodies(pad, Mark) == []
    assert "Taken back: 13:00 affect" in pad.news()
    room.press(pad, "Ctrl+Z")
    assert bodies(pad, Mark) == [Mark("affect")]


def test_undo_of_typing_never_goes_on_to_what_was_noted_before_it(room, pad):
    room.line(pad, "one")
    room.press(pad, "F1")
    room.type(pad, "typed")
    for _ in range(6):
        room.press(pad, "Ctrl+Z")

    assert pad.line.text() == ""
    assert corrections(pad) == []
    assert bodies(pad, Mark) == [Mark("affect")]


def test_undo_after_a_check_in_takes_it_back(room, pad, log):
    room.line(log, "inf 35/40 hold no cuff")
    room.pass_time(400)
    room.press(pad, "Return")
    assert bodies(pad, CheckIn) == [CheckIn("")]
    room.press(pad, "Ctrl+Z")

    assert bodies(pad, CheckIn) == []


# --------------------------------------------------------------------------------------- after the signature


def test_after_the_signature_a_correction_needs_its_reason(room, pad):
    pad.live.note("he laughed")
    sign(room, pad)
    room.press(pad, "Ctrl+E")
    retype(room, pad, "he wept")
    room.press(pad, "Return")
    assert "say why" in pad.news()
    assert pad.line.text() == "he wept"
    room.line(pad, " // misheard")
    room.saved(pad)

    assert bodies(pad, Note) == [Note("he wept")]
    assert corrections(pad)[0].reason == "misheard"


def test_after_the_signature_taking_back_asks_for_its_reason_in_the_line(room, pad):
    pad.live.note("a slip")
    sign(room, pad)
    room.press(pad, "Ctrl+U")
    room.press(pad, "Return")
    assert bodies(pad, Note) == [Note("a slip")]
    room.line(pad, "of another patient")
    room.saved(pad)

    assert bodies(pad, Note) == []
    assert corrections(pad)[0].reason == "of another patient"


def test_after_the_signature_undo_asks_for_a_reason_too(room, pad):
    room.press(pad, "F1")
    sign(room, pad)
    room.press(pad, "Ctrl+Z")

    assert "say why" in pad.news()
    assert bodies(pad, Mark) == [Mark("affect")]


# ---------------------------------------------------------------------------------------- it outlives a crash


@pytest.mark.parametrize("way", WAYS)
def test_a_half_typed_correction_and_the_line_that_waits_both_come_back(room, pad, way):
    pad.live.note("wrng", "body")
    room.saved(pad)
    room.type(pad, "half a thought")
    room.press(pad, "Ctrl+E")
    room.type(pad, ": a wave")
    kept(room, pad)

    way(room, pad)
    again = open_again(room)
    assert (again.line.text(), again.stamp.text()) == ("wrng: a wave", "corrects 13:00  body")
    assert "correction of 13:00 is back" in again.news()
    assert bodies(again, Note) == [Note("wrng", "body")]

    room.press(again, "Return")  # pressed before anybody saw it
    assert bodies(again, Note) == [Note("wrng", "body")]
    room.pass_time(1)
    room.press(again, "Return")
    room.press(again, "Return")  # twice: the line that waited came back with the first
    assert bodies(again, Note) == [Note("wrng: a wave", "body")]
    assert again.line.text() == "half a thought"
    room.saved(again)
    kept(room, again)


def test_half_a_correction_of_what_was_taken_back_meanwhile_comes_back_as_a_note(room, pad):
    entry = pad.live.note("gone")
    room.press(pad, "Ctrl+E")
    room.type(pad, " with words")
    kept(room, pad)
    room.press(pad, "Ctrl+W")
    home = next(window for window in room.desk.windows if getattr(window, "seat", None) is pad.seat)
    pad.live.correct(entry.entry_id, "elsewhere", None)
    again = open_again(room)

    assert home.isVisible()
    assert again.line.text() == "gone with words"
    assert not again.correcting.is_on


def test_a_correction_is_entered_once_also_where_it_outlived_a_lock(room, pad):
    pad.live.note("one")
    room.press(pad, "Ctrl+E")
    room.type(pad, " more")
    room.press(pad, "Ctrl+L")
    again = open_again(room)
    room.pass_time(1)
    room.press(again, "Return")
    room.saved(again)
    kept(room, again)
    room.press(again, "Ctrl+L")
    last = open_again(room)

    assert bodies(last, Note) == [Note("one more")]
    assert len(corrections(last)) == 1
    assert last.line.text() == ""


def test_nothing_that_stands_beside_the_line_moves_its_left_edge(room, pad, qapp):
    edges = []

    def look():
        qapp.processEvents()
        edges.append((pad.line.x(), pad.line.y(), pad.line.width(), pad.stamp.width()))

    look()
    room.type(pad, "a")
    look()
    room.press(pad, "F5")
    look()
    room.press(pad, "Return")
    room.press(pad, "Ctrl+E")
    assert pad.stamp.text() == "corrects 13:00  quote"
    look()
    room.press(pad, "Escape")
    room.press(pad, "F11")
    room.type(pad, "b")
    assert "for everybody" in pad.stamp.text()
    look()

    assert len(set(edges)) == 1


def test_words_with_the_sign_of_a_reason_in_them_keep_it_when_they_are_corrected(room, pad):
    pad.live.note("either // or")
    room.press(pad, "Ctrl+E")
    assert pad.line.text() == "either // or // "
    room.press(pad, "Return")

    assert bodies(pad, Note) == [Note("either // or")]
    assert corrections(pad) == []


def test_while_an_entry_is_corrected_nothing_invites_to_a_new_one(room, pad):
    room.press(pad, "F2")
    invitation = pad.line.placeholderText()
    room.press(pad, "Ctrl+E")
    assert (pad.line.text(), pad.line.placeholderText()) == ("", "")
    room.press(pad, "Escape")
    assert pad.line.placeholderText() == invitation


def test_a_corrected_note_has_its_tick_when_the_correction_is_on_the_disk_too(room, pad, monkeypatch, refusing):
    room.line(pad, "it's all wter")
    room.saved(pad)
    with monkeypatch.context() as broken:
        broken.setattr(room.program.library, "append", refusing)
        room.press(pad, "Ctrl+E")
        retype(room, pad, "it's all water")
        room.press(pad, "Return")
        assert not pad.timeline.rows()[-1].is_saved
        room.wait(lambda: pad.live.saving.has_failed, "the failure")
        assert "NOT saved: 1" in pad.strip.cell(3)
        assert (pad.timeline.rows()[-1].text, pad.timeline.rows()[-1].is_saved) == ("it's all water", False)
    room.pass_time(1)
    room.wait(lambda: pad.timeline.rows()[-1].is_saved, "the tick")

    assert not pad.live.saving.unsaved
