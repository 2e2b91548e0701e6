"""The pages of a finished document as a printer takes them: as pictures, in memory alone."""

from typing import TYPE_CHECKING

from kapnotes.app.documents import Page

if TYPE_CHECKING:
    from kapnotes.export.pictures import Pictures

PRINTED = "printed"
"""By which way such a document left, as the trail tells it."""

DOTS_PER_INCH = 300
"""Type of 7 points is as sharp as from a copier; a page of A4 has 8.7 million dots."""

POINTS_PER_INCH = 72


def pages_to_print(page: Page) -> "Pictures":
    """Return the pages of *page* without their lock; who takes them closes them."""
    from kapnotes.export.pictures import Pictures

    return Pictures(page.content, page.passphrase)


def width_in_dots(width: float) -> int:
    """Return how many dots wide a page of that width in points is printed."""
    return round(width * DOTS_PER_INCH / POINTS_PER_INCH)
