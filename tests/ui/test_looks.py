"""What the windows look like, measured: dark, legible, nothing white, every word through translation."""

from collections import Counter

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtGui import QColor, QFontDatabase, QFontMetrics, QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget

from kapnotes.ui.keys import Where, keys_in
from kapnotes.ui.pad import PadWindow
from kapnotes.ui.palette import NIGHTS, SOFT

MEAN, PEAK, CONTRAST = 0.010, 0.30, 4.5


def luminance(colour):
    def linear(part):
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def measure(window):
    image = window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    counts = Counter(memoryview(image.constBits()).cast("I"))
    levels = {pixel: luminance(QColor(pixel)) for pixel in counts}
    return sum(levels[pixel] * count for pixel, count in counts.items()) / counts.total(), max(levels.values())


@pytest.mark.parametrize("night", [*NIGHTS, *SOFT.values()], ids=lambda night: f"{night.name} {night.text}")
@pytest.mark.parametrize(
    ("text", "ground"),
    [*((text, ground) for text in ("text", "dim", "mark") for ground in ("ground", "field")), ("text", "chosen")],
)
def test_text_reaches_its_contrast_on_every_ground_it_stands_on(text, ground, night):
    light, dark = luminance(QColor(getattr(night, text))), luminance(QColor(getattr(night, ground)))

    assert (light + 0.05) / (dark + 0.05) >= CONTRAST
    assert light <= PEAK


def test_no_window_is_brighter_than_the_night_allows(room, pad, log, kinds):
    for number in range(30):
        pad.live.note(f"a note of an ordinary length, number {number}")
        log.live.log("128/76 72 98 14 s5")
    room.press(pad, "Ctrl+S")
    windows = {kind: room.window(kinds[kind]) for kind in ("home", "pad", "log", "summary")}
    for window in windows.values():
        window.resize(1280, 800)
    QApplication.processEvents()

    measured = [{kind: measure(window) for kind, window in windows.items()}]
    room.screen.lamp.turn()
    while room.screen.lamp.is_turning:
        room.screen.lamp.step()
    measured.append({kind: measure(window) for kind, window in windows.items()})

    for night, lights in zip(NIGHTS, measured, strict=True):
        assert [(night, kind) for kind, (mean, peak) in lights.items() if mean > MEAN or peak > PEAK] == []


def test_the_caret_of_an_empty_line_stands_beside_the_hint_and_not_on_it(room, home):
    room.start(home)
    line = room.window(PadWindow).line
    with_caret = line.viewport().grab().toImage()
    assert line.hasFocus()
    line.clearFocus()
    without = line.viewport().grab().toImage()
    spots = ((x, y) for x in range(without.width()) for y in range(without.height()))
    differing = {x for x, y in spots if with_caret.pixel(x, y) != without.pixel(x, y)}

    assert differing
    assert max(differing) < line.cursorRect().x()


def test_the_sign_in_window_is_dark_from_its_first_frame(room):
    window = room.desk.begin()
    mean, peak = measure(window)

    assert mean <= MEAN
    assert peak <= PEAK


def test_every_control_has_a_name_for_a_screen_reader(room, pad, log, kinds):
    room.press(log, "Ctrl+S")
    room.press(pad, "Ctrl+S")
    nameless = [
        widget
        for window in (room.window(kinds[kind]) for kind in ("home", "pad", "log", "summary"))
        for widget in window.findChildren(QWidget)
        if widget.focusPolicy().value and widget.isVisible() and not _name(widget, window)
    ]

    assert nameless == []


def _name(widget, window):
    if widget.accessibleName() or widget.objectName() == "qt_spinbox_lineedit":
        return True
    if isinstance(widget, QAbstractButton):
        return bool(widget.text())
    return any(label.buddy() is widget for label in window.findChildren(QLabel))


def test_the_typefaces_that_are_shipped_have_every_sign_of_the_windows(room, pad, log, qapp):
    room.press(log, "Ctrl+S")
    loaded = [family for family in ("Atkinson Hyperlegible", "Noto Sans") if family in QFontDatabase.families()]
    assert loaded == ["Atkinson Hyperlegible", "Noto Sans"]
    fonts = [QFontDatabase.font(family, "Regular", 12) for family in loaded]
    texts = [label.text() for window in room.desk.windows for label in window.findChildren(QLabel)]
    texts += [line.placeholderText() for window in room.desk.windows for line in window.findChildren(QLineEdit)]
    texts += [key.does for key in keys_in(*Where)]
    missing = {
        char
        for text in texts
        for char in text
        if not char.isspace() and not any(QFontMetrics(font).inFontUcs4(ord(char)) for font in fonts)
    }

    assert missing == set()


class Brackets(QTranslator):
    """Translates every text into itself in brackets, so that what was not asked for stands out."""

    def translate(self, context, source, disambiguation=None, n=-1):
        return f"[{source}]" if source else ""

    def isEmpty(self):
        return False


def test_every_word_on_the_screen_goes_through_translation(room, qapp):
    translator = Brackets()
    qapp.installTranslator(translator)
    try:
        home = room.make()
        room.patient(home)
        room.start(home, "sublingual")
        for key in ("Ctrl+K", "Ctrl+Shift+K", "Ctrl+Shift+P"):  # pages that are made when they are asked for
            room.press(home, key)
        for window in list(room.desk.windows):
            if window.where in {Where.PAD, Where.LOG}:
                room.press(window, "Ctrl+S")
        plain = [
            (type(window).__name__, text)
            for window in room.desk.windows
            for text in _texts(window)
            if any(char.isalpha() for char in text) and "[" not in text and not _is_data(text)
        ]
    finally:
        qapp.removeTranslator(translator)

    assert plain == []


def _texts(window):
    for widget in window.findChildren(QWidget):
        if isinstance(widget, QLabel | QAbstractButton):
            yield widget.text()
        if isinstance(widget, QLineEdit):
            yield widget.placeholderText()
        yield widget.accessibleName()


def _is_data(text):
    return text == "KAPnotes" or text.startswith(("T+", "F1 affect", "K-0142"))


def test_the_line_of_an_error_is_translated_and_then_filled_in(room, qapp):
    translator = Brackets()
    qapp.installTranslator(translator)
    try:
        window = room.desk.begin()
        room.type(window, "Tess")
        room.go_to(window, window.roles.therapist)
        room.press(window, "Space")
        room.fill(window, window.new.first, "short")
        room.press(window, "Return")
        room.fill(window, window.new.again, "short")
        room.press(window, "Return")
    finally:
        qapp.removeTranslator(translator)

    assert window.news() == "! [A passphrase has at least 15 characters; this one has 5.]"
