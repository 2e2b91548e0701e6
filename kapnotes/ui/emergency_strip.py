"""The steps of an emergency, each on one key, in the place of the chart or of the table: large, still, as it was done.

The order never changes and is no guideline. Nothing flashes, nothing sounds, and no key waits for another one.
"""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from kapnotes.domain.emergency_step import EmergencyAct, EmergencyStep
from kapnotes.domain.emergency_timeline import Emergency, act_of
from kapnotes.domain.emergency_words import act_in_words, step_in_words
from kapnotes.domain.entries import Entry
from kapnotes.ui.fonts import sized
from kapnotes.ui.keys import EMERGENCY_KEYS, sequence_of
from kapnotes.ui.labels import MARK_SIGN
from kapnotes.ui.lamp import Lamp
from kapnotes.ui.times import clock_time, duration

LARGEST, STEP = 1.35, 0.05
"""Sizes of type, as multiples of the program's, from which the largest is taken with which all steps fit."""

SMALLEST_PT = 8.0
"""No type is smaller than this, in points; the program's own is 11, and twice that where it was made larger."""

MARGIN = 6.0
ROW, TIGHT = 1.3, 0.95
"""How high a line is beside its type: comfortably, and at the least."""


class Plan(NamedTuple):
    """Which type, as a multiple of the program's (0: not even the smallest fits), columns, and height of a line."""

    factor: float
    font: QFont
    columns: int
    row: float


