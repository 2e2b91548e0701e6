"""Signing by keyboard alone, and adding to what was signed."""

from PySide6.QtWidgets import QApplication

from kapnotes.domain.assessed import ChecklistAnswer, CheckState
from kapnotes.domain.checklist import ITEMS
from kapnotes.domain.entries import Addendum, CheckIn, LateEntry, Note, Vitals
from kapnotes.domain.members import MEDICAL, therapy_of
from kapnotes.ui.log import LogWindow
from kapnotes.ui.log_row import WHAT
from kapnotes.ui.pad import PadWindow
from tests.ui.test_looks import MEAN, PEAK, measure


def sign(room, window, reason="the rest was noted on paper"):
    room.press(window, "Ctrl+Shift+S")
    if window.sign.form.reason.isVisible():
        room.type(window, reason)
    room.press(window, "Return")
    room.wait(lambda: window.live.signing.signed() is not None, "the signature")


def close_session(room, pad, log):
    """Leave nothing missing."""
    room.line(log, "120/70 70 98 14 s5")
    room.line(log, "drawn 35 lot A12")
    room.line(log, "dose 35 im")
    for item in (item for items in ITEMS.values() for item in items):
        log.live.keep(ChecklistAnswer(item, CheckState.YES))
    room.line(log, "out partner: steady // moved to the ward")
    while str(pad.live.record.stage) != "closed":
        room.press(pad, "Ctrl+G")
        room.press(pad, "Ctrl+G")
        room.pass_time(2)


def test_the_form_knows_name_and_credential_and_signs_by_one_enter_where_nothing_is_missing(room, pad, log):
    close_session(room, pad, log)

    room.press(log, "Ctrl+Shift+S")
    form = log.sign.form
    assert form.missing.text() == "Nothing is missing."
    assert (form.printed_name.text(), form.credential.text()) == ("Carl", "CRNA")
    assert not form.reason.isVisible()
    room.press(log, "Return")
    room.wait(lambda: log.live.signing.signed() is not None, "the signature")

    signed = log.live.record.sign_offs[-1][1]
    assert signed.compartment == MEDICAL
    assert signed.meaning == form.meaning.text()
    assert not form.isVisible()
    assert log.line.hasFocus()


def test_what_is_missing_stands_first_and_a_reason_becomes_part_of_the_meaning(room, pad, log):
    room.line(log, "dose 35 im hold no cuff")
    room.press(log, "Ctrl+Shift+S")
    assert "! The session is not closed." in log.sign.form.missing.text()
    assert "! No discharge is noted." in log.sign.form.missing.text()
    assert log.sign.form.reason.hasFocus()

    room.press(log, "Return")
    assert "say why it is signed so" in log.news()
    assert log.live.signing.signed() is None

    room.type(log, "the cuff failed")
    room.press(log, "Return")
    room.wait(lambda: log.live.signing.signed() is not None, "the signature")
    assert log.live.record.sign_offs[0][1].meaning.endswith("): the cuff failed")
    assert pad.isVisible()


def test_what_is_half_typed_into_the_sign_off_outlives_esc_and_a_lock_and_is_no_signature(room, pad, log):
    room.press(log, "Ctrl+Shift+S")
    room.type(log, "the checklists stand on")
    room.press(log, "Escape")
    room.press(log, "Ctrl+L")
    room.join(room.sign_in("Carl, CRNA"))
    log = room.window(LogWindow)
    room.press(log, "Ctrl+Shift+S")

    assert log.sign.form.reason.text() == "the checklists stand on"
    assert log.news() == "What was half-typed is back."
    room.type(log, " paper")
    room.press(log, "Return")
    room.wait(lambda: log.live.signing.signed() is not None, "the signature")
    assert log.live.record.sign_offs[0][1].meaning.endswith("): the checklists stand on paper")
    assert not log.live.typing.half_typed("sign-off")
    assert pad.live.record.sign_offs


def test_a_session_that_was_signed_before_it_was_closed_is_closed_by_an_addendum(room, home, pad, log):
    room.line(log, "120/70 70 98 14")
    room.line(log, "dose 35 im")
    for window in (log, pad):
        sign(room, window)
    while str(pad.live.record.stage) != "closed":
        room.press(pad, "Ctrl+G")
        room.press(pad, "Ctrl+G")
        room.pass_time(2)
    room.saved(pad)

    last = pad.live.record.entries[-1].body
    assert (last.reason, str(last.body.stage)) == ("entered after the signature", "closed")
    assert str(log.live.record.stage) == "closed"
    home.refresh()
    room.wait(lambda: home.is_told_of(last.body.stage), "home to tell of it")


