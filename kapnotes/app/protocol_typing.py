"""A version of a protocol that is half-typed at home: a draft in the clinic's own scope, from its first key on."""

from collections.abc import Callable
from functools import partial

from kapnotes.app.half_typed import PROTOCOL, Typing
from kapnotes.app.seat import Seat
from kapnotes.domain.clinic import CLINIC_SCOPE
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.members import SHARED
from kapnotes.domain.protocol_draft import HalfTyped, half_typed_of
from kapnotes.vault.library import DraftFile

Found = Callable[[HalfTyped], None]
Failed = Callable[[Exception], None]


class ProtocolTyping:
    """Keeps what *read* tells to be half-typed in one seat. It lives on the thread of the windows."""

    def __init__(self, seat: Seat, read: Callable[[], HalfTyped | None]) -> None:
        self._seat = seat
        self._read = read
        self._typing: Typing | None = None
        self._is_opening = False

    def look(self, found: Found, failed: Failed) -> None:
        """Tell *found* what a lock, a crash or the end of the program left half-typed, if it left anything.

        A vault without any draft has none of a protocol, so that nothing is written at most sign-ins.
        """
        if self._seat.program.has_drafts:
            self.open(found, failed)

    def open(self, found: Found, failed: Failed) -> None:
        """Keep from now on what is half-typed, and tell *found* what was; once is enough."""
        program = self._seat.program
        if self._typing is not None or self._is_opening or program.keeping is None or self._seat.is_read_only:
            return
        self._is_opening = True
        open_draft = partial(
            program.library.open_draft, self._seat.keyring, SHARED, scope_id=CLINIC_SCOPE, patient_id=CLINIC_SCOPE
        )
        program.worker.submit(open_draft, partial(self._opened, found, failed), partial(self._not_opened, failed))

    def _opened(self, found: Found, failed: Failed, sheet: DraftFile) -> None:
        self._is_opening = False
        if self._seat.is_locked:
            return  # it is closed with the keys
        program = self._seat.program
        typing = self._typing = Typing(
            now=program.clock.now,
            new_id=program.new_id,
            places={PROTOCOL: SHARED},
            sheets={SHARED: sheet},
            keeping=program.keeping,
        )
        typing.keep_failed.add(program.tell_trouble)
        self._seat.forms.append(typing)
        typing.restore(sheet.found, _is_never_an_entry)
        is_begun = self._read() is not None  # another one meanwhile: what stood on the disk waits, also there
        back = None if is_begun else typing.bring_back(PROTOCOL)
        half = half_typed_of(back.text) if back is not None else None
        if half is not None:
            found(half)
        elif sheet.is_damaged or back is not None:
            failed(KapnotesError("A half-typed protocol cannot be read."))
        typing.read_from(PROTOCOL, self._text)
        if is_begun:
            self.changed()

    def _not_opened(self, failed: Failed, error: Exception) -> None:
        self._is_opening = False
        failed(error)

    def _text(self) -> tuple[str, str]:
        half = self._read()
        return (half.as_text() if half is not None else ""), ""

    def changed(self) -> None:
        """Note that what is half-typed changed, or is no longer."""
        if self._typing is None:
            return
        if self._read() is None:
            self._typing.drop(PROTOCOL)
        else:
            self._typing.begin(PROTOCOL)
        self._typing.changed()

    def let_go(self) -> None:
        """Take what is half-typed for the last time, because its window closes."""
        if self._typing is not None:
            self._typing.let_go(PROTOCOL)

    @property
    def is_kept(self) -> bool:
        """Tell whether what is half-typed is, or soon will be, on the disk."""
        return self._typing is not None and not self._typing.has_failed


def _is_never_an_entry(entry_id: str) -> bool | None:
    del entry_id
    return None
