"""The checklists in the vitals log, by keyboard alone; the half-typed line stays as it is."""

import pytest
from PySide6.QtWidgets import QApplication

from kapnotes.domain.assessed import ChecklistAnswer, CheckState
from kapnotes.domain.checklist import ITEMS, Checklist
from kapnotes.ui.care import LISTS
from kapnotes.ui.log import LogWindow
from kapnotes.ui.log_row import COLUMNS
from tests.ui.test_looks import MEAN, PEAK, measure


def given(log):
    return [answer for _, answer in log.live.record.of(ChecklistAnswer)]


def test_every_item_is_answered_by_one_key_and_a_text_stands_with_it(room, log):
    room.line(log, "152/84 72 98 14 s5")
    room.type(log, "128/7")
    assert log.care.cell(LISTS) == "dose 17 · leaving 10"
    rows = log.model.rowCount()

    room.press(log, "Ctrl+P")
    page = log.checks.pages[Checklist.PRE_DOSE]
    assert page.head.text() == "Before the dose: 17 open"
    known = {row[1]: row[3] for row in page.table.texts()}
    assert known["weight checked"] == "70 kg"
    room.wait(lambda: page.table.texts()[4][3] == "none noted at home", "the allergies")
    assert known["baseline within limits"] == "13:00  152/84, heart rate 72, systolic above 140"
    assert [row[0] for row in page.table.texts()] == [""] * 17  # what is known answers nothing

    room.press(log, "Y")
    room.press(log, "N")
    room.press(log, "-")
    room.press(log, "Up")
    room.press(log, "Return")
    room.type(log, "tea at nine")
    room.press(log, "Return")
    assert page.table.texts()[2][:3] == ("n/a", "fasting kept", "tea at nine")
    room.press(log, "Y")
    assert given(log)[-1] == ChecklistAnswer("fasting", CheckState.YES, "tea at nine")
    assert page.item == "escort"
    room.press(log, "Up")
    room.press(log, "Delete")
    assert page.table.texts()[2][0] == "open"
    assert page.head.text() == "Before the dose: 15 open"

    log.resize(1280, 800)
    QApplication.processEvents()
    mean, peak = measure(log)
    assert mean <= MEAN
    assert peak <= PEAK

    room.press(log, "Escape")
    assert log.line.text() == "128/7"
    assert log.line.hasFocus()
    assert log.checks.half_typed() == ""  # a text that is kept is no draft of its item, wherever one went from there
    assert log.care.cell(LISTS) == "dose 15 · leaving 10"
    assert log.model.rowCount() == rows
    assert log.model.columnCount() == COLUMNS

    room.press(log, "Ctrl+P")
    assert page.item == "fasting"  # the first one that is open
    room.press(log, "Ctrl+Shift+P")
    leaving = log.checks.pages[Checklist.DISCHARGE]
    for _ in ITEMS[Checklist.DISCHARGE]:
        room.press(log, "Y")
    assert leaving.head.text() == "Before leaving: all answered"
    room.saved(log)


@pytest.mark.parametrize("way", ["lock", "leave", "other item"])
def test_a_half_typed_text_of_an_item_comes_back_to_it_and_belongs_to_what_is_signed(room, log, way):
    room.press(log, "Ctrl+P")
    room.press(log, "Down")
    room.press(log, "Return")
    room.type(log, "escort calls at fi")
    if way == "lock":
        room.press(log, "Ctrl+L")
    else:
        room.press(log, "Escape")
        room.press(log, "Escape" if way == "leave" else "Y")

    again = log
    if way == "lock":
        room.join(room.sign_in("Carl, CRNA"))
        again = room.window(LogWindow)
        assert "half-typed is back: Ctrl+P" in again.news()
    if way == "other item":
        room.press(again, "Up")
    else:
        room.press(again, "Ctrl+P")
    page = again.checks.pages[Checklist.PRE_DOSE]
    assert (page.item, page.text.text()) == ("consent", "escort calls at fi")

    room.press(again, "Escape")
    room.press(again, "Ctrl+Shift+S")
    assert "half-typed in the checklist of Ctrl+P" in again.news()
    room.press(again, "Ctrl+P")
    room.press(again, "Return")
    room.type(again, "ve")
    room.press(again, "Return")
    assert given(again)[-1].text == "escort calls at five"
    assert again.checks.half_typed() == ""
