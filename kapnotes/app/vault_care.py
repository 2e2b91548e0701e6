"""Looking after the disk of the vault: room on it, what waits for it, and the lines that last as long as they hold."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from kapnotes.app.listeners import Listeners
from kapnotes.app.worker import Worker
from kapnotes.domain.clock import NS_PER_S, Clock, Stamp, seconds_between
from kapnotes.domain.notices import Notice

if TYPE_CHECKING:
    from kapnotes.vault.library import Library

LOOK_AFTER_S = 10.0
"""So often it is looked how much room the disk of the vault has."""

SLACK_S = 120.0
"""Two laptops, or a time server at work, differ by less."""


class VaultCare:
    """Lives on the thread of the windows; the disk is asked on other ones, for it may take its time."""

    def __init__(self, clock: Clock, writer: Worker, slow: Worker, library: "Callable[[], Library | None]") -> None:
        self.notices: tuple[Notice, ...] = ()
        """What everybody at this vault should know as long as it holds: a full disk, entries in a second place."""
        self.notices_changed: Listeners[tuple[Notice, ...]] = Listeners()
        self.left_elsewhere = 0
        """How many entries waited in a second place when the vault was closed."""
        self._clock = clock
        self._writer = writer
        self._slow = slow
        self._library = library
        self._looked_at: Stamp | None = None
        self._is_settling = False
        self._newest: Stamp | None = None

    def opened(self) -> None:
        """A vault was opened: see how much room it has, and that there is a ballast."""
        self._look(self._clock.now())

    def tick(self) -> None:
        """Try again what waits for the disk; look now and then how much room there is, and tell what holds."""
        library, now = self._library(), self._clock.now()
        if library is not None and library.disk.waiting_count and not self._is_settling:
            self._is_settling = True
            self._writer.submit(library.disk.settle, self._settled, self._settled)
        if self._looked_at is None or seconds_between(self._looked_at, now) >= LOOK_AFTER_S:
            self._look(now)
            self.tell()
        elif self.notices:
            self.tell()  # a line that is no longer true is worse than none

    def tell(self) -> None:
        """Tell the notices if they are others than those told last."""
        library = self._library()
        notices = (*library.notices(), *self._clock_notice()) if library is not None else ()
        if notices != self.notices:
            self.notices = notices
            self.notices_changed.tell(notices)

    def hear_newest(self, newest: Stamp | None) -> None:
        """Hear when the newest entry was entered, before this sign-in wrote any: no clock may stand before it."""
        self._newest = newest
        self.tell()

    def _clock_notice(self) -> tuple[Notice, ...]:
        """Say that the clock stands before the newest entry, until it was set right or has caught up."""
        if self._newest is None:
            return ()
        behind_s = (self._newest.utc_ns - self._clock.now().utc_ns) / NS_PER_S
        if behind_s <= SLACK_S:
            self._newest = None
            return ()
        newest = f"{self._newest.local():%Y-%m-%d %H:%M}"
        return (Notice("The clock stands before the newest entry ({newest}). Set it right.", {"newest": newest}),)

    def close(self, library: "Library") -> None:
        """Close the vault and keep how much it had to leave in a second place. On the writer's thread."""
        try:
            library.close()
        finally:
            self.left_elsewhere = library.disk.waiting_count

    def _look(self, now: Stamp) -> None:
        self._looked_at = now
        library = self._library()
        if library is not None:
            self._slow.submit(library.disk.look, self._looked, self._looked)

    def _looked(self, _: object) -> None:
        self.tell()

    def _settled(self, _: object) -> None:
        self._is_settling = False
        self.tell()
