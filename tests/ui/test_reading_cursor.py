"""The cursor on the chart of the log: a reading read out by keys, while the half-typed line stays as it is."""

import pytest
from PySide6.QtGui import QAccessible

from kapnotes.domain.entries import Vitals


@pytest.fixture
def charted(room, log):
    """A baseline, a dose, and a set outside the protocol with what was done; the newest set is within."""
    room.line(log, "120/80 72 98 14 s5")
    room.pass_time(120)
    room.line(log, "inf 35/40")
    room.pass_time(600)
    room.line(log, "168/88 90 97")
    room.line(log, "do cuff repositioned")
    room.pass_time(600)
    room.line(log, "132/84 75 97 o2 2")
    return log


def test_the_cursor_reads_a_set_out_whole_and_the_line_stays_as_it_is(room, charted):
    room.type(charted, "half-typed")
    charted.line.put_caret(4)

    room.press(charted, "Alt+Left")
    newest = charted.readout.text()
    room.press(charted, "Alt+Left")
    marked = charted.readout.text()
    room.press(charted, "Alt+Left")
    baseline = charted.readout.text()

    assert newest.startswith("13:22 T+20  ·  systolic 132 mmHg (+12, +10 %)")
    assert "taken by Carl, CRNA" in newest
    assert "systolic 168 mmHg (+48, +40 %)  ·  diastolic 88 mmHg (+8, +10 %)  ·  MAP 115 mmHg" in marked
    assert "SpO₂ 97 % (\N{MINUS SIGN}1)" in marked
    assert "! outside: systolic 8 above 160" in marked
    assert "done 13:12: cuff repositioned" in marked
    assert "(" not in baseline
    assert (charted.line.text(), charted.line.textCursor().position()) == ("half-typed", 4)
    assert charted.line.hasFocus()


def test_table_chart_and_screen_reader_follow_the_cursor(room, charted, monkeypatch):
    spoken = []
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: spoken.append(event.message()))
    room.press(charted, "Alt+Home")
    first = charted.model.entries()[charted.table.cursor_row]
    room.press(charted, "Alt+End")
    newest = charted.model.entries()[charted.table.cursor_row]

    sets = [entry for entry, _ in charted.live.record.of(Vitals)]
    assert [first.entry_id, newest.entry_id] == [sets[0].entry_id, sets[-1].entry_id]
    assert spoken == [spoken[0], charted.readout.text()]
    assert charted.chart.accessibleDescription() == charted.readout.text()


def test_esc_or_a_key_of_the_line_leaves_the_cursor_and_nothing_moves(room, charted, qapp):
    places = [widget.geometry() for widget in (charted.chart, charted.table, charted.chips, charted.line)]
    for leave in ("Escape", "5"):
        room.press(charted, "Alt+Left")
        assert charted.readout.isVisible()
        qapp.processEvents()
        assert [w.geometry() for w in (charted.chart, charted.table, charted.chips, charted.line)] == places
        room.press(charted, leave)
        assert not charted.readout.isVisible()
        assert charted.table.cursor_row == -1

    assert charted.line.text() == "5"
    assert charted.chart.accessibleDescription().startswith("Last set at 13:22")


def test_the_cursor_stays_on_its_set_when_another_is_logged_and_leaves_one_that_is_taken_back(room, charted):
    room.press(charted, "Alt+Home")
    first = charted.live.record.of(Vitals)[0][0]
    words = charted.readout.text()
    charted.live.log("130/82 70")
    assert charted.readout.text() == words

    charted.live.correct(first.entry_id, "of another patient", None)
    assert not charted.readout.isVisible()


def test_without_readings_the_keys_say_so(room, log):
    room.press(log, "Alt+Left")

    assert log.news() == "There are no vital signs yet."
    assert not log.readout.isVisible()


def test_the_last_hour_is_remembered_and_follows_the_cursor(room, charted, qapp):
    for _ in range(12):
        room.pass_time(600)
        charted.live.log("128/80 72 98 14")
    room.press(charted, "Alt+Z")
    room.wait(lambda: charted.chart.is_current, "the chart")
    hour = charted.chart.grab().toImage()
    room.press(charted, "Alt+Home")
    room.wait(lambda: charted.chart.is_current, "the chart")
    around_first = charted.chart.grab().toImage()
    room.press(charted, "Escape")
    charted.live.log("128/80 72 98 14")
    room.wait(lambda: charted.chart.is_current, "the chart")

    assert charted.chart.is_hour
    assert around_first != hour
    room.press(charted, "Alt+Z")
    assert not charted.chart.is_hour
