"""What stands left of a line: its time, and below it what the line is. Never wider, so that the line never moves."""

from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from kapnotes.ui.frame import ElidedLabel

_WORDS, _BELOW = 0.85, 0.72


class LineStamp(QWidget):
    """Two short lines of a fixed width, for any type size; what does not fit is shortened, `text` is the whole."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._words = ElidedLabel(_WORDS, is_dim=True)
        self._below = ElidedLabel(_BELOW, is_dim=True)
        self._words.setAccessibleName(name)
        self._below.setAccessibleName(self.tr("What the line is"))
        self._words.keep_room_for(self.corrects("00:00"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(0)
        column.addStretch()
        column.addWidget(self._words)
        column.addWidget(self._below)
        column.addStretch()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

    def corrects(self, time: str) -> str:
        """Return what stands beside a line that corrects the entry of *time*."""
        return self.tr("corrects {}").format(time)

    def show_words(self, words: str, below: str = "") -> None:
        """Show *words*, a time most often, and what the line is *below* them."""
        for label, text in ((self._words, words), (self._below, below)):
            if label.text() != text:
                label.setText(text)

    def text(self) -> str:
        """Return all that it says."""
        return "  ".join(part for part in (self._words.text(), self._below.text()) if part)
