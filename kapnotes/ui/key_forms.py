"""The forms of the page of keys: passphrase, recovery sheets, members. Enter accepts, Esc leaves."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from kapnotes.app.files import is_there, typed_path
from kapnotes.app.keys import SheetCard
from kapnotes.app.profile import Entropy
from kapnotes.app.sheet_pages import page_name
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.members import Member
from kapnotes.ui.fields import Choice, NightLine, secret_line
from kapnotes.ui.forms import Form
from kapnotes.ui.labels import ScaledLabel
from kapnotes.ui.new_passphrase import NewPassphrase
from kapnotes.ui.wording import sheet_words

_News = TypeVar("_News")


class Guard(Protocol):
    """Drops news that come after the window was closed; see `Frame.if_open`."""

    def __call__(self, call: Callable[[_News], None], /) -> Callable[[_News], None]:
        """Return *call*, to be called only while the window is open."""
        ...


LINES = 4
LINE_SIGNS = 14
"""Signs of a line of a recovery sheet, without its dashes."""


def dim_text(text: str = "") -> ScaledLabel:
    """Return a dim paragraph of a form."""
    label = ScaledLabel(0.9, is_dim=True)
    label.setWordWrap(True)
    label.setText(text)
    return label


class SheetLines(QWidget):
    """The four lines of a recovery sheet, typed one by one, or scanned or pasted whole into any of them."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self.lines: list[NightLine] = []
        for number in range(1, LINES + 1):
            line = NightLine(self.tr("Line {} of the sheet").format(number))
            line.setPlaceholderText(self.tr("line {}").format(number))
            line.textChanged.connect(self._spread)
            self.lines.append(line)
            column.addWidget(line)
        self.setFocusProxy(self.lines[0])

    def clear(self) -> None:
        """Keep no line of a sheet in a field that nobody looks at."""
        for line in self.lines:
            line.clear()

    def text(self) -> str:
        """Return what was typed, line by line."""
        return "\n".join(line.text() for line in self.lines)

    def show_fault(self, index: int) -> None:
        """Go to the line that is mistyped."""
        self.lines[index].setFocus()
        self.lines[index].selectAll()

    @Slot(str)
    def _spread(self, typed: str) -> None:
        """Give each line its part where all four came at once."""
        signs = "".join(sign for sign in typed if sign.isalnum())
        if len(signs) >= LINES * LINE_SIGNS:
            for index, line in enumerate(self.lines):
                line.setText(signs[index * LINE_SIGNS : (index + 1) * LINE_SIGNS])


class PassphraseForm(Form):
    """The own passphrase: the one that is, and twice the one that shall be."""

    def __init__(self, entropy: Entropy) -> None:
        super().__init__()
        self.old = secret_line(self.tr("The passphrase that you have"))
        self.fields.addRow(self.tr("O&ld"), self.old)
        self.passphrase = NewPassphrase(self.fields, self.tr("&New passphrase"), entropy)
        self.fields.addRow(
            "",
            dim_text(self.tr("Backups that were made before still open with the old passphrase.")),
        )
        self.name.setText(self.tr("Change your passphrase"))
        self.accept_button.setText(self.tr("Change it"))

    def begin(self) -> None:
        """Empty the form and offer words."""
        self.old.clear()
        self.passphrase.begin()
        self.old.setFocus()

    def forget(self) -> None:
        """Keep no passphrase in a field that nobody looks at."""
        self.old.clear()
        self.passphrase.forget()

    def facts(self) -> tuple[str, str, str]:
        """Return the old passphrase, the new one, and the new one again."""
        return self.old.text(), self.passphrase.first.text(), self.passphrase.again.text()


