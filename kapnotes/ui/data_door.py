"""The way out for data that other systems read: not encrypted, so it is said before, and a second press keeps it."""

from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QFormLayout, QPushButton

from kapnotes.app.documents import Document, Page
from kapnotes.app.paper import PaperDesk
from kapnotes.ui.fields import NightLine
from kapnotes.ui.frame import Frame
from kapnotes.ui.keys import sequence_of
from kapnotes.ui.press import Press
from kapnotes.ui.wording import error_line

KEY_OF = {
    Document.FHIR: "save_fhir",
    Document.CSV: "save_csv",
    Document.DEIDENTIFIED_CSV: "save_deidentified",
}
"""The key of each kind of data."""

ENDS_WITH = {Document.FHIR: ".json", Document.CSV: ".csv", Document.DEIDENTIFIED_CSV: ".csv"}

TELL_EVERY_MS = 1000
"""What takes longer than this says for how long it has gone on, and so on."""


class DataDoor(QObject):
    """The fields and keys of the three files of data in a window; `data_saved` tells what is on the disk."""

    data_saved = Signal(object)

    def __init__(self, window: Frame, desk: PaperDesk, recipient: NightLine) -> None:
        super().__init__(window)
        self._window = window
        self._desk = desk
        self._recipient = recipient
        self._asked: tuple[Document, Path] | None = None
        self._making = ""
        self._waiting: Document | None = None
        self._since = QElapsedTimer()
        self._tell = QTimer(self)
        self._tell.setInterval(TELL_EVERY_MS)
        self._tell.timeout.connect(self._tell_making)
        self.paths: dict[Document, NightLine] = {}
        for document, key in KEY_OF.items():
            window.bind(key, Press(self, self._save, document).press)

    def add_fields(self, fields: QFormLayout, folder: Path, name: str) -> None:
        """Add a line and a button for each file; *name* tells the session without its patient.

        The name of the de-identified file tells nothing, for a date would identify.
        """
        titles = {
            Document.FHIR: (self.tr("FH&IR bundle"), self.tr("Save the FHIR bundle ({})")),
            Document.CSV: (self.tr("&Table (CSV)"), self.tr("Save the table ({})")),
            Document.DEIDENTIFIED_CSV: (self.tr("&De-identified"), self.tr("Save the de-identified table ({})")),
        }
        for document, (title, save) in titles.items():
            proposed = folder / f"record {name}{ENDS_WITH[document]}"
            if document is Document.DEIDENTIFIED_CSV:
                proposed = _free(folder, self.tr("de-identified course"), ENDS_WITH[document])
            line = self.paths[document] = NightLine(title.replace("&", ""), str(proposed))
            button = QPushButton(save.format(sequence_of(KEY_OF[document])))
            button.clicked.connect(Press(self, self._save, document).press)
            fields.addRow(title, line)
            fields.addRow("", button)

    def _save(self, document: object) -> None:
        if not isinstance(document, Document):
            return
        if self._making:
            self._waiting = document
            self._tell_making()
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
        path = Path(typed).expanduser()
        if self._asked != (document, path):
            self._asked = document, path
            self._window.say(self._warning(document, path), is_mark=True)
            return
        self._asked = None
        self._making = path.name
        self._since.start()
        self._tell.start()
        self._window.say(self.tr("Making {}…").format(path.name))
        window = self._window
        self._desk.save(
            document, recipient, path, window.if_open(self._saved), window.if_open(self._failed), self._is_open
        )

    def _warning(self, document: Document, path: Path) -> str:
        key = sequence_of(KEY_OF[document])
        if document is Document.DEIDENTIFIED_CSV:
            words = self.tr("Not encrypted; whether what is left still tells who it is, a person judges.")
        else:
            words = self.tr("Not encrypted: whoever has the file can read it.")
        if path.exists():
            more = self.tr("{name} is there already; {key} once more replaces it.")
        else:
            more = self.tr("{key} once more saves {name}.")
        return f"{words} {more.format(name=path.name, key=key)}"

    @Slot()
    def _tell_making(self) -> None:
        seconds = round(self._since.elapsed() / 1000)
        words = self.tr("Making {name}… {seconds} s").format(name=self._making, seconds=seconds)
        if self._waiting is not None:
            words += " " + self.tr("One after the other: {} again, once it is saved.").format(self._key_waiting())
        self._window.say(words)

    def _key_waiting(self) -> str:
        return sequence_of(KEY_OF[self._waiting]) if self._waiting is not None else ""

    def _is_open(self) -> bool:
        return not self._window.is_closed

    def _stop(self) -> str:
        self._tell.stop()
        name, self._making = self._making, ""
        self._waiting = None
        return name

    def _saved(self, page: Page) -> None:
        key, name = self._key_waiting(), self._stop()
        words = self.tr("{} is saved. It is not encrypted: keep it where only its readers are.").format(name)
        self._window.say(" ".join(filter(None, (words, self.tr("Now {}.").format(key) if key else ""))))
        self.data_saved.emit(page)

    def _failed(self, error: Exception) -> None:
        self._stop()
        self._window.say(error_line(error), is_mark=True)


def _free(folder: Path, name: str, ending: str) -> Path:
    """Return a name in *folder* that no file has yet."""
    path, number = folder / f"{name}{ending}", 1
    while path.exists():
        number += 1
        path = folder / f"{name} {number}{ending}"
    return path
