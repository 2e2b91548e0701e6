"""The half of the summary's window that shows its pages: made anew soon after each change, off the windows' thread."""

from collections.abc import Callable

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kapnotes.app.documents import Look
from kapnotes.app.paper import PaperDesk
from kapnotes.app.preview import Preview, Shown
from kapnotes.app.worker import Worker
from kapnotes.domain.words import counted
from kapnotes.ui.frame import Frame
from kapnotes.ui.keys import sequence_of
from kapnotes.ui.labels import ScaledLabel
from kapnotes.ui.lamp import Lamp
from kapnotes.ui.summary_pages import PagesView
from kapnotes.ui.wording import error_line

REFRESH_MS = 20
"""So long after the last change the pages are made anew: what one key changes in several places is one change.

A key that follows while pages are made needs no wait: the newest are made next, and the older ones dropped.
"""


class PagesPart(QWidget):
    """The pages and a line about them. *make* asks the preview for the pages as everything is now."""

    def __init__(
        self, window: Frame, desk: PaperDesk, slow: Worker, lamp: Lamp, make: Callable[[Preview], None]
    ) -> None:
        super().__init__()
        self._make = make
        self._window = window
        self._preview = Preview(desk, slow, window.if_open(self._show), window.if_open(self._show_fault))
        self._refresh = QTimer(self)
        self._refresh.setSingleShot(True)
        self._refresh.setInterval(REFRESH_MS)
        self._refresh.timeout.connect(self._make_pages)
        self.is_alone = False
        """Whether nothing but the pages is seen."""
        self.view = PagesView(lamp)
        self.view.look_changed.connect(self._look)
        self.line = ScaledLabel(0.9, is_dim=True)
        self.line.setAccessibleName(self.tr("Which page is seen"))
        self.line.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.view, 1)
        column.addWidget(self.line)

    @property
    def is_current(self) -> bool:
        """Tell whether the page that is seen is as it would be saved now."""
        return not self._refresh.isActive() and self._preview.is_current

    @Slot()
    def refresh(self) -> None:
        """Make the pages anew when nothing follows at once."""
        self._refresh.start()

    @Slot()
    def _make_pages(self) -> None:
        if not self.isHidden() and self._window.isActiveWindow():  # else they are made when somebody comes to see them
            self._make(self._preview)

    @Slot(object)
    def _look(self, look: object) -> None:
        if isinstance(look, Look):
            self._preview.look(look)

    def _show(self, shown: Shown) -> None:
        self.view.show_page(shown)
        self.say_place()

    def _show_fault(self, error: Exception) -> None:
        self.view.show_words(self.tr("The pages cannot be shown: {}").format(error_line(error)))
        self.say_place()

    def say_place(self) -> None:
        """Say which page it is, and which keys lead on."""
        if self.view.place is None:
            self.line.setText("")
            return
        number, count = self.view.place
        words = [self.tr("page {number} of {count}").format(number=number, count=count)]
        if self.view.released_count:
            one, many = self.tr("{count} released line on it"), self.tr("{count} released lines on it")
            words.append(counted(self.view.released_count, one, many))
        if self.view.percent != 100:
            words.append(f"{self.view.percent} %")
        if count > 1:
            words.append(self.tr("{} the next").format(sequence_of("page_on")))
        light = self.tr("{} back to the night") if self.view.is_on_paper else self.tr("{} as on paper, bright")
        words.append(light.format(sequence_of("on_paper")))
        alone = self.tr("{} back to what goes in") if self.is_alone else self.tr("{} the pages alone")
        words.append(alone.format(sequence_of("pages_alone")))
        self.line.setText(" · ".join(words))

    @Slot()
    def turn_paper(self) -> None:
        """Show the pages as on paper, or in the night's colours again."""
        self.view.show_on_paper(is_on_paper=not self.view.is_on_paper)

    def dim(self) -> None:
        """Show them in the night's colours, because nobody looks here any more."""
        if self.view.is_on_paper:
            self.turn_paper()

    def end(self) -> None:
        """Let the pages go with their window."""
        self._refresh.stop()
        self._preview.close()
