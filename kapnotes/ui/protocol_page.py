"""The page of what the clinic agrees on: protocols version by version, its drugs, and what its summaries say."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from kapnotes.app.clinic_desk import ClinicDesk
from kapnotes.app.clinic_typing import TypedForm
from kapnotes.app.presets import Preset, shipped_protocols
from kapnotes.app.signing import Signature
from kapnotes.app.typed_fields import CLINIC_DRUG, CLINIC_PAGES, PROTOCOL
from kapnotes.domain.clinic_book import ClinicBook, ProtocolVersion
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.members import Member
from kapnotes.domain.protocol_draft import Written, half_typed_of
from kapnotes.domain.words import counted
from kapnotes.ui.cards import CardList
from kapnotes.ui.clinic_pages_form import ClinicPagesForm
from kapnotes.ui.clinic_words import pages_line, shipped_line, version_line
from kapnotes.ui.drug_page import DrugPage
from kapnotes.ui.fields import NightLine
from kapnotes.ui.form_parts import heading
from kapnotes.ui.forms import Form
from kapnotes.ui.key_forms import Guard
from kapnotes.ui.labels import ScaledLabel
from kapnotes.ui.protocol_form import ProtocolForm
from kapnotes.ui.wording import error_line

DRUGS = "drugs"
"""The card of the row that opens the list of drugs."""
SUMMARIES = "summaries"
"""The card of the row that opens what every summary says for the clinic."""


class VersionSignForm(Form):
    """Name, credential and meaning under a new version, as they will be printed. Source: 21 CFR 11.50."""

    def __init__(self, member: Member) -> None:
        super().__init__()
        self.written: Written | None = None
        name, _, credential = member.label.rpartition(",")
        self.what = ScaledLabel(0.95)
        self.what.setWordWrap(True)
        self.printed_name = NightLine("", (name or member.label).strip())
        self.credential = NightLine("", credential.strip() if name else "")
        self.meaning = NightLine("", self.tr("I reviewed this protocol; the clinic works by it."))
        self.fields.addRow(self.what)
        for line, label in (
            (self.printed_name, self.tr("&Name")),
            (self.credential, self.tr("&Credential")),
            (self.meaning, self.tr("&Meaning")),
        ):
            line.setAccessibleName(label.replace("&", ""))
            self.fields.addRow(label, line)
        self.accept_button.setText(self.tr("Sign this version; it is never deleted"))

    def begin(self, written: Written) -> None:
        """Show what is to be signed."""
        self.written = written
        self.name.setText(self.tr("Sign {}").format(written.protocol.title))
        words = self.tr("{name}, {digits}: {title}")
        protocol = written.protocol
        self.what.setText(words.format(name=protocol.name, digits=protocol.version, title=protocol.title))
        self.meaning.setCursorPosition(0)
        self.accept_button.setFocus()

    def signature(self) -> Signature:
        """Return what is typed."""
        return Signature(self.printed_name.text(), self.credential.text(), self.meaning.text())


class WithdrawForm(Form):
    """Why a version is offered no more."""

    def __init__(self) -> None:
        super().__init__()
        self.version: ProtocolVersion | None = None
        self.reason = NightLine(self.tr("Why it is withdrawn"))
        self.fields.addRow(self.tr("&Why"), self.reason)
        self.accept_button.setText(self.tr("Withdraw the version; it stays readable"))

    def begin(self, version: ProtocolVersion) -> None:
        """Ask why *version* is withdrawn."""
        self.version = version
        title = version.protocol.title if version.protocol is not None else version.signed.name
        self.name.setText(self.tr("Withdraw version {number} of {title}").format(number=version.number, title=title))
        self.reason.clear()
        self.reason.setFocus()


class ProtocolPage(QWidget):
    """The list of versions and presets, and the pages behind its rows."""

    left = Signal()
    said = Signal(str, bool)
    typed_on = Signal()
    """What is half-typed changed, or is no longer."""

    def __init__(self, desk: ClinicDesk, member: Member, guard: Guard) -> None:
        super().__init__()
        self.desk = desk
        self._guard = guard
        self._pages = QStackedWidget()
        self.list = CardList()
        self.list.setAccessibleName(self.tr("Protocols"))
        self.list.setWordWrap(True)
        self.list.chosen.connect(self._choose)
        self._lists = QWidget()
        column = QVBoxLayout(self._lists)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(
            heading(self.tr("Protocols: Enter makes a new version from one, Del withdraws it, Esc goes back"))
        )
        column.addWidget(self.list, 1)
        self.form = ProtocolForm()
        self.form.accepted.connect(self._ask_signature)
        self.form.left.connect(self._leave_page)
        self.form.said.connect(self.said)
        self.form.typed_on.connect(self.typed_on)
        self.sign_form = VersionSignForm(member)
        self.sign_form.accepted.connect(self._sign)
        self.sign_form.left.connect(self._back_to_form)
        self.withdraw_form = WithdrawForm()
        self.withdraw_form.accepted.connect(self._withdraw)
        self.withdraw_form.left.connect(self._leave_page)
        self.drugs = DrugPage()
        self.drugs.left.connect(self._leave_page)
        self.drugs.said.connect(self.said)
        self.drugs.kept.connect(self._keep_drugs)
        self.drugs.typed_on.connect(self.typed_on)
        self.pages_form = ClinicPagesForm()
        self.pages_form.left.connect(self._leave_page)
        self.pages_form.accepted.connect(self._keep_pages)
        self.pages_form.said.connect(self.said)
        self.pages_form.typed_on.connect(self.typed_on)
        for page in (self._lists, self.form, self.sign_form, self.withdraw_form, self.drugs, self.pages_form):
            self._pages.addWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)

    def begin(self) -> None:
        """Show the list as it was read last, and read it again."""
        page = self._pages.currentWidget()
        if page in {self.form, self.sign_form}:
            self._pages.setCurrentWidget(self.form)
            self.form.again()  # half-typed: it is as it was left
        elif self.half_typed() is None:
            self._show_list()
        elif page is self.drugs:
            self.drugs.take(self.desk.book.drugs)
            self.drugs.form.again()
        else:
            self.pages_form.again()
        self.desk.read(self._guard(self._take), self._guard(self._failed))

    def half_typed(self) -> TypedForm | None:
        """Return what is typed and neither signed nor kept yet; None where there is nothing."""
        page = self._pages.currentWidget()
        if page in {self.form, self.sign_form}:
            half = self.form.half_typed()
            return TypedForm(PROTOCOL, half.as_text()) if half is not None else None
        text = page.half_typed() if isinstance(page, ClinicPagesForm | DrugPage) else ""
        return TypedForm(CLINIC_PAGES if page is self.pages_form else CLINIC_DRUG, text) if text else None

    def bring_back(self, typed: TypedForm) -> None:
        """Put what was half-typed into its form, where the page then begins."""
        half = half_typed_of(typed.text) if typed.field == PROTOCOL else None
        if half is not None:
            self.form.bring_back(half)
            self._pages.setCurrentWidget(self.form)
            return
        page = self.pages_form if typed.field == CLINIC_PAGES else self.drugs
        self._pages.setCurrentWidget(page)
        page.bring_back(typed.text)

    def _take(self, book: ClinicBook) -> None:
        self.drugs.take(book.drugs)
        if self._pages.currentWidget() is not self._lists:
            return
        self._fill()
        if book.unread:
            one = self.tr("{count} entry about protocols and drugs could not be read; kapnotes verify says why.")
            many = self.tr("{count} entries about protocols and drugs could not be read; kapnotes verify says why.")
            self.said.emit(counted(book.unread, one, many), True)

    @Slot()
    def _leave_page(self) -> None:
        self.said.emit("", False)
        self._show_list()

    def _show_list(self, current: ProtocolVersion | None = None) -> None:
        self._fill(current)
        self._pages.setCurrentWidget(self._lists)
        self.typed_on.emit()
        self.list.setFocus()

    def _fill(self, current: ProtocolVersion | None = None) -> None:
        book = self.desk.book
        offered = {one.entry_id for one in book.offered()}
        rows: list[tuple[str, object]] = [
            (version_line(one, is_offered=one.entry_id in offered), one) for one in book.versions
        ]
        rows += [(shipped_line(preset), preset) for preset in shipped_protocols()]
        names = ", ".join(drug.name for drug in book.drugs)
        rows.append((self.tr("rescue and adjunct drugs: {}").format(names or self.tr("none")), DRUGS))
        rows.append((pages_line(book.pages), SUMMARIES))
        self.list.show_cards(rows, keep=current)

    @Slot(object)
    def _choose(self, card: object) -> None:
        self.said.emit("", False)
        if card == DRUGS:
            self._pages.setCurrentWidget(self.drugs)
            self.drugs.begin(self.desk.book.drugs)
            return
        if card == SUMMARIES:
            self._pages.setCurrentWidget(self.pages_form)
            self.pages_form.begin(self.desk.book.pages)
            return
        protocol = card.protocol if isinstance(card, ProtocolVersion | Preset) else None
        if protocol is None:
            self.said.emit(self.tr("This version cannot be read by this program; its text is kept."), True)
            return
        self._pages.setCurrentWidget(self.form)
        self.form.begin(protocol)

    # -------------------------------------------------------------------------------------- a new version

    @Slot(object)
    def _ask_signature(self, written: Written) -> None:
        self.said.emit("", False)
        self._pages.setCurrentWidget(self.sign_form)
        self.sign_form.begin(written)

    @Slot()
    def _back_to_form(self) -> None:
        self.said.emit("", False)
        self._pages.setCurrentWidget(self.form)
        self.form.again()

    @Slot(object)
    def _sign(self, form: VersionSignForm) -> None:
        if form.written is None:
            return
        try:
            self.desk.sign(form.written, form.signature(), self._guard(self._signed), self._guard(self._failed))
        except KapnotesError as error:
            self._failed(error)
        else:
            form.set_busy(is_busy=True)

    def _signed(self, book: ClinicBook) -> None:
        self.sign_form.set_busy(is_busy=False)
        newest = book.versions[0]
        self._show_list(newest)
        words = self.tr("Signed: version {number} of {name}. Sessions that start from now on are offered it.")
        self.said.emit(words.format(number=newest.number, name=newest.signed.name), False)

    # ------------------------------------------------------------------------------------------ withdrawing

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Del and Esc on the list."""
        is_list = self._pages.currentWidget() is self._lists
        if is_list and event.key() == Qt.Key.Key_Delete:
            self._ask_to_withdraw()
        elif is_list and event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _ask_to_withdraw(self) -> None:
        card = self.list.current_card()
        if not isinstance(card, ProtocolVersion):
            self.said.emit(self.tr("Only a version that was signed here is withdrawn."), True)
        elif card.withdrawn:
            self.said.emit(self.tr("This version is withdrawn already."), True)
        else:
            self.said.emit("", False)
            self._pages.setCurrentWidget(self.withdraw_form)
            self.withdraw_form.begin(card)

    @Slot(object)
    def _withdraw(self, form: WithdrawForm) -> None:
        if form.version is None:
            return
        try:
            done, failed = self._guard(self._withdrawn), self._guard(self._failed)
            self.desk.withdraw(form.version, form.reason.text(), done, failed)
        except KapnotesError as error:
            self._failed(error)
        else:
            form.set_busy(is_busy=True)

    def _withdrawn(self, book: ClinicBook) -> None:
        del book
        self.withdraw_form.set_busy(is_busy=False)
        self._show_list()
        self.said.emit(self.tr("Withdrawn. It stays readable, and sessions that ran by it keep its text."), False)

    # ------------------------------------------------------------------------------------------------ drugs

    @Slot(object)
    def _keep_drugs(self, drugs: tuple[object, ...]) -> None:
        try:
            done, failed = self._guard(self._drugs_kept), self._guard(self._failed)
            self.desk.keep_drugs(drugs, done, failed)  # type: ignore[arg-type]
        except KapnotesError as error:
            self._failed(error)

    def _drugs_kept(self, book: ClinicBook) -> None:
        self.drugs.begin(book.drugs)
        self.said.emit(self.tr("Kept. The vitals log completes names from this list."), False)

    # -------------------------------------------------------------------------------------------- summaries

    @Slot(object)
    def _keep_pages(self, form: ClinicPagesForm) -> None:
        try:
            self.desk.keep_pages(form.pages(), self._guard(self._pages_kept), self._guard(self._failed))
        except KapnotesError as error:
            self._failed(error)
        else:
            form.set_busy(is_busy=True)

    def _pages_kept(self, book: ClinicBook) -> None:
        del book
        self.pages_form.set_busy(is_busy=False)
        self._show_list()
        self.said.emit(self.tr("Kept. Every summary that is made from now on says so."), False)

    def _failed(self, error: Exception) -> None:
        for form in (self.sign_form, self.withdraw_form, self.pages_form):
            form.set_busy(is_busy=False)
        self.said.emit(error_line(error), True)
