"""The parts of the pages around a session: intention, themes, agreements, touch, setting card, integration notes."""

from collections.abc import Callable, Iterator

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from kapnotes.app.carry_over import CarryOver
from kapnotes.app.live_session import LiveSession
from kapnotes.app.preparing import Preparing
from kapnotes.app.typed_fields import AGREEMENT, AREA, BLOCKS, CARD, INTENTION, THEME
from kapnotes.domain.around import TouchConsent
from kapnotes.domain.around_words import area_word, consent_word, item_word
from kapnotes.domain.entries import Block, Intention, Narrative
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.preparation import AREAS, agreements, setting_card, touch_agreed
from kapnotes.domain.text import one_line
from kapnotes.ui.form_parts import heading
from kapnotes.ui.labels import ScaledLabel
from kapnotes.ui.page_line import Drafted, KeyList, PageLine, SettledLine
from kapnotes.ui.press import Press
from kapnotes.ui.wording import error_line

LINES_AT_ONCE = 4
"""So many lines of the setting card are made in one step."""


class Part(QWidget):
    """One section of a page: a heading, its lines and lists. What is entered is an entry at once."""

    said = Signal(str, bool)

    def __init__(self, live: LiveSession, title: str) -> None:
        super().__init__()
        self.live = live
        self.preparing = Preparing(live)
        self.lines: list[PageLine] = []
        self._drafts: list[Drafted] = []
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 6)
        self.column.setSpacing(2)
        name = ScaledLabel(is_dim=True)
        name.setWordWrap(True)  # where a column is narrow the keys stay whole, in a second line
        name.setText(title)
        self.column.addWidget(name)

    def add_line(self, line: PageLine, field: str, kept: Callable[[], str] = str) -> PageLine:
        """Let *line* be kept as a draft under *field*; *kept* tells what is entered already."""
        self.lines.append(line)
        self._drafts.append(Drafted(line, field, self.live.typing, kept))
        return line

    def grow(self) -> Iterator[None]:
        """Make what takes longer than a key may wait; between two steps the windows can do something else."""
        return iter(())

    def begin(self) -> None:
        """Show what stands, and what was half-typed."""
        self.show_standing()
        for line, draft in zip(self.lines, self._drafts, strict=True):
            draft.begin()
            line.set_open(is_open=not self.is_closed())

    def end(self) -> None:
        """Leave what is half-typed to the drafts."""
        for draft in self._drafts:
            draft.end()

    def is_closed(self) -> bool:
        """Tell whether nothing can be entered here any more."""
        return self.preparing.is_closed

    def show_standing(self) -> None:
        """Show what is entered."""

    def take(self, line: PageLine, does: Callable[[], object]) -> bool:
        """Do what enters *line*, and bring back what else was half-typed for it; says why not, and tells whether."""
        try:
            does()
        except KapnotesError as error:
            self.said.emit(error_line(error), True)
            return False
        self.said.emit("", False)
        self._drafts[self.lines.index(line)].begin()
        return True

    def do(self, does: Callable[[], object]) -> None:
        """Do what a key of a list means, or say why not."""
        if self.is_closed():
            return
        try:
            does()
        except KapnotesError as error:
            self.said.emit(error_line(error), True)
        else:
            self.said.emit("", False)


class IntentionPart(Part):
    """What the patient came with; the newest counts."""

    def __init__(self, live: LiveSession) -> None:
        super().__init__(live, QCoreApplication.translate("IntentionPart", "Intention"))
        self.line = self.add_line(
            PageLine(
                self.tr("Intention"), self.tr("what the patient came with, in the patient's words; Enter keeps it")
            ),
            INTENTION,
            self._kept,
        )
        self.line.entered.connect(self._enter)
        self.column.addWidget(self.line)

    def _kept(self) -> str:
        known = self.live.record.newest(Intention)
        return "" if known is None else known.text

    @Slot(str)
    def _enter(self, text: str) -> None:
        if not text.strip():
            self._drafts[0].begin()  # an intention is not taken back by an empty line: it shows again
            self.line.focusNextChild()
        elif self.take(self.line, lambda: self.preparing.intention(text)):
            self.line.focusNextChild()


