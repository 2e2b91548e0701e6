"""The keys that open the two checklists in the log, and the way back to the line."""

from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from kapnotes.app.typed_fields import CHECK
from kapnotes.domain.checklist import ITEMS, Checklist
from kapnotes.domain.entries import PatientDetails
from kapnotes.ui.check_page import CheckPage
from kapnotes.ui.keys import sequence_of
from kapnotes.ui.session_window import SessionWindow
from kapnotes.ui.wording import error_line

KEY_OF = {Checklist.PRE_DOSE: "check_dose", Checklist.DISCHARGE: "check_leaving"}
"""The key of each list."""


class CheckDoor(QObject):
    """Makes each page when it is first asked for; they die with their window.

    `patient_read` tells what stands with the patient, when the log begins and with the list before the dose.
    """

    patient_read = Signal(object)

    def __init__(self, window: SessionWindow) -> None:
        super().__init__(window)
        self._window = window
        self.pages: dict[Checklist, CheckPage] = {}
        self._shown: CheckPage | None = None
        window.bind(KEY_OF[Checklist.PRE_DOSE], self._open_dose)
        window.bind(KEY_OF[Checklist.DISCHARGE], self._open_leaving)
        window.page_left.connect(self._end)

    def begin(self) -> None:
        """Tell of what was half-typed on a page, and of the allergies."""
        self._read_patient()
        typing = self._window.live.typing
        back = [item for field, item in CHECK.items() if typing.bring_back(field) is not None]
        lists = [one for one in Checklist if any(item in ITEMS[one] for item in back)]
        if lists and not self._window.news():
            words = self.tr("In a checklist something half-typed is back: {}.")
            self._window.say(words.format(", ".join(sequence_of(KEY_OF[one]) for one in lists)))

    def half_typed(self) -> str:
        """Return the key of a list in which something is half-typed, empty where there is none."""
        typing = self._window.live.typing
        items = {item for field, item in CHECK.items() if typing.half_typed(field) is not None}
        return next((sequence_of(KEY_OF[one]) for one in Checklist if items & set(ITEMS[one])), "")

    @Slot()
    def _end(self) -> None:
        if self._shown is not None:
            self._shown.end()
        self._shown = None

    def detach(self) -> None:
        """Leave what is half-typed to the drafts."""
        self._end()

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
        self._shown = page
        page.begin()
        if checklist is Checklist.PRE_DOSE:
            self._read_patient()

    def _read_patient(self) -> None:
        """Read the allergies anew each time: they may have been noted meanwhile."""
        window = self._window
        read = partial(window.seat.patient_details, window.live.patient_id)
        window.seat.program.worker.submit(read, window.if_open(self._take_patient), window.if_open(self._failed))

    def _take_patient(self, patient: PatientDetails | None) -> None:
        page = self.pages.get(Checklist.PRE_DOSE)
        if page is not None:
            page.show_patient(patient)
        self.patient_read.emit(patient)

    def _failed(self, error: Exception) -> None:
        self._say(error_line(error), is_mark=True)

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
