"""Silent signals between the two windows: one key sends, a calm line at one place waits, one key says it was seen."""

from itertools import pairwise

import pytest
from PySide6.QtWidgets import QApplication

from kapnotes.app.idle import IdleLimits
from kapnotes.app.signing import Signature
from kapnotes.domain.around import SignalSeen
from kapnotes.domain.entries import Addendum, Note, Signal, Vitals
from kapnotes.ui.calm_line import FADE_MS
from kapnotes.ui.cover import Cover
from kapnotes.ui.log import LogWindow
from kapnotes.ui.pad import PadWindow
from tests.ui.test_looks import MEAN, PEAK, measure


def bodies(window, kind):
    return [body for _, body in window.live.record.of(kind)]


def waits(window):
    return window.signal_line.waiting.text()


def sent(window):
    return window.signal_line.sent.text()


def is_quiet(window):
    return waits(window).startswith("Ctrl+Shift   1 please come")


def let_come(line):
    """Let a calm line be where it will be at the end."""
    line.fade.setCurrentTime(FADE_MS)
    QApplication.processEvents()


SIGNALS = (
    ("Ctrl+Shift+1", "come", "please come"),
    ("Ctrl+Shift+2", "bp", "BP now?"),
    ("Ctrl+Shift+3", "not_now", "not now"),
    ("Ctrl+Shift+4", "in_two", "in two minutes"),
    ("Ctrl+Shift+5", "aware", "aware"),
)


def test_each_signal_is_one_key_in_both_windows(room, pad, log):
    assert pad.signal_line.waiting.width() > 0.9 * pad.signal_line.width()  # nothing stands beside the keys
    for sender, other in ((pad, log), (log, pad)):
        for key, meaning, words in SIGNALS:
            room.press(sender, key)

            assert bodies(other, Signal)[-1] == Signal(meaning)
            assert f"· {words} " in waits(other)
            assert sent(sender) == f"{words} · not seen yet"
            QApplication.processEvents()
            assert sender.signal_line.sent.width() > 0.3 * sender.signal_line.width()
            room.press(other, "Ctrl+Return")
            room.pass_time(5)

    assert len(bodies(pad, Signal)) == len(bodies(log, Signal)) == 2 * len(SIGNALS)


def test_the_half_typed_line_and_the_focus_stay_as_they_are_in_both_windows(room, pad, log):
    room.type(log, "120/8")
    room.type(pad, "half a li")
    room.press(pad, "Ctrl+Shift+1")
    active = QApplication.activeWindow()
    assert active is pad

    assert pad.line.hasFocus()
    assert (pad.line.text(), log.line.text()) == ("half a li", "120/8")
    room.press(log, "Ctrl+Return")
    assert log.line.hasFocus()
    assert (pad.line.text(), log.line.text()) == ("half a li", "120/8")
    assert (bodies(pad, Note), bodies(log, Vitals)) == ([], [])


def test_one_key_says_that_it_was_seen_and_the_sender_reads_when(room, pad, log):
    room.press(pad, "Ctrl+Shift+1")
    room.pass_time(125)
    room.press(log, "Ctrl+Return")
    room.saved(log)

    target, _ = pad.live.record.of(Signal)[0]
    seen, body = pad.live.record.of(SignalSeen)[0]
    assert body == SignalSeen(target.entry_id)
    assert seen.author_id == log.live.member.member_id
    assert sent(pad) == f"please come · seen {seen.happened.local():%H:%M}"
    assert is_quiet(log)


def test_the_number_pads_enter_says_so_too_and_enters_nothing(room, pad, log):
    room.press(log, "Ctrl+Shift+1")
    room.type(pad, "half")
    room.press(pad, "Ctrl+Enter")

    assert len(bodies(log, SignalSeen)) == 1
    assert pad.line.text() == "half"


def test_further_news_leave_the_signal_where_it_is(room, pad, log):
    room.press(pad, "Ctrl+Shift+1")
    before = waits(log)
    room.line(log, "80/120")
    room.pass_time(600)

    assert "not below systolic" in log.news()
    assert waits(log) == before


def test_several_wait_the_oldest_first_and_are_seen_one_by_one(room, pad, log):
    for key in ("Ctrl+Shift+1", "Ctrl+Shift+2", "F12"):
        room.press(pad, key)
        room.pass_time(2)

    assert "please come · +2" in waits(log)
    assert "please come · +2 · not seen yet" in sent(pad)
    room.press(log, "Ctrl+Return")
    assert "BP now? · +1" in waits(log)
    room.press(log, "Ctrl+Return")
    assert "please look: safety" in waits(log)
    room.press(log, "Ctrl+Return")
    room.press(log, "Ctrl+Return")
    assert log.news() == "No signal waits here."
    assert len(bodies(pad, SignalSeen)) == 3


