"""The summary as text on the clipboard, for an EHR that stands open beside: said first, and off again after a while."""

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFormLayout, QPushButton

from kapnotes.app.documents import Document, Page
from kapnotes.app.leaving import On, Way
from kapnotes.app.paper import PaperDesk
from kapnotes.domain.errors import KapnotesError
from kapnotes.ui.clipboard import put_secret
from kapnotes.ui.fields import NightLine
from kapnotes.ui.frame import Frame
from kapnotes.ui.keys import sequence_of
from kapnotes.ui.making import Making

TO_CLIPBOARD = Way("copied", "it was not copied", On.WINDOWS)

CLIPBOARD_S = 60
"""After this long the text is taken off the clipboard, if it is still the one."""


class TextCopy(QObject):
    """A key and a button of a window; `text_copied` tells that the text is on the clipboard."""

    text_copied = Signal(object)

    def __init__(self, window: Frame, desk: PaperDesk, recipient: NightLine, making: Making) -> None:
        super().__init__(window)
        self._window = window
        self._desk = desk
        self._recipient = recipient
        self._asked = ""
        self._copied = ""
        self._making = making
        self._clipboard = QTimer(self)
        self._clipboard.setSingleShot(True)
        self._clipboard.setInterval(CLIPBOARD_S * 1000)
        self._clipboard.timeout.connect(self.forget)
        window.bind("copy_text", self._copy)

    def add_fields(self, fields: QFormLayout) -> None:
        """Add the button."""
        button = QPushButton(self.tr("Copy the text for the EHR ({})").format(sequence_of("copy_text")))
        button.clicked.connect(self._copy)
        fields.addRow("", button)

    @Slot()
    def _copy(self) -> None:
        if self._making.must_wait(sequence_of("copy_text")):
            return
        recipient = self._recipient.text().strip()
        if not recipient:
            self._window.say(self.tr("Write who receives the text; it stands in the audit trail."), is_mark=True)
            self._recipient.setFocus()
            return
        if self._asked != recipient:
            self._asked = recipient
            words = self.tr("In clear: what is pasted, others can read. {key} once more copies it for {recipient}.")
            self._window.say(words.format(key=sequence_of("copy_text"), recipient=recipient), is_mark=True)
            return
        self._asked = ""
        self._making.begin(self.tr("the text"))
        window = self._window
        self._desk.hand_over(
            Document.TEXT,
            TO_CLIPBOARD,
            recipient,
            self._put,
            window.if_open(self._tell),
            window.if_open(self._making.fail),
            self._is_open,
        )

    def _is_open(self) -> bool:
        return not self._window.is_closed

    def _put(self, page: Page) -> None:
        if self._window.is_closed:
            raise KapnotesError("The window was closed meanwhile; nothing was copied.")
        self._copied = page.content.decode()
        put_secret(self._copied)
        self._clipboard.start()

    def _tell(self, page: Page) -> None:
        self._making.end(self.tr("The text is on the clipboard for a minute: paste it into the patient's record."))
        self.text_copied.emit(page)

    @Slot()
    def forget(self) -> None:
        """Take the text off the clipboard, if it is still the one."""
        clipboard = QGuiApplication.clipboard()
        if self._copied and clipboard.text() == self._copied:
            clipboard.clear()
        self._copied = ""
