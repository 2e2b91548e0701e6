"""The audit trail by keyboard: newest first, filtered by typing, put into a file."""

from PySide6.QtWidgets import QApplication

from kapnotes.ui.audit import AuditWindow
from kapnotes.ui.keys import Where, keys_in
from tests.ui.test_looks import MEAN, PEAK, measure


def open_trail(room, home):
    room.press(home, "Ctrl+T")
    window = room.window(AuditWindow)
    room.wait(lambda: window.list.count() > 0, "the trail")
    return window


def test_it_opens_from_home_with_the_newest_deed_first(room, pad, crna, home):
    room.pass_time(60)
    room.line(pad, "tears")
    window = open_trail(room, home)

    assert window.rows()[0].endswith("Tess, LCSW   opened   K-0142 · 1")
    assert any("Carl, CRNA   signed in" in row for row in window.rows())
    assert "tears" not in "".join(window.rows())
    assert pad.isVisible()


def test_its_keys_are_those_of_the_table(room, home):
    window = open_trail(room, home)

    assert window.bound() == {key.name for key in keys_in(Where.AUDIT, Where.ANYWHERE) if key.is_bound}


def test_esc_goes_back_to_home(room, home):
    window = open_trail(room, home)

    room.press(window, "Escape")

    assert not window.isVisible()
    assert home.isVisible()


def test_typing_filters_by_every_word(room, pad, crna, home):
    window = open_trail(room, home)
    everything = len(window.rows())

    room.type(window, "carl signed")

    assert window.rows()
    assert all("Carl" in row and "signed" in row for row in window.rows())
    assert window.count.text() == f"{len(window.rows())} of {everything} lines"
    assert pad.isVisible()


def test_ctrl_s_puts_it_into_a_file_and_never_over_another(room, home):
    window = open_trail(room, home)
    path = room.folder / "trail.csv"
    room.fill(window, window.path, str(path))

    room.press(window, "Ctrl+S")
    room.wait(lambda: "trail.csv" in window.news(), "the file")
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert window.news() == f"{len(lines) - 1} lines are in trail.csv."

    room.press(window, "Ctrl+S")
    room.wait(lambda: "already" in window.news(), "the refusal")
    assert path.read_text(encoding="utf-8-sig").splitlines() == lines


def test_asked_for_again_it_holds_what_was_done_meanwhile(room, home):
    window = open_trail(room, home)
    before = len(window.rows())
    room.program.seats[0].audit("something else")

    again = open_trail(room, home)

    room.wait(lambda: len(again.rows()) > before, "the newer trail")
    assert "something else" in again.rows()[0]


def test_it_closes_with_its_seat(room, home):
    open_trail(room, home)
    room.press(home, "Ctrl+L")

    assert not any(isinstance(window, AuditWindow) for window in room.desk.windows)


def test_it_is_as_dark_as_the_rest(room, home):
    for number in range(40):
        room.program.seats[0].audit(f"a deed of an ordinary length, number {number}")
    window = open_trail(room, home)
    window.resize(1280, 800)
    QApplication.processEvents()

    mean, peak = measure(window)

    assert mean <= MEAN
    assert peak <= PEAK