def test_esc_goes_back_to_the_line_and_nothing_is_signed(room, log):
    room.press(log, "Ctrl+Shift+S")
    room.press(log, "Escape")

    assert log.line.hasFocus()
    assert log.live.signing.signed() is None
    room.line(log, "120/70 70 98 14")
    assert log.live.record.newest(Vitals) is not None


def test_a_half_typed_line_is_never_left_out_of_what_is_signed(room, log):
    room.type(log, "120/70")
    room.press(log, "Ctrl+Shift+S")

    assert not log.sign.form.isVisible()
    assert "half-typed" in log.news()
    assert log.line.text() == "120/70"


def test_the_window_says_when_it_was_signed_and_how_to_add(room, log):
    sign(room, log)

    assert "signed 13:00" in log.who.text()
    assert "late 14:05 why: what" in log.line.placeholderText()
    assert "late 14:05 why: what" in log.news()


def test_a_signed_session_shows_it_when_it_is_opened_again(room, log):
    sign(room, log)
    log.close()
    room.join(room.crna)

    assert "signed 13:00" in room.window(LogWindow).who.text()


def test_the_other_clinician_hears_of_it(room, pad, log):
    sign(room, log)

    assert pad.news() == "Carl signed at 13:00."
    assert "signed" not in pad.who.text()


def test_a_line_without_a_reason_stays_in_the_line_and_says_what_to_do(room, log):
    sign(room, log)
    room.line(log, "120/70 70 98 14")

    assert "late 14:05 why: what" in log.news()
    assert log.line.text() == "120/70 70 98 14"
    assert log.live.record.newest(Vitals) is None


def test_a_late_entry_stands_in_the_table_at_its_time_with_its_reason(room, log):
    room.pass_time(1800)
    room.line(log, "120/70 70 98 14")
    room.pass_time(1800)
    sign(room, log)

    room.line(log, "late 13:10 the cuff was off: 130/80 72 98 14")
    room.saved(log)

    rows = [[log.model.index(row, column).data() for column in range(10)] for row in range(log.model.rowCount())]
    late = next(row for row in rows if row[2] == "130/80")
    assert late[0] == "13:10"
    assert late[WHAT] == "late entry of 14:00: the cuff was off"
    assert rows.index(late) < rows.index(next(row for row in rows if row[2] == "120/70"))


def test_the_therapist_adds_by_a_line_with_a_code_and_a_time(room, pad):
    room.pass_time(3600)
    sign(room, pad)
    room.line(pad, "late 13:30 hands were held: body: tears on the left")

    entry = pad.live.record.entries[-1]
    assert isinstance(entry.body, LateEntry)
    assert entry.body.body == Note("tears on the left", "body")
    row = pad.timeline.row_of(entry.entry_id)
    assert (row.time, row.remark) == ("13:30", "late entry of 14:00: hands were held")


def test_no_key_of_the_pad_notes_anything_after_the_signature(room, pad):
    room.line(pad, "before")
    sign(room, pad)
    before = list(pad.live.record.entries)

    for key in ("F1", "F6", "F12", "Return"):
        room.press(pad, key)
    room.line(pad, "after")
    room.press(pad, "Ctrl+I")

    assert pad.live.record.entries == before
    assert pad.live.record.newest(CheckIn) is None
    assert pad.line.text() == "after"


def test_a_half_typed_line_of_a_signed_session_comes_back_after_a_lock_and_can_be_added(room, pad, home):
    sign(room, pad)
    room.type(pad, "add remembered later: it was the left hand")
    room.press(pad, "Ctrl+L")
    room.wait(lambda: not any(isinstance(window, PadWindow) for window in room.desk.windows), "the lock")

    again = room.sign_in("Tess, LCSW")
    room.join(again)
    window = room.window(PadWindow)
    assert window.line.text() == "add remembered later: it was the left hand"
    room.pass_time(1)
    room.press(window, "Return")

    record = window.live.record
    assert isinstance(record.entries[-1].body, Addendum)
    assert record.newest(Note) == Note("it was the left hand")
    assert record.is_signed(again.seat.member.member_id, therapy_of(again.seat.member.member_id))
    assert home.is_closed


def test_the_form_is_as_dark_as_the_rest(room, log):
    room.line(log, "dose 35 im hold no cuff")
    room.press(log, "Ctrl+Shift+S")
    log.resize(1280, 800)
    QApplication.processEvents()

    mean, peak = measure(log)

    assert mean <= MEAN
    assert peak <= PEAK
