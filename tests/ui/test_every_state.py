"""Every state in which a pad is seen, in both nights and on the smallest screen, is as dark as the night allows.

A laptop at 200 % has 640 by 400 pixels for the window: there words cover most of it, and the bar is hardest to hold.
"""

from PySide6.QtWidgets import QApplication

from kapnotes.domain.entries import Stage
from kapnotes.ui.calm_line import FADE_MS, CalmLine
from kapnotes.ui.home import HomeWindow
from kapnotes.ui.lamp import STEPS
from kapnotes.ui.palette import EMBER, NIGHTS, SOFT
from kapnotes.ui.search import SearchWindow
from tests.ui.test_looks import MEAN, PEAK, measure

SMALLEST = (640, 400)
NOTES = (
    ("hands unclench", ""),
    ("it's all water", "quote"),
    ("jaw loosens, breath gets deeper and slower", "body"),
    ("a long corridor with blue light at its end, no fear of it, and then the sea", "imagery"),
    ("brother at the lake, summer of the drought", "memory"),
    ("I can put it down now", "quote"),
)


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
        lamp = self.room.screen.lamp
        for night in NIGHTS:
            lamp.night = SOFT[night]
            lamp.changed.emit()
            self.light[night.name, state] = measure(window)


def turned(lamp):
    """Let the lamp come to the end of its turn; return in how many steps."""
    steps = 0
    while lamp.is_turning:
        lamp.step()
        steps += 1
    return steps


def test_every_state_of_a_pad_on_the_smallest_screen_is_within_the_light_of_the_night(room, pad, log):
    lamp = room.screen.lamp
    pad.resize(*SMALLEST)
    assert turned(lamp) == STEPS - 1  # as slowly as from one night to the other
    assert lamp.night == SOFT[EMBER]
    seen = Seen(room, pad)
    room.line(log, "128/76 72 98 14 s5")
    room.line(log, "inf 35/40")
    pad.live.intention("look at what is underneath the constant low-grade anxiety")
    for text, code in NOTES:
        pad.live.note(text, code)
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
        room.clock.advance(1)
        pad.look()
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
    assert {state: light for state, light in seen.light.items() if light[0] > MEAN or light[1] > PEAK} == {}
    assert len(seen.light) == 17 * len(NIGHTS)
    for window in room.desk.windows:
        window.resize(1280, 800)
    turned(lamp)
    assert lamp.night == EMBER
