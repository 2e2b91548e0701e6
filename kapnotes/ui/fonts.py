"""The program's own typefaces, so that it looks the same on every laptop, and on one without any."""

from importlib.resources import files

from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

ON_SCREEN = (
    "AtkinsonHyperlegible-Regular.ttf",
    "AtkinsonHyperlegible-Bold.ttf",
    "AtkinsonHyperlegible-Italic.ttf",
    "NotoSans-Regular.ttf",
)
"""The files that windows are written in; what is left in their folder is for pages alone."""

FAMILIES = ("Atkinson Hyperlegible", "Noto Sans")
POINT_SIZE = 12


def load_fonts(application: QApplication) -> None:
    """Load the shipped fonts and make them the program's."""
    folder = files("kapnotes.resources.fonts")
    for name in ON_SCREEN:
        QFontDatabase.addApplicationFontFromData(folder.joinpath(name).read_bytes())
    font = QFont()
    font.setFamilies(list(FAMILIES))
    font.setPointSize(POINT_SIZE)
    font.setFeature(QFont.Tag("tnum"), 1)  # digits of one width: a clock must not tremble
    application.setFont(font)


def sized(font: QFont, factor: float, *, is_bold: bool = False) -> QFont:
    """Return *font* at *factor* times its size."""
    other = QFont(font)
    other.setPointSizeF(font.pointSizeF() * factor)
    other.setBold(is_bold)
    return other
