"""Fingers for the demo: real key events to the widget that has the focus, and waiting for what they cause."""

import unicodedata
from collections.abc import Callable

from PySide6.QtCore import QDeadlineTimer, QEventLoop, QMimeData, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from kapnotes.domain.errors import KapnotesError
from kapnotes.ui.frame import Frame
from kapnotes.ui.line import Line

PATIENCE_MS = 120_000
"""After this long without what was expected the demo gives up and says so."""

LOOK_AGAIN_MS = 3
"""How long the windows live between two looks; the threads at work need the time more than the look does."""

LONGEST_TYPED = 2000
"""A longer text is pasted, as a person would."""


def wait_until(happened: Callable[[], bool], what: str) -> None:
    """Let the windows live until it *happened*.

    Raises:
        KapnotesError: it did not within `PATIENCE_MS`; names *what*.
    """
    patience = QDeadlineTimer(PATIENCE_MS)
    while not happened():
        if patience.hasExpired():
            raise KapnotesError("The demo waited in vain for {what}.", what=what)
        rest(LOOK_AGAIN_MS)


def rest(milliseconds: int) -> None:
    """Let the windows live for a while, for somebody who watches."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def press(window: Frame, sequence: str) -> None:
    """Press the keys of *sequence* in *window*."""
    window.activateWindow()
    if QApplication.activeWindow() is not window:
        wait_until(lambda: QApplication.activeWindow() is window, "its window to come to the front")
    combination = QKeySequence(sequence)[0]  # type: ignore[index]  # the stubs lack __getitem__, Qt has it
    target = _focus(window)
    QTest.keyClick(target, combination.key(), combination.keyboardModifiers())
    _see(window, target)


def type_text(window: Frame, text: str) -> None:
    """Type *text* key by key where the focus is; what no key can type is pasted."""
    target = _focus(window)
    if isinstance(target, Line) and (len(text) > LONGEST_TYPED or any(_has_no_key(char) for char in text)):
        mime = QMimeData()
        mime.setText(text)
        target.insertFromMimeData(mime)
        _see(window, target)
        return
    for char in text:
        modifiers = Qt.KeyboardModifier.ShiftModifier if char == "\n" else Qt.KeyboardModifier.NoModifier
        key = Qt.Key.Key_Return if char == "\n" else _key_of(char)
        for kind in (QKeyEvent.Type.KeyPress, QKeyEvent.Type.KeyRelease):
            QApplication.sendEvent(target, QKeyEvent(kind, key, modifiers, char))
    _see(window, target)


def _see(window: Frame, target: QWidget) -> None:
    """Look at what was typed and at what came of it, as whoever types does before the next deed."""
    if isinstance(target, Line):
        target.catch_up()
    whole = window.window()  # keys may be typed into a part of it
    if isinstance(whole, Frame):
        whole.catch_up()


def fill(window: Frame, field: QWidget, text: str) -> None:
    """Go to *field* by the tab key and type *text* in place of what is there."""
    go_to(window, field)
    press(window, "Ctrl+A")
    type_text(window, text)


def go_to(window: Frame, field: QWidget) -> None:
    """Press the tab key until *field* has the focus.

    Raises:
        KapnotesError: it is never reached, so nobody could work it by keyboard.
    """
    for _ in range(60):
        if window.focusWidget() is field:
            return
        press(window, "Tab")
    raise KapnotesError("No key leads to “{field}”.", field=field.accessibleName())


def _focus(window: Frame) -> QWidget:
    return window.focusWidget() or window


def _key_of(char: str) -> int:
    return ord(char.upper()) if char.isascii() else 0


def _has_no_key(char: str) -> bool:
    return char != "\n" and unicodedata.category(char)[0] in {"C", "Z"} and char != " "
