"""The form of a protocol: each field checked as it is typed, at its place, and beside it what all of it means."""

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.protocol import Protocol
from kapnotes.domain.protocol_draft import HalfTyped, Written, fault_of, lines_of, written
from kapnotes.domain.protocol_words import meaning
from kapnotes.ui.fields import NightLine
from kapnotes.ui.labels import MARK_SIGN, ElidedLabel, ScaledLabel
from kapnotes.ui.sign_form import scrolled
from kapnotes.ui.wording import error_line

MOST = 2000
"""Characters of one field."""


class ProtocolLine(NightLine):
    """One field of a protocol."""

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show the beginning again of what is longer than the line, once another field is gone to."""
        super().focusOutEvent(event)
        if event.reason() in {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason}:
            self.setCursorPosition(0)


class ProtocolForm(QWidget):
    """Every field of a protocol as one line. Nothing is handed over until all of them are whole and go together."""

    accepted = Signal(object)
    left = Signal()
    said = Signal(str, bool)
    typed_on = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, NightLine] = {}
        self.faults: dict[str, ElidedLabel] = {}
        self._begun: dict[str, str] = {}
        self._protocol: Protocol | None = None
        self._is_asked = False
        self.name = ScaledLabel(1.3, is_bold=True)
        self.preview = ScaledLabel(0.95)
        self.preview.setWordWrap(True)
        self.preview.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.preview.setAccessibleName(self.tr("What it means"))
        self.accept_button = QPushButton(self.tr("Go on to sign this version"))
        self.accept_button.clicked.connect(self.accept)
        self.area = self._fields()
        row = QHBoxLayout()
        row.addWidget(self.area, 3)
        beside = QVBoxLayout()
        beside.addWidget(self.preview, 1)
        beside.addWidget(self.accept_button)
        row.addLayout(beside, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.name)
        column.addLayout(row, 1)

    def _fields(self) -> QScrollArea:
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setVerticalSpacing(0)
        for place, (field, name, example) in enumerate(_named()):
            line = ProtocolLine(name.replace("&", ""))
            line.setMaxLength(MOST)
            line.setPlaceholderText(self.tr("as in: {}").format(example))
            line.textChanged.connect(self._look)
            label = QLabel(name)
            label.setBuddy(line)
            fault = ElidedLabel(0.8)
            fault.set_mark(True)
            self.lines[field], self.faults[field] = line, fault
            grid.addWidget(label, 2 * place, 0)
            grid.addWidget(line, 2 * place, 1)
            grid.addWidget(fault, 2 * place + 1, 1)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(grid.rowCount(), 1)
        return scrolled(inner)

    # -------------------------------------------------------------------------------------------- filling

    def begin(self, protocol: Protocol) -> None:
        """Show *protocol* as the beginning of a new version."""
        self.bring_back(HalfTyped(protocol, lines_of(protocol)))
        self.lines["title"].setFocus()

    def bring_back(self, half: HalfTyped) -> None:
        """Show what was half-typed, without taking the focus."""
        self._protocol, self._begun = half.begun, lines_of(half.begun)
        for field, line in self.lines.items():
            line.setText(half.typed[field])
            line.setCursorPosition(0)
        self._is_asked = False
        self.name.setText(self.tr("A new version of {}").format(half.begun.title))
        self._look()

    def half_typed(self) -> HalfTyped | None:
        """Return what is typed and kept nowhere yet; None where nothing is."""
        return HalfTyped(self._protocol, self.typed()) if self._protocol is not None and self.is_changed else None

    def again(self) -> None:
        """Go on with what is typed."""
        self._is_asked = False
        self.lines["title"].setFocus()

    def typed(self) -> dict[str, str]:
        """Return what stands in the fields."""
        return {field: line.text() for field, line in self.lines.items()}

    @property
    def is_changed(self) -> bool:
        """Tell whether something is typed that is kept nowhere yet."""
        return self.typed() != self._begun

    @Slot()
    def _look(self) -> None:
        self._is_asked = False
        self.typed_on.emit()
        typed = self.typed()
        for field, line in self.lines.items():
            fault = fault_of(field, typed[field])
            words = ""
            if fault is not None:
                wording = self.tr("{sign} at sign {column}: {reason}")
                words = wording.format(sign=MARK_SIGN, column=fault.column + 1, reason=error_line(fault))
            self.faults[field].setText(words)
            line.setAccessibleDescription(words)
        try:
            made = written(typed)
        except KapnotesError as error:
            self.preview.setText(self.tr("Not whole yet. {}").format(error_line(error)))
        else:
            self.preview.setText("\n\n".join(meaning(made.protocol, QCoreApplication.translate)))

    # ------------------------------------------------------------------------------------------- handing over

    def made(self) -> Written:
        """Return the protocol of the form.

        Raises:
            KapnotesError: a field is not whole, or they do not go together.
        """
        return written(self.typed())

    @Slot()
    def accept(self) -> None:
        """Hand the protocol over; the first field that is not whole gets the focus instead."""
        for field, line in self.lines.items():
            fault = fault_of(field, line.text())
            if fault is not None:
                line.setFocus()
                line.setCursorPosition(fault.column)
                self.area.ensureWidgetVisible(line)
                words = self.tr("{field}: {reason}")
                self.said.emit(words.format(field=line.accessibleName(), reason=error_line(fault)), True)
                return
        try:
            made = self.made()
        except KapnotesError as error:
            self.said.emit(error_line(error), True)
        else:
            self.accepted.emit(made)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Enter and Esc wherever the focus is; Esc leaves what is typed only when pressed twice."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if not event.isAutoRepeat():
                self.accept()
        elif event.key() == Qt.Key.Key_Escape:
            if self.is_changed and not self._is_asked:
                self._is_asked = True
                self.said.emit(self.tr("This version is kept nowhere yet. Esc once more drops what is typed."), True)
            else:
                self.left.emit()
        else:
            super().keyPressEvent(event)


def _named() -> tuple[tuple[str, str, str], ...]:
    """Return the fields in their order: the name that the domain knows, what it is called, and an example."""
    translate = QCoreApplication.translate
    return (
        ("title", translate("ProtocolForm", "&Title"), "IV, 40 minutes"),
        ("name", translate("ProtocolForm", "&Short name"), "iv-40"),
        ("source", translate("ProtocolForm", "S&ource"), "Emory, 684 infusions (interval); CPSBC (stay)"),
        ("dose", translate("ProtocolForm", "&Dose plan"), "ketamine iv 0.5 mg/kg over 40"),
        ("vitals", translate("ProtocolForm", "&Vitals"), "baseline, every 10 to infusion end, every 15 to discharge"),
        ("measure", translate("ProtocolForm", "&Measures"), "bp hr spo2 rr moaas"),
        ("hold", translate("ProtocolForm", "&Hold start above"), "systolic 140, diastolic 90"),
        ("mark", translate("ProtocolForm", "M&ark outside"), "systolic 90 160, spo2 92 100"),
        ("phases", translate("ProtocolForm", "&Phases, min"), "0 10 40 60"),
        ("check_in", translate("ProtocolForm", "&Check-in, min"), "5"),
        ("discharge", translate("ProtocolForm", "D&ischarge"), "60 after end, padss 9"),
        ("timers", translate("ProtocolForm", "Time&rs"), "swish 10 spit"),
        ("fasting", translate("ProtocolForm", "&Fasting, min"), "food 120, liquid 30"),
    )
