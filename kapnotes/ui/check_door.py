"""The keys that open the two checklists in the log, and the way back to the line."""

from PySide6.QtCore import QObject, Slot

from kapnotes.domain.checklist import Checklist
from kapnotes.ui.check_page import CheckPage
from kapnotes.ui.session_window import SessionWindow


class CheckDoor(QObject):
    """Makes each page when it is first asked for; they die with their window."""

    def __init__(self, window: SessionWindow) -> None:
        super().__init__(window)
        self._window = window
        self.pages: dict[Checklist, CheckPage] = {}
        window.bind("check_dose", self._open_dose)
        window.bind("check_leaving", self._open_leaving)

    @Slot()
    def _open_dose(self) -> None:
        self._open(Checklist.PRE_DOSE)

    @Slot()
    def _open_leaving(self) -> None:
        self._open(Checklist.DISCHARGE)

    def _open(self, checklist: Checklist) -> None:
        page = self.pages.get(checklist)
        if page is not None and page.isVisible():
            self._window.leave_page()  # the key that opened it goes back, too
            return
        page = page or self._make(checklist)
        self._window.say("")
        self._window.show_page(page)
        self.look()
        page.begin()

    def look(self) -> None:
        """Show what stands now, and the times, on the page that is in sight."""
        for page in self.pages.values():
            if page.isVisible():
                page.look()
                page.times.setText(" · ".join(filter(None, self._window.times_in_sight())))

    def _make(self, checklist: Checklist) -> CheckPage:
        page = self.pages[checklist] = CheckPage(self._window.live, checklist)
        page.left.connect(self._window.leave_page)
        page.said.connect(self._say)
        self._window.add_page(page)
        return page

    @Slot(str, bool)
    def _say(self, words: str, is_mark: bool) -> None:
        self._window.say(words, is_mark=is_mark)
