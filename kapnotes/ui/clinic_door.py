"""The way to what the clinic agrees on, its protocols and drugs, and what is half-typed of it."""

from PySide6.QtCore import QObject, Signal, Slot

from kapnotes.app.clinic_desk import ClinicDesk
from kapnotes.app.clinic_typing import TypedForm
from kapnotes.app.seat import Seat
from kapnotes.ui.home_pages import HomePages
from kapnotes.ui.protocol_page import ProtocolPage


class ClinicDoor(QObject):
    """Makes the page when it is first asked for, or when something half-typed comes back into it."""

    asked = Signal()
    """The page is shown, where something may be typed."""
    typed_on = Signal()
    """What is half-typed changed, or is no longer."""

    def __init__(self, pages: HomePages, clinic: ClinicDesk, seat: Seat) -> None:
        super().__init__(pages)
        self._pages = pages
        self._clinic = clinic
        self._seat = seat
        self._page: ProtocolPage | None = None
        pages.home.bind("protocols", self.ask)

    @property
    def page(self) -> ProtocolPage:
        """Return the page of protocols and rescue drugs."""
        if self._page is None:
            self._page = ProtocolPage(self._clinic, self._seat.member, self._pages.home.if_open)
            self._page.typed_on.connect(self.typed_on)
            self._page.said.connect(self._pages.say)
            self._page.left.connect(self._pages.left)
            self._pages.addWidget(self._page)
        return self._page

    @Slot()
    def ask(self) -> None:
        """Show the clinic's protocols and drugs."""
        self._pages.home.say("")
        self._pages.show_page(self.page)
        self.asked.emit()
        self.page.begin()

    def half_typed(self) -> TypedForm | None:
        """Return what is typed of what the clinic agrees on, and kept nowhere yet; None where there is nothing."""
        return self._page.half_typed() if self._page is not None else None

    def bring_back(self, typed: TypedForm) -> None:
        """Put what was half-typed for the clinic back into its form."""
        self.page.bring_back(typed)
