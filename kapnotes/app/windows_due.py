"""Which integration windows fall due: of closed sessions without a follow-up, read once each, behind the rest."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from kapnotes.app.seat import Seat, SessionCard
from kapnotes.domain.clinic_pages import LONGEST_WINDOW_H
from kapnotes.domain.clock import NS_PER_S, Stamp
from kapnotes.domain.entries import Stage
from kapnotes.domain.errors import VaultError
from kapnotes.domain.integration_window import IN_SIGHT_DAYS, IntegrationWindow, WindowState, window_after
from kapnotes.domain.members import MEDICAL, SHARED
from kapnotes.domain.record import Record

_ORDER = (WindowState.DUE_TODAY, WindowState.OPEN, WindowState.COMING, WindowState.OVER)


@dataclass(frozen=True, slots=True)
class Due:
    """A session that nobody recorded a follow-up of, with its window and how that stands now."""

    card: SessionCard
    window: IntegrationWindow
    state: WindowState


class WindowsDue:
    """Looks for one seat; a new look ends the one before. It remembers only when dosing ended, nothing else."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat
        self._run = 0
        self._ended: dict[str, Stamp | None] = {}

    def stop(self) -> None:
        """Look no further."""
        self._run += 1

    def look(
        self, cards: Sequence[SessionCard], window_h: Callable[[], tuple[int, int]], done: Callable[[list[Due]], None]
    ) -> None:
        """Tell *done* which of the sessions *cards* are due, the most pressing first; nothing where another look began.

        *window_h* is asked when all is read.
        """
        self.stop()
        run, worker = self._run, self._seat.program.worker
        now_ns = self._seat.program.clock.now().utc_ns
        farthest_ns = (LONGEST_WINDOW_H * 3600 + IN_SIGHT_DAYS * 86_400) * NS_PER_S
        wanted = [
            card
            for card in cards
            if card.stage is Stage.CLOSED and not card.is_followed_up and now_ns - card.opened_at.utc_ns < farthest_ns
        ]

        def take(scope_id: str, ended: Stamp | None) -> None:
            self._ended[scope_id] = ended

        def fail(_: Exception) -> None:
            """A session that cannot be read says so where it is opened."""

        def finish(_: None) -> None:
            if run == self._run:
                done(self._due(wanted, window_h()))

        for card in wanted:
            if card.scope_id not in self._ended:
                worker.submit(partial(self._read, run, card.scope_id), partial(take, card.scope_id), fail)
        worker.submit(_at_once, finish, fail)

    def _due(self, cards: Sequence[SessionCard], window_h: tuple[int, int]) -> list[Due]:
        now = self._seat.program.clock.now()
        found: list[Due] = []
        for card in cards:
            ended = self._ended.get(card.scope_id)
            window = window_after(ended, window_h) if ended is not None else None
            if window is not None and window.is_in_sight(now):
                found.append(Due(card, window, window.state(now)))
        return sorted(found, key=lambda one: (_ORDER.index(one.state), one.window.closes.utc_ns))

    def _read(self, run: int, scope_id: str) -> Stamp | None:
        """Return when dosing ended, None where that is not told. On the writer's thread."""
        seat = self._seat
        if run != self._run or seat.is_locked:
            raise VaultError("Nobody looks any more.")
        library, keyring = seat.program.library, seat.keyring
        entries = [*library.read(keyring, scope_id, only=SHARED).entries]
        if MEDICAL in keyring.compartments:
            entries += library.read(keyring, scope_id, only=MEDICAL).entries
        return Record(entries, library.persons).dosing_ended


def _at_once() -> None:
    """Be done when all that was submitted before is done."""
