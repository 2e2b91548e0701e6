"""Putting what leaves of a session, pages or data, into a file: made first, then logged, then there."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from hashlib import sha256
from pathlib import Path

from kapnotes.app.came_before import CameBefore, read_came_before
from kapnotes.app.clinic_desk import ClinicDesk
from kapnotes.app.documents import Document, Page, make_page
from kapnotes.app.files import write_atomically
from kapnotes.app.live_session import LiveSession
from kapnotes.app.profile import Entropy
from kapnotes.app.seat import Seat
from kapnotes.app.worker import Worker
from kapnotes.domain.clinic_pages import ClinicPages
from kapnotes.domain.entries import PatientDetails, SummaryIssued
from kapnotes.domain.errors import SavedElsewhere
from kapnotes.domain.paper_head import PaperHead
from kapnotes.domain.record import Record
from kapnotes.domain.words import Translate


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
        live, member = self._live, self._seat.member
        entries, unread = tuple(live.record.entries), len(live.unread)
        made_at = live.now()

        def read() -> tuple[PatientDetails | None, list[PaperHead], ClinicPages]:
            heads = self._seat.program.library.paper_heads(self._seat.keyring, live.scope_id)
            return self._seat.patient_details(live.patient_id), heads, ClinicDesk(self._seat).read_now().pages

        def make(came: CameBefore, read: tuple[PatientDetails | None, list[PaperHead], ClinicPages]) -> None:
            patient, heads, clinic = read

            def job() -> Page:
                return make_page(
                    document,
                    Record(entries, live.record.persons),
                    patient,
                    member,
                    made_at=made_at,
                    recipient=recipient,
                    entropy=self._entropy,
                    translate=self._translate,
                    unread=unread,
                    heads=heads,
                    paper=self._seat.program.paper,
                    clinic=clinic,
                    came=came,
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

        def read_the_rest(came: CameBefore) -> None:
            self._seat.program.worker.submit(read, partial(make, came), failed)

        if document is Document.SUMMARY:
            read_came_before(self._seat, live.scope_id, live.patient_id, read_the_rest, failed)
        else:
            read_the_rest(CameBefore())
