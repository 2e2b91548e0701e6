"""The rows of a form in which a passphrase is made: typed twice, with six drawn words offered."""

from PySide6.QtCore import QCoreApplication, Slot
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QPushButton, QWidget

from kapnotes.app.passphrase import new_passphrase
from kapnotes.app.profile import Entropy
from kapnotes.ui.fields import secret_line
from kapnotes.ui.labels import ScaledLabel


class NewPassphrase(QWidget):
    """Six words and the key that draws others, and above them the two lines side by side; rows of *fields*."""

    def __init__(self, fields: QFormLayout, name: str, entropy: Entropy) -> None:
        super().__init__()
        translate = QCoreApplication.translate
        self._entropy = entropy
        plain = name.replace("&", "")
        self.first = secret_line(plain)
        self.again = secret_line(translate("NewPassphrase", "{} again").format(plain))
        self.words = ScaledLabel(0.95)
        self.words.setWordWrap(True)
        self.words.setAccessibleName(translate("NewPassphrase", "Six words that would do"))
        self.others = QPushButton(translate("NewPassphrase", "&Other words"))
        self.others.clicked.connect(self.offer)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.words, 1)
        row.addWidget(self.others)
        self.again.setPlaceholderText(translate("NewPassphrase", "again"))
        twice = QHBoxLayout()
        twice.setSpacing(6)
        twice.addWidget(self.first)
        twice.addWidget(self.again)
        label = QLabel(name)
        label.setBuddy(self.first)
        fields.addRow(label, twice)
        fields.addRow(translate("NewPassphrase", "If you like"), self)

    def begin(self) -> None:
        """Empty the lines and offer words."""
        self.forget()
        self.offer()

    def forget(self) -> None:
        """Keep no passphrase in a field that nobody looks at."""
        self.first.clear()
        self.again.clear()
        self.words.setText("")

    @Slot()
    def offer(self) -> None:
        """Draw six other words."""
        self.words.setText(new_passphrase(self._entropy))
