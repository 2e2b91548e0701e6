"""The pages as they would be saved, in the night's colours; one key shows them as on paper."""

from PySide6.QtCore import QRect, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFocusEvent, QImage, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea

from kapnotes.app.documents import Look
from kapnotes.app.preview import Shown
from kapnotes.ui.lamp import Lamp
from kapnotes.ui.luminance import between

ZOOMS = (0.5, 0.7, 1.0, 1.25, 1.5, 2.0, 3.0)
"""How wide a page is, of the room that there is for it."""

FITS = ZOOMS.index(1.0)
EDGE_PX = 6
LINE_PX = 48
OVERLAP = 0.9
"""How far a key that turns on goes, of what is in sight."""


class PagesView(QAbstractScrollArea):
    """One page of the summary; `look_changed` asks for the picture of another page, or of the same one otherwise."""

    look_changed = Signal(object)

    def __init__(self, lamp: Lamp) -> None:
        super().__init__()
        self._lamp = lamp
        self._shown: Shown | None = None
        self._image = QImage()
        self._words = self.tr("The pages are being made…")
        self._coloured = "", ""
        self._colours: list[int] = []
        self._number = 0
        self._zoom = FITS
        self._is_on_paper = False
        self._goes_to_end = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("The pages as they would be saved"))
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # else its coming would change the room
        lamp.changed.connect(self._take_colours)

    # ------------------------------------------------------------------------------------------- showing

    def look(self) -> Look:
        """Return what is to be seen now."""
        room = max(80, self.viewport().width() - 2 * EDGE_PX)
        return Look(self._number, round(room * ZOOMS[self._zoom] * self.devicePixelRatioF()), self._is_on_paper)

    def show_page(self, shown: Shown) -> None:
        """Show that page; what of it is in sight stays, where it is the same one."""
        is_other = self._shown is None or self._shown.number != shown.number
        self._shown, self._number = shown, shown.number
        picture = shown.picture
        form = QImage.Format.Format_RGB32 if picture.is_in_colour else QImage.Format.Format_Indexed8
        self._image = QImage(picture.pixels, picture.width_px, picture.height_px, picture.stride, form)
        self.setAccessibleDescription(picture.text)
        self._take_colours()
        self._fit_bars()
        if is_other:
            bar = self.verticalScrollBar()
            bar.setValue(bar.maximum() if self._goes_to_end else 0)
        self._goes_to_end = False
        self.viewport().update()

    def show_words(self, words: str) -> None:
        """Say *words* in place of the pages: none is shown that is not as it would be saved."""
        self._shown, self._words = None, words
        self._image = QImage()
        self.setAccessibleDescription(words)
        self._fit_bars()
        self.viewport().update()

    @property
    def place(self) -> tuple[int, int] | None:
        """Return which page of how many is seen, from 1; None where none is."""
        return None if self._shown is None else (self._shown.number + 1, self._shown.count)

    @property
    def released_count(self) -> int:
        """Return how many released lines the pages have, as whoever made them counted."""
        return 0 if self._shown is None else self._shown.released_count

    @property
    def is_on_paper(self) -> bool:
        """Tell whether it is seen as on paper, white."""
        return self._is_on_paper

    @Slot()
    def _take_colours(self) -> None:
        """Let what is black on paper be of the night's dim text, on the night's ground: a full page is much light."""
        night = self._lamp.night
        if (night.ground, night.dim) != self._coloured:
            self._coloured = night.ground, night.dim
            ground, ink = QColor(night.ground), QColor(night.dim)
            self._colours = [between(ground, ink, 1 - grey / 255).rgb() for grey in range(256)]
        if self._image.format() is QImage.Format.Format_Indexed8:
            self._image.setColorTable(self._colours)
            self.viewport().update()

    def _size(self) -> tuple[int, int]:
        """Return width and height of the page on the screen, as it is to be, whatever picture there is of it."""
        if self._image.isNull():
            return 0, 0
        width = round(self.look().width_px / self.devicePixelRatioF())
        return width, round(width * self._image.height() / self._image.width())

    def _fit_bars(self) -> None:
        width, height = self._size()
        room = self.viewport().size()
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setRange(0, max(0, width + 2 * EDGE_PX - room.width()))
        down.setRange(0, max(0, height + 2 * EDGE_PX - room.height()))
        across.setPageStep(room.width())
        down.setPageStep(round(OVERLAP * room.height()))
        across.setSingleStep(LINE_PX)
        down.setSingleStep(LINE_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is in sight of the page, and its edge."""
        del event
        painter, room = QPainter(self.viewport()), self.viewport().rect()
        night = self._lamp.night
        painter.fillRect(room, QColor(night.ground))
        if self._image.isNull():
            painter.setPen(QColor(night.dim))
            wrap = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignCenter
            painter.drawText(room.adjusted(16, 16, -16, -16), wrap, self._words)
            return
        width, height = self._size()
        left = max(EDGE_PX, (room.width() - width) // 2) - self.horizontalScrollBar().value()
        page = QRect(left, EDGE_PX - self.verticalScrollBar().value(), width, height)
        seen = page.intersected(room)
        scale = self._image.width() / width
        part = QRect(
            round((seen.x() - page.x()) * scale),
            round((seen.y() - page.y()) * scale),
            round(seen.width() * scale),
            round(seen.height() * scale),
        )
        painter.drawImage(seen, self._image.copy(part))  # a part alone: a large page is not worked through at each step
        painter.setPen(QPen(QColor(night.dim if self.hasFocus() else night.line), 1))
        painter.drawRect(page.adjusted(-1, -1, 0, 0))

    # ---------------------------------------------------------------------------------------------- keys

    def turn(self, pages: int, *, to_end: bool = False) -> None:
        """Go on by so many pages, or back; the first and the last one stay."""
        count = self._shown.count if self._shown is not None else 1
        number = min(max(0, self._number + pages), count - 1)
        if number != self._number:
            self._number, self._goes_to_end = number, to_end
            self._ask()

    @Slot()
    def turn_on(self) -> None:
        """Show the next page."""
        self.turn(1)

    @Slot()
    def turn_back(self) -> None:
        """Show the page before."""
        self.turn(-1)

    @Slot()
    def larger(self) -> None:
        """Show the page larger."""
        self._set_zoom(self._zoom + 1)

    @Slot()
    def smaller(self) -> None:
        """Show the page smaller."""
        self._set_zoom(self._zoom - 1)

    @Slot()
    def fit(self) -> None:
        """Show the page as wide as there is room."""
        self._set_zoom(FITS)

    def _set_zoom(self, zoom: int) -> None:
        self._zoom = min(max(0, zoom), len(ZOOMS) - 1)
        self._ask()

    @property
    def percent(self) -> int:
        """Return how wide a page is, of the room for it."""
        return round(100 * ZOOMS[self._zoom])

    def show_on_paper(self, *, is_on_paper: bool) -> None:
        """Show the pages as they are on paper, bright; or in the night's colours again."""
        self._is_on_paper = is_on_paper
        self._ask()

    def _ask(self) -> None:
        self._fit_bars()
        self.viewport().update()
        self.look_changed.emit(self.look())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll, and turn the page at its end."""
        bar, key = self.verticalScrollBar(), event.key()
        if key in {Qt.Key.Key_PageDown, Qt.Key.Key_Space}:
            self._go(bar.pageStep())
        elif key == Qt.Key.Key_PageUp:
            self._go(-bar.pageStep())
        elif key == Qt.Key.Key_Down:
            self._go(LINE_PX)
        elif key == Qt.Key.Key_Up:
            self._go(-LINE_PX)
        elif key == Qt.Key.Key_Home:
            self.turn(-self._number)
            bar.setValue(0)
        elif key == Qt.Key.Key_End:
            self.turn(self._shown.count if self._shown is not None else 0, to_end=True)
            bar.setValue(bar.maximum())
        elif key in {Qt.Key.Key_Plus, Qt.Key.Key_Equal}:
            self.larger()
        elif key == Qt.Key.Key_Minus:
            self.smaller()
        elif key == Qt.Key.Key_0:
            self.fit()
        else:
            super().keyPressEvent(event)

    def _go(self, pixels: int) -> None:
        bar = self.verticalScrollBar()
        before = bar.value()
        bar.setValue(before + pixels)
        if bar.value() == before:
            self.turn(1 if pixels > 0 else -1, to_end=pixels < 0)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show by the edge that the keys are here."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show by the edge that they are not."""
        super().focusOutEvent(event)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for a picture of the new size; until it is there the old one is stretched."""
        super().resizeEvent(event)
        self._ask()
