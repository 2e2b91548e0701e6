from decimal import Decimal

import pytest
from PySide6.QtCore import Qt

from kapnotes.domain.assessed import ChecklistAnswer, CheckState
from kapnotes.domain.entries import Action, Discharge, Dose, Infusion, NotTaken, NotTakenReason, Scale, Vitals
from kapnotes.ui.frame import FIRST_SIZE
from kapnotes.ui.labels import ElidedLabel


def bodies(window, kind):
    return [body for _, body in window.live.record.of(kind)]


def test_a_full_set_costs_its_digits_and_enter(room, log):
    room.line(log, "128/76 72 98 14 s5")
    room.saved(log)

    assert bodies(log, Vitals)[0].map_mmhg == 93
    row = [log.model.index(log.model.rowCount() - 1, column).data() for column in range(9)]
    assert row[2:8] == ["128/76", "93", "72", "98", "14", "5"]


def test_what_is_typed_is_shown_as_it_will_be_logged(room, log):
    room.type(log, "128/76 72")

    assert log.chips.text() == "BP 128/76  ·  MAP 93  ·  HR 72"


def test_a_fault_is_named_at_its_place_and_the_line_stays(room, log):
    room.line(log, "128/76 foo")

    assert log.news().startswith("!")
    assert log.line.text() == "128/76 foo"
    assert log.line.textCursor().selectedText() == log.line.text()[7:].split()[0]
    assert bodies(log, Vitals) == []


def test_an_impossible_value_is_refused_with_its_reason(room, log):
    room.line(log, "80/120")

    assert "not below systolic" in log.news()
    assert bodies(log, Vitals) == []


def test_an_unusual_value_asks_for_a_second_enter(room, log):
    room.line(log, "128/76 30")
    assert bodies(log, Vitals) == []
    assert "Enter once more" in log.news()

    room.press(log, "Return")

    assert bodies(log, Vitals)[0].unusual


def test_a_second_enter_after_the_line_was_changed_asks_again(room, log):
    room.line(log, "128/76 30")
    room.type(log, "0")
    room.press(log, "Backspace")
    room.press(log, "Return")

    assert bodies(log, Vitals) == []


def test_a_reading_outside_the_protocol_is_marked_by_a_sign_and_asks_what_was_done(room, log):
    room.line(log, "166/98 96")

    cell = log.model.index(log.model.rowCount() - 1, 2)
    assert cell.data() == "! 166/98"
    assert cell.data(Qt.ItemDataRole.ForegroundRole) is not None
    assert "What was done?" in log.news()


def test_an_action_is_about_the_last_reading_outside_the_protocol(room, log):
    room.line(log, "166/98 96")
    room.line(log, "128/76 72")
    room.line(log, "do cuff repositioned")

    readings = log.live.record.of(Vitals)
    assert log.live.record.of(Action)[0][1] == Action("cuff repositioned", readings[0][0].entry_id)


def test_a_set_is_due_then_overdue_and_not_taken_closes_the_slot(room, log):
    assert log.strip.cell(0) == "baseline due"
    room.line(log, "120/80 72 98 14 s5")
    room.line(log, "inf 35/40")
    room.pass_time(8 * 60)
    assert log.strip.cell(0) == "due in 2:00"
    room.pass_time(4 * 60)
    assert log.strip.cell(0) == "overdue by 2:00"

    room.press(log, "F2")
    room.line(log, "asleep")

    assert bodies(log, NotTaken) == [NotTaken(NotTakenReason.ASLEEP)]
    assert log.strip.cell(0) == "due in 8:00"


def test_a_held_start_keeps_the_dose_in_the_line_and_goes_on_behind_its_reason(room, log):
    room.line(log, "152/84 72 98 14 s5")
    room.line(log, "inf 35/40")
    assert log.news() == "! Held: systolic 152 above 140. Type the reason: hold …"
    assert log.line.text() == "inf 35/40 hold "
    assert bodies(log, Infusion) == []

    room.press(log, "Return")
    assert "Say why it starts all the same" in log.news()
    room.type(log, "rechecked by hand, anxious")
    assert log.chips.text().endswith("although held: rechecked by hand, anxious")
    room.press(log, "Return")

    assert log.line.text() == ""
    assert len(bodies(log, Infusion)) == 1
    words = [log.model.index(row, 8).data() for row in range(log.model.rowCount())]
    assert "although held: rechecked by hand, anxious (systolic 152 above 140)" in words


def test_what_was_given_is_shown_in_mg_and_per_kg(room, log):
    room.line(log, "inf 35/40 hold no cuff")
    room.pass_time(20 * 60)

    assert log.strip.cell(1) == "17.5 mg  0.25 mg/kg"


