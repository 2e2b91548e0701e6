from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication

from kapnotes.domain.entries import CheckIn, Intention, Mark, MarkChange, Note, Setting, Signal, Stage
from kapnotes.domain.notices import Notice
from kapnotes.ui.fonts import sized
from kapnotes.ui.keys import Where, keys_in
from kapnotes.ui.log import LogWindow
from kapnotes.ui.ribbon import BELOW_PX, SMALL
from kapnotes.ui.summary import SummaryWindow


def bodies(window, kind):
    return [body for _, body in window.live.record.of(kind)]


def dose(room, log):
    room.line(log, "inf 35/40" if log.live.record.baseline is not None else "inf 35/40 hold no cuff")
    room.saved(log)


def test_the_line_has_the_focus_when_the_pad_opens(pad):
    assert pad.line.hasFocus()


def test_a_note_is_typed_and_entered_and_gets_its_tick_when_it_is_on_the_disk(room, pad):
    room.line(pad, "tears, hand on chest")
    room.saved(pad)

    room.wait(lambda: pad.timeline.rows()[-1].is_saved, "the tick")
    assert pad.timeline.rows()[-1].text == "tears, hand on chest"
    assert pad.line.text() == ""


def test_a_note_has_the_time_of_its_first_key(room, pad):
    room.type(pad, "t")
    room.pass_time(40)
    room.line(pad, "ears")

    entry, note = pad.live.record.of(Note)[-1]
    assert note.text == "tears"
    assert entry.happened.local().strftime("%H:%M:%S") == pad.live.record.origin.shifted(0).local().strftime("%H:%M:%S")


def test_a_quote_costs_its_words_and_two_keys(room, pad):
    room.press(pad, "F5")
    room.line(pad, "it's all water")

    assert bodies(pad, Note) == [Note("it's all water", "quote")]
    assert pad.timeline.rows()[-1].is_quote


def test_a_prefix_gives_the_code_too(room, pad):
    room.line(pad, "memory: the workshop")

    assert bodies(pad, Note) == [Note("the workshop", "memory")]


def test_a_mark_costs_one_key_and_leaves_the_half_typed_line_alone(room, pad):
    room.type(pad, "half a li")
    room.press(pad, "F1")
    room.press(pad, "Alt+B")

    assert bodies(pad, Mark) == [Mark("affect"), Mark("body")]
    assert pad.line.text() == "half a li"
    assert pad.line.hasFocus()


def test_a_state_is_shown_while_it_runs_with_its_time(room, pad, log):
    dose(room, log)
    room.press(pad, "F9")
    room.pass_time(200)

    assert pad.strip.cell(2) == "challenging 3:20"

    room.press(pad, "F9")
    assert pad.strip.cell(2) == "–"
    assert bodies(pad, Mark)[-1] == Mark("challenging", MarkChange.STOP)


def test_a_double_press_counts_once_and_says_so(room, pad):
    room.press(pad, "F9")
    room.press(pad, "F9")

    assert bodies(pad, Mark) == [Mark("challenging", MarkChange.START)]
    assert "counted once" in pad.news()


def test_a_first_letter_right_before_a_key_does_not_take_away_what_the_key_says(room, pad, qtbot):
    room.press(pad, "F9")
    qtbot.keyClick(pad.line, "x")  # the window hears of the letter once it is painted: after the key
    room.press(pad, "F9")

    assert "counted once" in pad.news()
    assert pad.line.text() == "x"


def test_the_check_in_is_asked_after_its_interval_and_answered_by_one_key(room, pad, log):
    dose(room, log)
    room.pass_time(290)
    assert pad.strip.cell(0) == "in 0:10"
    room.pass_time(20)
    assert pad.strip.cell(0).startswith("now?")

    room.press(pad, "Return")

    assert bodies(pad, CheckIn) == [CheckIn("")]
    assert pad.strip.cell(0) == "in 5:00"


def test_enter_on_an_empty_line_before_the_check_in_is_due_keeps_nothing(room, pad, log):
    dose(room, log)
    room.pass_time(60)
    room.press(pad, "Return")

    assert bodies(pad, CheckIn) == []
    assert "once it is due" in pad.news()
    assert pad.strip.cell(0) == "in 4:00"


def test_an_interval_with_nothing_noted_stays_visible(room, pad, log):
    dose(room, log)
    room.line(pad, "one")
    room.pass_time(720)
    room.line(pad, "two")

    assert pad.timeline.rows()[-1].gap == "12:00 with nothing noted"


def test_esc_once_keeps_the_line_twice_clears_it_and_undo_brings_it_back(room, pad):
    room.type(pad, "not lost")
    room.press(pad, "Escape")
    assert pad.line.text() == "not lost"
    room.press(pad, "Escape")
    assert pad.line.text() == ""
    assert pad.news() == "The line is cleared; Ctrl+Z brings it back."
    room.press(pad, "Ctrl+Z")
    assert pad.line.text() == "not lost"


def test_shift_enter_breaks_the_line_within_a_note(room, pad):
    room.type(pad, "one")
    room.press(pad, "Shift+Return")
    room.line(pad, "two")

    assert bodies(pad, Note) == [Note("one\ntwo")]


