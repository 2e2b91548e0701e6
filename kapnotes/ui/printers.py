"""The system's printers, and pages on one of them, for the thread on which pages are made: a printer takes its time.

Qt lets QPainter paint on a QPrinter from any thread (doc.qt.io, "Thread-Support in Qt Modules").
"""

from collections.abc import Callable, Iterator

from PySide6.QtCore import QMarginsF, QRectF, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from kapnotes.app.documents import Page
from kapnotes.app.printing import DOTS_PER_INCH, pages_to_print, width_in_dots
from kapnotes.app.spool import private_spool
from kapnotes.domain.errors import InputOutput

OpenPrinter = Callable[[str], QPrinter]
"""Gives the printer of that name, ready to take pages."""

BAND_ROWS = 48
"""Rows of dots that are painted at once at most: about 5 ms."""


def printer_names() -> tuple[str, ...]:
    """Return the names of the system's printers, the usual one first; asking may take seconds."""
    names = QPrinterInfo.availablePrinterNames()
    usual = QPrinterInfo.defaultPrinterName()
    return tuple(sorted(names, key=lambda name: (name != usual, name.casefold())))


def open_printer(name: str) -> QPrinter:
    """Return that printer; the name of its task tells nothing of a patient."""
    return QPrinter(QPrinterInfo.printerInfo(name), QPrinter.PrinterMode.HighResolution)


def print_page(page: Page, name: str, open_one: OpenPrinter = open_printer) -> None:
    """Print the pages of *page*; on their way they lie in memory alone, or in a folder of this user's own.

    Raises:
        InputOutput: the printer takes none.
    """
    with private_spool():
        _print(page, name, open_one(name))


def _print(page: Page, name: str, printer: QPrinter) -> None:
    printer.setDocName("KAPnotes")
    printer.setResolution(DOTS_PER_INCH)
    printer.setFullPage(True)
    with pages_to_print(page) as pictures:
        painter = QPainter()
        try:
            for number in range(len(pictures)):
                width, height = pictures.size(number)
                _set_page(printer, width, height)
                if not (printer.newPage() if number else painter.begin(printer)):
                    raise InputOutput("The printer {name} takes no pages; is it switched on?", name=name)
                shown = pictures.picture(number, width_in_dots(width))
                grey = QImage.Format.Format_Grayscale8
                _paint(painter, printer, QImage(shown.pixels, shown.width_px, shown.height_px, shown.stride, grey))
        finally:
            is_whole = painter.end() if painter.isActive() else False
    if not is_whole or printer.printerState() is QPrinter.PrinterState.Error:
        raise InputOutput("The printer {name} did not take the pages.", name=name)


def _set_page(printer: QPrinter, width: float, height: float) -> None:
    size = QPageSize(QSizeF(width, height), QPageSize.Unit.Point)
    printer.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)))


def _paint(painter: QPainter, printer: QPrinter, dots: QImage) -> None:
    """Paint a page on the whole of the paper, in bands; each begins with the last row of the one above it.

    Qt packs what is painted while Python waits, a quarter of a second for a whole page, and with it the windows.
    """
    paper = QRectF(printer.paperRect(QPrinter.Unit.DevicePixel))
    scale = paper.height() / dots.height()
    for top, bottom in bands_of(bytes(dots.constBits()), dots.bytesPerLine()):
        rows = min(bottom + 1, dots.height()) - top
        place = QRectF(paper.left(), paper.top() + top * scale, paper.width(), rows * scale)
        painter.drawImage(place, dots, QRectF(0, top, dots.width(), rows))


def bands_of(dots: bytes, stride: int) -> Iterator[tuple[int, int]]:
    """Give the first row of each band and the row behind its last; what is white all over is in none.

    A band ends where some rows are alike, between two lines of text, so that no seam shows on a printer whose dots are
    others than ours.
    """
    rows = [dots[start : start + stride] for start in range(0, len(dots), stride)]
    white = b"\xff" * stride
    top = 0
    while top < len(rows):
        if rows[top] == white:
            top += 1
            continue
        most = min(top + BAND_ROWS, len(rows))
        calm = (row for row in range(most - 1, top + 1, -1) if rows[row - 1] == rows[row] == rows[row - 2])
        bottom = most if most == len(rows) else next(calm, most)
        yield top, bottom
        top = bottom
