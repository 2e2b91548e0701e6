"""Correcting, taking back and undoing in the vitals log, by the keys of the pad; the original stays legible."""

import pytest

from kapnotes.domain.drug_entries import DoseDetail
from kapnotes.domain.entries import Action, Correction, NotTaken, Vitals
from kapnotes.ui.log import LogWindow
from tests.ui.test_sign_form import sign
from tests.ui.test_typing_survives import close_the_window, kept, open_again, quit_and_start


def bodies(window, kind):
    return [body for _, body in window.live.record.of(kind)]


def corrections(log):
    return [entry.body for entry in log.live.record.entries if isinstance(entry.body, Correction)]


def retype(room, log, text):
    room.press(log, "Ctrl+A")
    room.type(log, text)


def rows(log):
    """Return pressure and words of each row, and whether it is struck out."""
    model = log.model
    return [
        (model.index(place, 2).data(), model.index(place, 8).data(), model.row(place).is_struck)
        for place in range(model.rowCount())
        if model.index(place, 2).data()
    ]


def test_the_chosen_row_is_corrected_in_the_line_at_its_own_time(room, log, qapp):
    room.line(log, "182/76 72 98")
    room.press(log, "Return")
    room.pass_time(300)
    room.line(log, "128/80 70")
    room.type(log, "131/7")
    edge = log.line.geometry()
    room.press(log, "Ctrl+Up")
    room.press(log, "Ctrl+Up")
    assert log.line.text() == "131/7"
    assert log.chips.text().startswith("Ctrl+E correct")

    room.press(log, "Ctrl+E")
    assert (log.line.text(), log.stamp.text()) == ("182/76 hr72 sp98", "corrects 13:00")
    retype(room, log, "128/76 hr72 sp98 // transposed")
    room.press(log, "Return")
    room.saved(log)
    qapp.processEvents()

    assert [str(one.systolic_mmhg) for one in bodies(log, Vitals)] == ["128", "128"]
    assert corrections(log)[0].reason == "transposed"
    assert rows(log)[0] == ("128/76", "corrected", False)
    assert (log.line.text(), log.stamp.text(), log.line.geometry()) == ("131/7", "now", edge)
    room.press(log, "Ctrl+Up")
    room.press(log, "Ctrl+Down")
    assert log.chips.below() == "was: 182/76 hr72 sp98"


def test_an_impossible_or_unusual_correction_is_held_as_any_other_line(room, log):
    room.line(log, "128/76 72")
    room.press(log, "Ctrl+E")
    retype(room, log, "128/76 730")
    room.press(log, "Return")
    assert "not possible" in log.news()
    retype(room, log, "128/76 30 // yes")
    room.press(log, "Return")
    assert "Enter once more" in log.news()
    assert corrections(log) == []
    room.press(log, "Return")

    assert bodies(log, Vitals)[0].unusual == ("heart rate 30 /min is unusual",)
    assert corrections(log)[0].reason == "yes"


def test_a_correction_stays_of_its_kind_and_enter_without_a_change_adds_nothing(room, log):
    room.line(log, "x asleep")
    room.press(log, "Ctrl+E")
    room.press(log, "F3")
    assert log.line.text() == "x asleep"
    retype(room, log, "128/76")
    room.press(log, "Return")
    assert "stays what it was" in log.news()
    retype(room, log, "x asleep")
    room.press(log, "Return")

    assert "Nothing was changed" in log.news()
    assert (len(bodies(log, NotTaken)), corrections(log)) == (1, [])


def test_a_row_is_taken_back_by_two_presses_stays_struck_out_and_comes_back(room, log):
    room.line(log, "128/76 72")
    room.press(log, "Ctrl+U")
    assert "once more takes it back: 13:00 128/76 hr72" in log.news()
    room.press(log, "Ctrl+U")
    assert bodies(log, Vitals) == []
    assert rows(log) == [("128/76", "", True)]

    room.press(log, "Ctrl+Up")
    assert "lets it stand again" in log.chips.text()
    assert "taken back 13:00: entered by mistake" in log.chips.below()
    room.press(log, "Ctrl+U")
    assert len(bodies(log, Vitals)) == 1
    assert rows(log)[0][2] is False


def test_undo_on_an_empty_line_takes_the_last_entry_up_and_esc_leaves_it(room, log):
    room.line(log, "do raised the head")
    room.press(log, "Ctrl+Z")
    assert log.line.text() == "do raised the head"
    room.press(log, "Escape")
    assert (log.line.text(), log.chips.text()) == ("", "")

    room.line(log, "128/76 72")
    room.press(log, "Ctrl+Z")
    retype(room, log, "128/76 75")
    room.press(log, "Return")
    assert str(bodies(log, Vitals)[0].heart_rate_bpm) == "75"
    room.press(log, "Ctrl+Z")
    assert str(bodies(log, Vitals)[0].heart_rate_bpm) == "72"


def test_an_action_that_is_corrected_stays_about_its_reading(room, log):
    room.line(log, "166/98")
    room.line(log, "do cuff movd")
    room.line(log, "hr130")
    room.press(log, "Ctrl+Up")
    room.press(log, "Ctrl+Up")
    room.press(log, "Ctrl+E")
    retype(room, log, "do cuff moved")
    room.press(log, "Return")

    assert bodies(log, Action) == [Action("cuff moved", log.live.record.of(Vitals)[0][0].entry_id)]


