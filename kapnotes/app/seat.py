"""One signed-in member with that member's keys: patients, sessions, and the way into a live session."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Protocol, TypeVar

from kapnotes.app.half_typed import Typing
from kapnotes.app.keeping import Keeping
from kapnotes.app.left_typed import LeftTyped
from kapnotes.app.live_session import LiveSession
from kapnotes.app.page_maker import PageMaker
from kapnotes.app.pending import Written
from kapnotes.app.presets import Preset
from kapnotes.app.shared_sessions import SharedSessions
from kapnotes.app.sheets import Sheets, open_sheets
from kapnotes.app.worker import Worker
from kapnotes.domain.audit_acts import OPENED
from kapnotes.domain.clinic import USUAL_DRUGS, RescueDrug
from kapnotes.domain.clock import Clock, Stamp
from kapnotes.domain.custody import LogHead, RollbackAck
from kapnotes.domain.entries import (
    Audit,
    Body,
    Entry,
    Participant,
    PatientDetails,
    Phase,
    SessionOpened,
    Staffing,
    Stage,
    content_of,
)
from kapnotes.domain.errors import Implausible, KapnotesError, PatientDeleted, SavedElsewhere, VaultError
from kapnotes.domain.integration_window import is_followed_up
from kapnotes.domain.members import SHARED, Compartment, Member, Role
from kapnotes.domain.paper_size import PaperSize
from kapnotes.domain.places import place_of
from kapnotes.domain.record import Record
from kapnotes.domain.text import one_line, storable
from kapnotes.vault.findings import Finding
from kapnotes.vault.library import VAULT_SCOPE, Keyring, Library, ReadBack, Scope

if TYPE_CHECKING:
    from kapnotes.app.returned import Returned

_Card = TypeVar("_Card")

SESSIONS_AT_HOME = 50
"""How many of the newest sessions are listed at home."""

POSSIBLE_WEIGHT_KG = (Decimal(20), Decimal(350))
"""An adult's weight outside this is a slip of the finger [general knowledge]."""


@dataclass(frozen=True, slots=True)
class PatientCard:
    """One patient as the list shows it."""

    patient_id: str
    details: PatientDetails


@dataclass(frozen=True, slots=True)
class SessionCard:
    """One session as the list shows it."""

    scope_id: str
    patient_id: str
    opened: SessionOpened
    opened_at: Stamp
    stage: Stage
    is_followed_up: bool = False


def read_weight_kg(text: str) -> Decimal | None:
    """Return the weight typed, None where nothing was.

    Raises:
        Implausible: it is no number, or no adult's weight.
    """
    if not text.strip():
        return None
    low, high = POSSIBLE_WEIGHT_KG
    try:
        weight_kg = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        raise Implausible("The weight is a number in kg, as in 70.5.") from None
    if not weight_kg.is_finite() or not low <= weight_kg <= high:
        raise Implausible("The weight is {low} to {high} kg.", low=low, high=high)
    return weight_kg.quantize(Decimal("0.1"))


@dataclass(frozen=True, slots=True)
class _Opened:
    """A session as it was read on the writer's thread, and where its half-typed lines are kept."""

    record: Record
    unread: tuple[str, ...]
    sheets: Sheets


