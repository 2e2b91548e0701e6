"""Seats that are locked: each keeps its keys until everything of it is on the disk, and not a moment longer."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from kapnotes.app.secrecy import give_back_memory
from kapnotes.app.worker import Worker
from kapnotes.domain.audit_acts import LOCKED
from kapnotes.domain.errors import KapnotesError, NotEntitled, SavedElsewhere, VaultError

if TYPE_CHECKING:
    from kapnotes.app.live_session import LiveSession
    from kapnotes.app.seat import Seat
    from kapnotes.vault.library import Library


class LeavingSeats:
    """Lives on the thread of the windows; keys are dropped on the writer's.

    *trouble* shows what could not be saved or told, *gone* hears of each seat that has left, and *keep_anchors* is
    called behind each try.
    """

    def __init__(
        self,
        worker: Worker,
        library: "Callable[[], Library]",
        *,
        trouble: Callable[[Exception], None],
        gone: Callable[[], None],
        keep_anchors: Callable[[], None],
    ) -> None:
        self.seats: list[Seat] = []
        """Locked seats whose keys are not dropped yet."""
        self._held_up: list[Seat] = []
        """Those of them that something could not be saved of; each look tries again."""
        self._worker = worker
        self._library = library
        self._trouble = trouble
        self._gone = gone
        self._keep_anchors = keep_anchors

    def lives(self) -> "list[LiveSession]":
        """Return the sessions of all that are leaving."""
        return [live for seat in self.seats for live in seat.live.values()]

    def held_up(self) -> "list[LiveSession]":
        """Return the sessions of those that something holds up."""
        return [live for seat in self._held_up for live in seat.live.values()]

    def let_go(self, seat: "Seat") -> None:
        """Drop the keys of one of `seats` once everything of it is on the disk; until then they are needed."""
        from kapnotes.app.left_typed import LeftTyped

        for live in seat.live.values():
            live.typing.look()  # also of what no window has in its line, as lines that another seat handed over

        def stay(error: Exception) -> None:
            self._held_up.append(seat)
            self._trouble(error)
            if sum(LeftTyped(live).enter() for live in seat.live.values()):  # each was just tried in vain to be kept
                self._trouble(KapnotesError("What was half-typed could not be kept as a draft; it was entered."))

        def gone(untold: VaultError | None) -> None:
            if untold is not None:
                self._trouble(untold)
            self._forget(seat)

        self._worker.submit(partial(self._drop_keys, seat), gone, stay)
        self._keep_anchors()

    def try_again(self) -> None:
        """Let those go who were held up, if they can go now."""
        held_up, self._held_up = self._held_up, []
        for seat in held_up:
            self.let_go(seat)

    def _drop_keys(self, seat: "Seat") -> VaultError | None:
        """Drop the keys behind all that was typed; returns what could not be told of it, for which no key is held."""
        untold, failure, library = None, None, self._library()
        for keep in _to_keep(seat, library):
            try:
                keep()
            except Exception as error:  # the others are kept all the same: a note is entered where no draft takes it
                failure = failure or error
        if failure is not None:
            raise failure
        for tell in (seat.keep_heads_now, partial(seat.audit_now, LOCKED, seat.member.member_id)):
            try:
                tell()
            except SavedElsewhere:
                pass
            except VaultError as error:
                untold = error
        library.lock(seat.keyring)
        return untold

    def _forget(self, seat: "Seat") -> None:
        """Let the words go with the keys, and leave little of what they opened in memory."""
        self.seats.remove(seat)
        _tell_the_rest(seat)  # what was committed last: the other seat still shows it as not saved
        seat.live.clear()
        give_back_memory()
        self._gone()


def _to_keep(seat: "Seat", library: "Library") -> Iterator[Callable[[], None]]:
    """Give what must be on the disk before the seat's keys go, one after the other."""
    from kapnotes.app.left_typed import LeftTyped

    if library.disk.waiting_count:
        yield library.disk.settle
    for live in seat.live.values():
        yield partial(_quietly, SavedElsewhere, live.saving.write)  # sealed: it needs the seat's keys no more
        yield LeftTyped(live).keep
    for typing in seat.forms:  # where the same member sits here again, that seat goes on with the draft
        yield partial(_quietly, NotEntitled, typing.write_now)


def _quietly(expected: type[Exception], keep: Callable[[], None]) -> None:
    """Do it; what is *expected* is no failure."""
    with suppress(expected):
        keep()


def _tell_the_rest(seat: "Seat") -> None:
    """In a function of its own: a variable that stays would keep a session in memory that is to be forgotten."""
    for live in seat.live.values():
        live.tell_the_rest()
