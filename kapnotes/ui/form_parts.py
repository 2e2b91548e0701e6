"""Parts that several pages of forms and lists share."""

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.members import Role
from kapnotes.ui.palette import DIM


def narrow(form: QWidget, width: int = 460) -> QWidget:
    """Return *form* in the middle of the window."""
    form.setMaximumWidth(width)
    page = QWidget()
    column = QVBoxLayout(page)
    column.addStretch(2)
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(form, 8)
    row.addStretch(1)
    column.addLayout(row)
    column.addStretch(3)
    return page


class RoleBoxes(QWidget):
    """The two clinical roles, to be ticked."""

    def __init__(self) -> None:
        super().__init__()
        self.therapist = QCheckBox(self.tr("&Therapist: process notes"))
        self.medical = QCheckBox(self.tr("&Medical: vitals, doses, discharge"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.therapist)
        column.addWidget(self.medical)

    def roles(self) -> frozenset[Role]:
        """Return what is ticked.

        Raises:
            KapnotesError: nothing is.
        """
        boxes = ((self.therapist, Role.THERAPIST), (self.medical, Role.MEDICAL))
        chosen = frozenset(role for box, role in boxes if box.isChecked())
        if not chosen:
            raise KapnotesError(self.tr("Tick at least one role."))
        return chosen


def bring_into_sight(widget: QWidget) -> None:
    """Let the page that *widget* stands on, if it scrolls, show it."""
    above = widget.parentWidget()
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    if above is not None:
        above.ensureWidgetVisible(widget)


def heading(text: str) -> QLabel:
    """Return a dim heading over a list."""
    label = QLabel(text)
    label.setForegroundRole(DIM)
    return label
