"""The facts of one session that every page needs, worked out once: T+0, the people, times as they are printed."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from kapnotes.domain.came_of_it import CameOfIt
from kapnotes.domain.clinic_pages import USUAL_PAGES, ClinicPages
from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import Correction, Entry, LateEntry, PatientDetails
from kapnotes.domain.figure import MINUS
from kapnotes.domain.infusion import Segment
from kapnotes.domain.members import Role
from kapnotes.domain.page_choice import ALL_RELEASED, PageChoice
from kapnotes.domain.record import Record
from kapnotes.domain.schedule import missed_slots_s
from kapnotes.domain.time_axis import elapsed_text, end_of
from kapnotes.domain.words import Translate
from kapnotes.export.page_words import clock_time, date_and_time


@dataclass(frozen=True, slots=True)
class Issue:
    """What the maker of a page hands in beside the record.

    `heads` are lines as "KAP-HEAD medical 1482 7F3A-91C0-…", `seal` is the same with all 256 bits, for a QR code;
    `came_of` is what came of the earlier sessions of the course, and `came_unread` how many of them could not be read;
    `made_by_id` is the maker's member id, by which the page knows whose process notes it cannot see and calls them not
    "nothing"; `clinic` is what the clinic says on every summary; `choice` is what was chosen of what the page may show,
    and which of its parts are left out; `unread` counts the entries of the session that could not be read, damaged or
    refused.
    """

    made_at: Stamp
    made_by: str
    recipient: str
    clinic: ClinicPages = USUAL_PAGES
    heads: tuple[str, ...] = ()
    seal: str = ""
    made_by_id: str = ""
    unread: int = 0
    came_of: tuple[CameOfIt, ...] = ()
    came_unread: int = 0
    choice: PageChoice = ALL_RELEASED

    @property
    def code(self) -> str:
        """Return what the QR code of the page says: nothing where the page names no heads."""
        return self.seal if self.heads else ""


class Course:
    """One session and one page's occasion, with the questions that all parts of the page ask.

    *record* is what the page may show; `doubtful` are entries that count for nothing (see `Record.doubtful`).
    """

    def __init__(
        self,
        record: Record,
        patient: PatientDetails | None,
        issue: Issue,
        translate: Translate,
        *,
        doubtful: tuple[Entry, ...] = (),
    ) -> None:
        self.record = record
        self.doubtful = doubtful
        self.patient = patient
        self.issue = issue
        self.until = end_of(record, issue.made_at)
        self.first_dose = record.first_dose
        self.baseline = record.baseline
        self.translate = translate
        people = record.opened.participants if record.opened is not None else ()
        self._labels = {record.persons.began(person.member_id): person.label for person in people}

    def position(self, entry: Entry) -> float:
        """Return seconds from the opening of the session, to sort by."""
        return self.record.position_s(entry.happened)

    def given_mg(self) -> Decimal:
        """Return what was given in all; rescue drugs do not count."""
        return self.record.given_mg(self.issue.made_at)

    def segments(self) -> list[Segment]:
        """Return the stretches of the infusion, as the total counts them."""
        return self.record.segments(self.issue.made_at)

    def per_kg(self, amount_mg: Decimal) -> Decimal | None:
        """Return mg per kg by this session's weight, None where no weight was noted."""
        weight_kg = self.record.opened.weight_kg if self.record.opened is not None else None
        return (amount_mg / weight_kg).quantize(Decimal("0.01")) if weight_kg is not None and weight_kg > 0 else None

    def other_therapists(self) -> tuple[str, ...]:
        """Return the therapists who were in the room beside the maker, who cannot read their process notes."""
        people = self.record.opened.participants if self.record.opened is not None else ()
        others = (one for one in people if not self.record.persons.are_one(one.member_id, self.issue.made_by_id))
        return tuple(one.label for one in others if Role.THERAPIST in one.roles)

    def person(self, member_id: str) -> str:
        """Return the label of that member, or the beginning of the id where nobody of that id took part."""
        known = self._labels.get(self.record.persons.began(member_id))
        return known or self.translate("Page", "member {id}").format(id=member_id[:8])

    def elapsed(self, stamp: Stamp) -> str:
        """Return the T+ time as h:mm, nothing where there was no dose."""
        return "" if self.first_dose is None else elapsed_text(self.record.between_s(self.first_dose, stamp))

    def elapsed_at(self, stamp: Stamp) -> str:
        """Return T+h:mm for the run of a text, the clock time where there was no dose."""
        return clock_time(stamp) if self.first_dose is None else t_plus(self.elapsed(stamp))

    def missed_s(self) -> tuple[float, ...]:
        """Return the slots without any entry, in seconds after the first dose."""
        return missed_slots_s(self.record, self.until)

    def corrections(self) -> Iterator[tuple[Entry, Correction]]:
        """Give the corrections in the order in which they were entered."""
        for entry in self.record.entries:
            if isinstance(entry.body, Correction):
                yield entry, entry.body

    def added_later(self) -> list[Entry]:
        """Return what was entered long after it happened or added as an amendment, corrections aside."""
        standing = self.record.standing()
        return [
            entry for entry in standing if self.record.is_late(entry) or self.record.amendment_of(entry) is not None
        ]

    def how_added(self, entry: Entry) -> str:
        """Return as what *entry* was added and why, where it is an amendment; nothing for any other."""
        amendment = self.record.amendment_of(entry)
        if amendment is None:
            return ""
        if isinstance(amendment, LateEntry):
            kind = self.translate("Page", "late entry")
        else:
            kind = self.translate("Page", "addendum")
        if self.record.is_after_signature(entry):
            kind = self.translate("Page", "{kind}, after the signature").format(kind=kind)
        words = self.translate("Page", "{kind}: {reason}")
        return words.format(kind=kind, reason=amendment.reason) if amendment.reason else kind

    def remarks(self, entry: Entry) -> list[str]:
        """Return what a table must say about how an entry came about: late, corrected."""
        said: list[str] = []
        added = self.how_added(entry)
        if self.record.is_late(entry) or added:
            words = self.translate("Page", "entered {when}") if added else self.translate("Page", "late entry {when}")
            is_same_day = entry.entered.local().date() == entry.happened.local().date()
            when = clock_time(entry.entered) if is_same_day else date_and_time(entry.entered.local(), self.translate)
            said.append(words.format(when=when))
        if added:
            said.insert(0, added)
        if self.record.corrections_of(entry.entry_id, entry.author_id):
            said.append(self.translate("Page", "corrected"))
        return said


def t_plus(elapsed: str) -> str:
    """Return h:mm as T+h:mm, or T with a minus before the first dose."""
    return f"T{elapsed}" if elapsed.startswith(MINUS) else f"T+{elapsed}"
