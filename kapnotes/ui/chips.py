"""What the line of the vitals log says so far, each reading in a place of its own; or a few words in the same place."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from kapnotes.ui.fonts import sized
from kapnotes.ui.labels import MARK_SIGN
from kapnotes.ui.lamp import Lamp

_VALUE, _SMALL = 0.95, 0.72
ROOM = 1.2

PLACES = (("pressure", 3.2), ("map_mmhg", 2.0), ("heart_rate_bpm", 2.2), ("spo2_percent", 2.0),
          ("respiratory_rate_bpm", 2.2), ("further", 4.0))  # fmt: skip
"""The places from left to right, with their shares of the width; what has no place of its own stands in the last."""


@dataclass(frozen=True, slots=True)
class Chip:
    """One reading: `sign` stands before a value that is outside or unusual, `change` below it."""

    place: str
    name: str
    value: str
    change: str = ""
    sign: str = ""

    @property
    def text(self) -> str:
        """Return all that it says."""
        said = " ".join(part for part in (self.name, self.sign, self.value) if part)
        return f"{said} ({self.change})" if self.change else said


class Chips(QWidget):
    """Two rows at a fixed place with a fixed height: readings with their changes below, or words with words below."""

    def __init__(self, name: str, lamp: Lamp) -> None:
        super().__init__()
        self._lamp = lamp
        self._chips: tuple[Chip, ...] = ()
        self._words = ""
        self._below = ""
        self._is_mark = False
        self._is_struck = False
        self._is_low = False
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._fit()

    def show_chips(self, chips: tuple[Chip, ...], below: str = "", *, is_mark: bool = False) -> None:
        """Show readings; *below* stands in place of their changes, as what is wrong where *is_mark*."""
        self._show(chips, "", below, is_mark=is_mark)

    def show_words(self, words: str, below: str = "", *, is_mark: bool = False, is_struck: bool = False) -> None:
        """Show *words*, and *below* them what is wrong (*is_mark*) or what was said before (*is_struck*)."""
        self._show((), words, below, is_mark=is_mark, is_struck=is_struck)

    def _show(self, chips: tuple[Chip, ...], words: str, below: str, *, is_mark: bool, is_struck: bool = False) -> None:
        now = chips, words, below, is_mark, is_struck
        if now == (self._chips, self._words, self._below, self._is_mark, self._is_struck):
            return
        self._chips, self._words, self._below, self._is_mark, self._is_struck = now
        self.setAccessibleDescription(self.text())
        self.update()

    def chips(self) -> tuple[Chip, ...]:
        """Return the readings that are shown."""
        return self._chips

    def text(self) -> str:
        """Return all that is shown: the readings or the words, and what stands below them."""
        said = "  ·  ".join(chip.text for chip in self._chips) or self._words
        return "  ·  ".join(part for part in (said, self.below()) if part)

    def below(self) -> str:
        """Return what stands in the second row for all places together."""
        return f"{MARK_SIGN} {self._below}" if self._is_mark and self._below else self._below

    # ----------------------------------------------------------------------------------------- painting

    def keep_low(self, *, is_low: bool) -> None:
        """Take one row alone, where the window holds no more lines: what is wrong stands in place of the readings."""
        if is_low != self._is_low:
            self._is_low = is_low
            self._fit()
            self.update()

    def _fit(self) -> None:
        heights = [round(ROOM * QFontMetrics(self._font(factor)).height()) for factor in (_VALUE, _SMALL)]
        self._first_row = heights[0]
        self.setFixedHeight(heights[0] if self._is_low else sum(heights))

    def _font(self, factor: float) -> QFont:
        return sized(QApplication.font(), factor)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the program's type size."""
        if event.type() in {QEvent.Type.ApplicationFontChange, QEvent.Type.FontChange}:
            self._fit()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint each reading at its place, or the words."""
        del event
        painter = QPainter(self)
        above = QRectF(0, 0, self.width(), self._first_row)
        below = QRectF(0, self._first_row, self.width(), self.height() - self._first_row)
        night = self._lamp.night
        if self._is_low:
            below = above
        is_covered = self._is_low and bool(self._below)
        if self._words and not is_covered:
            self._draw(painter, above, self._words, _VALUE, night.text)
        for place, (left, width) in self._boxes().items() if not is_covered else ():
            self._paint_place(painter, place, above, below, left, width)
        if self._below:
            font = self._font(_SMALL)
            font.setStrikeOut(self._is_struck)
            colour = night.mark if self._is_mark else night.dim
            self._draw(painter, below, self.below(), _SMALL, colour, font=font)

    def _boxes(self) -> dict[str, tuple[float, float]]:
        whole = sum(share for _, share in PLACES)
        boxes, left = {}, 0.0
        for place, share in PLACES:
            width = self.width() * share / whole
            boxes[place] = (left, width)
            left += width
        return boxes

    def _paint_place(
        self, painter: QPainter, place: str, above: QRectF, below: QRectF, left: float, width: float
    ) -> None:
        night, gap = self._lamp.night, QFontMetrics(self._font(_SMALL)).horizontalAdvance("  ")
        right, x = left + width - gap, left
        for chip in (one for one in self._chips if one.place == place):
            begin = x
            for text, factor, colour in (
                (chip.name, _SMALL, night.dim),
                (
                    f"{chip.sign} {chip.value}" if chip.sign else chip.value,
                    _VALUE,
                    night.mark if chip.sign else night.text,
                ),
            ):
                room = QRectF(x, above.top(), max(0.0, right - x), above.height())
                x += self._draw(painter, room, text, factor, colour) + gap / 2
            if chip.change and not self._below and not self._is_low:
                room = QRectF(begin, below.top(), max(0.0, right - begin), below.height())
                self._draw(painter, room, chip.change, _SMALL, night.dim)
            x += gap

    def _draw(
        self, painter: QPainter, room: QRectF, text: str, factor: float, colour: str, *, font: QFont | None = None
    ) -> float:
        """Paint *text*, as much of it as there is room for; returns its width."""
        font = font or self._font(factor)
        metrics = QFontMetrics(font)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.setFont(font)
        painter.setPen(QColor(colour))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        return metrics.horizontalAdvance(shown)
