"""Many entries of one compartment, kept with one write or not at all, without the windows waiting for them."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Protocol

from kapnotes.app.listeners import Listeners
from kapnotes.app.pending import AT_ONCE, Written
from kapnotes.app.saving import Saving
from kapnotes.app.signing import Signing
from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import Body, Entry
from kapnotes.domain.errors import ReadOnly
from kapnotes.domain.members import SHARED, Compartment, Member
from kapnotes.domain.places import place_of
from kapnotes.domain.record import Record
from kapnotes.vault.codec import require_storable


class Living(Protocol):
    """What keeping many at once needs of the session."""

    member: Member
    scope_id: str
    record: Record
    is_read_only: bool
    signing: Signing
    made: list[Written]
    saving: Saving
    entries_added: Listeners[tuple[Entry, ...]]

    def now(self) -> Stamp:
        """Return this moment."""
        ...


class Together:
    """Makes many entries ready on any thread, then hands them to one write and takes them in step by step."""

    def __init__(
        self,
        live: Living,
        new_id: Callable[[], str],
        share: Callable[[Sequence[Written]], None],
    ) -> None:
        self._live = live
        self._new_id = new_id
        self._share = share

    def ready(self, bodies: Sequence[tuple[Body, Stamp]]) -> Callable[[], tuple[Written, ...]]:
        """Return the call that makes *bodies* of one compartment ready to be kept, each of its own time.

        It may run on another thread, for with thousands it takes longer than a window may wait; it changes nothing.

        Raises:
            ReadOnly, SignedOff, NotEntitled: none of them can be kept. The call raises Implausible for the same.
        """
        live = self._live
        if live.is_read_only:
            raise ReadOnly("Read only: nothing can be noted here.")
        place = place_of(bodies[0][0], live.member) if bodies else SHARED
        live.signing.require_all_open(place, (body for body, _ in bodies))
        return partial(self._made_ready, tuple(bodies), live.now(), place)

    def _made_ready(
        self, bodies: Sequence[tuple[Body, Stamp]], entered: Stamp, place: Compartment
    ) -> tuple[Written, ...]:
        live = self._live
        made = [Entry(self._new_id(), live.scope_id, live.member.member_id, at, entered, body) for body, at in bodies]
        for entry in made:
            require_storable(entry)
        return tuple(Written(place, entry) for entry in made)

    def keep(self, written: Sequence[Written]) -> Iterator[None]:
        """Hand *written* to one write, all or none, and return the steps that take them into the record.

        Between two steps the windows may live; the news comes with the last one.

        Raises:
            SignedOff: the record was signed meanwhile; none of them was kept.
        """
        live = self._live
        if written:
            live.signing.require_all_open(written[0].compartment, (one.entry.body for one in written))
            live.made.extend(written)
            live.saving.take(tuple(written))
        return self._take_in(tuple(written))

    def _take_in(self, written: tuple[Written, ...]) -> Iterator[None]:
        live = self._live
        for start in range(0, len(written), AT_ONCE):
            some = written[start : start + AT_ONCE]
            for one in some:
                live.record.apply(one.entry)
            self._share(some)
            yield
        if written:
            live.record.standing()  # worked out before the windows ask for it
            yield
            live.entries_added.tell(tuple(one.entry for one in written))
            yield
