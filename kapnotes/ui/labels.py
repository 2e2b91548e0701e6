"""Labels in a multiple of the program's type; those that change all the time disturb nothing around them."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QApplication, QLabel, QSizePolicy

from kapnotes.ui.fonts import sized
from kapnotes.ui.palette import DIM, MARK

ROOM = 1.2
"""How much higher than its typeface a line is, so that a sign of another typeface, as in SpO₂, moves nothing."""

MARK_SIGN = "!"
"""Stands before bad news and readings outside the protocol, so that no meaning hangs on a colour."""

KERNING = 1.05
"""By no more than this is a line wider than its signs, one by one."""


class ScaledLabel(QLabel):
    """A label whose type is a multiple of the program's, also after the program's was changed."""

    def __init__(self, factor: float = 1.0, *, is_bold: bool = False, is_dim: bool = False) -> None:
        super().__init__()
        self._factor = factor
        self._is_bold = is_bold
        self._sample: str | None = None
        self._is_mark = False
        self._role = DIM if is_dim else QPalette.ColorRole.NoRole
        self.setForegroundRole(self._role)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._scale()

    def _scale(self) -> None:
        self.setFont(sized(QApplication.font(), self._factor, is_bold=self._is_bold))

    def keep_room_for(self, sample: str) -> None:
        """Never be smaller than a line of *sample*, each 0 standing for the widest digit, so that nothing moves."""
        self._sample = sample
        self._keep_room()

    def _keep_room(self) -> None:
        if self._sample is not None:
            metrics = self.fontMetrics()
            widest = max("0123456789", key=metrics.horizontalAdvance)
            wide = metrics.horizontalAdvance(self._sample.replace("0", widest))
            self.setMinimumSize(wide, round(ROOM * metrics.height()))

    def set_factor(self, factor: float) -> None:
        """Be that multiple of the program's type from now on."""
        if factor != self._factor:
            self._factor = factor
            self.rescale()

    def rescale(self) -> None:
        """Follow the program's type size; Qt tells a widget with a typeface of its own nothing of it."""
        self._scale()
        self._keep_room()

    def paint_words(self, words: str) -> None:
        """Paint *words* as a label does that has neither frame nor margins: by Qt it takes a call of the style more."""
        QPainter(self).drawText(self.rect(), self.alignment(), words)

    @property
    def is_mark(self) -> bool:
        """Tell whether it is shown as a mark."""
        return self._is_mark

    def set_mark(self, is_mark: bool) -> None:
        """Show it as a mark, or as plain text."""
        if self._is_mark is not is_mark:
            self._is_mark = is_mark
            self.setForegroundRole(MARK if is_mark else self._role)


class ClockLabel(ScaledLabel):
    """A label whose words change all the time, at a fixed place: a change is told to no layout and paints nothing else.

    Qt tells of a change of words every layout up to the window, unless the label's size is fixed, and it paints all
    that lies behind a label unless that has a ground of its own. Both together are most of what a clock costs.
    """

    def __init__(self, sample: str, factor: float = 1.0, *, is_bold: bool = False) -> None:
        super().__init__(factor, is_bold=is_bold)
        self.setAutoFillBackground(True)
        self.keep_room_for(sample)

    def _keep_room(self) -> None:
        if self._sample is not None:
            super()._keep_room()
            self.setFixedSize(max(self.minimumWidth(), self.sizeHint().width()), self.minimumHeight())

    def setText(self, text: str) -> None:
        """Show *text*; one that is longer than the sample gets the room it needs."""
        is_longer = len(text) > len(self.text())
        super().setText(text)
        if is_longer:
            self._keep_room()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the words, without the frame that a label may have."""
        del event
        self.paint_words(self.text())


class ElidedLabel(ScaledLabel):
    """A label of one line that shortens itself with an ellipsis where there is no room; `text` is the whole text.

    It paints its words itself: Qt's label tells every layout up to the window that its words are others, though its
    size does not depend on them. A screen reader hears the whole text, unless the label has a name.
    """

    def __init__(
        self, factor: float = 1.0, *, is_bold: bool = False, is_dim: bool = False, is_struck: bool = False
    ) -> None:
        self._whole = self._shown = ""
        self._is_struck = is_struck
        self._widths: dict[str, int] = {}
        super().__init__(factor, is_bold=is_bold, is_dim=is_dim)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def _scale(self) -> None:
        super()._scale()
        if self._is_struck:
            font = self.font()
            font.setStrikeOut(True)
            self.setFont(font)
        self._widths.clear()
        self.setFixedHeight(round(ROOM * self.fontMetrics().height()))

    def text(self) -> str:
        """Return the whole text."""
        return self._whole

    def shown(self) -> str:
        """Return as much of it as there is room for."""
        return self._shown

    def setText(self, text: str) -> None:
        """Show *text*, as much of it as there is room for."""
        if text != self._whole:
            if self.accessibleName() == self._whole:
                self.setAccessibleName(text)
            self._whole = text
            self._elide()

    def _elide(self) -> None:
        shown = self._whole
        if not self._surely_fits():
            shown = self.fontMetrics().elidedText(shown, Qt.TextElideMode.ElideRight, self.width())
        if shown != self._shown:
            self._shown = shown
            self.update()

    def _surely_fits(self) -> bool:
        """Tell whether the widths of the signs come to less than the room: to lay a line out takes far longer."""
        widths = self._widths
        for sign in self._whole:
            if sign not in widths:
                widths[sign] = self.fontMetrics().horizontalAdvance(sign)
        return sum(map(widths.__getitem__, self._whole)) * KERNING < self.width()

    def rescale(self) -> None:
        """Follow the program's type size, and shorten anew."""
        super().rescale()
        self._elide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what there is room for."""
        del event
        self.paint_words(self._shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten anew."""
        super().resizeEvent(event)
        self._elide()
