"""Marks, states, touches and timers of a session: one key each, also for what began minutes ago.

Two presses within a second are one: a slip of the finger ends no state. Who looks on hears what was ignored.
"""

from collections.abc import Callable

from kapnotes.app.listeners import Listeners
from kapnotes.domain.around import Touch, TouchAgreement, TouchConsent
from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import Body, Entry, Mark, MarkChange, Setting
from kapnotes.domain.errors import Implausible
from kapnotes.domain.record import Record
from kapnotes.domain.route_timers import route_timer
from kapnotes.domain.touch import to_revoke, touches

REPEAT_GUARD_S = 1.0
"""A mark repeated within this is a slip of the finger and is ignored. Source: BORIS #222, #47 (states ended so)."""


class Marking:
    """What one key notes. `at` is when it happened, where that was not now; nothing is noted where it cannot be so."""

    def __init__(self, record: Record, now: Callable[[], Stamp], add: Callable[[Body, Stamp], Entry]) -> None:
        self._record = record
        self._now = now
        self._add = add
        self.repeat_ignored: Listeners[str] = Listeners()
        """Told with the code or the area whose key was pressed twice."""

    # ------------------------------------------------------------------------------- marks and states

    def mark(self, code: str, at: Stamp | None = None) -> Entry | None:
        """Drop a mark; None where it repeats the last one within `REPEAT_GUARD_S`."""
        if self._is_repeat(code, [entry for entry, mark in self._record.of(Mark) if mark.code == code]):
            return None
        return self._add(Mark(code), at or self._now())

    def toggle_state(self, code: str, at: Stamp | None = None) -> Entry | None:
        """Start the state, or stop it where it runs; None where the key was pressed twice.

        Raises:
            Implausible: it would end before it began, or begin before it last ended.
        """
        marks = [(entry, mark) for entry, mark in self._record.of(Mark) if mark.code == code]
        if self._is_repeat(code, [entry for entry, _ in marks]):
            return None
        ends = [entry.happened for entry, mark in marks if mark.change is MarkChange.STOP]
        runs = self._in_order(self._record.active_states().get(code), ends, at)
        return self._add(Mark(code, MarkChange.STOP if runs else MarkChange.START), at or self._now())

    # ------------------------------------------------------------------------------------------ touch

    def toggle_touch(self, area: str, at: Stamp | None = None) -> Entry | None:
        """Begin a touch of *area*, or end the one that runs; None where the key was pressed twice.

        A touch that was not agreed is kept like any other: what was done is on the record.

        Raises:
            Implausible: it would end before it began, or begin before the last one ended.
        """
        found = [(entry, touch) for entry, touch in self._record.of(Touch) if touch.area == area]
        if self._is_repeat(area, [entry for entry, _ in found]):
            return None
        ends = [entry.happened for entry, touch in found if not touch.begins]
        runs = self._in_order(touches(self._record).get(area), ends, at)
        return self._add(Touch(area, begins=not runs), at or self._now())

    def revoke_touch(self) -> tuple[Entry, ...]:
        """Keep that no touch is wanted any more, for each area; nothing where that is said already."""
        return tuple(self._add(TouchAgreement(area, TouchConsent.NO), self._now()) for area in to_revoke(self._record))

    # -------------------------------------------------------------------------------------- the route

    def answer_timer(self, at: Stamp | None = None) -> Entry | None:
        """Keep, for everybody, that what the route's timer asks for is done; None where none runs.

        Raises:
            Implausible: it would be before the dose that the timer counts from.
        """
        timer = route_timer(self._record, self._now())
        if timer is None:
            return None
        self._in_order(timer.began, [], at)
        return self._add(Setting(timer.then), at or self._now())

    # ---------------------------------------------------------------------------------------- guards

    def _is_repeat(self, what: str, found: list[Entry]) -> bool:
        """Tell whether the key was pressed a moment ago, in whichever window, whenever it was meant for."""
        now = self._now()
        is_repeat = any(abs(self._record.between_s(entry.entered, now)) < REPEAT_GUARD_S for entry in found)
        if is_repeat:
            self.repeat_ignored.tell(what)
        return is_repeat

    def _in_order(self, began: Stamp | None, ends: list[Stamp], at: Stamp | None) -> bool:
        """Tell whether it runs, having seen that *at* lies after its start, or after all its ends."""
        if at is not None and began is not None and self._record.between_s(began, at) < 0:
            raise Implausible("That began at {time}; it cannot end before.", time=_time(began))
        if at is not None and began is None:
            for end in ends:
                if self._record.between_s(end, at) < 0:
                    raise Implausible("That ended at {time}; it cannot begin again before.", time=_time(end))
        return began is not None


def _time(stamp: Stamp) -> str:
    return f"{stamp.local():%H:%M:%S}"