class ThemesPart(Part):
    """What goes on beyond the session, with the open themes of earlier ones."""

    def __init__(self, live: LiveSession, carried: CarryOver) -> None:
        super().__init__(live, QCoreApplication.translate("ThemesPart", "Themes   Space: settled, or open again"))
        self._carried = carried
        self.list = KeyList(
            self.tr("Themes"),
            {Qt.Key.Key_Space: "settle", Qt.Key.Key_Return: "settle", Qt.Key.Key_Delete: "take back"},
            self.tr("No open theme. What goes on beyond this session is typed below."),
            rows=4,
        )
        self.list.pressed_on.connect(self._press)
        self.column.addWidget(self.list, 1)
        self.line = self.add_line(PageLine(self.tr("New theme"), self.tr("a new theme; Enter keeps it")), THEME)
        self.line.entered.connect(self._enter)
        self.column.addWidget(self.line)

    def show_standing(self) -> None:
        """Show the themes that the session is about."""
        self.list.show_rows(
            [
                (theme.entry_id, self._row(theme.text, theme.session, is_open=theme.is_open))
                for theme in self._carried.in_sight()
            ]
        )

    def _row(self, text: str, session: int, *, is_open: bool) -> str:
        state = self.tr("open") if is_open else self.tr("settled")
        opened = self.live.record.opened
        is_own = opened is not None and session == opened.number
        since = "" if is_own else self.tr("since session {}").format(session)
        return "  ·  ".join(part for part in (state, one_line(text), since) if part)

    @Slot(str)
    def _enter(self, text: str) -> None:
        if text.strip():
            self.take(self.line, lambda: self.preparing.theme(text))
        else:
            self.line.focusNextChild()

    @Slot(str, str)
    def _press(self, does: str, entry_id: str) -> None:
        is_open = next(theme.is_open for theme in self._carried.in_sight() if theme.entry_id == entry_id)
        if does == "settle":
            self.do(lambda: self.preparing.settle(entry_id, is_open=not is_open))
        elif entry_id in {theme.entry_id for theme in self._carried.own().themes}:
            self.do(lambda: self.preparing.take_back(entry_id))
        else:
            self.said.emit(self.tr("It came up in an earlier session: Space settles it."), True)


class AgreementsPart(Part):
    """What else was agreed, for everybody in the room."""

    def __init__(self, live: LiveSession) -> None:
        super().__init__(
            live, QCoreApplication.translate("AgreementsPart", "Agreed, for everybody   Del: take it back")
        )
        self.list = KeyList(
            self.tr("Agreements"),
            {Qt.Key.Key_Delete: "take back"},
            self.tr("Nothing yet. What both of you agreed on is typed below, as in: a raised hand ends the music."),
            rows=3,
        )
        self.list.pressed_on.connect(self._press)
        self.column.addWidget(self.list, 1)
        self.line = self.add_line(
            PageLine(self.tr("New agreement"), self.tr("a new agreement; Enter keeps it")), AGREEMENT
        )
        self.line.entered.connect(self._enter)
        self.column.addWidget(self.line)

    def show_standing(self) -> None:
        """Show what was agreed."""
        self.list.show_rows([(entry.entry_id, one_line(said.text)) for entry, said in agreements(self.live.record)])

    @Slot(str)
    def _enter(self, text: str) -> None:
        if text.strip():
            self.take(self.line, lambda: self.preparing.agree(text))
        else:
            self.line.focusNextChild()

    @Slot(str, str)
    def _press(self, does: str, entry_id: str) -> None:
        del does
        self.do(lambda: self.preparing.take_back(entry_id))


