"""What is made of a session leaves the program: first the trail tells of it, on the disk, then it is handed over."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256

from kapnotes.app.documents import Document, Page
from kapnotes.app.live_session import LiveSession
from kapnotes.app.seat import Seat
from kapnotes.app.worker import Worker
from kapnotes.domain.entries import SummaryIssued
from kapnotes.domain.errors import KapnotesError, NotAuthorized, SavedElsewhere
from kapnotes.domain.page_choice import PageChoice
from kapnotes.domain.release import released_from


@dataclass(frozen=True, slots=True)
class Errand:
    """What is to leave, how the trail tells of it, and who hears what became of it.

    *put* hands it over; it runs on the writer's thread behind the entry, or where it may take long, on that of pages.
    What it raises takes the entry back, with *not_put* for a reason.
    """

    document: Document
    told_as: str
    recipient: str
    put: Callable[[Page], None]
    not_put: str
    done: Callable[[Page], None]
    failed: Callable[[Exception], None]
    is_wanted: Callable[[], bool]
    is_slow: bool = False
    choice: PageChoice | None = None
    """What was chosen of what is released, for a summary."""


class Leaving:
    """Lets finished documents of one session leave by a seat."""

    def __init__(self, seat: Seat, live: LiveSession, slow: Worker) -> None:
        self._seat = seat
        self._live = live
        self._slow = slow

    def let_leave(self, errand: Errand, page: Page) -> None:
        """Log that *page* leaves, then let it; nothing happens where the seat was locked or nobody wants it."""
        live, program = self._live, self._seat.program
        if self._seat.is_locked or not errand.is_wanted():
            return
        digest = sha256(page.content).hexdigest()
        try:
            self._require_released(errand, page)
            issued = live.keep(SummaryIssued(errand.told_as, errand.recipient, page.released_count, digest))
        except KapnotesError as error:  # as in a vault that can only be read: what the trail cannot tell stays here
            errand.failed(error)
            return

        def log() -> None:
            with suppress(SavedElsewhere):  # it is on a disk, though not on that of the vault
                live.write_pending()
            self._seat.keep_heads_now()

        def put() -> Page:
            errand.put(page)
            return page

        def log_and_put() -> Page:
            log()
            return put()

        def told(page: Page) -> None:
            program.keep_anchors()
            errand.done(page)

        def not_put(error: Exception) -> None:
            live.correct(issued.entry_id, errand.not_put, None)
            errand.failed(error)

        def go_on(_: None) -> None:
            self._slow.submit(put, told, not_put)

        if errand.is_slow:
            program.worker.submit(log, go_on, not_put)
        else:
            program.worker.submit(log_and_put, told, not_put)

    def _require_released(self, errand: Errand, page: Page) -> None:
        """See that no authorization was revoked between the asking for *page* and now."""
        if not page.released_count or errand.choice is None:
            return
        today = self._live.now().local().date()
        released = released_from(self._live.record, today, errand.recipient, errand.choice)
        if sum(len(part.entries) for part in released) < page.released_count:
            raise NotAuthorized("An authorization was revoked meanwhile, so nothing has left. Make the pages again.")
