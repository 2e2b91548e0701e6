"""Every state in which a pad is seen, in both nights and on the smallest screen, is as dark as the night allows.

A laptop at 200 % has 640 by 400 pixels for the window: there words cover most of it, and the bar is hardest to hold.
"""

import pytest
from PySide6.QtWidgets import QApplication

from kapnotes.domain.entries import Stage
from kapnotes.ui.calm_line import FADE_MS, CalmLine
from kapnotes.ui.desk import NIGHT
from kapnotes.ui.home import HomeWindow
from kapnotes.ui.palette import NIGHTS, SOFT
from kapnotes.ui.search import SearchWindow
from tests.ui.test_looks import MEAN, PEAK, measure

SMALLEST = (640, 400)
NOTES = (
    "hands unclench", "quote: it's all water", "body: jaw loosens, breath gets deeper and slower",
    "imagery: a long corridor with blue light at its end, no fear of it, and then the sea", "affect: tears",
    "memory: brother at the lake, summer of the drought", "quote: I can put it down now", "movement: left foot circles",
)  # fmt: skip


class Seen:
    """The light of each state by its name."""

    def __init__(self, room, pad):
        self.room, self.pad, self.light = room, pad, {}

    def look(self, state, window=None):
        window = window or self.pad
        window.resize(*SMALLEST)
        for line in window.findChildren(CalmLine):
            line.fade.setCurrentTime(FADE_MS)
        QApplication.processEvents()
        while self.room.screen.lamp.is_turning:
            self.room.screen.lamp.step()
        QApplication.processEvents()
        self.light[state] = measure(window)


@pytest.mark.parametrize("night", NIGHTS, ids=lambda night: night.name)
def test_every_state_of_a_pad_on_the_smallest_screen_is_within_the_light_of_the_night(room, pad, log, night):
    room.screen.settings.setValue(NIGHT, night.name)
    while room.screen.lamp.chosen != night:
        room.screen.lamp.turn()
    seen = Seen(room, pad)
    room.line(log, "128/76 72 98 14 s5")
    room.line(log, "inf 35/40")
    pad.live.intention("look at what is underneath the constant low-grade anxiety")
    for note in NOTES:
        room.line(pad, note)
        room.pass_time(45)
    seen.look("idle")
    room.type(pad, "she says it is the first time since the funeral that the chest is not a fist, and then goes quiet")
    seen.look("typing")
    room.press(pad, "Ctrl+Up")
    seen.look("looking back")
    room.press(pad, "Ctrl+E")
    room.type(pad, " and the hands open")
    seen.look("correction")
    room.press(pad, "Return")
    seen.look("corrected, the half-typed line back")
    for _ in range(2):
        room.press(pad, "Escape")
    room.pass_time(300)
    for _ in range(12):
        room.pass_time(1)
    assert pad.cue.gathered == 1.0
    seen.look("cue")
    room.press(pad, "Return")
    for key in ("F6", "Alt+H"):
        room.press(pad, key)
        room.pass_time(30)
    seen.look("active states")
    log.live.signal("come")
    log.live.signal("bp")
    seen.look("signal")
    room.press(pad, "Ctrl+B")
    seen.look("blank with a signal")
    room.press(pad, "x")
    room.press(pad, "Ctrl+Return")
    room.line(pad, "-3 hands were held")
    seen.look("late entry")
    room.press(pad, "Ctrl+Up")
    room.press(pad, "Ctrl+J")
    seen.look("filter")
    room.press(pad, "Alt+End")
    room.line(pad, "99:99")
    seen.look("refused")
    for key in ("Escape", "Escape", "Ctrl+/"):
        room.press(pad, key)
    seen.look("keys")
    for key in ("Ctrl+/", "Ctrl+P"):
        room.press(pad, key)
    seen.look("preparation")
    for key in ("Escape", "Ctrl+Shift+P"):
        room.press(pad, key)
    seen.look("closing")
    room.press(pad, "Escape")
    room.press(pad, "Ctrl+F")
    search = room.window(SearchWindow)
    room.type(search, "water")
    room.wait(lambda: " in " in search.progress.text(), "the end of the search")
    seen.look("search", search)
    home = room.window(HomeWindow, pad.seat)
    room.press(home, "Ctrl+Shift+K")
    seen.look("codebook", home)

    assert pad.live.record.stage is Stage.DOSING
    assert room.screen.lamp.night == SOFT[night]
    assert {state: light for state, light in seen.light.items() if light[0] > MEAN or light[1] > PEAK} == {}
    assert len(seen.light) == 17


def test_the_words_are_full_again_where_the_window_holds_many_lines(room, pad, log):
    pad.resize(*SMALLEST)
    steps = 0
    while room.screen.lamp.is_turning:
        room.screen.lamp.step()
        steps += 1
    pad.resize(1280, 800)
    while room.screen.lamp.is_turning:
        room.screen.lamp.step()

    assert steps > 3  # as slowly as from one night to the other
    assert room.screen.lamp.night == NIGHTS[0]
