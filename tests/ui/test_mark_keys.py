"""States, touches and late starts by the keys of the pad, in the real windows."""

import pytest

from kapnotes.domain.around import Touch, TouchAgreement, TouchConsent
from kapnotes.domain.entries import Correction, Mark, MarkChange
from kapnotes.domain.members import Role
from kapnotes.ui.pad import PadWindow

ACTIVE = 2


def bodies(window, kind):
    return [body for _, body in window.live.record.of(kind)]


def minutes_ago(window, entry):
    return window.live.record.between_s(entry.happened, window.live.now()) / 60


def test_eyes_music_and_mask_are_states_by_a_letter(room, pad):
    for key, code in (("Alt+O", "eyes open"), ("Alt+P", "music"), ("Alt+K", "mask")):
        room.press(pad, key)
        room.pass_time(65)
        assert pad.strip.cell(ACTIVE) == f"{code} 1:05"
        room.press(pad, key)

        assert bodies(pad, Mark)[-2:] == [Mark(code, MarkChange.START), Mark(code, MarkChange.STOP)]
        assert pad.strip.cell(ACTIVE) == "–"
    assert len(bodies(pad, Mark)) == 6


def test_all_that_runs_stands_in_one_place_and_moves_nothing(room, pad, qapp):
    parts = (pad.line, pad.timeline, pad.strip, pad.cue, pad.who, pad.wall)
    pad.resize(1280, 800)
    qapp.processEvents()
    before = [part.geometry() for part in parts]
    for key in ("F9", "F6", "Alt+O", "Alt+P", "Alt+K", "Alt+H"):
        room.press(pad, key)
        room.pass_time(61)
    qapp.processEvents()

    assert [part.geometry() for part in parts] == before
    assert pad.strip.cell(ACTIVE).startswith("challenging 6:06   quiet 5:05   eyes open 4:04   music 3:03   mask 2:02")


def test_a_time_alone_in_the_line_is_when_the_state_began_and_the_line_is_emptied(room, pad):
    room.pass_time(600)
    room.type(pad, "-3")
    room.press(pad, "F9")

    entry, mark = pad.live.record.of(Mark)[-1]
    assert mark == Mark("challenging", MarkChange.START)
    assert minutes_ago(pad, entry) == pytest.approx(3)
    assert pad.strip.cell(ACTIVE) == "challenging 3:00"
    assert pad.line.text() == ""
    assert pad.news().startswith("challenging: at 13:07")


def test_a_time_of_the_clock_alone_in_the_line_is_when_the_mark_was(room, pad):
    room.pass_time(600)
    room.type(pad, "@13:04")
    room.press(pad, "Alt+B")

    entry, mark = pad.live.record.of(Mark)[-1]
    assert mark == Mark("body")
    assert f"{entry.happened.local():%H:%M}" == "13:04"
    assert pad.line.text() == ""


def test_a_line_with_anything_else_stays_as_it_is_and_the_mark_happens_now(room, pad):
    for number, text in enumerate(("-3 tears", "tears -3", "-3.5", "3", "-", "at -3", " -3"), start=1):
        room.pass_time(600)
        room.type(pad, text)
        room.press(pad, "F1")

        assert len(pad.live.record.of(Mark)) == number
        entry, _ = pad.live.record.of(Mark)[-1]
        assert minutes_ago(pad, entry) == 0
        assert pad.line.text() == text
        room.press(pad, "Escape")
        room.press(pad, "Escape")
        assert pad.line.text() == ""


def test_a_time_before_the_session_is_refused_in_one_line_and_nothing_is_noted(room, pad):
    room.pass_time(60)
    room.type(pad, "-30")
    room.press(pad, "F9")

    assert bodies(pad, Mark) == []
    assert "had not begun" in pad.news()
    assert pad.line.text() == "-30"
    assert pad.line.hasFocus()


