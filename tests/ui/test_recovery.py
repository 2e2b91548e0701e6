"""A recovery sheet at the sign-in window, by keyboard: a forgotten passphrase, and the record in an emergency."""

import pytest
from PySide6.QtCore import QElapsedTimer
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel

from kapnotes.app.idle import IdleLimits
from kapnotes.domain.entries import Note
from kapnotes.domain.members import MEDICAL, SHARED
from kapnotes.ui.cover import Cover
from kapnotes.ui.emergency import EmergencyWindow
from kapnotes.ui.home import HomeWindow
from kapnotes.ui.keys import Where, keys_in
from kapnotes.ui.sign_in import SignInWindow
from kapnotes.vault import sheet_text
from kapnotes.vault.library import KEYS_SCOPE
from tests.ui.conftest import PASSPHRASE

NEW = "seven quiet herons wade upstream"
REASON = "unresponsive, the team asks for the last dose"
SECRET = "what only the pad may ever show"


def sheet(room, seat, compartment):
    """The lines of a confirmed sheet, made past the page of keys, which has tests of its own."""
    library = room.program.library
    lines = library.make_sheet(seat.keyring, compartment).lines
    library.confirm_sheet(seat.keyring, compartment, "\n".join(lines))
    return lines


@pytest.fixture
def papers(home):
    """The sheets of a therapist who is alone in the practice."""

    def make(room):
        return {
            one.kind.name.lower(): sheet(room, home.seat, one) for one in (SHARED, MEDICAL, home.seat.member.therapy)
        }

    return make


def ask(room, window=None):
    """Lock, and press Ctrl+R at the sign-in window."""
    if window is not None:
        room.press(window, "Ctrl+L")
    sign_in = room.window(SignInWindow)
    room.wait(lambda: sign_in.member.count() > 0, "the members")
    room.press(sign_in, "Ctrl+R")
    return sign_in


def type_sheet(room, window, lines):
    for line in lines:
        room.type(window, line.lower().replace("-", " "))
        room.press(window, "Return")
    room.wait(lambda: window.recovery.choices.isVisible(), f"the choices; {window.news()!r}")


def choices(window):
    return [window.recovery.choices.item(row).text() for row in range(window.recovery.choices.count())]


def choose(room, window, words):
    row = next(row for row, text in enumerate(choices(window)) if words in text)
    for _ in range(row):
        room.press(window, "Down")
    room.press(window, "Return")


def said(room, window, words):
    room.wait(lambda: words in window.news(), f"{words!r}; {window.news()!r}")


# ------------------------------------------------------------------------------------------------ the sheet


def test_a_mistyped_line_is_named_at_once_and_keeps_the_focus(room, home, papers):
    lines = papers(room)["medical"]
    window = ask(room, home)
    room.type(window, lines[0])
    room.press(window, "Return")
    room.type(window, lines[1][:-1] + ("0" if lines[1][-1] != "0" else "1"))
    room.press(window, "Return")

    assert "Line 2 is not as it is printed" in window.news()
    assert window.recovery.sheet.sheet.lines[1].hasFocus()

    room.type(window, lines[1])
    room.press(window, "Return")
    assert window.recovery.sheet.sheet.lines[2].hasFocus()


def test_a_line_that_is_left_by_tab_is_looked_at_too(room, home, papers):
    papers(room)
    window = ask(room, home)
    room.type(window, "not on any sheet")
    room.press(window, "Tab")

    assert "Line 1 of the sheet has 14 signs" in window.news()


def test_a_scanned_code_is_taken_with_one_enter(room, home, papers):
    lines = papers(room)["medical"]
    window = ask(room, home)
    room.type(window, " ".join(lines))
    room.press(window, "Return")

    room.wait(lambda: window.recovery.choices.isVisible(), "the choices")
    assert "the medical record" in window.recovery.found.text()


