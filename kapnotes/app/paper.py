"""Putting what leaves of a session, pages or data, into a file: made first, then logged, then there."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from kapnotes.app.came_before import CameBefore, read_came_before
from kapnotes.app.clinic_desk import ClinicDesk
from kapnotes.app.documents import Document, Page, make_page, make_pictures
from kapnotes.app.files import write_atomically
from kapnotes.app.live_session import LiveSession
from kapnotes.app.profile import Entropy
from kapnotes.app.seat import Seat
from kapnotes.app.worker import Worker
from kapnotes.domain.clinic_pages import ClinicPages
from kapnotes.domain.entries import Entry, PatientDetails, SummaryIssued
from kapnotes.domain.errors import SavedElsewhere
from kapnotes.domain.page_choice import ALL_RELEASED
from kapnotes.domain.paper_head import PaperHead
from kapnotes.domain.record import Record
from kapnotes.domain.words import Translate

if TYPE_CHECKING:
    from kapnotes.export.pictures import Pictures


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What stands on pages and is not in the session's record."""

    patient: PatientDetails | None
    heads: tuple[PaperHead, ...]
    clinic: ClinicPages
    came: CameBefore


class PaperDesk:
    """Makes a session's pages off the threads of the windows and of the writer, and puts them into a file.

    A file that is there was logged before: first the entry is on the disk, then the file is put in its place.
    """

    def __init__(self, seat: Seat, live: LiveSession, slow: Worker, entropy: Entropy, translate: Translate) -> None:
        self._seat = seat
        self._live = live
        self._slow = slow
        self._entropy = entropy
        self._translate = translate
        self.choice = ALL_RELEASED
        """What was chosen of what a summary may show; every summary that is made here keeps to it."""
        self._came: CameBefore | None = None

    def save(
        self,
        document: Document,
        recipient: str,
        path: Path,
        done: Callable[[Page], None],
        failed: Callable[[Exception], None],
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        """Make *document*, encrypted under a new passphrase, log that it leaves, and put it at *path*.

        Nothing is written where the seat was locked meanwhile or *is_wanted* says no: nobody would see the passphrase.
        """
        live, member, choice = self._live, self._seat.member, self.choice
        entries, unread = tuple(live.record.entries), len(live.unread)
        made_at = live.now()

        def make(facts: PageFacts) -> None:
            def job() -> Page:
                return make_page(
                    document,
                    Record(entries, live.record.persons),
                    facts.patient,
                    member,
                    made_at=made_at,
                    recipient=recipient,
                    entropy=self._entropy,
                    translate=self._translate,
                    unread=unread,
                    heads=facts.heads,
                    paper=self._seat.program.paper,
                    clinic=facts.clinic,
                    came=facts.came,
                    choice=choice,
                )

            self._slow.submit(job, log_and_put, failed)

        def log_and_put(page: Page) -> None:
            if self._seat.is_locked or not is_wanted():
                return
            digest = sha256(page.content).hexdigest()
            issued = live.keep(SummaryIssued(document, recipient, page.released_count, digest))

            def put() -> Page:
                with suppress(SavedElsewhere):  # it is on a disk, though not on that of the vault
                    live.write_pending()
                self._seat.keep_heads_now()
                write_atomically(path, page.content)
                return page

            def told(page: Page) -> None:
                self._seat.program.keep_anchors()
                done(page)

            def not_put(error: Exception) -> None:
                live.correct(issued.entry_id, "the file was not written", None)
                failed(error)

            self._seat.program.worker.submit(put, told, not_put)

        if document is Document.SUMMARY:
            self._read_came(partial(self._read_facts, make, failed), failed)
        else:
            self._read_facts(make, failed, CameBefore())

    def draw(
        self,
        recipient: str,
        half_typed: Sequence[Entry],
        done: Callable[[tuple["Pictures", int]], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Make the summary as it would be saved now, to be looked at; tells its pages, and how many lines are on it.

        *half_typed* is what is not entered yet and would be before it is saved. What came of the earlier sessions is
        read once, and again after `read_anew`: these pages are made at every key.
        """
        live, choice = self._live, self.choice
        entries, unread = (*live.record.entries, *half_typed), len(live.unread)
        made_at = live.now()

        def make(facts: PageFacts) -> None:
            def job() -> tuple["Pictures", int]:
                return make_pictures(
                    Record(entries, live.record.persons),
                    facts.patient,
                    self._seat.member,
                    made_at=made_at,
                    recipient=recipient,
                    translate=self._translate,
                    unread=unread,
                    heads=facts.heads,
                    paper=self._seat.program.paper,
                    clinic=facts.clinic,
                    came=facts.came,
                    choice=choice,
                )

            self._slow.submit(job, done, failed)

        if self._came is None:
            self._read_came(partial(self._read_facts, make, failed), failed)
        else:
            self._read_facts(make, failed, self._came)

    def read_anew(self) -> None:
        """Read what came of the earlier sessions once more, because somebody may have written about one."""
        self._came = None

    def _read_came(self, done: Callable[[CameBefore], None], failed: Callable[[Exception], None]) -> None:
        def take(came: CameBefore) -> None:
            self._came = came
            done(came)

        read_came_before(self._seat, self._live.scope_id, self._live.patient_id, take, failed)

    def _read_facts(
        self, done: Callable[[PageFacts], None], failed: Callable[[Exception], None], came: CameBefore
    ) -> None:
        """Tell what stands on pages and is not in the session's record."""
        seat, live = self._seat, self._live

        def read() -> PageFacts:
            heads = seat.program.library.paper_heads(seat.keyring, live.scope_id)
            clinic = ClinicDesk(seat).read_now().pages
            return PageFacts(seat.patient_details(live.patient_id), tuple(heads), clinic, came)

        seat.program.worker.submit(read, done, failed)
