"""The line of the vitals log while it is typed: chips at fixed places, what is wrong at its place, nothing moves."""

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QApplication

from kapnotes.domain.entries import Action, Vitals
from kapnotes.ui.line import Line
from kapnotes.ui.log import LogWindow
from tests.ui.test_typing_survives import kept, lock, open_again


def bodies(window, kind):
    return [body for _, body in window.live.record.of(kind)]


def clear(room, log):
    room.press(log, "Escape")
    room.press(log, "Escape")


def paste(room, log, text):
    data = QMimeData()
    data.setText(text)
    QApplication.clipboard().setMimeData(data)
    room.press(log, "Ctrl+V")


def layout_of(log, qapp):
    qapp.processEvents()
    return [part.geometry() for part in (log.table, log.chips, log.stamp, log.line, log.strip)]


def test_nobody_is_told_a_fault_in_the_middle_of_a_number(room, log, qapp):
    before = layout_of(log, qapp)
    for key in "80/120":
        room.type(log, key)
        assert not log.chips.below()
        assert log.line.fault is None
    room.type(log, " ")
    assert "not below systolic" in log.chips.below()
    assert log.chips.text().startswith("BP × 80/120")

    clear(room, log)
    for key in "128/76 fo":
        room.type(log, key)
    assert (log.line.fault, log.chips.text()) == (None, "BP 128/76  ·  MAP 93")
    room.type(log, " ")
    assert log.line.fault == 7
    assert log.chips.below().startswith("! This is not understood")
    assert layout_of(log, qapp) == before


def test_after_a_pause_the_last_word_counts_as_finished(room, log):
    room.type(log, "128/76 hrx")
    assert log.line.fault is None

    room.wait(lambda: log.line.fault == 7, "the pause to pass")
    assert log.chips.below().startswith("! This is not understood")


def test_what_a_command_lacks_is_a_hint_while_it_is_typed_and_a_fault_by_enter(room, log):
    room.press(log, "F3")
    assert log.chips.below() == "An amount in mg comes next, as in dose 35 im."
    assert log.line.fault is None

    room.press(log, "Return")
    assert log.line.fault == 4
    assert log.news().startswith("! An amount in mg")


def test_an_event_of_several_words_is_no_fault_before_its_severity_has_come(room, log):
    room.type(log, "ae strange feeling in the arm ")
    assert log.line.fault is None

    room.line(log, "mild: warmed")
    assert log.news() == ""


def test_chips_tell_what_stands_out_before_it_is_logged(room, log):
    room.type(log, "166/98 30 91 14 ")
    assert [(chip.name, chip.sign) for chip in log.chips.chips()] == [
        ("BP", "!"),
        ("MAP", ""),
        ("HR", "!!"),
        ("SpO₂", "!"),
        ("RR", ""),
    ]
    clear(room, log)
    room.type(log, "t33 hr301 ")
    assert [(chip.name, chip.sign) for chip in log.chips.chips()] == [("HR", "×"), ("°C", "?")]


def test_chips_tell_the_change_from_this_sessions_baseline_after_the_dose(room, log):
    room.line(log, "120/80 70 98 14 s5")
    room.type(log, "132/84 ")
    assert log.chips.text() == "BP 132/84  ·  MAP 100"
    clear(room, log)
    room.line(log, "inf 35/40")
    room.pass_time(600)
    room.type(log, "132/84 77 96")

    changes = {chip.name: chip.change for chip in log.chips.chips()}
    assert changes == {
        "BP": "+12/+4  +10/+5 %",
        "MAP": "+7  +8 %",
        "HR": "+7  +10 %",
        "SpO₂": "\N{MINUS SIGN}2",
    }


def test_a_digit_missed_beside_the_reading_before_is_asked_about_once_and_kept(room, log):
    room.line(log, "128/76 72 98 14")
    room.line(log, "rr4")
    assert "beside 14 before (a digit missed?). Enter once more keeps it." in log.news()
    room.press(log, "Return")

    assert bodies(log, Vitals)[1].unusual == ("respiratory rate 4 /min beside 14 before (a digit missed?)",)
    room.line(log, "hr7")
    assert "It was 72 before (a digit missed?)" in log.news()
    assert len(bodies(log, Vitals)) == 2


