"""The page of the codebook: its codes with title, key, letter and kind; changed, added and removed by keyboard."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from kapnotes.app.clinic_typing import ABOUT
from kapnotes.app.codebook_shelf import CodebookShelf
from kapnotes.app.typed_fields import CODE
from kapnotes.domain.codebook import Code, CodeKind, read_code
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.form_draft import form_values
from kapnotes.domain.text import one_line, storable
from kapnotes.ui.cards import CardList
from kapnotes.ui.draft_form import DraftForm
from kapnotes.ui.fields import Choice, NightLine
from kapnotes.ui.form_parts import heading
from kapnotes.ui.keys import sequences_of
from kapnotes.ui.wording import error_line

NEW = ""
"""The card of the row that adds a code."""


class CodeForm(DraftForm):
    """One code. Marks and states can be made; quote, setting and signal are there once and keep their kind."""

    def __init__(self) -> None:
        super().__init__()
        self.code: Code | None = None
        self.title = NightLine()
        self.key = NightLine()
        self.letter = NightLine()
        self.kind = Choice()
        self.key.setPlaceholderText(self.tr("F1 to F24, with Shift or Ctrl, or none"))
        self.letter.setPlaceholderText(self.tr("one letter, for Alt and that letter, or none"))
        self.title.setMaxLength(40)
        for field, name in (
            (self.title, self.tr("&Title")),
            (self.key, self.tr("&Key")),
            (self.letter, self.tr("&Letter")),
            (self.kind, self.tr("K&ind")),
        ):
            field.setAccessibleName(name.replace("&", ""))
            self.fields.addRow(name, field)
        for draft_name, watched in (
            ("title", self.title),
            ("key", self.key),
            ("letter", self.letter),
            ("kind", self.kind),
        ):
            self.watch(draft_name, watched)
        self.accept_button.setText(self.tr("Keep the code"))

    def about(self) -> str:
        """Return which code is changed, or that it is a new one."""
        return f"{CODE} {self.code.name if self.code is not None else NEW}"

    def again(self) -> None:
        """Go on with what is typed."""
        self.title.setFocus()

    def show_code(self, code: Code | None) -> None:
        """Show *code*, or an empty form for a new one, without taking the focus."""
        self.code = code
        self.name.setText(self.tr("Code: {}").format(code.title) if code is not None else self.tr("New code"))
        is_fixed = code is not None and code.kind not in {CodeKind.POINT, CodeKind.STATE}
        kinds = (code.kind,) if is_fixed and code is not None else (CodeKind.POINT, CodeKind.STATE)
        with self.filling():
            self.kind.clear()
            for kind in kinds:
                self.kind.addItem(kind_word(kind), kind)
        self.kind.setEnabled(not is_fixed)
        shown = code or Code("", "", "", "", CodeKind.POINT)
        self.show_kept({"title": shown.title, "key": shown.key, "letter": shown.letter, "kind": str(shown.kind)})

    def begin(self, code: Code | None) -> None:
        """Show *code*, or an empty form for a new one, and go there."""
        self.show_code(code)
        self.title.setFocus()
        self.title.selectAll()

    def facts(self) -> Code:
        """Return the code as it stands in the form; a changed title keeps the name under which entries know it.

        Raises:
            BadFile: it has no title, or its key or letter cannot be one.
        """
        title = one_line(storable(self.title.text()))
        name = self.code.name if self.code is not None else title.replace(":", " ").strip()
        embark = self.code.embark if self.code is not None else ""
        return read_code(name, title, self.key.text(), self.letter.text(), CodeKind(self.kind.currentData()), embark)


class CodebookPage(QWidget):
    """The list of codes, and the form of one. *runs* tells which states run in an open session."""

    left = Signal()
    said = Signal(str, bool)
    typed_on = Signal()
    """What is half-typed changed, or is no longer."""

    def __init__(self, shelf: CodebookShelf, runs: Callable[[], frozenset[str]]) -> None:
        super().__init__()
        self._shelf = shelf
        self._runs = runs
        self._asked_to_remove = ""
        self._pages = QStackedWidget()
        lists = QWidget()
        column = QVBoxLayout(lists)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(heading(self.tr("Codebook: Enter changes a code, Del removes it, Esc goes back")))
        self.list = CardList()
        self.list.setAccessibleName(self.tr("Codes"))
        self.list.chosen.connect(self._choose)
        column.addWidget(self.list, 1)
        self.form = CodeForm()
        self.form.accepted.connect(self._keep)
        self.form.left.connect(self._show_list)
        self.form.said.connect(self.said)
        self.form.typed_on.connect(self.typed_on)
        self._pages.addWidget(lists)
        self._pages.addWidget(self.form)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)

    def begin(self) -> None:
        """Show the codes, or the one that was left half-typed; a file that is not used is said."""
        if self.half_typed():
            self.form.again()
        else:
            self._show_list()
        if self._shelf.fault is not None:
            self.said.emit(error_line(self._shelf.fault), True)

    def half_typed(self) -> str:
        """Return the code that is typed and kept nowhere yet, as its draft keeps it; nothing where there is none."""
        return self.form.half_typed() if self._pages.currentWidget() is self.form else ""

    def bring_back(self, text: str) -> None:
        """Show what was half-typed, without taking the focus; a code that is gone meanwhile is a new one."""
        name = form_values(text, (ABOUT,)).get(ABOUT, "").removeprefix(CODE).strip()
        self.form.show_code(self._shelf.codebook.named(name))
        self._pages.setCurrentWidget(self.form)
        self.form.bring_back(text)

    @Slot()
    def _show_list(self) -> None:
        self._asked_to_remove = ""
        self.said.emit("", False)
        rows: list[tuple[str, object]] = [(code_line(code), code.name) for code in self._shelf.codebook.codes]
        self.list.show_cards([*rows, (self.tr("a new code…"), NEW)])
        self._pages.setCurrentIndex(0)
        self.typed_on.emit()
        self.list.setFocus()

    @Slot(object)
    def _choose(self, name: object) -> None:
        self.said.emit("", False)
        self._pages.setCurrentWidget(self.form)
        self.form.begin(self._shelf.codebook.named(str(name)) if name != NEW else None)

    @Slot(object)
    def _keep(self, form: CodeForm) -> None:
        try:
            code = form.facts()
            self._require_new_or_same(code)
            self._shelf.keep(self._shelf.codebook.having(code))
        except KapnotesError as error:
            self.said.emit(error_line(error), True)
            return
        self._show_list()
        self.said.emit(self.tr("Kept: {}. Windows that open from now on have it.").format(code.title), False)

    def _require_new_or_same(self, code: Code) -> None:
        """See that a new code hides no other, and that a state that runs stays one."""
        before = self._shelf.codebook.named(code.name)
        if self.form.code is None and before is not None:
            raise KapnotesError("There is a code “{name}” already; choose it in the list.", name=code.name)
        if before is not None and before.kind is not code.kind:
            self._require_still(code.name)

    def _require_still(self, name: str) -> None:
        if name in self._runs():
            raise KapnotesError("“{name}” runs in an open session; end it first.", name=name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Del and Esc on the list."""
        if self._pages.currentIndex() == 0 and event.key() == Qt.Key.Key_Delete:
            self._remove()
        elif self._pages.currentIndex() == 0 and event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _remove(self) -> None:
        code = self._shelf.codebook.named(str(self.list.current_card()))
        if code is None:
            return
        if self._asked_to_remove != code.name:
            self._asked_to_remove = code.name
            words = self.tr("Del once more removes “{}”. What was noted under it keeps showing.")
            self.said.emit(words.format(code.title), False)
            return
        try:
            self._require_still(code.name)
            self._shelf.keep(self._shelf.codebook.without(code.name))
        except KapnotesError as error:
            self.said.emit(error_line(error), True)
            return
        self._show_list()
        self.said.emit(self.tr("Removed: {}.").format(code.title), False)


def code_line(code: Code) -> str:
    """Return a code as one row: title, keys, kind."""
    return "   ".join(part for part in (code.title, ", ".join(sequences_of(code)), kind_word(code.kind)) if part)


def kind_word(kind: CodeKind) -> str:
    """Return what a code of that kind does, in a word or two."""
    translate = QCoreApplication.translate
    return {
        CodeKind.POINT: translate("Codebook", "mark"),
        CodeKind.STATE: translate("Codebook", "state, with start and stop"),
        CodeKind.QUOTE: translate("Codebook", "the patient's own words"),
        CodeKind.SETTING: translate("Codebook", "about the room, for everybody"),
        CodeKind.SIGNAL: translate("Codebook", "silent signal"),
    }[kind]
