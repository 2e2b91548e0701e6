"""The two pages around a session: the preparation, and the closing with the first integration notes.

A page has some eighty widgets, which take longer to make than a key may wait: it is made in steps, before it is needed.
"""

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kapnotes.app.carry_over import CarryOver
from kapnotes.app.live_session import LiveSession
from kapnotes.domain.preparation import dosing_began
from kapnotes.ui.around_parts import AgreementsPart, BlocksPart, CardPart, IntentionPart, Part, ThemesPart, TouchPart
from kapnotes.ui.in_steps import styled
from kapnotes.ui.labels import ElidedLabel
from kapnotes.ui.sign_form import scrolled

_DONE = object()
_Page = TypeVar("_Page", bound="AroundPage")


class AroundPage(QWidget):
    """A page of sections beside each other. Esc goes back to the line; what is half-typed here stays."""

    left = Signal()
    said = Signal(str, bool)

    def __init__(self, live: LiveSession, carried: CarryOver, title: str, columns: int) -> None:
        super().__init__()
        self.live = live
        self._carried = carried
        self.parts: list[Part] = []
        self.is_begun = False
        self._title = ElidedLabel(1.2, is_bold=True)
        self._title.setText(title)
        self.state = ElidedLabel(0.95, is_dim=True)
        self.state.setAccessibleName(self.tr("State of the page"))
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 6, 0)
        row.setSpacing(24)
        self._columns = [QVBoxLayout() for _ in range(columns)]
        for column in self._columns:
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

    def make_parts(self) -> Iterator[tuple[int, Part]]:
        """Make the parts one after the other; gives each with its column."""
        raise NotImplementedError

    def build(self) -> Iterator[None]:
        """Put the page together; between two steps the windows can do something else."""
        for column, part in self.make_parts():
            part.said.connect(self.said)
            is_fixed = isinstance(part, IntentionPart | BlocksPart | CardPart)
            self._columns[column].addWidget(part, 0 if is_fixed else 1)
            self.parts.append(part)
            yield
            yield from part.grow()
            yield from styled(part)
            yield

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
        return self.tr("Enter keeps a line, Esc goes back; what is half-typed stays here.")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Esc, wherever the focus is."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class PreparationPage(AroundPage):
    """Intention, themes and agreements; touch and the setting card."""

    intention: IntentionPart
    themes: ThemesPart
    agreed: AgreementsPart
    touch: TouchPart
    card: CardPart

    def __init__(self, live: LiveSession, carried: CarryOver) -> None:
        super().__init__(live, carried, "", columns=2)
        self._title.setText(self.tr("Preparation"))

    def make_parts(self) -> Iterator[tuple[int, Part]]:
        """Make the parts one after the other; gives each with its column."""
        self.intention = IntentionPart(self.live)
        yield 0, self.intention
        self.themes = ThemesPart(self.live, self._carried)
        yield 0, self.themes
        self.agreed = AgreementsPart(self.live)
        yield 0, self.agreed
        self.touch = TouchPart(self.live)
        yield 1, self.touch
        self.card = CardPart(self.live)
        yield 1, self.card

    def first(self) -> QWidget:
        """Return the intention, or what may still be narrowed once dosing began."""
        return self.intention.line if dosing_began(self.live.record) is None else self.touch.list


class ClosingPage(AroundPage):
    """The first integration notes, and the themes that go on."""

    blocks: BlocksPart
    themes: ThemesPart

    def __init__(self, live: LiveSession, carried: CarryOver) -> None:
        super().__init__(live, carried, "", columns=1)
        self._title.setText(self.tr("Closing"))

    def make_parts(self) -> Iterator[tuple[int, Part]]:
        """Make the parts one after the other; gives each with its column."""
        self.blocks = BlocksPart(self.live)
        yield 0, self.blocks
        self.themes = ThemesPart(self.live, self._carried)
        yield 0, self.themes


class PageInSteps(Generic[_Page]):
    """One page that is made step by step while nobody needs it, and at once where somebody does."""

    def __init__(self, make: Callable[[], _Page]) -> None:
        self._make = make
        self._page: _Page | None = None
        self._steps: Iterator[None] | None = None

    def step(self) -> bool:
        """Go one step on; tells whether there was one to go."""
        if self._page is None:
            self._page = self._make()
            self._steps = self._page.build()
        elif self._steps is not None and next(self._steps, _DONE) is _DONE:
            self._steps = None
        return self._steps is not None

    def whole(self) -> _Page:
        """Return the page, made to its end."""
        while self.step():
            pass
        assert self._page is not None  # noqa: S101 - the first step makes it
        return self._page

    def if_whole(self) -> _Page | None:
        """Return the page, or None where it is not made to its end yet."""
        return self._page if self._steps is None else None
