"""The way out for what other systems read: not encrypted, so it is said before, and a second press keeps it."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFormLayout, QPushButton

from kapnotes.app.documents import Document, Page
from kapnotes.app.files import is_there, typed_path
from kapnotes.app.paper import PaperDesk
from kapnotes.ui.fields import NightLine
from kapnotes.ui.frame import Frame
from kapnotes.ui.keys import sequence_of
from kapnotes.ui.making import Making
from kapnotes.ui.press import Press

KEY_OF = {
    Document.TEXT: "save_text",
    Document.FHIR: "save_fhir",
    Document.CSV: "save_csv",
    Document.DEIDENTIFIED_CSV: "save_deidentified",
}
"""The key of each kind of data."""

ENDS_WITH = {
    Document.TEXT: ".txt",
    Document.FHIR: ".json",
    Document.CSV: ".csv",
    Document.DEIDENTIFIED_CSV: ".csv",
}

DATA = (Document.FHIR, Document.CSV, Document.DEIDENTIFIED_CSV)
"""The medical record as data."""


class DataDoor(QObject):
    """The fields and keys of some *documents* in a window; `data_saved` tells what is on the disk."""

    data_saved = Signal(object)

    def __init__(
        self,
        window: Frame,
        desk: PaperDesk,
        recipient: NightLine,
        making: Making,
        documents: Sequence[Document] = DATA,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._desk = desk
        self._recipient = recipient
        self._asked: tuple[Document, Path] | None = None
        self._making = making
        self._documents = tuple(documents)
        self.paths: dict[Document, NightLine] = {}
        for document in self._documents:
            window.bind(KEY_OF[document], Press(self, self._save, document).press)

    def add_fields(self, fields: QFormLayout, folder: Path, name: str) -> None:
        """Add a line and a button for each file; *name* tells the session without its patient.

        The name of the de-identified file tells nothing, for a date would identify.
        """
        titles = {
            Document.TEXT: (self.tr("Te&xt"), self.tr("Save the text ({})")),
            Document.FHIR: (self.tr("FH&IR bundle"), self.tr("Save the FHIR bundle ({})")),
            Document.CSV: (self.tr("&Table (CSV)"), self.tr("Save the table ({})")),
            Document.DEIDENTIFIED_CSV: (self.tr("&De-identified"), self.tr("Save the de-identified table ({})")),
        }
        for document in self._documents:
            title, save = titles[document]
            what = "summary" if document.is_summary else "record"
            proposed = folder / f"{what} {name}{ENDS_WITH[document]}"
            if document is Document.DEIDENTIFIED_CSV:
                proposed = _free(folder, self.tr("de-identified course"), ENDS_WITH[document])
            line = self.paths[document] = NightLine(title.replace("&", ""), str(proposed))
            button = QPushButton(save.format(sequence_of(KEY_OF[document])))
            button.clicked.connect(Press(self, self._save, document).press)
            fields.addRow(title, line)
            fields.addRow("", button)

    def _save(self, document: object) -> None:
        if not isinstance(document, Document) or self._making.must_wait(sequence_of(KEY_OF[document])):
            return
        line, recipient = self.paths[document], self._recipient.text().strip()
        if not recipient and document is not Document.DEIDENTIFIED_CSV:
            self._window.say(self.tr("Write who receives the data; it stands in the audit trail."), is_mark=True)
            self._recipient.setFocus()
            return
        typed = line.text().strip()
        if not typed.endswith(ENDS_WITH[document]):
            words = self.tr("Write where to save it, as a file that ends in {}.")
            self._window.say(words.format(ENDS_WITH[document]), is_mark=True)
            line.setFocus()
            return
        path = typed_path(typed)
        if self._asked != (document, path):
            self._asked = document, path
            self._window.say(self._warning(document, path), is_mark=True)
            return
        self._asked = None
        self._making.begin(path.name)
        window = self._window
        self._desk.save(
            document, recipient, path, window.if_open(self._saved), window.if_open(self._making.fail), self._is_open
        )

    def _warning(self, document: Document, path: Path) -> str:
        key = sequence_of(KEY_OF[document])
        if document is Document.DEIDENTIFIED_CSV:
            words = self.tr("Not encrypted; whether what is left still tells who it is, a person judges.")
        else:
            words = self.tr("Not encrypted: whoever has the file can read it.")
        if is_there(path):
            more = self.tr("{name} is there already; {key} once more replaces it.")
        else:
            more = self.tr("{key} once more saves {name}.")
        return f"{words} {more.format(name=path.name, key=key)}"

    def _is_open(self) -> bool:
        return not self._window.is_closed

    def _saved(self, page: Page) -> None:
        self._making.end(self.tr("{} is saved. It is not encrypted: keep it where only its readers are."))
        self.data_saved.emit(page)


def _free(folder: Path, name: str, ending: str) -> Path:
    """Return a name in *folder* that no file has yet."""
    path, number = folder / f"{name}{ending}", 1
    while is_there(path):
        number += 1
        path = folder / f"{name} {number}{ending}"
    return path
