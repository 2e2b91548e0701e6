"""What everybody at home has to see about keys: openings in an emergency, and recovery sheets that are missing."""

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from kapnotes.app.keys import Emergency, KeyDesk
from kapnotes.ui.keys import sequence_of
from kapnotes.ui.labels import ScaledLabel


class KeyNotices(QWidget):
    """Two calm lines above the lists, each there only while it says something."""

    def __init__(self, desk: KeyDesk) -> None:
        super().__init__()
        self._desk = desk
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.emergencies = ScaledLabel(0.95)
        self.emergencies.set_mark(is_mark=True)
        self.reminder = ScaledLabel(0.85, is_dim=True)
        for label in (self.emergencies, self.reminder):
            label.setWordWrap(True)
            label.hide()
            column.addWidget(label)

    def look(
        self,
        if_open: Callable[[Callable[[list[Emergency]], None]], Callable[[list[Emergency]], None]],
        failed: Callable[[Exception], None],
    ) -> None:
        """Ask what there is to see now; *if_open* keeps late news from a window that is gone."""
        self._desk.notices(if_open(self._take), failed)
        words = self.tr("A recovery sheet is missing or not confirmed: {} makes one.").format(sequence_of("key_page"))
        self.reminder.setText(words if self._desk.lacks_sheets() else "")
        self.reminder.setVisible(bool(self.reminder.text()))

    def _take(self, notices: list[Emergency]) -> None:
        lines = [
            self.tr("Opened in an emergency on {day} at {time}: {reason}  ({key}: I have seen it)").format(
                day=f"{one.at.local():%Y-%m-%d}",
                time=f"{one.at.local():%H:%M}",
                reason=one.reason,
                key=sequence_of("key_page"),
            )
            for one in notices
        ]
        self.emergencies.setText("\n".join(lines))
        self.emergencies.setVisible(bool(lines))