class House(Protocol):
    """What a seat needs of the program around it."""

    @property
    def clock(self) -> Clock:
        """Give the time."""
        ...

    @property
    def worker(self) -> Worker:
        """Give the writer's thread."""
        ...

    @property
    def slow_worker(self) -> Worker:
        """Return the worker for what saves nothing."""
        ...

    @property
    def paper(self) -> PaperSize:
        """Return the size of every page that is made."""
        ...

    @property
    def pages(self) -> PageMaker:
        """Return who makes pages."""
        ...

    @property
    def library(self) -> Library:
        """Give the open vault."""
        ...

    @property
    def keeping(self) -> Keeping | None:
        """Give what keeps half-typed lines on the disk; None where nobody types."""
        ...

    @property
    def has_drafts(self) -> bool:
        """Tell whether anything half-typed was left in the vault, whosever it is."""
        ...

    @property
    def written_count(self) -> int:
        """Tell how many entries were written since the start."""
        ...

    def new_id(self) -> str:
        """Draw an id."""
        ...

    def written(self, written: Written) -> None:
        """Hear, on the writer's thread, that an entry is on the disk."""
        ...

    @property
    def sessions(self) -> SharedSessions:
        """Give the sessions that are open in any seat."""
        ...

    def tell_trouble(self, error: Exception) -> None:
        """Show a failure that no call waits for."""
        ...

    def seat_of(self, member: Member) -> "Seat | None":
        """Return where that member sits, or is still leaving, None where nowhere."""
        ...

    @property
    def behind(self) -> tuple[Finding, ...]:
        """Tell where the vault is older than it was last seen from here."""
        ...

    def begin_anew(self) -> None:
        """Take the vault for what it is, however old."""
        ...

    def keep_anchors(self) -> None:
        """Remember on this computer how far the vault has come."""
        ...