def test_what_the_other_clinician_or_a_key_entered_is_not_corrected_here(room, log):
    room.press(log, "Ctrl+Up")
    while log.back.chosen() is None:
        room.press(log, "Ctrl+Up")
    room.press(log, "Ctrl+E")

    assert not log.correcting.is_on
    assert log.news()


def test_after_the_signature_a_reason_must_be_typed(room, log):
    room.line(log, "128/76 72")
    room.saved(log)
    sign(room, log)
    room.press(log, "Ctrl+E")
    retype(room, log, "128/76 75")
    room.press(log, "Return")
    assert "say why" in log.news()
    room.type(log, " // misread in the dark")
    room.press(log, "Return")

    assert str(bodies(log, Vitals)[0].heart_rate_bpm) == "75"
    assert corrections(log)[0].reason == "misread in the dark"


@pytest.mark.parametrize("way", [close_the_window, quit_and_start])
def test_a_half_typed_correction_and_the_line_that_waits_both_come_back(room, log, way):
    room.line(log, "128/76 72")
    room.saved(log)
    room.type(log, "131/7")
    room.press(log, "Ctrl+E")
    room.type(log, " sp98")
    kept(room, log)

    way(room, log)
    again = open_again(room, "Carl, CRNA", LogWindow)
    assert (again.line.text(), again.stamp.text()) == ("128/76 hr72 sp98", "corrects 13:00")
    assert "correction of 13:00 is back" in again.news()

    room.pass_time(1)
    room.press(again, "Return")
    assert str(bodies(again, Vitals)[0].spo2_percent) == "98"
    assert (again.line.text(), again.stamp.text()) == ("131/7", "13:00:00")
    room.saved(again)
    kept(room, again)


def test_undo_takes_the_site_back_that_a_correction_added_to_a_dose(room, log):
    room.line(log, "120/80 72 98 14 s5")
    room.line(log, "dose 35 im")
    room.press(log, "Ctrl+E")
    room.type(log, " left deltoid")
    room.press(log, "Return")
    assert [detail.site for _, detail in log.live.record.of(DoseDetail)] == ["left deltoid"]

    room.press(log, "Ctrl+Z")

    assert log.live.record.of(DoseDetail) == []
    assert log.line.text() == ""
    assert "Undone" in log.news()


def test_what_the_key_of_an_emergency_stopped_is_taken_back_as_one_and_both_rows_are_named(room, log):
    room.line(log, "120/80 72 98 14 s5")
    room.line(log, "inf 35/40")
    room.pass_time(300)
    room.press(log, "F12")
    room.type(log.emergency.strip, "i")
    room.press(log, "F12")
    room.press(log, "Ctrl+U")
    assert "infusion stopped: ketamine" in log.news()
    assert "and with it" in log.news()
    room.press(log, "Ctrl+U")

    assert log.live.record.infusion_is_running
    assert log.news().startswith("Taken back: ")
    room.press(log, "Ctrl+Z")
    assert not log.live.record.infusion_is_running


def test_a_corrected_set_has_its_tick_when_the_correction_is_on_the_disk_too(room, log, monkeypatch, refusing):
    def is_saved():
        return log.model.is_saved(log.model.rowCount() - 1)

    room.line(log, "128/76 72")
    room.saved(log)
    assert is_saved()
    with monkeypatch.context() as broken:
        broken.setattr(room.program.library, "append", refusing)
        room.press(log, "Ctrl+E")
        retype(room, log, "131/76 hr72")
        room.press(log, "Return")
        room.wait(lambda: log.live.saving.has_failed, "the failure")
        assert rows(log)[-1][0] == "131/76"
        assert not is_saved()
    room.pass_time(1)
    room.wait(is_saved, "the tick")

    assert not log.live.saving.unsaved


def test_a_step_corrected_into_a_stop_says_at_once_what_the_drugs_say(room, log):
    room.line(log, "120/80 72 98 14 s5")
    room.line(log, "inf 35/40")
    room.pass_time(300)
    room.line(log, "em help_called")
    room.press(log, "Ctrl+E")
    retype(room, log, "em infusion_stopped")
    room.press(log, "Return")
    assert log.news() == (
        "Corrected. 13:05:00 infusion stopped, but in the drugs the infusion runs on then. What stops it there: "
        "late 13:05 why: inf 0"
    )

    room.line(log, "em infusion_stopped")
    for key in ("Ctrl+Up", "Ctrl+Up", "Ctrl+E"):  # the newest row is the stop in the drugs
        room.press(log, key)
    retype(room, log, "em help_called")
    room.press(log, "Return")
    assert log.news() == "Corrected. In the drugs the infusion is stopped as before; that row is one of its own."


def test_the_only_dose_taken_back_leaves_preparation_on_both_windows_and_says_so(room, pad, log):
    room.line(log, "120/80 72 98 14 s5")
    room.line(log, "dose 35 im")
    assert "dosing" in log.who.text()
    for _ in range(2):
        room.press(log, "Ctrl+U")

    assert log.news().endswith("On an empty line Ctrl+Z brings it back. No dose stands: preparation.")
    for window in (pad, log):
        assert "preparation" in window.who.text()
        assert window.elapsed.text() == "T+ --:--:--"
