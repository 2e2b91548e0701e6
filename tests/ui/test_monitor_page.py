"""A monitor's file into the vitals log by keyboard: read, looked over, kept or left; the half-typed line stays."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from kapnotes.domain.entries import TakenBy, Vitals
from kapnotes.ui.log_row import COLUMNS, WHAT
from tests.ui.test_looks import MEAN, PEAK, measure

MONITOR = Path(__file__).parents[1] / "data" / "vitals-monitor.csv"
HEAD = "t_min,systolic_mmhg,diastolic_mmhg,heart_rate_bpm,spo2_percent,respiratory_rate_bpm\n"


@pytest.fixture
def dosed(room, log):
    """The log an hour after a dose, with a half-typed line."""
    room.line(log, "dose 35 im hold no cuff")
    room.pass_time(3600)
    room.type(log, "128/7")
    return log


@pytest.fixture
def page_of(room):
    """Opens the page and lets it read a file; returns the page when its rows are checked."""

    def read(log, content):
        path = room.folder / "monitor.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        room.press(log, "Ctrl+Shift+I")
        page = log.monitor.page
        room.press(log, "Ctrl+A")
        room.type(log, str(path))
        room.press(log, "Return")
        room.wait(lambda: page.state.text() not in {"", "reading…"} or bool(log.news()), "the rows")
        return page

    return read


def keep(room, log):
    """Keep what was checked, by Enter on the columns and on the button."""
    room.press(log, "Return")
    room.press(log, "Return")
    room.wait(lambda: "kept as the monitor's" in log.news(), "what is kept")


def rows(found):
    return [found.item(row).text() for row in range(found.count())]


def readings(log):
    return [vitals for _, vitals in log.live.record.of(Vitals)]


def cells(log, row):
    return [log.model.index(row, column).data() for column in range(COLUMNS)]


def test_a_file_is_kept_by_its_path_and_three_enters_and_the_line_is_as_it_was(room, pad, dosed, page_of):
    page = page_of(dosed, HEAD + "14,120,72,55.6,96.0,12.4\n15,,,,,\n16,166,101,56.0,,\n")

    assert page.columns.hasFocus()
    assert page.times.text() == "T+01:00:00 · vitals overdue by 50:00"
    assert rows(page.columns)[:2] == [
        "time in minutes   ←   t_min  (14)",
        "systolic mmHg   ←   systolic_mmhg  (120)",
    ]
    assert rows(page.preview) == [
        "13:14   T+14   120/72  heart rate 55.6  SpO₂ 96.0  respiratory rate 12.4",
        "13:16   T+16   166/101  heart rate 56.0",
    ]
    assert page.state.text() == "2 sets to keep · 1 row without a reading"
    assert readings(dosed) == []

    room.press(dosed, "Return")
    assert page.keep_button.hasFocus()
    assert page.keep_button.text() == "Keep 2 sets"
    room.press(dosed, "Return")
    room.wait(lambda: "kept as the monitor's" in dosed.news(), "what is kept")

    assert [vitals.taken_by for vitals in readings(dosed)] == [TakenBy.MONITOR] * 2
    assert dosed.line.hasFocus()
    assert dosed.line.text() == "128/7"
    assert dosed.news() == "2 sets kept as the monitor's, from monitor.csv."
    room.saved(dosed)
    assert len(pad.live.record.of(Vitals)) == 2


def test_what_was_imported_stands_in_the_table_at_its_time_with_its_source(room, dosed, page_of):
    page_of(dosed, HEAD + "14,120,72,55.6,96.0,12.4\n20,,,11.5,96.0,2.0\n")
    keep(room, dosed)

    last = dosed.model.rowCount() - 1
    assert cells(dosed, last - 1)[:3] == ["13:14", "T+14", "120/72"]
    assert cells(dosed, last - 1)[WHAT] == "monitor"
    assert cells(dosed, last)[WHAT].endswith("monitor · unusual")
    assert "confirmed" not in cells(dosed, last)[WHAT]


def test_esc_leaves_the_page_and_the_line_untouched_and_keeps_nothing(room, dosed, page_of):
    page_of(dosed, HEAD + "14,120,72,55.6,96.0,12.4\n")
    room.press(dosed, "Escape")

    assert dosed.line.hasFocus()
    assert dosed.line.text() == "128/7"
    assert readings(dosed) == []
    room.type(dosed, "6 72")
    room.press(dosed, "Return")
    assert readings(dosed)[0].diastolic_mmhg == 76


def test_what_is_not_kept_and_what_is_unusual_is_listed_with_its_line_and_stays_listed(room, dosed, page_of):
    page = page_of(dosed, HEAD + "14,120,72,55.6,96.0,12.4\n15,80,120,,,\n16,,,=1+1,,\n900,,,60,,\n20,,,11.5,,\n")

    assert rows(page.objections) == [
        "! line 3: diastolic 120 is not below systolic 80; are they swapped?",
        "! line 4, heart_rate_bpm: is not a number; digits with a point, as in 98.2",
        "! line 5: still to come",
        "line 6, kept: heart rate 11.5 /min is unusual",
    ]
    keep(room, dosed)

    assert len(readings(dosed)) == 2
    assert dosed.news().endswith("Not kept: 3 rows, listed here; Esc goes back.")
    assert len(rows(page.objections)) == 4
    room.press(dosed, "Return")
    assert len(readings(dosed)) == 2


def test_left_and_right_change_what_a_column_means_and_all_is_checked_anew(room, dosed, page_of):
    page = page_of(dosed, "t_min,value\n14,97\n")
    assert dosed.news() == "! No column holds a reading; choose one."

    room.press(dosed, "Down")
    for _ in range(30):
        if rows(page.columns)[1].startswith("SpO₂"):
            break
        room.press(dosed, "Right")
    room.wait(lambda: page.preview.count() == 1, "the check")

    assert rows(page.preview) == ["13:14   T+14   SpO₂ 97"]
    room.press(dosed, "Left")
    room.wait(lambda: rows(page.preview) == ["13:14   T+14   heart rate 97"], "the other meaning")


def test_minute_zero_can_be_a_time_that_is_typed(room, dosed, page_of):
    page = page_of(dosed, HEAD + "14,120,72,55.6,96.0,12.4\n")
    room.fill(dosed, page.origin, "13:30")
    room.press(dosed, "Return")
    room.wait(lambda: page.preview.count() == 1, "the check")

    assert rows(page.preview)[0].startswith("13:44   T+44")


def test_the_same_file_once_more_has_nothing_to_keep(room, dosed, page_of):
    page_of(dosed, HEAD + "14,120,72,55.6,96.0,12.4\n")
    keep(room, dosed)
    page = page_of(dosed, HEAD + "14,120,72,55.6,96.0,12.4\n")

    assert page.keep_button.text() == "Nothing to keep"
    assert page.state.text() == "0 sets to keep · 1 in the record already"
    room.press(dosed, "Return")
    room.press(dosed, "Return")
    assert len(readings(dosed)) == 1


def test_what_is_no_table_is_said_in_one_line_on_the_page(room, dosed, page_of):
    ten_megabytes = b"t_min,hr\n0," + b"1" * (10 * 1024 * 1024)
    for content, says in ((b"\x00\xff\xfe", "not UTF-8"), (ten_megabytes, "longer than 1 MiB"), (b"", "no row")):
        page = page_of(dosed, content)

        assert says in dosed.news()
        assert page.path.hasFocus()
        assert page.keep_button.text() == "Nothing to keep"
        room.press(dosed, "Escape")


def test_a_key_that_fills_the_line_leaves_the_page_for_it(room, dosed, page_of):
    page_of(dosed, HEAD + "14,120,72,55.6,96.0,12.4\n")
    room.press(dosed, "F6")

    assert dosed.line.hasFocus()
    assert dosed.line.text() == "ae "
    room.type(dosed, "nausea mild: waited")
    room.press(dosed, "Return")
    assert dosed.line.text() == "128/7"


def test_a_lock_forgets_the_file(room, dosed, page_of):
    page = page_of(dosed, HEAD + "14,120,72,55.6,96.0,12.4\n")
    room.press(dosed, "Ctrl+L")
    room.wait(lambda: dosed.is_closed, "the lock")

    assert rows(page.preview) == rows(page.columns) == []


def test_a_full_page_is_as_dark_as_the_night_allows(room, dosed, page_of):
    lines = "".join(f"{minute},,,{'11.5' if minute % 2 else '60'},97,14\n" for minute in range(58))
    page = page_of(dosed, HEAD + lines + "".join(f"{minute},80,120,,,\n" for minute in range(58)))
    assert (page.preview.count(), page.objections.count()) == (58, 58 + 29)
    dosed.resize(1280, 800)
    QApplication.processEvents()

    mean, peak = measure(dosed)

    assert mean <= MEAN
    assert peak <= PEAK


def test_the_thirty_two_hours_of_a_real_monitor_are_kept_and_drawn(room, log, page_of):
    room.line(log, "dose 35 im hold no cuff")
    room.clock.advance(1936 * 60)
    page = page_of(log, MONITOR.read_bytes())
    assert page.state.text().startswith("1895 sets to keep · ")

    keep(room, log)
    room.saved(log)

    assert len(readings(log)) == 1895
    assert log.model.rowCount() >= 1895
    log.resize(1280, 800)
    room.press(log, "Alt+Left")
    room.wait(lambda: log.chart.is_current, "the chart")
    mean, peak = measure(log)
    assert mean <= MEAN
    assert peak <= PEAK


def test_one_key_leaves_out_the_impossible_value_and_not_its_row(room, dosed, page_of):
    page = page_of(dosed, HEAD + "14,120,72,600,96.0,12.4\n16,166,101,56.0,,\n")
    assert page.choices.text().startswith("Alt+V  an impossible value keeps its row out")
    assert page.keep_button.text() == "Keep 1 set"

    room.press(dosed, "Alt+V")
    room.wait(lambda: page.keep_button.text() == "Keep 2 sets", "the check")

    assert page.choices.text().startswith("Alt+V  an impossible value is left out, its row is kept")
    assert rows(page.objections)[0].startswith("line 2, heart_rate_bpm, left out: heart rate 600 is not possible")
    assert "1 value left out" in page.state.text()
    keep(room, dosed)
    assert readings(dosed)[0].heart_rate_bpm is None
    assert readings(dosed)[0].unusual == ("heart rate left out: not possible",)
    assert dosed.line.text() == "128/7"


def test_one_key_says_which_number_is_the_day(room, dosed, page_of):
    page = page_of(dosed, "time,hr\n3/4/2026 13:30,60\n")
    assert dosed.news() == "! 3/4/2026 can be read as day/month or as month/day; choose the order. (Alt+D)"
    assert not page.keep_button.isEnabled()

    room.press(dosed, "Alt+D")
    room.wait(lambda: page.objections.count() == 1, "the check")
    assert page.choices.text().endswith("3/4/2026: day/month")
    room.press(dosed, "Alt+D")
    room.wait(lambda: page.keep_button.text() == "Keep 1 set", "the other order")

    assert rows(page.preview) == ["13:30   T+30   heart rate 60"]