class Seat:
    """What a member can do between sessions. Reading and writing happen on the writer's thread."""

    def __init__(self, program: House, keyring: Keyring) -> None:
        self.program = program
        self.keyring = keyring
        self.is_locked = False
        self.live: dict[str, LiveSession] = {}
        self.drugs: tuple[RescueDrug, ...] = USUAL_DRUGS
        """The clinic's rescue and adjunct drugs as they were read last."""
        self.codes: frozenset[str] = frozenset()
        """The patients' codes that were listed or added here: guessed first where somebody takes a passphrase."""
        self.forms: list[Typing] = []
        """What is half-typed at home, outside any session."""
        self.on_their_way: list[Callable[[], None]] = []
        """Each gives up a document that the trail tells of and that is not handed over yet."""
        self.returned: Returned | None = None
        """Deleted patients whom a restored backup brought back, as this sign-in found them."""

    @property
    def member(self) -> Member:
        """Return who sits here."""
        return self.keyring.member

    def is_in_room(self) -> bool:
        """Tell whether the drug works in a session that is open here, so that both clinicians are with the patient."""
        return any(live.record.stage in {Stage.DOSING, Stage.RETURN} for live in self.live.values())

    @property
    def has_passphrase(self) -> bool:
        """Tell whether a passphrase brings the seat back from under its cover."""
        return True

    @property
    def unopened(self) -> tuple[VaultError, ...]:
        """Return why files that the member is entitled to did not open; each names its file."""
        return tuple(self.keyring.unopened.values())

    # ----------------------------------------------------------------------------------- patients, sessions

    def list_patients(self, done: Callable[[list[PatientCard]], None], failed: Callable[[Exception], None]) -> None:
        """Tell *done* all patients, by code."""

        def sort(cards: list[PatientCard]) -> None:
            self.codes |= {card.details.code for card in cards}
            done(sorted(cards, key=lambda card: card.details.code.casefold()))

        self._read_each(self._patient_scopes, self._patient, sort, failed)

    def list_sessions(self, done: Callable[[list[SessionCard]], None], failed: Callable[[Exception], None]) -> None:
        """Tell *done* the newest sessions, the newest first."""
        self._read_each(self._newest_scopes, self.card, done, failed)

    def _read_each(
        self,
        find: Callable[[], list[Scope]],
        read: Callable[[Scope], _Card | None],
        done: Callable[[list[_Card]], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Read one scope at a time, so that a note that is entered meanwhile never waits for the whole list."""
        cards: list[_Card] = []

        def take(card: _Card | None) -> None:
            if card is not None:
                cards.append(card)

        def finish(_: None) -> None:
            done(cards)

        def read_all(scopes: list[Scope]) -> None:
            for scope in scopes:
                self.program.worker.submit(partial(read, scope), take, failed)
            self.program.worker.submit(_at_once, finish, failed)

        self.program.worker.submit(find, read_all, failed)

    def _newest_scopes(self) -> list[Scope]:
        return list(islice(self.session_scopes(), SESSIONS_AT_HOME))

    def session_scopes(self) -> Iterator[Scope]:
        """Give the scopes of all sessions, the newest first. On the writer's thread."""
        scopes = self.program.library.scopes(self.keyring)
        return (scope for scope in scopes if scope.scope_id != scope.patient_id)

    def _patient_scopes(self) -> list[Scope]:
        scopes = self.program.library.scopes(self.keyring)
        return [scope for scope in scopes if scope.scope_id == scope.patient_id]

    def _patient(self, scope: Scope) -> PatientCard | None:
        details = self.patient_details(scope.patient_id)
        return None if details is None else PatientCard(scope.patient_id, details)

    def session_cards(self) -> Iterator[SessionCard]:
        """Give the sessions this seat can see, the newest first. On the writer's thread."""
        return (card for scope in self.session_scopes() if (card := self.card(scope)) is not None)

    def card(self, scope: Scope) -> SessionCard | None:
        """Return the card of a session, None where its beginning cannot be read. On the writer's thread."""
        record = self.record_of(self.program.library.read(self.keyring, scope.scope_id, only=SHARED))
        if record.opened is None or record.origin is None:
            return None
        return SessionCard(
            scope.scope_id, scope.patient_id, record.opened, record.origin, record.stage, is_followed_up(record)
        )

    def opened(self, scope_id: str) -> SessionOpened | None:
        """Return how a session was opened, None for a scope that is none. On the writer's thread."""
        return self.record_of(self.program.library.read(self.keyring, scope_id, only=SHARED)).opened

    def record_of(self, back: ReadBack) -> Record:
        """Return what was read as a record in which a person is one author, under whichever id."""
        return Record(back.entries, self.program.library.persons)

    def add_patient(
        self,
        code: str,
        weight_kg: Decimal | None,
        allergies: str,
        done: Callable[[PatientCard], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Keep a new patient under *code*.

        Raises:
            KapnotesError: the code is empty or longer than a code.
        """
        code = one_line(storable(code))
        if not 1 <= len(code) <= 40:
            raise KapnotesError("A patient needs a code of 1 to 40 characters, as in K-0142.")
        details = PatientDetails(code, weight_kg, one_line(storable(allergies)))

        def job() -> PatientCard:
            cards = (self._patient(scope) for scope in self._patient_scopes())
            if any(card is not None and card.details.code.casefold() == code.casefold() for card in cards):
                raise KapnotesError("A patient with this code is already in the list.")
            patient_id = self.program.new_id()
            self.write_now(details, patient_id, patient_id)
            return PatientCard(patient_id, details)

        def added(card: PatientCard) -> None:
            self.codes |= {code}
            done(card)

        self.program.worker.submit(job, added, failed)

    def start_session(
        self,
        patient: PatientCard,
        preset: Preset,
        staffing: Staffing,
        participants: Iterable[Member],
        done: Callable[[LiveSession], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Open a new session of *patient* and tell *done* the live session."""
        people = tuple(
            Participant(member.member_id, member.label, tuple(sorted(member.roles - {Role.ADMIN})))
            for member in participants
        )

        def job() -> tuple[str, _Opened]:
            self.program.library.disk.see_that_a_session_fits()
            number = 1 + sum(
                scope.patient_id == patient.patient_id and scope.scope_id != scope.patient_id
                for scope in self.program.library.scopes(self.keyring)
            )
            opened = SessionOpened(
                patient_id=patient.patient_id,
                patient_code=patient.details.code,
                number=number,
                route=preset.protocol.dose.route,
                staffing=staffing,
                participants=people,
                protocol_name=preset.protocol.name,
                protocol_text=preset.text,
                weight_kg=patient.details.weight_kg,
            )
            scope_id = self.program.new_id()
            first = self.write_now(opened, scope_id, patient.patient_id)
            bodies = (*((preset.signed,) if preset.signed is not None else ()), Phase(Stage.PREPARATION))
            rest = [self.write_now(body, scope_id, patient.patient_id) for body in bodies]
            record = Record([first, *rest], self.program.library.persons)
            return scope_id, self._opened(record, scope_id, patient.patient_id)

        def welcome(made: tuple[str, _Opened]) -> None:
            scope_id, opened = made
            done(self._live(scope_id, patient.patient_id, opened))

        self.program.worker.submit(job, welcome, failed)

    def open_session(
        self,
        card: SessionCard,
        done: Callable[[LiveSession], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Read a session and tell *done* the live session; one that is open already is told as it is."""
        if card.scope_id in self.live:
            done(self.live[card.scope_id])
            return

        def job() -> _Opened:
            back = self.program.library.read(self.keyring, card.scope_id)
            unread = tuple(finding.line for finding in (*back.findings, *back.refused))
            if not back.entries and not unread:
                raise PatientDeleted("This patient was deleted; nothing can be read about the patient any more.")
            return self._opened(self.record_of(back), card.scope_id, card.patient_id, unread)

        def welcome(opened: _Opened) -> None:
            live = self._live(card.scope_id, card.patient_id, opened)
            record = opened.record
            back_s = record.clock_went_back(live.now())
            if (
                back_s is not None
                and not self.is_read_only
                and record.stage is not Stage.CLOSED
                and not live.signing.is_closed(SHARED)
            ):
                live.mark_clock_jump(back_s)  # set back while the laptop was off: elapsed time must not run backwards
            done(live)

        self.program.worker.submit(job, welcome, failed)

    def _opened(self, record: Record, scope_id: str, patient_id: str, unread: tuple[str, ...] = ()) -> _Opened:
        record.standing()  # worked out here, where no window waits for it
        if self.program.keeping is None or self.is_read_only:
            return _Opened(record, unread, Sheets())
        open_draft = partial(self.program.library.open_draft, self.keyring, scope_id=scope_id, patient_id=patient_id)
        sheets = open_sheets(self.member, record.opened.staffing if record.opened is not None else None, open_draft)
        return _Opened(record, (*unread, *sheets.unread), sheets)

    def _live(self, scope_id: str, patient_id: str, opened: _Opened) -> LiveSession:
        if scope_id not in self.live:
            typing = Typing(
                now=self.program.clock.now,
                new_id=self.program.new_id,
                places=opened.sheets.places,
                sheets=opened.sheets.files,
                keeping=self.program.keeping,
            )
            live = LiveSession(
                member=self.member,
                scope_id=scope_id,
                patient_id=patient_id,
                record=opened.record,
                now=self.program.clock.now,
                new_id=self.program.new_id,
                append=self.append,
                append_together=self._append_together,
                submit=self.program.worker.submit,
                give_way=self.program.worker.give_way,
                share=self.program.sessions.share,
                heads=self._own_heads,
                unread=opened.unread,
                typing=typing,
                is_read_only=self.is_read_only,
                rescue_drugs=self._rescue_drugs,
            )
            self.live[scope_id] = live
            live.saved.add(self._keep_heads_at_the_end)
            handed = self.program.sessions.opened(live)
            LeftTyped(live).restore(opened.sheets.found if handed is None else handed)
            self.audit(OPENED, scope_id)
            for trouble in opened.sheets.troubles:
                self.program.tell_trouble(trouble)
        return self.live[scope_id]

    def _rescue_drugs(self) -> tuple[RescueDrug, ...]:
        return self.drugs

    def patient_details(self, patient_id: str) -> PatientDetails | None:
        """Return the newest details of a patient. On the writer's thread."""
        return self.record_of(self.program.library.read(self.keyring, patient_id)).newest(PatientDetails)

    # ------------------------------------------------------------------------------------------ writing

    def append(self, written: Written, patient_id: str) -> None:
        """Write one entry and return after COMMIT. On the writer's thread."""
        self.program.library.append(self.keyring, written.compartment, written.entry, patient_id=patient_id)
        self.program.written(written)

    def _own_heads(self, scope_id: str, compartment: Compartment) -> tuple[LogHead, ...]:
        """Return where the own logs of a session end in *compartment*. On the writer's thread."""
        return self.program.library.own_heads(self.keyring, scope_id, compartment)

    def _append_together(self, compartment: Compartment, entries: Sequence[Entry], patient_id: str) -> None:
        """Write entries together and return after COMMIT. On the writer's thread."""
        self.program.library.append_all(self.keyring, compartment, entries, patient_id=patient_id)
        for entry in entries:
            self.program.written(Written(compartment, entry))

    def audit(self, action: str, subject: str = "") -> None:
        """Keep in `shared` that something was done with the record."""
        self.program.worker.submit(partial(self.audit_now, action, subject), _nothing, self.program.tell_trouble)

    @property
    def is_read_only(self) -> bool:
        """Tell whether nothing can be written here, not even that something was looked at."""
        return self.program.library.disk.is_read_only

    def audit_now(self, action: str, subject: str = "", happened: Stamp | None = None) -> None:
        """Keep it at once, unless nothing can be written here. On the writer's thread."""
        if not self.is_read_only:
            self.write_now(Audit(action, subject), VAULT_SCOPE, VAULT_SCOPE, happened)

    def note_restored(self) -> None:
        """Keep in `shared` that the vault was restored, once; whoever signs in first after it does so."""
        self.program.worker.submit(self._note_restored_now, _nothing, self.program.tell_trouble)

    def _note_restored_now(self) -> None:
        note = self.program.library.backups.restored_from()
        if note is not None and not note.is_noted and not self.is_read_only:
            self.audit_now("restored", note.origin)
            self.program.library.backups.note_restored(note)

    def _keep_heads_at_the_end(self, saved: Entry) -> None:
        said = content_of(saved.body)
        if isinstance(said, Phase) and said.stage is Stage.CLOSED and not self.is_locked:
            self.keep_heads()

    def keep_heads(self) -> None:
        """Let `shared` tell where the other logs end; behind all that was to be written before."""
        self.program.worker.submit(self.keep_heads_now, _nothing, self.program.tell_trouble)

    def keep_heads_now(self) -> None:
        """Let `shared` tell where the other logs end, those that changed since it was told. On the writer's thread."""
        if self.is_read_only:
            return
        for due in self.program.library.due_heads(self.keyring):
            with suppress(SavedElsewhere):  # it is told again at the next occasion
                self.write_now(due.body, due.scope_id, due.patient_id)

    def acknowledge_older(self, reason: str, done: Callable[[None], None], failed: Callable[[Exception], None]) -> None:
        """Keep why the vault is older than this computer knew it, and take it for what it is from now on.

        Raises:
            KapnotesError: no reason was given.
        """
        words = one_line(storable(reason))
        if not words:
            raise KapnotesError("Write why the vault is older, as in: restored the backup of Monday.")

        def job() -> None:
            self.write_now(RollbackAck(words), VAULT_SCOPE, VAULT_SCOPE)
            self.program.begin_anew()

        self.program.worker.submit(job, done, failed)

    def write_now(self, body: Body, scope_id: str, patient_id: str, happened: Stamp | None = None) -> Entry:
        """Write one entry, of now unless it *happened* before, and return it after COMMIT. On the writer's thread."""
        now = self.program.clock.now()
        entry = Entry(self.program.new_id(), scope_id, self.member.member_id, happened or now, now, body)
        self.append(Written(place_of(body, self.member), entry), patient_id)
        return entry


def _at_once() -> None:
    """Be done when all that was submitted before is done."""


def _nothing(_: None) -> None:
    """Nobody waits for this outcome."""
