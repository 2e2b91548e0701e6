"""The integration windows that fall due, at home: one line each, and nothing at all where none does."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kapnotes.app.seat import Seat, SessionCard
from kapnotes.app.windows_due import Due, WindowsDue
from kapnotes.domain.follow_up_words import state_word
from kapnotes.domain.integration_window import WindowState
from kapnotes.ui.cards import CardList
from kapnotes.ui.days import day_and_time
from kapnotes.ui.form_parts import heading
from kapnotes.ui.labels import MARK_SIGN

ROWS = 3
"""So many are in sight at once; the others are reached by the arrows."""

ROOM_PX = 480
"""In a lower window one is in sight: the lists below need the room."""


class DueWindows(QWidget):
    """A short list; Enter asks for the follow-up of the chosen session. For therapists alone, who record it."""

    chosen = Signal(object)

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        self._due = WindowsDue(seat)
        self._window_h = (0, 0)
        self._rows = ROWS
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(heading(self.tr("Integration windows without a follow-up: Enter records it")))
        self.list = CardList()
        self.list.setAccessibleName(self.tr("Integration windows that fall due"))
        self.list.chosen.connect(self.chosen)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        column.addWidget(self.list)
        self.hide()

    def look(self, cards: Sequence[SessionCard], window_h: tuple[int, int]) -> None:
        """Look which of *cards* fall due, in the clinic's hours after the end of dosing."""
        self._window_h = window_h
        self._due.look(cards, self._hours, self._show)

    def stop(self) -> None:
        """Look no further."""
        self._due.stop()

    def rows(self) -> tuple[str, ...]:
        """Return what is shown, from the top."""
        return tuple(self.list.item(row).text() for row in range(self.list.count()))

    def _hours(self) -> tuple[int, int]:
        return self._window_h

    def _show(self, due: list[Due]) -> None:
        self.list.show_cards([(self._line(one), one.card) for one in due])
        self._fit()
        self.setVisible(bool(due))

    def _line(self, due: Due) -> str:
        words = self.tr("{sign}{state}   {code} · session {number}   {opens} to {closes}")
        is_pressing = due.state in {WindowState.DUE_TODAY, WindowState.OVER}
        return words.format(
            sign=f"{MARK_SIGN} " if is_pressing else "",
            state=state_word(due.state, QCoreApplication.translate),
            code=due.card.opened.patient_code,
            number=due.card.opened.number,
            opens=day_and_time(due.window.opens),
            closes=day_and_time(due.window.closes),
        )

    def fit(self, height_px: int) -> None:
        """Be as high as a window of that height has room for."""
        self._rows = ROWS if height_px >= ROOM_PX else 1
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the program's type size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        rows = min(self._rows, max(1, self.list.count()))
        self.list.setFixedHeight(rows * (self.list.fontMetrics().lineSpacing() + 8) + 6)
