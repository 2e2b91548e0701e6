"""Whatever is pasted into a field of a form is kept exactly, or refused with one line that says where and how much."""

import pytest
from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QApplication

from kapnotes.domain.assessed import ChecklistAnswer
from kapnotes.domain.clinic_book import ClinicBook
from kapnotes.ui.fields import LONGEST, NightLine

HOLDS = {
    "control characters and a zero": "a\x01\x07\x1b[31m\x00b\tc",
    "right to left, with an override": "قالت لي \u202eabc (שלום)",
    "an emoji family": "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466",
}
HALF = b"a\xed\xa0\xbdb", "a\ufffd\ufffd\ufffdb"
"""A lone surrogate as a clipboard holds it, and as it comes out of one: each byte visibly replaced."""


def paste(room, window, line, text):
    """Put *text*, or the bytes of one, in place of what stands in *line* by the keys of the clipboard."""
    mime = QMimeData()
    mime.setData("text/plain;charset=utf-8", text if isinstance(text, bytes) else text.encode())
    QApplication.clipboard().setMimeData(mime)
    if not line.hasFocus():
        room.go_to(window, line)
    room.press(window, "Ctrl+A")
    room.press(window, "Ctrl+V")


def fill_with_rubbish(room, window, line, stands, after):
    """Paste each kind of rubbish into *line*, press Enter and call *after* with what was pasted."""
    window.say("")
    paste(room, window, line, "\U0001f469 ab " * 250_000)
    assert line.text() == stands
    assert window.news() == (
        f"! {line.accessibleName()}: {line.maxLength() - 2:,} characters at most; "
        "the clipboard has 1,500,000. Nothing was pasted."
    )
    for data, text in (*((one, one) for one in HOLDS.values()), HALF):
        paste(room, window, line, data)
        assert line.text() == text
        room.press(window, "Return")
        after(text)
        assert len(window.news().splitlines()) <= 1
        assert len(window.news()) < 300


def test_no_form_of_the_clinics_own_lists_loses_or_falls_over_what_is_pasted(room, home):
    room.press(home, "Ctrl+Shift+P")
    page = home.clinic_door.page
    room.press(home, "Return")
    for name in ("dose", "phases"):
        line = page.form.lines[name]
        fill_with_rubbish(room, home, line, line.text(), lambda text, line=line: kept_or_refused(home, line, text))
    room.press(home, "Escape")
    room.press(home, "Escape")

    page.list.setCurrentRow(page.list.count() - 2)
    room.press(home, "Return")
    room.press(home, "Return")
    for line in (page.drugs.form.routes, page.drugs.form.drug_name):
        fill_with_rubbish(room, home, line, line.text(), lambda text, line=line: kept_or_refused(home, line, text))
    assert isinstance(home.clinic.book, ClinicBook)


def kept_or_refused(window, line, text):
    assert line.text() == text
    assert window.news().startswith("! ")


def test_no_page_of_the_log_loses_or_falls_over_what_is_pasted(room, pad, log):
    room.line(log, "dose 35 im hold no cuff")
    room.press(log, "Ctrl+P")
    page = next(iter(log.checks.pages.values()))
    room.press(log, "Return")

    def is_kept(text):
        assert [one.text for _, one in log.live.record.of(ChecklistAnswer)][-1:] == [text.strip()]
        page.table.setFocus()
        room.press(log, "Return")

    fill_with_rubbish(room, log, page.text, "", is_kept)
    log.leave_page()

    room.press(log, "Ctrl+Shift+I")
    monitor = log.monitor.page

    def is_no_file(text):
        room.wait(lambda: bool(log.news()), "the refusal")
        kept_or_refused(log, monitor.path, text)

    fill_with_rubbish(room, log, monitor.path, "", is_no_file)
    log.leave_page()

    room.press(log, "Ctrl+Shift+W")
    secret = log.countersign.form.passphrase
    paste(room, log, secret, "x" * 300)
    assert secret.text() == ""
    assert log.news() == (
        "! Passphrase of who signs: 256 characters at most; the clipboard has 300. Nothing was pasted."
    )
    paste(room, log, secret, HOLDS["control characters and a zero"])
    room.press(log, "Return")
    room.wait(lambda: log.news().startswith("! "), "the refusal")
    assert log.countersign.form.passphrase.text() == ""


@pytest.mark.parametrize("most", [LONGEST, 5])
def test_a_line_that_is_full_takes_no_more_and_what_is_longer_already_stays_whole(qtbot, most):
    line = NightLine("Reason")
    qtbot.addWidget(line)
    line.setMaxLength(most)
    line.setText("x" * (most - 1))
    line.end(False)
    qtbot.keyClicks(line, "yz")
    assert line.text() == "x" * (most - 1) + "y"
    line.undo()
    assert line.text() == "x" * (most - 1)

    line.setText("k" * 40_000)
    qtbot.keyClicks(line, "yz")
    assert line.text() == "k" * 40_000
    line.backspace()
    line.setText("short")
    qtbot.keyClicks(line, "z")
    assert line.text() == ("short" if most == 5 else "shortz")
