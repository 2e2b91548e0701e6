"""Deleting a patient at home, by keyboard: chosen, named once more, gone from the lists."""

import pytest
from PySide6.QtWidgets import QApplication

from kapnotes.domain.members import Role
from kapnotes.ui.home import HomeWindow
from tests.ui.test_looks import MEAN, PEAK, measure


@pytest.fixture
def page(room, home):
    """The therapist's page of keys, with two patients in the list."""
    room.patient(home, "K-0143")
    room.wait(lambda: home.patients.count() == 2, "both patients")
    room.press(home, "Ctrl+K")
    return home.key_page


def choose(room, home, words):
    cards = home.key_page.list
    row = next(row for row in range(cards.count()) if words in cards.item(row).text())
    cards.setFocus()
    while cards.currentRow() != row:
        room.press(home, "Down" if cards.currentRow() < row else "Up")
    room.press(home, "Return")


def ask(room, home):
    choose(room, home, "delete one for good")
    room.wait(lambda: home.key_page.delete.patient.count() > 0, "the patients to choose from")


def said(room, home, words):
    room.wait(lambda: words in home.news(), f"{words!r}; {home.news()!r}")


def test_a_patient_is_deleted_by_the_code_typed_once_more(room, home, page):
    ask(room, home)
    form = page.delete
    assert [form.patient.itemText(i) for i in range(form.patient.count())] == ["K-0142", "K-0143"]
    assert form.patient.hasFocus()
    room.press(home, "Down")
    room.fill(home, form.typed, "K-0142")
    room.press(home, "Return")
    said(room, home, "Type the patient's code once more")
    room.fill(home, form.typed, "K-0143")
    room.press(home, "Return")
    said(room, home, "K-0143 is deleted, for good")
    room.wait(lambda: [home.patients.item(i).text()[:6] for i in range(home.patients.count())] == ["K-0142"], "one")
    assert form.patient.count() == 0
    assert page.list.hasFocus()


def test_it_says_what_cannot_be_undone_and_what_stays(room, home, page):
    ask(room, home)
    words = page.delete.warning.text()
    for said_plainly in ("nobody can undo it", "backups made before", "printed or sent"):
        assert said_plainly in words


def test_leaving_the_form_deletes_nobody(room, home, page):
    ask(room, home)
    room.fill(home, page.delete.typed, "K-0142")
    room.press(home, "Escape")
    assert page.list.hasFocus()
    assert page.delete.typed.text() == ""
    home.refresh()
    assert home.patients.count() == 2


def test_while_a_session_runs_it_is_refused(room, pad):
    home = room.window(HomeWindow, pad.seat)
    room.press(home, "Ctrl+K")
    choose(room, home, "delete one for good")
    said(room, home, "A session is running")
    assert page_is_a_list(home)


def page_is_a_list(home):
    return home.key_page.list.isVisible()


def test_only_an_administrator_is_offered_it(room, home):
    room.add(home, "Carl, CRNA", Role.MEDICAL)
    crna = room.sign_in("Carl, CRNA")
    room.press(crna, "Ctrl+K")
    cards = crna.key_page.list
    assert not [row for row in range(cards.count()) if "delete" in cards.item(row).text()]


@pytest.mark.parametrize("size", [(1280, 800), (640, 400)])
def test_the_form_is_whole_and_as_dark_as_the_night(room, home, page, size):
    home.resize(*size)
    ask(room, home)
    QApplication.processEvents()
    warning = page.delete.warning
    assert warning.height() >= warning.heightForWidth(warning.width()), "a part of what it says is cut off"
    mean, peak = measure(home)
    assert mean <= MEAN
    assert peak <= PEAK
