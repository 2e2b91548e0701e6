"""The way to what the clinic agrees on, its protocols and drugs, and what is half-typed of it."""

from PySide6.QtCore import QObject, Slot

from kapnotes.app.clinic_desk import ClinicDesk
from kapnotes.app.clinic_typing import ClinicTyping, TypedForm
from kapnotes.app.half_typed import CLINIC_DRUG, CLINIC_PAGES
from kapnotes.app.seat import Seat
from kapnotes.ui.home_pages import HomePages
from kapnotes.ui.keys import sequence_of
from kapnotes.ui.protocol_page import ProtocolPage


class ClinicDoor(QObject):
    """Makes the page when it is first asked for, or when something half-typed comes back into it."""

    def __init__(self, pages: HomePages, clinic: ClinicDesk, seat: Seat) -> None:
        super().__init__(pages)
        self._pages = pages
        self._clinic = clinic
        self._seat = seat
        self._page: ProtocolPage | None = None
        self._typing = ClinicTyping(seat, self.half_typed)
        pages.home.bind("protocols", self.ask)

    @property
    def page(self) -> ProtocolPage:
        """Return the page of protocols and rescue drugs."""
        if self._page is None:
            self._page = ProtocolPage(self._clinic, self._seat.member, self._pages.home.if_open)
            self._page.typed_on.connect(self._typed_on)
            self._page.said.connect(self._say)
            self._page.left.connect(self._pages.left)
            self._pages.addWidget(self._page)
        return self._page

    def begin(self) -> None:
        """Let what a lock, a crash or the end of the program left half-typed come back."""
        home = self._pages.home
        self._typing.look(home.if_open(self.bring_back), home.if_open(self._pages.say_failed))

    @Slot()
    def ask(self) -> None:
        """Show the clinic's protocols and drugs."""
        home = self._pages.home
        home.say("")
        self._pages.show_page(self.page)
        self._typing.open(home.if_open(self.bring_back), home.if_open(self._pages.say_failed))
        self.page.begin()

    def half_typed(self) -> TypedForm | None:
        """Return what is typed of what the clinic agrees on, and kept nowhere yet; None where there is nothing."""
        return self._page.half_typed() if self._page is not None else None

    def bring_back(self, typed: TypedForm) -> None:
        """Put what was half-typed for the clinic back into its form, and say where it is."""
        self.page.bring_back(typed)
        words = {
            CLINIC_PAGES: self.tr("What summaries say for the clinic was half-typed and is kept: {} goes on with it."),
            CLINIC_DRUG: self.tr("A drug of the clinic's list was half-typed and is kept: {} goes on with it."),
        }
        protocol = self.tr("A protocol that was half-typed is kept: {} goes on with it.")
        self._pages.home.say(words.get(typed.field, protocol).format(sequence_of("protocols")))

    def why_stay(self) -> str:
        """Return that something half-typed is kept nowhere, empty where all is."""
        if self.half_typed() is None or self._typing.is_kept:
            return ""
        words = self.tr("What is half-typed for the clinic is kept nowhere yet ({}). Close once more to drop it.")
        return words.format(sequence_of("protocols"))

    def detach(self) -> None:
        """Leave what is half-typed to its draft."""
        self._typing.let_go()

    @Slot()
    def _typed_on(self) -> None:
        self._typing.changed()

    @Slot(str, bool)
    def _say(self, text: str, is_mark: bool) -> None:
        self._pages.home.say(text, is_mark=is_mark)
