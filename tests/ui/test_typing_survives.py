"""What is half-typed outlives every way in which a window can go, character for character, and enters nothing."""

import pytest
from PySide6.QtWidgets import QApplication

from kapnotes.app.typed_fields import LOG, NOTE
from kapnotes.domain.drafts import DraftLine
from kapnotes.domain.entries import Block, Narrative, Note, Setting, Vitals
from kapnotes.ui.home import HomeWindow
from kapnotes.ui.log import LogWindow
from kapnotes.ui.pad import PadWindow
from kapnotes.ui.summary import SummaryWindow

TEXTS = {
    "plain": "tears, hand on chest",
    "accents and a hard space": "Zaunkönig\u00a0weeps, naïve façade – ½",
    "Arabic and Japanese": "قالت لي ثم سكتت 今日は静か",
    "an emoji family": "her family \U0001f469\u200d\U0001f467\u200d\U0001f466 again",
    "combining marks": "e\u0301 a\u0308 Z\u0351\u0343\u033f",
    "two lines": "one\ntwo",
    "spaces at both ends": "  so it is  ",
    "a megabyte": "ab c\u00a0d é \U0001f469\u200d\U0001f52c " * 50_000,
}


def open_again(room, label="Tess, LCSW", kind=PadWindow):
    home = next((w for w in room.desk.windows if isinstance(w, HomeWindow) and w.seat.member.label == label), None)
    home = home or room.sign_in(label)
    room.wait(lambda: home.sessions.count() > 0, "the sessions")
    room.go_to(home, home.sessions)
    room.press(home, "Return")
    return room.window(kind, home.seat)


def notes(window):
    return [note.text for _, note in window.live.record.of(Note)]


def kept(room, window):
    room.wait(lambda: window.live.typing.is_kept, "the draft on the disk")


def lock(room, window):
    room.press(window, "Ctrl+L")


def close_the_window(room, window):
    room.press(window, "Ctrl+W")


def close_home(room, window):
    assert room.crna.isVisible()  # with the last seat the program ends, which may take a backup
    home = next(w for w in room.desk.windows if isinstance(w, HomeWindow) and w.seat is window.seat)
    room.press(home, "Ctrl+W")
    assert home.news() == "! A session goes on: closing home locks this seat with all its windows. Close once more."
    assert window.isVisible()
    room.press(home, "Ctrl+W")


def quit_and_start(room, window):
    del window
    room.start_anew()


WAYS = [lock, close_the_window, close_home, quit_and_start]


@pytest.mark.parametrize(
    ("text", "way"),
    [
        *((text, lock) for text in TEXTS.values()),
        *((TEXTS["spaces at both ends"], way) for way in WAYS if way is not lock),
        (TEXTS["a megabyte"], quit_and_start),
    ],
    ids=lambda one: one.__name__ if callable(one) else ascii(one[:12]),
)
def test_a_half_typed_note_comes_back_character_for_character(room, pad, way, text):
    room.type(pad, text)
    began = pad.stamp.text()

    way(room, pad)
    again = open_again(room)

    assert again.line.text() == text
    assert again.stamp.text() == began
    assert notes(again) == []
    assert "is back" in again.news()


@pytest.mark.parametrize("way", WAYS)
def test_a_half_typed_reading_comes_back(room, log, way):
    room.type(log, "128/76 7")

    way(room, log)
    again = open_again(room, "Carl, CRNA", LogWindow)

    assert again.line.text() == "128/76 7"
    assert "is back" in again.news()
    room.press(again, "Return")  # pressed before anybody saw it
    assert again.line.text() == "128/76 7"
    assert "was not entered" in again.news()
    assert list(again.live.record.of(Vitals)) == []


def test_both_seats_lines_come_back_each_to_its_own(room, pad, log):
    room.type(pad, "of the therapist")
    room.type(log, "x asl")
    room.start_anew()

    assert open_again(room).line.text() == "of the therapist"
    assert open_again(room, "Carl, CRNA", LogWindow).line.text() == "x asl"


