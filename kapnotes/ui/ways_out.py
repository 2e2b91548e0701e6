"""Every way out of a session beside the two saved pages: paper, text and FHIR for an EHR, data, the own notes."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFormLayout, QWidget

from kapnotes.app.documents import Document
from kapnotes.app.paper import PaperDesk
from kapnotes.app.seat import Seat
from kapnotes.ui.data_door import DataDoor
from kapnotes.ui.fields import NightLine
from kapnotes.ui.frame import Frame
from kapnotes.ui.locked_door import LockedDoor
from kapnotes.ui.making import Making
from kapnotes.ui.page_secret import PageSecret
from kapnotes.ui.print_door import PrintDoor
from kapnotes.ui.text_copy import TextCopy


class WaysOut(QObject):
    """The doors of one window; a therapist has one more, for the own notes."""

    def __init__(self, window: Frame, seat: Seat, desk: PaperDesk, recipient: NightLine, secret: PageSecret) -> None:
        super().__init__(window)
        making = Making(window)
        self.printing = PrintDoor(window, desk, recipient, making, seat.program.slow_worker)
        self.copying = TextCopy(window, desk, recipient, making)
        self.text = DataDoor(window, desk, recipient, making, (Document.TEXT,))
        self.document = LockedDoor(window, desk, recipient, making, secret, Document.DOCUMENT_REFERENCE)
        self.data = DataDoor(window, desk, recipient, making)
        self.notes: LockedDoor | None = None
        if seat.member.is_therapist:
            self.notes = LockedDoor(window, desk, recipient, making, secret, Document.NOTES)

    def add_fields(self, fields: QFormLayout, folder: Path, name: str, title: Callable[[str], QWidget]) -> None:
        """Add all of them, each group under a *title*; *name* tells the session without its patient."""
        fields.addRow(title(self.tr("Paper")))
        self.printing.add_fields(fields)
        fields.addRow(title(self.tr("The summary for an EHR: text in clear, or FHIR with the encrypted page")))
        self.copying.add_fields(fields)
        self.text.add_fields(fields, folder, name)
        self.document.add_fields(fields, folder, name)
        fields.addRow(title(self.tr("Data for other systems, not encrypted; nothing of process notes")))
        self.data.add_fields(fields, folder, name)
        if self.notes is not None:
            fields.addRow(title(self.tr("My own notes, whole: psychotherapy notes, for me alone, encrypted")))
            self.notes.add_fields(fields, folder, name)

    def forget(self) -> None:
        """Take off the clipboard what was put there, with the window."""
        self.copying.forget()
