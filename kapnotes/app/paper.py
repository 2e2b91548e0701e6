"""Making the pages of a session and putting them into a file, logged."""

from collections.abc import Callable
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
from kapnotes.domain.members import Member
from kapnotes.domain.record import Record
from kapnotes.domain.release import released_from
from kapnotes.domain.words import Translate
from kapnotes.export.record import record_pdf
from kapnotes.export.summary import Issue, summary_pdf

WORDS = 5
"""Groups of the passphrase of a page."""

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that are not mistaken for one another when read aloud or copied by hand."""


class Document(StrEnum):
    """The pages that leave the program."""

    SUMMARY = "summary"
    RECORD = "record"


@dataclass(frozen=True, slots=True)
class Page:
    """A finished document and what opens it."""

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
    """Makes a session's pages off the threads of the windows and of the writer, and puts them into a file."""

    def __init__(self, seat: Seat, live: LiveSession, paper: Worker, entropy: Entropy, translate: Translate) -> None:
        self._seat = seat
        self._live = live
        self._paper = paper
        self._entropy = entropy
        self._translate = translate

    def save(
        self,
        document: Document,
        recipient: str,
        path: Path,
        done: Callable[[Page], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Make *document*, encrypted under a new passphrase, put it at *path*, and log that it left."""
        entries = tuple(self._live.record.entries)
        made_at = self._live.now()

        def with_patient(patient: PatientDetails | None) -> None:
            def job() -> Page:
                page = make_page(
                    document,
                    Record(entries),
                    patient,
                    issue_by(self._seat.member, made_at, recipient),
                    entropy=self._entropy,
                    translate=self._translate,
                )
                write_atomically(path, page.content)
                return page

            self._paper.submit(job, issued, failed)

        def issued(page: Page) -> None:
            digest = sha256(page.content).hexdigest()
            self._live.keep(SummaryIssued(document, recipient, page.released_count, digest))
            done(page)

        self._seat.read_patient(self._live.patient_id, with_patient, failed)


def issue_by(member: Member, made_at: Stamp, recipient: str) -> Issue:
    """Return the occasion of a page that *member* makes."""
    return Issue(made_at=made_at, made_by=member.label, recipient=recipient, reads_process_notes=member.is_therapist)


def make_page(
    document: Document,
    record: Record,
    patient: PatientDetails | None,
    issue: Issue,
    *,
    entropy: Entropy,
    translate: Translate,
) -> Page:
    """Return *document* of *record*; which process notes may be on it is decided where the pages are made."""
    passphrase = new_page_passphrase(entropy)
    if document is Document.SUMMARY:
        content = summary_pdf(record, patient, issue, passphrase=passphrase, entropy=entropy, translate=translate)
        released = released_from(record, issue.made_at.local().date())
        count = sum(len(part.entries) for part in released)
        return Page(document, content, passphrase, count)
    content = record_pdf(record, patient, issue, passphrase=passphrase, entropy=entropy, translate=translate)
    return Page(document, content, passphrase, 0)