def test_far_outside_is_said_before_outside(room, log):
    room.line(log, "166/98 190")
    room.press(log, "Return")

    assert (
        log.news() == "! Far outside the protocol: heart rate 190. Outside the protocol: systolic 166. "
        "What was done?  F7 do …"
    )
    row = log.model.rowCount() - 1
    assert [log.model.index(row, column).data() for column in (2, 4)] == ["! 166/98", "!! 190"]


def test_f7_names_each_marked_reading_that_waits_in_turn_and_shows_which(room, log):
    room.line(log, "166/98")
    room.pass_time(300)
    room.line(log, "hr130")
    room.pass_time(300)
    room.line(log, "128/76 72")
    room.line(log, "hr48")
    first, second, third, fourth = (entry for entry, _ in log.live.record.of(Vitals))
    assert third is not None
    room.type(log, "rested")
    room.press(log, "F7")
    assert (log.line.text(), log.chips.text()) == ("do @13:10 rested", "done: rested  ·  about 13:10: HR 48")
    room.press(log, "F7")
    assert log.chips.text() == "done: rested  ·  about 13:05: HR 130"
    room.press(log, "F7")
    assert log.chips.text() == "done: rested  ·  about 13:00: systolic 166"
    room.press(log, "Return")

    assert bodies(log, Action) == [Action("rested", first.entry_id)]
    room.press(log, "F7")
    assert log.line.text() == "do "
    room.line(log, "waited")
    assert bodies(log, Action)[1] == Action("waited", fourth.entry_id)
    assert second.entry_id


UNREADABLE = (
    ("NaN", "not understood"),
    ("hr1e308", "not a number"),
    ("hr\N{MINUS SIGN}1", "not understood"),
    ("hr999", "not possible"),
    ("sp101", "not possible"),
    ("hr1,5", "heart rate 1.5"),
    ("\u0661\u0662\u0668/76", "not a number"),
    ("\uff11\uff12\uff18/76", "not a number"),
    ("do \u202eabc", "nobody sees"),
    ("do a\x00b", "nobody sees"),
)


def test_what_cannot_be_read_is_refused_with_one_line_and_the_log_lives_on(room, log):
    for number, (text, words) in enumerate(UNREADABLE):
        assert len(bodies(log, Vitals)) == number
        paste(room, log, text)
        room.press(log, "Return")

        assert words in log.news()
        assert log.news().startswith("!")
        assert "\n" not in log.news()
        assert log.line.text() == text
        clear(room, log)
        room.line(log, "128/76 72")
        assert len(bodies(log, Vitals)) == number + 1


def test_a_paste_that_no_line_holds_is_refused_whole_and_one_of_formulas_and_families_is_kept_exactly(room, log):
    room.type(log, "do ")
    for much in ("9" * 1_000_000, "72 " * 10_000):
        paste(room, log, much)
        assert log.line.text() == "do "
        assert "holds 4,096 characters" in log.news()
    said = "=cmd|' /C calc'!A0 \U0001f468\u200d\U0001f469\u200d\U0001f467 \u05e9\u05dc\u05d5\u05dd"
    paste(room, log, said)
    room.press(log, "Return")
    room.saved(log)

    assert bodies(log, Action) == [Action(said)]


def test_a_sign_of_two_units_before_the_misread_word_moves_nothing(qtbot):
    line = Line(takes_breaks=False)
    qtbot.addWidget(line)
    text = "x \N{SLIGHTLY SMILING FACE}\N{SLIGHTLY SMILING FACE} hrx 98"
    line.setPlainText(text)

    line.choose_word(text.index("hrx"))
    assert line.textCursor().selectedText() == "hrx"
    line.put_caret(text.index("98"))
    line.insertPlainText("sp")
    assert line.text() == text.replace("98", "sp98")
    line.choose_word(len(text) + 9)
    assert line.textCursor().atEnd()


def test_a_set_that_is_half_typed_waits_for_a_drug_that_comes_between_also_through_a_lock(room, log):
    room.type(log, "128/76 7")
    room.press(log, "F5")
    assert log.line.text() == "rescue "
    room.type(log, "ondansetron 4 iv")
    kept(room, log)
    lock(room, log)
    log = open_again(room, "Carl, CRNA", LogWindow)

    assert log.line.text() == "rescue ondansetron 4 iv"
    room.pass_time(2)
    room.press(log, "Return")
    assert log.line.text() == "128/76 7"
    room.line(log, "2")
    assert str(log.live.record.newest(Vitals).heart_rate_bpm) == "72"
