"""A short form of home whose half-typed fields outlive a lock, a crash and the end of the program."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QComboBox

from kapnotes.app.clinic_typing import ABOUT
from kapnotes.domain.form_draft import form_text, form_values
from kapnotes.ui.fields import NightLine
from kapnotes.ui.forms import Form

TICKED = "yes"

Watched = NightLine | QCheckBox | QComboBox


class DraftForm(Form):
    """Fields with names, and what they held at first. Esc leaves what is typed only when it is pressed twice.

    `typed_on` tells that what is half-typed changed; `said` gives a line of news, and whether it is bad.
    """

    typed_on = Signal()
    said = Signal(str, bool)

    def __init__(self) -> None:
        super().__init__()
        self._watched: dict[str, Watched] = {}
        self._at_first: dict[str, str] | None = None
        self._is_filling = False
        self._is_asked = False

    def watch(self, name: str, field: Watched) -> None:
        """Keep what *field* holds in the draft, under *name*."""
        self._watched[name] = field
        if isinstance(field, QCheckBox):
            field.toggled.connect(self._typed)
        elif isinstance(field, QComboBox):
            field.currentIndexChanged.connect(self._typed)
        else:
            field.textChanged.connect(self._typed)

    def about(self) -> str:
        """Return what the fields are about; it is kept with them."""
        raise NotImplementedError

    def take_about(self, about: str) -> None:
        """Let the fields be about that again."""

    def show_kept(self, values: Mapping[str, str]) -> None:
        """Show what is kept now, by the names of the fields."""
        self._fill(values)
        self._at_first = self.values()
        self.typed_on.emit()

    def bring_back(self, text: str) -> None:
        """Show what was half-typed, without taking the focus."""
        self.take_about(form_values(text, (ABOUT,)).get(ABOUT, ""))
        self._fill(form_values(text, self._watched))
        self._at_first = None
        self.typed_on.emit()

    @contextmanager
    def filling(self) -> Iterator[None]:
        """Let what happens to the fields meanwhile be nobody's typing."""
        self._is_filling = True
        try:
            yield
        finally:
            self._is_filling = False

    def _fill(self, values: Mapping[str, str]) -> None:
        self._is_filling = True
        for name, field in self._watched.items():
            value = values.get(name, "")
            if isinstance(field, QCheckBox):
                field.setChecked(value == TICKED)
            elif isinstance(field, QComboBox):
                rows = [str(field.itemData(row)) for row in range(field.count())]
                field.setCurrentIndex(rows.index(value) if value in rows else 0)
            else:
                field.setText(value)
                field.setCursorPosition(0)
        self._is_filling = self._is_asked = False

    def values(self) -> dict[str, str]:
        """Return what the fields hold."""
        return {name: _held(field) for name, field in self._watched.items()}

    @property
    def is_changed(self) -> bool:
        """Tell whether something is typed that is kept nowhere else."""
        return self.values() != self._at_first

    def half_typed(self) -> str:
        """Return the form as its draft keeps it; nothing where nothing is half-typed."""
        return form_text({ABOUT: self.about()} | self.values()) if self.is_changed else ""

    @Slot()
    def _typed(self) -> None:
        if not self._is_filling:
            self._is_asked = False
            self.typed_on.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Esc: what is typed is dropped only by a second one."""
        if event.key() == Qt.Key.Key_Escape and self.is_changed and not self._is_asked:
            self._is_asked = True
            self.said.emit(self.tr("This is kept nowhere yet. Esc once more drops what is typed."), True)
        else:
            super().keyPressEvent(event)


def _held(field: Watched) -> str:
    if isinstance(field, QCheckBox):
        return TICKED if field.isChecked() else ""
    return str(field.currentData()) if isinstance(field, QComboBox) else field.text()