def test_a_sheet_that_is_none_of_this_vault_says_so(room, home, papers):
    papers(room)
    window = ask(room, home)
    for line in sheet_text.written(b"x" * 32):
        room.type(window, line)
        room.press(window, "Return")

    said(room, window, "no recovery sheet of this vault")


def test_leaving_keeps_no_line_and_no_sheet(room, home, papers):
    lines = papers(room)["medical"]
    window = ask(room, home)
    type_sheet(room, window, lines)
    room.press(window, "Escape")

    assert window.passphrase.hasFocus()
    assert window.recovery.desk.compartments == ()
    assert window.recovery.sheet.sheet.text().strip() == ""


def test_where_there_is_no_vault_there_is_no_sheet_to_type(room):
    window = room.desk.begin()
    room.press(window, "Ctrl+R")

    assert "needs its vault" in window.news()


# ------------------------------------------------------------------------------------------------ forgotten


def take_new(room, window, new=NEW, again=NEW):
    form = window.recovery.forgotten
    room.fill(window, form.passphrase.first, new)
    room.fill(window, form.passphrase.again, again)
    room.press(window, "Return")


def test_a_therapist_who_forgot_goes_on_with_the_own_sheet_and_reads_the_own_notes(room, pad):
    home = room.window(HomeWindow, pad.seat)
    room.line(pad, SECRET)
    room.saved(pad)
    room.press(pad, "Ctrl+L")
    room.press(room.crna, "Ctrl+L")
    tess = room.sign_in("Tess, LCSW")
    lines = sheet(room, tess.seat, tess.seat.member.therapy)
    window = ask(room, tess)
    type_sheet(room, window, lines)
    choose(room, window, "I forgot")
    assert window.recovery.forgotten.member.currentText() == "Tess, LCSW"
    take_new(room, window)
    said(room, window, "sign in with it")
    assert window.member.currentText() == "Tess, LCSW"

    room.type(window, PASSPHRASE)
    room.press(window, "Return")
    said(room, window, "Not the passphrase")
    room.type(window, NEW)
    room.press(window, "Return")

    again = room.window(HomeWindow)
    assert again is not home
    room.join(again)
    (live,) = again.seat.live.values()
    assert [note.text for _, note in live.record.of(Note)] == [SECRET]


def test_alone_in_the_practice_the_line_names_the_sheet_that_is_missing_and_it_can_be_typed(room, home, papers):
    made = papers(room)
    window = ask(room, home)
    type_sheet(room, window, made["therapy"])
    choose(room, window, "I forgot")
    take_new(room, window)
    said(room, window, "Nobody else holds the medical compartment")

    room.go_to(window, window.recovery.forgotten.more)
    room.press(window, "Return")
    assert window.recovery.sheet.isVisible()
    type_sheet(room, window, made["medical"])
    choose(room, window, "I forgot")
    take_new(room, window)
    said(room, window, "sign in with it")
    room.type(window, NEW)
    room.press(window, "Return")

    again = room.window(HomeWindow)
    assert set(again.seat.keyring.compartments) == {SHARED, MEDICAL, again.seat.member.therapy}
    room.wait(lambda: "recovery sheet is missing" in again.reminder.text(), "the reminder of new sheets")


def test_a_new_passphrase_that_will_not_do_says_why_and_changes_nothing(room, home, papers):
    lines = papers(room)["therapy"]
    window = ask(room, home)
    type_sheet(room, window, lines)
    choose(room, window, "I forgot")
    for new, again, says in (
        ("short", "short", "at least 15"),
        ("ketamine therapy notes", "ketamine therapy notes", "guessed first"),
        (NEW, NEW + "x", "differ"),
    ):
        take_new(room, window, new, again)
        said(room, window, says)

    room.press(window, "Escape")
    assert window.recovery.forgotten.passphrase.first.text() == ""
    room.press(window, "Escape")
    room.type(window, PASSPHRASE)
    room.press(window, "Return")
    assert room.window(HomeWindow)


