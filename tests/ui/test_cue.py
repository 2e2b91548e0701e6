"""The quiet cue, measured frame by frame with the time handed in: constant light, no flash, no pixel too bright."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QColor

from kapnotes.domain.entries import CheckIn
from kapnotes.ui.cue import BANDS, Cue
from kapnotes.ui.lamp import Lamp
from tests.ui.test_looks import PEAK, luminance, measure

JUMP = 0.10
"""The mean luminance changes by no more than this part of itself within a second (design, §7)."""


@pytest.fixture
def cue(qtbot, qapp):
    made = Cue(Lamp())
    qtbot.addWidget(made)
    made.resize(1252, 6)
    made.show()
    qapp.processEvents()
    return made


def frame(cue):
    """Return the relative luminance along the middle of the bar, pixel by pixel."""
    image = cue.grab().toImage()
    edge = image.width() % BANDS // 2 + 1  # where no whole band fits
    return [luminance(QColor(image.pixel(x, 3))) for x in range(edge, image.width() - edge)]


def play(cue, *spans):
    """Render a frame for each second: *spans* of (is it asking, seconds)."""
    frames, at_s = [frame(cue)], 0.0
    cue.look(spans[0][0], at_s)
    for is_asking, seconds in spans:
        for _ in range(seconds):
            at_s += 1.0
            cue.look(is_asking, at_s)
            frames.append(frame(cue))
    return frames


def test_the_mean_light_stays_while_it_gathers_wanders_and_spreads_again(cue):
    frames = play(cue, (False, 5), (True, 70), (False, 10), (True, 3), (False, 5))
    means = [sum(one) / len(one) for one in frames]

    assert max(abs(later - earlier) / earlier for earlier, later in pairwise(means)) <= JUMP
    assert max(means) / min(means) <= 1 + JUMP


def test_no_pixel_is_too_bright_and_none_goes_from_dark_to_full_within_seconds(cue):
    frames = play(cue, (False, 3), (True, 60), (False, 8))
    brightest = max(max(one) for one in frames)
    fastest = max(
        abs(later - earlier) for one, next_one in pairwise(frames) for earlier, later in zip(one, next_one, strict=True)
    )

    assert brightest <= PEAK
    assert fastest <= brightest / 4  # so at least four seconds from one end to the other


def test_it_moves_while_it_asks_so_that_it_is_seen(cue):
    still, moved, later = (play(cue, (True, seconds))[-1] for seconds in (0, 12, 8))

    assert max(still) - min(still) < 0.01
    assert max(moved) > 1.8 * sum(moved) / len(moved)
    assert abs(moved.index(max(moved)) - later.index(max(later))) > len(moved) / BANDS


def test_a_suspend_of_an_hour_moves_it_by_no_more_than_a_look(cue):
    cue.look(True, 0.0)
    cue.look(True, 3600.0)

    assert cue.gathered < 0.25


def test_two_looks_at_one_moment_move_it_once(cue):
    cue.look(True, 0.0)
    cue.look(True, 1.0)
    before = (cue.gathered, cue.phase)
    cue.look(True, 1.0)

    assert (cue.gathered, cue.phase) == before


class Painted(QObject):
    def __init__(self, widget):
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched, event):
        self.count += event.type() == QEvent.Type.Paint
        return super().eventFilter(watched, event)


def test_nobody_is_woken_for_it(room, pad, log, qapp):
    room.line(log, "inf 35/40 hold no cuff")
    room.pass_time(1)
    while pad.around.make_ahead():  # what the first minute does, by a timer that then ends
        qapp.processEvents()
    painted = Painted(pad.cue)
    for _ in range(20):
        room.pass_time(1)
        qapp.processEvents()

    assert painted.count == 0
    assert not [timer for timer in pad.findChildren(QTimer) if timer.isActive()]
    beat, *others = room.ticker.findChildren(QTimer)
    assert beat.interval() >= 1000
    assert not [timer for timer in others if timer.isActive()]
    room.pass_time(300)
    for _ in range(5):
        room.pass_time(1)
        qapp.processEvents()
    assert 0 < painted.count <= 6  # one frame for each tick and none between


def test_the_check_in_is_asked_by_the_cue_and_the_answer_ends_it(room, pad, log):
    room.line(log, "inf 35/40 hold no cuff")
    room.pass_time(300)
    for _ in range(12):
        room.pass_time(1)
    assert pad.cue.gathered == 1.0
    room.press(pad, "Return")
    for _ in range(6):
        room.pass_time(1)

    assert [body for _, body in pad.live.record.of(CheckIn)] == [CheckIn("")]
    assert pad.cue.gathered == 0.0


def test_the_whole_window_keeps_its_light_while_the_cue_asks(room, pad, log, qapp):
    for number in range(20):
        pad.live.note(f"a note of an ordinary length, number {number}")
    room.line(log, "inf 35/40 hold no cuff")
    room.pass_time(299)
    pad.resize(1280, 800)
    means = []
    for _ in range(30):
        room.pass_time(1)
        qapp.processEvents()
        mean, peak = measure(pad)
        means.append(mean)
        assert peak <= PEAK

    assert max(abs(b - a) / a for a, b in pairwise(means)) <= JUMP
