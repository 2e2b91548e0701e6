"""The windows of a session as they come: one after the other, each built in steps and then shown."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from kapnotes.ui.frame import Frame
from kapnotes.ui.keys import Where
from kapnotes.ui.turns import Turns

if TYPE_CHECKING:
    from kapnotes.app.live_session import LiveSession
    from kapnotes.app.seat import Seat
    from kapnotes.ui.session_window import SessionWindow

Make = Callable[["Seat", "LiveSession"], "SessionWindow"]

_WHOLE = object()
"""Told in place of a step where there is none left."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A window that is still to be made."""

    where: Where
    make: Make
    seat: "Seat"
    live: "LiveSession"


class Entering(QObject):
    """Builds windows one step in a turn of the loop, so that a key in another window is taken in between.

    *windows* are those that are open; *show* opens one that is whole, *bring_to_front* one that is open already.
    """

    def __init__(
        self,
        windows: Sequence[Frame],
        show: Callable[[Frame], None],
        bring_to_front: Callable[[Frame], None],
        turns: Turns,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._turns = turns
        self._windows = windows
        self._show = show
        self._bring_to_front = bring_to_front
        self._wanted: deque[_Wanted] = deque()
        self._built: SessionWindow | None = None
        self._steps: Iterator[None] = iter(())

    @property
    def is_under_way(self) -> bool:
        """Tell whether a window is still to come."""
        return bool(self._wanted) or self._built is not None

    def want(self, where: Where, make: Make, seat: "Seat", live: "LiveSession") -> None:
        """Let a window come behind those that are wanted already."""
        self._wanted.append(_Wanted(where, make, seat, live))

    @Slot()
    def go_on(self) -> None:
        """Go one step on: begin a window, build it further, or show it; the next step comes in the next turn."""
        if not self.is_under_way:
            return
        self._turns.ask(self.go_on)  # first: where one window cannot be built, the next one still comes
        built, self._built = self._built, None
        if built is None:
            self._begin(self._wanted.popleft())
        elif next(self._steps, _WHOLE) is _WHOLE:
            self._show(built)
        else:
            self._built = built

    def _begin(self, wanted: _Wanted) -> None:
        for window in self._windows:
            if window.where is wanted.where and getattr(window, "live", None) is wanted.live:
                self._bring_to_front(window)
                return
        if not wanted.seat.is_locked:
            built = wanted.make(wanted.seat, wanted.live)
            self._built, self._steps = built, built.build()

    def drop(self, seat: "Seat") -> None:
        """Show nothing of a *seat* that is locked: what is being built goes, and leaves what is half-typed in it."""
        built = self._built
        if built is None or built.seat is not seat:
            return
        self._built, self._steps = None, iter(())
        if built.is_listening:
            built.close()
        built.deleteLater()
