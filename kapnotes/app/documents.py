"""What leaves of a session, each kind of it, and how its bytes are made; putting them somewhere is `app.paper`'s."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from kapnotes.app.material import Material
from kapnotes.app.profile import Entropy
from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import PatientDetails
from kapnotes.domain.errors import NotEntitled
from kapnotes.domain.members import CompartmentKind
from kapnotes.domain.page_choice import NONE_RELEASED, PageChoice
from kapnotes.domain.paper_head import PaperHead
from kapnotes.domain.record import Record
from kapnotes.domain.release import released_from
from kapnotes.domain.words import Translate

if TYPE_CHECKING:
    from kapnotes.export.course import Issue
    from kapnotes.export.pictures import Picture, Pictures

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


@dataclass(frozen=True, slots=True)
class Look:
    """Which page is looked at, from 0, how many pixels wide, and whether in its own colours."""

    number: int = 0
    width_px: int = 600
    is_in_colour: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """The pages of a summary to be looked at, how many released lines are on them, and the one that is in view."""

    pages: "Pictures"
    released_count: int
    number: int
    picture: "Picture"


def make_page(document: Document, material: Material, *, entropy: Entropy, translate: Translate) -> Page:
    """Return *document* of *material*; which process notes may be on it is decided where the pages are made.

    In data there are none, released or not; a summary has of those that are released the ones that are chosen, and what
    came of the earlier sessions. The notes themselves are their author's alone.

    Raises:
        NotEntitled: the maker is no therapist, and these are the notes.
    """
    if document is Document.NOTES and not material.maker.is_therapist:
        raise NotEntitled("Process notes leave with the therapist who wrote them alone.")
    record, patient = material.record(), material.facts.patient
    if document.is_data:
        return Page(document, _data(document, record, material.made_at), "", 0)
    issue, count = _issue(document, record, material, material.choice if document.is_summary else NONE_RELEASED)
    if document is Document.TEXT:
        from kapnotes.export.summary_text import summary_text  # here, because a start that makes none need not wait

        said = summary_text(record, patient, issue, translate=translate)
        return Page(document, said.encode(), "", count)
    passphrase, size = new_page_passphrase(entropy), material.paper
    make = _pages_of(document)
    content = make(record, patient, issue, passphrase=passphrase, entropy=entropy, translate=translate, page_size=size)
    if document is Document.DOCUMENT_REFERENCE:
        from kapnotes.export.fhir_document import document_reference

        content = document_reference(record, content, issue, material.maker, released_count=count)
    return Page(document, content, passphrase, count)


def make_pictures(material: Material, look: Look, *, translate: Translate) -> Drawn:
    """Return the pages that `make_page` would lock as a summary, to be looked at, the one at *look* drawn.

    Where there are fewer pages, that is the last one.

    Raises:
        NotAuthorized: an authorization in the record is not complete.
    """
    from kapnotes.export.summary import summary_pictures

    record = material.record()
    issue, count = _issue(Document.SUMMARY, record, material, material.choice)
    pages = summary_pictures(record, material.facts.patient, issue, translate=translate, page_size=material.paper)
    return Drawn(pages, count, *draw_page(pages, look))


def draw_page(pages: "Pictures", look: Look) -> tuple[int, "Picture"]:
    """Return which of *pages* is seen at *look*, and its picture."""
    number = min(max(0, look.number), len(pages) - 1)
    return number, pages.picture(number, look.width_px, is_in_colour=look.is_in_colour)


def be_ready() -> None:
    """Load what the first pages would wait for."""
    from kapnotes.export.summary import be_ready as make_ready

    make_ready()


def _issue(document: Document, record: Record, material: Material, choice: PageChoice) -> tuple["Issue", int]:
    """Return the occasion of a page, and how many released lines it may hold.

    Of the heads the page bears those of the compartments it may tell of: how many process notes there are is nobody's
    business where none is on the page.
    """
    from kapnotes.export.course import Issue

    maker, made_at, recipient, facts = material.maker, material.made_at, material.recipient, material.facts
    released = released_from(record, made_at.local().date(), recipient, choice) if choice != NONE_RELEASED else ()
    shown = [
        head for head in facts.heads if _tells_of(document, head, record, maker.member_id, has_notes=bool(released))
    ]
    issue = Issue(
        made_at=made_at,
        made_by=maker.label,
        made_by_id=maker.member_id,
        recipient=recipient,
        clinic=facts.clinic,
        unread=material.unread,
        heads=tuple(head.line for head in shown),
        seal="\n".join(head.full for head in shown),
        came_of=facts.came.came,
        came_unread=facts.came.unread,
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


def _tells_of(document: Document, head: PaperHead, record: Record, maker_id: str, *, has_notes: bool) -> bool:
    """Tell whether *document* bears *head*: of process notes only where some are on it, and then their author's."""
    if head.compartment.kind is not CompartmentKind.THERAPY:
        return True
    if document is Document.NOTES:
        return record.persons.are_one(head.compartment.owner_id, maker_id)
    return has_notes


def _data(document: Document, record: Record, made_at: Stamp) -> bytes:
    from kapnotes.export.fhir_bundle import fhir_bundle
    from kapnotes.export.medical import MedicalRecord
    from kapnotes.export.session_csv import deidentified_csv, record_csv

    make = {Document.FHIR: fhir_bundle, Document.CSV: record_csv, Document.DEIDENTIFIED_CSV: deidentified_csv}
    return make[document](MedicalRecord(record), made_at)
