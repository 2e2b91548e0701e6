"""A key that carries something: a bound method with its argument, which Qt can let go of."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot


class Press(QObject):
    """Calls *does* with *argument*; it lives as long as its window."""

    def __init__(self, window: QObject, does: Callable[[object], None], argument: object) -> None:
        super().__init__(window)
        self._does = does
        self._argument = argument

    @Slot()
    def press(self) -> None:
        """Do it."""
        self._does(self._argument)
