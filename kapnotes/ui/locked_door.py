"""The way out for what is encrypted beside the two usual pages: its passphrase is shown once, in the window's place."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFormLayout, QPushButton

from kapnotes.app.documents import Document, Page
from kapnotes.app.files import is_there, typed_path
from kapnotes.app.paper import PaperDesk
from kapnotes.ui.fields import NightLine
from kapnotes.ui.frame import Frame
from kapnotes.ui.keys import sequence_of
from kapnotes.ui.making import Making
from kapnotes.ui.page_secret import PageSecret

KEY_OF = {Document.DOCUMENT_REFERENCE: "save_document", Document.NOTES: "save_notes"}

ENDS_WITH = {Document.DOCUMENT_REFERENCE: ".json", Document.NOTES: ".pdf"}


class LockedDoor(QObject):
    """One line, one button, one key in a window; `page_saved` tells what is on the disk.

    A therapist's own notes are said to be what they are first, and a second press keeps them.
    """

    page_saved = Signal(object)

    def __init__(
        self,
        window: Frame,
        desk: PaperDesk,
        recipient: NightLine,
        making: Making,
        secret: PageSecret,
        document: Document,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._desk = desk
        self._recipient = recipient
        self._secret = secret
        self._document = document
        self._asked: Path | None = None
        self._making = making
        self.path = NightLine()
        window.bind(KEY_OF[document], self._save)

    def add_fields(self, fields: QFormLayout, folder: Path, name: str) -> None:
        """Add the line and the button; *name* tells the session without its patient."""
        if self._document is Document.NOTES:
            title, save, what = self.tr("Own &notes"), self.tr("Save my own notes, whole ({})"), "notes"
        else:
            title, save, what = self.tr("FHIR doc&ument"), self.tr("Save the FHIR document ({})"), "document"
        self.path.setAccessibleName(title.replace("&", ""))
        self.path.setText(str(folder / f"{what} {name}{ENDS_WITH[self._document]}"))
        button = QPushButton(save.format(sequence_of(KEY_OF[self._document])))
        button.clicked.connect(self._save)
        fields.addRow(title, self.path)
        fields.addRow("", button)

    @Slot()
    def _save(self) -> None:
        if self._making.must_wait(sequence_of(KEY_OF[self._document])):
            return
        recipient, ending = self._recipient.text().strip(), ENDS_WITH[self._document]
        if not recipient and self._document is not Document.NOTES:
            self._window.say(self.tr("Write who receives the pages."), is_mark=True)
            self._recipient.setFocus()
            return
        typed = self.path.text().strip()
        if not typed.endswith(ending):
            words = self.tr("Write where to save it, as a file that ends in {}.")
            self._window.say(words.format(ending), is_mark=True)
            self.path.setFocus()
            return
        path = typed_path(typed)
        question = self._question(path)
        if question and self._asked != path:
            self._asked = path
            self._window.say(question, is_mark=True)
            return
        self._asked = None
        self._making.begin(path.name)
        window = self._window
        self._desk.save(
            self._document,
            recipient,
            path,
            window.if_open(partial(self._saved, path.name)),
            window.if_open(self._making.fail),
            self._is_open,
        )

    def _question(self, path: Path) -> str:
        """Return what has to be read before it is saved, nothing where it needs no second press."""
        said, key = [], sequence_of(KEY_OF[self._document])
        if self._document is Document.NOTES:
            said.append(self.tr("These are psychotherapy notes (45 CFR 164.501): for you alone, kept apart."))
        if is_there(path):
            more = self.tr("{name} is there already; {key} once more replaces it.")
            said.append(more.format(name=path.name, key=key))
        elif said:
            said.append(self.tr("{key} once more saves {name}.").format(name=path.name, key=key))
        return " ".join(said)

    def _is_open(self) -> bool:
        return not self._window.is_closed

    def _saved(self, file_name: str, page: Page) -> None:
        self._making.end(self.tr("{} is saved. It opens with this passphrase, shown only now."))
        self._secret.show_passphrase(page.passphrase, file_name)
        self.page_saved.emit(page)