def test_a_line_about_the_setting_goes_to_everybody_and_no_other_does(room, pad, log):
    room.press(pad, "F11")
    room.line(pad, "lamp down")
    room.line(pad, "a process note")

    assert bodies(log, Setting) == [Setting("lamp down")]
    assert bodies(log, Note) == []


def test_a_silent_signal_is_one_key_and_a_calm_line_on_the_other_window(room, pad, log):
    room.press(pad, "F12")

    assert bodies(log, Signal) == [Signal("safety")]
    assert "please look: safety" in log.signal_line.waiting.text()


def test_the_intention_stays_dimly_in_sight(room, pad):
    room.type(pad, "look at what is underneath")
    room.press(pad, "Ctrl+I")

    assert bodies(pad, Intention) == [Intention("look at what is underneath")]
    assert pad.intention.text() == "“look at what is underneath”"
    assert pad.line.text() == ""


def test_vitals_of_the_other_seat_stand_in_the_strip_with_change_and_age(room, pad, log):
    room.line(log, "120/80 72 98 14 s5")
    dose(room, log)
    room.pass_time(60)
    room.line(log, "132/84")
    room.pass_time(240)

    assert pad.strip.cell(1) == "132/84  +10 %  4:00"


def test_time_since_the_dose_and_the_phase_follow_the_first_dose(room, pad, log):
    assert pad.elapsed.text() == "T+ --:--:--"
    dose(room, log)
    room.pass_time(23 * 60 + 15)

    assert pad.elapsed.text() == "T+00:23:15"
    assert pad.ribbon.phase_index() == 2
    assert "dosing" in pad.who.text()


def test_going_on_to_the_next_stage_takes_the_key_twice_and_says_what_still_runs(room, pad, log):
    dose(room, log)
    for stage in (Stage.RETURN, Stage.CLOSING, Stage.CLOSED):
        before = pad.live.record.stage
        room.press(pad, "Ctrl+G")
        assert pad.live.record.stage is before
        assert "once more" in pad.news()
        assert "Still running: the infusion" in pad.news()
        room.press(pad, "Ctrl+G")
        assert pad.live.record.stage is stage


def test_dosing_is_not_begun_by_a_key_but_by_the_dose(room, pad):
    room.press(pad, "Ctrl+G")

    assert pad.live.record.stage is Stage.PREPARATION
    assert "first dose" in pad.news()


def test_one_key_blanks_the_screen_and_any_key_brings_it_back_typed_nowhere(room, pad):
    room.type(pad, "half")
    room.press(pad, "Ctrl+B")
    assert pad.grab().toImage().pixelColor(400, 300).lightness() == 0
    room.press(pad, "X")

    assert pad.line.text() == "half"
    assert pad.line.hasFocus()


def test_all_keys_are_shown_by_a_key_and_put_away_by_any(room, pad):
    room.press(pad, "Ctrl+/")
    assert pad.focusWidget().accessibleName() == "All keys"
    room.press(pad, "X")
    assert pad.line.hasFocus()
    assert pad.line.text() == ""


def test_a_paste_of_a_megabyte_is_kept_and_of_more_is_refused_in_one_line(room, pad, qapp):
    qapp.clipboard().setText("x" * 1_000_001)
    room.press(pad, "Ctrl+V")
    assert pad.line.text() == ""
    assert "1,000,000" in pad.news()

    text = "ab c\u00a0d é \U0001f469\u200d\U0001f52c " * 50_000
    qapp.clipboard().setText(text)
    room.press(pad, "Ctrl+V")
    room.press(pad, "Return")
    room.saved(pad)
    assert bodies(pad, Note) == [Note(text)]


def test_looking_back_and_to_now_by_keys(room, pad):
    for number in range(60):
        pad.live.note(f"note {number}")
    assert pad.timeline.is_at_now()
    room.press(pad, "PgUp")
    assert not pad.timeline.is_at_now()
    room.press(pad, "Alt+End")
    assert pad.timeline.is_at_now()


def test_what_cannot_be_saved_stays_and_says_so_until_it_is(room, pad, monkeypatch, refusing):
    with monkeypatch.context() as broken:
        broken.setattr(room.program.library, "append", refusing)
        room.line(pad, "kept")
        room.wait(lambda: pad.live.saving.has_failed, "the failure")
        assert "NOT saved: 1" in pad.strip.cell(3)
        assert not pad.timeline.rows()[-1].is_saved
    room.pass_time(1)
    room.wait(lambda: pad.timeline.rows()[-1].is_saved, "the tick")

    assert not pad.live.saving.unsaved


def test_the_summary_opens_by_a_key_and_only_once(room, pad):
    room.press(pad, "Ctrl+S")
    room.press(pad, "Ctrl+S")

    assert len([window for window in room.desk.windows if isinstance(window, SummaryWindow)]) == 1


def test_the_next_window_comes_to_the_front_by_a_key(room, pad, log, qapp):
    room.press(pad, "Ctrl+Tab")
    room.wait(lambda: qapp.activeWindow() is not pad, "another window")

    assert isinstance(log, LogWindow)


