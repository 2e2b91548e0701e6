"""Data leave by a key of the summary: said to be in clear first, then kept, private, and never over a file unasked."""

import json
import stat
from threading import Event

import pytest

from kapnotes.app.audit_desk import AuditDesk
from kapnotes.app.documents import Document
from kapnotes.domain.words import in_english
from kapnotes.ui.data_door import ENDS_WITH
from kapnotes.ui.summary import SummaryWindow


@pytest.fixture
def summary(room, log):
    """The CRNA's summary window of a session with a dose and a reading, over the log."""
    room.line(log, "128/76 72 98 14")
    room.line(log, "dose 35 im")
    room.press(log, "Ctrl+S")
    return room.window(SummaryWindow)


KEYS = {
    Document.FHIR: "Ctrl+Shift+F",
    Document.CSV: "Ctrl+Shift+C",
    Document.DEIDENTIFIED_CSV: "Ctrl+Shift+N",
}


def test_each_kind_is_warned_about_once_and_kept_by_the_second_press(room, summary):
    assert not [line.text() for line in summary.ways_out.data.paths.values() if "K-0142" in line.text()]
    assert "2026" not in summary.ways_out.data.paths[Document.DEIDENTIFIED_CSV].text().rpartition("/")[2]
    room.press(summary, "Ctrl+Shift+F")
    assert "who receives" in summary.news()
    room.fill(summary, summary.recipient, "Hospital")
    saved = []
    summary.ways_out.data.data_saved.connect(saved.append)
    for document, key in KEYS.items():
        path = room.folder / f"out-{document}{ENDS_WITH[document]}"
        room.fill(summary, summary.ways_out.data.paths[document], str(path))
        room.press(summary, key)
        assert "Not encrypted" in summary.news()
        assert not path.exists()
        room.press(summary, key)
        room.wait(lambda document=document: [page.document for page in saved][-1:] == [document], document)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert path.name in summary.news()

    assert json.loads((room.folder / "out-fhir.json").read_text())["resourceType"] == "Bundle"
    assert "Carl, CRNA" in (room.folder / "out-csv.csv").read_text(encoding="utf-8-sig")
    assert "Carl" not in (room.folder / "out-csv-deidentified.csv").read_text(encoding="ascii")
    told = [row.what for row in AuditDesk(summary.seat, in_english).everything()]
    assert [f"pages issued: {one} for Hospital, 0 released lines" in told for one in KEYS] == [True] * 3


def test_a_key_pressed_while_another_file_is_made_is_answered_and_named_again_once_it_is_saved(room, summary):
    room.fill(summary, summary.recipient, "Hospital")
    go_on = Event()
    summary.seat.program.slow_worker.submit(go_on.wait, lambda _: None, room.fail)  # it has something else to do
    room.press(summary, "Ctrl+Shift+F")
    room.press(summary, "Ctrl+Shift+F")
    room.press(summary, "Ctrl+Shift+C")
    assert summary.news().endswith("One after the other: Ctrl+Shift+C again, once it is saved.")
    go_on.set()
    room.wait(lambda: summary.news().endswith("keep it where only its readers are. Now Ctrl+Shift+C."), "the bundle")

    room.press(summary, "Ctrl+Shift+C")
    assert "Not encrypted" in summary.news()


def test_a_file_that_is_there_is_named_and_another_path_asks_anew(room, summary):
    room.fill(summary, summary.recipient, "Hospital")
    mine, other = room.folder / "mine.csv", room.folder / "other.csv"
    mine.write_text("mine")
    line = summary.ways_out.data.paths[Document.CSV]
    room.fill(summary, line, str(mine))
    room.press(summary, "Ctrl+Shift+C")
    assert "mine.csv is there already" in summary.news()
    room.fill(summary, line, str(other))
    room.press(summary, "Ctrl+Shift+C")

    assert "once more saves other.csv" in summary.news()
    assert mine.read_text() == "mine"
    assert not other.exists()
    room.fill(summary, line, "somewhere")
    room.press(summary, "Ctrl+Shift+C")
    assert "ends in .csv" in summary.news()
