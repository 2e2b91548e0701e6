"""What stands around the notes in the pad: its two pages, their keys, and the dim line of what was agreed."""

from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Slot

from kapnotes.app.carry_over import CarryOver
from kapnotes.app.live_session import LiveSession
from kapnotes.app.typed_fields import AROUND
from kapnotes.domain.around import Agreement, SettingItem, Theme, ThemeState, TouchAgreement
from kapnotes.domain.around_words import area_word, consent_word, item_word
from kapnotes.domain.entries import (
    Correction,
    Dose,
    Entry,
    Infusion,
    Intention,
    Narrative,
    Phase,
    Stage,
    content_of,
)
from kapnotes.domain.preparation import setting_card, touch_agreed
from kapnotes.domain.record import Record
from kapnotes.domain.text import one_line
from kapnotes.ui.around_pages import AroundPage, ClosingPage, PageInSteps, PreparationPage
from kapnotes.ui.keys import sequence_of
from kapnotes.ui.labels import ElidedLabel
from kapnotes.ui.session_window import SessionWindow
from kapnotes.ui.turns import Turns

AHEAD_AFTER_MS = 1000
STEP_EVERY_MS = 50
"""How long after the pad opened its pages are made, and how far apart the steps are: a key never waits for two."""

_Page = TypeVar("_Page", bound=AroundPage)


class AgreedLine(ElidedLabel):
    """One dim line of what holds now: touch by area, then *further*; its place is there from the beginning."""

    def __init__(self) -> None:
        super().__init__(0.85, is_dim=True)
        self.setAccessibleName(self.tr("What was agreed"))

    def show_record(self, record: Record, *further: str) -> None:
        """Show what *record* says."""
        translate = QCoreApplication.translate
        held = [
            self.tr("{area} {consent}").format(
                area=area_word(area, translate), consent=consent_word(consent, translate)
            )
            for area, consent in touch_agreed(record).items()
        ]
        touch = self.tr("touch: {}").format(" · ".join(held) or self.tr("nothing agreed"))
        words = "     ".join(part for part in (touch, *further) if part)
        if words != self.text():
            self.setText(words)


class CardLine(AgreedLine):
    """What was agreed, with the setting card behind it: as the one who does not note it reads it."""

    def show_session(self, record: Record) -> None:
        """Show touch and card of *record*."""
        translate = QCoreApplication.translate
        card = [f"{item_word(item, translate)}: {one_line(text)}" for item, text in setting_card(record).items()]
        self.show_record(record, self.tr("setting: {}").format(" · ".join(card)) if card else "")

    def hear(self, entry: Entry, record: Record) -> None:
        """Look again where *entry* can change what holds."""
        if changes_what_holds(entry):
            self.show_session(record)


def changes_what_holds(entry: Entry) -> bool:
    """Tell whether *entry* can change what was agreed, or whether it may be widened."""
    content = content_of(entry.body)
    return isinstance(entry.body, Correction) or isinstance(
        content, TouchAgreement | SettingItem | Dose | Infusion | Phase
    )


