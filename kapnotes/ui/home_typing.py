"""What is half-typed in the forms of a home: kept from its first key on, and brought back to where it was typed."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Slot

from kapnotes.app.clinic_typing import ClinicTyping, TypedForm
from kapnotes.app.seat import Seat
from kapnotes.app.typed_fields import CLINIC_DRUG, CLINIC_PAGES, CODE, NEW_MEMBER, NEW_PATIENT
from kapnotes.ui.clinic_door import ClinicDoor
from kapnotes.ui.codebook_page import CodebookPage
from kapnotes.ui.draft_form import DraftForm
from kapnotes.ui.frame import Frame
from kapnotes.ui.keys import sequence_of
from kapnotes.ui.wording import error_line


class HomeTyping(QObject):
    """Reads the forms of *home*, by the names of their drafts, and its two pages with forms. It dies with home.

    The page of the codebook is made when it is first asked for: *codes* returns it where it is there, or makes it where
    it is wanted.
    """

    def __init__(
        self,
        home: Frame,
        seat: Seat,
        forms: Mapping[str, DraftForm],
        clinic: ClinicDoor,
        codes: Callable[[bool], CodebookPage | None],
    ) -> None:
        super().__init__(home)
        self._home = home
        self._forms = forms
        self._clinic = clinic
        self._codes = codes
        for form in forms.values():
            form.typed_on.connect(self.changed)
        clinic.typed_on.connect(self.changed)
        clinic.asked.connect(self.open)
        self._brought_back: list[str] = []
        self._typing = ClinicTyping(seat, self.read)

    def look(self) -> None:
        """Bring back what a lock, a crash or the end of the program left half-typed, if it left anything."""
        self._typing.look(self._home.if_open(self._bring_back), self._home.if_open(self._failed))

    @Slot()
    def open(self) -> None:
        """Keep from now on what is half-typed."""
        self._typing.open(self._home.if_open(self._bring_back), self._home.if_open(self._failed))

    def read(self) -> tuple[TypedForm, ...]:
        """Return what is typed at home and kept nowhere yet."""
        texts = {name: form.half_typed() for name, form in self._forms.items()}
        codes, typed = self._codes(False), self._clinic.half_typed()
        texts[CODE] = codes.half_typed() if codes is not None else ""
        apart = [TypedForm(name, text) for name, text in texts.items() if text]
        return (*apart, *([typed] if typed is not None else []))

    @Slot()
    def changed(self) -> None:
        """Note that what is half-typed changed, or is no longer."""
        if self.read():
            self.open()
        self._typing.changed()

    def let_go(self) -> None:
        """Take what is half-typed for the last time, because home closes."""
        self._typing.let_go()

    def why_stay(self) -> str:
        """Return that what is half-typed would be lost, if so."""
        if not self.read() or self._typing.is_kept:
            return ""
        return self.tr("What is half-typed at home is kept nowhere yet. Close once more to drop it.")

    def _failed(self, error: Exception) -> None:
        self._home.say(error_line(error), is_mark=True)

    def _bring_back(self, typed: TypedForm) -> None:
        """Put what was half-typed back into its form, and say where it is."""
        if typed.field in self._forms:
            self._forms[typed.field].bring_back(typed.text)
        elif typed.field == CODE and (codes := self._codes(True)) is not None:
            codes.bring_back(typed.text)
        else:
            self._clinic.bring_back(typed)
        self._brought_back.append(self._words_of(typed.field))
        self._home.say(" ".join(self._brought_back))

    def _words_of(self, field: str) -> str:
        protocols = sequence_of("protocols")
        protocol = self.tr("A protocol that was half-typed is kept: {} goes on with it."), protocols
        words, key = {
            CLINIC_PAGES: (
                self.tr("What summaries say for the clinic was half-typed and is kept: {} goes on with it."),
                protocols,
            ),
            CLINIC_DRUG: (
                self.tr("A drug of the clinic's list was half-typed and is kept: {} goes on with it."),
                protocols,
            ),
            NEW_PATIENT: (
                self.tr("A new patient was half-typed and is kept: {} goes on with it."),
                sequence_of("new_patient"),
            ),
            NEW_MEMBER: (
                self.tr("A new member was half-typed and is kept, but for the passphrase: {} goes on with it."),
                sequence_of("new_member"),
            ),
            CODE: (
                self.tr("A code of the codebook was half-typed and is kept: {} goes on with it."),
                sequence_of("codebook"),
            ),
        }.get(field, protocol)
        return words.format(key)
