"""What gives way on the pad where there is little room, so that the notes keep most of it.

A laptop at 200 % has 640 by 400 pixels for the window. There the codebook's keys go (one key shows them), the clocks
are smaller, names stand beside what they name, and the intention, what was agreed and what is looked back at share one
row.
"""

from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from kapnotes.ui.labels import ElidedLabel
from kapnotes.ui.pad_looking_back import LookingLine
from kapnotes.ui.strip import Strip

ROOMY_FROM_PX = 560
"""Height of the window from which on everything has its own place."""

CLOCKS = 2.3
SMALL_CLOCKS = 1.6
"""How large the clocks are, as a multiple of the program's type: readable at one metre, or as far as there is room."""

SHARES = (9, 7, 4, 8)
"""How wide check-in, vitals, saving and the route's timer are then, beside each other."""

SAVING_PART = 2
"""The one of them that says "saved" or what is not, and needs no name."""


class Aside(QStackedWidget):
    """One row in which, where there is little room, one of two lines is shown: the intention, or the row looked at."""

    def __init__(self, place: LookingLine) -> None:
        super().__init__()
        self._place = place
        self.intention = ElidedLabel(0.85, is_dim=True)
        self.intention.setAccessibleName(self.tr("Intention, and what was agreed"))
        self.addWidget(self.intention)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.hide()
        place.changed.connect(self._choose)

    def show_words(self, *words: str) -> None:
        """Show *words* beside each other, as many as there is room for."""
        line = "     ".join(one for one in words if one)
        if line != self.intention.text():
            self.intention.setText(line)

    def take(self) -> None:
        """Let the row looked at be shown here."""
        self.addWidget(self._place)
        self._choose()
        self.show()

    def _choose(self) -> None:
        if self.indexOf(self._place) >= 0:
            self.setCurrentWidget(self._place if self._place.has_words else self.intention)


class PadRoom:
    """The two ways in which a pad is laid out; the half-typed line and what is chosen stay as they are."""

    def __init__(
        self,
        column: QVBoxLayout,
        aside: Aside,
        place: LookingLine,
        strip: Strip,
        giving_way: tuple[QWidget, ...],
    ) -> None:
        self._column = column
        self._aside = aside
        self._place = place
        self._at = column.indexOf(place)
        self._strip = strip
        self._giving_way = giving_way
        self.is_small = False

    def fit(self, height_px: int, *, is_low: bool) -> None:
        """Lay out for a window of that height, which holds few lines of its own type where it *is_low*."""
        is_small = height_px < ROOMY_FROM_PX or is_low
        self._column.setSpacing(0 if is_low else 2 if is_small else 4)
        if is_small is self.is_small:
            return
        self.is_small = is_small
        for widget in self._giving_way:
            widget.setVisible(not is_small)
        self._strip.set_low(SHARES if is_small else (), nameless=SAVING_PART)
        if is_small:
            self._column.removeWidget(self._place)
            self._aside.take()
        else:
            self._aside.hide()
            self._column.insertWidget(self._at, self._place)
            self._place.show()
