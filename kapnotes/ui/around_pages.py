"""The two pages around a session: the preparation, and the closing with the first integration notes."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kapnotes.app.carry_over import CarryOver
from kapnotes.app.live_session import LiveSession
from kapnotes.domain.preparation import dosing_began
from kapnotes.ui.around_parts import AgreementsPart, BlocksPart, CardPart, IntentionPart, Part, ThemesPart, TouchPart
from kapnotes.ui.frame import ElidedLabel
from kapnotes.ui.sign_form import scrolled


class AroundPage(QWidget):
    """A page of sections beside each other. Esc goes back to the line; what is half-typed here stays."""

    left = Signal()
    said = Signal(str, bool)

    def __init__(
        self, live: LiveSession, carried: CarryOver, title: str, columns: tuple[tuple[Part, ...], ...]
    ) -> None:
        super().__init__()
        self.live = live
        self._carried = carried
        self.parts = tuple(part for parts in columns for part in parts)
        self.is_begun = False
        self._title = ElidedLabel(1.2, is_bold=True)
        self._title.setText(title)
        self.state = ElidedLabel(0.95, is_dim=True)
        self.state.setAccessibleName(self.tr("State of the page"))
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 6, 0)
        row.setSpacing(24)
        for parts in columns:
            column = QVBoxLayout()
            for part in parts:
                part.said.connect(self.said)
                column.addWidget(part, 0 if isinstance(part, IntentionPart | BlocksPart | CardPart) else 1)
            row.addLayout(column, 1)
        self._area = scrolled(body)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(2)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self.state, 3)
        whole.addLayout(head)
        whole.addWidget(self._area, 1)

    def begin(self) -> None:
        """Show what stands and what was half-typed, and take the keys."""
        self.is_begun = True
        self.state.setText(self._state_words())
        for part in self.parts:
            part.begin()
        self.first().setFocus()

    def first(self) -> QWidget:
        """Return where the keys go first."""
        return self.parts[0].lines[0]

    def end(self) -> None:
        """Leave what is half-typed to the drafts."""
        self.is_begun = False
        for part in self.parts:
            part.end()

    def show_standing(self) -> None:
        """Show what is entered now."""
        if self.is_begun:
            self.state.setText(self._state_words())
            for part in self.parts:
                part.show_standing()

    def _state_words(self) -> str:
        if self.live.is_read_only:
            return self.tr("Read only: nothing can be noted here.")
        if self.parts[-1].preparing.is_closed:
            return self.tr("Signed: this stays as it is. What is added goes into the line, with a reason.")
        if self._carried.unread:
            count = len(self._carried.unread)
            words = self.tr("Earlier sessions that could not be read: {count}. {line}")
            return words.format(count=count, line=self._carried.unread[0])
        if not self._carried.is_read:
            return self.tr("Reading the themes of earlier sessions…")
        return self.tr("Enter keeps a line, Esc goes back to the note; what is half-typed stays here.")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Esc, wherever the focus is."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class PreparationPage(AroundPage):
    """Intention, themes and agreements; touch and the setting card."""

    def __init__(self, live: LiveSession, carried: CarryOver) -> None:
        self.intention = IntentionPart(live)
        self.themes = ThemesPart(live, carried)
        self.agreed = AgreementsPart(live)
        self.touch = TouchPart(live)
        self.card = CardPart(live)
        columns = ((self.intention, self.themes, self.agreed), (self.touch, self.card))
        super().__init__(live, carried, "", columns)
        self._title.setText(self.tr("Preparation"))

    def first(self) -> QWidget:
        """Return the intention, or what may still be narrowed once dosing began."""
        return self.intention.line if dosing_began(self.live.record) is None else self.touch.list


class ClosingPage(AroundPage):
    """The first integration notes, and the themes that go on."""

    def __init__(self, live: LiveSession, carried: CarryOver) -> None:
        self.blocks = BlocksPart(live)
        self.themes = ThemesPart(live, carried)
        super().__init__(live, carried, "", ((self.blocks, self.themes),))
        self._title.setText(self.tr("Closing"))
