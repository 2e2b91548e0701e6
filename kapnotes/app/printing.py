"""The pages of a finished document as a printer takes them: as pictures, in memory alone."""

from typing import TYPE_CHECKING

from kapnotes.app.documents import Page
from kapnotes.app.leaving import On, Way
from kapnotes.domain.audit_acts import PRINTED

if TYPE_CHECKING:
    from kapnotes.export.pictures import Pictures

TO_PRINTER = Way("sent to the printer", "it was not printed", On.PAGES, PRINTED)
"""A printer takes its time: the trail says first that it was sent there, and then that the printer took it."""

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
