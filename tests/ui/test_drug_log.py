"""The drug's own book in the log by keys: what is open, what is planned, and the second member's signature."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from PySide6.QtWidgets import QLineEdit

from kapnotes.domain.clock import ManualClock
from kapnotes.domain.countersigning import is_vouched
from kapnotes.domain.drug_entries import Countersignature
from kapnotes.domain.entries import Dose, Entry, Infusion, Waste
from kapnotes.domain.record import Record
from kapnotes.ui.log_row import words_of

AT = ManualClock(datetime(2026, 3, 4, 13, 0, tzinfo=UTC)).now()


def shown(log):
    return [log.model.index(row, 8).data() for row in range(log.model.rowCount())]


def last_row(log):
    return shown(log)[-1]


def test_what_is_drawn_is_open_in_its_place_until_it_is_zero_and_the_plan_stands_beside_a_dose(room, log):
    room.line(log, "120/80 72 98 14 s5")
    place = log.strip.cell(4)
    assert place == "–"

    room.press(log, "Shift+F3")
    room.line(log, "2ml 50mg/ml lot A12 exp 2031-03")
    assert last_row(log) == "drawn: ketamine 100 mg · exp 2031-03 · lot A12 · 2 mL of 50 mg/mL"
    assert log.strip.cell(4) == "100 mg"

    room.type(log, "dose 0.7ml 50mg/ml im left deltoid")
    assert log.chips.text() == (
        "dose: ketamine 35 mg IM  ·  left deltoid · 0.7 mL of 50 mg/mL  ·  0.5 mg/kg  ·  protocol: 0.5 mg/kg = 35 mg"
    )
    room.press(log, "Return")
    assert log.strip.cell(4) == "65 mg"
    assert "dose: ketamine 35 mg IM · left deltoid · 0.7 mL of 50 mg/mL" in shown(log)

    room.line(log, "waste 65 Tess, LCSW")
    assert log.strip.cell(4) == "–"


def test_a_stop_of_what_does_not_run_is_refused_while_it_is_typed_and_with_one_line_at_enter(room, log):
    room.type(log, "inf 0 ")
    assert log.chips.text() == "! No infusion runs. inf 35/40 or inf 0.5 begins one."
    assert log.line.fault == 4
    room.press(log, "Backspace")
    room.press(log, "Return")

    assert log.news() == "! No infusion runs. inf 35/40 or inf 0.5 begins one."
    assert log.line.text() == "inf 0"


def test_a_key_pauses_the_infusion_and_the_same_key_lets_it_go_on(room, log):
    room.line(log, "120/80 72 98 14 s5")
    room.line(log, "inf 35/40")
    room.pass_time(600)
    room.press(log, "Shift+F4")
    room.press(log, "Return")
    assert last_row(log) == "infusion paused: ketamine"
    assert log.strip.cell(1).endswith("0.12 mg/kg, paused")

    room.pass_time(60)
    room.press(log, "Shift+F4")
    assert log.line.text() == "inf go"
    room.press(log, "Return")

    assert last_row(log) == "infusion: ketamine 0.875 mg/min · goes on after the pause"


def test_a_witness_signs_in_the_log_by_keys_and_the_half_typed_line_stays(room, log):
    room.press(log, "Ctrl+Shift+W")
    assert "Nothing to witness" in log.news()
    room.line(log, "waste 15 Tess")
    assert log.is_on_line
    room.type(log, "128/7")

    room.press(log, "Ctrl+Shift+W")
    form = log.countersign.form
    assert form.member.currentText() == "Tess, LCSW"
    assert form.passphrase.echoMode() == QLineEdit.EchoMode.Password
    room.type(log, "otter lagoon violin maple")
    room.press(log, "Return")
    room.wait(lambda: log.news().startswith("!"), "the refusal")
    assert form.passphrase.text() == ""
    assert log.live.record.of(Countersignature) == []

    room.type(log, room.passphrase)
    room.press(log, "Return")
    room.wait(lambda: log.is_on_line, "the signature")

    assert log.line.text() == "128/7"
    assert log.news() == "Signed by Tess at 13:00."
    waste = log.live.record.of(Waste)[0][0]
    assert is_vouched(log.live.record, waste)
    assert last_row(log) == "waste: ketamine 15 mg, witness Tess · witnessed by Tess, LCSW, 13:00"
    assert form.passphrase.text() == ""


def test_esc_leaves_the_form_without_a_passphrase_and_a_chosen_dose_is_checked(room, log):
    room.line(log, "120/80 72 98 14 s5")
    room.line(log, "dose 35 im")
    room.line(log, "waste 5 Tess")
    room.press(log, "Ctrl+Shift+W")
    room.type(log, "half a pass")
    room.press(log, "Esc")
    assert log.is_on_line
    form = log.countersign.form
    assert form.passphrase.text() == ""

    room.press(log, "Ctrl+Shift+W")
    room.go_to(log, form.target)
    room.press(log, "Down")
    room.fill(log, form.passphrase, room.passphrase)
    room.press(log, "Return")
    room.wait(lambda: log.is_on_line, "the signature")

    assert is_vouched(log.live.record, log.live.record.of(Dose)[0][0])
    assert not is_vouched(log.live.record, log.live.record.of(Waste)[0][0])


def test_an_expired_vial_asks_once_and_its_row_has_a_mark(room, log):
    room.line(log, "drawn midazolam 5 lot M1 exp 2026-02")
    assert "Enter once more" in log.news()
    room.press(log, "Return")

    assert last_row(log).startswith("! drawn: midazolam 5 mg · exp 2026-02, expired · lot M1")
    assert log.strip.cell(4) == "midazolam 5 mg"


def test_a_signature_that_does_not_match_any_more_is_marked(room, log):
    room.line(log, "waste 15 Tess")
    waste = log.live.record.of(Waste)[0][0]
    room.press(log, "Ctrl+Shift+W")
    room.type(log, room.passphrase)
    room.press(log, "Return")
    room.wait(lambda: log.is_on_line, "the signature")
    assert not last_row(log).startswith("!")

    log.live.correct(waste.entry_id, "misread", replace(waste.body, waste_mg=Decimal(16)))

    assert last_row(log).startswith("! waste: ketamine 16 mg")
    assert "does not match: changed since" in last_row(log)


@pytest.mark.parametrize("rate", ["10", "10.0000", "20", "100", "0.8750"])
def test_a_rate_is_shown_in_figures_and_never_with_an_exponent(rate):
    words = words_of(Entry("", "", "", AT, AT, Infusion("ketamine", Decimal(rate))), Record())

    shown = words.removeprefix("infusion: ketamine ").removesuffix(" mg/min")
    assert "E" not in shown
    assert Decimal(shown) == Decimal(rate)