def test_six_words_are_offered_and_others_by_one_key(room, home, papers):
    lines = papers(room)["therapy"]
    window = ask(room, home)
    type_sheet(room, window, lines)
    choose(room, window, "I forgot")
    before = window.recovery.forgotten.passphrase.words.text()
    room.press(window, "Alt+O")
    words = window.recovery.forgotten.passphrase.words
    room.wait(lambda: words.text() != before, "other words")

    assert len(before.split()) == len(words.text().split()) == 6


def test_while_a_session_runs_in_another_seat_no_key_is_changed(room, pad, log):
    home = room.window(HomeWindow, pad.seat)
    lines = sheet(room, home.seat, home.seat.member.therapy)
    room.press(pad, "Ctrl+L")
    room.press(room.crna, "Ctrl+O")
    window = ask(room)
    type_sheet(room, window, lines)
    choose(room, window, "I forgot")
    take_new(room, window)

    said(room, window, "A session is running")


# ------------------------------------------------------------------------------------------------ emergency


@pytest.fixture
def night(room, pad, log):
    """A session with a dose, vitals and a process note, and the medical sheet in an envelope; everybody has left."""
    home = room.window(HomeWindow, pad.seat)
    room.line(pad, SECRET)
    room.line(log, "128/76 72 98 14 s5")
    room.line(log, "dose 35 im")
    if "Enter once more" in log.news():
        room.press(log, "Return")
    room.pass_time(600)
    room.line(log, "141/88 84 97 13 s4")
    room.saved(log)
    room.saved(pad)
    lines = sheet(room, home.seat, MEDICAL)
    room.press(log, "Ctrl+L")
    room.press(pad, "Ctrl+L")
    return lines


def break_glass(room, lines, reason=REASON):
    window = ask(room)
    type_sheet(room, window, lines)
    choose(room, window, "Emergency")
    room.type(window, reason)
    room.press(window, "Return")
    return window


def read_first(room, lines):
    break_glass(room, lines)
    reading = room.window(EmergencyWindow)
    room.wait(lambda: reading.sessions.count() == 1, "the session")
    room.press(reading, "Return")
    room.wait(lambda: reading.course is not None, "the course")
    QApplication.processEvents()
    return reading


def test_the_medical_sheet_and_a_reason_show_the_last_dose_within_a_minute(room, night):
    watch = QElapsedTimer()
    watch.start()
    reading = read_first(room, night)

    assert "dose: ketamine 35 mg" in reading.given.text()
    assert "10:00 ago" in reading.given.text()
    assert "141" in reading.vitals.text()
    assert reading.model.rowCount() >= 3
    assert watch.elapsed() < 20_000  # the rest of the minute is for the hands


def test_no_process_note_is_ever_reached(room, night):
    reading = read_first(room, night)

    assert reading.seat.keyring.compartments == (SHARED, MEDICAL)
    assert reading.course.record.of(Note) == []
    shown = [label.text() for label in reading.findChildren(QLabel)]
    cells = [
        str(reading.model.index(row, column).data())
        for row in range(reading.model.rowCount())
        for column in range(reading.model.columnCount())
    ]
    assert SECRET not in " ".join([*shown, *cells])


def test_without_a_reason_nothing_opens(room, night):
    window = break_glass(room, night, reason="   ")

    assert "Write why" in window.news()
    assert window.recovery.emergency.isVisible()
    assert not room.program.seats


@pytest.mark.parametrize("kind", ["shared", "therapy"])
def test_only_the_medical_sheet_offers_an_emergency(room, home, papers, kind):
    lines = papers(room)[kind]
    window = ask(room, home)
    type_sheet(room, window, lines)

    assert not [text for text in choices(window) if "Emergency" in text]


def test_everybody_sees_it_at_home_until_acknowledged(room, night):
    reading = read_first(room, night)
    room.press(reading, "Ctrl+L")
    tess = room.sign_in("Tess, LCSW")

    room.wait(lambda: REASON in tess.emergencies.text(), "the notice")


