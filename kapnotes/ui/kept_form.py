"""A window that makes entries of one kind in a session: the form above, below it what stands, to correct or take back.

What is half-typed is one draft and outlives a crash; nothing is in the way, and Esc goes back to where one was.
"""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSettings, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from kapnotes.app.live_session import LiveSession
from kapnotes.app.seat import Seat
from kapnotes.domain.entries import Entry
from kapnotes.domain.errors import KapnotesError, SavedElsewhere
from kapnotes.domain.form_draft import form_text, form_values
from kapnotes.domain.text import storable
from kapnotes.ui.fields import Choice
from kapnotes.ui.form_parts import heading
from kapnotes.ui.frame import Frame
from kapnotes.ui.keys import Where
from kapnotes.ui.labels import ScaledLabel
from kapnotes.ui.page_line import KeyList, PageLine
from kapnotes.ui.sign_form import scrolled
from kapnotes.ui.wording import error_line, unsaved_words

KEPT_LINES = 4.5
"""So much of what is kept is in sight where something else needs the room."""

CORRECTS, WHY = "corrects", "why"
"""Of a draft: the id of the entry that is corrected, and why."""

WIDEST = 120
"""Letters of usual width that a line of the form holds at most: longer ones are hard to follow."""


class KeptForm(Frame):
    """Who derives from it adds its fields, calls `build`, then `begin`."""

    left = Signal(object)
    field = ""
    """The name of its draft."""

    def __init__(self, where: Where, kind: str, seat: Seat, live: LiveSession, settings: QSettings) -> None:
        super().__init__(where, kind, settings)
        self.seat = seat
        self.live = live
        self._fields: dict[str, PageLine | QComboBox] = {}
        self._corrected: Entry | None = None
        self._made = ""
        self._taking_back = ""
        self._is_filling = True
        self._inner: QWidget | None = None
        self._has_body = False
        self.head = ScaledLabel(1.15, is_bold=True)
        self.head.setWordWrap(True)
        self.about = ScaledLabel(0.95, is_dim=True)
        self.about.setWordWrap(True)
        self.correcting = ScaledLabel(0.95)
        self.correcting.setWordWrap(True)
        self.correcting.hide()
        self.grid = QGridLayout()
        self.grid.setColumnStretch(1, 1)
        self.keep_button = QPushButton()
        self.keep_button.clicked.connect(self.keep)
        self.list = KeyList("", {Qt.Key.Key_Return: "correct", Qt.Key.Key_Enter: "correct", Qt.Key.Key_Delete: "gone"},
                            "", 2)  # fmt: skip
        self.list.setWordWrap(True)
        self.list.pressed_on.connect(self._press)
        self.list_head = heading("")

    def build(self, body: QWidget | None = None) -> None:
        """Put the parts together; *body* stands below the fields, and has the room that is there."""
        self._has_body = body is not None
        self._inner = inner = QWidget()
        self._fit()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 6, 0)
        for label in (self.head, self.about):
            column.addWidget(label)
        column.addWidget(self.correcting)
        column.addLayout(self.grid)
        if body is not None:
            column.addWidget(body, 1)
        column.addWidget(self.keep_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.list_head)
        column.addWidget(self.list, 0 if body is not None else 1)
        self.area = scrolled(inner)
        self.set_body(self.area)
        self.live.entry_added.add(self._hear)
        self.live.saved.add(self._hear_saved)
        self.live.saving.failed.add(self._hear_failed)
        self.live.typing.keep_failed.add(self._show_keep_failed)

    def make_line(self, name: str, title: str, hint: str = "") -> PageLine:
        """Return a line that the draft keeps under *name*, for a row that holds more than the line."""
        line = PageLine(title.replace("&", ""), hint)
        line.entered.connect(self._go_on)
        line.textChanged.connect(self._changed)
        self._fields[name] = line
        return line

    def add_line(self, name: str, title: str, hint: str = "") -> PageLine:
        """Add a row with a line that the draft keeps under *name*."""
        line = self.make_line(name, title, hint)
        self.add_row(title, line)
        return line

    def add_row(self, title: str, row: QWidget, buddy: QWidget | None = None) -> QLabel:
        """Add *row* below the others, with its title, whose key leads to *buddy* or else to the row; returns the title.

        A grid gives words that wrap the room they need, which Qt's layout of forms does not.
        """
        label = QLabel(title)
        label.setBuddy(buddy or row)
        place = self.grid.rowCount()
        self.grid.addWidget(label, place, 0, Qt.AlignmentFlag.AlignVCenter)
        self.grid.addWidget(row, place, 1)
        return label

    def add_choice(self, name: str, title: str, choices: Sequence[tuple[str, str]]) -> QComboBox:
        """Return a choice of value and words that the draft keeps under *name*; the first one is there at first."""
        box = Choice()
        box.setAccessibleName(title.replace("&", ""))
        for value, words in choices:
            box.addItem(words, value)
        box.currentIndexChanged.connect(self._changed)
        self._fields[name] = box
        return box

    def add_reason(self) -> None:
        """Add the line for why an entry is corrected, in sight only while one is."""
        title, hint = self.tr("Wh&y it is corrected"), self.tr("may stay empty")
        self.reason = self.make_line(WHY, title, hint)
        self._why = self.add_row(title, self.reason)

    # ------------------------------------------------------------------------------- what a kind of form says

    def at_first(self) -> dict[str, str]:
        """Return what the fields hold before anything is typed."""
        return {}

    def first(self) -> QWidget:
        """Return where the keys go first."""
        return next(iter(self._fields.values()))

    def show_kept(self) -> list[tuple[Entry, str]]:
        """Return what stands, with its words, the newest first."""
        raise NotImplementedError

    def values_of(self, entry: Entry) -> dict[str, str]:
        """Return what the fields hold to say what *entry* says."""
        raise NotImplementedError

    def make(self, corrected: Entry | None, reason: str, typed: str) -> Entry:
        """Keep what the fields say, as a correction of *corrected* where there is one.

        Raises:
            KapnotesError: it says nothing that can be kept.
        """
        raise NotImplementedError

    def take_back(self, entry: Entry) -> Entry:
        """Take *entry* back."""
        raise NotImplementedError

    def button_words(self, *, is_correcting: bool) -> str:
        """Return what the button says."""
        raise NotImplementedError

    def correcting_words(self, entry: Entry) -> str:
        """Return which entry is corrected."""
        raise NotImplementedError

    def kept_words(self, *, is_saved: bool) -> str:
        """Return that what the form said is kept, or is being kept."""
        raise NotImplementedError

    def gone_words(self) -> str:
        """Return that an entry was taken back."""
        raise NotImplementedError

    def show_fields(self) -> None:
        """Show what follows from the fields as they are now."""

    # ------------------------------------------------------------------------------------------- the fields

    def begin(self) -> None:
        """Show what stands, bring back what was half-typed, and keep from now on what is."""
        self._look()
        back = self.live.typing.bring_back(self.field)
        values = form_values(back.text, (*self._fields, CORRECTS)) if back is not None else {}
        if values:
            self._corrected = self._own(values.get(CORRECTS, ""))
            self.say(self.tr("What was half-typed is back."))
        self._fill(values)
        self.live.typing.read_from(self.field, self._read)
        if self.live.is_read_only:
            self.say(self.tr("Read only: nothing can be noted here."), is_mark=True)
            self.keep_button.setEnabled(False)
            for field in self._fields.values():
                if isinstance(field, PageLine):
                    field.set_open(is_open=False)
                else:
                    field.setEnabled(False)
        self.first().setFocus()

    def values(self) -> dict[str, str]:
        """Return what the fields hold."""
        return {
            name: str(field.currentData()) if isinstance(field, QComboBox) else field.text()
            for name, field in self._fields.items()
        }

    def _fill(self, values: dict[str, str]) -> None:
        wanted = self.at_first() | values
        self._is_filling = True
        for name, field in self._fields.items():
            if isinstance(field, QComboBox):
                field.setCurrentIndex(max(0, field.findData(wanted.get(name, ""))))
            else:
                field.setText(wanted.get(name, ""))
                field.setCursorPosition(0)
        self._is_filling = False
        is_correcting = self._corrected is not None
        self.reason.setVisible(is_correcting)
        self._why.setVisible(is_correcting)
        self.correcting.setVisible(is_correcting)
        if self._corrected is not None:
            self.correcting.setText(self.correcting_words(self._corrected))
        self.keep_button.setText(self.button_words(is_correcting=is_correcting))
        self.when_line().setEnabled(not is_correcting)
        self.show_fields()

    def when_line(self) -> PageLine:
        """Return the line of the time, which no correction moves."""
        line = self._fields["when"]
        assert isinstance(line, PageLine)  # noqa: S101 - every form of this kind has one
        return line

    def _unchanged(self) -> dict[str, str]:
        kept = self.values_of(self._corrected) if self._corrected is not None else {}
        start = self.at_first() | kept
        return {name: start.get(name, "") for name in self._fields}

    def is_half_typed(self) -> bool:
        """Tell whether the fields hold what is entered nowhere."""
        start, now = self._unchanged(), self.values()
        return any(now[name].strip() != _first_of(field, start[name]) for name, field in self._fields.items())

    def text(self) -> str:
        """Return the form as its draft keeps it."""
        corrected = {CORRECTS: self._corrected.entry_id} if self._corrected is not None else {}
        return form_text(corrected | self.values())

    def _read(self) -> tuple[str, str]:
        return (self.text() if self.is_half_typed() else ""), ""

    @Slot()
    def _changed(self) -> None:
        if self._is_filling:
            return
        self._taking_back = ""
        if self.is_half_typed():
            self.live.typing.begin(self.field, self.text())
        else:
            self.live.typing.drop(self.field)
        self.live.typing.changed()
        self.show_fields()

    @Slot()
    def _go_on(self) -> None:
        self.focusNextChild()

    # -------------------------------------------------------------------------------------------- keeping

    @Slot()
    def keep(self) -> None:
        """Keep what the fields say, or say why not; nothing of it is lost."""
        try:
            typed = storable(self.text())
            made = self.make(self._corrected, self.reason.text() if self._corrected is not None else "", typed)
        except KapnotesError as error:
            self.say(error_line(error), is_mark=True)
            return
        self._corrected = None
        self._fill({})
        self._look()
        self._made = made.entry_id
        self.say(self.kept_words(is_saved=self.live.saving.is_saved(made.entry_id)))
        self.list.setFocus()

    @Slot(str, str)
    def _press(self, does: str, entry_id: str) -> None:
        entry = self._own(entry_id)
        if entry is None:
            self.say(self.tr("That is the other clinician's; only its author changes it."), is_mark=True)
        elif does == "correct":
            self._correct(entry)
        elif self._taking_back != entry_id:
            self._taking_back = entry_id
            self.say(self.tr("Del once more takes it back; it stays legible."))
        else:
            self._taking_back = ""
            try:
                self.take_back(entry)
            except KapnotesError as error:
                self.say(error_line(error), is_mark=True)
                return
            self._look()
            self.say(self.gone_words())
            if not self.list.count():
                self.first().setFocus()

    def _correct(self, entry: Entry) -> None:
        if self.is_half_typed():
            words = self.tr("Something is half-typed above: keep it, or clear its fields, then correct.")
            self.say(words, is_mark=True)
            return
        self._corrected = entry
        self._fill(self.values_of(entry))
        self.say("")
        self.first().setFocus()

    def _own(self, entry_id: str) -> Entry | None:
        stands = next((entry for entry, _ in self.show_kept() if entry.entry_id == entry_id), None)
        is_own = stands is not None and self.live.record.persons.are_one(stands.author_id, self.live.member.member_id)
        return stands if is_own else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Esc: out of a correction, else back; what is half-typed stays a draft."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self._corrected is None:
            self.left.emit(self)
        elif self.is_half_typed() and self._taking_back != CORRECTS:
            self._taking_back = CORRECTS
            self.say(self.tr("Esc once more drops what was changed here; the entry stays as it is."))
        else:
            self._taking_back = ""
            self._corrected = None
            self._fill({})
            self.live.typing.drop(self.field)
            self.live.typing.changed()
            self.say("")
            self.list.setFocus()

    # ---------------------------------------------------------------------------------------------- news

    def _look(self) -> None:
        self.list.show_rows([(entry.entry_id, words) for entry, words in self.show_kept()])

    def _hear(self, entry: Entry) -> None:
        del entry
        self._look()

    def _hear_saved(self, entry: Entry) -> None:
        if entry.entry_id == self._made:
            self._made = ""
            self.say(self.kept_words(is_saved=True))

    def _hear_failed(self, error: Exception) -> None:
        if not isinstance(error, SavedElsewhere):
            self.say(self.tr("Not saved yet: {} It is kept and tried again.").format(error_line(error)), is_mark=True)

    def _show_keep_failed(self, error: Exception) -> None:
        self.say(self.tr("What is half-typed is not on the disk: {} It is tried again.").format(error_line(error)))

    def showEvent(self, event: QShowEvent) -> None:
        """Begin at the top: a scroll area goes to whatever has the focus."""
        super().showEvent(event)
        self.area.verticalScrollBar().setValue(0)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the program's type size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self._inner is not None:
            self._fit()

    def _fit(self) -> None:
        if self._inner is not None:
            self._inner.setMaximumWidth(WIDEST * self.fontMetrics().averageCharWidth())
        if self._has_body:
            self.list.setMaximumHeight(round(KEPT_LINES * self.fontMetrics().lineSpacing()))

    def why_stay(self) -> str:
        """Return that entries are not saved, unless the seat is being locked: it keeps its keys until they are."""
        return "" if self.seat.is_locked else unsaved_words(self.live.saving.at_risk_count)

    def detach(self) -> None:
        """Leave what is half-typed to the draft, and hear no more news."""
        self.live.typing.let_go(self.field)
        self.live.typing.keep_failed.remove(self._show_keep_failed)
        self.live.entry_added.remove(self._hear)
        self.live.saved.remove(self._hear_saved)
        self.live.saving.failed.remove(self._hear_failed)


def _first_of(field: PageLine | QComboBox, value: str) -> str:
    """Return what a field holds that was given *value*: a choice that is none is its first one."""
    if isinstance(field, QComboBox):
        return str(field.itemData(max(0, field.findData(value))))
    return value.strip()


def dim_label(text: str) -> QLabel:
    """Return words of the record within a form, which wrap."""
    label = ScaledLabel(0.95, is_dim=True)
    label.setWordWrap(True)
    label.setText(text)
    return label
