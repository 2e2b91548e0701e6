"""Every way out of the summary window: on paper, as text, as a FHIR document, and the therapist's own notes."""

import json
import subprocess

import pytest
from PySide6.QtGui import QPageSize
from PySide6.QtPrintSupport import QPrinter

from kapnotes.app.audit_desk import AuditDesk
from kapnotes.domain.words import in_english
from kapnotes.ui.summary import SummaryWindow


@pytest.fixture
def summary(room, pad, log):
    """The therapist's summary window of a session with a note, a dose and a reading."""
    room.line(log, "128/76 72 98 14")
    room.line(log, "dose 35 im")
    room.line(pad, "a note that stays")
    room.press(pad, "Ctrl+S")
    window = room.window(SummaryWindow)
    room.fill(window, window.recipient, "Ines, LMFT")
    return window


def trail_of(window):
    return [row.what for row in AuditDesk(window.seat, in_english).everything()]


def test_a_page_is_printed_on_the_second_press_logged_first_and_left_on_no_disk(room, summary):
    """On a printer of Qt's own that prints into a file: the system here has none."""
    paper, printed = room.folder / "printer" / "out.pdf", []
    paper.parent.mkdir()

    def to_file(name):
        assert name == "Room 2"
        assert trail_of(summary)[0] == "pages issued: summary, sent to the printer for Ines, LMFT, 0 released lines"
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(paper))
        return printer

    door = summary.ways_out.printing
    door.printer_names, door.open_printer = (lambda: ("Room 2", "Office")), to_file
    door.page_printed.connect(printed.append)
    before = set(room.folder.rglob("*"))
    room.press(summary, "Ctrl+P")
    room.wait(lambda: "once more prints on Room 2" in summary.news(), "the printers")
    assert door.printers.hasFocus()
    assert not paper.exists()
    room.press(summary, "Ctrl+P")
    room.wait(lambda: bool(printed) or summary.news().startswith("!"), "the printed page")

    assert "Printed: the pages on Room 2." in summary.news()
    assert trail_of(summary)[0] == "the printer took the pages"
    assert {path for path in set(room.folder.rglob("*")) - before if path.suffix != ".kapdb"} == {paper}
    told = subprocess.run(["pdfinfo", str(paper)], check=True, capture_output=True, text=True).stdout
    assert "KAPnotes" in told
    assert "K-0142" not in told
    size = QPageSize(QPageSize.PageSizeId.A4).sizePoints()
    assert f"{size.width()}" in told.partition("Page size:")[2]
    picture = subprocess.run(["pdftoppm", "-gray", "-r", "40", "-f", "1", "-l", "1", str(paper)],
                             check=True, capture_output=True).stdout  # fmt: skip
    dark = sum(1 for dot in picture[15:] if dot < 128)
    assert 200 < dark < len(picture) / 4


def test_where_there_is_no_printer_one_line_says_what_to_do(room, summary):
    summary.ways_out.printing.printer_names = tuple
    room.press(summary, "Ctrl+Shift+P")
    room.wait(lambda: "no printer" in summary.news(), "the line")

    assert "or save the pages" in summary.news()
    assert not [line for line in trail_of(summary) if "printer" in line]


@pytest.mark.qt_log_ignore("QPainter::begin", extend=True)  # what Qt says of it, beside what we do
def test_a_printer_that_takes_nothing_is_told_of_and_the_trail_takes_it_back(room, summary):
    def broken(_):
        printer = QPrinter()
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(room.folder / "nowhere" / "out.pdf"))
        return printer

    door = summary.ways_out.printing
    door.printer_names, door.open_printer = (lambda: ("Room 2",)), broken
    room.press(summary, "Ctrl+P")
    room.wait(lambda: "once more" in summary.news(), "the printers")
    room.press(summary, "Ctrl+P")
    room.wait(lambda: "Room 2 takes no pages" in summary.news(), "the line")
    room.wait(lambda: "it failed" in trail_of(summary)[0], "the trail")


def test_the_text_is_copied_on_the_second_press_and_goes_off_the_clipboard_with_the_window(room, summary, qapp):
    copied = []
    summary.ways_out.copying.text_copied.connect(copied.append)
    room.press(summary, "Ctrl+Shift+T")
    assert "In clear" in summary.news()
    assert "for Ines, LMFT" in summary.news()
    room.press(summary, "Ctrl+Shift+T")
    room.wait(lambda: bool(copied), "the text")

    text = qapp.clipboard().text()
    assert text.startswith("Integration-session summary\n")
    assert "ketamine" in text
    assert "a note that stays" not in text
    assert "text, copied for Ines, LMFT" in trail_of(summary)[0]
    room.press(summary, "Ctrl+W")
    assert qapp.clipboard().text() == ""


def test_text_and_fhir_document_are_saved_under_names_without_the_patient(room, summary):
    text, document = summary.ways_out.text, summary.ways_out.document
    (line,) = text.paths.values()
    names = [line.text(), document.path.text(), summary.ways_out.notes.path.text()]
    assert not [name for name in names if "K-0142" in name]
    saved = []
    text.data_saved.connect(saved.append)
    document.page_saved.connect(saved.append)
    for path in (line, document.path):
        room.fill(summary, path, path.text().replace(str(room.folder), str(room.folder / "out")))
    (room.folder / "out").mkdir()
    room.press(summary, "Ctrl+T")
    assert "Not encrypted" in summary.news()
    room.press(summary, "Ctrl+T")
    room.wait(lambda: len(saved) == 1, "the text")
    room.press(summary, "Ctrl+J")
    room.wait(lambda: len(saved) == 2, "the document")

    assert summary.secret.text() == saved[1].passphrase
    found = {path.suffix: path.read_bytes() for path in (room.folder / "out").iterdir()}
    assert json.loads(found[".json"])["resourceType"] == "DocumentReference"
    assert found[".txt"].startswith(b"Integration-session summary\n")


def test_the_own_notes_are_said_to_be_what_they_are_and_kept_by_the_second_press(room, summary, log):
    door, saved = summary.ways_out.notes, []
    door.page_saved.connect(saved.append)
    path = room.folder / "mine.pdf"
    room.fill(summary, door.path, str(path))
    room.press(summary, "Ctrl+Shift+O")
    assert "psychotherapy notes (45 CFR 164.501)" in summary.news()
    assert not path.exists()
    room.press(summary, "Ctrl+Shift+O")
    room.wait(lambda: bool(saved), "the notes")

    command = ["pdftotext", "-upw", summary.secret.text(), str(path), "-"]
    assert "a note that stays" in subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert trail_of(summary)[0] == "the own process notes issued, whole and apart: notes for Tess, LCSW"
    room.press(log, "Ctrl+S")
    other = next(one for one in room.desk.windows if isinstance(one, SummaryWindow) and one is not summary)
    assert other.ways_out.notes is None


def test_a_file_that_names_the_patient_is_refused(room, summary):
    room.fill(summary, summary.summary_path, str(room.folder / "summary of k-0142.pdf"))
    room.press(summary, "Ctrl+S")
    room.wait(lambda: "without the patient's code" in summary.news(), "the line")

    assert not list(room.folder.glob("*.pdf"))
