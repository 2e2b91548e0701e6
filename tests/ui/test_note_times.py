"""A time typed at the beginning of a note, a cleared line that comes back with its own, and the tab key."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from kapnotes.app.typed_fields import NOTE
from kapnotes.domain.entries import Mark, Note, Setting, Vitals
from tests.ui.test_sign_form import sign


def texts(pad):
    return [row.text for row in pad.timeline.rows() if row.text not in {"preparation", "dosing"}]


def local(entry):
    return entry.happened.local().strftime("%H:%M:%S")


def last_note(pad):
    """Return the note that was entered last, with its entry."""
    return max(pad.live.record.of(Note), key=lambda one: one[0].entered.utc_ns)


@pytest.fixture
def at_14(room, pad):
    """The pad at 14:00, with a note of every ten minutes since 13:00."""
    for minute in range(0, 60, 10):
        pad.live.note(f"of 13:{minute:02}")
        room.pass_time(600)
    return pad


def test_a_note_of_an_earlier_time_stands_where_it_happened_and_says_when_it_was_entered(room, at_14):
    room.line(at_14, "@13:25 he wept")
    assert at_14.news() == "Noted at 13:25."  # its row stands there, and may be out of sight
    room.saved(at_14)

    assert texts(at_14)[2:4] == ["of 13:20", "he wept"]
    row = at_14.timeline.rows()[[one.text for one in at_14.timeline.rows()].index("he wept")]
    assert (row.time, row.remark) == ("13:25", "entered 14:00")
    room.line(at_14, "and smiled")
    assert at_14.news() == ""


def test_minutes_ago_count_from_the_first_key(room, at_14):
    room.type(at_14, "-")
    room.pass_time(40)
    room.line(at_14, "13 he wept")

    entry, note = last_note(at_14)
    assert (local(entry), note.text) == ("13:47:00", "he wept")


def test_the_stamp_shows_the_time_that_is_meant_while_it_is_typed(room, at_14):
    shown = []
    for char in "@13:25 he":
        room.type(at_14, char)
        shown.append(at_14.stamp.text())
    assert shown == ["14:00:00"] * 5 + ["at 13:25"] * 4

    for _ in range(5):
        room.press(at_14, "Backspace")
    assert at_14.stamp.text() == "14:00:00"
    assert at_14.line.text() == "@13:"


def test_a_mark_by_a_time_alone_is_of_the_time_that_the_stamp_shows(room, at_14):
    room.type(at_14, "-3")
    room.pass_time(90)
    assert at_14.stamp.text() == "at 13:57"
    room.press(at_14, "F1")

    assert [local(entry) for entry, _ in at_14.live.record.of(Mark)] == ["13:57:00"]
    assert at_14.line.text() == ""


def test_a_time_that_cannot_be_is_pointed_at_and_the_line_stays(room, at_14):
    before = texts(at_14)
    for line, word, column in (
        ("@12:10 x", "12:10", 1),
        ("@14:30 x", "14:30", 1),
        ("@25:00 x", "A time is written", 1),
        ("-7", "what it was", 2),
    ):
        room.line(at_14, line)

        assert word in at_14.news()
        assert at_14.line.text() == line
        assert at_14.line.textCursor().position() == column
        assert texts(at_14) == before
        room.press(at_14, "Escape")
        room.press(at_14, "Escape")


def test_a_space_before_it_makes_it_words(room, at_14):
    room.line(at_14, " -3 is what he said")

    assert last_note(at_14)[1].text == " -3 is what he said"
    assert local(last_note(at_14)[0]) == "14:00:00"


def test_a_code_goes_with_a_time_by_key_and_by_prefix(room, at_14):
    room.type(at_14, "@13:25 quote: it's all water")
    room.press(at_14, "Return")
    assert last_note(at_14)[1] == Note("it's all water", "quote")

    room.pass_time(1)
    room.press(at_14, "F11")
    room.line(at_14, "-5 lamp down")
    entry, setting = at_14.live.record.of(Setting)[-1]
    assert (local(entry), setting.text) == ("13:55:01", "lamp down")


def test_after_the_signature_a_time_alone_adds_nothing(room, at_14):
    sign(room, at_14)
    room.line(at_14, "@13:25 he wept")

    assert "Add to it with a reason" in at_14.news()
    assert at_14.line.text() == "@13:25 he wept"


# ----------------------------------------------------------------------------------------------- undo


def clear(room, pad):
    room.press(pad, "Escape")
    room.press(pad, "Escape")


def test_a_cleared_line_comes_back_with_the_time_of_its_first_key_and_its_code(room, pad):
    room.press(pad, "F5")
    room.type(pad, "it's all")
    before = pad.stamp.text()
    clear(room, pad)
    assert pad.stamp.text() == ""
    room.pass_time(95)
    room.press(pad, "Ctrl+Z")

    assert pad.stamp.text() == before == "13:00:00  quote"
    room.line(pad, " water")
    entry, note = last_note(pad)
    assert (local(entry), note) == ("13:00:00", Note("it's all water", "quote"))


def test_a_line_typed_after_a_cleared_one_has_its_own_time_and_no_code(room, pad):
    room.press(pad, "F5")
    room.type(pad, "gone")
    clear(room, pad)
    room.pass_time(95)
    room.line(pad, "gone")

    entry, note = last_note(pad)
    assert (local(entry), note) == ("13:01:35", Note("gone"))


def test_a_line_that_begins_by_the_very_letter_of_a_cleared_one_has_its_own_time(room, pad):
    room.type(pad, "a")
    pad.live.typing.flush()
    room.press(pad, "Backspace")
    room.pass_time(600)
    room.line(pad, "anger")

    entry, note = last_note(pad)
    assert (local(entry), note) == ("13:10:00", Note("anger"))


def test_a_set_that_begins_by_the_very_digit_of_a_cleared_line_has_its_own_time(room, log):
    room.type(log, "1")
    log.live.typing.flush()
    room.press(log, "Backspace")
    room.pass_time(600)
    room.line(log, "128/76 72 98 14")

    assert local(log.live.record.of(Vitals)[-1][0]) == "13:10:00"


def test_a_cleared_line_that_came_back_is_kept_as_a_draft_again(room, pad):
    room.type(pad, "not lost")
    clear(room, pad)
    room.wait(lambda: pad.live.typing.is_kept, "the empty draft")
    room.press(pad, "Ctrl+Z")
    pad.live.typing.flush()

    assert [line.text for _, line in pad.live.typing.unkept] in ([], ["not lost"])
    room.wait(lambda: pad.live.typing.is_kept and not pad.live.typing.unkept, "the draft")
    assert pad.line.text() == "not lost"


# ------------------------------------------------------------------------------------------------ tab


def test_the_tab_key_types_nothing_and_leaves_the_focus_in_the_line(room, pad):
    for text in ("", "half"):
        room.type(pad, text)
        for key in ("Tab", "Shift+Tab"):
            room.press(pad, "Ctrl+Up")
            room.press(pad, key)
            room.press(pad, key)

            assert pad.line.text() == text
            assert pad.line.hasFocus()


def struck(line, sign):
    """Strike one key and look at nothing."""
    key = Qt.Key.Key_Return if sign == "\r" else Qt.Key(ord(sign.upper()))
    QApplication.sendEvent(line, QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, sign))


def test_a_letter_is_painted_before_the_window_says_anything_of_it_but_has_its_time_at_once(room, pad):
    pad.say("some news")
    struck(pad.line, "t")
    began = pad.live.typing.half_typed(NOTE).began
    assert (pad.stamp.text(), pad.news()) == ("", "some news")
    room.clock.advance(5)
    room.wait(lambda: pad.stamp.text() != "", "the stamp")
    assert (pad.stamp.text(), pad.news()) == (f"{began.local():%H:%M:%S}", "")

    struck(pad.line, "o")
    struck(pad.line, "\r")  # before that letter was painted
    note, entry = last_note(pad)[1], last_note(pad)[0]

    assert (note.text, entry.happened) == ("to", began)
    assert (pad.stamp.text(), pad.line.text()) == ("", "")
