"""What came of the earlier sessions with a patient, read for the next summary, one session at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from kapnotes.app.seat import Seat
from kapnotes.domain.came_of_it import CameOfIt, came_of_it
from kapnotes.domain.entries import Entry
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.follow_up import FollowUp
from kapnotes.domain.members import SHARED, Compartment, CompartmentKind
from kapnotes.domain.record import Record


@dataclass(frozen=True, slots=True)
class CameBefore:
    """The follow-ups of the sessions before one, as one member can read them.

    `unread` counts the sessions that could not be read, or not all of them.
    """

    came: tuple[CameOfIt, ...] = ()
    unread: int = 0

    def __repr__(self) -> str:
        return f"<{len(self.came)} follow-ups>"


def read_came_before(
    seat: Seat, scope_id: str, patient_id: str, done: Callable[[CameBefore], None], failed: Callable[[Exception], None]
) -> None:
    """Tell *done* what came of the patient's sessions before *scope_id*; of who holds no process notes, nothing.

    Each session is read in a job of its own, so that a note that is entered meanwhile never waits for all of them.
    One that cannot be read is counted: for its sake the next summary is not refused. *failed* hears of no more than
    one fault, and then *done* hears nothing.
    """
    worker = seat.program.worker
    records: list[Record] = []
    unread: list[str] = []
    faults: list[Exception] = []

    def earlier() -> list[str]:
        if not any(place.kind is CompartmentKind.THERAPY for place in _places(seat)):
            return []
        scopes = seat.program.library.scopes(seat.keyring, newest_first=False)
        course = [one.scope_id for one in scopes if one.patient_id == patient_id != one.scope_id]
        return course[: course.index(scope_id)] if scope_id in course else course

    def take(read: tuple[Record | None, bool]) -> None:
        record, is_whole = read
        if record is not None:
            records.append(record)
        if not is_whole:
            unread.append("")

    def fail(error: Exception) -> None:
        faults.append(error)
        if len(faults) == 1:
            failed(error)

    def finish(_: None) -> None:
        if not faults:
            done(CameBefore(came_of_it(records), len(unread)))

    def read_each(found: list[str]) -> None:
        for one in found:
            worker.submit(partial(_read, seat, one), take, fail)
        worker.submit(_at_once, finish, fail)

    worker.submit(earlier, read_each, fail)


def _places(seat: Seat) -> tuple[Compartment, ...]:
    """Return what the member holds, also what did not open at the sign-in: nobody takes that for empty."""
    return (*seat.keyring.compartments, *seat.keyring.unopened)


def _read(seat: Seat, scope_id: str) -> tuple[Record | None, bool]:
    """Return the session where it was followed up, and whether all of it could be read. On the writer's thread."""
    library, keyring = seat.program.library, seat.keyring
    found: list[Entry] = []
    is_whole = True
    try:
        keyring.see_that_it_is_unlocked()
        for place in _places(seat):
            if place.kind is CompartmentKind.THERAPY:
                back = library.read(keyring, scope_id, only=place)
                found += back.entries
                is_whole = is_whole and not (back.findings or back.refused)
        if not any(isinstance(entry.body, FollowUp) for entry in found):
            return None, is_whole
        shared = library.read(keyring, scope_id, only=SHARED)
    except (KapnotesError, MemoryError):  # a file that does not open, keys that are gone, a session too large
        return None, False
    return Record([*shared.entries, *found], library.persons), is_whole


def _at_once() -> None:
    """Be done when all that was submitted before is done."""
