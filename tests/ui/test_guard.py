"""A seat that nobody types at is covered, then guarded, then locked; nothing that is half-typed is lost on the way."""

import gc
import weakref

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kapnotes.app.idle import IdleLimits
from kapnotes.domain.entries import Mark, Note
from kapnotes.ui import clipboard
from kapnotes.ui.cover import Cover
from kapnotes.ui.log import LogWindow
from kapnotes.ui.pad import PadWindow
from kapnotes.ui.sign_in import SignInWindow
from tests.ui.conftest import PASSPHRASE


@pytest.fixture
def guard(room):
    return room.screen.watch(IdleLimits(cover_s=180, grace_s=60, drop_s=900, gap_s=60))


@pytest.fixture
def guarded_pad(guard, pad):
    return pad


@pytest.fixture
def guarded_log(guarded_pad, log):
    return log


def wait_s(room, seconds):
    """Let time pass as it does, with a look every ten seconds."""
    for _ in range(seconds // 10):
        room.pass_time(10)


def cover_of(window):
    return next((cover for cover in window.findChildren(Cover) if cover.isVisible()), None)


def key(window, which=Qt.Key.Key_X):
    """Press a key as the system does: the window gets it, and hands it to whatever has the focus."""
    QTest.keyClick(window.windowHandle(), which)


def test_after_three_minutes_the_seat_is_covered_and_one_key_brings_it_back_typed_nowhere(room, guarded_pad):
    room.type(guarded_pad, "half")
    wait_s(room, 180)
    assert cover_of(guarded_pad)

    key(guarded_pad)

    assert cover_of(guarded_pad) is None
    assert guarded_pad.line.text() == "half"
    assert guarded_pad.line.hasFocus()


def test_a_key_in_time_keeps_the_cover_away(room, guarded_pad):
    for _ in range(5):
        wait_s(room, 170)
        key(guarded_pad)

    assert cover_of(guarded_pad) is None
    assert guarded_pad.line.text() == "xxxxx"


def test_a_mark_by_its_key_keeps_the_cover_away_too(room, guarded_pad):
    for _ in range(3):
        wait_s(room, 170)
        key(guarded_pad, Qt.Key.Key_F1)

    assert cover_of(guarded_pad) is None


def test_a_minute_later_it_takes_the_passphrase(room, guarded_pad):
    wait_s(room, 250)
    cover = cover_of(guarded_pad)

    key(guarded_pad)
    assert cover_of(guarded_pad) is cover
    assert cover.passphrase.hasFocus()
    QTest.keyClicks(cover.passphrase, "not the passphrase at all")
    QTest.keyClick(cover.passphrase, Qt.Key.Key_Return)
    room.wait(lambda: "Not the passphrase" in cover.hint.text(), "the refusal")
    QTest.keyClicks(cover.passphrase, PASSPHRASE)
    QTest.keyClick(cover.passphrase, Qt.Key.Key_Return)
    room.wait(lambda: cover_of(guarded_pad) is None, "the window")

    assert guarded_pad.line.hasFocus()
    assert guarded_pad.line.text() == ""


def test_while_it_is_covered_no_key_does_anything(room, guarded_pad):
    wait_s(room, 250)
    for which in (Qt.Key.Key_F1, Qt.Key.Key_Tab, Qt.Key.Key_Return, Qt.Key.Key_A):
        key(guarded_pad, which)

    assert list(guarded_pad.live.record.of(Mark)) == []
    assert list(guarded_pad.live.record.of(Note)) == []
    assert guarded_pad.line.text() == ""


def test_the_cover_shows_the_clocks_and_what_is_due_and_no_word_of_the_patient(room, guarded_log):
    room.line(guarded_log, "120/80 72 98 14 s5")
    room.line(guarded_log, "inf 35/40")
    wait_s(room, 190)

    words = cover_of(guarded_log).times.text()

    assert "T+00:03:10" in words
    assert "vitals due in" in words
    assert "K-0142" not in words
    assert "120" not in words


def test_a_cover_is_as_dark_as_the_night(room, guarded_pad):
    wait_s(room, 250)
    key(guarded_pad)
    QApplication.processEvents()
    image = guarded_pad.grab().toImage()

    places = [(x, y) for x in range(0, image.width(), 8) for y in range(0, image.height(), 8)]
    assert sum(image.pixelColor(x, y).lightnessF() for x, y in places) / len(places) < 0.02


def test_a_seat_is_covered_by_itself_and_the_other_one_works_on(room, guarded_log, pad):
    for _ in range(3):
        wait_s(room, 90)
        key(pad)

    assert cover_of(guarded_log)
    assert cover_of(pad) is None


def test_after_fifteen_minutes_the_keys_are_dropped_and_the_line_comes_back(room, guarded_pad):
    seat = guarded_pad.seat
    room.type(guarded_pad, "half a thou")
    wait_s(room, 900)
    room.wait(lambda: seat.keyring.is_locked, "the keys to be dropped")

    home = room.sign_in("Tess, LCSW")
    room.join(home)

    assert room.window(PadWindow, home.seat).line.text() == "half a thou"


def test_the_clock_and_the_schedule_go_on_where_one_signs_in(room, guarded_log):
    room.line(guarded_log, "120/80 72 98 14 s5")
    room.line(guarded_log, "inf 35/40")
    room.saved(guarded_log)
    room.screen.news.lock_asked.emit()
    room.pass_time(30)

    window = room.window(SignInWindow)

    assert window.running.text().startswith("T+00:00:30   vitals ")
    assert window.running.isVisible()


def test_a_seat_in_the_room_comes_back_by_one_key_after_a_long_silence(room, guarded_log):
    room.line(guarded_log, "inf 35/40 hold no cuff")
    room.saved(guarded_log)
    wait_s(room, 600)
    assert cover_of(guarded_log) is not None

    key(guarded_log)

    assert cover_of(guarded_log) is None


def test_a_laptop_that_slept_is_locked_when_it_wakes(room, guarded_pad):
    seat = guarded_pad.seat
    room.type(guarded_pad, "half")
    room.pass_time(1)
    room.pass_time(3600)

    assert seat.is_locked
    assert [type(window) for window in room.desk.windows] == [SignInWindow]
    assert room.window(SignInWindow).news() == "Locked: the laptop slept. What was half-typed is kept."


def test_the_system_locks_every_seat(room, guarded_log, pad):
    room.type(pad, "half")
    room.type(guarded_log, "128/7")

    room.screen.news.lock_asked.emit()

    assert [type(window) for window in room.desk.windows] == [SignInWindow]
    home = room.sign_in("Carl, CRNA")
    room.join(home)
    assert room.window(LogWindow, home.seat).line.text() == "128/7"


def test_a_lock_leaves_no_window_no_session_and_no_key_in_memory(room, guarded_pad):
    room.line(guarded_pad, "not to stay")
    room.saved(guarded_pad)
    room.type(guarded_pad, "nor this")
    seat = guarded_pad.seat
    keys = list(seat.keyring._keys.values())  # noqa: SLF001 - what must be gone
    gone = [weakref.ref(guarded_pad.line.document()), weakref.ref(guarded_pad.live)]

    room.desk.lock_seat(seat)
    room.wait(lambda: seat.keyring.is_locked and not seat.live, "the keys to be dropped")
    del guarded_pad
    room.__dict__.pop("pad", None)
    QApplication.sendPostedEvents(None, 52)  # deferred deletions
    gc.collect()

    assert all(not any(one._cek) and one._wrapping is None and not one._records for one in keys)  # noqa: SLF001
    assert gone[0]() is None


def test_a_lock_takes_what_was_copied_off_the_clipboard(room, guarded_pad):
    room.type(guarded_pad, "copied")
    room.press(guarded_pad, "Ctrl+A")
    room.press(guarded_pad, "Ctrl+C")
    assert QGuiApplication.clipboard().text() == "copied"

    room.desk.lock_seat(guarded_pad.seat)

    assert QGuiApplication.clipboard().text() == ""


def test_a_lock_leaves_what_others_put_on_the_clipboard(room, guarded_pad):
    QGuiApplication.clipboard().setText("of another program")

    room.desk.lock_seat(guarded_pad.seat)

    assert QGuiApplication.clipboard().text() == "of another program"


def test_a_secret_on_the_clipboard_is_marked_as_one(room):
    clipboard.put_secret("seven words of a page")

    mime = QGuiApplication.clipboard().mimeData()
    assert mime.text() == "seven words of a page"
    assert bytes(mime.data("x-kde-passwordManagerHint")) == b"secret"
    clipboard.forget()
    assert QGuiApplication.clipboard().text() == ""
