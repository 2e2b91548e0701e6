"""What recovery sheets do at sign-in: let somebody go on who forgot the passphrase, open the record in an emergency."""

from functools import partial

from kapnotes.app.emergency import EmergencySeat
from kapnotes.app.keys import Done, Failed
from kapnotes.app.passphrase import require_strong
from kapnotes.app.program import Program
from kapnotes.domain.errors import Implausible, KapnotesError
from kapnotes.domain.members import MEDICAL, SHARED, Compartment, Member
from kapnotes.domain.text import one_line, storable
from kapnotes.vault import sheet_text
from kapnotes.vault.library import Keyring, SheetState

__all__ = ["RecoveryDesk", "SheetState", "check_line"]


def check_line(typed: str, index: int) -> None:
    """See that a line of a sheet is as it was printed.

    Raises:
        Misread: it is not; the text names the line.
    """
    sheet_text.read_line(typed, index)


class RecoveryDesk:
    """The sheets that somebody at the sign-in window has typed; they are forgotten with it."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._papers: dict[Compartment, str] = {}

    @property
    def compartments(self) -> tuple[Compartment, ...]:
        """Return what the sheets open that were typed so far."""
        return tuple(self._papers)

    @property
    def opens_in_emergency(self) -> bool:
        """Tell whether the sheet of the medical record is among them."""
        return MEDICAL in self._papers

    def forget(self) -> None:
        """Keep no sheet."""
        self._papers.clear()

    def take(self, lines: str, done: Done[SheetState], failed: Failed) -> None:
        """Look which sheet this is, and keep it for what comes next."""

        def keep(state: SheetState) -> None:
            self._papers[state.compartment] = lines
            done(state)

        self._program.worker.submit(partial(self._program.library.sheet_of, lines), keep, failed)

    # ------------------------------------------------------------------------------------------ forgotten

    def members(self) -> list[Member]:
        """Return all members, first those whom the sheets let go on."""
        return sorted(self._program.members(), key=lambda member: not self._may_let_go_on(member))

    def _may_let_go_on(self, member: Member) -> bool:
        own = {member.therapy} if member.is_therapist else {MEDICAL, SHARED} if member.is_medical else {SHARED}
        return bool(own & self._papers.keys())

    def recover(self, member: Member, new: str, again: str, done: Done[None], failed: Failed) -> None:
        """Let *member* go on with a new passphrase.

        Raises:
            KapnotesError: the passphrase will not do, or a session is running.
        """
        require_strong(new, again, self._program.known_words())
        if self._program.sessions.is_any_running:
            raise KapnotesError("A session is running; keys are changed when it is closed.")
        if any(seat.member.member_id == member.member_id for seat in self._program.seats):
            raise KapnotesError("{label} is signed in; the passphrase is changed there.", label=member.label)
        library, cost, papers = self._program.library, self._program.cost, tuple(self._papers.values())
        recover = partial(library.recover, member.label, papers, new, cost=cost)
        self._program.slow_worker.submit(recover, done, failed)

    # ------------------------------------------------------------------------------------------ emergency

    def break_glass(self, reason: str, done: Done[EmergencySeat], failed: Failed) -> None:
        """Open sessions and the medical record for reading, once *reason* is written down for everybody to see.

        Raises:
            KapnotesError: there is no reason, or no sheet of the medical record.
        """
        words = one_line(storable(reason))
        if not any(sign.isalnum() for sign in words):
            raise Implausible("Write why the record is opened; everybody will see it.")
        if MEDICAL not in self._papers:
            raise Implausible("In an emergency the sheet of the medical compartment opens the record; this is another.")

        def welcome(keyring: Keyring) -> None:
            seat = EmergencySeat(self._program, keyring)
            self._program.sit_down(seat)
            done(seat)

        open_record = partial(self._program.library.break_glass, self._papers[MEDICAL], words)
        self._program.worker.submit(open_record, welcome, failed)
