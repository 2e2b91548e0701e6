"""Deleting a patient for good: who may, when, and what has to be closed before."""

from collections.abc import Callable
from functools import partial

from kapnotes.app.program import Program
from kapnotes.app.seat import PatientCard, Seat
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.members import Role


class DeletingDesk:
    """What an administrator's seat can do about patients who are to be forgotten."""

    def __init__(self, program: Program, seat: Seat) -> None:
        self._program = program
        self._seat = seat

    def patients(self, done: Callable[[list[PatientCard]], None], failed: Callable[[Exception], None]) -> None:
        """Tell *done* whom this seat can delete.

        Raises:
            KapnotesError: the member is no administrator, or a session is running.
        """
        if Role.ADMIN not in self._seat.member.roles:
            raise KapnotesError("Only an administrator deletes a patient.")
        self._see_that_no_session_runs()
        self._seat.list_patients(done, failed)

    def delete(
        self,
        card: PatientCard,
        typed_code: str,
        done: Callable[[None], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Destroy the patient's keys. Other seats that have the patient's record open are locked first.

        Raises:
            KapnotesError: the code differs, a session is running, or this very seat has the record open.
        """
        if typed_code.strip().casefold() != card.details.code.casefold():
            raise KapnotesError("Type the patient's code once more, as it stands above.")
        self._see_that_no_session_runs()
        if _has_open(self._seat, card.patient_id):
            raise KapnotesError("You had this patient's record open: lock, sign in again, and then delete the patient.")
        for seat in tuple(self._program.seats):
            if _has_open(seat, card.patient_id):
                self._program.lock(seat)
        delete = partial(self._program.library.shredder.delete, self._seat.keyring, [card.patient_id])

        def deleted(_: None) -> None:
            self._program.keep_anchors()
            done(None)

        # behind the locks, which are on the writer's thread as well
        self._program.worker.submit(delete, deleted, failed)

    def _see_that_no_session_runs(self) -> None:
        if self._program.sessions.is_any_running:
            raise KapnotesError("A session is running; a patient is deleted when it is closed.")


def _has_open(seat: Seat, patient_id: str) -> bool:
    return any(live.patient_id == patient_id for live in seat.live.values())