class EmergencyStrip(QWidget):
    """Paints what *read* gives: the emergency, or None, and for how many seconds it went on. It stamps nothing."""

    pressed = Signal(str)
    typed = Signal(str)
    left = Signal()

    def __init__(self, body: QWidget, lamp: Lamp, read: Callable[[], tuple[Emergency | None, float]]) -> None:
        super().__init__(body)
        self._lamp = lamp
        self._read = read
        self._said = ""
        lamp.changed.connect(self.update)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.tr("Steps of the emergency, one key each"))
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the keys of the steps; a digit begins a reading, which belongs into the line."""
        if event.isAutoRepeat():
            return
        plain = not event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        key = "Backspace" if event.key() == Qt.Key.Key_Backspace else event.text().upper()
        name = next((name for name, sequence in EMERGENCY_KEYS.items() if sequence == key), "")
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif plain and name:
            self.pressed.emit(name)
        elif plain and event.text().isdigit():
            self.typed.emit(event.text())
        elif not plain or not event.text():
            super().keyPressEvent(event)

    def look(self) -> None:
        """Count on, and let a screen reader know the newest step."""
        emergency, _ = self._read()
        if self.isVisible():
            self.update()
        steps = emergency.steps if emergency is not None else ()
        said = words_of_step(steps[-1]) if steps else ""
        if said != self._said:
            self._said = said
            self.setAccessibleDescription(said)

    # -------------------------------------------------------------------------------------------- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the clock, the keys with what was stamped, and what the other keys do."""
        del event
        painter, night = QPainter(self), self._lamp.night
        painter.fillRect(self.rect(), QColor(night.ground))
        painter.setPen(QColor(night.dim if self.hasFocus() else night.line))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        emergency, ran_s = self._read()
        cells = self._cells(emergency)
        plan = self.plan(self.size())
        self._paint_head(painter, plan, emergency, duration(ran_s))
        wide = (self.width() - 2 * MARGIN) / plan.columns
        painter.setFont(plan.font)
        rows = -(-len(cells) // plan.columns)
        for place, (key, words, stamped) in enumerate(cells):
            x, y = MARGIN + place // rows * wide, plan.row * (1.15 + place % rows)
            key_wide = QFontMetricsF(plan.font).horizontalAdvance("WW")
            painter.setPen(QColor(night.text))
            painter.drawText(QRectF(x, y, key_wide, plan.row), Qt.AlignmentFlag.AlignCenter, key)
            painter.setPen(QColor(night.text if stamped else night.dim))
            shown = "  ".join(filter(None, (words, stamped)))
            room = QRectF(x + key_wide, y, wide - key_wide - MARGIN, plan.row)
            self._paint_line(painter, room, shown)
        painter.setPen(QColor(night.dim))
        foot = QRectF(MARGIN, plan.row * (1.15 + rows), self.width() - 2 * MARGIN, plan.row)
        painter.setFont(sized(plan.font, 0.85))
        self._paint_line(painter, foot, self._foot_words(emergency))

    def _paint_head(self, painter: QPainter, plan: Plan, emergency: Emergency | None, ran: str) -> None:
        if emergency is None:
            return
        since = clock_time(emergency.since)
        words = self.tr("Emergency since {}").format(since)
        if emergency.ended is not None:
            words = self.tr("Emergency {since} to {end}").format(since=since, end=clock_time(emergency.ended))
        painter.setPen(QColor(self._lamp.night.mark))
        painter.setFont(sized(plan.font, 1.1, is_bold=True))
        head = QRectF(MARGIN, 0, self.width() - 2 * MARGIN, plan.row * 1.15)
        painter.drawText(head, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, ran)
        painter.drawText(head, Qt.AlignmentFlag.AlignVCenter, f"{MARK_SIGN} {words}")

    @staticmethod
    def _paint_line(painter: QPainter, room: QRectF, text: str) -> None:
        shown = QFontMetricsF(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)

    def plan(self, room: QSize) -> Plan:
        """Return the largest type with which every step has its place in *room*; the smallest where none has."""
        cells, factor = self._cells(None), LARGEST
        while True:
            font = sized(QApplication.font(), factor)
            metrics = QFontMetricsF(font)
            key_wide = metrics.horizontalAdvance("WW") + MARGIN
            widest = max(key_wide + metrics.horizontalAdvance(f"{words}  00:00 ×0") for _, words, _ in cells)
            columns = max(1, int((room.width() - 2 * MARGIN) // widest))
            lines = 2.15 + -(-len(cells) // columns)
            if metrics.height() * ROW * lines <= room.height():
                return Plan(factor, font, columns, metrics.height() * ROW)
            if font.pointSizeF() <= SMALLEST_PT:  # as close as the lines can stand
                row = max(metrics.height() * TIGHT, room.height() / lines)
                return Plan(factor if row * lines <= room.height() else 0.0, font, columns, row)
            factor -= STEP

    def _cells(self, emergency: Emergency | None) -> list[tuple[str, str, str]]:
        """Return key, words and when it was stamped last, in the order of the keys."""
        steps = emergency.steps if emergency is not None else ()
        return [
            (sequence, key_words(name), _when([step for step in steps if _name_of(step) == name]))
            for name, sequence in EMERGENCY_KEYS.items()
            if name != "take_back"
        ]

    def _foot_words(self, emergency: Emergency | None) -> str:
        parts = [self.tr("no guideline: the order is fixed")]
        if emergency is not None:
            last = words_of_step(emergency.steps[-1])
            parts.insert(0, self.tr("{key} takes back: {step}").format(key=EMERGENCY_KEYS["take_back"], step=last))
        parts.append(self.tr("digits: a reading"))
        parts.append(self.tr("Esc: the line, {key}: hide").format(key=sequence_of("emergency")))
        return "  ·  ".join(parts)


def words_of_step(step: Entry) -> str:
    """Return when a step was done, to the second, and what it was."""
    body, translate = step.body, QCoreApplication.translate
    words = step_in_words(body, translate) if isinstance(body, EmergencyStep) else ""
    return f"{clock_time(step.happened, with_seconds=True)} {words}"


def key_words(name: str) -> str:
    """Return what the key of that name stamps, or where it leads."""
    translate = QCoreApplication.translate
    if name == "drug":
        return translate("EmergencyStrip", "drug given: to the line")
    if name == EmergencyAct.CPR_STARTED:
        return translate("EmergencyStrip", "CPR start, stop")
    if name == EmergencyAct.NOTE:
        return translate("EmergencyStrip", "a word: to the line")
    if name == EmergencyAct.ENDED:
        return translate("EmergencyStrip", "ended: press twice")
    return act_in_words(EmergencyAct(name), translate)


def _name_of(step: Entry) -> str:
    act = act_of(step)
    return EmergencyAct.CPR_STARTED if act is EmergencyAct.CPR_STOPPED else str(act)


def _when(steps: list[Entry]) -> str:
    """Return when it was done last, and how often if it was more than once."""
    if not steps:
        return ""
    time = clock_time(steps[-1].happened)
    return time if len(steps) == 1 else f"{time} ×{len(steps)}"
