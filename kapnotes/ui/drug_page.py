"""The clinic's list of rescue and adjunct drugs: names, usual routes and unit, and never a dose."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from kapnotes.domain.clinic import RescueDrug
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.rescue import read_drug
from kapnotes.ui.cards import CardList
from kapnotes.ui.clinic_words import drug_line
from kapnotes.ui.draft_form import DraftForm
from kapnotes.ui.fields import NightLine
from kapnotes.ui.form_parts import heading
from kapnotes.ui.wording import error_line

NEW = ""
"""The card of the row that adds a drug."""

NAME, ROUTES, UNIT = "name", "routes", "unit"
"""The names of the fields in their draft."""

A_NEW_ONE = "(a new drug)"
"""What a draft is about that changes none; no drug has a name like it."""


class DrugForm(DraftForm):
    """One drug of the list."""

    def __init__(self) -> None:
        super().__init__()
        self.changes = NEW
        """The name of the drug that is changed."""
        self.drug_name = NightLine()
        self.routes = NightLine()
        self.unit = NightLine()
        self.routes.setPlaceholderText(self.tr("as in: {}").format("iv im oral"))
        for line, name in (
            (self.drug_name, self.tr("&Name")),
            (self.routes, self.tr("Usual &routes")),
            (self.unit, self.tr("&Unit")),
        ):
            line.setAccessibleName(name.replace("&", ""))
            line.setMaxLength(120)
            self.fields.addRow(name, line)
        for field, line in ((NAME, self.drug_name), (ROUTES, self.routes), (UNIT, self.unit)):
            self.watch(field, line)
        self.accept_button.setText(self.tr("Keep the drug"))

    def begin(self, drug: RescueDrug | None) -> None:
        """Show *drug*, or an empty form for a new one."""
        self._name_it(drug.name if drug is not None else NEW)
        kept = {NAME: drug.name, ROUTES: " ".join(drug.routes), UNIT: drug.unit} if drug is not None else {UNIT: "mg"}
        self.show_kept(kept)
        self.again()

    def _name_it(self, changes: str) -> None:
        self.changes = changes
        self.name.setText(self.tr("Drug: {}").format(changes) if changes else self.tr("New drug"))

    def about(self) -> str:
        """Return which drug is changed."""
        return self.changes or A_NEW_ONE

    def take_about(self, about: str) -> None:
        """Change that drug again."""
        self._name_it("" if about == A_NEW_ONE else about)

    def again(self) -> None:
        """Go on with what is typed."""
        self.drug_name.setFocus()

    def facts(self) -> RescueDrug:
        """Return the drug of the form.

        Raises:
            Misread: a field is not whole.
        """
        return read_drug(self.drug_name.text(), self.routes.text(), self.unit.text())


class DrugPage(QWidget):
    """The list, and the form of one drug. Each change is a whole new list, which `kept` hands over."""

    left = Signal()
    said = Signal(str, bool)
    kept = Signal(object)
    typed_on = Signal()
    """What is half-typed changed, or is no longer."""

    def __init__(self) -> None:
        super().__init__()
        self._drugs: tuple[RescueDrug, ...] = ()
        self._asked_to_remove: RescueDrug | None = None
        self._pages = QStackedWidget()
        lists = QWidget()
        column = QVBoxLayout(lists)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(heading(self.tr("Rescue and adjunct drugs, without doses: Enter changes one, Del removes it")))
        self.list = CardList()
        self.list.setAccessibleName(self.tr("Rescue and adjunct drugs"))
        self.list.chosen.connect(self._choose)
        column.addWidget(self.list, 1)
        self.form = DrugForm()
        self.form.accepted.connect(self._keep)
        self.form.left.connect(self._back_to_list)
        self.form.said.connect(self.said)
        self.form.typed_on.connect(self.typed_on)
        self._pages.addWidget(lists)
        self._pages.addWidget(self.form)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)

    def begin(self, drugs: tuple[RescueDrug, ...]) -> None:
        """Show *drugs*."""
        self.take(drugs)
        self._asked_to_remove = None
        rows: list[tuple[str, object]] = [(drug_line(drug), drug) for drug in drugs]
        self.list.show_cards([*rows, (self.tr("a new drug…"), NEW)])
        self._pages.setCurrentIndex(0)
        self.typed_on.emit()
        self.list.setFocus()

    def take(self, drugs: tuple[RescueDrug, ...]) -> None:
        """Let a drug that is kept from now on join *drugs*; what is typed stays."""
        self._drugs = drugs

    def half_typed(self) -> str:
        """Return the drug that is typed and kept nowhere yet, as its draft keeps it; nothing where there is none."""
        return self.form.half_typed() if self._pages.currentWidget() is self.form else ""

    def bring_back(self, text: str) -> None:
        """Show what was half-typed, without taking the focus."""
        self._pages.setCurrentWidget(self.form)
        self.form.bring_back(text)

    @Slot()
    def _back_to_list(self) -> None:
        self.said.emit("", False)
        self.begin(self._drugs)

    @Slot(object)
    def _choose(self, card: object) -> None:
        self.said.emit("", False)
        self._pages.setCurrentWidget(self.form)
        self.form.begin(card if isinstance(card, RescueDrug) else None)

    @Slot(object)
    def _keep(self, form: DrugForm) -> None:
        try:
            drug = form.facts()
            others = tuple(one for one in self._drugs if one.name != form.changes)
            if drug.name.casefold() in {one.name.casefold() for one in others}:
                raise KapnotesError("“{name}” is on the list already.", name=drug.name)
        except KapnotesError as error:
            self.said.emit(error_line(error), True)
            return
        self.kept.emit(tuple(sorted((*others, drug), key=lambda one: one.name.casefold())))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Del and Esc on the list."""
        is_list = self._pages.currentIndex() == 0
        if is_list and event.key() == Qt.Key.Key_Delete:
            self._remove()
        elif is_list and event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _remove(self) -> None:
        drug = self.list.current_card()
        if not isinstance(drug, RescueDrug):
            return
        if self._asked_to_remove != drug:
            self._asked_to_remove = drug
            words = self.tr("Del once more takes “{}” off the list. What was given stays as it was noted.")
            self.said.emit(words.format(drug.name), False)
            return
        self.kept.emit(tuple(one for one in self._drugs if one != drug))
