"""What a seat can do with keys: its passphrase, recovery sheets, who is a member, and what everybody has to see.

Keys are never changed while a session runs: what is being written then would wait for them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from kapnotes.app.passphrase import require_strong
from kapnotes.app.program import Program
from kapnotes.app.seat import Seat
from kapnotes.app.sheet_pages import write_page
from kapnotes.domain.clock import Stamp
from kapnotes.domain.custody import BreakGlass, BreakGlassSeen
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.members import MEDICAL, SHARED, Compartment, Member, Role
from kapnotes.vault.library import KEYS_SCOPE, Sheet, SheetState

__all__ = ["Emergency", "KeyDesk", "Sheet", "SheetCard"]

_Outcome = TypeVar("_Outcome")
Done = Callable[[_Outcome], None]
Failed = Callable[[Exception], None]


@dataclass(frozen=True, slots=True)
class SheetCard:
    """A compartment that this seat can make a recovery sheet of, and the newest one there is; 0 where there is none."""

    compartment: Compartment
    number: int
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class Emergency:
    """An emergency reading that this member has not acknowledged."""

    entry_id: str
    reason: str
    at: Stamp


class KeyDesk:
    """The keys of one seat. Slow work is done off the threads of the windows and of the writer."""

    def __init__(self, program: Program, seat: Seat) -> None:
        self._program = program
        self._seat = seat

    # ------------------------------------------------------------------------------------------ passphrase

    def change_passphrase(self, old: str, new: str, again: str, done: Done[None], failed: Failed) -> None:
        """Give the member a new passphrase.

        Raises:
            KapnotesError: the new one will not do, or is the old one.
        """
        require_strong(new, again, self._program.known_words())
        if new == old:
            raise KapnotesError("This is the passphrase you have; take a new one.")
        library, cost = self._program.library, self._program.cost
        change = partial(library.change_passphrase, self._seat.keyring, old, new, cost=cost)
        self._program.slow_worker.submit(change, done, failed)

    # ------------------------------------------------------------------------------------------ sheets

    def sheets(self) -> list[SheetCard]:
        """Return what this seat can make sheets of; what has none that is confirmed comes first."""
        states = self._program.library.sheets()
        held = self._seat.keyring.compartments
        cards = [_card(compartment, states) for compartment in (SHARED, MEDICAL, self._seat.member.therapy)
                 if compartment in held]  # fmt: skip
        return sorted(cards, key=lambda card: card.is_confirmed)

    def lacks_sheets(self) -> bool:
        """Tell whether something could not be recovered: a compartment without a confirmed sheet."""
        return any(not card.is_confirmed for card in self.sheets())

    def make_sheet(self, compartment: Compartment, done: Done[Sheet], failed: Failed) -> None:
        """Make a recovery sheet; the older one works until it is confirmed."""
        make = partial(self._program.library.make_sheet, self._seat.keyring, compartment)
        self._submit(make, done, failed)

    def save_sheet(self, sheet: Sheet, path: Path, done: Done[Path], failed: Failed) -> None:
        """Put the page of a sheet at *path*: it is not locked, and has to be deleted once it is printed."""
        made_at, made_by = self._program.clock.now(), self._seat.member.label

        def job() -> Path:
            write_page(self._program, sheet, made_by, made_at, path)
            return path

        self._program.slow_worker.submit(job, done, failed)

    def confirm_sheet(self, compartment: Compartment, lines: str, done: Done[None], failed: Failed) -> None:
        """Confirm a sheet by its lines, typed or scanned."""
        confirm = partial(self._program.library.confirm_sheet, self._seat.keyring, compartment, lines)
        self._submit(confirm, done, failed)

    # ------------------------------------------------------------------------------------------ members

    def others(self) -> list[Member]:
        """Return the members whose membership this seat can end.

        Raises:
            KapnotesError: the member is no administrator.
        """
        if Role.ADMIN not in self._seat.member.roles:
            raise KapnotesError("Only an administrator ends a membership.")
        mine = self._seat.member.member_id
        return [member for member in self._program.members() if member.member_id != mine]

    def revoke(self, member: Member, done: Done[None], failed: Failed) -> None:
        """End a membership: a seat of that member is locked first, so that what was typed is saved."""
        for seat in tuple(self._program.seats):
            if seat.member.member_id == member.member_id:
                self._program.lock(seat)
        revoke = partial(self._program.library.revoke_member, self._seat.keyring, member.member_id)
        # behind the lock, which is on the writer's thread as well
        self._submit(revoke, done, failed)

    # ------------------------------------------------------------------------------------------ notices

    def notices(self, done: Done[list[Emergency]], failed: Failed) -> None:
        """Tell *done* the emergency readings that this member has not acknowledged; the log of keys is short."""
        self._program.worker.submit(self._notices, done, failed)

    def acknowledge(self, notice: Emergency, done: Done[None], failed: Failed) -> None:
        """Keep that this member has seen an emergency reading."""

        def job() -> None:
            self._seat.write_now(BreakGlassSeen(notice.entry_id), KEYS_SCOPE, KEYS_SCOPE)

        self._program.worker.submit(job, done, failed)

    def _notices(self) -> list[Emergency]:
        entries = self._program.library.read(self._seat.keyring, KEYS_SCOPE, only=SHARED).entries
        persons, mine = self._program.library.persons, self._seat.member.member_id
        own = (one.body for one in entries if persons.are_one(one.author_id, mine))
        seen = {body.entry_id for body in own if isinstance(body, BreakGlassSeen)}
        return [
            Emergency(one.entry_id, one.body.reason, one.entered)
            for one in entries
            if isinstance(one.body, BreakGlass) and one.entry_id not in seen
        ]

    # ------------------------------------------------------------------------------------------ inside

    def _submit(self, job: Callable[[], _Outcome], done: Done[_Outcome], failed: Failed) -> None:
        if self._program.sessions.is_any_running:
            failed(KapnotesError("A session is running; keys are changed when it is closed."))
            return
        self._program.worker.submit(job, done, failed)


def _card(compartment: Compartment, states: list[SheetState]) -> SheetCard:
    mine = [state for state in states if state.compartment == compartment]
    newest = max((state.number for state in mine), default=0)
    return SheetCard(compartment, newest, any(state.is_confirmed for state in mine))
