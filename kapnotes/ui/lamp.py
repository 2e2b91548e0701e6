"""The light all windows are in: one night palette, which turns into the other so slowly that no light jumps."""

from dataclasses import fields

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QColor

from kapnotes.ui.luminance import between
from kapnotes.ui.palette import EMBER, NIGHTS, SOFT, Night

STEPS = 6
STEP_MS = 700
"""A turn takes so many steps, so far apart: within any second the mean light changes by less than a tenth."""


class Lamp(QObject):
    """Handed to whatever paints itself, which reads `night` each time it does so and need not know that it turns."""

    changed = Signal()

    def __init__(self, night: Night = EMBER) -> None:
        super().__init__()
        self.night = night
        """The colours of this moment; while the lamp turns they lie between two palettes."""
        self.chosen = night
        """The palette that it is, or is on its way to."""
        self._is_soft = False
        self._before = night
        self._step = STEPS
        self._pace = QTimer(self)
        self._pace.setInterval(STEP_MS)
        self._pace.timeout.connect(self.step)

    @property
    def is_turning(self) -> bool:
        """Tell whether it is on its way from one palette to another."""
        return self._pace.isActive()

    @Slot()
    def turn(self) -> None:
        """Begin to turn into the next palette, from whatever the colours are now."""
        self.chosen = NIGHTS[(NIGHTS.index(self.chosen) + 1) % len(NIGHTS)]
        self._begin()

    def soften(self, is_soft: bool, *, at_once: bool) -> None:
        """Turn into the softer colours of the same night, or back; *at_once* where no window is seen yet."""
        if is_soft is self._is_soft:
            return
        self._is_soft = is_soft
        if at_once:
            self._step = STEPS - 1
            self.step()
        else:
            self._begin()

    def _begin(self) -> None:
        self._before = self.night
        self._step = 0
        self._pace.start()
        self.step()

    @Slot()
    def step(self) -> None:
        """Go one step on; the timer does so until the palette is reached."""
        self._step += 1
        wanted = SOFT[self.chosen] if self._is_soft else self.chosen
        if self._step >= STEPS:
            self._pace.stop()
            self.night = wanted
        else:
            self.night = mixed(self._before, wanted, self._step / STEPS)
        self.changed.emit()

    def rest(self) -> None:
        """Stay as it is from now on."""
        self._pace.stop()


def mixed(first: Night, second: Night, share: float) -> Night:
    """Return colours whose light lies between two palettes."""
    colours = {
        field.name: between(QColor(getattr(first, field.name)), QColor(getattr(second, field.name)), share).name()
        for field in fields(Night)
        if field.name != "name"
    }
    return Night(name=second.name, **colours)
