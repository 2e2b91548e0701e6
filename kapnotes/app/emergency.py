"""A seat that the medical recovery sheet opened in an emergency: it reads sessions and their medical course."""

from collections.abc import Callable
from dataclasses import dataclass

from kapnotes.app.seat import Seat, SessionCard
from kapnotes.domain.entries import Dose, Entry, Infusion, PatientDetails
from kapnotes.domain.record import Record


@dataclass(frozen=True, slots=True)
class Course:
    """The medical course of one session, without any process note; `unread` counts entries that cannot be read."""

    card: SessionCard
    record: Record
    patient: PatientDetails | None
    unread: int

    def last_given(self, *, is_rescue: bool) -> Entry | None:
        """Return the newest dose or change of an infusion, or the newest rescue drug; None where there is none."""
        found = None
        for entry in self.record.standing():
            if isinstance(entry.body, Dose) and entry.body.is_rescue is is_rescue:
                found = entry
            if isinstance(entry.body, Infusion) and not is_rescue:
                found = entry
        return found


class EmergencySeat(Seat):
    """Nobody's own seat: the paper is its key, and that it was used stands in `shared` already."""

    @property
    def has_passphrase(self) -> bool:
        """Tell that only the paper opens it again."""
        return False

    @property
    def is_read_only(self) -> bool:
        """Tell that nothing is written from here; the vault refuses it, too."""
        return True

    def is_in_room(self) -> bool:
        """Tell that whoever reads is with the patient, so that a cover gives way to a key for longer."""
        return True

    def read_course(
        self, card: SessionCard, done: Callable[[Course], None], failed: Callable[[Exception], None]
    ) -> None:
        """Tell *done* the medical course of a session as it is on the disk now."""

        def job() -> Course:
            back = self.program.library.read(self.keyring, card.scope_id)
            details = self.patient_details(card.patient_id)
            return Course(card, self.record_of(back), details, len(back.findings) + len(back.refused))

        self.program.worker.submit(job, done, failed)