def test_a_state_ends_late_but_never_before_it_began(room, pad):
    room.pass_time(600)
    room.press(pad, "F9")
    room.pass_time(300)
    room.type(pad, "-7")
    room.press(pad, "F9")
    assert "cannot end before" in pad.news()
    assert pad.strip.cell(ACTIVE) == "challenging 5:00"

    room.press(pad, "Escape")
    room.press(pad, "Escape")
    room.type(pad, "-2")
    room.press(pad, "F9")

    start, stop = (entry for entry, _ in pad.live.record.of(Mark))
    assert pad.live.record.between_s(start.happened, stop.happened) == pytest.approx(180)


def test_a_state_begins_late_but_never_before_it_last_ended(room, pad):
    room.pass_time(600)
    room.press(pad, "F6")
    room.pass_time(60)
    room.press(pad, "F6")
    room.pass_time(60)
    room.type(pad, "-2")
    room.press(pad, "F6")

    assert len(bodies(pad, Mark)) == 2
    assert "cannot begin again before" in pad.news()


def test_a_double_press_of_a_state_begun_late_counts_once_and_says_so(room, pad):
    room.pass_time(600)
    room.type(pad, "-3")
    room.press(pad, "F9")
    room.clock.advance(0.4)
    room.press(pad, "F9")

    assert bodies(pad, Mark) == [Mark("challenging", MarkChange.START)]
    assert pad.news() == "challenging: pressed twice, counted once."
    room.pass_time(2)
    room.press(pad, "F9")
    assert bodies(pad, Mark)[-1] == Mark("challenging", MarkChange.STOP)


def test_a_touch_that_was_agreed_begins_and_ends_by_one_key_and_stands_in_the_shared_record(room, pad, log):
    pad.live.keep(TouchAgreement("shoulder", TouchConsent.YES))
    room.press(pad, "Alt+H")
    room.pass_time(20)
    assert pad.strip.cell(ACTIVE) == "touch: shoulder 0:20"
    room.press(pad, "Alt+H")

    assert bodies(log, Touch) == [Touch("shoulder", begins=True), Touch("shoulder", begins=False)]
    assert "not agreed" not in pad.timeline.rows()[-2].remark


def test_a_touch_outside_what_was_agreed_is_kept_and_says_so_calmly(room, pad, log):
    pad.live.keep(TouchAgreement("hand", TouchConsent.YES))
    room.type(pad, "half a li")
    room.press(pad, "Alt+2")

    assert bodies(log, Touch) == [Touch("shoulder", begins=True)]
    assert pad.news() == "! not agreed: shoulder. It is kept."
    assert pad.timeline.rows()[-1].remark == "not agreed"
    assert pad.strip.cell(ACTIVE) == "! touch: shoulder 0:00"
    assert pad.line.text() == "half a li"
    assert pad.line.hasFocus()


def test_a_touch_may_be_told_late_as_a_state_may(room, pad):
    room.pass_time(600)
    room.type(pad, "-2")
    room.press(pad, "Alt+1")
    room.clock.advance(0.3)
    room.press(pad, "Alt+1")

    ((entry, touch),) = pad.live.record.of(Touch)
    assert touch == Touch("hand", begins=True)
    assert minutes_ago(pad, entry) == pytest.approx(2, abs=0.01)
    assert "hand: pressed twice" in pad.news()


def test_one_key_revokes_all_touch_and_what_was_touched_before_stays_agreed(room, pad, log):
    pad.live.keep(TouchAgreement("hand", TouchConsent.YES))
    room.line(log, "inf 35/40 hold no cuff")
    room.pass_time(60)
    room.press(pad, "Alt+H")
    room.pass_time(10)
    room.press(pad, "Alt+N")
    assert pad.news().startswith("No touch from now on. Still running: hand")
    room.pass_time(10)
    room.press(pad, "Alt+H")
    room.pass_time(10)
    room.press(pad, "Alt+H")

    assert pad.news() == "! not agreed: hand. It is kept."
    touches = [row for row in pad.timeline.rows() if row.text == "hand begins"]
    assert [row.remark for row in touches] == ["", "not agreed"]
    room.press(pad, "Alt+N")
    assert "already" in pad.news()


