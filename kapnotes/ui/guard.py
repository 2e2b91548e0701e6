"""Watches over the seats: covers one that nobody types at, locks it later, locks all when the laptop sleeps."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Slot

from kapnotes.app.idle import Idle, IdleLimits, SeatIdle
from kapnotes.app.program import Program
from kapnotes.domain.clock import Clock, Stamp, seconds_between
from kapnotes.ui.bridge import Ticker
from kapnotes.ui.desk import Desk, seat_of
from kapnotes.ui.frame import Frame
from kapnotes.ui.times import clock_time
from kapnotes.ui.wording import error_line

if TYPE_CHECKING:
    from kapnotes.app.seat import Seat
    from kapnotes.ui.cover import Cover

_INPUT = {
    QEvent.Type.KeyPress,
    QEvent.Type.ShortcutOverride,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.Wheel,
    QEvent.Type.InputMethod,
}


class KeyWatch(QObject):
    """Notes that there was input in one window. It watches the system's window, not the text, whatever the key was."""

    def __init__(self, window: Frame, idle: SeatIdle, clock: Clock) -> None:
        handle = window.windowHandle()
        super().__init__(handle)
        self._idle = idle
        self._clock = clock
        handle.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note it, where the window is not covered; what comes through a cover is the cover's to judge."""
        del watched
        if event.type() in _INPUT:
            now = self._clock.now()
            if self._idle.look(now) is Idle.AWAKE:
                self._idle.touch(now)
        return False


class Guard(QObject):
    """Looks with every tick how long each seat has had no key, and covers or locks it."""

    def __init__(self, program: Program, desk: Desk, ticker: Ticker, limits: IdleLimits) -> None:
        super().__init__()
        self._program = program
        self._desk = desk
        self._limits = limits
        self._idle: dict[Seat, SeatIdle] = {}
        self._covers: dict[Frame, Cover] = {}
        self._looked: Stamp | None = None
        desk.window_opened.connect(self._watch)
        ticker.add(self.look)

    @Slot(object)
    def _watch(self, window: Frame) -> None:
        seat = seat_of(window)
        if seat is not None:
            clock = self._program.clock
            idle = self._idle_of(seat, clock.now())
            idle.touch(clock.now())
            KeyWatch(window, idle, clock)
            window.closed.connect(self._forget)

    def _idle_of(self, seat: "Seat", now: Stamp) -> SeatIdle:
        if seat not in self._idle:
            self._idle[seat] = SeatIdle(self._limits, now, seat.is_in_room)
        return self._idle[seat]

    @Slot()
    def look(self) -> None:
        """Cover, guard or lock what has had no key for long."""
        now = self._program.clock.now()
        slept = self._looked is not None and seconds_between(self._looked, now) >= self._limits.gap_s
        self._looked = now
        if slept:
            self._desk.lock_all(self.tr("the laptop slept"))
        for seat in tuple(self._program.seats):
            self._look_at(seat, now)
        for gone in self._idle.keys() - set(self._program.seats):
            del self._idle[gone]

    def _look_at(self, seat: "Seat", now: Stamp) -> None:
        state = self._idle_of(seat, now).look(now)
        if state is Idle.GONE or (state is Idle.GUARDED and not seat.has_passphrase):
            self._desk.lock_seat(seat, self.tr("nobody typed for long"))
        elif state is not Idle.AWAKE:
            for window in self._windows(seat):
                self._cover(seat, window, asks=state is Idle.GUARDED)

    def _cover(self, seat: "Seat", window: Frame, *, asks: bool) -> None:
        cover = self._covers.get(window)
        if cover is None:
            from kapnotes.ui.cover import Cover  # nobody is away at the start, which waits for nothing else

            cover = self._covers[window] = Cover(window)
            cover.key_came.connect(partial(self._come_back, seat))
            cover.passphrase_typed.connect(partial(self._try, seat))
        cover.ask(asks=asks)
        cover.show_times(clock_time(self._program.clock.now()), *window.times_in_sight())
        cover.show_signal(window.signal_in_sight())
        if not cover.isVisible():
            cover.cover()

    @Slot(object)
    def _forget(self, window: Frame) -> None:
        self._covers.pop(window, None)

    def _windows(self, seat: "Seat") -> list[Frame]:
        return [window for window in self._desk.windows if seat_of(window) is seat]

    @Slot()
    def lock_all(self) -> None:
        """Lock every seat: the laptop sleeps, its screen is locked, or another user comes."""
        self._desk.lock_all(self.tr("the laptop went to sleep, or its screen was locked"))

    def _come_back(self, seat: "Seat") -> None:
        idle = self._idle.get(seat)
        now = self._program.clock.now()
        if idle is not None and idle.look(now) < Idle.GUARDED:
            self._uncover(seat, idle, now)

    def _try(self, seat: "Seat", passphrase: str) -> None:
        self._program.recognise(seat, passphrase, partial(self._recognised, seat), partial(self._refused, seat))

    def _recognised(self, seat: "Seat", _: None) -> None:
        idle = self._idle.get(seat)
        if idle is not None and not seat.is_locked:
            self._uncover(seat, idle, self._program.clock.now())

    def _refused(self, seat: "Seat", error: Exception) -> None:
        for cover in self._covers_of(seat):
            cover.refuse(error_line(error))

    def _uncover(self, seat: "Seat", idle: SeatIdle, now: Stamp) -> None:
        idle.recognise(now)
        for cover in self._covers_of(seat):
            cover.uncover()

    def _covers_of(self, seat: "Seat") -> "list[Cover]":
        return [cover for window, cover in self._covers.items() if seat_of(window) is seat]
