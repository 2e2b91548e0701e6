"""What is made of a session leaves the program: first the trail tells of it, on the disk, then it is handed over."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from hashlib import sha256

from kapnotes.app.documents import Document, Page
from kapnotes.app.live_session import LiveSession
from kapnotes.app.page_maker import NotWanted
from kapnotes.app.pending import Written
from kapnotes.app.seat import Seat
from kapnotes.app.worker import Worker
from kapnotes.domain.entries import Audit, Correction, Entry, SummaryIssued
from kapnotes.domain.errors import KapnotesError, NotAuthorized, SavedElsewhere
from kapnotes.domain.members import SHARED
from kapnotes.domain.page_choice import PageChoice
from kapnotes.domain.release import released_from


class On(Enum):
    """The thread on which a document is handed over."""

    WRITER = auto()
    """Behind its entry and before a lock, as a file."""
    PAGES = auto()
    """Where it may take long, as on a printer."""
    WINDOWS = auto()
    """Where it must be, as on the clipboard."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way out that is no file.

    `told_as` is what the trail says before ("copied"), `not_done` why it is taken back. What may outlive the keys of
    who asked for it is told first as what it then is, "sent to the printer", and as `done_as`, an action of the trail,
    once it is done.
    """

    told_as: str
    not_done: str
    on: On
    done_as: str = ""


@dataclass(frozen=True, slots=True)
class Errand:
    """What is to leave, how the trail tells of it, and who hears what became of it.

    *put* hands it over, on the thread that *on* says. What it raises takes the entry back, with *not_put* for a reason.
    """

    document: Document
    told_as: str
    recipient: str
    put: Callable[[Page], None]
    not_put: str
    done: Callable[[Page], None]
    failed: Callable[[Exception], None]
    is_wanted: Callable[[], bool]
    on: On = On.WRITER
    done_as: str = ""
    choice: PageChoice | None = None
    """What was chosen of what is released, for a summary."""


class _OnItsWay:
    """A document that the trail tells of: the first of two things happens to it, it is begun or it is given up."""

    def __init__(self) -> None:
        self._door = threading.Lock()
        self._is_decided = False
        self.is_given_up = False

    def begin(self) -> bool:
        """Return whether it may be handed over now. On any thread."""
        with self._door:
            is_first, self._is_decided = not self._is_decided, True
            return is_first

    def give_up(self) -> bool:
        """Return whether it will never be handed over, which was not so before. On any thread."""
        is_first = self.begin()
        self.is_given_up = self.is_given_up or is_first
        return is_first


class Leaving:
    """Lets finished documents of one session leave by a seat.

    A lock waits for no printer. What is not begun then is given up and taken back while the keys are there; a file that
    fails is taken back on the writer's thread, in front of the lock. Of what a printer has, nothing more can be told.
    """

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
        on_its_way = _OnItsWay()
        taken_back: list[Entry] = []

        def give_up() -> None:
            if on_its_way.give_up():
                with suppress(KapnotesError):  # a lock goes on, whatever stands in the way of this
                    live.correct(issued.entry_id, errand.not_put, None)

        self._seat.on_their_way.append(give_up)

        def log() -> None:
            with suppress(SavedElsewhere):  # it is on a disk, though not on that of the vault
                live.saving.write()
            self._seat.keep_heads_now()

        def put() -> Page:
            if not on_its_way.begin():
                raise NotWanted("The seat was locked meanwhile; nothing has left.")
            errand.put(page)
            return page

        def log_and_put() -> Page:
            log()
            try:
                return put()
            except NotWanted:
                raise
            except Exception:
                with suppress(KapnotesError):  # then it is tried again, as long as the keys are there
                    taken_back.append(self._taken_back(issued, errand.not_put))
                raise

        def told(page: Page) -> None:
            self._seat.on_their_way.remove(give_up)
            if errand.done_as and not self._seat.is_locked:
                live.keep(Audit(errand.done_as, issued.entry_id))
            program.keep_anchors()
            errand.done(page)

        def not_put(error: Exception) -> None:
            self._seat.on_their_way.remove(give_up)
            if on_its_way.is_given_up:
                return
            on_its_way.give_up()
            if taken_back:
                live.take_signed(taken_back)
            elif not self._seat.keyring.is_locked:
                live.correct(issued.entry_id, errand.not_put, None)
            errand.failed(error)

        def go_on(_: None) -> None:
            if errand.on is On.PAGES:
                self._slow.submit(put, told, not_put)
                return
            try:
                put()
            except Exception as error:  # whatever it is, who wanted it out is the one to hear it
                not_put(error)
            else:
                told(page)

        if errand.on is On.WRITER:
            program.worker.submit(log_and_put, told, not_put)
        else:
            program.worker.submit(log, go_on, not_put)

    def _taken_back(self, issued: Entry, why: str) -> Entry:
        """Write that what *issued* tells of did not leave, and return the entry. On the writer's thread."""
        live, now = self._live, self._live.now()
        correction = Correction(issued.entry_id, why, None)
        new_id = self._seat.program.new_id()
        entry = Entry(new_id, live.scope_id, live.member.member_id, now, now, correction)
        self._seat.append(Written(SHARED, entry), live.patient_id)
        return entry

    def _require_released(self, errand: Errand, page: Page) -> None:
        """See that no authorization was revoked between the asking for *page* and now."""
        if not page.released_count or errand.choice is None:
            return
        today = self._live.now().local().date()
        released = released_from(self._live.record, today, errand.recipient, errand.choice)
        if sum(len(part.entries) for part in released) < page.released_count:
            raise NotAuthorized("An authorization was revoked meanwhile, so nothing has left. Make the pages again.")
