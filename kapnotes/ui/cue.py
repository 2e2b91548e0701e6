"""The cue that asks without a sound: light that gathers and travels along a thin bar, and never more of it.

A bar of even, dim light. When something is asked for, the light gathers into one wave over some seconds and wanders
slowly along the bar; when it is answered it spreads again. The mean luminance is the same in every frame, nothing
flashes, and no place of the bar goes from dark to full in less than some seconds. The time is handed in with each look,
so the cue has no timer and wakes nothing. Source: the night's budget (design, §7) and field notes on quiet reminders:
change over a second or more at constant mean, no flash.
"""

import math

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kapnotes.ui.lamp import Lamp
from kapnotes.ui.luminance import Shades

BANDS = 64
"""Into so many pieces of one colour the bar is painted; over all of them the wave adds up to nothing."""

BAR_PX, THIN_PX, EDGE_PX = 6, 3, 1
"""How high the bar is, how high where there is little room, and what is dark above and below it."""

MEAN = 0.06
"""Relative luminance of the bar, also while it asks; its brightest place then has twice that."""

GATHERS_S = 8.0
SPREADS_S = 4.0
"""How long the light takes to gather into a wave, and to spread evenly again."""

PERIOD_S = 24.0
"""How long the wave takes along the bar and around."""

MAX_STEP_S = 1.5
"""No look moves the light by more than this, also after a suspend of an hour."""

LEAST_STEP_S = 0.25
"""A look that comes sooner after another, as with every entry, would move nothing that is seen."""


class Cue(QWidget):
    """The bar. It says nothing by itself: the words beside it say what is asked for."""

    def __init__(self, lamp: Lamp) -> None:
        super().__init__()
        self._lamp = lamp
        self._colour = ""
        self._shades = Shades(QColor())
        self._at_s: float | None = None
        self.gathered = 0.0
        """How far the light has gathered, from 0 (even) to 1."""
        self.phase = 0.0
        """Where the wave is along the bar, from 0 to 1."""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAutoFillBackground(True)  # light that moves paints nothing else
        self.be_thin(False)
        self.setAccessibleName(self.tr("Quiet cue"))

    def be_thin(self, is_thin: bool) -> None:
        """Be half as high, where there is little room and every line is a larger part of the window's light."""
        self.setFixedHeight((THIN_PX if is_thin else BAR_PX) + 2 * EDGE_PX)

    def look(self, is_asking: bool, at_s: float) -> None:
        """Go on to the moment *at_s* (seconds on any clock that does not jump); repaints only while light moves."""
        if self._at_s is not None and 0.0 <= at_s - self._at_s < LEAST_STEP_S:
            return
        passed_s = 0.0 if self._at_s is None else min(max(0.0, at_s - self._at_s), MAX_STEP_S)
        self._at_s = at_s
        step = passed_s / GATHERS_S if is_asking else -passed_s / SPREADS_S
        depth = min(1.0, max(0.0, self.gathered + step))
        if depth == 0.0 and self.gathered == 0.0:
            return
        self.gathered, self.phase = depth, (self.phase + passed_s / PERIOD_S) % 1.0
        self.update()

    def levels(self) -> list[float]:
        """Return the relative luminance of each band."""
        turns = ((band + 0.5) / BANDS - self.phase for band in range(BANDS))
        return [MEAN * (1.0 + self.gathered * math.cos(math.tau * turn)) for turn in turns]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bands, all of one width, so that each counts the same."""
        del event
        painter = QPainter(self)
        if self._colour != self._lamp.night.text:
            self._colour = self._lamp.night.text
            self._shades = Shades(QColor(self._colour))
        width = self.width() // BANDS
        left = (self.width() - BANDS * width) // 2
        for band, level in enumerate(self.levels()):
            place = QRect(left + band * width, EDGE_PX, width, self.height() - 2 * EDGE_PX)
            painter.fillRect(place, self._shades.at(level))
