"""Signing one's own record of a session, and adding to it afterwards."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from kapnotes.app.saving import Saving
from kapnotes.app.worker import Submit
from kapnotes.domain.amending import HOW, AmendmentLine
from kapnotes.domain.clock import Stamp
from kapnotes.domain.completeness import missing
from kapnotes.domain.custody import LogHead, SignOff
from kapnotes.domain.entries import Addendum, Body, Entry, LateEntry, PlainBody, stands_after_sign_off
from kapnotes.domain.errors import InputOutput, KapnotesError, SavedElsewhere, SignedOff
from kapnotes.domain.members import MEDICAL, SHARED, Compartment, Member
from kapnotes.domain.moments import moment_at
from kapnotes.domain.record import Record
from kapnotes.domain.text import hidden_sign_at, one_line, storable
from kapnotes.domain.words import Translate

LONGEST_NAME, LONGEST_MEANING = 120, 2_000
"""Characters of a printed name or a credential, and of what a signature means with the reason for gaps."""


@dataclass(frozen=True, slots=True)
class Signature:
    """What a clinician puts under the own record, as it is printed. Source: 21 CFR 11.50."""

    name: str
    credential: str
    meaning: str

    def as_printed(self) -> "Signature":
        """Return it as a page shows it, each part in one line.

        Raises:
            KapnotesError: name or meaning is missing, a part is too long for a page, or has a sign that none shows.
        """
        name, credential, meaning = (one_line(storable(words)) for words in (self.name, self.credential, self.meaning))
        if not name or not meaning:
            raise KapnotesError("A signature needs a printed name and its meaning.")
        for words, most in ((name, LONGEST_NAME), (credential, LONGEST_NAME), (meaning, LONGEST_MEANING)):
            if len(words) > most:
                raise KapnotesError(
                    "Name and credential have at most {name} characters, the meaning {meaning}; one has {length}.",
                    name=LONGEST_NAME,
                    meaning=LONGEST_MEANING,
                    length=len(words),
                )
            if hidden_sign_at(words) is not None:
                raise KapnotesError("In the signature is a sign that nobody sees; no page would show it. Take it out.")
        return Signature(name, credential, meaning)


class Signable(Protocol):
    """What signing needs of the session."""

    member: Member
    scope_id: str
    record: Record
    saving: Saving

    def now(self) -> Stamp:
        """Return this moment."""
        ...

    def take_signed(self, entries: Sequence[Entry]) -> None:
        """Take the sign-offs that are on the disk now."""
        ...


class Signing:
    """The sign-off of one session by the member of one seat.

    A sign-off covers all that the member wrote: one entry for each compartment, all of them in one write. From the
    first key of it on nothing else is noted, so what it names is what stands on the disk.
    """

    def __init__(
        self,
        live: Signable,
        new_id: Callable[[], str],
        heads: Callable[[str, Compartment], tuple[LogHead, ...]],
        append: Callable[[Sequence[Entry]], None],
        submit: Submit,
    ) -> None:
        self._live = live
        self._new_id = new_id
        self._heads = heads
        self._append = append
        self._submit = submit
        self._is_under_way = False
        self._made: list[Entry] = []
        self._is_written = False
        """Whether what was made is on the disk and nobody was told yet."""
        self._is_sealed = False
        """Whether it is on another disk, sealed, until that of the vault takes it."""

    # ------------------------------------------------------------------------------------------ asking

    def parts(self) -> tuple[Compartment, ...]:
        """Return the compartments of the member's own record."""
        member = self._live.member
        medical = (MEDICAL,) if member.is_medical else ()
        therapy = (member.therapy,) if member.is_therapist else ()
        return (SHARED, *medical, *therapy)

    def signed(self) -> Entry | None:
        """Return the sign-off that is on the disk, or None."""
        signed = (self._live.record.signature(self._live.member.member_id, part) for part in self.parts())
        return next((entry for entry in signed if entry is not None), None)

    @property
    def is_under_way(self) -> bool:
        """Tell whether a sign-off was asked for and is not on the disk yet."""
        return self._is_under_way

    def is_closed(self, compartment: Compartment) -> bool:
        """Tell whether the member's record in *compartment* takes only amendments."""
        is_signed = self._live.record.is_signed(self._live.member.member_id, compartment)
        return is_signed or (self._is_under_way and compartment in self.parts())

    def require_open(self, compartment: Compartment, body: Body) -> None:
        """See that *body* may be noted.

        Raises:
            SignedOff: the record is signed, or is being signed; the line says how to add to it.
        """
        if not self.is_closed(compartment) or stands_after_sign_off(body):
            return
        signed = self.signed()
        if signed is None:
            raise SignedOff("The sign-off is not on the disk yet; nothing is noted meanwhile.")
        time = f"{signed.entered.local():%H:%M}"
        raise SignedOff("You signed at {time}. Add to it with a reason: {how}.", time=time, how=HOW)

    def require_all_open(self, compartment: Compartment, bodies: Iterable[Body]) -> None:
        """See that *bodies*, however many, may be noted; looked at one by one only where the record is closed.

        Raises:
            SignedOff: as `require_open` does of one.
        """
        if self.is_closed(compartment):
            for body in bodies:
                self.require_open(compartment, body)

    def missing(self, translate: Translate) -> tuple[str, ...]:
        """Return what the member's record lacks, a line each."""
        return missing(self._live.record, self._live.member, self._live.now(), translate)

    # ----------------------------------------------------------------------------------------- signing

    def sign(
        self,
        signature: Signature,
        done: Callable[[tuple[Entry, ...]], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Sign all of the member's own record as it stands; told as done once it is on the disk.

        Raises:
            SignedOff: it is signed already.
            KapnotesError: no page would show the signature (see `Signature.as_printed`).
        """
        if self._is_under_way:
            raise SignedOff("The sign-off is not on the disk yet; nothing is noted meanwhile.")
        if self.signed() is not None:
            raise SignedOff("You have signed this session already.")
        said = signature.as_printed()
        self._is_under_way = True

        def job() -> None:
            self._live.saving.write()
            self._made = self._made or self._entries(said)
            self.write_made()

        def is_done(_: None) -> None:
            done(self._finish())

        def is_not_done(error: Exception) -> None:
            if not self._made:  # nothing of it is on its way to the disk
                self._is_under_way = False
            failed(error)

        self._submit(job, is_done, is_not_done)

    def _entries(self, said: Signature) -> list[Entry]:
        live = self._live
        now = live.now()
        return [
            Entry(
                self._new_id(),
                live.scope_id,
                live.member.member_id,
                now,
                now,
                SignOff(part, said.name, said.credential, said.meaning, self._heads(live.scope_id, part)),
            )
            for part in self.parts()
        ]

    def write_made(self) -> None:
        """Write the sign-off that is on its way, if there is one. On the writer's thread.

        Raises:
            VaultError: it is not on the disk; the next try writes the same bytes.
        """
        if not self._made or self._is_written:
            return
        try:
            self._append(self._made)
            self._is_written = True
        except SavedElsewhere:
            self._is_sealed = True
            raise
        except InputOutput:
            raise
        except Exception:  # refused, for whatever reason: it never will be written, so it is not tried again
            self._made = []
            raise

    def retry(self) -> None:
        """Try again to write a sign-off that could not be written."""
        if self._is_under_way and self._made:

            def is_done(_: None) -> None:
                self._finish()

            self._submit(self.write_made, is_done, _nothing)

    def tell_the_rest(self) -> None:
        """Tell of a sign-off that is on a disk and of which nobody was told: its seat left while it waited."""
        if self._is_written or self._is_sealed:
            self._finish()

    def _finish(self) -> tuple[Entry, ...]:
        made, self._made = tuple(self._made), []
        self._is_under_way = self._is_written = self._is_sealed = False
        if made:
            self._live.take_signed(made)
        return made

    # ---------------------------------------------------------------------------------------- amending

    def amended(self, line: AmendmentLine, body: PlainBody) -> tuple[LateEntry | Addendum, Stamp | None]:
        """Return *body* as the amendment that *line* says, and when it happened; None is now.

        Raises:
            Implausible: that time was not in the session.
        """
        if line.at is None:
            return Addendum("", storable(line.reason), body), None
        happened = moment_at(self._live.record, *line.at, self._live.now())
        return LateEntry(storable(line.reason), body), happened


def _nothing(_: Exception) -> None:
    """It is tried again at the next tick."""