@pytest.mark.parametrize(
    ("key", "rest", "kind"),
    [
        ("F3", "35 im hold no cuff", Dose),
        ("F4", "35/40 hold no cuff", Infusion),
        ("F5", "ondansetron 4 iv", Dose),
        ("F9", "2 2 2 2 1", Scale),
    ],
)
def test_a_key_begins_a_command_and_keeps_what_was_typed(room, log, key, rest, kind):
    room.type(log, rest)
    room.press(log, key)
    room.press(log, "Return")

    assert isinstance(log.live.record.of(kind)[0][1], kind)


def test_discharge_ends_what_is_due(room, log):
    room.line(log, "120/80 72 98 14 s5")
    room.line(log, "inf 35/40")
    room.pass_time(3600)
    room.line(log, "out partner: steady // the last train")

    assert [(one.escort, one.text) for one in bodies(log, Discharge)] == [("partner", "steady")]
    assert log.strip.cell(0) == "–"


def test_change_from_baseline_stands_beside_a_reading_after_the_dose(room, log):
    room.line(log, "120/80 72 98 14 s5")
    room.line(log, "inf 35/40")
    room.pass_time(600)
    room.line(log, "132/84")

    def changes():
        return [log.model.row(log.model.rowCount() - 1).changes.get(column, "") for column in range(2, 7)]

    assert changes() == ["+12/+4  +10/+5 %", "+7  +8 %", "", "", ""]
    spoken = log.model.index(log.model.rowCount() - 1, 3).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "100, +7  +8 % from baseline"

    room.line(log, "hr79 sp96 rr14 t36.7")
    assert changes() == ["", "", "+7  +10 %", "\N{MINUS SIGN}2", "0  0 %"]


def test_a_late_set_before_the_dose_is_what_later_rows_are_compared_with(room, log):
    room.line(log, "120/80 72")
    room.pass_time(600)
    room.line(log, "inf 35/40")
    room.pass_time(600)
    room.line(log, "132/84")
    assert log.model.row(log.model.rowCount() - 1).changes[2] == "+12/+4  +10/+5 %"

    with room.qtbot.waitSignal(log.model.dataChanged, timeout=1000):
        room.line(log, "late 13:05 forgotten: 110/80 70")

    assert log.model.row(log.model.rowCount() - 1).changes[2] == "+22/+4  +20/+5 %"


def test_the_chart_tells_a_screen_reader_the_last_set(room, log):
    room.line(log, "120/80 72")

    assert log.chart.accessibleDescription() == "Last set at 13:00: systolic 120, diastolic 80, heart rate 72"


def test_every_row_is_ticked_when_it_is_on_the_disk(room, log):
    room.line(log, "120/80 72")
    room.saved(log)

    last = log.model.index(log.model.rowCount() - 1, 9)
    room.wait(lambda: last.data(Qt.ItemDataRole.AccessibleTextRole) == "saved", "the tick")


def test_amounts_are_decimals_to_the_last_place(room, log):
    room.line(log, "rescue ondansetron 0.1 iv")
    room.line(log, "rescue ondansetron 0.2 iv")

    assert sum(dose.dose_mg for dose in bodies(log, Dose)) == Decimal("0.3")


def test_on_the_smallest_screen_the_table_keeps_its_rows_and_the_chart_gives_way(room, log, qapp):
    room.line(log, "128/76 72 98 14 s5")
    log.resize(640, 400)
    qapp.processEvents()

    assert log.height() == 400
    assert not log.chart.isVisible()
    assert log.table.viewport().height() >= 2 * log.table.rowHeight(0)

    log.resize(1000, 700)
    qapp.processEvents()
    assert log.chart.isVisible()


def test_in_a_type_twice_as_large_the_table_keeps_its_rows_and_the_chart_comes_back_with_a_smaller_one(room, log, qapp):
    room.line(log, "128/76 72 98 14 s5")
    log.resize(1280, 800)
    qapp.processEvents()
    try:
        for _ in range(12):
            room.press(log, "Ctrl++")
        qapp.processEvents()
        assert not log.chart.isVisible()
        assert log.table.viewport().height() >= 2 * log.table.rowHeight(0)
    finally:
        for _ in range(12):
            room.press(log, "Ctrl+-")
    qapp.processEvents()
    assert log.chart.isVisible()


