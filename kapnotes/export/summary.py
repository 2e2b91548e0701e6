"""The integration-session summary: what the colleague reads in whose hands the next days lie."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from kapnotes.domain.entries import (
    Addendum,
    Correction,
    Entry,
    LateEntry,
    Narrative,
    PatientDetails,
    TherapyBody,
    content_of,
)
from kapnotes.domain.record import Record
from kapnotes.domain.release import Released, released_from
from kapnotes.domain.words import Translate
from kapnotes.export.course import Course, Issue
from kapnotes.export.pictures import Pictures

__all__ = ["Issue", "summary_pdf", "summary_pictures"]


def summary_pdf(
    record: Record,
    patient: PatientDetails | None,
    issue: Issue,
    *,
    passphrase: str,
    entropy: Callable[[int], bytes],
    translate: Translate,
    page_size: str = "A4",
) -> bytes:
    """Return the summary of *record* as a locked PDF; *page_size* is "A4" or "Letter".

    Of process notes it holds only what an authorization covers on the day it is made and for whom it is made (see
    `released_from`); the page is made from a record that has nothing else of them.

    Raises:
        NotAuthorized: an authorization in the record is not complete.
        BadPassphrase: the file format cannot carry the passphrase.
    """
    from kapnotes.export.encrypt import encrypted

    return encrypted(_unlocked(record, patient, issue, translate, page_size), passphrase, entropy)


def summary_pictures(
    record: Record, patient: PatientDetails | None, issue: Issue, *, translate: Translate, page_size: str = "A4"
) -> Pictures:
    """Return the very pages that `summary_pdf` locks, to be looked at; they are in memory alone.

    Raises:
        NotAuthorized: an authorization in the record is not complete.
    """
    return Pictures(_unlocked(record, patient, issue, translate, page_size, is_to_look_at=True))


def be_ready() -> None:
    """Load what the first pages would wait for: the library that makes them, and the typefaces."""
    from kapnotes.export import summary_page
    from kapnotes.export.fonts import Face, advances

    del summary_page
    for face in Face:
        advances(face)


def _unlocked(
    record: Record,
    patient: PatientDetails | None,
    issue: Issue,
    translate: Translate,
    page_size: str,
    *,
    is_to_look_at: bool = False,
) -> bytes:
    from kapnotes.export.summary_page import summary_page

    course, released = what_may_be_shown(record, patient, issue, translate)
    return summary_page(course, released, page_size, is_to_look_at=is_to_look_at)


def what_may_be_shown(
    record: Record, patient: PatientDetails | None, issue: Issue, translate: Translate
) -> tuple[Course, tuple[Released, ...]]:
    """Return the only course that a summary is made from, in whatever form, and the lines that were released for it.

    Raises:
        NotAuthorized: an authorization in the record is not complete.
    """
    on = issue.made_at.local().date()
    released = released_from(record, on, issue.recipient, issue.choice)
    course = Course(
        _without_the_rest(record, released),
        patient,
        issue,
        translate,
        doubtful=doubtful_without_therapy(record),
    )
    return course, released


def without_therapy(record: Record) -> Record:
    """Return *record* without anything from a therapist's process notes, and without what counts for nothing."""
    return Record((entry for entry in _counted(record) if not _is_therapy(record, entry)), record.persons)


def with_own_notes(record: Record, author_id: str) -> Record:
    """Return *record* without what other therapists wrote for themselves, and without what counts for nothing."""
    are_one = record.persons.are_one
    own = (one for one in _counted(record) if are_one(one.author_id, author_id) or not _is_therapy(record, one))
    return Record(own, record.persons)


def doubtful_without_therapy(record: Record) -> tuple[Entry, ...]:
    """Return what counts for nothing and is not from process notes, of which not even a trace goes on a page."""
    return tuple(entry for entry in record.doubtful if not _is_therapy(record, entry))


def _without_the_rest(record: Record, released: tuple[Released, ...]) -> Record:
    """Return *record* with released lines and the narrative as they stand now, and nothing else from therapy.

    That such a line was added afterwards stays to be seen; why is the therapist's own word, so it does not.
    """
    standing = {(entry.author_id, entry.entry_id): entry for one in released for entry in one.entries}
    standing |= {(entry.author_id, entry.entry_id): entry for entry, _ in record.of(Narrative)}
    kept: list[Entry] = []
    for entry in _counted(record):
        if not _is_therapy(record, entry):
            kept.append(entry)
        elif (entry.author_id, entry.entry_id) in standing:
            kept.append(_without_reason(entry, standing[entry.author_id, entry.entry_id]))
    return Record(kept, record.persons)


def _without_reason(original: Entry, standing: Entry) -> Entry:
    """Return a line of process notes as it stands, still marked as added later if it was, but not why."""
    if not isinstance(original.body, LateEntry | Addendum) or not isinstance(standing.body, TherapyBody):
        return standing
    return replace(original, body=replace(original.body, reason="", body=standing.body))


def _counted(record: Record) -> Iterator[Entry]:
    """Give the entries that count; the doubtful ones are told beside the record."""
    doubtful = set(record.doubtful)
    return (entry for entry in record.entries if entry not in doubtful) if doubtful else iter(record.entries)


def _is_therapy(record: Record, entry: Entry) -> bool:
    """Tell whether *entry* is from therapy, or corrects what is, or corrects what this seat cannot read.

    A correction of a correction is followed to what it corrects in the end.
    """
    seen: set[str] = set()
    body = entry.body
    while isinstance(body, Correction):
        if isinstance(body.replacement, TherapyBody) or body.target_id in seen:
            return True
        seen.add(body.target_id)
        target = record.entry(body.target_id, entry.author_id) or record.entry(body.target_id)
        if target is None:
            return True
        body = target.body
    return isinstance(content_of(body), TherapyBody)
