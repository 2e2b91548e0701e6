"""Signing in, and the first evening: making the vault."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import (
    QFormLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from kapnotes.app.passphrase import require_strong
from kapnotes.app.program import Program
from kapnotes.domain.clock import Stamp
from kapnotes.domain.errors import ForeignPlace, KapnotesError, VaultInUse
from kapnotes.ui.bridge import Ticker
from kapnotes.ui.fields import Choice, NightLine, secret_line
from kapnotes.ui.form_parts import RoleBoxes, narrow
from kapnotes.ui.frame import Frame
from kapnotes.ui.keys import Where
from kapnotes.ui.labels import ScaledLabel
from kapnotes.ui.new_passphrase import NewPassphrase
from kapnotes.ui.times import duration, since_dose
from kapnotes.ui.wording import error_line

if TYPE_CHECKING:
    from kapnotes.app.left_running import LeftRunning
    from kapnotes.app.seat import Seat
    from kapnotes.ui.recovery import RecoveryPage


BEHIND_MS, OPEN_AFTER_MS = 10, 1000
"""So long after the window was painted the vault is opened; one that nobody paints, as it is minimized, waits longer.

What was typed meanwhile comes first: the thread that opens the vault has much to import.
"""


class SignInWindow(Frame):
    """Asks who sits here; where there is no vault yet, it makes one first."""

    signed_in = Signal(object)
    found_in_use = Signal(object)
    emergency_opened = Signal(object)

    def __init__(self, program: Program, folder: Path, ticker: Ticker, settings: QSettings) -> None:
        super().__init__(Where.SIGN_IN, "sign-in", settings)
        self._program = program
        self._folder = folder
        self._ticker = ticker
        self._is_busy = False
        self._is_waiting = False
        self._warned_of: Path | None = None
        self._opening = QTimer(self)
        self._opening.setSingleShot(True)
        self._opening.timeout.connect(self._open_vault)
        self.recovery: RecoveryPage | None = None
        self._pages = QStackedWidget()
        self._sign_in = self._sign_in_page()
        self._pages.addWidget(self._sign_in)
        self.set_body(self._pages)
        self.set_title(self.tr("KAPnotes · sign in"))
        ticker.add(self._look)
        self.bind("recovery", self.ask_recovery)

    def detach(self) -> None:
        """Count down no more."""
        self._ticker.remove(self._look)

    def _heading(self, text: str) -> ScaledLabel:
        label = ScaledLabel(0.9, is_dim=True)
        label.setText(text)
        label.setWordWrap(True)
        return label

    def _sign_in_page(self) -> QWidget:
        form = QWidget()
        column = QVBoxLayout(form)
        name = ScaledLabel(2.0, is_bold=True)
        name.setText("KAPnotes")
        column.addWidget(name)
        column.addWidget(
            self._heading(
                self.tr("The in-session notebook. It records and reminds; it is no monitor and never decides.")
            )
        )
        fields = QFormLayout()
        fields.setContentsMargins(0, 16, 0, 8)
        self.member = Choice()
        self.member.setAccessibleName(self.tr("Member"))
        self.passphrase = secret_line(self.tr("Passphrase"))
        self.passphrase.returnPressed.connect(self._try)
        self.passphrase.textEdited.connect(self._wait_no_more)
        self.member.currentIndexChanged.connect(self._wait_no_more)
        fields.addRow(self.tr("M&ember"), self.member)
        fields.addRow(self.tr("&Passphrase"), self.passphrase)
        column.addLayout(fields)
        self._enter = QPushButton(self.tr("Sign in"))
        self._enter.clicked.connect(self._try)
        column.addWidget(self._enter, 0, Qt.AlignmentFlag.AlignLeft)
        self._place = self._heading("")
        column.addWidget(self._place)
        self.running = ScaledLabel(1.1, is_dim=True)
        self.running.setAccessibleName(self.tr("Sessions that run on"))
        self.running.hide()
        column.addWidget(self.running)
        return narrow(form)

    def _create_page(self) -> QWidget:
        form = QWidget()
        column = QVBoxLayout(form)
        column.setContentsMargins(0, 0, 0, 0)
        name = ScaledLabel(1.5, is_bold=True)
        name.setText(self.tr("A new vault"))
        column.addWidget(name)
        column.addWidget(
            self._heading(
                self.tr(
                    "All notes are kept encrypted in this folder. The passphrase opens them: at least 15 characters, "
                    "six words are good. Recovery sheets for a forgotten one are made at home."
                )
            )
        )
        fields = QFormLayout()
        fields.setContentsMargins(0, 8, 0, 6)
        fields.setVerticalSpacing(4)
        self.folder = NightLine(self.tr("Folder of the vault"), str(self._folder))
        self.label = NightLine(self.tr("Your name"))
        self.label.setPlaceholderText(self.tr("as it stands on the record, with credential"))
        self.roles = RoleBoxes()
        fields.addRow(self.tr("&Folder"), self.folder)
        fields.addRow(self.tr("Your &name"), self.label)
        fields.addRow(self.tr("Roles"), self.roles)
        self.new = NewPassphrase(fields, self.tr("&Passphrase"), self._program.entropy)
        for line in (self.folder, self.label, self.new.first, self.new.again):
            line.returnPressed.connect(self._try_create)
        column.addLayout(fields)
        self._make = QPushButton(self.tr("Make the vault"))
        self._make.clicked.connect(self._try_create)
        column.addWidget(self._make, 0, Qt.AlignmentFlag.AlignLeft)
        return narrow(form, 560)

    # ---------------------------------------------------------------------------------------- the vault

    def begin(self, *, is_new: bool) -> None:
        """Offer to make a vault, or open the one there is."""
        if self._program.has_vault:
            self._opened(None)
        elif is_new:
            page = self._create_page()
            self._pages.addWidget(page)
            self._pages.setCurrentWidget(page)
            self.new.offer()
            self.label.setFocus()
        else:
            self._set_busy(True)
            self.say(self.tr("Opening the vault…"))
            self._opening.start(OPEN_AFTER_MS)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Begin with the vault once the window is painted: what that takes would come before it."""
        super().paintEvent(event)
        if self._opening.isActive():
            self._opening.start(BEHIND_MS)

    @Slot()
    def _open_vault(self) -> None:
        self._program.here_anyway = self._warned_of
        self._program.open_vault(self._folder, self.if_open(self._opened), self.if_open(self._failed))

    def show_running(self, sessions: "Iterable[LeftRunning]", now: Stamp) -> None:
        """Show the clocks of sessions whose seats are locked, and when vitals are due; whose they are stays dark."""
        lines = [self._running_words(session, now) for session in sessions]
        self.running.setText("\n".join(lines))
        self.running.setVisible(bool(lines))

    def _running_words(self, session: "LeftRunning", now: Stamp) -> str:
        from kapnotes.domain.schedule import Due, is_overdue
        from kapnotes.ui.route_cue import words_of  # behind a lock alone: the first window waits for nothing

        words = [since_dose(session.elapsed_s(now))]
        due_s, timer = session.due_in_s(now), session.timer(now)
        if due_s is not None:
            due = self.tr("vitals due in {}") if due_s > 0 else self.tr("vitals overdue by {}")
            is_now = due_s <= 0 and not is_overdue(Due(None, due_s))
            words.append(self.tr("vitals due now") if is_now else due.format(duration(due_s)))
        if timer is not None:
            words.append(words_of(timer))
        return "   ".join(words)

    def _opened(self, _: None) -> None:
        self._set_busy(False)
        self.say("")
        self._offer_members()
        self._place.setText(self.tr("Vault: {}").format(self._folder))
        if self._program.behind:
            self.say(self._program.behind[0].line, is_mark=True)
        self._pages.setCurrentWidget(self._sign_in)
        self.passphrase.setFocus()

    def _offer_members(self) -> None:
        signed_in = {seat.member.member_id for seat in self._program.seats}
        self.member.clear()
        for member in self._program.members():
            if member.member_id not in signed_in:
                self.member.addItem(member.label)

    def hear_locked(self, label: str, why: str) -> None:
        """Offer whom a lock has just sent here, first where nobody types, and say *why*, if it came by itself."""
        if not self._program.has_vault:
            return
        chosen = self.member.currentText() if self.passphrase.text() else label
        self._offer_members()
        self.member.setCurrentIndex(max(0, self.member.findText(chosen)))
        if why and not self.news():
            self.say(self.tr("Locked: {}. What was half-typed is kept.").format(why))

    @Slot()
    def _try_create(self) -> None:
        if self._is_busy:
            return
        try:
            label = self.label.text().strip()
            if not label:
                raise KapnotesError(self.tr("Write your name as it shall stand on the record."))
            roles = self.roles.roles()
            require_strong(self.new.first.text(), self.new.again.text(), [label])
        except KapnotesError as error:
            self.say(error_line(error), is_mark=True)
            return
        self._folder = Path(self.folder.text()).expanduser()
        self._set_busy(True)
        self.say(self.tr("Making the vault…"))
        self._program.here_anyway = self._warned_of
        self._program.create_vault(
            self._folder, label, roles, self.new.first.text(), self.if_open(self._created), self.if_open(self._failed)
        )

    def _created(self, _: None) -> None:
        self.new.forget()
        self._opened(None)
        self.say(self.tr("The vault is made. Sign in with the passphrase you have just chosen."))

    # ------------------------------------------------------------------------------------------ sign in

    @Slot()
    def _try(self) -> None:
        if self._is_busy:
            return
        if not self._program.has_vault:
            self.begin(is_new=False)  # it was in use, or could not be read: look again
            return
        if not self.passphrase.text():
            return
        self._is_waiting = self._program.wait_s(self.member.currentText()) > 0
        if self._is_waiting:
            self._look()
            return
        self._set_busy(True)
        self.say(self.tr("Unlocking…"))
        self._program.sign_in(
            self.member.currentText(), self.passphrase.text(), self._welcome, self.if_open(self._failed)
        )

    @Slot()
    def _look(self) -> None:
        """Count down after several wrong passphrases, then look at the one that was entered."""
        if self._is_waiting:
            wait_s = self._program.wait_s(self.member.currentText())
            if wait_s:
                words = self.tr("After several wrong passphrases: this one is looked at in {} s.")
                self.say(words.format(wait_s))
            else:
                self._try()

    @Slot()
    def _wait_no_more(self) -> None:
        """Let what is typed anew wait for its own Enter."""
        if self._is_waiting:
            self._is_waiting = False
            self.say("")

    def _welcome(self, seat: "Seat") -> None:
        if self.is_closed:
            self._program.lock(seat)  # nobody waits for it any more
            return
        self._set_busy(False)
        self.passphrase.clear()
        self.signed_in.emit(seat)
        self.close()

    # ------------------------------------------------------------------------------------------ recovery

    @Slot()
    def ask_recovery(self) -> None:
        """Ask for a recovery sheet; its page is made when somebody needs it."""
        if self._is_busy:
            return
        if not self._program.has_vault:
            self.say(self.tr("A recovery sheet needs its vault, and none is open here."), is_mark=True)
            return
        if self.recovery is None:
            from kapnotes.ui.recovery import RecoveryPage

            self.recovery = RecoveryPage(self._program, self.if_open)
            self.recovery.said.connect(self._say)
            self.recovery.left.connect(self._leave_recovery)
            self.recovery.recovered.connect(self._recovered)
            self.recovery.emergency_opened.connect(self._emergency)
            self._pages.addWidget(self.recovery)
        self._is_waiting = False
        self.passphrase.clear()
        self._pages.setCurrentWidget(self.recovery)
        self.recovery.begin()

    @Slot(str, bool)
    def _say(self, text: str, is_mark: bool) -> None:
        self.say(text, is_mark=is_mark)

    @Slot()
    def _leave_recovery(self) -> None:
        self._pages.setCurrentWidget(self._sign_in)
        self.passphrase.setFocus()

    @Slot(str)
    def _recovered(self, label: str) -> None:
        self._opened(None)
        self.member.setCurrentIndex(self.member.findText(label))
        self.say(self.tr("The new passphrase was read back and opens: sign in with it. Then make new recovery sheets."))

    @Slot(object)
    def _emergency(self, seat: "Seat") -> None:
        self.emergency_opened.emit(seat)
        self.close()

    def _failed(self, error: Exception) -> None:
        self._set_busy(False)
        self.passphrase.clear()
        line = error_line(error)
        is_signing_in = self._pages.currentWidget() is self._sign_in
        self._warned_of = self._folder if isinstance(error, ForeignPlace) else None
        if self._warned_of is not None:
            line = self.tr("{} Enter once more keeps it there anyway.").format(line)
        elif is_signing_in and not self._program.has_vault:
            line = self.tr("{} Enter tries again.").format(line)
        self.say(line, is_mark=True)
        (self.passphrase if is_signing_in else self.label).setFocus()
        if isinstance(error, VaultInUse):
            self.found_in_use.emit(self)

    def _set_busy(self, is_busy: bool) -> None:
        self._is_busy = is_busy
