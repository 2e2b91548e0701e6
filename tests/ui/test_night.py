"""The two night palettes: one key turns every window, slowly, and the next start begins with what was chosen."""

import math
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from kapnotes.ui.calm_line import FADE_MS, CalmLine
from kapnotes.ui.lamp import STEP_MS, STEPS, Lamp
from kapnotes.ui.luminance import between
from kapnotes.ui.palette import EMBER, GARNET, NIGHTS, SOFT, night_named
from tests.ui.test_cue import JUMP
from tests.ui.test_looks import MEAN, PEAK, luminance


def turn(room, window):
    """Press the key and let the lamp come to the end of its turn."""
    room.press(window, "Ctrl+Shift+L")
    while room.screen.lamp.is_turning:
        room.screen.lamp.step()
    QApplication.processEvents()


def colours(window):
    """Return how often each colour is in the picture of a window."""
    image = window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return Counter(memoryview(image.constBits()).cast("I"))


def amber(window):
    """Return how many pixels are lit and of an amber, of which Garnet has only its marks."""
    lit = ((pixel >> 16 & 255, pixel >> 8 & 255, count) for pixel, count in colours(window).items())
    return sum(count for red, green, count in lit if red > 40 and green > 0.4 * red)


def light_of(window):
    """Return mean and highest relative luminance of a window."""
    counts = colours(window)
    levels = {pixel: luminance(QColor(pixel & 0xFFFFFF)) for pixel in counts}
    return sum(levels[pixel] * count for pixel, count in counts.items()) / counts.total(), max(levels.values())


def at_rest(room, windows):
    """Return the colours of the windows once nothing in them changes: home lists what it has read as it comes."""
    seen = [[colours(window) for window in windows]]

    def is_still():
        QApplication.processEvents()
        seen.append([colours(window) for window in windows])
        return seen[-1] == seen[-2]

    room.wait(is_still, "the windows to rest")
    return seen[-1]


@pytest.fixture
def full(room, pad, log):
    """A session with rows, readings, a running state and a chosen row; the windows as on a small laptop."""
    room.line(log, "128/76 72 98 14 s5")
    room.line(log, "inf 35/40")
    for number in range(30):
        pad.live.note(f"a note of an ordinary length, number {number}")
    room.press(pad, "F6")
    room.press(pad, "Ctrl+S")
    for window in room.desk.windows:
        window.resize(1280, 800)
    for _ in range(12):
        room.press(pad, "Ctrl+Up")
    room.type(pad, "half-typed")
    for window in room.desk.windows:
        for line in window.findChildren(CalmLine):
            line.fade.setCurrentTime(FADE_MS)
    room.wait(lambda: not pad.live.saving.unsaved and not log.live.saving.unsaved, "the disk")
    room.wait(lambda: log.chart.is_current, "the windows to rest")
    QApplication.processEvents()
    return room.desk.windows


def test_one_key_turns_every_window_and_back_and_nothing_moves(room, full, pad, monkeypatch):
    monkeypatch.setattr("kapnotes.ui.lamp.NIGHTS", (EMBER, replace(GARNET, mark=GARNET.text)))
    places = [pad.timeline.verticalScrollBar().value(), pad.timeline.chosen(), pad.line.text(), pad.line.hasFocus()]
    before, ambers = at_rest(room, full), [amber(window) for window in full]
    turn(room, pad)
    in_garnet = [amber(window) for window in full]
    turn(room, pad)

    assert len(full) >= 5
    assert min(ambers) > 50
    assert in_garnet == [0] * len(full)
    assert at_rest(room, full) == before
    bar, line = pad.timeline.verticalScrollBar(), pad.line
    assert [bar.value(), pad.timeline.chosen(), line.text(), line.hasFocus()] == places


