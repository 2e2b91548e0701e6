"""An emergency in the log: one key opens it, one key stamps a step, and line and layout stay as they are."""

from decimal import Decimal

import pytest
from PySide6.QtWidgets import QApplication

from kapnotes.domain.emergency_step import EmergencyAct, EmergencyStep
from kapnotes.domain.entries import Correction, Dose, Infusion, Vitals
from kapnotes.domain.members import MEDICAL
from kapnotes.ui.calm_line import FADE_MS, CalmLine
from kapnotes.ui.keys import EMERGENCY_KEYS
from kapnotes.ui.palette import NIGHTS
from tests.ui.test_looks import MEAN, PEAK, measure


def acts(window):
    return [str(step.act) for _, step in window.live.record.of(EmergencyStep)]


def places(log):
    return [widget.geometry() for widget in (log.chart, log.table, log.chips, log.line, log.strip, log.signal_line)]


@pytest.fixture
def strip(room, log):
    room.press(log, "F12")
    return log.emergency.strip


def test_one_key_begins_it_in_the_place_of_the_chart_and_nothing_moves(room, log, qapp):
    log.resize(1280, 800)
    room.type(log, "128/7")
    before = places(log)
    room.press(log, "F12")
    qapp.processEvents()
    strip = log.emergency.strip

    assert acts(log) == ["began"]
    assert (strip.isVisible(), strip.hasFocus(), strip.geometry()) == (True, True, log.chart.geometry())
    assert places(log) == before
    assert log.line.text() == "128/7"
    assert log.live.member.is_medical
    assert [one.compartment for one in log.live.made if isinstance(one.entry.body, EmergencyStep)] == [MEDICAL]

    log.resize(1240, 790)
    qapp.processEvents()
    assert strip.geometry() == log.chart.geometry()


def test_each_key_stamps_its_step_at_once_to_its_own_time(room, log, strip):
    direct = [name for name in EMERGENCY_KEYS if name not in {"oxygen_on", "drug", "note", "ended", "take_back"}]
    for name in direct:
        room.pass_time(5)
        room.type(strip, EMERGENCY_KEYS[name].lower())

    assert acts(log) == ["began", *direct]
    stamps = [room.second_of(entry.happened) for entry, _ in log.live.record.of(EmergencyStep)]
    assert stamps == [5 * number for number in range(len(direct) + 1)]
    assert strip.hasFocus()
    row = log.model.index(log.model.rowCount() - 1, 8)
    assert row.data() == "emergency: patient transported"


def test_cpr_starts_and_stops_by_one_key_and_a_double_press_counts_once(room, log, strip):
    room.type(strip, "c")
    room.type(strip, "c")
    assert "stamped once" in log.news()
    room.pass_time(120)
    room.type(strip, "c")

    assert acts(log) == ["began", "cpr_started", "cpr_stopped"]


def test_the_oxygen_is_stamped_at_once_and_its_flow_follows_on_the_line(room, log, strip):
    room.type(strip, "o")
    assert acts(log) == ["began", "oxygen_on"]
    room.type(log, "10")
    room.press(log, "Return")

    assert log.live.record.of(EmergencyStep)[-1][1].o2_l_per_min == Decimal(10)
    assert strip.hasFocus()
    assert log.line.text() == ""


def test_readings_a_rescue_drug_and_a_word_go_on_by_the_line_and_lead_back(room, log, strip):
    room.type(strip, "1")
    room.type(log, "28/76 72 98")
    room.press(log, "Return")
    assert strip.hasFocus()
    room.type(strip, "d")
    room.type(log, "midazolam 2 iv")
    room.press(log, "Return")
    room.type(strip, "n")
    room.type(log, "colour comes back")
    room.press(log, "Return")

    assert [vitals.systolic_mmhg for _, vitals in log.live.record.of(Vitals)] == [128]
    assert [dose.is_rescue for _, dose in log.live.record.of(Dose)] == [True]
    assert log.live.record.of(EmergencyStep)[-1][1] == EmergencyStep(EmergencyAct.NOTE, "colour comes back")
    assert strip.hasFocus()


