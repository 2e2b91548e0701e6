"""The forms of home for a new patient and a new member: what is half-typed outlives a lock, a passphrase never does."""

from collections.abc import Iterable
from decimal import Decimal

from kapnotes.app.passphrase import require_strong
from kapnotes.app.profile import Entropy
from kapnotes.app.seat import read_weight_kg
from kapnotes.app.typed_fields import NEW_MEMBER, NEW_PATIENT
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.members import Role
from kapnotes.ui.draft_form import DraftForm
from kapnotes.ui.fields import NightLine
from kapnotes.ui.form_parts import RoleBoxes
from kapnotes.ui.new_passphrase import NewPassphrase


class NewPatientForm(DraftForm):
    """A patient by code, weight and allergies."""

    def __init__(self) -> None:
        super().__init__()
        self.code = NightLine()
        self.weight = NightLine()
        self.allergies = NightLine()
        self.code.setPlaceholderText(self.tr("a code, not a name, as in K-0142"))
        for draft_name, line, name in (
            ("code", self.code, self.tr("&Code")),
            ("weight", self.weight, self.tr("&Weight, kg")),
            ("allergies", self.allergies, self.tr("&Allergies")),
        ):
            line.setAccessibleName(name.replace("&", ""))
            self.fields.addRow(name, line)
            self.watch(draft_name, line)
        self.name.setText(self.tr("New patient"))
        self.accept_button.setText(self.tr("Add the patient"))
        self.show_kept({})

    def about(self) -> str:
        """Return that it is a new one."""
        return NEW_PATIENT

    def begin(self) -> None:
        """Go to the first field; what is half-typed goes on."""
        self.code.end(False)
        self.code.setFocus()

    def facts(self) -> tuple[str, Decimal | None, str]:
        """Return code, weight in kg and allergies.

        Raises:
            Implausible: the weight cannot be.
        """
        return self.code.text(), read_weight_kg(self.weight.text()), self.allergies.text()


class NewMemberForm(DraftForm):
    """A member with name, roles and an own passphrase."""

    def __init__(self, entropy: Entropy) -> None:
        super().__init__()
        self.label = NightLine(self.tr("Name"))
        self.label.setPlaceholderText(self.tr("as it stands on the record, with credential"))
        self.roles = RoleBoxes()
        self.fields.addRow(self.tr("&Name"), self.label)
        self.fields.addRow(self.tr("Roles"), self.roles)
        self.passphrase = NewPassphrase(self.fields, self.tr("&Passphrase"), entropy)
        self.watch("name", self.label)
        self.watch("therapist", self.roles.therapist)
        self.watch("medical", self.roles.medical)
        self.name.setText(self.tr("New member"))
        self.accept_button.setText(self.tr("Add the member"))
        self.show_kept({})

    def about(self) -> str:
        """Return that it is a new one."""
        return NEW_MEMBER

    def forget(self) -> None:
        """Keep no passphrase in a field that nobody looks at."""
        self.passphrase.forget()

    def begin(self) -> None:
        """Offer words, and go to the first field; what is half-typed goes on, but for the passphrase."""
        self.passphrase.begin()
        self.label.end(False)
        self.label.setFocus()

    def facts(self, known: Iterable[str]) -> tuple[str, frozenset[Role], str]:
        """Return name, roles and passphrase, in which no word counts that is *known*.

        The fields are looked at in their order, and the first one that will not do gets the focus.

        Raises:
            KapnotesError: the name is empty, no role is ticked, or the passphrase will not do.
        """
        label = self.label.text().strip()
        if not label:
            self.label.setFocus()
            raise KapnotesError(self.tr("Write the name as it shall stand on the record."))
        first, again = self.passphrase.first, self.passphrase.again
        self.roles.therapist.setFocus()
        roles = self.roles.roles()
        first.setFocus()
        if first.text() and not again.text():
            require_strong(first.text(), first.text(), [*known, label])
            again.setFocus()
            raise KapnotesError(self.tr("Type the passphrase once more."))
        require_strong(first.text(), again.text(), [*known, label])
        return label, roles, first.text()
