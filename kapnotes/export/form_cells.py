"""The cells of a form, as long as a form takes them; what is longer stands in words below it."""

from kapnotes.domain.words import Translate
from kapnotes.export.beside import FormCell
from kapnotes.export.flow import Style
from kapnotes.export.sheet import BODY, Sheet

LONGEST = 240
"""Characters that a cell takes."""

MOST_LINES = 8
"""Typed lines that a cell takes."""


class FormCells:
    """Makes the cells of one form, and keeps what did not fit into them."""

    def __init__(self, translate: Translate) -> None:
        self._translate = translate
        self._longer: list[tuple[str, str]] = []

    def cell(
        self, label: str, said: str, share: float = 1.0, *, is_strong: bool = False, longest: int = LONGEST
    ) -> FormCell:
        """Return a cell that says *said*, or a dash, or where it is longer than a cell takes that it stands below."""
        if len(said) > longest or said.count("\n") >= MOST_LINES:
            self._longer.append((label, said))
            said = self._translate("Page", "see below")
        return FormCell(label, said or "\N{EN DASH}", share, is_strong)

    def add_longer(self, sheet: Sheet, style: Style = BODY) -> None:
        """Add what did not fit below the form."""
        if self._longer:
            sheet.room(3)
            sheet.facts(self._longer, style)
