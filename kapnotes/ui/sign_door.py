"""The door to the sign-off in both windows of a session: what has to be done first, the form, and what came of it."""

from functools import cached_property

from PySide6.QtCore import QCoreApplication, QObject, Slot

from kapnotes.app.typed_fields import AROUND, BLOCKS, SIGN
from kapnotes.domain.amending import HOW
from kapnotes.domain.entries import Entry
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.form_draft import form_text, form_values
from kapnotes.ui.keys import sequence_of
from kapnotes.ui.session_window import SessionWindow
from kapnotes.ui.sign_form import SignForm, scrolled
from kapnotes.ui.times import clock_time
from kapnotes.ui.wording import error_line, unread_words


class SignDoor(QObject):
    """Makes the form when it is first asked for: a session opens without it. It dies with its window."""

    def __init__(self, window: SessionWindow) -> None:
        super().__init__(window)
        self._window = window

    @cached_property
    def form(self) -> SignForm:
        """Return the form of the sign-off."""
        form = SignForm(self._window.seat.member)
        form.accepted.connect(self._sign)
        form.left.connect(self._window.leave_page)
        form.typed_on.connect(self._typed)
        self._window.closed.connect(self._let_go)
        self._page = scrolled(form)
        self._window.add_page(self._page)
        return form

    def ask(self) -> None:
        """Show the form, with what is missing; the half-typed line stays as it is."""
        window, signing = self._window, self._window.live.signing
        signed = signing.signed()
        if signed is not None:
            words = self.tr("You signed at {time}. Add to it with a reason: {how}.")
            window.say(words.format(time=clock_time(signed.entered), how=HOW))
            return
        if window.line.text().strip():
            window.say(self.tr("Enter or clear the half-typed line first; it belongs to what you sign."), is_mark=True)
            return
        if any(window.live.typing.half_typed(field) is not None for field in (*AROUND, *BLOCKS)):
            words = self.tr("Something is half-typed on the pages of {}: enter or clear it first.")
            window.say(words.format(sequence_of("around")), is_mark=True)
            return
        window.say("")
        form = self.form
        window.show_page(self._page)
        back = window.live.typing.bring_back(SIGN)
        typed = form_values(back.text, form.lines) if back is not None else {}
        form.begin((*self._unread_words(), *signing.missing(QCoreApplication.translate)), typed)
        if typed:
            window.say(self.tr("What was half-typed is back."))

    def _read(self) -> tuple[str, str]:
        return (form_text(self.form.values()) if self.form.is_half_typed() else ""), ""

    @Slot()
    def _typed(self) -> None:
        typing = self._window.live.typing
        typing.read_from(SIGN, self._read)
        if self.form.is_half_typed():
            typing.begin(SIGN)
        else:
            typing.drop(SIGN)
        typing.changed()

    @Slot()
    def _let_go(self) -> None:
        self._window.live.typing.let_go(SIGN)

    def _unread_words(self) -> tuple[str, ...]:
        count = len(self._window.live.unread)
        return (f"{unread_words(count)}.",) if count else ()

    @Slot(object)
    def _sign(self, form: SignForm) -> None:
        window = self._window
        try:
            signature = form.signature()
            form.set_busy(is_busy=True)
            window.live.signing.sign(signature, window.if_open(self._signed), window.if_open(self._not_signed))
        except KapnotesError as error:
            self._not_signed(error)

    def _signed(self, entries: tuple[Entry, ...]) -> None:
        self.form.set_busy(is_busy=False)
        self._forget_typed()
        self._window.leave_page()
        time = clock_time(entries[0].entered) if entries else ""
        words = self.tr("Signed at {time}. What is added from now on gives its reason: {how}.")
        self._window.say(words.format(time=time, how=HOW))
        self._window.look()

    def _forget_typed(self) -> None:
        """Keep no draft of what is signed."""
        self.form.fill({})
        self._window.live.typing.drop(SIGN)

    def _not_signed(self, error: Exception) -> None:
        window = self._window
        self.form.set_busy(is_busy=False)
        if window.live.signing.is_under_way:
            self._forget_typed()
            window.leave_page()
            window.say(self.tr("Not signed yet: {} It is tried again.").format(error_line(error)), is_mark=True)
        else:
            window.say(error_line(error), is_mark=True)
        window.look()
