"""The clipboard: what the program put there is marked as secret and does not stay."""

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

_SECRET = {
    "x-kde-passwordManagerHint": b"secret",
    "org.nspasteboard.ConcealedType": b"",
    'application/x-qt-windows-mime;value="ExcludeClipboardContentFromMonitorProcessing"': b"\0\0\0\0",
}
"""What keeps a clipboard's history from taking it, on each system."""

_OURS = "application/x-kapnotes"
"""A mark of our own, by which we know again what we put there, also where the system does not say whose it is."""


def secret(text: str) -> QMimeData:
    """Return *text* for the clipboard, marked so that no history keeps it."""
    mime = QMimeData()
    mime.setText(text)
    for kind, value in {**_SECRET, _OURS: b"1"}.items():
        mime.setData(kind, value)
    return mime


def put_secret(text: str) -> None:
    """Put *text* on the clipboard."""
    QGuiApplication.clipboard().setMimeData(secret(text))


def forget() -> None:
    """Take off the clipboard what this program put there, whatever it was; what others put there stays."""
    clipboard = QGuiApplication.clipboard()
    held = clipboard.mimeData()  # None where there is nothing, whatever the stubs say
    if clipboard.ownsClipboard() or (held and held.hasFormat(_OURS)):
        clipboard.clear()
