"""The four ways a room is staffed, each from the home of who is in it to a page."""

import pytest
from PySide6.QtWidgets import QApplication

from kapnotes.domain.entries import Authorization, Note, Staffing, TakenBy, Vitals
from kapnotes.domain.members import Role
from kapnotes.ui.home import HomeWindow
from kapnotes.ui.log import LogWindow
from kapnotes.ui.pad import PadWindow
from kapnotes.ui.sign_in import SignInWindow
from kapnotes.ui.summary import SummaryWindow


def save_summary(room, window, key="Ctrl+S"):
    room.press(window, key)
    summary = room.window(SummaryWindow)
    room.fill(summary, summary.recipient, "Ines, LMFT")
    room.fill(summary, summary.summary_path, str(room.folder / "out.pdf"))
    room.press(summary, "Ctrl+S")
    room.wait(lambda: bool(summary.secret.text()) or summary.news().startswith("!"), "the page")
    assert summary.secret.text(), summary.news()
    return summary


def windows(room, *kinds):
    return [type(window) for window in room.desk.windows if isinstance(window, kinds)]


def test_a_therapist_and_a_crna_have_a_window_each(room, pad, log):
    assert pad.live.record.opened.staffing is Staffing.TEAM
    assert windows(room, PadWindow, LogWindow) == [PadWindow, LogWindow]
    room.line(pad, "note")
    room.line(log, "120/80 72")
    save_summary(room, log)

    assert (room.folder / "out.pdf").read_bytes().startswith(b"%PDF")


def test_one_person_with_both_roles_has_both_windows_in_one_seat(room):
    home = room.make("Pat, LCSW PA", Role.THERAPIST, Role.MEDICAL)
    room.patient(home)
    room.start(home)
    log, pad = room.window(LogWindow), room.window(PadWindow)
    room.line(log, "120/80 72")
    room.line(pad, "note")
    room.saved(pad)

    assert log.live is pad.live
    assert pad.live.record.opened.staffing is Staffing.ONE_PERSON_BOTH_ROLES
    assert pad.live.record.of(Note)
    save_summary(room, pad)


def test_what_is_noted_while_its_windows_are_built_stands_in_them(room):
    home = room.make("Pat, LCSW PA", Role.THERAPIST, Role.MEDICAL)
    room.patient(home)
    room.start(home)
    live = room.window(PadWindow).live
    for window in (room.window(LogWindow), room.window(PadWindow)):
        window.close()

    room.desk.enter_session(home.seat, live)
    noted = []
    while room.desk.is_entering:
        noted += [live.log(f"{110 + len(noted) % 20}/70 72"), live.note("while it is built")]
        QApplication.processEvents()
    log, pad = room.window(LogWindow), room.window(PadWindow)

    assert len(noted) > 2 * 15  # they came in so many turns
    shown = {entry.entry_id for entry in log.model.entries()} | {row.entry_id for row in pad.timeline.rows()}
    assert {entry.entry_id for entry in noted} <= shown
    room.wait(lambda: log.chart.is_current, "the chart")


def test_a_crna_alone_has_the_log_and_a_summary_without_process_notes(room):
    home = room.make("Carl, CRNA", Role.MEDICAL)
    room.patient(home)
    room.start(home)
    log = room.window(LogWindow)
    room.line(log, "120/80 72")

    assert windows(room, PadWindow) == []
    assert log.live.record.opened.staffing is Staffing.CRNA_ALONE
    summary = save_summary(room, log)
    assert summary.chosen() == []


def test_a_start_says_that_nobody_is_there_who_gives_what_the_protocol_injects(room, home):
    room.press(home, "Ctrl+N")
    form = home.start_door.start
    assert form.staffing.text().startswith("! IV by a therapist alone: tick who gives it")
    while form.protocol.currentData().protocol.name != "sublingual":
        room.press(home, "Down")

    assert form.staffing.text().startswith("Therapist alone: the note pad")
    assert not form.staffing.is_mark


def test_a_therapist_alone_notes_what_the_patient_measured_and_took(room, home):
    room.start(home, "sublingual")
    pad, log = room.window(PadWindow), room.window(LogWindow)
    room.line(log, "120/80 72")
    room.line(log, "dose 100")
    room.line(pad, "lozenge in")
    room.saved(pad)

    assert "by the patient" in log.who.text()
    assert log.live.record.of(Vitals)[0][1].taken_by is TakenBy.PATIENT
    assert log.live.record.opened.staffing is Staffing.THERAPIST_ALONE
    assert pad.live.elapsed_s() is not None
    save_summary(room, pad)


def test_the_lines_on_the_page_are_counted_for_the_recipient_that_is_written(room, pad):
    entry = pad.live.note("it's all water", "quote")
    today = pad.live.now().local().date()
    pad.live.release(Authorization("Tess", "Ines, LMFT", "one line", "integration", today, "K-0142", today), [entry])
    room.press(pad, "Ctrl+S")
    summary = room.window(SummaryWindow)

    room.press(summary, "Ctrl+Shift+A")
    assert "0 released and on the page" in summary.count.text()
    room.fill(summary, summary.recipient, "ines,  LMFT")
    assert "1 released and on the page" in summary.count.text()
    room.fill(summary, summary.recipient, "Dr B")
    assert "0 released and on the page" in summary.count.text()


def test_a_therapist_alone_can_note_an_adverse_event_and_who_takes_the_patient_home(room, home):
    room.start(home, "sublingual")
    log = room.window(LogWindow)
    room.line(log, "ae nausea mild: lay down")
    room.line(log, "out partner: steady")
    room.saved(log)

    kinds = {type(entry.body).__name__ for entry in log.live.record.entries}
    assert {"AdverseEvent", "Discharge"} <= kinds


def test_a_window_that_comes_while_the_screen_is_blank_is_covered_and_uncovered_with_the_others(room, home):
    def blank(window):
        if isinstance(window, LogWindow):
            home.blank_asked.emit()  # as the key of any window does, before the pad is built

    room.desk.window_opened.connect(blank)
    room.start(home)
    pad, log = room.window(PadWindow), room.window(LogWindow)
    for window in (pad, log, home):
        assert window.blank.isVisible()
    assert pad.blank.geometry() == pad.rect()

    room.press(pad, "X")
    assert not any(window.blank.isVisible() for window in (pad, log, home))
    assert pad.line.text() == ""
    assert pad.line.hasFocus()


def test_a_lock_between_building_and_showing_a_window_shows_nothing_of_the_seat(room, home, monkeypatch):
    room.start(home)
    seat, live = home.seat, room.window(PadWindow).live
    for window in (room.window(PadWindow), room.window(LogWindow)):
        window.close()

    with monkeypatch.context() as broken:
        broken.setattr(room.desk, "_make_log", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            room.desk.enter_session(seat, live)
        room.window(PadWindow).close()  # it came all the same

    opened = []
    room.desk.window_opened.connect(opened.append)
    room.desk.enter_session(seat, live)
    assert room.desk.is_entering
    room.desk.lock_seat(seat)
    room.wait(lambda: not room.desk.is_entering, "the turns to pass")

    assert [type(window) for window in opened] == [SignInWindow]
    assert windows(room, PadWindow, LogWindow, HomeWindow) == []
