"""The page of keys at home: what can be done with the own passphrase, recovery sheets and members, as one list."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from kapnotes.app.deleting import DeletingDesk
from kapnotes.app.keys import Emergency, KeyDesk, Sheet, SheetCard
from kapnotes.app.program import Program
from kapnotes.app.seat import Seat
from kapnotes.domain.errors import KapnotesError, Misread
from kapnotes.domain.members import Role
from kapnotes.ui.cards import CardList
from kapnotes.ui.delete_page import DeletePatientForm
from kapnotes.ui.form_parts import heading
from kapnotes.ui.forms import Form
from kapnotes.ui.key_forms import ConfirmSheetForm, CopySheetForm, Guard, MakeSheetForm, PassphraseForm, RevokeForm
from kapnotes.ui.wording import error_line, sheet_words


class KeyPage(QWidget):
    """The list and its forms; pages of sheets go into *folder* unless another is named."""

    left = Signal()
    said = Signal(str, bool)
    changed = Signal()
    patient_deleted = Signal()

    def __init__(self, program: Program, seat: Seat, desk: KeyDesk, guard: Guard, folder: Path) -> None:
        super().__init__()
        self.desk = desk
        self._seat = seat
        self._guard = guard
        self._folder = folder
        self._card: SheetCard | None = None
        self._notices: list[Emergency] = []
        self.list = CardList()
        self.list.setAccessibleName(self.tr("Keys and recovery"))
        self.list.chosen.connect(self._choose)
        self.passphrase = PassphraseForm(program.entropy)
        self.make = MakeSheetForm()
        self.copy = CopySheetForm()
        self.confirm = ConfirmSheetForm()
        self.revoke = RevokeForm()
        self.delete = DeletePatientForm(DeletingDesk(program, seat), guard)
        self.delete.said.connect(self.said)
        self.delete.left.connect(self.begin)
        self.delete.deleted.connect(self._patient_is_deleted)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._list_page())
        for form, accepted in (
            (self.passphrase, self._change_passphrase),
            (self.make, self._make_sheet),
            (self.copy, self._ask_confirm),
            (self.confirm, self._confirm_sheet),
            (self.revoke, self._revoke),
        ):
            form.accepted.connect(accepted)
            form.left.connect(self.begin)
            self._pages.addWidget(form)
        self._pages.addWidget(self.delete)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)

    def _list_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(heading(self.tr("Keys and recovery: Enter opens, Esc goes back")))
        column.addWidget(self.list, 1)
        return page

    # ------------------------------------------------------------------------------------------ the list

    @Slot()
    def begin(self) -> None:
        """Show the list; whatever secret stood in a form is gone."""
        self.forget()
        self._pages.setCurrentIndex(0)
        self._show()
        self.list.setFocus()
        self.desk.notices(self._guard(self._take_notices), self._guard(self._failed))

    def forget(self) -> None:
        """Keep no secret in a field that nobody looks at."""
        self.passphrase.forget()
        self.copy.forget()
        self.confirm.sheet.clear()
        self.delete.forget()

    def _take_notices(self, notices: list[Emergency]) -> None:
        self._notices = notices
        self._show()

    def _show(self) -> None:
        rows: list[tuple[str, object]] = [(self._notice_line(notice), notice) for notice in self._notices]
        for card in self.desk.sheets():
            if card.number and not card.is_confirmed:
                rows.append((self._unconfirmed_line(card), partial(self._type_back, card)))
            rows.append((self._sheet_line(card), card))
        rows.append((self.tr("Your passphrase: change it"), self._ask_passphrase))
        if Role.ADMIN in self._seat.member.roles:
            rows.append((self.tr("Members: end a membership"), self._ask_revoke))
            rows.append((self.tr("Patients: delete one for good"), self._ask_delete))
        self.list.show_cards(rows)

    def _notice_line(self, notice: Emergency) -> str:
        return self.tr("Emergency reading on {day} at {time}: {reason}   Enter: I have seen it").format(
            day=f"{notice.at.local():%Y-%m-%d}", time=f"{notice.at.local():%H:%M}", reason=notice.reason
        )

    def _sheet_line(self, card: SheetCard) -> str:
        name, _ = sheet_words(card.compartment.kind)
        if card.is_confirmed:
            return self.tr("Recovery sheet: {name} · sheet {number}, confirmed").format(name=name, number=card.number)
        if card.number:
            return self.tr("Recovery sheet: {name} · its paper is lost: make one anew").format(name=name)
        return self.tr("Recovery sheet: {name} · there is none yet").format(name=name)

    def _unconfirmed_line(self, card: SheetCard) -> str:
        name, _ = sheet_words(card.compartment.kind)
        words = self.tr("Recovery sheet: {name} · sheet {number} is made, not confirmed yet: type it back")
        return words.format(name=name, number=card.number)

    def _type_back(self, card: SheetCard) -> None:
        """Ask for a sheet that was made before: one comes from the printer, or from a lock, with the paper in hand."""
        self._card = card
        self._ask_confirm(None)

    @Slot(object)
    def _choose(self, card: object) -> None:
        self.said.emit("", False)
        if isinstance(card, SheetCard):
            self._card = card
            self.make.begin(card, self._folder)
            self._pages.setCurrentWidget(self.make)
        elif isinstance(card, Emergency):
            self.desk.acknowledge(card, self._guard(self._seen), self._guard(self._failed))
        elif callable(card):
            card()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Esc on the list for going back."""
        if event.key() == Qt.Key.Key_Escape:
            self.forget()
            self.left.emit()
            return
        super().keyPressEvent(event)

    def _seen(self, _: object) -> None:
        self.begin()
        self.changed.emit()

    # ------------------------------------------------------------------------------------------ passphrase

    def _ask_passphrase(self) -> None:
        self.passphrase.begin()
        self._pages.setCurrentWidget(self.passphrase)
        self.passphrase.old.setFocus()

    @Slot(object)
    def _change_passphrase(self, form: PassphraseForm) -> None:
        done = partial(self._done, self.tr("It was read back and opens. Backups made before open with the old one."))
        self._submit(form, lambda: self.desk.change_passphrase(*form.facts(), *self._outcomes(done)))

    # ------------------------------------------------------------------------------------------ sheets

    @Slot(object)
    def _make_sheet(self, form: MakeSheetForm) -> None:
        def job() -> None:
            card, path = form.facts()
            self.desk.make_sheet(card.compartment, *self._outcomes(partial(self._sheet_made, path)))

        self._submit(form, job)

    def _sheet_made(self, path: Path | None, sheet: Sheet) -> None:
        self.changed.emit()
        if path is None:
            self.make.set_busy(is_busy=False)
            self.copy.begin(sheet.lines)
            self._pages.setCurrentWidget(self.copy)
            self.copy.accept_button.setFocus()
            return
        self.desk.save_sheet(sheet, path, *self._outcomes(self._page_saved))

    def _page_saved(self, path: object) -> None:
        self._ask_confirm(None)
        self.said.emit(self.tr("The page is in {}. Print it, delete the file, and type it back.").format(path), False)

    @Slot(object)
    def _ask_confirm(self, _: object) -> None:
        self._idle()
        self.copy.forget()
        self.confirm.begin()
        self._pages.setCurrentWidget(self.confirm)
        self.confirm.sheet.lines[0].setFocus()

    @Slot(object)
    def _confirm_sheet(self, form: ConfirmSheetForm) -> None:
        assert self._card is not None  # noqa: S101
        done = partial(self._done, self.tr("Confirmed: the sheet has opened the vault. Put it where it is kept."))
        compartment = self._card.compartment
        self._submit(form, lambda: self.desk.confirm_sheet(compartment, form.sheet.text(), *self._outcomes(done)))

    # ------------------------------------------------------------------------------------------ members

    def _ask_revoke(self) -> None:
        self.revoke.begin(self.desk.others())
        self._pages.setCurrentWidget(self.revoke)
        self.revoke.member.setFocus()

    @Slot(object)
    def _revoke(self, form: RevokeForm) -> None:
        done = partial(self._done, self.tr("The membership has ended, and the vault has new keys."))
        self._submit(form, lambda: self.desk.revoke(form.facts(), *self._outcomes(done)))

    # ------------------------------------------------------------------------------------------ patients

    def _ask_delete(self) -> None:
        try:
            self.delete.begin()
        except KapnotesError as error:
            self._failed(error)
            return
        self._pages.setCurrentWidget(self.delete)
        self.delete.patient.setFocus()

    @Slot()
    def _patient_is_deleted(self) -> None:
        self.begin()
        self.patient_deleted.emit()

    # ------------------------------------------------------------------------------------------ outcomes

    def _submit(self, form: Form, call: Callable[[], None]) -> None:
        form.set_busy(is_busy=True)
        self.said.emit(self.tr("One moment…"), False)
        try:
            call()
        except KapnotesError as error:
            self._failed(error)

    def _outcomes(self, done: Callable[[object], None]) -> tuple[Callable[[object], None], Callable[[Exception], None]]:
        return self._guard(done), self._guard(self._failed)

    def _done(self, words: str, _: object) -> None:
        self._idle()
        self.begin()
        self.changed.emit()
        self.said.emit(words, False)

    def _failed(self, error: Exception) -> None:
        self._idle()
        self.said.emit(error_line(error), True)
        if isinstance(error, Misread) and self._pages.currentWidget() is self.confirm:
            self.confirm.sheet.show_fault(error.column)

    def _idle(self) -> None:
        for form in (self.passphrase, self.make, self.copy, self.confirm, self.revoke):
            form.set_busy(is_busy=False)
