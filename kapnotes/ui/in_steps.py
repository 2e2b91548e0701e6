"""What takes longer to make than a key may wait is made in steps; between two of them the windows take keys."""

from collections.abc import Iterator

from PySide6.QtCore import QElapsedTimer, QPoint
from PySide6.QtGui import QPixmap, QRegion
from PySide6.QtWidgets import QWidget

STYLED_AT_ONCE = 20
"""So many widgets are styled in one step."""

PAINTED_MS = 4
"""So long widgets are painted in one step, in milliseconds."""


def styled(widget: QWidget) -> Iterator[None]:
    """Style all that is in *widget*, some in each step; else all of it is styled when it is first shown."""
    for count, part in enumerate(widget.findChildren(QWidget), 1):
        part.ensurePolished()
        if count % STYLED_AT_ONCE == 0:
            yield


def laid_out(widget: QWidget) -> None:
    """Give all that is in *widget*, which is styled and not shown yet, the place that it will have."""
    layout = widget.layout()
    if layout is not None:
        layout.activate()


def painted(window: QWidget) -> Iterator[None]:
    """Paint what *window*, which is laid out and not shown yet, will show, where nobody sees it; some in each step.

    Whatever is painted for the first time takes several times as long as after that: each letter of each size gets its
    shape, a row becomes a picture. In the turn in which the window is shown all of it would come together. The window's
    own surface is made first.
    """
    window.create()
    yield
    took = QElapsedTimer()
    took.start()
    for part in window.findChildren(QWidget):
        if part.size().isEmpty() or not part.isVisibleTo(window):
            continue
        paper = QPixmap(part.size() * part.devicePixelRatioF())
        paper.setDevicePixelRatio(part.devicePixelRatioF())
        part.render(paper, QPoint(), QRegion(), QWidget.RenderFlag(0))
        if took.elapsed() >= PAINTED_MS:
            yield
            took.start()