def test_a_half_typed_line_is_left_alone_by_every_key_that_stamps(room, log, strip):
    log.line.setPlainText("128/7")
    for key in ("h", "o", "x"):
        room.type(strip, key)

    assert acts(log) == ["began", "help_called", "oxygen_on", "defibrillation"]
    assert log.line.text() == "128/7"
    assert strip.hasFocus()


def test_a_stopped_infusion_is_stopped_in_the_drugs_and_taken_back_with_its_step(room, log):
    room.line(log, "120/80 72 98 14 s5")
    room.line(log, "inf 35/40")
    room.press(log, "F12")
    room.pass_time(60)
    room.type(log.emergency.strip, "i")
    assert not log.live.record.infusion_is_running

    room.press(log, "Backspace")
    assert log.live.record.infusion_is_running
    assert acts(log) == ["began"]
    assert len(log.live.record.of(Infusion)) == 1


def test_a_typed_stop_says_that_it_stops_the_drugs_and_a_late_one_that_it_does_not(room, log):
    room.line(log, "120/80 72 98 14 s5")
    room.line(log, "inf 35/40")
    room.pass_time(600)
    room.line(log, "late 13:05 no hand free: em infusion_stopped")
    assert log.news() == (
        "13:05:00 infusion stopped, but in the drugs the infusion runs on then. What stops it there: "
        "late 13:05 why: inf 0"
    )
    room.line(log, "em infusion_stopped")
    assert log.news() == "13:10:00 infusion stopped, in the drugs too."
    assert not log.live.record.infusion_is_running


def test_a_press_by_mistake_is_taken_back_as_a_correction_and_the_first_one_closes_it(room, log, strip):
    room.type(strip, "s")
    room.press(log, "Backspace")
    assert acts(log) == ["began"]
    assert strip.isVisible()
    room.press(log, "Backspace")

    assert acts(log) == []
    assert not strip.isVisible()
    assert log.line.hasFocus()
    made = [entry.body for entry in log.live.record.entries]
    assert len([body for body in made if isinstance(body, EmergencyStep)]) == 2
    assert [body.reason for body in made if isinstance(body, Correction)] == ["pressed by mistake"] * 2


def test_it_ends_by_two_presses_and_not_by_one(room, log, strip):
    room.type(strip, "q")
    assert acts(log) == ["began"]
    room.type(strip, "e")
    room.type(strip, "q")
    assert acts(log) == ["began", "ems_called"]
    room.type(strip, "q")
    assert acts(log)[-1] == "ended"

    room.press(log, "Backspace")
    assert acts(log) == ["began", "ems_called"]
    for key in ("q", "q"):
        room.type(strip, key)
    room.press(log, "Escape")
    assert not strip.isVisible()
    assert log.line.hasFocus()


def test_the_key_hides_the_steps_and_shows_them_again_without_another_beginning(room, log, strip):
    room.press(log, "F12")
    assert not strip.isVisible()
    assert log.line.hasFocus()
    room.press(log, "F12")
    room.press(log, "Escape")
    assert (strip.isVisible(), log.line.hasFocus()) == (True, True)
    room.press(log, "F12")

    assert strip.hasFocus()
    assert acts(log) == ["began"]


def test_the_other_seat_sees_since_when_until_it_ends_also_on_a_blank_screen(room, pad, log, strip):
    since = f"! Emergency since {log.live.record.of(EmergencyStep)[0][0].happened.local():%H:%M}"
    assert pad.signal_line.waiting.text() == since
    assert pad.signal_line.in_the_dark() == since
    room.press(log, "Ctrl+Shift+1")
    assert pad.signal_line.waiting.text().startswith(since)
    assert "please come" in pad.signal_line.waiting.text()

    room.press(pad, "Ctrl+Return")
    strip.setFocus()
    for key in ("q", "q"):
        room.type(strip, key)
    assert "Emergency" not in pad.signal_line.waiting.text()


