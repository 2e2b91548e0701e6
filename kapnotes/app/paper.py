"""Making what leaves of a session, pages or data, and putting it into a file, logged."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from kapnotes.app.files import write_atomically
from kapnotes.app.live_session import LiveSession
from kapnotes.app.profile import Entropy
from kapnotes.app.seat import Seat
from kapnotes.app.worker import Worker
from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import PatientDetails, SummaryIssued
from kapnotes.domain.errors import SavedElsewhere
from kapnotes.domain.members import CompartmentKind, Member
from kapnotes.domain.paper_head import PaperHead
from kapnotes.domain.paper_size import PaperSize
from kapnotes.domain.record import Record
from kapnotes.domain.release import released_from
from kapnotes.domain.words import Translate

WORDS = 5
"""Groups of the passphrase of a page."""

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that are not mistaken for one another when read aloud or copied by hand."""


class Document(StrEnum):
    """What leaves the program: encrypted pages, and data, which no other system could read encrypted."""

    SUMMARY = "summary"
    RECORD = "record"
    FHIR = "fhir"
    CSV = "csv"
    DEIDENTIFIED_CSV = "csv-deidentified"

    @property
    def is_encrypted(self) -> bool:
        """Tell whether it opens with a passphrase; anybody who has the file reads the others."""
        return self in {Document.SUMMARY, Document.RECORD}


@dataclass(frozen=True, slots=True)
class Page:
    """A finished document and what opens it: nothing where it is not encrypted."""

    document: Document
    content: bytes
    passphrase: str
    released_count: int


def new_page_passphrase(entropy: Entropy) -> str:
    """Return a passphrase for one document: five groups of five signs, 123 bits."""
    size = len(ALPHABET)
    limit = 256 - 256 % size
    signs: list[str] = []
    while len(signs) < WORDS * 5:
        signs += [ALPHABET[byte % size] for byte in entropy(64) if byte < limit]
    return "-".join("".join(signs[start : start + 5]) for start in range(0, WORDS * 5, 5))


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

        def read() -> tuple[PatientDetails | None, list[PaperHead]]:
            heads = self._seat.program.library.paper_heads(self._seat.keyring, live.scope_id)
            return self._seat.patient_details(live.patient_id), heads

        def make(read: tuple[PatientDetails | None, list[PaperHead]]) -> None:
            patient, heads = read

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

        self._seat.program.worker.submit(read, make, failed)


def make_page(
    document: Document,
    record: Record,
    patient: PatientDetails | None,
    maker: Member,
    *,
    made_at: Stamp,
    recipient: str,
    entropy: Entropy,
    translate: Translate,
    unread: int = 0,
    heads: Sequence[PaperHead] = (),
    paper: PaperSize = PaperSize.A4,
) -> Page:
    """Return *document* of *record*; which process notes may be on it is decided where the pages are made.

    In data there are none, released or not.

    Of *heads* the page bears those of the compartments it may tell of: how many process notes there are is nobody's
    business where none is on the page.
    """
    if not document.is_encrypted:
        return Page(document, _data(document, record, made_at), "", 0)
    from kapnotes.export.record import record_pdf  # here, because a start that makes no page need not wait for it
    from kapnotes.export.summary import Issue, summary_pdf

    released = released_from(record, made_at.local().date(), recipient) if document is Document.SUMMARY else ()
    shown = [head for head in heads if released or head.compartment.kind is not CompartmentKind.THERAPY]
    issue = Issue(
        made_at=made_at,
        made_by=maker.label,
        made_by_id=maker.member_id,
        recipient=recipient,
        unread=unread,
        heads=tuple(head.line for head in shown),
        seal="\n".join(head.full for head in shown),
    )
    passphrase = new_page_passphrase(entropy)
    if document is Document.SUMMARY:
        content = summary_pdf(
            record, patient, issue, passphrase=passphrase, entropy=entropy, translate=translate, page_size=paper
        )
        count = sum(len(part.entries) for part in released)
        return Page(document, content, passphrase, count)
    content = record_pdf(
        record, patient, issue, passphrase=passphrase, entropy=entropy, translate=translate, page_size=paper
    )
    return Page(document, content, passphrase, 0)


def _data(document: Document, record: Record, made_at: Stamp) -> bytes:
    from kapnotes.export.fhir_bundle import fhir_bundle
    from kapnotes.export.medical import MedicalRecord
    from kapnotes.export.session_csv import deidentified_csv, record_csv

    make = {Document.FHIR: fhir_bundle, Document.CSV: record_csv, Document.DEIDENTIFIED_CSV: deidentified_csv}
    return make[document](MedicalRecord(record), made_at)
