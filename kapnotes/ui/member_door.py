"""The way by which an administrator adds a member at home."""

from PySide6.QtCore import QObject, Slot

from kapnotes.app.program import Program
from kapnotes.app.seat import Seat
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.members import Role
from kapnotes.ui.home_pages import HomePages
from kapnotes.ui.new_forms import NewMemberForm


class MemberDoor(QObject):
    """Opens the form and makes the member's keys; a form that nobody looks at holds no passphrase."""

    def __init__(self, pages: HomePages, program: Program, seat: Seat) -> None:
        super().__init__(pages)
        self._pages = pages
        self._program = program
        self._seat = seat
        self.form = NewMemberForm(program.entropy)
        self.form.accepted.connect(self._add)
        self.form.said.connect(pages.say)
        self.form.left.connect(self._drop)
        self.form.left.connect(pages.left)
        pages.addWidget(self.form)
        pages.home.bind("new_member", self.ask)

    def forget(self) -> None:
        """Keep no passphrase in a field that nobody looks at."""
        self.form.forget()

    @Slot()
    def _drop(self) -> None:
        self.form.show_kept({})

    @Slot()
    def ask(self) -> None:
        """Show the form for a new member."""
        if Role.ADMIN not in self._seat.member.roles:
            self._pages.home.say(self.tr("Only an administrator adds members."), is_mark=True)
            return
        if self._pages.is_refused():
            return
        self._pages.home.say("")
        self.form.begin()
        self._pages.show_page(self.form)

    @Slot(object)
    def _add(self, form: NewMemberForm) -> None:
        home = self._pages.home
        try:
            label, roles, passphrase = form.facts(self._program.known_words())
        except KapnotesError as error:
            self._failed(error)
            return
        form.set_busy(is_busy=True)
        home.say(self.tr("Making the keys of {}…").format(label))
        self._program.add_member(
            self._seat, label, roles, passphrase, home.if_open(self._added), home.if_open(self._failed)
        )

    def _added(self, member: object) -> None:
        del member
        self.form.set_busy(is_busy=False)
        self._drop()
        self.form.forget()
        self._pages.leave(self.form)
        self._pages.home.say(self.tr("The member is added and signs in with the own passphrase."))

    def _failed(self, error: Exception) -> None:
        self.form.set_busy(is_busy=False)
        self._pages.say_failed(error)
