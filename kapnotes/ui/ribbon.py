"""The phase ribbon: where in the course of this route the session is, from the first dose."""

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from kapnotes.domain.protocol import Protocol
from kapnotes.ui.fonts import sized
from kapnotes.ui.labels import ROOM
from kapnotes.ui.lamp import Lamp

SMALL = 0.82
"""The size of a name, as a part of the program's type."""

BELOW_PX = 10
"""Room below the names, for the bar and its caret."""

RUNNING_PX, THIN_PX = 5, 3
"""How thick the stretch is that runs, and how thick where every line is a larger part of the window's light."""

TAIL_MIN = 30
"""Minutes of recovery that the ribbon shows."""


class Ribbon(QWidget):
    """Five stretches and a caret; the stretch that runs is underlined stronger and named in full light."""

    def __init__(self, lamp: Lamp) -> None:
        super().__init__()
        self._lamp = lamp
        self._protocol: Protocol | None = None
        self._elapsed_s: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAutoFillBackground(True)  # a caret that moves paints nothing else
        self._label_px = 0
        self._running_px = RUNNING_PX
        self._fit()
        self.setAccessibleName(self.tr("Phases"))

    def show_course(self, protocol: Protocol | None, elapsed_s: float | None) -> None:
        """Show where *elapsed_s* since the first dose lies."""
        is_moved = self._protocol is not protocol or self._minute(self._elapsed_s) != self._minute(elapsed_s)
        self._protocol, self._elapsed_s = protocol, elapsed_s
        if is_moved:
            self.setAccessibleDescription(self._names()[self.phase_index()])
            self.update()

    def be_thin(self, is_thin: bool) -> None:
        """Underline the stretch that runs with less light; nothing moves."""
        self._running_px = THIN_PX if is_thin else RUNNING_PX
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the program's type size: a name above the bar is never cut."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.ApplicationFontChange, QEvent.Type.FontChange}:
            self._fit()

    def _fit(self) -> None:
        self._label_px = round(ROOM * QFontMetrics(sized(QApplication.font(), SMALL)).height())
        self.setFixedHeight(self._label_px + BELOW_PX)

    @staticmethod
    def _minute(elapsed_s: float | None) -> int | None:
        return None if elapsed_s is None else int(elapsed_s // 10)

    def phase_index(self) -> int:
        """Return the running phase: 0 prep, 1 onset, 2 peak, 3 return, 4 recovery."""
        if self._elapsed_s is None or self._elapsed_s < 0 or self._protocol is None:
            return 0
        minutes = self._elapsed_s / 60
        return sum(minutes >= start for start in self._protocol.phases_min)

    def _names(self) -> tuple[str, ...]:
        return (self.tr("prep"), self.tr("onset"), self.tr("peak"), self.tr("return"), self.tr("recovery"))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the five stretches."""
        del event
        painter = QPainter(self)
        painter.setFont(sized(QApplication.font(), SMALL))
        top = self._label_px
        if self._protocol is None:
            return
        night = self._lamp.night
        starts = self._protocol.phases_min
        total = starts[3] + TAIL_MIN
        prep = 0.12 * self.width()
        scale = (self.width() - prep) / total
        edges = [0.0, prep, *(prep + start * scale for start in starts[1:]), float(self.width())]
        running = self.phase_index()
        for index, name in enumerate(self._names()):
            left, right = edges[index], edges[index + 1]
            is_running = index == running
            painter.fillRect(
                QRectF(left + 1, top + 2, right - left - 2, self._running_px if is_running else 2),
                QColor(night.dim if is_running else self._lamp.night.line),
            )
            painter.setPen(QColor(night.text if is_running else self._lamp.night.dim))
            shown = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(right - left - 2))
            painter.drawText(QRectF(left, 0, right - left, top), Qt.AlignmentFlag.AlignCenter, shown)
        if self._elapsed_s is not None:
            at = prep + max(0.0, min(self._elapsed_s / 60, total)) * scale
            painter.fillRect(QRectF(at - 1, top - 2, 3, 11), QColor(night.text))
