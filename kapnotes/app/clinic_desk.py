"""What the clinic agreed on, for whoever is signed in: read, signed version by version, withdrawn, never deleted."""

from collections.abc import Callable, Iterable

from kapnotes.app.presets import Preset, shipped_protocols
from kapnotes.app.seat import Seat
from kapnotes.app.signing import Signature
from kapnotes.domain.audit_acts import CLINIC_PAGES_KEPT, DRUGS_KEPT, PROTOCOL_SIGNED, PROTOCOL_WITHDRAWN
from kapnotes.domain.clinic import (
    CLINIC_SCOPE,
    ProtocolInUse,
    ProtocolSigned,
    ProtocolWithdrawn,
    RescueDrug,
    RescueDrugs,
)
from kapnotes.domain.clinic_book import ClinicBook, ProtocolVersion
from kapnotes.domain.clinic_pages import ClinicPages
from kapnotes.domain.entries import Body
from kapnotes.domain.errors import KapnotesError, NotEntitled, ReadOnly
from kapnotes.domain.members import SHARED
from kapnotes.domain.protocol_draft import Written
from kapnotes.domain.text import one_line, storable

Done = Callable[[ClinicBook], None]
Failed = Callable[[Exception], None]


class ClinicDesk:
    """The clinic's protocols and drugs as one seat sees them. Reading and writing happen on the writer's thread."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat
        self.book = ClinicBook()
        """As it was read last."""

    def read(self, done: Done, failed: Failed) -> None:
        """Tell *done* what is kept now."""
        self._seat.program.worker.submit(self.read_now, self._told(done), failed)

    def read_now(self) -> ClinicBook:
        """Return what is kept now. On the writer's thread."""
        back = self._seat.program.library.read(self._seat.keyring, CLINIC_SCOPE, only=SHARED)
        return ClinicBook(back.entries, len(back.findings) + len(back.refused))

    def _told(self, done: Done) -> Done:
        def take(book: ClinicBook) -> None:
            self.book = book
            self._seat.drugs = book.drugs
            done(book)

        return take

    def presets(self) -> tuple[Preset, ...]:
        """Return what a session may begin by: the clinic's own, newest first, then what is shipped and not replaced."""
        return offered(self.book)

    def sign(self, written: Written, signature: Signature, done: Done, failed: Failed) -> None:
        """Keep *written* as the next version of its protocol, signed.

        Raises:
            KapnotesError: the signature is not complete, or the member may not sign.
        """
        self._require_clinician()
        said = signature.as_printed()
        if not said.credential:
            raise KapnotesError("A signature is a printed name, a credential, and what it means.")
        body = ProtocolSigned(written.protocol.name, written.text, said.name, said.credential, said.meaning)
        self._keep(body, PROTOCOL_SIGNED, f"{written.protocol.name} {written.protocol.version}", done, failed)

    def withdraw(self, version: ProtocolVersion, reason: str, done: Done, failed: Failed) -> None:
        """Offer *version* no more.

        Raises:
            KapnotesError: there is no reason, or it is withdrawn already, or the member may not.
        """
        self._require_clinician()
        words = one_line(storable(reason))
        if not words:
            raise KapnotesError("Say why the version is withdrawn.")
        if version.withdrawn:
            raise KapnotesError("This version is withdrawn already.")
        body = ProtocolWithdrawn(version.entry_id, version.author_id, words)
        named = f"{version.signed.name} {version.protocol.version if version.protocol is not None else version.number}"
        self._keep(body, PROTOCOL_WITHDRAWN, named, done, failed)

    def keep_drugs(self, drugs: Iterable[RescueDrug], done: Done, failed: Failed) -> None:
        """Keep the list of rescue and adjunct drugs as it is from now on.

        Raises:
            KapnotesError: the member may not.
        """
        self._require_clinician()
        self._keep(RescueDrugs(tuple(drugs)), DRUGS_KEPT, "", done, failed)

    def keep_pages(self, pages: ClinicPages, done: Done, failed: Failed) -> None:
        """Keep what every summary says for the clinic from now on.

        Raises:
            KapnotesError: the member may not.
        """
        self._require_clinician()
        self._keep(pages, CLINIC_PAGES_KEPT, "", done, failed)

    def _keep(self, body: Body, action: str, subject: str, done: Done, failed: Failed) -> None:
        def job() -> ClinicBook:
            self._seat.write_now(body, CLINIC_SCOPE, CLINIC_SCOPE)
            self._seat.audit_now(action, subject)
            return self.read_now()

        self._seat.program.worker.submit(job, self._told(done), failed)

    def _require_clinician(self) -> None:
        if self._seat.is_read_only:
            raise ReadOnly("Read only: nothing can be noted here.")
        if not self._seat.member.is_medical and not self._seat.member.is_therapist:
            raise NotEntitled("What the clinic agrees on is kept by clinicians.")


def offered(book: ClinicBook) -> tuple[Preset, ...]:
    """Return the newest standing version of each protocol, the clinic's own first, then the shipped ones."""
    own = tuple(
        Preset(one.protocol, one.signed.text, in_use(one)) for one in book.offered() if one.protocol is not None
    )
    names = {preset.protocol.name for preset in own}
    return own + tuple(preset for preset in shipped_protocols() if preset.protocol.name not in names)


def in_use(version: ProtocolVersion) -> ProtocolInUse:
    """Return what a session keeps of the version that it runs by, beside its text."""
    signed = version.signed
    return ProtocolInUse(version.number, signed.printed_name, signed.credential, version.signed_at)