class TouchPart(Part):
    """Touch for each area of the body: agreed before dosing, narrowed afterwards by one key."""

    def __init__(self, live: LiveSession) -> None:
        super().__init__(
            live,
            QCoreApplication.translate(
                "TouchPart", "Touch   Y yes · A ask first · N no   only narrower once dosing began"
            ),
        )
        keys = {Qt.Key.Key_Y: TouchConsent.YES, Qt.Key.Key_A: TouchConsent.ASK, Qt.Key.Key_N: TouchConsent.NO}
        self.list = KeyList(self.tr("Touch by area"), {key: str(one) for key, one in keys.items()}, "", rows=4)
        self.list.pressed_on.connect(self._press)
        self.column.addWidget(self.list, 1)
        self.line = self.add_line(
            PageLine(self.tr("Touch of another area"), self.tr("another area, as in: left knee ask")), AREA
        )
        self.line.entered.connect(self._enter)
        self.column.addWidget(self.line)

    def show_standing(self) -> None:
        """Show what holds for each area now."""
        held = touch_agreed(self.live.record)
        further = [area for area in held if area not in AREAS]
        self.list.show_rows([(area, self._row(area, held.get(area))) for area in (*AREAS, *further)])

    def _row(self, area: str, consent: TouchConsent | None) -> str:
        translate = QCoreApplication.translate
        said = consent_word(consent, translate) if consent is not None else self.tr("not spoken of")
        return self.tr("{area}: {consent}").format(area=area_word(area, translate), consent=said)

    @Slot(str)
    def _enter(self, text: str) -> None:
        if not text.strip():
            self.line.focusNextChild()
            return
        words = {str(one): one for one in TouchConsent}
        words |= {consent_word(one, QCoreApplication.translate).lower(): one for one in TouchConsent}
        self.take(self.line, lambda: self.preparing.touch_line(text, words))

    @Slot(str, str)
    def _press(self, consent: str, area: str) -> None:
        self.do(lambda: self.preparing.touch(area, TouchConsent(consent)))


class CardPart(Part):
    """The setting card, a line for each item; an empty one was not spoken of."""

    def __init__(self, live: LiveSession) -> None:
        super().__init__(
            live, QCoreApplication.translate("CardPart", "Setting card, for everybody   empty: not spoken of")
        )
        self._grid = QGridLayout()
        self._grid.setVerticalSpacing(1)
        self._grid.setHorizontalSpacing(12)
        self._grid.setColumnStretch(1, 1)
        self.of_item: dict[int, PageLine] = {}
        self.column.addLayout(self._grid)

    def grow(self) -> Iterator[None]:
        """Add the lines, a few in each step."""
        for row, (field, item) in enumerate(CARD.items()):
            name = item_word(item, QCoreApplication.translate)
            line = self.add_line(SettledLine(name), field, _Settled(self.live, item).text)
            line.entered.connect(Press(self, self._enter, item).press)
            self._grid.addWidget(heading(name), row, 0)
            self._grid.addWidget(line, row, 1)
            self.of_item[item] = line
            if row % LINES_AT_ONCE == LINES_AT_ONCE - 1:
                yield

    def _enter(self, item: object) -> None:
        assert isinstance(item, int)  # noqa: S101 - Qt-side callbacks carry plain objects
        line = self.of_item[item]
        text = line.text()
        if self.take(line, lambda: self.preparing.card(item, text)):
            line.focusNextChild()


class _Settled:
    """What is entered for one item of the card."""

    def __init__(self, live: LiveSession, item: int) -> None:
        self._live = live
        self._item = item

    def text(self) -> str:
        return setting_card(self._live.record).get(self._item, "")


class BlocksPart(Part):
    """The first integration notes: the three blocks that are written for the summary."""

    def __init__(self, live: LiveSession) -> None:
        super().__init__(
            live, QCoreApplication.translate("BlocksPart", "First integration notes, written for the summary")
        )
        titles = {
            Block.WORDS: self.tr("Words for what had none"),
            Block.SHIFTS: self.tr("Small shifts to try"),
            Block.ATTENTION: self.tr("Needs careful attention"),
        }
        self.of_block: dict[Block, PageLine] = {}
        for field, block in BLOCKS.items():
            line = self.add_line(
                PageLine(titles[block], self.tr("nothing to report")), field, _Written(live, block).text
            )
            line.entered.connect(Press(self, self._enter, block).press)
            self.column.addWidget(QLabel(titles[block]))
            self.column.addWidget(line)
            self.of_block[block] = line

    def is_closed(self) -> bool:
        """Tell whether nothing can be entered here; after the sign-off a block is an addendum."""
        return self.live.is_read_only

    def _enter(self, block: object) -> None:
        assert isinstance(block, Block)  # noqa: S101 - Qt-side callbacks carry plain objects
        line = self.of_block[block]
        text = line.text().strip()
        if text == _Written(self.live, block).text() or self.take(line, lambda: self.live.narrative(block, text)):
            line.focusNextChild()


class _Written:
    """What is entered for one block."""

    def __init__(self, live: LiveSession, block: Block) -> None:
        self._live = live
        self._block = block

    def text(self) -> str:
        said = {narrative.block: narrative.text for _, narrative in self._live.record.of(Narrative)}
        return said.get(self._block, "")