def test_no_step_of_a_turn_is_bright_and_no_second_of_it_jumps(room, full, pad, log):
    means = {window: [] for window in (pad, log)}
    room.press(pad, "Ctrl+Shift+L")
    steps = 0
    while room.screen.lamp.is_turning:
        for window, levels in means.items():
            mean, peak = light_of(window)
            levels.append(mean)
            assert (mean <= MEAN, peak <= PEAK) == (True, True)
        room.screen.lamp.step()
        steps += 1
    within_a_second = math.ceil(1000 / STEP_MS)

    assert steps == STEPS - 1
    for levels in means.values():
        jumps = [abs(b - a) / a for a, b in pairwise(levels)]
        assert sum(sorted(jumps)[-within_a_second:]) <= JUMP


def test_the_next_start_begins_with_the_night_that_was_chosen(room, home):
    turn(room, home)
    room.start_anew()
    window = room.desk.begin()
    QApplication.processEvents()

    assert room.screen.lamp.night == GARNET
    assert amber(window) == 0
    turn(room, window)
    assert amber(window) > 50


def test_a_blank_screen_stays_black_and_without_a_pointer_while_the_night_turns(room, pad, log, qapp):
    room.press(pad, "Ctrl+Shift+L")
    room.press(pad, "Ctrl+B")
    shape = qapp.overrideCursor().shape()
    while room.screen.lamp.is_turning:
        room.screen.lamp.step()
    dark = colours(pad)
    assert qapp.overrideCursor().shape() == shape
    room.press(pad, "x")

    assert {pixel & 0xFFFFFF for pixel in dark} == {0}
    assert not qapp.overrideCursor().pixmap().isNull()
    assert amber(pad) == 0


def test_a_mark_stands_out_in_garnet_by_its_sign_and_its_colour(room, home):
    turn(room, home)
    home.say("")
    before = amber(home)
    home.say("a thing that is wrong", is_mark=True)
    QApplication.processEvents()

    assert home.news() == "! a thing that is wrong"
    assert amber(home) > before + 100


def test_a_second_press_on_the_way_turns_back_without_a_jump(qapp):
    lamp = Lamp()
    lamp.turn()
    lamp.step()
    on_the_way = luminance(QColor(lamp.night.text))
    lamp.turn()
    first = luminance(QColor(lamp.night.text))
    while lamp.is_turning:
        lamp.step()

    assert abs(first - on_the_way) / on_the_way < JUMP / 2
    assert (lamp.night, lamp.chosen) == (EMBER, EMBER)


def test_where_few_lines_are_held_every_night_is_softer_at_once_before_a_window_is_seen_and_slowly_after(qapp):
    lamp = Lamp()
    lamp.soften(True, at_once=True)
    assert (lamp.night, lamp.is_turning) == (SOFT[EMBER], False)
    seen = []
    for change in (lamp.turn, lambda: lamp.soften(False, at_once=False), lambda: lamp.soften(True, at_once=False)):
        change()
        while lamp.is_turning:
            before = luminance(QColor(lamp.night.text))
            lamp.step()
            assert abs(luminance(QColor(lamp.night.text)) - before) / before < JUMP / 2
        seen.append(lamp.night)

    assert seen == [SOFT[GARNET], GARNET, SOFT[GARNET]]
    assert lamp.chosen == GARNET


def test_a_mixed_colour_has_the_light_in_the_middle():
    middle = luminance(between(QColor(EMBER.text), QColor(GARNET.text), 0.5))

    assert middle == pytest.approx((luminance(QColor(EMBER.text)) + luminance(QColor(GARNET.text))) / 2, abs=0.004)


def test_garnet_has_text_of_nothing_but_the_red_of_the_screen():
    assert [QColor(text).getRgb()[1:3] for text in (GARNET.text, GARNET.dim)] == [(0, 0), (0, 0)]


@pytest.mark.parametrize("name", [None, "", "Noon", 7, "garnet"])
def test_a_night_nobody_knows_is_ember(name):
    assert night_named(name) is EMBER
    assert [night_named(night.name) for night in NIGHTS] == list(NIGHTS)
