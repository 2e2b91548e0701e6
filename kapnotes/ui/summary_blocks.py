"""The three blocks that a therapist writes for the page, each with room for several lines."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from kapnotes.app.half_typed import Typing
from kapnotes.app.live_session import LiveSession
from kapnotes.app.typed_fields import BLOCKS
from kapnotes.domain.entries import Block, Entry, Narrative
from kapnotes.ui.fields import LONGEST, say_near
from kapnotes.ui.form_parts import heading
from kapnotes.ui.line import Line
from kapnotes.ui.press import Press

ROWS = 4
"""Rows of a block that are seen at once; a longer one is scrolled, so that nothing below it moves."""


class BlockField(Line):
    """A text of several lines in a form: Enter begins a new line, Tab goes on. `left` tells that the keys are gone."""

    left = Signal()

    def __init__(self, name: str) -> None:
        super().__init__(takes_breaks=True, limit=LONGEST)
        self.setAccessibleName(name)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.too_long.connect(self._say_too_long)

    @Slot(int)
    def _say_too_long(self, length: int) -> None:
        words = self.tr("{name}: {most:,} characters at most; the clipboard has {length:,}. Nothing was pasted.")
        say_near(self, words.format(name=self.accessibleName(), most=LONGEST, length=length))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Enter as a new line; Tab and Esc are the form's."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers():
            if self.isReadOnly():
                return
            self.textCursor().insertText("\n")
            self.ensureCursorVisible()
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            QPlainTextEdit.keyPressEvent(self, event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell that it was left; a window that only went behind another one was not."""
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.ActiveWindowFocusReason:
            self.left.emit()

    def show_text(self, text: str) -> None:
        """Show *text* as what is entered: undo does not take it away."""
        self.setPlainText(text)

    def _fit(self) -> None:
        self.setFixedHeight(ROWS * self.fontMetrics().lineSpacing() + 2 * 4 + 14)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the program's type size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()


class _Draft:
    """Lets one block be a draft as long as it is half-typed and its window is open."""

    def __init__(self, name: str, field: BlockField, typing: Typing, half_typed: Callable[[], str | None]) -> None:
        self._name = name
        self._field = field
        self._typing = typing
        self._half_typed = half_typed

    def begin(self) -> bool:
        """Show what was half-typed; returns whether something was."""
        back = self._typing.bring_back(self._name)
        if back is not None and back.text:
            self._field.replace_all(back.text)
        self._typing.read_from(self._name, self.read)
        return back is not None and bool(back.text)

    def read(self) -> tuple[str, str]:
        """Return the text that is to be kept, and no code."""
        return self._half_typed() or "", ""

    def changed(self) -> None:
        """Be the one that counts where the pad shows the same block, and note the change."""
        self._typing.read_from(self._name, self.read)
        if not self._half_typed():
            self._typing.drop(self._name)
        self._typing.changed()

    def end(self) -> None:
        """Leave what is half-typed to the next window."""
        self._typing.let_go(self._name)


class SummaryBlocks(QWidget):
    """The three fields. What is typed is a draft until the field is left; then it is entered."""

    changed = Signal()

    def __init__(self, live: LiveSession) -> None:
        super().__init__()
        self._live = live
        self.of_block: dict[Block, BlockField] = {}
        self._drafts: dict[Block, _Draft] = {}
        self._is_over = False
        """Whether its window closes: then the keys leave its fields too."""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        titles = {
            Block.WORDS: self.tr("Words for what had none"),
            Block.SHIFTS: self.tr("Small shifts to try"),
            Block.ATTENTION: self.tr("Needs careful attention"),
        }
        self._kept = self._written()
        for name, block in BLOCKS.items():
            field = self.of_block[block] = BlockField(titles[block])
            field.setPlaceholderText(self.tr("nothing to report"))
            field.show_text(self._kept.get(block, ""))
            field.setReadOnly(live.is_read_only)
            self._drafts[block] = _Draft(name, field, live.typing, partial(self.half_typed, block))
            column.addWidget(heading(titles[block]))
            column.addWidget(field)

    def begin(self) -> bool:
        """Show what was half-typed, and let what is typed from now on be a draft; returns whether something was.

        Where all is read only, nothing is typed and nothing kept.
        """
        if self._live.is_read_only:
            return False
        is_back = [draft.begin() for draft in self._drafts.values()]
        for block, field in self.of_block.items():
            field.left.connect(Press(self, self._keep_one, block).press)
            field.textChanged.connect(Press(self, self._note_change, block).press)
        return any(is_back)

    def _note_change(self, block: object) -> None:
        if isinstance(block, Block):
            self._drafts[block].changed()
            self.changed.emit()

    def half_typed(self, block: Block) -> str | None:
        """Return what is typed into a block and not entered; None where it says what is entered."""
        if self._live.is_read_only:
            return None
        text = self.of_block[block].text().strip()
        return text if text != self._kept.get(block, "").strip() else None

    def as_entries(self) -> list[Entry]:
        """Return what is half-typed as the entries that it would be if its field were left now."""
        typed = ((block, self.half_typed(block)) for block in self.of_block)
        return [self._live.as_narrative(block, text) for block, text in typed if text is not None]

    def _written(self) -> dict[Block, str]:
        return {narrative.block: narrative.text for _, narrative in self._live.record.of(Narrative)}

    def keep(self) -> None:
        """Enter what is half-typed in any of them."""
        for block in self.of_block:
            self._keep_one(block)

    def _keep_one(self, block: object) -> None:
        text = self.half_typed(block) if isinstance(block, Block) and not self._is_over else None
        if isinstance(block, Block) and text is not None:
            self._kept[block] = text
            self._live.narrative(block, text)

    def show_written(self) -> None:
        """Show what was entered elsewhere meanwhile, as on the pad, where nothing is half-typed here."""
        for block, text in self._written().items():
            if self.half_typed(block) is None and self._kept.get(block, "") != text:
                self._kept[block] = text
                self.of_block[block].show_text(text)

    def end(self, *, is_locked: bool) -> None:
        """Enter what is half-typed, as leaving a field does, and let the drafts go with the window.

        A lock leaves no field: nobody decided that it was written to its end, so it stays half-typed and comes back.
        """
        if not is_locked:
            self.keep()
        self._is_over = True
        for draft in self._drafts.values():
            draft.end()
