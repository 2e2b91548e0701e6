"""The typefaces of the page, registered with reportlab once and only when a page is made.

Atkinson Hyperlegible carries the text; Noto Sans stands in for what it lacks. Figures in tables come from a cut of
Atkinson with its own tabular digits (see `resources/fonts/README.md`).
"""

from enum import StrEnum
from functools import cache
from importlib.resources import as_file, files


class Face(StrEnum):
    """The cuts, by the name under which reportlab knows them."""

    REGULAR = "AtkinsonHyperlegible-Regular"
    BOLD = "AtkinsonHyperlegible-Bold"
    ITALIC = "AtkinsonHyperlegible-Italic"
    BOLD_ITALIC = "AtkinsonHyperlegible-BoldItalic"
    TABULAR = "AtkinsonHyperlegible-Tabular"
    STAND_IN = "NotoSans-Regular"


@cache
def advances(face: Face) -> dict[int, float]:
    """Return the advance of every character that *face* holds, in parts of the font size; registers the face."""
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    with as_file(files("kapnotes.resources.fonts") / f"{face.value}.ttf") as path:
        font = TTFont(face.value, str(path))
    registerFont(font)
    known: dict[int, int] = font.face.charToGlyph
    widths: dict[int, float] = font.face.charWidths
    return {code: widths[code] / 1000 for code, glyph in known.items() if glyph and code in widths}


@cache
def holds(face: Face) -> frozenset[int]:
    """Return the code points that *face* can draw."""
    return frozenset(code for code in advances(face) if code <= 0xFFFF)
