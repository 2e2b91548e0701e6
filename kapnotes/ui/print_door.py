"""Printing from a window of the night: its printers in a list of our own, for the system's dialog is bright."""

from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFormLayout, QPushButton, QSizePolicy

from kapnotes.app.documents import Document, Page
from kapnotes.app.paper import PaperDesk
from kapnotes.app.printing import TO_PRINTER
from kapnotes.app.worker import Worker
from kapnotes.ui.fields import Choice, NightLine
from kapnotes.ui.form_parts import bring_into_sight
from kapnotes.ui.frame import Frame
from kapnotes.ui.keys import sequence_of
from kapnotes.ui.making import Making
from kapnotes.ui.press import Press
from kapnotes.ui.printers import OpenPrinter, open_printer, print_page, printer_names

KEY_OF = {Document.SUMMARY: "print_summary", Document.RECORD: "print_record"}
"""The key of each document that is printed."""


class PrintDoor(QObject):
    """A list of printers, a button and a key for each document; `page_printed` tells what a printer took.

    The first press asks the system for its printers, which may take seconds, and names the one that is chosen; the next
    one prints there.
    """

    page_printed = Signal(object)

    def __init__(self, window: Frame, desk: PaperDesk, recipient: NightLine, making: Making, slow: Worker) -> None:
        super().__init__(window)
        self._window = window
        self._desk = desk
        self._recipient = recipient
        self._slow = slow
        self._asked: tuple[Document, str] | None = None
        self._making = making
        self.printer_names = printer_names
        self.open_printer: OpenPrinter = open_printer
        self.printers = Choice()
        self.printers.setAccessibleName(self.tr("Printer"))
        self.printers.setPlaceholderText(self.tr("looked for with the first press"))
        self.printers.setEnabled(False)
        self.printers.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for document, key in KEY_OF.items():
            window.bind(key, Press(self, self._ask, document).press)

    def add_fields(self, fields: QFormLayout) -> None:
        """Add the list of printers and the buttons."""
        fields.addRow(self.tr("Prin&ter"), self.printers)
        titles = {
            Document.SUMMARY: self.tr("Print the summary ({})"),
            Document.RECORD: self.tr("Print the medical record ({})"),
        }
        for document, key in KEY_OF.items():
            button = QPushButton(titles[document].format(sequence_of(key)))
            button.clicked.connect(Press(self, self._ask, document).press)
            fields.addRow("", button)

    def _ask(self, document: object) -> None:
        """Look for printers, or name the chosen one, or print on it."""
        if not isinstance(document, Document) or self._making.must_wait(sequence_of(KEY_OF[document])):
            return
        if not self._recipient.text().strip():
            self._window.say(self.tr("Write who receives the pages."), is_mark=True)
            self._recipient.setFocus()
            return
        name = self.printers.currentText()
        if not name:
            self._making.begin(self.tr("the list of printers"))
            found = self._window.if_open(partial(self._list, document))
            self._slow.submit(self.printer_names, found, self._window.if_open(self._making.fail))
        elif self._asked != (document, name):
            self._name(document)
        else:
            self._print(document, name)

    def _list(self, document: Document, names: tuple[str, ...]) -> None:
        self._making.end("")
        self.printers.clear()
        self.printers.addItems(names)
        self.printers.setEnabled(bool(names))
        if names:
            self.printers.setCurrentIndex(0)
            self._name(document)
            return
        self._window.say(
            self.tr("This computer has no printer: set one up in the system, or save the pages."), is_mark=True
        )

    def _name(self, document: Document) -> None:
        name = self.printers.currentText()
        self._asked = document, name
        self.printers.setFocus()
        bring_into_sight(self.printers)
        words = self.tr("{key} once more prints on {printer}; Up and Down choose another.")
        self._window.say(words.format(key=sequence_of(KEY_OF[document]), printer=name))

    def _print(self, document: Document, name: str) -> None:
        self._asked = None
        recipient = self._recipient.text().strip()
        self._making.begin(self.tr("the pages on {}").format(name))
        window = self._window
        self._desk.hand_over(
            document,
            TO_PRINTER,
            recipient,
            partial(print_page, name=name, open_one=self.open_printer),
            window.if_open(self._printed),
            window.if_open(self._making.fail),
            self._is_open,
        )

    def _is_open(self) -> bool:
        return not self._window.is_closed

    def _printed(self, page: Page) -> None:
        self._making.end(self.tr("Printed: {}."))
        self.page_printed.emit(page)
