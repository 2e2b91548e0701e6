"""The key that opens the page of a monitor's file in the log, and the way back to the line."""

from PySide6.QtCore import QObject, Slot

from kapnotes.app.worker import Worker
from kapnotes.domain.errors import KapnotesError
from kapnotes.ui.monitor_page import MonitorPage
from kapnotes.ui.session_window import SessionWindow
from kapnotes.ui.wording import error_line


class MonitorDoor(QObject):
    """Makes the page when it is first asked for; it dies with its window."""

    def __init__(self, window: SessionWindow, worker: Worker) -> None:
        super().__init__(window)
        self._window = window
        self._worker = worker
        self.page: MonitorPage | None = None
        window.bind("log_import", self.open)
        window.bind("monitor_values", self._choose_values)
        window.bind("monitor_days", self._choose_days)

    @Slot()
    def open(self) -> None:
        """Show the page, or say why nothing of a monitor may be kept here; the half-typed line stays as it is."""
        page = self.page or self._make()
        try:
            page.begin()
        except KapnotesError as error:
            self._window.say(error_line(error), is_mark=True)
            return
        self._window.say("")
        self.look()
        self._window.show_page(page)
        page.path.setFocus()

    @Slot()
    def _choose_values(self) -> None:
        if self.page is not None and self.page.isVisible():
            self.page.choose_values()

    @Slot()
    def _choose_days(self) -> None:
        if self.page is not None and self.page.isVisible():
            self.page.choose_days()

    def look(self) -> None:
        """Show the times on the page too: what is due stays in sight."""
        if self.page is not None:
            self.page.times.setText(" · ".join(filter(None, self._window.times_in_sight())))

    def _make(self) -> MonitorPage:
        self.page = page = MonitorPage(self._window.live, self._worker, self._window.if_open)
        page.left.connect(self._window.leave_page)
        page.said.connect(self._say)
        page.kept.connect(self._kept)
        self._window.add_page(page)
        return page

    @Slot(str, bool)
    def _say(self, words: str, is_mark: bool) -> None:
        self._window.say(words, is_mark=is_mark)

    @Slot(str)
    def _kept(self, words: str) -> None:
        self._window.leave_page()
        self._window.say(words)

    def detach(self) -> None:
        """Keep what was asked to be kept, stop what else goes on, and keep nothing of a file in memory."""
        if self.page is None:
            return
        try:
            self.page.finish()
        except KapnotesError as error:
            self._window.seat.program.tell_trouble(error)
