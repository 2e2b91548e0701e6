"""An answer of a worker that comes when its window is closed, because a lock lay in between, comes to nothing."""

from threading import Event

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from kapnotes.domain.entries import Vitals
from kapnotes.ui.audit import AuditWindow
from kapnotes.ui.course import CourseWindow
from kapnotes.ui.follow_up import FollowUpWindow
from kapnotes.ui.home import HomeWindow
from kapnotes.ui.log import LogWindow
from kapnotes.ui.pad import PadWindow
from kapnotes.ui.search import SearchWindow
from kapnotes.ui.summary import SummaryWindow

MONITOR = "t_min,systolic_mmhg,diastolic_mmhg,heart_rate_bpm\n0,120,72,55\n1,118,70,56\n"


@pytest.fixture
def held(room):
    """Makes all workers wait until the event that it returns is set."""
    go_on = Event()

    def hold():
        for worker in (room.program.worker, room.program.slow_worker):
            worker.submit(go_on.wait, lambda _: None, room.fail)
        return go_on

    yield hold
    go_on.set()


def lock(room, window, go_on):
    """Lock the seat of *window* while its answers are on their way, let them come, and wait for the last."""
    room.press(window, "Ctrl+L")
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    go_on.set()
    for worker in (room.program.worker, room.program.slow_worker, room.program.worker):
        told = []
        worker.submit(list, told.append, room.fail)
        room.wait(lambda told=told: bool(told), "the last answer")


def test_no_window_of_a_therapist_hears_an_answer_behind_a_lock(room, home, pad, held):
    room.press(pad, "Ctrl+S")
    summary = room.window(SummaryWindow)
    room.press(pad, "Ctrl+F")
    search = room.window(SearchWindow)
    home.activateWindow()
    room.press(home, "Ctrl+H")
    course = room.window(CourseWindow)
    room.press(home, "Ctrl+T")
    audit = room.window(AuditWindow)
    room.fill(search, search.words, "a word")
    room.fill(summary, summary.recipient, "Dr. Example")
    room.press(home, "Ctrl+K")
    go_on = held()
    room.press(audit, "Ctrl+S")
    room.press(search, "Return")
    room.press(summary, "Ctrl+S")
    course.refresh()
    home.key_page.begin()
    home.refresh()
    home.lists.course.look()
    pad.around.carried.begin()
    room.press(pad, "Ctrl+Shift+U")
    assert room.window(FollowUpWindow).isVisible()
    waiting = [window.seat for window in room.desk.windows]
    assert len(waiting) >= 7

    lock(room, home, go_on)

    assert not [window for window in room.desk.windows if getattr(window, "seat", None) in waiting]


def test_no_page_of_a_crna_hears_an_answer_behind_a_lock(room, pad, log, held):
    (room.folder / "monitor.csv").write_text(MONITOR)
    room.line(log, "dose 35 im hold no cuff")
    room.press(log, "Ctrl+Shift+W")
    form = log.countersign.form
    form.passphrase.setText(room.passphrase)
    go_on = held()
    form.accept()
    room.press(log, "Ctrl+P")
    room.press(log, "Ctrl+Shift+I")
    room.type(log, str(room.folder / "monitor.csv"))
    room.press(log, "Return")
    room.crna.refresh()

    lock(room, log, go_on)

    assert not [window for window in room.desk.windows if isinstance(window, LogWindow)]
    assert room.window(PadWindow).isVisible()
    assert room.window(HomeWindow).seat is pad.seat


def test_a_file_whose_keeping_is_on_its_way_at_a_lock_is_kept(room, pad, log, held):
    (room.folder / "monitor.csv").write_text(MONITOR)
    room.line(log, "dose 35 im hold no cuff")
    room.pass_time(600)
    room.press(log, "Ctrl+Shift+I")
    room.type(log, str(room.folder / "monitor.csv"))
    room.press(log, "Return")
    room.wait(lambda: log.monitor.page.keep_button.isEnabled(), "the rows")
    room.press(log, "Return")
    go_on = held()
    room.press(log, "Return")
    assert log.monitor.page.state.text() == "keeping…"

    lock(room, log, go_on)

    assert len(pad.live.record.of(Vitals)) == 2
    room.wait(lambda: not pad.live.saving.untold, "the tick")
    room.sign_in("Carl, CRNA")
    room.join(room.window(HomeWindow))
    assert len(room.window(LogWindow).live.record.of(Vitals)) == 2
