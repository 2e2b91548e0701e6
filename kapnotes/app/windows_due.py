"""Which integration windows fall due: of closed sessions without a follow-up, read behind the rest."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from kapnotes.app.seat import SESSIONS_AT_HOME, Seat, SessionCard
from kapnotes.domain.clinic_pages import LONGEST_WINDOW_H
from kapnotes.domain.clock import NS_PER_S, Stamp
from kapnotes.domain.entries import Stage
from kapnotes.domain.errors import VaultError
from kapnotes.domain.integration_window import IN_SIGHT_DAYS, IntegrationWindow, WindowState, window_after
from kapnotes.domain.members import MEDICAL, SHARED
from kapnotes.domain.record import Record
from kapnotes.vault.library import Scope

FARTHEST_S = LONGEST_WINDOW_H * 3600 + (IN_SIGHT_DAYS + 1) * 86_400
"""No session that began longer ago has a window in sight; a day is for the session itself."""

_ORDER = (WindowState.DUE_TODAY, WindowState.OPEN, WindowState.COMING, WindowState.OVER)


@dataclass(frozen=True, slots=True)
class Due:
    """A session that nobody recorded a follow-up of, with its window and how that stands now."""

    card: SessionCard
    window: IntegrationWindow
    state: WindowState


class WindowsDue:
    """Looks for one seat; a new look ends the one before.

    It remembers nothing: an end of dosing can be noted or corrected late, and a follow-up taken back, at any seat.
    """

    def __init__(self, seat: Seat) -> None:
        self._seat = seat
        self._run = 0

    def stop(self) -> None:
        """Look no further."""
        self._run += 1

    def look(
        self, cards: Sequence[SessionCard], window_h: Callable[[], tuple[int, int]], done: Callable[[list[Due]], None]
    ) -> None:
        """Tell *done* which windows are due, the most pressing first; nothing where another look began.

        *cards* are the newest sessions; further ones are read one at a time, as far back as a window can be in sight.
        *window_h* is asked when all is read.
        """
        self.stop()
        run, worker = self._run, self._seat.program.worker
        farthest_ns = self._seat.program.clock.now().utc_ns - FARTHEST_S * NS_PER_S
        wanted = [card for card in cards if _may_be_due(card, farthest_ns)]
        ended: dict[str, Stamp | None] = {}

        def finish(_: None) -> None:
            if run == self._run:
                done(self._due(wanted, ended, window_h()))

        def read_ends() -> None:
            for card in wanted:
                read = partial(self._read_end, run, card.scope_id)
                worker.submit(read, partial(ended.__setitem__, card.scope_id), _fail)
            worker.submit(_at_once, finish, _fail)

        def read_next(left: Iterator[Scope]) -> None:
            scope = next(left, None)
            if scope is None or run != self._run:
                read_ends()
                return

            def take(card: SessionCard | None) -> None:
                if card is not None and card.opened_at.utc_ns < farthest_ns:
                    read_ends()  # all others began before it
                    return
                if card is not None and _may_be_due(card, farthest_ns):
                    wanted.append(card)
                read_next(left)

            def miss(_: Exception) -> None:
                read_next(left)

            worker.submit(partial(self._seat.card, scope), take, miss)

        if len(cards) < SESSIONS_AT_HOME or cards[-1].opened_at.utc_ns < farthest_ns:
            read_ends()
        else:
            listed = frozenset(card.scope_id for card in cards)
            worker.submit(partial(self._unlisted, run, listed), read_next, _fail)

    def _due(
        self, cards: Sequence[SessionCard], ended: Mapping[str, Stamp | None], window_h: tuple[int, int]
    ) -> list[Due]:
        now = self._seat.program.clock.now()
        found: list[Due] = []
        for card in cards:
            end = ended.get(card.scope_id)
            window = window_after(end, window_h) if end is not None else None
            if window is not None and window.is_in_sight(now):
                found.append(Due(card, window, window.state(now)))
        return sorted(found, key=lambda one: (_ORDER.index(one.state), one.window.closes.utc_ns))

    def _unlisted(self, run: int, listed: frozenset[str]) -> Iterator[Scope]:
        """Return the sessions that are not *listed*, the newest first. On the writer's thread."""
        if run != self._run or self._seat.is_locked:
            return iter(())
        return iter([scope for scope in self._seat.session_scopes() if scope.scope_id not in listed])

    def _read_end(self, run: int, scope_id: str) -> Stamp | None:
        """Return when dosing ended, None where that is not told. On the writer's thread."""
        seat = self._seat
        if run != self._run or seat.is_locked:
            raise VaultError("Nobody looks any more.")
        library, keyring = seat.program.library, seat.keyring
        entries = [*library.read(keyring, scope_id, only=SHARED).entries]
        if MEDICAL in keyring.compartments:
            entries += library.read(keyring, scope_id, only=MEDICAL).entries
        return Record(entries, library.persons).dosing_ended


def _may_be_due(card: SessionCard, farthest_ns: int) -> bool:
    """Tell whether a session is over, nobody recorded a follow-up of it, and its window can be in sight."""
    return card.stage is Stage.CLOSED and not card.is_followed_up and card.opened_at.utc_ns >= farthest_ns


def _fail(_: Exception) -> None:
    """A session that cannot be read says so where it is opened."""


def _at_once() -> None:
    """Be done when all that was submitted before is done."""
