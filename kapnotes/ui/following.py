"""Standing over other widgets without being in their layout: whatever they do, what stands over them follows."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

_MOVES = {QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide}


class Following(QObject):
    """Calls *place* whenever one of *watched* moves, while *over* is shown."""

    def __init__(self, over: QWidget, place: Callable[[], None], *watched: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self._place = place
        for widget in watched:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow."""
        if event.type() in _MOVES and self._over.isVisible():
            self._place()
        return super().eventFilter(watched, event)
