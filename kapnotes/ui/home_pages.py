"""The pages of home, of which one is seen: the lists, and what is opened over them until it is left."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from kapnotes.app.seat import Seat
from kapnotes.ui.frame import Frame
from kapnotes.ui.wording import error_line


class HomePages(QStackedWidget):
    """What the ways into home's pages share: which page is seen, and where what is said stands."""

    left = Signal()
    """A page is left; home shows its lists."""

    def __init__(self, window: Frame, seat: Seat) -> None:
        super().__init__()
        self.home = window
        self._seat = seat

    def show_page(self, page: QWidget) -> None:
        """Show *page*."""
        self.setCurrentWidget(page)

    def is_seen(self, page: QWidget) -> bool:
        """Tell whether *page* is the one that is seen."""
        return self.currentWidget() is page

    def leave(self, page: QWidget) -> None:
        """Leave *page*; one that was opened meanwhile stays as it is."""
        if self.is_seen(page):
            self.left.emit()

    def is_refused(self) -> bool:
        """Say before a word is typed that nothing can be written here, if so."""
        if self._seat.is_read_only:
            words = self.tr("Read only: nothing can be noted here. Sessions can be opened and read.")
            self.home.say(words, is_mark=True)
        return self._seat.is_read_only

    @Slot(str, bool)
    def say(self, text: str, is_mark: bool) -> None:
        """Show the line of news of a page."""
        self.home.say(text, is_mark=is_mark)

    def say_failed(self, error: Exception) -> None:
        """Say why something did not come about."""
        self.home.say(error_line(error), is_mark=True)
