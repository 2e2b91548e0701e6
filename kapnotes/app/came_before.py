"""What came of the earlier sessions with a patient, read for the next summary, one session at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from kapnotes.app.seat import Seat
from kapnotes.domain.came_of_it import CameOfIt, came_of_it
from kapnotes.domain.entries import Entry
from kapnotes.domain.errors import VaultError
from kapnotes.domain.follow_up import FollowUp
from kapnotes.domain.members import SHARED, CompartmentKind
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
    """
    worker = seat.program.worker
    records: list[Record] = []
    unread: list[str] = []

    def earlier() -> list[str]:
        if all(place.kind is not CompartmentKind.THERAPY for place in seat.keyring.compartments):
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

    def finish(_: None) -> None:
        done(CameBefore(came_of_it(records), len(unread)))

    def read_each(found: list[str]) -> None:
        for one in found:
            worker.submit(partial(_read, seat, one), take, failed)
        worker.submit(_at_once, finish, failed)

    worker.submit(earlier, read_each, failed)


def _read(seat: Seat, scope_id: str) -> tuple[Record | None, bool]:
    """Return the session where it was followed up, and whether all of it could be read. On the writer's thread."""
    library, keyring = seat.program.library, seat.keyring
    found: list[Entry] = []
    is_whole = True
    try:
        for place in keyring.compartments:
            if place.kind is CompartmentKind.THERAPY:
                back = library.read(keyring, scope_id, only=place)
                found += back.entries
                is_whole = is_whole and not (back.findings or back.refused)
        if not any(isinstance(entry.body, FollowUp) for entry in found):
            return None, is_whole
        shared = library.read(keyring, scope_id, only=SHARED)
    except VaultError:
        return None, False
    return Record([*shared.entries, *found], library.persons), is_whole


def _at_once() -> None:
    """Be done when all that was submitted before is done."""
