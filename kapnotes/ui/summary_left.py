"""What can go in a summary, for whom, and by whose permission: the half of the window that is worked in."""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFormLayout, QVBoxLayout, QWidget

from kapnotes.app.live_session import LiveSession
from kapnotes.app.seat import Seat
from kapnotes.domain.codebook import Codebook
from kapnotes.domain.entries import Entry
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.page_choice import PageChoice
from kapnotes.domain.release_states import line_states
from kapnotes.domain.summary_draft import SummaryDraft
from kapnotes.domain.words import counted
from kapnotes.ui.fields import NightLine
from kapnotes.ui.keys import sequence_of
from kapnotes.ui.labels import ScaledLabel
from kapnotes.ui.summary_draft import DraftOfSummary
from kapnotes.ui.summary_form import SummaryForm, title
from kapnotes.ui.summary_lines import WANTED_SIGN, SummaryLines
from kapnotes.ui.wording import error_line

LEAST_PX = 96
"""Pixels of height of the list at least, on the smallest screen."""

LEAST_ROWS = 13
"""Where there is room for fewer rows of type, the line that counts gives way; each row says where it stands."""


class WhatGoesIn(QWidget):
    """Recipient, lines with their state, and the form below. It keeps itself as a draft.

    `changed` tells that the page is another one now; `said` gives a line of news, and whether it is bad.
    """

    changed = Signal()
    said = Signal(str, bool)

    def __init__(
        self, seat: Seat, live: LiveSession, codebook: Codebook, add_files: Callable[[QFormLayout, NightLine], None]
    ) -> None:
        super().__init__()
        self._live = live
        self._is_therapist = seat.member.is_therapist
        self._pages_are_hidden = False
        self._draft = DraftOfSummary(live.typing, self._as_draft)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self.recipient = NightLine(self.tr("Who receives the pages"))
        self.recipient.setPlaceholderText(self.tr("who receives the pages"))
        self.filter = NightLine(self.tr("Filter the process notes"))
        self.filter.setPlaceholderText(self.tr("a word, a code, or “meant”"))
        to = QFormLayout()
        to.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        to.addRow(self.tr("&For"), self.recipient)
        if self._is_therapist:
            to.addRow(self.tr("Fi&lter"), self.filter)
        else:
            to.addRow(title(self.tr("These pages hold the medical course alone: no process notes are here.")))
        column.addLayout(to)
        self.lines = SummaryLines(live, codebook, has_notes=self._is_therapist)
        self.lines.setMinimumHeight(LEAST_PX)
        column.addWidget(self.lines, 5)
        self.count = ScaledLabel(0.9, is_dim=True)
        self.count.setWordWrap(True)
        column.addWidget(self.count)
        self.form = SummaryForm(seat, live, self.recipient, add_files)
        column.addWidget(self.form, 4)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the room of a very small window to the list and the form."""
        super().resizeEvent(event)
        self.count.setVisible(self.height() >= LEAST_ROWS * self.fontMetrics().lineSpacing())

    def begin(self) -> None:
        """Take up what was put together before, then listen."""
        form, draft = self.form, self._draft.begin()
        self.recipient.setText(draft.fields.get("recipient", ""))
        self.recipient.setCursorPosition(0)
        if form.authorization is not None:
            form.authorization.put_back(draft.fields)
            form.authorization.changed.connect(self._note_typed)
            form.authorization.record_asked.connect(self.release)
        if form.blocks is not None:
            if form.blocks.begin():
                self.said.emit(self.tr("What was half-typed is back."), False)
            form.blocks.changed.connect(self.changed)
        self.lines.chosen_changed.connect(self._note_choice)
        self.lines.told_why.connect(self._tell)
        self.recipient.textChanged.connect(self._note_choice)
        self.filter.textChanged.connect(self._filter)
        form.released.said.connect(self.said)
        form.released.revoked.connect(self._note_choice)
        self.lines.show_lines(draft.chosen, draft.left_out)
        if not self._live.is_read_only:
            self._draft.follow()

    def catch_up(self) -> None:
        """Show what was noted elsewhere since; what is chosen stays."""
        self.show_written()
        self.lines.show_lines([entry.entry_id for entry in self.chosen()], self.lines.left_out())

    def show_written(self) -> None:
        """Show the blocks that were entered elsewhere, and what was released and has left."""
        if self.form.blocks is not None:
            self.form.blocks.show_written()
        self.form.released.show_rows(self._today())

    def half_typed(self) -> list[Entry]:
        """Return the blocks that are half-typed as the entries that they would be."""
        return self.form.blocks.as_entries() if self.form.blocks is not None else []

    def keep(self) -> None:
        """Enter the blocks that are half-typed."""
        if self.form.blocks is not None:
            self.form.blocks.keep()

    def end(self, *, is_locked: bool) -> None:
        """Keep the blocks, as leaving their fields does and a lock does not, and leave the draft to the next window."""
        self._draft.end()
        if self.form.blocks is not None:
            self.form.blocks.end(is_locked=is_locked)

    def _as_draft(self) -> SummaryDraft:
        form = self.form.authorization
        typed = {} if form is None else form.typed()
        recipient = self.recipient.text()
        return SummaryDraft(
            tuple(entry.entry_id for entry in self.chosen()),
            self.lines.left_out(),
            typed | ({"recipient": recipient} if recipient else {}),
        )

    @Slot()
    def _note_typed(self) -> None:
        self._draft.changed()

    # ------------------------------------------------------------------------------------------- choosing

    def chosen(self) -> list[Entry]:
        """Return the process notes that are ticked."""
        return self.lines.chosen()

    def choice(self) -> PageChoice:
        """Return what the page is to show of what it may show."""
        return PageChoice(frozenset(entry.entry_id for entry in self.chosen()), self.lines.left_out())

    def _today(self) -> date:
        return self._live.now().local().date()

    def waiting_count(self) -> int:
        """Return how many chosen lines cannot be on the page: no authorization for the recipient covers them."""
        return len(self.lines.waiting())

    @Slot()
    def _note_choice(self) -> None:
        """Let all that hangs on what is chosen and for whom follow."""
        recipient = self.recipient.text()
        try:
            states = line_states(self._live.record, self._today(), recipient)
        except KapnotesError as error:
            states = {}
            self.said.emit(error_line(error), True)
        self.lines.show_states(states)
        waiting = self.waiting_count()
        if self.form.authorization is not None:
            self.form.authorization.show_waiting(waiting, recipient.strip())
        if waiting:
            self.form.open_authorization()
        self.form.released.show_rows(self._today())
        self._say_count()
        self._note_typed()
        self.changed.emit()

    def say_where_pages_are(self, *, is_hidden: bool) -> None:
        """Say by which key the pages are seen, where there is no room for them beside this."""
        if is_hidden is not self._pages_are_hidden:
            self._pages_are_hidden = is_hidden
            self._say_count()

    def _say_count(self) -> None:
        words = self._counted()
        if self._pages_are_hidden:
            words += " · " + self.tr("{} the pages").format(sequence_of("pages_alone"))
        self.count.setText(words)

    def _counted(self) -> str:
        if not self._is_therapist:
            return self.tr("Space leaves a part out, or puts it back; the page names what is left out.")
        if not self.lines.note_count():
            return self.tr("There are no process notes; the page holds the rest.")
        waiting = self.waiting_count()
        chosen = len(self.chosen())
        words = self.tr("{chosen} of {all} chosen · {released} released and on the page · {key} all or none").format(
            chosen=chosen,
            all=self.lines.note_count(),
            released=chosen - waiting,
            key=sequence_of("choose_all"),
        )
        if waiting:
            more = self.tr("{count} not authorized and not on it ({key} records it)")
            words += " · " + more.format(count=waiting, key=sequence_of("release"))
        wanted = self.lines.wanted_count()
        if wanted:
            more = self.tr("{key} chooses the {count} meant for it, {sign}")
            words += " · " + more.format(key=sequence_of("choose_wanted"), count=wanted, sign=WANTED_SIGN)
        return words

    @Slot()
    def choose_wanted(self) -> None:
        """Choose what was meant for the summary on the pad, and say what follows from it."""
        if self.lines.choose_wanted():
            self.said.emit(self.tr("Chosen; they go on the page once their authorization is recorded."), False)
        elif self._is_therapist:
            words = self.tr("No line was meant for the summary; on the pad {} does that.")
            self.said.emit(words.format(sequence_of("want")), False)

    @Slot()
    def undo(self) -> None:
        """Choose as before the last change."""
        if not self.lines.undo():
            self.said.emit(self.tr("Nothing was chosen that could be undone."), False)

    @Slot()
    def redo(self) -> None:
        """Choose as before the last undo."""
        if not self.lines.redo():
            self.said.emit(self.tr("Nothing was undone."), False)

    @Slot()
    def _filter(self) -> None:
        self.lines.show_matching(self.filter.text())

    @Slot()
    def release(self) -> None:
        """Record the authorization of the chosen lines that have none for the recipient; a misread one says where."""
        form = self.form.authorization
        if form is None:
            return
        if not self.chosen():
            self.said.emit(self.tr("Choose the lines first; Space chooses one."), True)
            return
        fresh = self.lines.waiting()
        recipient = self.recipient.text().strip()
        try:
            authorization = form.read(recipient, self._today())
            if not fresh:
                raise KapnotesError("These lines are released to {recipient} already.", recipient=recipient)
            self._live.release(authorization, fresh)
        except KapnotesError as error:
            self.form.open_authorization()
            self.said.emit(error_line(error), True)
            return
        form.begin_anew()
        self._note_choice()
        one, many = self.tr("{count} line is released to {who}."), self.tr("{count} lines are released to {who}.")
        self.said.emit(counted(len(fresh), one, many, who=recipient), False)

    @Slot(str)
    def _tell(self, words: str) -> None:
        self.said.emit(words, False)
