"""A second member signs one entry of a session with the own passphrase: no seat is opened, and the keys go at once."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from kapnotes.app.failed_sign_ins import report_failed_sign_ins
from kapnotes.app.pending import Written
from kapnotes.domain.countersigning import candidates, digest, meaning_of, second_members
from kapnotes.domain.drug_entries import Countersignature
from kapnotes.domain.entries import Entry
from kapnotes.domain.errors import KapnotesError, ReadOnly, SavedElsewhere, WrongPassphrase
from kapnotes.domain.members import SHARED, Member
from kapnotes.domain.text import one_line, storable

if TYPE_CHECKING:
    from kapnotes.app.live_session import LiveSession
    from kapnotes.app.seat import Seat
    from kapnotes.vault.library import Keyring

Failed = Callable[[Exception], None]


class Countersigning:
    """What a second member signs in a session that one *seat* has open."""

    def __init__(self, seat: "Seat", live: "LiveSession") -> None:
        self._seat = seat
        self._house = seat.program
        self._live = live

    def targets(self) -> Sequence[Entry]:
        """Return the doses, settings of the infusion and wastes that can be countersigned, the newest first."""
        return candidates(self._live.record)

    def members(self, target: Entry) -> Sequence[Member]:
        """Return who may sign: every member of this vault but the author of *target*."""
        return second_members(self._live.record, target, self._house.library.members())

    def sign(
        self, target: Entry, member: Member, passphrase: str, done: Callable[[Entry], None], failed: Failed
    ) -> None:
        """Let *member* sign *target* as it stands; told as done once the signature is on the disk.

        The passphrase is looked at on the way of every sign-in, so a wrong one counts as a failed sign-in. What is
        signed is what stands when this is called.

        Raises:
            KapnotesError: it was taken back, or that member may not sign it.
        """
        live, record = self._live, self._live.record
        if live.is_read_only:
            raise ReadOnly("Read only: nothing can be noted here.")
        stands = record.as_it_stands(target)
        if stands is None:
            raise KapnotesError("That entry was taken back.")
        if member not in self.members(stands):
            raise KapnotesError("Somebody else signs this: its author noted it.")
        name, _, credential = member.label.rpartition(",")
        said = Countersignature(
            target_id=stands.entry_id,
            target_author_id=stands.author_id,
            sha256=digest(record, stands),
            meaning=meaning_of(stands.body),
            name=one_line(storable(name or member.label)),
            credential=one_line(storable(credential)) if name else "",
        )
        library, house = self._house.library, self._house

        def refused(error: Exception) -> None:
            if isinstance(error, WrongPassphrase):
                report = partial(report_failed_sign_ins, self._seat, library)
                house.worker.submit(report, _nothing, house.tell_trouble)
            failed(error)

        seat = house.seat_of(member)
        if seat is not None:  # who sits here keeps the keys; the passphrase is asked for all the same

            def recognised(_: None) -> None:
                self._write(seat.keyring, said, done, failed, drops_keys=False)

            house.slow_worker.submit(partial(library.recognise, seat.keyring, passphrase), recognised, refused)
            return

        def unlocked(keyring: "Keyring") -> None:
            self._write(keyring, said, done, failed, drops_keys=True)

        # a session is running: what is owed of keys waits for a sign-in that sits down
        unlock = partial(library.unlock, member.label, passphrase, may_change_keys=False)
        house.slow_worker.submit(unlock, unlocked, refused)

    def _write(
        self,
        keyring: "Keyring",
        said: Countersignature,
        done: Callable[[Entry], None],
        failed: Failed,
        *,
        drops_keys: bool,
    ) -> None:
        house, live = self._house, self._live
        now = house.clock.now()
        entry = Entry(house.new_id(), live.scope_id, keyring.member.member_id, now, now, said)

        def job() -> None:
            try:
                house.library.append(keyring, SHARED, entry, patient_id=live.patient_id)
                house.written(Written(SHARED, entry))
            except SavedElsewhere:  # sealed on another disk until the vault's takes it: it needs no key any more
                pass
            finally:
                if drops_keys:
                    house.library.lock(keyring)

        def is_written(_: None) -> None:
            live.take_signed((entry,))
            done(entry)

        house.worker.submit(job, is_written, failed)


def _nothing(_: None) -> None:
    """Nobody waits for this outcome."""