def test_it_is_locked_like_any_seat_and_writes_nothing_on_the_way(room, night):
    reading = read_first(room, night)
    seat = reading.seat
    room.press(reading, "Ctrl+L")

    room.wait(lambda: seat.keyring.is_locked, "the keys to be dropped")
    assert reading not in room.desk.windows
    assert room.window(SignInWindow)
    tess = room.sign_in("Tess, LCSW")
    read = room.program.library.read(tess.seat.keyring, KEYS_SCOPE, only=SHARED)
    assert (read.refused, read.findings) == ((), ())


def test_nobody_at_it_covers_it_and_then_locks_it_because_no_passphrase_brings_it_back(room, night):
    room.screen.watch(IdleLimits(cover_s=180, grace_s=60, grace_in_room_s=720, drop_s=900, gap_s=60))
    reading = read_first(room, night)
    for _ in range(18):
        room.pass_time(10)
    assert [cover for cover in reading.findChildren(Cover) if cover.isVisible()]
    for _ in range(73):
        room.pass_time(10)

    assert reading not in room.desk.windows
    assert not room.program.seats


def test_esc_goes_back_to_the_sessions_and_what_is_noted_meanwhile_is_read_by_one_key(room, night):
    reading = read_first(room, night)
    rows = reading.model.rowCount()
    room.desk.sign_in_another()
    crna = room.sign_in("Carl, CRNA")
    room.join(crna)
    (live,) = crna.seat.live.values()
    live.log("120/70 60 99 12 s5")
    room.wait(lambda: not live.saving.unsaved, "the entry")
    room.press(reading, "F5")
    room.wait(lambda: reading.model.rowCount() == rows + 1, "the new row")

    room.press(reading, "Escape")
    assert reading.sessions.isVisible()
    assert reading.sessions.hasFocus()


def test_every_key_of_the_reading_is_bound_and_no_other_is(room, night):
    reading = read_first(room, night)

    assert reading.bound() == {key.name for key in keys_in(Where.EMERGENCY, Where.ANYWHERE) if key.is_bound}


def test_a_record_that_opens_when_the_window_is_gone_is_locked_at_once(room, night):
    seats = []
    room.program.signed_in.add(seats.append)
    window = break_glass(room, night)
    window.close()

    room.wait(lambda: bool(seats) and seats[0].keyring.is_locked, "the keys to be dropped")
    assert not room.program.seats
    assert not [window for window in room.desk.windows if isinstance(window, EmergencyWindow)]


def test_closing_the_window_locks_it(room, night):
    reading = read_first(room, night)
    room.press(reading, "Ctrl+W")

    assert not room.program.seats


# ------------------------------------------------------------------------------------------------ looks


def luminance(colour):
    def linear(part):
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def assert_dark_and_whole(window, size):
    window.resize(*size)
    QApplication.processEvents()
    assert (window.width(), window.height()) == size, "something needs more room"
    image = window.grab().toImage()
    pixels = {image.pixel(x, y) for y in range(0, image.height(), 2) for x in range(0, image.width(), 2)}
    assert max(luminance(QColor(pixel)) for pixel in pixels) <= 0.30


@pytest.mark.parametrize("size", [(1280, 800), (640, 400)])
def test_every_page_is_as_dark_as_the_night_and_fits_the_smallest_window(room, night, size):
    window = ask(room)
    assert_dark_and_whole(window, size)
    type_sheet(room, window, night)
    assert_dark_and_whole(window, size)
    choose(room, window, "I forgot")
    assert_dark_and_whole(window, size)
    room.press(window, "Escape")
    choose(room, window, "Emergency")
    assert_dark_and_whole(window, size)
    room.type(window, REASON)
    room.press(window, "Return")
    reading = room.window(EmergencyWindow)
    room.wait(lambda: reading.sessions.count() == 1, "the session")
    assert_dark_and_whole(reading, size)
    room.press(reading, "Return")
    room.wait(lambda: reading.course is not None, "the course")
    assert_dark_and_whole(reading, size)
