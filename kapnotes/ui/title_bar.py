"""The dark bar of a window, in place of the system's, which is bright."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from kapnotes.ui.labels import ElidedLabel

MARGIN = 14
"""Between the edge of a window and what stands in it."""


class TitleBar(QWidget):
    """The dark bar: what the window is, and its three buttons. It moves the window as the system's would."""

    def __init__(self, window: QWidget, toggle_full_screen: Callable[[], object]) -> None:
        super().__init__()
        self._window = window
        self._toggle_full_screen = toggle_full_screen
        self.label = ElidedLabel(0.85, is_dim=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(MARGIN, 2, 4, 2)
        self.notice = ElidedLabel(0.85)
        self.notice.setAccessibleName(self.tr("What lasts"))
        self.notice.set_mark(True)
        self.notice.hide()
        row.addWidget(self.label, 2)
        row.addWidget(self.notice, 3)
        for text, name, action in (
            ("\N{EN DASH}", self.tr("Minimize"), window.showMinimized),
            ("+", self.tr("Full screen, and back"), toggle_full_screen),
            ("\N{MULTIPLICATION SIGN}", self.tr("Close this window"), window.close),
        ):
            button = QPushButton(text)
            button.setFlat(True)
            button.setAccessibleName(name)
            button.setToolTip(name)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(action)
            row.addWidget(button)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Let the system move the window."""
        handle = self._window.windowHandle()
        if event.button() == Qt.MouseButton.LeftButton and handle is not None:
            handle.startSystemMove()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Fill the screen, and back."""
        del event
        self._toggle_full_screen()
