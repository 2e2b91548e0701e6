"""What using the pad took: counted by real keys, kept among the own notes, told to that therapist alone."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from kapnotes.domain.around import PadUse
from kapnotes.domain.entries import Stage
from kapnotes.ui.pad import PadWindow
from kapnotes.ui.pad_use import KEEP_EVERY_S


def keys(window, text="x", modifiers=Qt.KeyboardModifier.NoModifier):
    """Press keys as the system does: the window gets them."""
    for char in text:
        QTest.keyClick(window.windowHandle(), getattr(Qt.Key, f"Key_{char.upper()}"), modifiers)


def key(window, which):
    QTest.keyClick(window.windowHandle(), which)


def kept(live):
    return [use for _, use in live.record.of(PadUse)]


def close_session(room, pad):
    for _ in range(6):
        if pad.live.record.stage is not Stage.CLOSED:
            pad.live.enter_stage(list(Stage)[list(Stage).index(pad.live.record.stage) + 1])


def test_letters_marks_and_chords_each_count_once_and_a_pause_begins_a_new_episode(room, pad):
    keys(pad, "hand")
    room.pass_time(4)
    key(pad, Qt.Key.Key_F1)
    room.pass_time(60)
    keys(pad, "a", Qt.KeyboardModifier.AltModifier)
    room.press(pad, "Ctrl+W")

    assert kept(pad.live) == [PadUse(6, 4, 2)]


def test_a_modifier_by_itself_is_no_key_stroke(room, pad):
    for which in (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt):
        key(pad, which)
    room.press(pad, "Ctrl+W")

    assert kept(pad.live) == []


def test_it_is_kept_every_ten_minutes_so_that_a_crash_loses_little(room, pad):
    keys(pad, "hand")
    room.pass_time(KEEP_EVERY_S - 5)
    assert kept(pad.live) == []
    room.pass_time(5)
    assert kept(pad.live) == [PadUse(4, 0, 1)]
    room.pass_time(KEEP_EVERY_S)
    assert len(kept(pad.live)) == 1


def test_after_the_session_one_dim_line_tells_it_and_nothing_moves(room, pad, log):
    assert pad.legend.text().startswith("F1 affect")
    keys(pad, "hand")
    place = pad.legend.geometry()
    close_session(room, pad)
    room.pass_time(1)

    assert pad.legend.text() == "the pad in this session: 4 keys · 0:00 of typing · 1 times"
    assert pad.legend.geometry() == place


def test_it_is_added_up_over_every_time_the_pad_was_open(room, pad, log):
    keys(pad, "hand")
    room.press(pad, "Ctrl+W")
    home = next(window for window in room.desk.windows if window.where == "home" and window.seat is pad.seat)
    room.join(home)
    again = room.window(PadWindow)
    keys(again, "xy")
    close_session(room, again)
    room.pass_time(1)

    assert again.legend.text() == "the pad in this session: 6 keys · 0:00 of typing · 2 times"


def test_a_lock_loses_nothing_of_it(room, pad):
    keys(pad, "hand")
    room.desk.lock_seat(pad.seat)
    home = room.sign_in()
    room.join(home)

    assert kept(room.window(PadWindow).live) == [PadUse(4, 0, 1)]


def test_the_other_seat_hears_nothing_of_it(room, pad, log):
    keys(pad, "hand")
    close_session(room, pad)
    room.pass_time(1)
    assert kept(pad.live) == [PadUse(4, 0, 1)]

    assert kept(log.live) == []
    room.saved(pad)
    shared = room.program.library.read(room.crna.seat.keyring, pad.live.scope_id)
    assert not [entry for entry in shared.entries if isinstance(entry.body, PadUse)]


def test_no_key_and_no_text_is_in_what_is_kept(room, pad):
    keys(pad, "hand")
    room.press(pad, "Ctrl+W")

    assert PadUse.__slots__ == ("keys", "typing_s", "episodes")
    assert all(isinstance(getattr(kept(pad.live)[0], name), int) for name in PadUse.__slots__)