def test_in_the_smallest_window_in_a_type_twice_as_large_what_matters_most_is_whole(room, pad, log, qapp):
    room.line(log, "120/80 72 98 14 s5")
    room.line(log, "inf 35/40")
    for _ in range(3):
        room.line(log, "rescue ondansetron 1 iv")
    room.pass_time(20 * 60)
    try:
        for _ in range(11):
            room.press(log, "Ctrl++")
        for window in (log, pad):
            window.resize(1280, 800)
            qapp.processEvents()
            window.resize(640, 400)
            for _ in range(2):  # what gave way makes room for the rest
                qapp.processEvents()

        assert [(one.width(), one.height()) for one in (log, pad)] == [(640, 400)] * 2
        assert log.title().startswith("Allergies: not gone through yet · KAPnotes")
        assert log.table.viewport().height() >= 2 * log.table.rowHeight(0)
        assert log.chips.text() == "last 13:00:  120/80 hr72 sp98 rr14 s5"
        whole = {one.text(): one.shown() for one in log.strip.findChildren(ElidedLabel) if one.isVisible()}
        assert list(whole) == list(whole.values()) == ["overdue 10:00", "17.5 mg, runs", "saved"]
        assert log.elapsed.geometry().right() < log.wall.geometry().left()
        assert pad.timeline.viewport().height() >= 2 * pad.fontMetrics().height()

        room.pass_time(46 * 60)
        qapp.processEvents()
        whole = {one.text(): one.shown() for one in log.strip.findChildren(ElidedLabel) if one.isVisible()}
        assert list(whole) == list(whole.values()) == ["overdue 56:00", "57.75 mg over plan", "saved"]
        log.resize(1280, 800)
        for _ in range(2):
            qapp.processEvents()
        given = next(one for one in log.strip.findChildren(ElidedLabel) if one.accessibleName() == "given")
        assert given.shown() == "57.75 mg, over plan: inf 0"
        assert not log.chart.isVisible()  # its words would be a quarter as large as all others
        assert log.table.viewport().height() >= 2 * log.table.rowHeight(0)
        log.resize(640, 400)
        for _ in range(2):
            qapp.processEvents()

        room.press(pad, "Ctrl+Shift+2")
        room.pass_time(1)
        before = [widget.geometry() for widget in (log.table, log.line, log.strip)]
        assert "BP now?" in log.brief.text()
        room.press(log, "Ctrl+Return")
        room.pass_time(1)
        assert log.brief.text().startswith("K-0142")
        assert [widget.geometry() for widget in (log.table, log.line, log.strip)] == before
    finally:
        for _ in range(11):
            room.press(log, "Ctrl+-")
    log.resize(1280, 800)
    qapp.processEvents()
    shown = [one.isVisible() for one in (log.chart, log.signal_line, log.who, log.allergies, log.brief)]
    assert shown == [True, True, True, True, False]
    assert log.title() == "KAPnotes · vitals log of Carl, CRNA"
    assert log.chips.text() == ""
    assert " mg/kg" in log.strip.cell(1)


def test_plain_news_go_after_a_while_and_nothing_moves_but_bad_news_and_questions_stay(room, log, qapp):
    log.resize(640, 400)
    log.say(
        "The half-typed line of 13:00:00 is back: Enter keeps it, Esc twice clears it. And so on, and so on, and on."
    )
    qapp.processEvents()
    before = [widget.geometry() for widget in (log.table, log.line, log.strip)]
    assert log.news_rest.isActive()
    log.news_rest.timeout.emit()
    qapp.processEvents()
    assert log.news() == ""
    assert [widget.geometry() for widget in (log.table, log.line, log.strip)] == before

    room.line(log, "128/76 foo")
    assert log.news()
    assert not log.news_rest.isActive()
    log.line.clear()
    room.line(log, "128/76 72")
    room.press(log, "Ctrl+U")
    assert "once more takes it back" in log.news()
    assert not log.news_rest.isActive()


def test_what_was_given_is_whole_in_a_window_of_the_first_size(room, log, qapp):
    log.resize(FIRST_SIZE)
    room.line(log, "120/80 72 98 14 s5")
    room.line(log, "inf 35/40")
    for minutes, said in ((20, "17.5 mg  0.25 mg/kg"), (41, "53.38 mg  0.76 mg/kg, over plan: inf 0")):
        room.pass_time(minutes * 60)
        qapp.processEvents()
        cell = next(one for one in log.strip.findChildren(ElidedLabel) if one.accessibleName() == "given")
        assert (cell.text(), cell.shown()) == (said, said)


def test_what_is_typed_after_a_fault_replaces_the_misread_word_alone(room, log):
    room.line(log, "128/76 7x 98 14")
    room.type(log, "72")
    assert log.line.text() == "128/76 72 98 14"
    room.press(log, "Return")
    assert len(bodies(log, Vitals)) == 1


def test_the_allergies_are_in_sight_before_they_are_gone_through_and_after_it_and_nothing_moves(room, log, qapp):
    log.resize(1280, 800)
    qapp.processEvents()
    before = [widget.geometry() for widget in (log.who, log.allergies, log.chart, log.table, log.line)]
    assert log.allergies.text() == "Allergies: not gone through yet"

    log.live.keep(ChecklistAnswer("allergies", CheckState.YES, "penicillin"))
    qapp.processEvents()

    assert log.allergies.text() == log.allergies.shown() == "Allergies: penicillin"
    assert [widget.geometry() for widget in (log.who, log.allergies, log.chart, log.table, log.line)] == before
