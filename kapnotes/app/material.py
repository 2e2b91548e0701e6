"""What the pages of one session are made from, as one value: a new fact is added in one place."""

from dataclasses import dataclass, field

from kapnotes.app.came_before import CameBefore
from kapnotes.domain.clinic_pages import USUAL_PAGES, ClinicPages
from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import Entry, PatientDetails
from kapnotes.domain.members import Member, Persons
from kapnotes.domain.page_choice import ALL_RELEASED, PageChoice
from kapnotes.domain.paper_head import PaperHead
from kapnotes.domain.paper_size import PaperSize
from kapnotes.domain.record import Record


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What stands on pages and is not in the session's record; read from the vault."""

    patient: PatientDetails | None = None
    heads: tuple[PaperHead, ...] = ()
    clinic: ClinicPages = USUAL_PAGES
    came: CameBefore = field(default_factory=CameBefore)

    def __repr__(self) -> str:
        return f"<facts beside a record, {len(self.heads)} heads>"


@dataclass(frozen=True, slots=True)
class Material:
    """The record as its maker reads it, all that stands on pages beside it, and the occasion on which they are made.

    `half_typed` is what would be entered before the pages are saved. `unread` counts the entries of the session that
    could not be read. A summary shows of what it may show what `choice` takes.
    """

    entries: tuple[Entry, ...]
    maker: Member
    made_at: Stamp
    recipient: str
    persons: Persons = field(default_factory=Persons)
    half_typed: tuple[Entry, ...] = ()
    unread: int = 0
    paper: PaperSize = PaperSize.A4
    choice: PageChoice = ALL_RELEASED
    facts: PageFacts = field(default_factory=PageFacts)

    def __repr__(self) -> str:
        return f"<material for pages, {len(self.entries)} entries>"

    def record(self) -> Record:
        """Return the record with what is half-typed entered; worked out where the pages are made."""
        return Record((*self.entries, *self.half_typed), self.persons)
