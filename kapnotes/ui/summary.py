"""The summary, put together: left what can go in and by whose permission, right the pages as they would be saved."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QSettings, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QWidget

from kapnotes.app.live_session import LiveSession
from kapnotes.app.paper import PaperDesk
from kapnotes.app.preview import Preview
from kapnotes.app.seat import Seat
from kapnotes.domain.codebook import Codebook
from kapnotes.domain.entries import Entry
from kapnotes.ui.fields import NightLine
from kapnotes.ui.frame import Frame
from kapnotes.ui.keys import Where
from kapnotes.ui.lamp import Lamp
from kapnotes.ui.press import Press
from kapnotes.ui.summary_files import SummaryFiles
from kapnotes.ui.summary_form import title
from kapnotes.ui.summary_left import WhatGoesIn
from kapnotes.ui.summary_lines import changes_lines
from kapnotes.ui.summary_preview import PagesPart

NARROW_EM = 58
"""A window of fewer widths of the letter m has no room for pages beside what goes in; a key turns to them."""


class SummaryWindow(Frame):
    """Nothing of process notes is chosen until somebody does, and nothing chosen is on a page without authorization."""

    page_saved = Signal(object)

    def __init__(
        self,
        seat: Seat,
        live: LiveSession,
        desk: PaperDesk,
        codebook: Codebook,
        lamp: Lamp,
        folder: Path,
        settings: QSettings,
    ) -> None:
        super().__init__(Where.SUMMARY, "summary", settings)
        self.seat = seat
        self.live = live
        self._desk = desk
        self._is_behind = False
        self._say_whose_it_is()
        self.left = WhatGoesIn(seat, live, codebook, partial(self._add_files, folder))
        self.right = PagesPart(self, desk, seat.program.slow_worker, lamp, self._make)
        self.recipient, self.lines, self.count, self.form = (
            self.left.recipient,
            self.left.lines,
            self.left.count,
            self.left.form,
        )
        self.summary_path, self.record_path, self.secret, self.ways_out = (
            self.files.summary_path,
            self.files.record_path,
            self.files.secret,
            self.files.ways_out,
        )
        self.blocks = self.form.blocks.of_block if self.form.blocks is not None else {}
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.left, 1)
        row.addWidget(self.right, 1)
        self.set_body(body)
        self._bind_keys()
        desk.prepare = self._prepare
        desk.be_ready()
        self.left.changed.connect(self._note_change)
        self.left.said.connect(self._say)
        self.live.entry_added.add(self._hear)
        self.live.entries_added.add(self._hear_many)
        self.left.begin()
        self.lines.setFocus()

    def _say_whose_it_is(self) -> None:
        opened = self.live.record.opened
        session = self.tr("{code} · session {number}").format(
            code=opened.patient_code if opened is not None else "", number=opened.number if opened is not None else 0
        )
        self.set_title(
            self.tr("KAPnotes · summary of {session} by {who}").format(session=session, who=self.seat.member.label)
        )

    def _add_files(self, folder: Path, fields: QFormLayout, recipient: NightLine) -> None:
        self.files = SummaryFiles(self, self.seat, self.live, self._desk, recipient, self._waiting_count)
        self.files.page_saved.connect(self.page_saved)
        self.files.secret_shown.connect(self._show_secret)
        self.files.add_fields(fields, folder, title)

    def _bind_keys(self) -> None:
        left, view = self.left, self.right.view
        self.bind("choose_all", self.lines.choose_all)
        self.bind("choose_wanted", left.choose_wanted)
        self.bind("filter", self._go_to_filter)
        self.bind("undo_choice", left.undo)
        self.bind("redo_choice", left.redo)
        self.bind("release", left.release)
        self.bind("revoke", self.form.released.ask_for_all)
        self.bind("page_on", view.turn_on)
        self.bind("page_back", view.turn_back)
        self.bind("page_larger", view.larger)
        self.bind("page_smaller", view.smaller)
        self.bind("page_fits", view.fit)
        self.bind("on_paper", self.right.turn_paper)
        self.bind("pages_alone", self._turn_to_pages)
        self.bind("to_lines", self._go_to_lines)
        for name in ("authorization", "blocks", "released"):
            self.bind(f"to_{name}", Press(self, self._go_to_part, name).press)
        self.bind("to_files", self._go_to_files)
        self.bind("to_pages", self._go_to_pages)

    # ------------------------------------------------------------------------------------------- choosing

    def chosen(self) -> list[Entry]:
        """Return the process notes that are ticked."""
        return self.left.chosen()

    def _waiting_count(self) -> int:
        return self.left.waiting_count()

    @Slot(str, bool)
    def _say(self, words: str, is_mark: bool) -> None:
        self.say(words, is_mark=is_mark)

    @Slot()
    def _note_change(self) -> None:
        self._desk.choice = self.left.choice()
        self.right.refresh()

    def _prepare(self) -> None:
        """Enter what is half-typed: the page that is made now has it."""
        self.left.keep()
        self._desk.choice = self.left.choice()

    def _hear(self, entry: Entry) -> None:
        self._hear_many((entry,))

    def _hear_many(self, entries: tuple[Entry, ...]) -> None:
        """Follow what is noted meanwhile, at once where the keys are here, else when they come."""
        self._is_behind = self._is_behind or any(changes_lines(entry) for entry in entries)
        self.right.refresh()

    def _make(self, preview: Preview) -> None:
        """Make the pages as everything is now, what was noted elsewhere included."""
        if self._is_behind:
            self._is_behind = False
            self.left.catch_up()
        else:
            self.left.show_written()
        preview.make(self.recipient.text().strip(), self.left.half_typed())

    # ----------------------------------------------------------------------------------- the two halves

    def _arrange(self, *, is_alone: bool) -> None:
        """Show what goes in, or the pages alone, or both where there is room."""
        is_narrow = self.width() < NARROW_EM * self.fontMetrics().horizontalAdvance("m")
        was_hidden = self.right.isHidden()
        self.right.is_alone = is_alone
        self.left.setVisible(not is_alone)
        self.right.setVisible(is_alone or not is_narrow)
        self.left.say_where_pages_are(is_hidden=self.right.isHidden())
        if was_hidden and not self.right.isHidden():
            self.right.refresh()
        self.right.say_place()

    @Slot()
    def _turn_to_pages(self) -> None:
        self._arrange(is_alone=not self.right.is_alone)
        (self.right.view if self.right.is_alone else self.lines).setFocus()

    def _show_what_goes_in(self) -> None:
        if self.right.is_alone:
            self._arrange(is_alone=False)

    @Slot()
    def _go_to_lines(self) -> None:
        self._show_what_goes_in()
        self.lines.setFocus()

    @Slot()
    def _go_to_filter(self) -> None:
        self._show_what_goes_in()
        self.left.filter.setFocus()
        self.left.filter.selectAll()

    def _go_to_part(self, name: object) -> None:
        self._show_what_goes_in()
        self.form.go_to(str(name))

    @Slot()
    def _go_to_files(self) -> None:
        self._show_what_goes_in()
        self.files.summary_path.setFocus()
        self.form.ensureWidgetVisible(self.files.summary_path)

    @Slot()
    def _go_to_pages(self) -> None:
        if self.right.isHidden():
            self._arrange(is_alone=True)
        self.right.view.setFocus()

    @Slot()
    def _show_secret(self) -> None:
        """Bring the passphrase into sight: it is shown only now."""
        self.form.ensureWidgetVisible(self.secret.copy)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show both halves where there is room for both."""
        super().resizeEvent(event)
        self._arrange(is_alone=self.right.is_alone)

    def changeEvent(self, event: QEvent) -> None:
        """Take up what was noted meanwhile when somebody comes; never stay bright behind another window."""
        super().changeEvent(event)
        if event.type() != QEvent.Type.ActivationChange or self.is_closed:
            return
        if self.isActiveWindow():
            self._desk.read_anew()
            self.right.refresh()
        else:
            self.right.dim()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Esc take the filter away and lead back to the lines, from wherever it is."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.filter.clear()
            self._go_to_lines()
            return
        super().keyPressEvent(event)

    def detach(self) -> None:
        """Keep the blocks, as leaving their fields does, leave the draft; forget pages and passphrase."""
        self.live.entry_added.remove(self._hear)
        self.live.entries_added.remove(self._hear_many)
        self.right.end()
        self.left.end(is_locked=self.seat.is_locked)
        self.files.forget()
