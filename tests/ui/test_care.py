"""The lower strip of the vitals log, and what is asked about once before a line is kept."""

from PySide6.QtWidgets import QApplication

from kapnotes.domain.assessed import ComputedScale, Discharge, EarlyDischarge, Unmet
from kapnotes.ui.care import EVENTS, SCORE, STAY


def bodies(window, kind):
    return [body for _, body in window.live.record.of(kind)]


def test_the_stay_counts_down_in_its_place_and_the_score_names_its_reading(room, log):
    room.line(log, "120/80 72 98 14 s5")
    room.line(log, "inf 35/40")
    room.pass_time(40 * 60)
    room.line(log, "inf 0")
    room.pass_time(48 * 60)
    room.line(log, "126/84 72 98 14 s5")
    assert log.care.cell(STAY) == "+100 min, 12 min left"
    assert log.care.cell(SCORE) == "PADSS, 9 needed"

    room.type(log, "padss 2 2 2 1")
    assert log.chips.text() == "PADSS 9 (2 2 2 2 1) · item 1 = 2: systolic 126 at 14:28, +5 % from 120 at 13:00"
    room.press(log, "Return")

    assert log.care.cell(SCORE) == "PADSS 9, 9 needed"
    last = log.model.rowCount() - 1
    assert log.model.index(last, 8).data().startswith("PADSS 9 (2 2 2 2 1) · item 1 = 2: systolic 126 at 14:28")

    room.line(log, "padss 1 2 2 2 1")
    assert log.news() == "! Item 1 is typed 1; by systolic 126 it is 2. Enter once more keeps it as typed."
    assert len(bodies(log, ComputedScale)) == 1
    room.press(log, "Return")
    assert [one.items[0] for one in bodies(log, ComputedScale)] == [2, 1]

    room.line(log, "out partner: steady")
    assert log.news() == (
        "! Not met yet: stay: 48 of 60 min; PADSS 8 of 9. Type why behind //, or Enter once more keeps it without."
    )
    assert bodies(log, Discharge) == []
    room.type(log, " // the last train")
    room.press(log, "Return")
    room.pass_time(600)
    assert log.care.cell(STAY) == "left at 14:28"  # nothing counts on
    unmet = (Unmet("after_end", 60, 48), Unmet("padss", 9, 8))
    assert bodies(log, Discharge) == [EarlyDischarge("partner", "steady", "the last train", unmet)]


def test_open_events_run_in_their_place_until_they_are_ended(room, log):
    height = log.care.height()
    room.line(log, "ae headache mild: dimmed")
    room.pass_time(60)
    room.line(log, "ae nausea mild: waited")
    room.line(log, "ae nausea severe: ondansetron")
    room.pass_time(150)
    assert log.care.cell(EVENTS) == "! 2:30 nausea severe, 1 more"

    room.type(log, "end n")
    assert log.chips.text() == "over: nausea, since 13:01"
    room.press(log, "Return")

    assert log.care.cell(EVENTS) == "! 3:30 headache mild"
    room.line(log, "end headache: after water")
    assert log.care.cell(EVENTS) == "–"
    QApplication.processEvents()
    assert log.care.height() == height
