"""What every summary says for the clinic, as one short form: the window, whom to call, and 42 CFR Part 2."""

from PySide6.QtWidgets import QCheckBox

from kapnotes.domain.clinic_pages import ClinicPages, read_clinic_pages
from kapnotes.ui.draft_form import TICKED, DraftForm
from kapnotes.ui.fields import NightLine

LINES_TO_CALL = 4
MOST_SIGNS = 120

WINDOW, TO_CALL, PART_2 = "window", "whom to call", "part 2"
"""The names of the fields in their draft."""


class ClinicPagesForm(DraftForm):
    """The words of the clinic on a summary."""

    def __init__(self) -> None:
        super().__init__()
        self.name.setText(self.tr("On every summary"))
        self.window_h = NightLine(self.tr("Integration window, hours after the end of dosing"))
        self.window_h.setPlaceholderText(self.tr("as in: {}").format("24 72"))
        self.fields.addRow(self.tr("&Window, hours"), self.window_h)
        self.to_call = [NightLine(self.tr("Whom to call, line {}").format(one + 1)) for one in range(LINES_TO_CALL)]
        for index, line in enumerate(self.to_call):
            line.setMaxLength(MOST_SIGNS)
            self.fields.addRow(self.tr("Whom to &call") if index == 0 else "", line)
        self.to_call[0].setPlaceholderText(self.tr("as in: {}").format("weekdays 8 to 17: 555-0100"))
        self.part_2 = QCheckBox(self.tr("42 CFR &Part 2 binds the clinic: print its notice"))
        self.fields.addRow("", self.part_2)
        self.accept_button.setText(self.tr("Keep it for all summaries from now on"))
        self.watch(WINDOW, self.window_h)
        for index, line in enumerate(self.to_call):
            self.watch(f"{TO_CALL} {index + 1}", line)
        self.watch(PART_2, self.part_2)

    def about(self) -> str:
        """Return that it is what summaries say."""
        return "summaries"

    def begin(self, pages: ClinicPages) -> None:
        """Show what is kept now."""
        said = pages.whom_to_call.splitlines()
        said = [*said[: LINES_TO_CALL - 1], "; ".join(said[LINES_TO_CALL - 1 :])]
        to_call = {f"{TO_CALL} {index + 1}": line for index, line in enumerate(said)}
        window = f"{pages.window_first_h} {pages.window_last_h}"
        self.show_kept({WINDOW: window, PART_2: TICKED if pages.is_part_2_program else ""} | to_call)
        self.again()

    def again(self) -> None:
        """Go on with what is typed."""
        self.window_h.setFocus()

    def pages(self) -> ClinicPages:
        """Return what is typed.

        Raises:
            Misread: a field is not whole.
        """
        to_call = "\n".join(line.text() for line in self.to_call)
        return read_clinic_pages(self.window_h.text(), to_call, is_part_2_program=self.part_2.isChecked())
