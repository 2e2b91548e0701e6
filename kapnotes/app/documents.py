"""What leaves of a session, each kind of it, and how its bytes are made; putting them somewhere is `app.paper`'s."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from kapnotes.app.came_before import CameBefore
from kapnotes.app.profile import Entropy
from kapnotes.domain.clinic_pages import USUAL_PAGES, ClinicPages
from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import PatientDetails
from kapnotes.domain.errors import NotEntitled
from kapnotes.domain.members import CompartmentKind, Member
from kapnotes.domain.page_choice import ALL_RELEASED, NONE_RELEASED, PageChoice
from kapnotes.domain.paper_head import PaperHead
from kapnotes.domain.paper_size import PaperSize
from kapnotes.domain.record import Record
from kapnotes.domain.release import released_from
from kapnotes.domain.words import Translate

if TYPE_CHECKING:
    from kapnotes.export.course import Issue
    from kapnotes.export.pictures import Pictures

WORDS = 5
"""Groups of the passphrase of a page."""

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that are not mistaken for one another when read aloud or copied by hand."""


class Document(StrEnum):
    """What leaves the program: encrypted pages, and text and data, which no other system could read encrypted."""

    SUMMARY = "summary"
    TEXT = "text"
    DOCUMENT_REFERENCE = "documentreference"
    RECORD = "record"
    FHIR = "fhir"
    CSV = "csv"
    DEIDENTIFIED_CSV = "csv-deidentified"
    NOTES = "notes"

    @property
    def is_data(self) -> bool:
        """Tell whether it is the medical record as data, which holds nothing of process notes, released or not."""
        return self in {Document.FHIR, Document.CSV, Document.DEIDENTIFIED_CSV}

    @property
    def is_summary(self) -> bool:
        """Tell whether it is the summary in one of its forms: narrative and released lines are on no other document."""
        return self in {Document.SUMMARY, Document.TEXT, Document.DOCUMENT_REFERENCE}


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
    clinic: ClinicPages = USUAL_PAGES,
    came: CameBefore | None = None,
    choice: PageChoice = ALL_RELEASED,
) -> Page:
    """Return *document* of *record*; which process notes may be on it is decided where the pages are made.

    In data there are none, released or not; a summary has of those that are released the ones that *choice* takes, and
    *came*, which is what came of the earlier sessions. The notes themselves are their author's alone.

    Raises:
        NotEntitled: *maker* is no therapist, and these are the notes.
    """
    if document is Document.NOTES and not maker.is_therapist:
        raise NotEntitled("Process notes leave with the therapist who wrote them alone.")
    if document.is_data:
        return Page(document, _data(document, record, made_at), "", 0)
    choice = choice if document.is_summary else NONE_RELEASED
    issue, count = _issue(document, record, maker, heads, made_at, recipient, unread, clinic, came, choice)
    if document is Document.TEXT:
        from kapnotes.export.summary_text import summary_text  # here, because a start that makes none need not wait

        said = summary_text(record, patient, issue, translate=translate)
        return Page(document, said.encode(), "", count)
    passphrase = new_page_passphrase(entropy)
    make = _pages_of(document)
    content = make(record, patient, issue, passphrase=passphrase, entropy=entropy, translate=translate, page_size=paper)
    if document is Document.DOCUMENT_REFERENCE:
        from kapnotes.export.fhir_document import document_reference

        content = document_reference(record, content, issue, maker, released_count=count)
    return Page(document, content, passphrase, count)


def make_pictures(
    record: Record,
    patient: PatientDetails | None,
    maker: Member,
    *,
    made_at: Stamp,
    recipient: str,
    translate: Translate,
    unread: int = 0,
    heads: Sequence[PaperHead] = (),
    paper: PaperSize = PaperSize.A4,
    clinic: ClinicPages = USUAL_PAGES,
    came: CameBefore | None = None,
    choice: PageChoice = ALL_RELEASED,
) -> tuple["Pictures", int]:
    """Return the pages that `make_page` would lock as a summary, to be looked at, and how many lines are released.

    Raises:
        NotAuthorized: an authorization in the record is not complete.
    """
    from kapnotes.export.summary import summary_pictures

    issue, count = _issue(Document.SUMMARY, record, maker, heads, made_at, recipient, unread, clinic, came, choice)
    return summary_pictures(record, patient, issue, translate=translate, page_size=paper), count


def _issue(
    document: Document,
    record: Record,
    maker: Member,
    heads: Sequence[PaperHead],
    made_at: Stamp,
    recipient: str,
    unread: int,
    clinic: ClinicPages,
    came: CameBefore | None,
    choice: PageChoice,
) -> tuple["Issue", int]:
    """Return the occasion of a page, and how many released lines it may hold.

    Of *heads* the page bears those of the compartments it may tell of: how many process notes there are is nobody's
    business where none is on the page.
    """
    from kapnotes.export.course import Issue

    released = released_from(record, made_at.local().date(), recipient, choice) if choice != NONE_RELEASED else ()
    shown = [head for head in heads if _tells_of(document, head, record, maker, has_notes=bool(released))]
    issue = Issue(
        made_at=made_at,
        made_by=maker.label,
        made_by_id=maker.member_id,
        recipient=recipient,
        clinic=clinic,
        unread=unread,
        heads=tuple(head.line for head in shown),
        seal="\n".join(head.full for head in shown),
        came_of=came.came if came is not None else (),
        came_unread=came.unread if came is not None else 0,
        choice=choice,
    )
    return issue, sum(len(part.entries) for part in released)


class _Pages(Protocol):
    """Makes one kind of pages, locked."""

    def __call__(
        self,
        record: Record,
        patient: PatientDetails | None,
        issue: "Issue",
        *,
        passphrase: str,
        entropy: Entropy,
        translate: Translate,
        page_size: str = "A4",
    ) -> bytes:
        """Return the bytes of a PDF."""
        ...


def _pages_of(document: Document) -> _Pages:
    from kapnotes.export.own_notes import own_notes_pdf
    from kapnotes.export.record import record_pdf
    from kapnotes.export.summary import summary_pdf

    return {Document.RECORD: record_pdf, Document.NOTES: own_notes_pdf}.get(document, summary_pdf)


def _tells_of(document: Document, head: PaperHead, record: Record, maker: Member, *, has_notes: bool) -> bool:
    """Tell whether *document* bears *head*: of process notes only where some are on it, and then their author's."""
    if head.compartment.kind is not CompartmentKind.THERAPY:
        return True
    if document is Document.NOTES:
        return record.persons.are_one(head.compartment.owner_id, maker.member_id)
    return has_notes


def _data(document: Document, record: Record, made_at: Stamp) -> bytes:
    from kapnotes.export.fhir_bundle import fhir_bundle
    from kapnotes.export.medical import MedicalRecord
    from kapnotes.export.session_csv import deidentified_csv, record_csv

    make = {Document.FHIR: fhir_bundle, Document.CSV: record_csv, Document.DEIDENTIFIED_CSV: deidentified_csv}
    return make[document](MedicalRecord(record), made_at)
