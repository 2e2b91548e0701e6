"""Recovery sheets at sign-in: the sheet is typed, then a forgotten passphrase or an emergency, each with its form."""

from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QStackedWidget, QVBoxLayout, QWidget

from kapnotes.app.emergency import EmergencySeat
from kapnotes.app.profile import Entropy
from kapnotes.app.program import Program
from kapnotes.app.recovery import RecoveryDesk, SheetState, check_line
from kapnotes.domain.errors import KapnotesError, Misread
from kapnotes.domain.members import Member
from kapnotes.ui.cards import CardList
from kapnotes.ui.fields import Choice, NightLine
from kapnotes.ui.form_parts import heading
from kapnotes.ui.forms import Form
from kapnotes.ui.key_forms import Guard, SheetLines, dim_text
from kapnotes.ui.labels import ScaledLabel
from kapnotes.ui.new_passphrase import NewPassphrase
from kapnotes.ui.wording import error_line, sheet_name


class TypeSheetForm(Form):
    """The four lines of a sheet, each looked at as soon as it is left."""

    misread = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.sheet = SheetLines()
        self.fields.addRow(self.tr("From the paper"), self.sheet)
        self.fields.addRow(
            "", dim_text(self.tr("Enter goes to the next line. Or scan the code into the first one. Esc goes back."))
        )
        self.name.setText(self.tr("Your recovery sheet"))
        self.accept_button.setText(self.tr("Go on"))
        for index, line in enumerate(self.sheet.lines):
            line.editingFinished.connect(partial(self._look_at, index))

    def begin(self) -> None:
        """Empty the lines."""
        self.sheet.clear()
        self.sheet.lines[0].setFocus()

    def _look_at(self, index: int) -> bool:
        """Tell whether the line is as it was printed, and say so if it is not; an empty one waits."""
        typed = self.sheet.lines[index].text()
        if not typed.strip():
            return False
        try:
            check_line(typed, index)
        except Misread as misread:
            self.misread.emit(misread)
            return False
        return True

    def accept(self) -> None:
        """Go to the next line that is not typed yet or mistyped; hand the sheet over when there is none."""
        for index, line in enumerate(self.sheet.lines):
            if not self._look_at(index):
                line.setFocus()
                line.selectAll()
                return
        super().accept()


class ForgottenForm(Form):
    """Who goes on, and the new passphrase."""

    another = Signal()

    def __init__(self, entropy: Entropy) -> None:
        super().__init__()
        self.member = Choice()
        self.member.setAccessibleName(self.tr("Member"))
        self.fields.addRow(self.tr("M&ember"), self.member)
        self.passphrase = NewPassphrase(self.fields, self.tr("&New passphrase"), entropy)
        self.fields.addRow(
            "", dim_text(self.tr("What you signed stays signed; older backups open with the old passphrase."))
        )
        self.more = QPushButton(self.tr("&Type another sheet"))
        self.more.clicked.connect(self.another)
        self.buttons.insertWidget(1, self.more)
        self.name.setText(self.tr("Forgotten passphrase"))
        self.accept_button.setText(self.tr("Take the new passphrase"))

    def begin(self, members: list[Member]) -> None:
        """Fill in who there is, the likeliest first."""
        self.member.clear()
        for member in members:
            self.member.addItem(member.label, member)
        self.passphrase.begin()
        self.member.setFocus()

    def facts(self) -> tuple[Member, str, str]:
        """Return who goes on, the new passphrase, and the new one again.

        Raises:
            KapnotesError: there is nobody.
        """
        member = self.member.currentData(Qt.ItemDataRole.UserRole)
        if not isinstance(member, Member):
            raise KapnotesError(self.tr("There is no member."))
        return member, self.passphrase.first.text(), self.passphrase.again.text()


class EmergencyForm(Form):
    """Why the record is opened."""

    def __init__(self) -> None:
        super().__init__()
        self.reason = NightLine(self.tr("Reason"))
        self.reason.setPlaceholderText(self.tr("as in: unresponsive, the emergency team asks for the last dose"))
        self.fields.addRow(self.tr("&Reason"), self.reason)
        self.fields.addRow(
            "",
            dim_text(
                self.tr(
                    "Opens the sessions and the medical record for reading: doses, vital signs, events. Never process "
                    "notes. It is written down with your reason, and every member sees it."
                )
            ),
        )
        self.name.setText(self.tr("Emergency: open the record"))
        self.accept_button.setText(self.tr("Open it now"))

    def begin(self) -> None:
        """Empty the form."""
        self.reason.clear()
        self.reason.setFocus()