def test_a_line_that_came_back_is_entered_once_and_under_its_first_time(room, pad):
    room.type(pad, "half a thou")
    began = pad.live.now()
    lock(room, pad)
    room.clock.advance(120)
    again = open_again(room)
    room.press(again, "Return")  # the second one of an impatient hand at home
    assert notes(again) == []

    room.line(again, "ght")
    room.saved(again)
    kept(room, again)
    lock(room, again)

    last = open_again(room)
    assert [(entry.happened, note.text) for entry, note in last.live.record.of(Note)] == [(began, "half a thought")]
    assert last.line.text() == ""


def test_a_line_for_everybody_comes_back_as_one_and_goes_to_nobody_before_enter(room, pad, log):
    room.press(pad, "F11")
    room.type(pad, "lamp do")
    lock(room, pad)
    again = open_again(room)

    assert "for everybody" in again.stamp.text()
    assert list(log.live.record.of(Setting)) == []
    room.line(again, "wn")
    assert [body.text for _, body in log.live.record.of(Setting)] == ["lamp down"]


def test_a_line_that_was_cleared_stays_away(room, pad):
    room.type(pad, "not meant")
    kept(room, pad)
    room.press(pad, "Escape")
    room.press(pad, "Escape")
    lock(room, pad)

    assert open_again(room).line.text() == ""


@pytest.mark.parametrize("over", ["Ctrl+/", "Ctrl+B", "Ctrl+S"])
def test_a_lock_over_whatever_is_open_keeps_the_line(room, pad, over):
    room.type(pad, "half")
    room.press(pad, over)
    QApplication.processEvents()
    room.program.lock(pad.seat)  # as the system's lock, idleness or a suspend does

    assert [window for window in room.desk.windows if getattr(window, "seat", None) is pad.seat] == []
    assert open_again(room).line.text() == "half"


def test_half_a_block_of_the_summary_outlives_a_crash_and_a_lock_and_is_entered_by_leaving_its_field(room, pad):
    began = pad.live.now()
    pad.live.typing.restore([DraftLine("e1" * 16, "summary shifts", "", began, "walk by the wat")], lambda _: None)
    room.press(pad, "Ctrl+S")
    summary = room.window(SummaryWindow)

    assert summary.blocks[Block.SHIFTS].text() == "walk by the wat"
    room.go_to(summary, summary.blocks[Block.SHIFTS])
    lock(room, summary)  # which leaves no field: nobody wrote it to its end
    pad = open_again(room)
    room.press(pad, "Ctrl+S")
    summary = room.window(SummaryWindow)
    assert summary.blocks[Block.SHIFTS].text() == "walk by the wat"
    assert list(pad.live.record.of(Narrative)) == []
    room.go_to(summary, summary.blocks[Block.SHIFTS])
    room.press(summary, "End")
    room.type(summary, "er")
    room.press(summary, "Tab")
    assert [(entry.entry_id, body.text) for entry, body in pad.live.record.of(Narrative)] == [
        ("e1" * 16, "walk by the water")
    ]
    kept(room, pad)


def test_keys_are_on_the_disk_without_any_lock(room, pad, log):
    room.type(pad, "tears")
    room.type(log, "128/7")
    for window, field, text in ((pad, NOTE, "tears"), (log, LOG, "128/7")):
        typing = window.live.typing
        room.wait(lambda typing=typing, field=field: typing.half_typed(field).text, "the first look at the line")
        kept(room, window)
        assert typing.half_typed(field).text == text


def test_nothing_of_what_is_half_typed_stands_anywhere_in_clear(room, pad, log):
    room.type(pad, "Zaunkoenig-weeps-7731")
    room.type(log, "do Zaunkoenig-rests-7732")
    room.start_anew()

    found = [path.name for path in room.folder.rglob("*") if path.is_file() and b"Zaunkoenig" in path.read_bytes()]
    assert found == []


def test_a_session_in_which_nothing_is_half_typed_leaves_no_draft_file(room, pad, log):
    room.line(pad, "entered")
    room.saved(pad)
    kept(room, pad)
    room.start_anew()

    assert list((room.folder / "vault").glob("*.draft")) == []