class Around(QObject):
    """Opens the pages by key and gives the line back as it was. They are made ahead, in steps."""

    def __init__(self, window: SessionWindow, carried: CarryOver, turns: Turns) -> None:
        super().__init__(window)
        self._turns = turns
        self._window = window
        self._live: LiveSession = window.live
        self.carried = carried
        self.line = AgreedLine()
        self._preparation = PageInSteps(self._make_preparation)
        self._closing = PageInSteps(self._make_closing)
        self._ahead = QTimer(self)
        self._ahead.setInterval(AHEAD_AFTER_MS)
        self._ahead.timeout.connect(self._ask_ahead)
        window.bind("around", self.toggle)
        window.bind("around_other", self.toggle_other)
        window.page_left.connect(self._end)

    @property
    def preparation(self) -> PreparationPage:
        """Return the page of the preparation."""
        return self._preparation.whole()

    @property
    def closing(self) -> ClosingPage:
        """Return the page of the closing."""
        return self._closing.whole()

    def _make_preparation(self) -> PreparationPage:
        return self._added(PreparationPage(self._live, self.carried))

    def _make_closing(self) -> ClosingPage:
        return self._added(ClosingPage(self._live, self.carried))

    def _added(self, page: _Page) -> _Page:
        """Let the window have *page* at once: it dies with the window."""
        page.left.connect(self.leave)
        page.said.connect(self._say)
        self._window.add_page(page)
        return page

    @Slot()
    def wait(self) -> None:
        """Put the next step off, because a key was pressed: pages are made in its pauses."""
        if self._ahead.isActive():
            self._ahead.start()

    @Slot()
    def _ask_ahead(self) -> None:
        self._turns.ask(self.make_ahead)

    def make_ahead(self) -> bool:
        """Go one step on with the pages, so that the key that opens one does not wait; tells whether more are left."""
        self._ahead.setInterval(STEP_EVERY_MS)
        is_left = self._preparation.step() or self._closing.step()
        if not is_left:
            self._ahead.stop()
        return is_left

    def _pages(self) -> tuple[AroundPage, ...]:
        return tuple(page for page in (self._preparation.if_whole(), self._closing.if_whole()) if page is not None)

    def listen(self) -> None:
        """Hear the session's news from now on: called before the window's own `listen`, which shows the line too."""
        self._live.entry_added.add(self._hear)
        self.carried.changed.add(self._take_carried)

    def begin(self) -> None:
        """Show what was agreed, tell of what was half-typed, and read the themes of earlier sessions."""
        self._show_line()
        back = [self._live.typing.bring_back(field) for field in AROUND]
        if any(back) and not self._window.news():
            words = self.tr("On the preparation page something half-typed is back: {}.")
            self._window.say(words.format(sequence_of("around")))
        self.carried.begin()
        self._ahead.start()

    def detach(self) -> None:
        """Leave what is half-typed to the drafts, and hear no more news."""
        self._ahead.stop()
        self._turns.drop(self.make_ahead)
        self._end()
        self._live.entry_added.remove(self._hear)
        self.carried.changed.remove(self._take_carried)

    # ---------------------------------------------------------------------------------------------- keys

    @property
    def page(self) -> AroundPage | None:
        """Return the page that is shown, or None."""
        return next((page for page in self._pages() if page.is_begun), None)

    @Slot()
    def toggle(self) -> None:
        """Show the page of this stage, or go back to the line."""
        self._toggle(self.closing if self._is_closing() else self.preparation)

    @Slot()
    def toggle_other(self) -> None:
        """Show the page that belongs to another stage, or go back to the line."""
        self._toggle(self.preparation if self._is_closing() else self.closing)

    def _is_closing(self) -> bool:
        return self._live.record.stage in {Stage.CLOSING, Stage.CLOSED}

    def _toggle(self, page: AroundPage) -> None:
        if self.page is page:
            self.leave()
            return
        self._window.say("")
        self._window.show_page(page)
        page.begin()

    @Slot()
    def leave(self) -> None:
        """Go back to the line, which is as it was."""
        if self.page is not None:
            self._window.leave_page()

    def go_to_intention(self) -> bool:
        """Put the caret into the intention where its page is shown; tells whether it is."""
        page = self._preparation.if_whole()
        if page is None or self.page is not page:
            return False
        page.intention.line.setFocus()
        return True

    @Slot()
    def _end(self) -> None:
        for page in self._pages():
            if page.is_begun:
                page.end()

    # ---------------------------------------------------------------------------------------------- news

    def _hear(self, entry: Entry) -> None:
        if changes_what_holds(entry) or isinstance(entry.body, Agreement | Theme | ThemeState | Intention | Narrative):
            self._show_line()
            for page in self._pages():
                page.show_standing()

    def _take_carried(self, _: None) -> None:
        self._show_line()
        for page in self._pages():
            page.show_standing()
        if self.carried.unread and not self._window.news():
            words = self.tr("Earlier sessions that could not be read: {count}. {line}")
            line = self.carried.unread[0]
            self._window.say(words.format(count=len(self.carried.unread), line=line), is_mark=True)

    def _show_line(self) -> None:
        count = sum(theme.is_open for theme in self.carried.themes())
        themes = self.tr("open themes: {}").format(count) if count else ""
        before = self._live.record.stage is Stage.PREPARATION
        hint = self.tr("({} prepares)").format(sequence_of("around")) if before else ""
        carried = self.carried.carried_on() if before else None
        words = self.tr("to carry on from session {number}: {text}")
        carry = words.format(number=carried[1], text=one_line(carried[0])) if carried is not None else ""
        self.line.show_record(self._live.record, carry, themes, hint)

    @Slot(str, bool)
    def _say(self, text: str, is_mark: bool) -> None:
        self._window.say(text, is_mark=is_mark)
