"""A list of cards: Enter chooses one, and the current one stays current when the list is shown anew."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem

CARD = Qt.ItemDataRole.UserRole
"""The role under which an item keeps its card."""


class CardList(QListWidget):
    """A list that says when Enter was pressed on an item, also where a platform's style does not."""

    chosen = Signal(object)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Enter for opening."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentItem() is not None:
            self.chosen.emit(self.currentItem().data(CARD))
            return
        super().keyPressEvent(event)

    def show_cards(self, cards: list[tuple[str, object]], keep: object = None) -> None:
        """Show *cards* as text and object; the current one stays current."""
        before = keep if keep is not None else self.current_card()
        self.clear()
        for text, card in cards:
            item = QListWidgetItem(text, self)
            item.setData(CARD, card)
            if card == before:
                self.setCurrentItem(item)
        if self.currentRow() < 0 and self.count():
            self.setCurrentRow(0)

    def current_card(self) -> object:
        """Return the object of the current item, or None."""
        item = self.currentItem()
        return None if item is None else item.data(CARD)
