"""The clinic's list of rescue and adjunct drugs: names, usual routes and unit, and never a dose."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from kapnotes.domain.clinic import RescueDrug
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.rescue import read_drug
from kapnotes.ui.cards import CardList
from kapnotes.ui.clinic_words import drug_line
from kapnotes.ui.fields import NightLine
from kapnotes.ui.form_parts import heading
from kapnotes.ui.forms import Form
from kapnotes.ui.wording import error_line

NEW = ""
"""The card of the row that adds a drug."""


class DrugForm(Form):
    """One drug of the list."""

    def __init__(self) -> None:
        super().__init__()
        self.drug: RescueDrug | None = None
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
        self.accept_button.setText(self.tr("Keep the drug"))

    def begin(self, drug: RescueDrug | None) -> None:
        """Show *drug*, or an empty form for a new one."""
        self.drug = drug
        self.name.setText(self.tr("Drug: {}").format(drug.name) if drug is not None else self.tr("New drug"))
        self.drug_name.setText(drug.name if drug is not None else "")
        self.routes.setText(" ".join(drug.routes) if drug is not None else "")
        self.unit.setText(drug.unit if drug is not None else "mg")
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
        self._pages.addWidget(lists)
        self._pages.addWidget(self.form)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)

    def begin(self, drugs: tuple[RescueDrug, ...]) -> None:
        """Show *drugs*."""
        self._drugs = drugs
        self._asked_to_remove = None
        rows: list[tuple[str, object]] = [(drug_line(drug), drug) for drug in drugs]
        self.list.show_cards([*rows, (self.tr("a new drug…"), NEW)])
        self._pages.setCurrentIndex(0)
        self.list.setFocus()

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
            others = tuple(one for one in self._drugs if one != form.drug)
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
