"""What stays at the top of home until it is settled: files that did not open, a vault older than it was last seen."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kapnotes.app.seat import Seat
from kapnotes.domain.errors import KapnotesError
from kapnotes.ui.fields import NightLine
from kapnotes.ui.frame import Frame
from kapnotes.ui.labels import ScaledLabel
from kapnotes.ui.wording import error_line


class Notices(QWidget):
    """Calm lines above the lists, and one field for the reason that an older vault asks for; nothing is in the way."""

    settled = Signal()
    failed = Signal(Exception)

    def __init__(self, seat: Seat, home: Frame) -> None:
        super().__init__()
        self._seat = seat
        self._home = home
        self._is_asking = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._label = ScaledLabel(0.95)
        self._label.set_mark(is_mark=True)
        self._label.setWordWrap(True)
        column.addWidget(self._label)
        self.reason = NightLine(self.tr("Why the vault is older"))
        self.reason.setPlaceholderText(self.tr("why, as in: restored the backup of Monday"))
        self.reason.returnPressed.connect(self._acknowledge)
        column.addWidget(self.reason)
        self.look()

    def text(self) -> str:
        """Return what it says."""
        return self._label.text()

    def look(self) -> None:
        """Say what there is to say now; without anything it takes no room."""
        older = [finding.line for finding in self._seat.program.behind]
        if older:
            older.append(self.tr("It can be used as ever. Write why it is older, and Enter keeps that with your name:"))
        causes = [error_line(cause) for cause in self._seat.unopened]
        self._show([*causes, *self._returned(), *older], is_asking=bool(older))

    def _returned(self) -> list[str]:
        returned = self._seat.returned
        if returned is None:
            return []
        words = (
            self.tr("Deleted patients came back with the restored backup: {}. They are deleted again.")
            if returned.is_deleted_again
            else self.tr("Deleted patients came back with the restored backup: {}. An administrator's sign-in deletes "
                         "them again.")
        )  # fmt: skip
        return [words.format(returned.count)]

    def _show(self, lines: Sequence[str], *, is_asking: bool) -> None:
        self._label.setText("\n".join(lines))
        self.reason.setVisible(is_asking)
        self.setVisible(bool(lines))

    def _acknowledge(self) -> None:
        if self._is_asking:
            return
        self._is_asking = True
        try:
            self._seat.acknowledge_older(
                self.reason.text(), self._home.if_open(self._kept), self._home.if_open(self._not_kept)
            )
        except KapnotesError as error:
            self._not_kept(error)

    def _kept(self, _: None) -> None:
        self._is_asking = False
        self.reason.clear()
        self.look()
        self.settled.emit()

    def _not_kept(self, error: Exception) -> None:
        self._is_asking = False
        self.failed.emit(error)