class MakeSheetForm(Form):
    """Where the page of a new recovery sheet goes: a file to print, or the screen to copy from by hand."""

    def __init__(self) -> None:
        super().__init__()
        self._card: SheetCard | None = None
        self.what = dim_text()
        self.path = NightLine(self.tr("File of the page"))
        self.path.setPlaceholderText(self.tr("left empty: it is shown here, to be copied by hand"))
        self.fields.addRow("", self.what)
        self.fields.addRow(self.tr("&File"), self.path)
        self.fields.addRow(
            "",
            dim_text(
                self.tr(
                    "Print the page and delete the file: it has no passphrase. Then the sheet is typed back here; "
                    "until it has opened the vault, an older sheet stays good."
                )
            ),
        )
        self.accept_button.setText(self.tr("Make the sheet"))

    def begin(self, card: SheetCard, folder: Path) -> None:
        """Fill in what the sheet is for."""
        self._card = card
        name, keeper = sheet_words(card.compartment.kind)
        self.name.setText(self.tr("Recovery sheet: {}").format(name))
        self.what.setText(keeper)
        self.path.setText(str(folder / page_name(card.compartment, card.number + 1)))
        self.path.setFocus()

    def facts(self) -> tuple[SheetCard, Path | None]:
        """Return what the sheet is for and where its page goes.

        Raises:
            KapnotesError: a file is there already.
        """
        assert self._card is not None  # noqa: S101
        typed = self.path.text().strip()
        path = typed_path(typed) if typed else None
        if path is not None and is_there(path):
            raise KapnotesError(self.tr("This file is there already; name another."))
        return self._card, path


class CopySheetForm(Form):
    """The four lines on the screen, for who copies them by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = ScaledLabel(1.5)
        self.lines.setAccessibleName(self.tr("The four lines of the sheet"))
        self.fields.addRow(self.lines)
        self.name.setText(self.tr("Copy these four lines by hand"))
        self.accept_button.setText(self.tr("They are on paper"))

    def begin(self, lines: tuple[str, ...]) -> None:
        """Show the lines."""
        self.lines.setText("\n".join(lines))
        self.accept_button.setFocus()

    def forget(self) -> None:
        """Show them no longer."""
        self.lines.setText("")


class ConfirmSheetForm(Form):
    """The sheet typed back, from the paper."""

    def __init__(self) -> None:
        super().__init__()
        self.sheet = SheetLines()
        self.fields.addRow(self.tr("From the paper"), self.sheet)
        self.fields.addRow("", dim_text(self.tr("Type the four lines, or scan the code into the first one.")))
        self.name.setText(self.tr("Type the sheet back"))
        self.accept_button.setText(self.tr("Confirm the sheet"))

    def begin(self) -> None:
        """Empty the lines."""
        self.sheet.clear()
        self.sheet.lines[0].setFocus()

    def accept(self) -> None:
        """Go to the next line that is empty; hand the sheet over when there is none."""
        for line in self.sheet.lines:
            if not line.text().strip() and QApplication.focusWidget() is not self.accept_button:
                line.setFocus()
                return
        super().accept()


class RevokeForm(Form):
    """Whose membership ends; the name is typed, so that it is nobody else's."""

    def __init__(self) -> None:
        super().__init__()
        self.member = Choice()
        self.member.setAccessibleName(self.tr("Member"))
        self.typed = NightLine(self.tr("The name once more"))
        self.fields.addRow(self.tr("&Member"), self.member)
        self.fields.addRow(self.tr("The &name once more"), self.typed)
        self.fields.addRow(
            "",
            dim_text(
                self.tr(
                    "What the member wrote stays. Sign-in is refused from now on, and the vault gets new keys; a copy "
                    "of the vault that the member kept is not reached. Recovery sheets that the member made count no "
                    "longer: make new ones."
                )
            ),
        )
        self.name.setText(self.tr("End a membership"))
        self.accept_button.setText(self.tr("End the membership"))

    def begin(self, members: list[Member]) -> None:
        """Fill in who there is."""
        self.member.clear()
        for member in members:
            self.member.addItem(member.label, member)
        self.typed.clear()
        self.member.setFocus()

    def facts(self) -> Member:
        """Return whose membership ends.

        Raises:
            KapnotesError: there is nobody, or the name differs.
        """
        member = self.member.currentData(Qt.ItemDataRole.UserRole)
        if not isinstance(member, Member):
            raise KapnotesError(self.tr("There is no other member."))
        if self.typed.text().strip().casefold() != member.label.casefold():
            self.typed.setFocus()
            raise KapnotesError(self.tr("Type the member's name once more, as it stands above."))
        return member