def test_a_code_belongs_to_its_line_and_never_to_the_next_one(room, pad, log):
    room.press(pad, "F11")
    room.type(pad, "lamp")
    room.press(pad, "Escape")
    room.press(pad, "Escape")
    room.line(pad, "a private note")
    room.press(pad, "F11")
    room.press(pad, "Return")
    room.line(pad, "another one")

    assert bodies(log, Setting) == []
    assert bodies(pad, Note) == [Note("a private note"), Note("another one")]


def test_a_word_in_prose_sends_no_line_to_everybody(room, pad, log):
    room.line(pad, "Setting: her grandmother's kitchen")

    assert bodies(log, Setting) == []
    assert bodies(pad, Note) == [Note("Setting: her grandmother's kitchen")]


def test_what_goes_to_everybody_says_so_while_it_is_typed(room, pad):
    room.press(pad, "F11")

    assert pad.stamp.text() == "setting, for everybody"


def test_while_the_screen_is_blank_a_key_does_nothing_else(room, pad):
    room.press(pad, "Ctrl+B")
    room.press(pad, "F6")
    room.press(pad, "Ctrl+B")
    room.press(pad, "Alt+A")

    assert bodies(pad, Mark) == []
    assert pad.line.hasFocus()


def test_a_window_that_would_lose_an_unsaved_entry_stays_once_and_says_so(room, pad, monkeypatch, refusing):
    with monkeypatch.context() as broken:
        broken.setattr(room.program.library, "append", refusing)
        room.line(pad, "kept")
        room.wait(lambda: pad.live.saving.has_failed, "the failure")
        room.press(pad, "Ctrl+W")
        assert pad.isVisible()
        assert "1 entry is not saved yet" in pad.news()
    room.pass_time(1)
    room.saved(pad)


def test_a_closed_pad_is_not_asked_to_look_any_more(room, pad, qapp, capsys):
    room.press(pad, "Ctrl+W")
    qapp.processEvents()
    for _ in range(3):
        room.pass_time(1)

    assert capsys.readouterr().err == ""


def test_what_lasts_stands_in_every_windows_bar_and_moves_nothing(room, pad, log):
    parts = (pad.line, pad.timeline, pad.strip, pad.who, pad.wall)
    before = [part.geometry() for part in parts]
    line = Notice("The disk is full: entries go into {mib} MiB kept aside. Make room on it.", {"mib": 8})
    room.program.care.notices_changed.tell((line,))
    QApplication.processEvents()

    assert pad.notice() == log.notice() == "! The disk is full: entries go into 8 MiB kept aside. Make room on it."
    assert [part.geometry() for part in parts] == before
    room.program.care.notices_changed.tell(())
    assert pad.notice() == ""


GOES_ELSEWHERE = {
    *("keys", "other_window", "lock", "full_screen", "close", "blank"),
    *("around", "around_other", "search", "pad_summary", "night", "larger", "smaller"),
}
"""Keys by which somebody asks for another place, or for another look of every window."""


def test_while_dosing_no_key_and_no_news_takes_the_focus_from_the_half_typed_line(room, pad, log, qapp):
    dose(room, log)
    keys = [key for key in keys_in(Where.PAD, Where.ANYWHERE) if key.is_bound and key.name not in GOES_ELSEWHERE]
    codes = [sequence for code in pad.further_keys() for sequence in code.sequence.split(", ")]
    taken = []
    for sequence in (*(key.sequence for key in keys), *codes):
        room.press(pad, "Escape")
        pad.line.replace_all("half a li")
        room.press(pad, sequence)
        room.clock.advance(2)
        if not pad.line.hasFocus() or not pad.is_on_line or qapp.activeModalWidget() is not None:
            taken.append(sequence)
    assert len(keys) > 20
    assert len(codes) > 20
    assert taken == []

    pad.line.replace_all("half a li")
    log.live.log("128/76 72 98 14 s4")
    log.live.log("ae nausea mild: lay back")
    log.send_signal("come")
    pad.say("The disk cannot write.", is_mark=True)
    room.pass_time(600)
    assert (pad.line.text(), pad.line.hasFocus(), qapp.activeModalWidget()) == ("half a li", True, None)


def test_an_observation_without_a_text_and_a_check_in_cost_one_key_each(room, pad, log):
    dose(room, log)
    room.pass_time(400)
    before = len(pad.live.record.entries)
    room.press(pad, "Return")
    room.press(pad, "F2")

    assert [entry.body for entry in pad.live.record.entries[before:]] == [CheckIn(""), Mark("body")]


def test_the_names_of_the_phases_are_whole_in_any_size_of_type(room, pad):
    for _ in range(12):
        room.press(pad, "Ctrl++")
    high = QFontMetrics(sized(QApplication.font(), SMALL)).height()
    shown = pad.ribbon.height()
    for _ in range(12):
        room.press(pad, "Ctrl+-")

    assert shown >= high + BELOW_PX
    assert pad.ribbon.height() < shown
