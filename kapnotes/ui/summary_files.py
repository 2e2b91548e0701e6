"""Where the pages go: the two files, encrypted with a passphrase of their own, and the other ways out."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFormLayout, QPushButton, QWidget

from kapnotes.app.documents import Document, Page
from kapnotes.app.files import is_there, typed_path
from kapnotes.app.live_session import LiveSession
from kapnotes.app.paper import PaperDesk
from kapnotes.app.seat import Seat
from kapnotes.domain.words import counted
from kapnotes.ui.fields import NightLine
from kapnotes.ui.frame import Frame
from kapnotes.ui.keys import sequence_of
from kapnotes.ui.page_secret import PageSecret
from kapnotes.ui.ways_out import WaysOut
from kapnotes.ui.wording import error_line


class SummaryFiles(QObject):
    """The fields and keys of a window that put pages into files; `page_saved` tells what is on the disk.

    *not_on_it* tells how many chosen lines the summary cannot have.
    """

    page_saved = Signal(object)
    secret_shown = Signal()

    def __init__(
        self,
        window: Frame,
        seat: Seat,
        live: LiveSession,
        desk: PaperDesk,
        recipient: NightLine,
        not_on_it: Callable[[], int],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._live = live
        self._desk = desk
        self._recipient = recipient
        self._not_on_it = not_on_it
        self._replace_asked: Path | None = None
        self._is_making = False
        self.secret = PageSecret()
        self.secret.passphrase_shown.connect(self.secret_shown)
        self.ways_out = WaysOut(window, seat, desk, recipient, self.secret)
        window.bind("save_summary", self._save_summary)
        window.bind("save_record", self._save_record)

    def add_fields(self, fields: QFormLayout, folder: Path, title: Callable[[str], QWidget]) -> None:
        """Add a line and a button for each page, the place of their passphrase, and the other ways out."""
        opened = self._live.record.opened
        number = opened.number if opened is not None else 0
        origin = self._live.record.origin or self._live.now()
        day = f"{origin.local():%Y-%m-%d} {self._live.scope_id[:6]}"
        self.summary_path = NightLine(
            self.tr("Save the summary as"), str(folder / f"summary {day} session {number}.pdf")
        )
        self.record_path = NightLine(self.tr("Save the record as"), str(folder / f"record {day} session {number}.pdf"))
        self.save_summary = QPushButton(self.tr("Save the summary ({})").format(sequence_of("save_summary")))
        self.save_summary.clicked.connect(self._save_summary)
        self.save_record = QPushButton(self.tr("Save the medical record ({})").format(sequence_of("save_record")))
        self.save_record.clicked.connect(self._save_record)
        fields.addRow(self.tr("S&ummary"), self.summary_path)
        fields.addRow("", self.save_summary)
        fields.addRow(self.tr("&Record"), self.record_path)
        fields.addRow("", self.save_record)
        self.ways_out.add_fields(fields, folder, f"{day} session {number}", title)
        fields.addRow("", self.secret)

    @Slot()
    def _save_summary(self) -> None:
        self._save(Document.SUMMARY, self.summary_path)

    @Slot()
    def _save_record(self) -> None:
        self._save(Document.RECORD, self.record_path)

    def _save(self, document: Document, line: NightLine) -> None:
        window = self._window
        recipient = self._recipient.text().strip()
        if not recipient:
            window.say(self.tr("Write who receives the pages."), is_mark=True)
            self._recipient.setFocus()
            return
        if not line.text().strip().endswith(".pdf"):
            window.say(self.tr("Write where to save it, as a file that ends in .pdf."), is_mark=True)
            line.setFocus()
            return
        path = typed_path(line.text())
        if is_there(path) and self._replace_asked != path:
            self._replace_asked = path
            window.say(self.tr("{} is there already; once more replaces it.").format(path.name), is_mark=True)
            return
        if self._is_making:
            window.say(self.tr("The pages before are still being made; press it again when their passphrase is here."))
            return
        self._replace_asked = None
        self._is_making = True
        window.say(self.tr("Making the pages…"))
        saved = partial(self._saved, path.name)
        self._desk.save(document, recipient, path, window.if_open(saved), window.if_open(self._failed), self._is_open)

    def _is_open(self) -> bool:
        return not self._window.is_closed

    def _saved(self, file_name: str, page: Page) -> None:
        self._is_making = False
        name = self.tr("The summary") if page.document is Document.SUMMARY else self.tr("The medical record")
        words = self.tr("{} is saved. It opens with this passphrase, shown only now.").format(name)
        left_out = self._not_on_it()
        if left_out and page.document is Document.SUMMARY:
            one = self.tr("{count} chosen line is not on it: it is not authorized.")
            many = self.tr("{count} chosen lines are not on it: they are not authorized.")
            words += " " + counted(left_out, one, many)
        self._window.say(words)
        self.secret.show_passphrase(page.passphrase, file_name)
        self.page_saved.emit(page)

    def _failed(self, error: Exception) -> None:
        self._is_making = False
        self._window.say(error_line(error), is_mark=True)

    def forget(self) -> None:
        """Forget the passphrase and what is on the clipboard, with the window."""
        self.ways_out.forget()
        self.secret.forget()
