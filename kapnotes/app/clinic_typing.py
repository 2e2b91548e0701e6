"""What is half-typed in the forms of home: a draft in the clinic's own scope, from its first key on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from kapnotes.app.half_typed import Sheet, Typing
from kapnotes.app.keeping import Keeping
from kapnotes.app.seat import Seat
from kapnotes.app.typed_fields import CLINIC_DRUG, CLINIC_PAGES, CODE, NEW_MEMBER, NEW_PATIENT, PROTOCOL
from kapnotes.domain.clinic import CLINIC_SCOPE
from kapnotes.domain.drafts import DraftLine
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.form_draft import form_values
from kapnotes.domain.members import SHARED
from kapnotes.domain.protocol_draft import half_typed_of
from kapnotes.vault.library import DraftFile

OF_THE_PAGE = (PROTOCOL, CLINIC_PAGES, CLINIC_DRUG)
"""The forms of the clinic's page, of which one is worked on at a time."""

PLACES = (OF_THE_PAGE, (NEW_PATIENT,), (NEW_MEMBER,), (CODE,))
"""The forms of home; each of these places shows one form at a time."""

FORMS = tuple(form for place in PLACES for form in place)

ABOUT = "about"
"""The line of a form's text that says what its fields are about; it is there also where all of them are empty."""


@dataclass(frozen=True, slots=True, repr=False)
class TypedForm:
    """One of the forms, and its fields as one text: `form_draft` reads it, of a protocol `protocol_draft`."""

    field: str
    text: str

    @property
    def is_readable(self) -> bool:
        """Tell whether a window can show it."""
        if self.field == PROTOCOL:
            return half_typed_of(self.text) is not None
        return bool(form_values(self.text, (ABOUT,)))


Found = Callable[[TypedForm], None]
Failed = Callable[[Exception], None]


class ClinicTyping:
    """Keeps what *read* tells to be half-typed in one seat. It lives on the thread of the windows."""

    def __init__(self, seat: Seat, read: Callable[[], Sequence[TypedForm]]) -> None:
        self._seat = seat
        self._read = read
        self._typing: Typing | None = None
        self._is_opening = False
        self._sheet: DraftFile | None = None
        """What was opened, on the writer's thread, before anybody was told of it."""

    def look(self, found: Found, failed: Failed) -> None:
        """Tell *found* what a lock, a crash or the end of the program left half-typed, if it left anything.

        A vault without any draft has none of the clinic, so that nothing is written at most sign-ins.
        """
        if self._seat.program.has_drafts:
            self.open(found, failed)

    def open(self, found: Found, failed: Failed) -> None:
        """Keep from now on what is half-typed, and tell *found* what was; once is enough."""
        program = self._seat.program
        if self._typing is not None or self._is_opening or program.keeping is None or self._seat.is_read_only:
            return
        self._is_opening = True
        program.worker.submit(self._open_draft, partial(self._opened, found, failed), partial(self._not_opened, failed))

    def _open_draft(self) -> DraftFile:
        library, keyring = self._seat.program.library, self._seat.keyring
        self._sheet = library.open_draft(keyring, SHARED, scope_id=CLINIC_SCOPE, patient_id=CLINIC_SCOPE)
        return self._sheet

    def _opened(self, found: Found, failed: Failed, sheet: DraftFile) -> None:
        self._is_opening = False
        if self._seat.is_locked:
            return  # it is closed with the keys
        program = self._seat.program
        typing = self._typing = self._typing_on(sheet, program.keeping)
        typing.keep_failed.add(program.tell_trouble)
        typing.restore(sheet.found, _is_never_an_entry)
        begun = {typed.field for typed in self._read()}
        is_damaged = sheet.is_damaged
        for place in PLACES:
            if begun.isdisjoint(place):  # else another one was begun meanwhile, and what stood on the disk waits there
                is_damaged |= self._brings_damage_back(typing, place, found)
        if is_damaged:
            failed(KapnotesError("What was half-typed at home cannot be read."))
        self._read_from(typing)
        if begun:
            self.changed()

    def _typing_on(self, sheet: Sheet, keeping: Keeping | None) -> Typing:
        program = self._seat.program
        places = dict.fromkeys(FORMS, SHARED)
        made = Typing(
            now=program.clock.now, new_id=program.new_id, places=places, sheets={SHARED: sheet}, keeping=keeping
        )
        self._seat.forms.append(made)
        return made

    def _read_from(self, typing: Typing) -> None:
        for field in FORMS:
            typing.read_from(field, partial(self._text, field))

    @staticmethod
    def _brings_damage_back(typing: Typing, place: Sequence[str], found: Found) -> bool:
        """Tell *found* the first form of *place* that can be read; a second one waits for the next sign-in.

        Returns whether one came back that cannot be read.
        """
        is_damaged = False
        for field in place:
            back = typing.bring_back(field)
            if back is None:
                continue
            typed = TypedForm(field, back.text)
            if typed.is_readable:
                found(typed)
                break
            is_damaged = True
        return is_damaged

    def _not_opened(self, failed: Failed, error: Exception) -> None:
        self._is_opening = False
        failed(error)

    def _text(self, field: str) -> tuple[str, str]:
        return next((typed.text for typed in self._read() if typed.field == field), ""), ""

    def changed(self) -> None:
        """Note that what is half-typed changed, or is no longer."""
        if self._typing is None:
            return
        typed = {one.field for one in self._read()}
        for field in FORMS:
            if field in typed:
                self._typing.begin(field)
            else:
                self._typing.drop(field)
        self._typing.changed()

    def let_go(self) -> None:
        """Take what is half-typed for the last time, because its window closes.

        Where the draft is being opened still, it is written behind that, in front of the keys that go.
        """
        if self._is_opening:
            self._typing = self._typing_on(_Coming(lambda: self._sheet), None)
            self._read_from(self._typing)
        if self._typing is not None:
            for field in FORMS:
                self._typing.let_go(field)

    @property
    def is_kept(self) -> bool:
        """Tell whether what is half-typed is, or soon will be, on the disk."""
        return self._typing is not None and not self._typing.has_failed


class _Coming:
    """A draft whose opening is on its way: what is written stands beside what it held, and waits with it."""

    found: tuple[DraftLine, ...] = ()
    is_damaged = False

    def __init__(self, opened: Callable[[], DraftFile | None]) -> None:
        self._opened = opened

    def write(self, lines: Sequence[DraftLine]) -> None:
        """Write *lines*. On the writer's thread, behind the opening; where that failed there is no place for them."""
        sheet = self._opened()
        if sheet is not None:
            sheet.write((*sheet.found, *lines))


def _is_never_an_entry(entry_id: str) -> bool | None:
    del entry_id
    return None
