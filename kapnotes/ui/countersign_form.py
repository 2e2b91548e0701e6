"""The small form in the log by which a second member witnesses waste or checks a dose with the own passphrase."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Slot

from kapnotes.domain.countersigning import meaning_of
from kapnotes.domain.drug_entries import Countersigned
from kapnotes.domain.entries import Entry, Waste
from kapnotes.domain.members import Member
from kapnotes.ui.fields import Choice, secret_line
from kapnotes.ui.forms import Form
from kapnotes.ui.labels import ScaledLabel

NARROWEST = 340
"""Pixels that a field of the form has at least: all that is signed is told, however long it is."""


class CountersignForm(Form):
    """What is signed (the newest that nobody signed yet stands first), who signs, and that member's passphrase."""

    def __init__(self, members_for: Callable[[Entry], Sequence[Member]]) -> None:
        super().__init__()
        self._members_for = members_for
        self.times = ScaledLabel(0.95, is_dim=True)
        self.times.setAccessibleName(self.tr("Times"))
        self.target = Choice()
        self.target.setAccessibleName(self.tr("What is signed"))
        self.target.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.target.currentIndexChanged.connect(self._show_members)
        self.meaning = ScaledLabel(0.95, is_dim=True)
        self.meaning.setWordWrap(True)
        self.meaning.setAccessibleName(self.tr("What the signature says"))
        self.member = Choice()
        self.member.setAccessibleName(self.tr("Who signs"))
        self.passphrase = secret_line(self.tr("Passphrase of who signs"))
        self.fields.addRow(self.times)
        self.fields.addRow(self.tr("&What"), self.target)
        self.fields.addRow(self.tr("Says"), self.meaning)
        self.fields.addRow(self.tr("&Name"), self.member)
        self.fields.addRow(self.tr("&Passphrase"), self.passphrase)
        self.name.setText(self.tr("Witness, or second check"))
        self.accept_button.setText(self.tr("Sign it; no window is opened"))

    def begin(self, targets: Sequence[tuple[Entry, str]], first: int) -> None:
        """Offer *targets*, each with its words, number *first* chosen."""
        self.target.blockSignals(True)
        self.target.clear()
        for entry, words in targets:
            self.target.addItem(words, entry)
        self.target.setCurrentIndex(first)
        self.target.blockSignals(False)
        self._show_members()
        self.set_busy(is_busy=False)
        self.forget()

    def take_focus(self) -> None:
        """Begin where something has to be chosen or typed."""
        (self.member if self.member.count() > 1 else self.passphrase).setFocus()

    def forget(self) -> None:
        """Keep no passphrase in a field that nobody looks at."""
        self.passphrase.clear()

    def ask_again(self) -> None:
        """Let the passphrase be typed anew."""
        self.set_busy(is_busy=False)
        self.forget()
        self.passphrase.setFocus()

    @Slot()
    def _show_members(self) -> None:
        entry = self.target.currentData()
        self.member.clear()
        if not isinstance(entry, Entry):
            return
        says = {
            Countersigned.WITNESSED_WASTE: self.tr("I saw this waste destroyed:"),
            Countersigned.CHECKED_DOSE: self.tr("I checked this, independently:"),
        }
        self.meaning.setText(f"{says[meaning_of(entry.body)]} {self.target.currentText()}")
        self.meaning.setMinimumHeight(self.meaning.heightForWidth(NARROWEST))  # a form's row would cut it
        members = self._members_for(entry)
        for member in members:
            self.member.addItem(member.label, member)
            self.member.setItemData(self.member.count() - 1, member.label, Qt.ItemDataRole.AccessibleTextRole)
        witness = entry.body.witness.casefold() if isinstance(entry.body, Waste) else ""
        named = [place for place, one in enumerate(members) if _name_of(one).casefold() in witness]
        self.member.setCurrentIndex(named[0] if named else 0)

    def facts(self) -> tuple[Entry, Member, str]:
        """Return what is signed, who signs, and the passphrase."""
        return self.target.currentData(), self.member.currentData(), self.passphrase.text()


def _name_of(member: Member) -> str:
    return member.label.partition(",")[0].strip()
