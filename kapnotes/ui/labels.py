"""Labels that follow the program's type size: plain ones, and those of one line that shorten themselves."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QApplication, QLabel, QSizePolicy

from kapnotes.ui.fonts import sized
from kapnotes.ui.palette import DIM, MARK

ROOM = 1.2
"""How much higher than its typeface a line is, so that a sign of another typeface, as in SpO₂, moves nothing."""

MARK_SIGN = "!"
"""Stands before bad news and readings outside the protocol, so that no meaning hangs on a colour."""


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

    @property
    def is_mark(self) -> bool:
        """Tell whether it is shown as a mark."""
        return self._is_mark

    def set_mark(self, is_mark: bool) -> None:
        """Show it as a mark, or as plain text."""
        if self._is_mark is not is_mark:
            self._is_mark = is_mark
            self.setForegroundRole(MARK if is_mark else self._role)


class ElidedLabel(ScaledLabel):
    """A label of one line that shortens itself with an ellipsis where there is no room; `text` is the whole text."""

    def __init__(
        self, factor: float = 1.0, *, is_bold: bool = False, is_dim: bool = False, is_struck: bool = False
    ) -> None:
        self._whole = ""
        self._is_struck = is_struck
        super().__init__(factor, is_bold=is_bold, is_dim=is_dim)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def _scale(self) -> None:
        super()._scale()
        if self._is_struck:
            font = self.font()
            font.setStrikeOut(True)
            self.setFont(font)
        self.setFixedHeight(round(ROOM * self.fontMetrics().height()))

    def text(self) -> str:
        """Return the whole text."""
        return self._whole

    def setText(self, text: str) -> None:
        """Show *text*, as much of it as there is room for."""
        self._whole = text
        self._elide()

    def _elide(self) -> None:
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, self.width())
        if shown != super().text():
            super().setText(shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten anew."""
        super().resizeEvent(event)
        self._elide()