def test_an_answer_says_with_it_that_the_oldest_was_seen(room, pad, log):
    room.press(pad, "Ctrl+Shift+1")
    room.pass_time(5)
    assert waits(log).endswith("please come     Ctrl+Return: seen     Ctrl+Shift 3 4 5: answer")
    room.press(log, "Ctrl+Shift+4")
    first, answer = (pad.timeline.row_of(entry.entry_id) for entry, _ in pad.live.record.of(Signal))
    assert (first.remark, answer.text) == ("answered 13:00", "in two minutes")  # its word stands in its own row

    assert [body.target_id for body in bodies(pad, SignalSeen)] == [pad.live.record.of(Signal)[0][0].entry_id]
    assert sent(pad).startswith("please come · answered “in two minutes” ")
    assert "in two minutes" in waits(pad)
    room.pass_time(5)
    room.press(pad, "Ctrl+Shift+5")
    assert is_quiet(pad)
    assert is_quiet(log)
    assert sent(log).startswith("in two minutes · answered “aware” ")


def test_a_key_pressed_twice_sends_once(room, pad, log):
    room.press(pad, "Ctrl+Shift+1")
    room.press(pad, "Ctrl+Shift+1")

    assert bodies(log, Signal) == [Signal("come")]
    assert "counted once" in pad.news()


def test_a_signal_still_waits_after_the_other_seat_was_locked_and_came_back(room, pad, log):
    room.press(log, "Ctrl+L")
    room.wait(lambda: not [w for w in room.desk.windows if isinstance(w, LogWindow)], "the lock")
    room.press(pad, "Ctrl+Shift+1")
    room.saved(pad)
    room.pass_time(300)
    home = room.sign_in("Carl, CRNA")
    room.join(home)
    log = room.window(LogWindow)

    assert "· please come     Ctrl+Return" in waits(log)
    room.press(log, "Ctrl+Return")
    assert "seen" in sent(pad)


def test_a_signal_still_waits_after_the_program_was_started_anew(room, pad, log):
    room.press(log, "Ctrl+Shift+2")
    room.saved(log)
    room.start_anew()
    room.join(room.sign_in())
    pad = room.window(PadWindow)

    assert "BP now?" in waits(pad)
    room.press(pad, "Ctrl+Return")
    room.saved(pad)
    room.start_anew()
    room.join(room.sign_in())
    assert is_quiet(room.window(PadWindow))


def test_in_a_session_of_one_a_calm_line_says_that_nobody_is_there(room, home):
    room.start(home, "sublingual")
    pad = room.window(PadWindow)
    room.press(pad, "Ctrl+Shift+1")

    assert pad.news() == "Nobody else is in this session: “please come” stands in the record."
    assert (waits(pad), sent(pad)) == ("", "")


def sign(room, window, name, credential):
    done = []
    window.live.signing.sign(Signature(name, credential, "complete"), done.append, room.fail)
    room.wait(lambda: bool(done), "the signature")


def test_who_has_signed_still_sees_a_signal_and_says_so_as_an_addendum(room, pad, log):
    sign(room, log, "C. Nurse", "CRNA")
    room.press(pad, "Ctrl+Shift+1")
    assert "· please come     Ctrl+Return" in waits(log)
    room.press(log, "Ctrl+Return")
    room.saved(log)

    target = pad.live.record.of(Signal)[0][0]
    added = [entry.body for entry in pad.live.record.entries if isinstance(entry.body, Addendum)]
    assert added == [Addendum(target.entry_id, "seen after the signature", SignalSeen(target.entry_id))]
    assert "· seen " in sent(pad)
    assert is_quiet(log)
    assert pad.timeline.rows()[-1].remark.startswith("seen ")
    cells = [log.model.index(row, 8).data() for row in range(log.model.rowCount())]
    assert [cell for cell in cells if cell.startswith("signal: please come · seen ")]


def test_who_has_signed_sends_no_more_and_is_told_why(room, pad, log):
    sign(room, log, "C. Nurse", "CRNA")
    room.press(log, "Ctrl+Shift+1")

    assert "You signed at" in log.news()
    assert bodies(pad, Signal) == []


def test_pad_and_table_say_when_a_signal_was_seen(room, pad, log):
    room.press(pad, "Ctrl+Shift+1")
    assert pad.timeline.rows()[-1].remark == ""
    room.pass_time(60)
    room.press(log, "Ctrl+Return")
    time = f"{pad.live.record.of(SignalSeen)[0][0].happened.local():%H:%M}"

    assert (pad.timeline.rows()[-1].text, pad.timeline.rows()[-1].remark) == ("please come", f"seen {time}")
    cells = [log.model.index(row, 8).data() for row in range(log.model.rowCount())]
    assert f"signal: please come · seen {time}" in cells


# ----------------------------------------------------------------------------------------------------- light


