"""What leaves of a session, each kind of it, and how its bytes are made; putting them somewhere is `app.paper`'s."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from kapnotes.app.came_before import CameBefore
from kapnotes.app.profile import Entropy
from kapnotes.domain.clinic_pages import USUAL_PAGES, ClinicPages
from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import PatientDetails
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
    *came*, which is what came of the earlier sessions.
    """
    if not document.is_encrypted:
        return Page(document, _data(document, record, made_at), "", 0)
    from kapnotes.export.record import record_pdf  # here, because a start that makes no page need not wait for it
    from kapnotes.export.summary import summary_pdf

    is_summary = document is Document.SUMMARY
    choice = choice if is_summary else NONE_RELEASED
    issue, count = _issue(record, maker, heads, made_at, recipient, unread, clinic, came, choice)
    passphrase = new_page_passphrase(entropy)
    make = summary_pdf if is_summary else record_pdf
    content = make(record, patient, issue, passphrase=passphrase, entropy=entropy, translate=translate, page_size=paper)
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

    issue, count = _issue(record, maker, heads, made_at, recipient, unread, clinic, came, choice)
    return summary_pictures(record, patient, issue, translate=translate, page_size=paper), count


def _issue(
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
    shown = [head for head in heads if released or head.compartment.kind is not CompartmentKind.THERAPY]
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


def _data(document: Document, record: Record, made_at: Stamp) -> bytes:
    from kapnotes.export.fhir_bundle import fhir_bundle
    from kapnotes.export.medical import MedicalRecord
    from kapnotes.export.session_csv import deidentified_csv, record_csv

    make = {Document.FHIR: fhir_bundle, Document.CSV: record_csv, Document.DEIDENTIFIED_CSV: deidentified_csv}
    return make[document](MedicalRecord(record), made_at)