class RecoveryPage(QWidget):
    """From the paper to what it is for. `said` is a line of news and whether it is bad."""

    left = Signal()
    said = Signal(str, bool)
    recovered = Signal(str)
    emergency_opened = Signal(object)

    def __init__(self, program: Program, guard: Guard) -> None:
        super().__init__()
        self.desk = RecoveryDesk(program)
        self._program = program
        self._guard = guard
        self.sheet = TypeSheetForm()
        self.forgotten = ForgottenForm(program.entropy)
        self.emergency = EmergencyForm()
        self.choices = CardList()
        self.choices.setAccessibleName(self.tr("What the sheet is for"))
        self.choices.chosen.connect(self._choose)
        self.found = ScaledLabel(1.0)
        self.found.setWordWrap(True)
        self._pages = QStackedWidget()
        self._choice = self._choice_page()
        for page in (self.sheet, self._choice, self.forgotten, self.emergency):
            self._pages.addWidget(page)
        self.sheet.accepted.connect(self._take)
        self.sheet.misread.connect(self._failed)
        self.sheet.left.connect(self._leave_sheet)
        self.forgotten.accepted.connect(self._recover)
        self.forgotten.another.connect(self._type_another)
        self.forgotten.left.connect(self._show_choices)
        self.emergency.accepted.connect(self._break_glass)
        self.emergency.left.connect(self._show_choices)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)

    def _choice_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.found)
        column.addWidget(heading(self.tr("What is it for? Enter chooses, Esc goes back")))
        column.addWidget(self.choices, 1)
        column.addWidget(
            dim_text(
                self.tr(
                    "A forgotten passphrase takes the sheet of your process notes; if you keep none, that of the "
                    "medical record or of the practice. Whoever is alone in the practice needs the medical sheet too. "
                    "In an emergency the sheet of the medical record shows doses, vital signs and events."
                )
            )
        )
        return page

    def begin(self) -> None:
        """Ask for a sheet; none from before is known."""
        self.forget()
        self._type_another()

    def forget(self) -> None:
        """Keep no sheet and no passphrase in a field that nobody looks at."""
        self.desk.forget()
        self.sheet.sheet.clear()
        self.forgotten.passphrase.forget()
        self.emergency.reason.clear()

    @Slot()
    def _leave(self) -> None:
        self.forget()
        self.said.emit("", False)
        self.left.emit()

    # ------------------------------------------------------------------------------------------ the sheet

    @Slot()
    def _type_another(self) -> None:
        self.said.emit("", False)
        self._pages.setCurrentWidget(self.sheet)
        self.sheet.begin()

    @Slot()
    def _leave_sheet(self) -> None:
        """Go back to what the sheets typed so far are for; without any, to sign in."""
        self.sheet.sheet.clear()
        if self.desk.compartments:
            self._show_choices()
        else:
            self._leave()

    @Slot(object)
    def _take(self, form: TypeSheetForm) -> None:
        form.set_busy(is_busy=True)
        self.desk.take(form.sheet.text(), self._guard(self._taken), self._guard(self._failed))

    def _taken(self, state: SheetState) -> None:
        self.sheet.set_busy(is_busy=False)
        self.sheet.sheet.clear()
        self._show_choices()
        if not state.is_confirmed:
            self.said.emit(
                self.tr("This sheet was never confirmed; a passphrase is made new by a confirmed one."), True
            )

    @Slot()
    def _show_choices(self) -> None:
        self.said.emit("", False)
        self.forgotten.passphrase.forget()
        names = ", ".join(sheet_name(compartment.kind) for compartment in self.desk.compartments)
        self.found.setText(self.tr("Recovery sheet: {}").format(names))
        rows: list[tuple[str, object]] = [
            (self.tr("I forgot my passphrase: go on with a new one"), self._ask_forgotten),
            (self.tr("Type another sheet too"), self._type_another),
        ]
        if self.desk.opens_in_emergency:
            rows.insert(0, (self.tr("Emergency: read the medical record now"), self._ask_reason))
        self.choices.show_cards(rows)
        self.choices.setCurrentRow(0)
        self._pages.setCurrentWidget(self._choice)
        self.choices.setFocus()

    @Slot(object)
    def _choose(self, choice: object) -> None:
        if callable(choice):
            choice()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Esc on the choices for going back to sign in."""
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
            return
        super().keyPressEvent(event)

    # ------------------------------------------------------------------------------------------ forgotten

    def _ask_forgotten(self) -> None:
        self.said.emit("", False)
        self._pages.setCurrentWidget(self.forgotten)
        self.forgotten.begin(self.desk.members())

    @Slot(object)
    def _recover(self, form: ForgottenForm) -> None:
        try:
            member, new, again = form.facts()
            done = self._guard(partial(self._recovered, member.label))
            form.set_busy(is_busy=True)
            self.said.emit(self.tr("Making the new keys…"), False)
            self.desk.recover(member, new, again, done, self._guard(self._failed))
        except KapnotesError as error:
            self._failed(error)

    def _recovered(self, label: str, _: None) -> None:
        self._idle()
        self.forget()
        self.recovered.emit(label)

    # ------------------------------------------------------------------------------------------ emergency

    def _ask_reason(self) -> None:
        self.said.emit("", False)
        self._pages.setCurrentWidget(self.emergency)
        self.emergency.begin()

    @Slot(object)
    def _break_glass(self, form: EmergencyForm) -> None:
        try:
            form.set_busy(is_busy=True)
            self.desk.break_glass(form.reason.text(), self._opened, self._guard(self._failed))
        except KapnotesError as error:
            self._failed(error)

    def _opened(self, seat: EmergencySeat) -> None:
        waiting: list[EmergencySeat] = []
        self._guard(waiting.append)(seat)
        if not waiting:
            self._program.lock(seat)  # the window was closed meanwhile
            return
        self._idle()
        self.forget()
        self.emergency_opened.emit(seat)

    # ------------------------------------------------------------------------------------------ outcomes

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        self._idle()
        self.said.emit(error_line(error), True)

    def _idle(self) -> None:
        for form in (self.sheet, self.forgotten, self.emergency):
            form.set_busy(is_busy=False)