def test_nothing_moves_when_a_signal_comes_and_when_it_goes(room, pad, log):
    for sender, other in ((log, pad), (pad, log)):
        parts = [other.line, other.strip, other.who, other.wall, other.signal_line]
        before = [part.geometry() for part in parts]
        room.press(sender, "Ctrl+Shift+1")
        let_come(other.signal_line.waiting)
        assert [part.geometry() for part in parts] == before
        room.press(other, "Ctrl+Return")
        let_come(other.signal_line.waiting)
        assert [part.geometry() for part in parts] == before


@pytest.mark.parametrize("is_from_pad", [True, False])
def test_a_signal_comes_over_more_than_a_second_at_the_light_that_was_there(room, pad, log, is_from_pad):
    sender, other = (pad, log) if is_from_pad else (log, pad)
    other.resize(1280, 800)
    line = other.signal_line
    let_come(line.waiting)
    window, (before, _) = measure(other)[0], measure(line)
    room.press(sender, "Ctrl+Shift+1")
    levels = []
    for share in range(11):
        line.waiting.fade.setCurrentTime(round(share * FADE_MS / 10))
        levels.append(measure(line)[0])

    of_window = line.height() / other.height()
    assert FADE_MS >= 1000
    assert max(levels) <= 1.01 * max(before, levels[-1])
    assert abs(levels[-1] - before) * of_window <= 0.05 * window
    assert max(abs(later - earlier) for earlier, later in pairwise(levels)) * of_window <= 0.02 * window
    mean, peak = measure(other)
    assert (mean <= MEAN, peak <= PEAK) == (True, True)


def lit(line):
    """Return the places that words light in a calm line, by column."""
    image = line.grab().toImage()
    columns = ({y for y in range(image.height()) if image.pixel(x, y) & 0xFFFFFF} for x in range(image.width()))
    return list(columns)


def test_at_every_place_the_old_words_have_gone_before_the_new_ones_come(room, pad, log):
    line = pad.signal_line.waiting
    let_come(line)
    old = lit(line)
    room.press(log, "Ctrl+Shift+1")
    frames = []
    for share in range(21):
        line.fade.setCurrentTime(share * FADE_MS // 20)
        frames.append(lit(line))
    new = frames[-1]
    over_each_other = [
        (share, x)
        for share, frame in enumerate(frames)
        for x, spots in enumerate(frame)
        if not (spots <= old[x] or spots <= new[x])
    ]

    assert old != new
    assert over_each_other == []
    assert all(any(frame) for frame in frames)


def test_words_that_change_once_more_on_their_way_wait_until_the_others_have_come(room, pad, log):
    line = pad.signal_line.waiting
    let_come(line)
    room.press(log, "Ctrl+Shift+1")
    line.fade.setCurrentTime(FADE_MS // 2)
    half = lit(line)
    line.show_words("other words")
    line.show_words("the newest words")
    assert lit(line) == half
    line.fade.setCurrentTime(FADE_MS)
    come = lit(line)
    let_come(line)

    assert line.text() == "the newest words"
    assert any(half)
    assert lit(line) != come
    assert line.accessibleDescription() == "the newest words"


def test_a_signal_reaches_a_blank_screen_dimly_and_by_its_word_alone(room, pad, log):
    room.type(pad, "half")
    room.press(pad, "Ctrl+B")
    dark, _ = measure(pad)
    log.live.signal("come")
    pad.catch_up()
    let_come(pad.blank.signal)
    mean, peak = measure(pad)

    time = f"{pad.live.record.of(Signal)[0][0].happened.local():%H:%M}"
    assert pad.blank.signal.text() == f"{time} · please come"
    assert dark == 0
    assert 0 < mean <= MEAN / 20
    assert peak <= PEAK
    room.press(pad, "Ctrl+Return")
    assert bodies(pad, SignalSeen) == []
    room.press(pad, "Ctrl+Return")
    assert len(bodies(pad, SignalSeen)) == 1
    assert pad.line.text() == "half"


def test_a_word_of_a_codebooks_own_stays_off_the_blank_screen(room, pad, log):
    pad.live.signal("grandmother")
    room.press(log, "Ctrl+Tab")
    log.cover()

    assert log.blank.signal.text().endswith("· a signal")
    log.uncover()
    assert "grandmother" in waits(log)


def test_a_signal_reaches_a_seat_that_is_covered_and_guarded(room, pad, log):
    room.screen.watch(IdleLimits(cover_s=180, grace_s=60, drop_s=900, gap_s=60))
    for window in list(room.desk.windows):
        room.desk.window_opened.emit(window)
    for _ in range(25):
        room.pass_time(10)
    cover = next(cover for cover in log.findChildren(Cover) if cover.isVisible())
    pad.live.signal("come")
    room.pass_time(1)

    assert cover.asks
    assert cover.signal.text().endswith("· please come")
    assert "K-0142" not in cover.signal.text()