@pytest.mark.parametrize(("size", "larger"), [((640, 400), 0), ((640, 400), 11), ((1280, 800), 11)])
def test_every_step_has_its_place_in_the_smallest_window_and_in_a_type_twice_as_large(room, log, size, larger):
    try:
        for _ in range(larger):
            room.press(log, "Ctrl++")
        log.resize(*size)
        QApplication.processEvents()
        before = places(log)
        room.press(log, "F12")
        QApplication.processEvents()
        strip = log.emergency.strip
        plan = strip.plan(strip.size())
        rows = -(-(len(EMERGENCY_KEYS) - 1) // plan.columns)

        assert plan.factor > 0
        assert plan.row * (1.15 + rows) <= strip.height()
        assert strip.geometry().bottom() < log.line.geometry().top()
        assert places(log) == before
        log.resize(size[0] + 30, size[1] + 30)
        QApplication.processEvents()
        assert strip.geometry().right() == log.table.geometry().right()
    finally:
        for _ in range(larger):
            room.press(log, "Ctrl+-")


@pytest.mark.parametrize("night", NIGHTS, ids=lambda night: night.name)
def test_the_log_with_the_steps_and_with_the_cursor_is_as_dark_as_ever(room, log, qapp, night):
    if night is not room.screen.lamp.chosen:
        room.screen.lamp.turn()
        while room.screen.lamp.is_turning:
            room.screen.lamp.step()
    for number in range(30):
        log.live.log(f"{128 + number}/76 72 98 14 s5")
    log.resize(1280, 800)
    room.press(log, "Alt+Left")
    measured = [measure(log)]
    room.press(log, "F12")
    for key in ("h", "a", "s", "c", "e"):
        room.type(log.emergency.strip, key)
    for line in log.findChildren(CalmLine):
        line.fade.setCurrentTime(FADE_MS)
    measured.append(measure(log))

    assert all(mean <= MEAN and peak <= PEAK for mean, peak in measured), measured


def test_a_therapist_alone_stamps_into_the_shared_record(room, home):
    room.start(home, "sublingual")
    log = room.window(type_of_log())
    room.press(log, "F12")
    room.type(log.emergency.strip, "e")

    assert acts(log) == ["began", "ems_called"]
    made = [one.compartment.kind.name for one in log.live.made if isinstance(one.entry.body, EmergencyStep)]
    assert made == ["SHARED", "SHARED"]


def type_of_log():
    from kapnotes.ui.log import LogWindow

    return LogWindow


@pytest.mark.parametrize(("key", "start", "rest"), [("d", "rescue ", "midazolam 2 iv"), ("n", "em ", "colour is back")])
def test_a_half_typed_line_waits_for_the_line_that_a_key_begins_and_comes_back_behind_it(
    room, log, strip, key, start, rest
):
    log.line.setPlainText("12")
    room.type(strip, key)
    assert log.line.text() == start
    room.type(log, rest)
    room.press(log, "Return")
    assert (log.line.text(), strip.hasFocus()) == ("12", True)

    room.type(strip, key)
    room.press(log, "F12")  # back to the steps: the words of the key alone go
    assert (log.line.text(), strip.hasFocus()) == ("12", True)
    room.type(strip, key)
    room.type(log, "mid")
    for _ in range(2):
        room.press(log, "Escape")
    assert (log.line.text(), log.chips.text()) == ("", "waits: 12   Enter or Esc: it is back")
    room.press(log, "Escape")
    assert log.line.text() == "12"
    room.type(log, "8/76")
    room.press(log, "Return")

    assert [vitals.systolic_mmhg for _, vitals in log.live.record.of(Vitals)] == [128]
    assert log.live.typing.waiting("log") is None
