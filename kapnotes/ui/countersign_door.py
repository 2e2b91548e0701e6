"""The key by which the second member signs in the log: the form in place of the table, and the way back to the line."""

from PySide6.QtCore import QCoreApplication, QObject, Slot

from kapnotes.app.countersigning import Countersigning
from kapnotes.domain.countersigning import is_vouched, vouched_in_words
from kapnotes.domain.drug_entries import Countersignature
from kapnotes.domain.drug_words import beside_in_words
from kapnotes.domain.entries import Entry
from kapnotes.domain.errors import KapnotesError
from kapnotes.ui.countersign_form import CountersignForm
from kapnotes.ui.log_row import words_of
from kapnotes.ui.session_window import SessionWindow
from kapnotes.ui.sign_form import scrolled
from kapnotes.ui.times import clock_time
from kapnotes.ui.wording import error_line


class CountersignDoor(QObject):
    """Makes the form when it is first asked for; it dies with its window."""

    def __init__(self, window: SessionWindow) -> None:
        super().__init__(window)
        self._window = window
        self._signing = Countersigning(window.seat, window.live)
        self.form: CountersignForm | None = None
        window.bind("countersign", self.open)
        window.page_left.connect(self._forget)

    @Slot()
    def open(self) -> None:
        """Show the form, or say why there is nothing to sign; the half-typed line stays as it is."""
        targets = self._signing.targets()
        if not targets:
            self._window.say(
                self.tr("Nothing to witness or to check yet: no dose, no infusion, no waste."), is_mark=True
            )
            return
        if not any(self._signing.members(target) for target in targets):
            self._window.say(self.tr("There is no second member in this vault: home, Ctrl+M."), is_mark=True)
            return
        record = self._window.live.record
        form = self.form or self._make()
        unsigned = [place for place, target in enumerate(targets) if not is_vouched(record, target)]
        form.begin([(target, self._words(target)) for target in targets], unsigned[0] if unsigned else 0)
        self.look()
        self._window.say("")
        self._window.show_page(self._page)
        form.take_focus()

    def _words(self, target: Entry) -> str:
        record = self._window.live.record
        signed = vouched_in_words(record, target, QCoreApplication.translate)
        words = words_of(target, record, is_pause=record.is_pause(target))
        beside = beside_in_words(target, record, QCoreApplication.translate)
        return " · ".join([clock_time(target.happened), words, *beside, *signed])

    def look(self) -> None:
        """Show whose session it is, and the times: what is due stays in sight."""
        if self.form is not None:
            opened = self._window.live.record.opened
            code = opened.patient_code if opened is not None else ""
            self.form.times.setText(" · ".join(filter(None, (code, *self._window.times_in_sight()))))

    def _make(self) -> CountersignForm:
        self.form = form = CountersignForm(self._signing.members)
        form.accepted.connect(self._sign)
        form.left.connect(self._window.leave_page)
        self._page = scrolled(form)
        self._window.add_page(self._page)
        return form

    @Slot(object)
    def _sign(self, form: CountersignForm) -> None:
        target, member, passphrase = form.facts()
        try:
            if member is None:
                raise KapnotesError("There is nobody else to sign this.")
            if not passphrase:
                raise KapnotesError("Type the passphrase of who signs.")
            form.set_busy(is_busy=True)
            self._window.say(self.tr("The passphrase is looked at …"))
            signed, refused = self._window.if_open(self._signed), self._window.if_open(self._refused)
            self._signing.sign(target, member, passphrase, signed, refused)
        except KapnotesError as error:
            self._refused(error)

    def _signed(self, entry: Entry) -> None:
        said = entry.body
        if isinstance(said, Countersignature):
            self._window.leave_page()
            words = self.tr("Signed by {who} at {time}.")
            self._window.say(words.format(who=said.name, time=clock_time(entry.happened)))

    def _refused(self, error: Exception) -> None:
        if self.form is not None:
            self.form.ask_again()
        self._window.say(error_line(error), is_mark=True)

    @Slot()
    def _forget(self) -> None:
        if self.form is not None and self._window.is_on_line:
            self.form.forget()

    def detach(self) -> None:
        """Keep no passphrase."""
        if self.form is not None:
            self.form.forget()