@pytest.mark.parametrize("key", ["Alt+Shift+N", "Ctrl+Z"])
def test_a_slip_of_the_key_that_revokes_all_touch_is_taken_back_at_once_or_never(room, pad, log, key):
    pad.live.keep(TouchAgreement("hand", TouchConsent.YES))
    room.line(log, "inf 35/40 hold no cuff")
    room.pass_time(60)
    room.press(pad, "Alt+N")
    assert "Alt+Shift+N within 10 s" in pad.news()
    assert pad.around.line.text().startswith("touch: hand no")
    room.pass_time(9)
    room.press(pad, "Alt+N")
    assert "already" in pad.news()  # pressed again to be sure, it undoes nothing
    room.press(pad, key)
    assert pad.news().startswith("Taken back as a slip")
    assert pad.around.line.text().startswith("touch: hand yes")
    reasons = [entry.body.reason for entry in pad.live.record.entries if isinstance(entry.body, Correction)]
    assert set(reasons) == {"the key was pressed by mistake"}

    room.pass_time(20)
    room.press(pad, "Alt+N")
    room.pass_time(11)
    room.press(pad, key)
    assert pad.around.line.text().startswith("touch: hand no")
    room.press(pad, "Alt+Shift+N")
    assert pad.news() == "! That is too long ago: no touch, for the rest of the session."


def test_two_therapists_who_press_the_same_touch_at_once_begin_it_once(room, pad):
    home = next(window for window in room.desk.windows if getattr(window, "seat", None) is pad.seat)
    room.add(home, "Ty, LMFT", Role.THERAPIST)
    other_home = room.sign_in("Ty, LMFT")
    room.join(other_home)
    other = room.window(PadWindow, other_home.seat)

    room.press(pad, "Alt+1")
    room.clock.advance(0.4)
    room.press(other, "Alt+1")

    assert bodies(pad, Touch) == bodies(other, Touch) == [Touch("hand", begins=True)]
    assert "pressed twice" in other.news()


def test_the_areas_of_touch_stand_among_the_keys_with_what_was_agreed(room, pad):
    pad.live.keep(TouchAgreement("hand", TouchConsent.ASK))
    rows = [row.does for row in pad.further_keys()]

    assert "touch: hand (ask each time)" in rows
    assert "touch: foot (not spoken of)" in rows


def test_a_number_without_an_area_says_so(room, pad):
    room.press(pad, "Alt+9")

    assert bodies(pad, Touch) == []
    assert pad.news() == "No area of touch has that number."


def test_after_the_sign_off_no_mark_and_no_touch_is_taken_and_the_line_says_why(room, pad):
    room.press(pad, "Ctrl+Shift+S")
    room.fill(pad, pad.sign.form.reason, "the rest was noted on paper")
    room.press(pad, "Return")
    room.wait(lambda: pad.live.signing.signed() is not None, "the signature")
    for key in ("F1", "F9", "Alt+H", "Alt+N"):
        pad.say("")
        room.press(pad, key)
        assert "You signed" in pad.news()

    assert bodies(pad, Mark) == bodies(pad, Touch) == []


def test_going_on_to_the_next_stage_names_the_states_and_touches_that_run(room, pad, log):
    room.line(log, "dose 35 im hold no cuff")
    room.press(pad, "Alt+O")
    room.press(pad, "Alt+H")
    room.press(pad, "Ctrl+G")

    assert "Still running: eyes open, touch: hand." in pad.news()


def test_on_the_smallest_screen_the_legend_gives_its_line_to_the_notes(room, pad, qapp):
    pad.resize(640, 400)
    qapp.processEvents()
    assert pad.height() == 400
    assert not pad.legend.isVisible()
    pad.resize(1280, 800)
    qapp.processEvents()
    assert pad.legend.isVisible()
