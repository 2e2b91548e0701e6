"""What takes longer to make than a key may wait is made in steps; between two of them the windows take keys."""

from collections.abc import Iterator

from PySide6.QtWidgets import QWidget

STYLED_AT_ONCE = 20
"""So many widgets are styled in one step."""


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
